/* Addresses: what is allowed is what libcurl connects to, and plain http stays on this machine. */
#include <curl/curl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "http/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_near(const char *host)
{
	static const char *const names[] = {
		"localhost",      "[::1]",          "169.254.169.254", "169.254.170.2",
		"169.254.170.23", "[fd00:ec2::23]", "[fd00:ec2::254]",
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (str_eq_nocase(str_from(host), str_from(names[i])))
			return true;
	}
	return strncmp(host, "127.", 4) == 0 && strspn(host, "0123456789.") == strlen(host);
}

static void check_allowed(const char *text, const struct url_parts *parts)
{
	CURLU *handle = curl_url();
	char *host = NULL;
	char *scheme = NULL;
	char *user = NULL;

	if (curl_url_set(handle, CURLUPART_URL, text, CURLU_PATH_AS_IS) != CURLUE_OK ||
	    curl_url_get(handle, CURLUPART_HOST, &host, 0) != CURLUE_OK ||
	    curl_url_get(handle, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK ||
	    curl_url_get(handle, CURLUPART_USER, &user, 0) == CURLUE_OK)
		abort();
	if (!str_eq_nocase(str_from(host), parts->host))
		abort();
	if (strcmp(scheme, "https") != 0 && !is_near(host))
		abort();
	curl_free(host);
	curl_free(scheme);
	curl_url_cleanup(handle);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct str text = str_of((const char *)data, size);
	struct url_parts parts;
	struct str joined;
	struct error err;

	if (size > 4096 || memchr(data, 0, size))
		return 0;
	if (http_url_allowed(text, false, &err)) {
		if (!url_split(text, &parts, &err))
			abort();
		check_allowed(arena_text(&arena, text), &parts);
	}
	if (url_join(&arena, STR("https://api.example.test/a/b?c"), text, &joined, &err) &&
	    http_url_allowed(joined, false, &err) && url_split(joined, &parts, &err))
		check_allowed(joined.ptr, &parts);
	(void)url_port(text);
	return 0;
}

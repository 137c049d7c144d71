/* Checks the address of a proxy before libcurl does: its errors show the password. */
#include "base/memory.h"
#include "http/http_internal.h"

static bool is_known_scheme(const char *scheme)
{
	static const char *const known[] = {"http",    "https",  "socks",  "socks4",
					    "socks4a", "socks5", "socks5h"};

	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		if (str_eq_nocase(str_from(scheme), str_from(known[i])))
			return true;
	}
	return false;
}

/* Uses the parser and the flags that libcurl uses for CURLOPT_PROXY. */
static bool is_address(struct arena *arena, struct str proxy)
{
	const unsigned int flags = CURLU_NON_SUPPORT_SCHEME | CURLU_GUESS_SCHEME;
	CURLU *address = curl_url();
	char *scheme = NULL;
	bool ok = false;

	if (!address)
		memory_exhausted();
	if (curl_url_set(address, CURLUPART_URL, arena_text(arena, proxy), flags) == CURLUE_OK &&
	    curl_url_get(address, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK)
		ok = is_known_scheme(scheme);
	curl_free(scheme);
	curl_url_cleanup(address);
	return ok;
}

bool proxy_check(struct arena *arena, struct str proxy, struct error *err)
{
	if (!proxy.len || is_address(arena, proxy))
		return true;
	return error_set(
		err, ERROR_CONFIG,
		"the address of the proxy cannot be read: HTTPS_PROXY (or its kin) is http://HOST:PORT or http://USER:PASSWORD@HOST:PORT, special characters of the password percent-encoded");
}

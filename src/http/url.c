/* URLs: their parts, joining, and which of them are allowed. */
#include <curl/curl.h>

#include "base/memory.h"
#include "http/http.h"

/* Plain http is always allowed to these: loopback and the metadata services of AWS. */
static const struct str plain_hosts[] = {
	STR_INIT("169.254.169.254"), STR_INIT("169.254.170.2"), STR_INIT("169.254.170.23"),
	STR_INIT("localhost"),       STR_INIT("[::1]"),         STR_INIT("[fd00:ec2::23]"),
	STR_INIT("[fd00:ec2::254]"),
};

static bool is_digits(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return false;
	}
	return text.len > 0;
}

/* 127.0.0.0/8 in four decimal parts; names such as 127.evil.example and 127.0.-0.1 are not. */
static bool is_loopback(struct str host)
{
	struct str rest = host;
	struct str part;
	int parts = 0;
	int64_t first = 0;

	while (str_next_part(&rest, '.', &part)) {
		int64_t number;

		if (part.len > 3 || !is_digits(part) || !str_to_int64(part, &number) ||
		    number > 255)
			return false;
		if (parts++ == 0)
			first = number;
	}
	return parts == 4 && first == 127;
}

/* True when libcurl reads the same scheme, host and port; else `read_as` is what it reads, or NULL. */
static bool libcurl_agrees(struct arena *arena, struct str url, const struct url_parts *parts,
			   const char **read_as)
{
	CURLU *handle = curl_url();
	char *scheme = NULL;
	char *host = NULL;
	char *port = NULL;
	bool agrees;

	*read_as = NULL;
	if (!handle)
		memory_exhausted();
	agrees = curl_url_set(handle, CURLUPART_URL, arena_text(arena, url), CURLU_PATH_AS_IS) ==
			 CURLUE_OK &&
		 curl_url_get(handle, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
		 curl_url_get(handle, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
		 curl_url_get(handle, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK;
	if (agrees) {
		*read_as = arena_text(arena, str_from(host));
		agrees = str_eq_nocase(str_from(scheme), parts->scheme) &&
			 str_eq_nocase(str_from(host), parts->host) &&
			 (!parts->port.len || str_eq(str_from(port), parts->port));
	}
	curl_free(scheme);
	curl_free(host);
	curl_free(port);
	curl_url_cleanup(handle);
	return agrees;
}

bool url_parse(struct str url, struct url_parts *parts, struct error *err)
{
	struct url_parts split = {0};
	struct str rest;
	ptrdiff_t end;
	bool default_port;

	if (!str_cut(url, STR("://"), &split.scheme, &rest) || !split.scheme.len)
		return error_set(err, ERROR_USAGE, "\"%.*s\" is not an absolute URL", STR_ARG(url));
	end = -1;
	for (size_t i = 0; i < rest.len && end < 0; i++) {
		if (rest.ptr[i] == '/' || rest.ptr[i] == '?' || rest.ptr[i] == '#')
			end = (ptrdiff_t)i;
	}
	split.host = end < 0 ? rest : str_slice(rest, 0, (size_t)end);
	split.path = end < 0 ? STR_EMPTY : str_skip(rest, (size_t)end);
	split.path = str_slice(split.path, 0,
			       str_find_char(split.path, '#', 0) < 0
				       ? split.path.len
				       : (size_t)str_find_char(split.path, '#', 0));
	str_cut(split.path, STR("?"), &split.path, &split.query);
	split.host_port = split.host;
	if (split.host.len && split.host.ptr[split.host.len - 1] != ']' &&
	    str_rfind_char(split.host, ':') >= 0) {
		size_t colon = (size_t)str_rfind_char(split.host, ':');

		split.port = str_skip(split.host, colon + 1);
		split.host = str_slice(split.host, 0, colon);
	}
	default_port =
		(str_eq_nocase(split.scheme, STR("https")) && str_eq(split.port, STR("443"))) ||
		(str_eq_nocase(split.scheme, STR("http")) && str_eq(split.port, STR("80")));
	if (default_port)
		split.host_port = split.host;
	if (!split.host.len || str_find_char(split.host, '@', 0) >= 0)
		return error_set(err, ERROR_USAGE, "\"%.*s\" has no host, or a user's name in it",
				 STR_ARG(url));
	*parts = split;
	return true;
}

bool url_split(struct str url, struct url_parts *parts, struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct url_parts split;
	const char *read_as;

	if (!url_parse(url, &split, err))
		return false;
	if (!libcurl_agrees(&arena, url, &split, &read_as))
		return error_set(err, ERROR_USAGE, "\"%.*s\" is not an address%s%s", STR_ARG(url),
				 read_as ? "; write its host as " : "", read_as ? read_as : "");
	*parts = split;
	return true;
}

bool url_join(struct arena *arena, struct str base, struct str location, struct str *joined,
	      struct error *err)
{
	CURLU *handle = curl_url();
	char *text = NULL;
	bool ok;

	ok = handle &&
	     curl_url_set(handle, CURLUPART_URL, arena_text(arena, base), 0) == CURLUE_OK &&
	     curl_url_set(handle, CURLUPART_URL, arena_text(arena, location), 0) == CURLUE_OK &&
	     curl_url_get(handle, CURLUPART_URL, &text, 0) == CURLUE_OK;
	if (ok)
		*joined = arena_str(arena, str_from(text));
	curl_free(text);
	curl_url_cleanup(handle);
	return ok || error_set(err, ERROR_PROTOCOL, "redirected to \"%.*s\", which is not a URL",
			       STR_ARG(location));
}

bool http_url_allowed(struct str url, bool allow_http, struct error *err)
{
	struct url_parts parts;

	if (!url_split(url, &parts, err))
		return false;
	if (str_eq_nocase(parts.scheme, STR("https")))
		return true;
	if (!str_eq_nocase(parts.scheme, STR("http")))
		return error_set(err, ERROR_USAGE, "\"%.*s\": only https is allowed", STR_ARG(url));
	if (allow_http || is_loopback(parts.host))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(plain_hosts); i++) {
		if (str_eq_nocase(parts.host, plain_hosts[i]))
			return true;
	}
	return error_set(
		err, ERROR_USAGE,
		"\"%.*s\": plain http is allowed only to this machine and to the metadata addresses of AWS: use https, or --allow-http",
		STR_ARG(url));
}

uint16_t url_port(struct str url)
{
	const unsigned flags = CURLU_NON_SUPPORT_SCHEME | CURLU_GUESS_SCHEME;
	SCOPED(arena) struct arena arena = ARENA_INIT;
	CURLU *handle = curl_url();
	char *text = NULL;
	int64_t port = 0;

	if (handle &&
	    curl_url_set(handle, CURLUPART_URL, arena_text(&arena, url), flags) == CURLUE_OK &&
	    curl_url_get(handle, CURLUPART_PORT, &text, CURLU_DEFAULT_PORT) == CURLUE_OK &&
	    !str_to_int64(str_from(text), &port))
		port = 0;
	curl_free(text);
	curl_url_cleanup(handle);
	return (uint16_t)port;
}

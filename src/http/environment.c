/* Proxies and certificates from the environment. */
#include "http/http.h"

/* The first of these variables that is set. */
static struct str first_of(const struct env *env, const char *const *names, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (env_has(env, names[i]))
			return env_get(env, names[i]);
	}
	return STR_EMPTY;
}

void http_options_read(struct http_options *options, const struct env *env)
{
	static const char *const https[] = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
	/*
	 * A CGI client can set HTTP_PROXY in capitals, so it is not read: libcurl has the same
	 * rule (libcurl-env).
	 */
	static const char *const http[] = {"http_proxy", "all_proxy", "ALL_PROXY"};
	static const char *const none[] = {"no_proxy", "NO_PROXY"};
	static const char *const bundles[] = {"AWS_CA_BUNDLE", "SSL_CERT_FILE"};

	*options = (struct http_options){
		.proxy_https = first_of(env, https, ARRAY_LEN(https)),
		.proxy_http = first_of(env, http, ARRAY_LEN(http)),
		.no_proxy = first_of(env, none, ARRAY_LEN(none)),
		.ca_file = first_of(env, bundles, ARRAY_LEN(bundles)),
		.connections_per_host = 8,
	};
}

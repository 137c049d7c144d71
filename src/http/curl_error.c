/* libcurl's results as errors. */
#include <openssl/x509_vfy.h>

#include "http/http_internal.h"

/* Sorted by meaning; codes that are not listed are ERROR_NETWORK without advice. */
static const struct {
	CURLcode code;
	enum error_kind kind;
	const char *advice; /* what to do; or NULL */
} rows[] = {
	{CURLE_COULDNT_RESOLVE_HOST, ERROR_NETWORK, "check the name, the network and HTTPS_PROXY"},
	{CURLE_COULDNT_RESOLVE_PROXY, ERROR_NETWORK, "check HTTPS_PROXY"},
	{CURLE_COULDNT_CONNECT, ERROR_NETWORK,
	 "check that the address is right and reachable from here (firewall, HTTPS_PROXY)"},
	{CURLE_GOT_NOTHING, ERROR_NETWORK, NULL},
	{CURLE_RECV_ERROR, ERROR_NETWORK, NULL},
	{CURLE_SEND_ERROR, ERROR_NETWORK, NULL},
	{CURLE_PARTIAL_FILE, ERROR_NETWORK, NULL},
	{CURLE_SEND_FAIL_REWIND, ERROR_NETWORK, "the connection ended before an answer came"},
	{CURLE_HTTP2, ERROR_NETWORK, NULL},
	{CURLE_HTTP2_STREAM, ERROR_NETWORK, NULL},
	{CURLE_OPERATION_TIMEDOUT, ERROR_TIMEOUT,
	 "check that the address is reachable from here (firewall, HTTPS_PROXY)"},
	{CURLE_PEER_FAILED_VERIFICATION, ERROR_TLS, NULL}, /* certificate_advice() */
	{CURLE_SSL_CACERT_BADFILE, ERROR_TLS, "check AWS_CA_BUNDLE and SSL_CERT_FILE"},
	/* Mostly a server that closed the connection: permanent refusals cannot be distinguished. */
	{CURLE_SSL_CONNECT_ERROR, ERROR_NETWORK,
	 "the TLS handshake ended early: if that stays, check that the address speaks HTTPS"},
	{CURLE_SSL_CERTPROBLEM, ERROR_TLS, NULL},
	{CURLE_SSL_CIPHER, ERROR_TLS, NULL},
	{CURLE_WEIRD_SERVER_REPLY, ERROR_PROTOCOL, "this does not look like an HTTP server"},
	{CURLE_UNSUPPORTED_PROTOCOL, ERROR_PROTOCOL, NULL},
	{CURLE_BAD_CONTENT_ENCODING, ERROR_PROTOCOL, NULL},
	{CURLE_URL_MALFORMAT, ERROR_USAGE, NULL},
};

/* Sorted by status: what a proxy means that answers CONNECT with it. */
static const struct {
	long status;
	enum error_kind kind;
	const char *advice;
} refusals[] = {
	{403, ERROR_CONFIG,
	 "the proxy does not allow this host: allow it there, or add it to NO_PROXY"},
	{407, ERROR_CONFIG,
	 "the proxy requires a login: put it in HTTPS_PROXY as http://USER:PASSWORD@HOST:PORT"},
	{502, ERROR_NETWORK, "it cannot reach this host"},
	{503, ERROR_NETWORK, "it cannot reach this host"},
	{504, ERROR_NETWORK, "it cannot reach this host"},
};

static void refused_by_proxy(struct error *err, struct str host, long status)
{
	error_set(err, ERROR_NETWORK, "%.*s: the proxy answered %ld", STR_ARG(host), status);
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		if (refusals[i].status == status) {
			err->kind = refusals[i].kind;
			error_append(err, "; %s", refusals[i].advice);
		}
	}
}

static const char *certificate_advice(CURL *easy)
{
	long result = X509_V_OK;

	curl_easy_getinfo(easy, CURLINFO_SSL_VERIFYRESULT, &result);
	switch (result) {
	/* libcurl compares the name: OpenSSL has found no error then, or was not asked yet. */
	case X509_V_OK:
	case X509_V_ERR_UNSPECIFIED:
		return "this is another server's certificate: check the address";
	case X509_V_ERR_CERT_HAS_EXPIRED:
	case X509_V_ERR_CERT_NOT_YET_VALID:
		return "the server needs a new certificate, or this machine's clock is wrong";
	default:
		return "if a proxy on the way signs with its own authority, name its certificate in AWS_CA_BUNDLE or SSL_CERT_FILE";
	}
}

void curl_error(struct error *err, CURLcode code, const struct http_stream *stream)
{
	struct str detail =
		str_trim(str_from(*stream->detail ? stream->detail : curl_easy_strerror(code)));
	enum error_kind kind = ERROR_NETWORK;
	const char *advice = NULL;
	long proxy_status = 0;

	curl_easy_getinfo(stream->easy, CURLINFO_HTTP_CONNECTCODE, &proxy_status);
	if (proxy_status >= 300) {
		refused_by_proxy(err, stream->host->name, proxy_status);
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].code == code) {
			kind = rows[i].kind;
			advice = rows[i].advice;
		}
	}
	if (code == CURLE_PEER_FAILED_VERIFICATION)
		advice = certificate_advice(stream->easy);
	error_set(err, kind, "%.*s: %.*s", STR_ARG(stream->host->name), STR_ARG(detail));
	if (advice)
		error_append(err, "; %s", advice);
}

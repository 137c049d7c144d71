/* The version of HTTP that a host speaks, and what results of libcurl say about it. */
#include <openssl/ssl.h>

#include "http/http_internal.h"

/* The protocol that was agreed on in the TLS handshake, if libcurl knows it. */
static bool agreed_on_http2(CURL *easy)
{
	struct curl_tlssessioninfo *session = NULL;
	const unsigned char *name = NULL;
	unsigned int len = 0;

	if (curl_easy_getinfo(easy, CURLINFO_TLS_SSL_PTR, &session) != CURLE_OK || !session ||
	    session->backend != CURLSSLBACKEND_OPENSSL || !session->internals)
		return false;
	SSL_get0_alpn_selected(session->internals, &name, &len);
	return str_eq(str_of((const char *)name, len), STR("h2"));
}

void host_connected(struct http_host *host, CURL *easy)
{
	host->connected++;
	if (host->protocol == HOST_HTTP2 || host->http1_only)
		return;
	host->probing = false;
	host->protocol = agreed_on_http2(easy) ? HOST_HTTP2 : HOST_HTTP1;
}

static bool is_http2_fault(CURLcode result)
{
	return result == CURLE_HTTP2 || result == CURLE_HTTP2_STREAM;
}

/* Whether the connection ended in the middle of the transfer. */
static bool is_cut(CURLcode result)
{
	return result == CURLE_PARTIAL_FILE || result == CURLE_RECV_ERROR ||
	       result == CURLE_SEND_ERROR || result == CURLE_GOT_NOTHING;
}

/*
 * libcurl reports refused streams and broken frames as such. A connection that the server closes
 * with GOAWAY looks like a broken connection. If HTTP/2 has never worked with this host, it is
 * taken for the former.
 */
bool host_http2_broke(const struct http_host *host, CURLcode result)
{
	return host->protocol == HOST_HTTP2 &&
	       (is_http2_fault(result) || (!host->http2_works && is_cut(result)));
}

bool result_is_broken(CURLcode result)
{
	return is_http2_fault(result) || is_cut(result);
}

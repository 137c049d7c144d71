/* HTTP: one loop, one pool of connections, requests that wait and answers that stream. */
#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/common.h"
#include "base/env.h"
#include "base/error.h"
#include "base/hash.h"
#include "task/task.h"

struct http;
struct http_stream;

/* Settings of all requests of a process.  Read from the environment by http_options_read(). */
struct http_options {
	struct str user_agent;  /* "outcrop/0.1.0" */
	struct str proxy_https; /* HTTPS_PROXY or https_proxy */
	struct str
		proxy_http; /* http_proxy, lower case only (CGI's HTTP_PROXY is a client's header) */
	struct str no_proxy;
	struct str ca_file; /* AWS_CA_BUNDLE, else SSL_CERT_FILE; empty: the system's folder */
	int connections_per_host; /* with HTTP/1.1; HTTP/2 needs fewer */
	bool allow_http;          /* --allow-http: plain http to any host */
	bool http1_only;
};

void http_options_read(struct http_options *options, const struct env *env);

/* `options` is borrowed.  Registers itself as the loop's poller.  NULL and `err` when libcurl refuses. */
struct http *http_new(struct loop *loop, const struct http_options *options, struct error *err);
void http_free(struct http *http);

/* Uses the certificates of that file from now on; ERROR_CONFIG when it cannot be read. */
bool http_use_certificates(struct http *http, struct str file, struct error *err) MUST_USE;
DEFINE_OWNED(http);

struct http_header {
	struct str name;
	struct str value;
};

struct http_headers {
	struct http_header *items;
	size_t len, cap;
};

/* Names and values are borrowed until the call that uses the list returns.  CR, LF, NUL are refused. */
void http_header_add(struct http_headers *headers, struct str name, struct str value);
void http_headers_release(struct http_headers *headers);
/* The first of that name (case does not count), or empty. */
struct str http_header_get(const struct http_headers *headers, const char *name);

enum {
	HTTP_CONNECT_TIMEOUT_MS = 10000,
	HTTP_IDLE_TIMEOUT_MS = 120000,
	HTTP_BODY_SIZE_MAX = 64 << 20,
};

/*
 * One request.  Zeroed members mean the defaults above.  The body is borrowed until `body_sent` is called,
 * http_send() returns or the stream is freed, all else until http_send() or http_stream_new() returns.  The path is
 * sent as in `url` (no dot segments removed).
 */
struct http_request {
	const char *method; /* "GET", "POST", ... */
	struct str url;     /* https://, or http:// where that is allowed: see http_url_allowed() */
	struct http_headers headers;
	struct str body;
	struct str body_end; /* sent after `body`, so that requests can share their beginning */
	void (*body_sent)(void *ctx); /* called when the body is not needed any more; or NULL */
	void *body_sent_ctx;
	const struct sha256 *body_digest; /* of both, for signatures; NULL: not known */
	int64_t connect_timeout_ms;
	int64_t idle_timeout_ms;  /* the longest silence, before and within the answer */
	int64_t total_timeout_ms; /* 0: none */
	size_t body_size_max;
	bool long_answer;      /* received in larger pieces: for few requests at a time */
	bool no_proxy;         /* metadata endpoints */
	bool follow_redirects; /* GET only, on the same host, or to one of `redirect_hosts` */
	/*
	 * Other hosts that a redirect may lead to, without Authorization: a name, or ".name" for every host
	 * below it.  Never from https to http.
	 */
	const struct str *redirect_hosts;
	size_t redirect_hosts_len;
};

/* Owns what it points to.  Header names are in lower case. */
struct http_response {
	int status;
	struct http_headers headers;
	struct buf body;
	struct str url;        /* the last one, after redirects */
	int64_t sent_ms;       /* clock time when the request was handed to the network */
	int64_t first_byte_ms; /* clock time of the first byte of the answer */
	bool http2;
	struct arena arena;
};

void http_response_release(struct http_response *response);

/*
 * Sends and waits for the whole answer.  True for any status.  False: ERROR_NETWORK, ERROR_TLS,
 * ERROR_TIMEOUT, ERROR_PROTOCOL, ERROR_LIMIT (answer too large), ERROR_USAGE (address not allowed),
 * ERROR_CANCELLED; `response` untouched.  Does not retry.  Waits.
 */
bool http_send(struct http *http, const struct http_request *request,
	       struct http_response *response, struct error *err) MUST_USE;

/*
 * Starts a request whose answer is read piece by piece.  Does not wait.  It can be freed at any time, which
 * cancels the transfer.
 */
struct http_stream *http_stream_new(struct http *http, const struct http_request *request);
void http_stream_free(struct http_stream *stream);
DEFINE_OWNED(http_stream);

/* Sets the idle timeout from now on. */
void stream_set_idle_timeout(struct http_stream *stream, int64_t timeout_ms);

/*
 * Waits for more of the body.  `chunk` is borrowed until the next call; empty at the end.  The status
 * and headers are known once it has returned true.  Errors as http_send().  A reader that does not
 * call it stops the sender after 1 MiB.
 */
bool stream_next(struct http_stream *stream, struct str *chunk, struct error *err) MUST_USE;
int stream_status(const struct http_stream *stream);
const struct http_headers *stream_headers(const struct http_stream *stream);
int64_t stream_first_byte_ms(const struct http_stream *stream);

/*
 * Whether requests to `url` are allowed: https, or http to a loopback, link-local metadata or container
 * metadata address (127/8, ::1, localhost, 169.254.169.254, 169.254.170.2, 169.254.170.23,
 * fd00:ec2::23, fd00:ec2::254).  ERROR_USAGE says what is allowed.
 */
bool http_url_allowed(struct str url, bool allow_http, struct error *err) MUST_USE;

/* The parts of an absolute URL, as they are written in it. */
struct url_parts {
	struct str scheme, host, port, path,
		query;        /* host without brackets' meaning: "[::1]" keeps them */
	struct str host_port; /* as the Host header has it: default port left out */
};
/* ERROR_USAGE for what is no absolute URL with a host.  For a URL that is sent, or compared. */
bool url_parse(struct str url, struct url_parts *parts, struct error *err) MUST_USE;

/*
 * Likewise, and for what libcurl, which connects, would read otherwise (127.1 for 127.0.0.1, escapes in the
 * host): so the host that is checked is the host that is called.  http_send() does this for each new host.
 */
bool url_split(struct str url, struct url_parts *parts, struct error *err) MUST_USE;

/* The port that libcurl would connect to for an address, of a proxy too; 0 when it names none. */
uint16_t url_port(struct str url);

/* `location` as seen from `base` (RFC 3986, 5): absolute, or relative to it. */
bool url_join(struct arena *arena, struct str base, struct str location, struct str *joined,
	      struct error *err) MUST_USE;

/* Connections opened and requests sent so far, by this http: for figures and tests. */
struct http_counts {
	int64_t requests, connections, http2_requests;
	int64_t first_request_ms; /* clock time of the first byte sent, or 0 */
};
struct http_counts http_count(const struct http *http);

#endif

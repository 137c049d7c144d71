/* A TLS server with its own certificate that speaks HTTP/1.1, and HTTP/2 if asked to. */
#ifndef TESTS_UNIT_HTTP_TLS_SERVER_H
#define TESTS_UNIT_HTTP_TLS_SERVER_H

#include <openssl/ssl.h>
#include <pthread.h>
#include <stdatomic.h>

#include "base/common.h"

enum { TLS_CONNECTIONS_MAX = 64 };

/* What it does with a request over HTTP/2. */
enum tls_http2 {
	TLS_HTTP2_NONE, /* not offered */
	TLS_HTTP2_ANSWERS,
	TLS_HTTP2_RESETS_STREAMS,
	TLS_HTTP2_GOES_AWAY,
};

struct tls_server {
	enum tls_http2 http2;
	int pause_ms; /* before a connection's first answer */
	int room;     /* connections beyond so many are closed; 0: all are served */
	int late;     /* they are closed shortly after so many requests have come; 0: immediately */
	int fd, port;
	SSL_CTX *ctx;
	pthread_t thread;
	pthread_t threads[TLS_CONNECTIONS_MAX];
	int fds[TLS_CONNECTIONS_MAX];
	atomic_int connections, requests, turned_away;
	char ca_file[64]; /* its certificate */
};

/* Set `http2`, `pause_ms`, `room` and `late`, then start.  Every answer is 200 with the body "ok". */
void tls_server_start(struct tls_server *server);
void tls_server_stop(struct tls_server *server);

#endif

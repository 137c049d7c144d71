/* A server of a few lines: each connection gets the next scripted answer. */
#ifndef TESTS_UNIT_HTTP_SERVER_H
#define TESTS_UNIT_HTTP_SERVER_H

#include <pthread.h>

#include "base/str.h"

/* What one connection gets: bytes, optionally in two pieces with a pause between, then the end. */
struct script {
	const char *first;
	int pause_ms;
	const char *second; /* or NULL */
	bool until_closed;  /* ends when the client closes the connection */
	bool reset;         /* ends by RST instead of FIN */
};

enum { SERVER_REQUESTS_MAX = 16, SERVER_REQUEST_SIZE = 8192 };

struct http_server {
	struct script *scripts;
	size_t len;
	int fd;
	int port;
	pthread_t thread;
	char requests[SERVER_REQUESTS_MAX][SERVER_REQUEST_SIZE];
	size_t served;
};

/* Serves `len` connections on a free port of 127.0.0.1, then ends. */
void server_start(struct http_server *server, struct script *scripts, size_t len);
void server_stop(struct http_server *server);

#endif

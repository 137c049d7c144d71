/* A small HTTP server on loopback, for tests: one thread, one request a connection. */
#ifndef TESTS_UNIT_FAKE_SERVER_H
#define TESTS_UNIT_FAKE_SERVER_H

#include "base/buf.h"
#include "base/common.h"
#include "base/str.h"

struct fake_server;

struct fake_request {
	struct str method;
	struct str target;  /* path and query */
	struct str headers; /* all lines */
	struct str body;
};

/* What the handler sets: zeroed it is "200, no body". */
struct fake_answer {
	int status;
	struct buf body;
	struct buf headers; /* further header lines, each with CRLF */
	bool cut;           /* the connection is closed without an answer */
};

typedef void fake_handler(void *ctx, const struct fake_request *request,
			  struct fake_answer *answer);

/* Listens on a free port of 127.0.0.1; handlers run in the server's thread. */
struct fake_server *fake_server_start(fake_handler *handler, void *ctx);
void fake_server_stop(struct fake_server *server);

/* "http://127.0.0.1:PORT" */
struct str fake_server_url(const struct fake_server *server);

/* The value of a header of a request, or empty. */
struct str fake_header(const struct fake_request *request, const char *name);

#endif

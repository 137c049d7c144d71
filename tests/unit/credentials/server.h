/* A server that gives scripted answers, one a connection, and keeps what it was asked. */
#ifndef TESTS_UNIT_AWS_SERVER_H
#define TESTS_UNIT_AWS_SERVER_H

#include <pthread.h>

#include "base/buf.h"
#include "base/str.h"
#include "http/http.h"

/* One answer.  `cut` bytes of the body are announced but not sent. */
struct canned_answer {
	int status;          /* 0: 200 */
	const char *type;    /* NULL: application/json */
	const char *headers; /* further lines, each ended by CRLF; or NULL */
	struct str body;
	size_t cut;
};

enum { SERVER_ANSWERS_MAX = 24 };

struct canned_server {
	const struct canned_answer *answers;
	size_t len;
	int fd;
	char url[64]; /* http://127.0.0.1:PORT */
	pthread_t thread;
	struct buf requests[SERVER_ANSWERS_MAX]; /* head and body, as they came */
	size_t served;
};

/* Serves `len` connections on a free port of the loopback, then refuses. */
void server_start(struct canned_server *server, const struct canned_answer *answers, size_t len);
void server_stop(struct canned_server *server);

/* The first line of the n-th request, and its body. */
struct str server_line(const struct canned_server *server, size_t idx);
struct str server_body(const struct canned_server *server, size_t idx);
bool server_saw(const struct canned_server *server, size_t idx, const char *text);

/* One test with a server and a loop: `act` runs as the first task, with `http` ready. */
struct credentials_scene {
	struct canned_server server;
	struct http *http;
	struct clock clock;
	void (*act)(struct credentials_scene *scene);
};

void scene_play(struct credentials_scene *scene, const struct canned_answer *answers, size_t len,
		void (*act)(struct credentials_scene *scene));

#endif

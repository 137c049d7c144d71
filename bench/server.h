/* A server for measuring clients: answers after a while, at once or in many small pieces. */
#ifndef BENCH_SERVER_H
#define BENCH_SERVER_H

#include <sys/types.h>

#include "base/common.h"

struct bench_server {
	int pieces;      /* of one answer */
	int interval_ms; /* before the first piece and between pieces */
	int port;        /* set by bench_server_start() */
	pid_t pid;
};

/* Runs in a process of its own, so that its CPU time and memory are not the client's. */
bool bench_server_start(struct bench_server *server) MUST_USE;
void bench_server_stop(struct bench_server *server);

#endif

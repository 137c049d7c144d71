/* A small HTTP server on loopback that can delay, slow down, cut off or reset its answers. */
#ifndef EMULATOR_SERVER_H
#define EMULATOR_SERVER_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/common.h"
#include "base/error.h"
#include "base/str.h"
#include "base/vec.h"
#include "value/value.h"

enum { REQUEST_BODY_MAX = 64 << 20 };

struct header {
	struct str name, value;
};

struct headers {
	VEC_FIELDS(struct header);
};

/* The first value of that name (any case), or empty. */
struct str headers_get(const struct headers *headers, struct str name);

/* One request, whole.  Strings live in `arena`, which lives until the answer is sent. */
struct request {
	struct arena arena;
	uint64_t number; /* 1, 2, ... in order of arrival */
	int64_t at_ms;   /* wall time of arrival */
	struct str method;
	struct str target; /* as it was sent: nothing decoded */
	struct str path;   /* of the target, not decoded */
	struct str query;  /* of the target, not decoded, without '?' */
	struct headers headers;
	struct buf body;
	struct str operation;       /* set by the router: what faults and journal call it */
	const struct value *detail; /* set by the router: further facts for the journal, or NULL */
};

enum answer_fault {
	ANSWER_WHOLE,
	ANSWER_CLOSE, /* close instead of answering */
	ANSWER_RESET, /* a TCP reset instead of answering */
	ANSWER_CUT,   /* close after `cut_after` bytes of the body */
};

struct piece {
	struct str bytes;
	int64_t delay_ms; /* before the bytes */
	bool held;        /* not sent before another answer `releases` */
};

/*
 * What to send.  Zeroed it is an empty 200.  With pieces the body is chunked and `body` is not used.
 * Bytes live in the request's arena.
 */
struct answer {
	int status; /* 0: 200 */
	struct headers headers;
	struct str body;
	int64_t delay_ms; /* before the head, or before the fault */
	bool held;        /* nothing is sent before another answer `releases` */
	bool releases;    /* sends all answers that are held, and holds none from then on */
	struct {
		VEC_FIELDS(struct piece);
	} pieces;
	enum answer_fault fault;
	size_t cut_after;
	bool cut_in_half; /* ANSWER_CUT: `cut_after` is half of the body, however long that is */
};

/* Name and value are borrowed: of static life, or in the request's arena. */
void answer_header(struct answer *answer, struct str name, struct str value);
void answer_piece(struct answer *answer, struct str bytes, int64_t delay_ms);
void answer_text(struct answer *answer, int status, struct str type, struct str body);
void answer_json(struct request *request, struct answer *answer, int status,
		 const struct value *value);

struct server_hooks {
	/* Called once for each whole request; never by two threads at the same time; must not wait. */
	void (*route)(void *ctx, struct request *request, struct answer *answer);
	/* The exchange is over, sent or not.  Never at the same time as `route`. */
	void (*done)(void *ctx, const struct request *request, const struct answer *answer);
	void *ctx;
};

struct server;

/*
 * Listens on a free port of 127.0.0.1; with `certificate` and `key` (PEM texts; NULL: none) by TLS.
 * ERROR_NETWORK when it cannot.  server_free() ends what is under way.
 */
struct server *server_new(const struct server_hooks *hooks, const char *certificate,
			  const char *key, struct error *err) MUST_USE;

/* Between these two no hook runs, so that its state can be read and changed from another thread. */
void server_lock(struct server *server);
void server_unlock(struct server *server);

uint16_t server_port(const struct server *server);
void server_free(struct server *server);
DEFINE_OWNED(server);

#endif

/* A GitHub on loopback, for tests: the emulator's own answers, with faults of single requests. */
#ifndef TESTS_UNIT_LOCAL_HUB_H
#define TESTS_UNIT_LOCAL_HUB_H

#include "hub_state.h"
#include "server.h"

enum local_fault {
	FAULT_NONE,
	FAULT_CUT_BEFORE, /* the connection breaks, nothing is done */
	FAULT_CUT_AFTER,  /* it is done, and the connection breaks */
	FAULT_500,
	FAULT_502_AFTER, /* it is done, and the answer is 502 */
	FAULT_RATE_LIMIT,
	FAULT_422,
	FAULT_403,
	FAULT_COUNT,
};

/* An answer that takes precedence over the hub's; a list ends with a path NULL. */
struct local_route {
	const char *method, *path;
	int status;
	const char *body;
};

/*
 * Repository o/r with pull request 1, whose base commit is empty.  Set what should differ from zero, then
 * local_hub_start().  While a run is under way only the server's thread touches the state.
 */
struct local_hub {
	const char *const *files;         /* of the head commit: path, text, path, text, NULL */
	const struct local_route *routes; /* NULL: none */
	bool no_graphql;                  /* the token may not use it */
	unsigned delay_ms;                /* before each answer */
	/* The fault of the one request of that number (1 is the first); 0: none. */
	int fault_at;
	enum local_fault fault;
	/* Set by local_hub_start(). */
	struct arena arena;
	struct hub *hub;
	struct server *server;
	struct str url;
	int requests, writes;
};

void local_hub_start(struct local_hub *local);
void local_hub_stop(struct local_hub *local);

/* Before and after a run: what one thread did to the state is then seen by the other. */
void local_hub_settle(struct local_hub *local);

/* A new head commit with these files, listed as in `files`. */
void local_hub_push(struct local_hub *local, const char *const *files);

/* Comments on this path are refused from now on. */
void local_hub_refuse(struct local_hub *local, const char *path);

/* Posts a comment as `author`: in the conversation, or on a line of the head commit. */
struct hub_comment *local_hub_comment(struct local_hub *local, const char *author, const char *body,
				      const char *path, int64_t line);

/* Comments that contain a text, and the first of them; deleted ones and those of pending reviews do not count. */
int local_count_conversation(const struct local_hub *local, const char *containing);
int local_count_lines(const struct local_hub *local, const char *containing);
struct hub_comment *local_find_line(struct local_hub *local, const char *containing);

/* Reviews that were submitted, and annotations of all check runs. */
int local_count_reviews(const struct local_hub *local);
size_t local_count_annotations(const struct local_hub *local);

/* The token that the hub knows. */
#define LOCAL_TOKEN "ghs_0123456789abcdef"

#endif

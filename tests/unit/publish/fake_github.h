/* A GitHub in one process, for tests: one pull request, its comments, reviews and threads. */
#ifndef TESTS_UNIT_FAKE_GITHUB_H
#define TESTS_UNIT_FAKE_GITHUB_H

#include "../github/fake_server.h"
#include "base/arena.h"
#include "base/vec.h"

struct fake_comment {
	int64_t id;
	int64_t review; /* of comments on lines */
	struct str author, body, path;
	int64_t line, start_line;
	bool left;
	bool resolved, can_resolve;
	bool deleted;
	bool edited;
	struct str down_voter; /* login of the one who disliked it */
};

struct fake_review {
	int64_t id;
	struct str author, body;
	bool pending, deleted;
};

enum fake_fault {
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

/* An answer that takes precedence over the fake's own; a path NULL ends a list. */
struct fake_route {
	const char *method, *path;
	int status;
	const char *body;
};

/* Everything lives in `arena`; only the server's thread touches it while a run is under way. */
struct fake_github {
	struct arena arena;
	struct fake_server *server;
	struct str head;                 /* of the pull request */
	struct str login;                /* whom the token belongs to */
	struct str files;                /* the JSON list of its files */
	const struct fake_route *routes; /* NULL: none */
	struct str bad_path;             /* comments on this path are refused */
	bool no_graphql;
	unsigned delay_ms; /* before each answer */
	bool deny_resolve;
	int64_t next_id;
	struct {
		VEC_FIELDS(struct fake_comment);
	} issue, lines;
	struct {
		VEC_FIELDS(struct fake_review);
	} reviews;
	int requests, writes;
	struct str check_conclusion;
	int wrong_requests; /* not as GitHub's own description has them */
	int reviews_made, check_runs, annotations, uploads;
	/* The fault of the one request of that number (1 is the first); 0: none. */
	int fault_at;
	enum fake_fault fault;
};

void fake_github_start(struct fake_github *github);
void fake_github_stop(struct fake_github *github);

/* Comments that are there. */
int fake_count_issue(const struct fake_github *github, const char *containing);
int fake_count_lines(const struct fake_github *github, const char *containing);
struct fake_comment *fake_find(struct fake_github *github, bool on_lines, const char *containing);

#endif

/* What the tests of the client share: a loop with a virtual clock, and a server that follows a script. */
#ifndef TESTS_UNIT_GITHUB_FIXTURE_H
#define TESTS_UNIT_GITHUB_FIXTURE_H

#include "base/clock.h"
#include "github/github.h"
#include "server.h"
#include "unit.h"

/* What the server does with one request; the last step is repeated. */
struct step {
	const char *expect; /* "GET /path": how the request must begin; NULL: anything */
	int status;
	const char *
		headers; /* each with CRLF, or NULL; "URL" is the server's URL, "ELSEWHERE" the same with another name of its host */
	const char *body; /* likewise; or NULL */
	bool cut;
};

enum { SEEN_MAX = 64 };

/* Runs `run` as a task; the client speaks to a server that follows `steps`. */
struct fixture {
	const struct step *steps;
	size_t steps_len;
	void (*run)(struct fixture *fixture);
	bool dry_run;
	const char *api_path; /* of GitHub Enterprise Server: "/api/v3"; or NULL */
	/* Set while it runs. */
	struct github *github;
	struct clock clock;
	struct server *server;
	struct str url; /* of the server */
	struct arena arena;
	/* What the server saw. */
	size_t seen;
	struct buf requests[SEEN_MAX]; /* "METHOD TARGET\n", headers, "\n\n", body */
	bool wrong;
};

void fixture_run(struct fixture *fixture);

/* The same with a server that a function answers for. */
typedef void fixture_handler(void *ctx, struct request *request, struct answer *answer);
void fixture_run_with(struct fixture *fixture, fixture_handler *handler, void *ctx);
void fixture_release(struct fixture *fixture);

/* Whether request `idx` holds this text anywhere. */
bool fixture_saw(const struct fixture *fixture, size_t idx, const char *text);

#define TEST_TOKEN "ghs_0123456789abcdef"

/* A fixture of that name that has run `function` against these steps; released with its scope. */
#define RUN(fixture_name, steps_array, function)                                                   \
	SCOPED(fixture)                                                                            \
	struct fixture fixture_name = {                                                            \
		.steps = steps_array,                                                              \
		.steps_len = ARRAY_LEN(steps_array),                                               \
		.run = function,                                                                   \
	};                                                                                         \
	fixture_run(&fixture_name)

#endif

/* A job against the emulator's GitHub and a scripted model, without AWS. */
#ifndef TESTS_UNIT_JOB_BENCH_H
#define TESTS_UNIT_JOB_BENCH_H

#include "../github/local_hub.h"
#include "base/env.h"
#include "job/perform.h"
#include "job/post.h"
#include "unit.h"

/* A run of a job, and its results. */
struct bench {
	struct env env;
	struct arena arena;
	struct local_hub github;
	struct secret token;
	struct job_request request; /* of pull request 1, published as summary and review */
	job_fn *perform;
	const char *report; /* the input of report_findings that the model answers with */
	const char *event;  /* a file that an event is written to; or NULL */
	bool real_time;     /* else waits take no time */
	/* Results. */
	enum job_outcome outcome;
	enum exit_status status;
	struct error error;
	char reason[500];
	int64_t posted, planned;
	size_t findings, warnings, model_calls;
	enum conclusion conclusion;
	struct buf log; /* of the run */
};

/* The files of the head commit unless a test gives others: src/a.c of three lines. */
extern const char *const bench_files[];

void bench_start(struct bench *bench);
void bench_stop(struct bench *bench);

/* A comment event with this body, by `author` on pull request 1. */
void bench_comment(struct bench *bench, const char *author, const char *body);

void bench_run(struct bench *bench);

/* A finding on src/a.c. */
#define BENCH_FINDING                                                                              \
	"{\"findings\":[{\"path\":\"src/a.c\",\"line\":2,\"side\":\"RIGHT\","                      \
	"\"severity\":\"high\",\"title\":\"Lock is never released\",\"body\":\"It waits.\","       \
	"\"evidence\":\"second line\"}],\"summary\":\"One.\"}"

#define BENCH(name)                                                                                \
	struct bench name = {0};                                                                   \
	bench_start(&name)

#endif

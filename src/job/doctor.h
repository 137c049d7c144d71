/* The checks of `outcrop doctor`: AWS, each model, GitHub; each ok, or wrong with its fix. */
#ifndef JOB_DOCTOR_H
#define JOB_DOCTOR_H

#include "base/buf.h"
#include "base/doctor_check.h"
#include "job/setup.h"

/* All borrowed. */
struct doctor_request {
	struct runtime *runtime;
	struct session *session; /* loaded, not connected */
	struct github *github;   /* NULL: GitHub is not tried */
	int64_t number;          /* of a pull request; 0: none */
};

/* Runs all checks, as far as possible.  Waits. */
void doctor_run(const struct doctor_request *request, struct doctor_checks *checks);

/*
 * Appends a line a check ("ok", "wrong", "not reached"), folded at `width` columns, and the fix below it. A fix
 * may be a policy to copy, so its lines stay whole.
 */
void doctor_write(struct buf *out, const struct doctor_checks *checks, size_t width);

#endif

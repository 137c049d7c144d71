/* What `outcrop doctor` looks at: AWS, each model, GitHub; each thing ok, or wrong with its fix. */
#ifndef JOB_DOCTOR_H
#define JOB_DOCTOR_H

#include "bedrock/doctor.h"
#include "job/session.h"
#include "job/target.h"

/* All borrowed. */
struct doctor_request {
	struct runtime *run;
	struct session *session; /* loaded, not connected */
	struct github *github;   /* NULL: GitHub is not looked at */
	int64_t number;          /* of a pull request; 0: none */
};

struct doctor_checks {
	struct arena arena;
	VEC_FIELDS(struct aws_check);
};

void doctor_checks_release(struct doctor_checks *checks);

/* Looks at everything, goes on as far as it can.  Waits. */
void doctor_run(const struct doctor_request *request, struct doctor_checks *checks);

/* Appends a line a check ("ok", "wrong", "not reached"), the fix below it.  True when all are ok. */
bool doctor_add(struct buf *out, const struct doctor_checks *checks);

#endif

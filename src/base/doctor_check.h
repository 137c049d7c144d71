/* What `outcrop doctor` finds: a list of checks, each ok, or wrong with its fix. */
#ifndef BASE_DOCTOR_CHECK_H
#define BASE_DOCTOR_CHECK_H

#include "base/arena.h"
#include "base/str.h"
#include "base/vec.h"

enum doctor_state {
	DOCTOR_OK,
	DOCTOR_WRONG,
	DOCTOR_NOT_REACHED, /* not checked, because an earlier check failed */
};

struct doctor_check {
	struct str name; /* "identity token", "role", "account", "model sonnet" */
	enum doctor_state state;
	struct str text; /* one line: what was found, or what is wrong */
	struct str fix;  /* what to do: a few lines, perhaps a policy to paste; or empty */
};

/* Zeroed it is empty.  The texts live in its arena. */
struct doctor_checks {
	struct arena arena;
	VEC_FIELDS(struct doctor_check);
};

void doctor_checks_release(struct doctor_checks *checks);

/* Adds a copy. */
void doctor_checks_add(struct doctor_checks *checks, const struct doctor_check *check);

/* True when all are ok; also for none. */
bool doctor_checks_ok(const struct doctor_checks *checks);

#endif

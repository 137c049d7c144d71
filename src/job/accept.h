/* outcrop eval --accept: a finding becomes a row of its case. */
#ifndef JOB_ACCEPT_H
#define JOB_ACCEPT_H

#include "job/evaluate.h"

/* What --accept says: "CASE#N=LIST", several separated by commas. */
struct acceptance {
	struct str name; /* of the case */
	int64_t number; /* of the finding in its first complete reply, from 1, as the page lists it */
	const char *list; /* "expect", "allow" or "forbid" */
};

enum { ACCEPTANCES_MAX = 100 };

struct acceptances {
	struct acceptance items[ACCEPTANCES_MAX];
	size_t len;
};

/* ERROR_USAGE names what is wrong and the form. */
bool acceptances_read(struct str text, struct acceptances *out, struct error *err) MUST_USE;

/*
 * Adds each finding to the case.yml of its case, quoted by its code where that is unique in the change, else by
 * its lines; everything else in the file stays.  Stops at the first finding that cannot be added.
 */
bool acceptances_write(const struct acceptances *acceptances, const char *folder,
		       struct evaluation *evaluation, struct error *err) MUST_USE;

#endif

/* Local clones that a person named, each opened once. */
#ifndef SOURCE_CLONES_H
#define SOURCE_CLONES_H

#include "base/vec.h"
#include "source/repository.h"

/* A path where a clone may be. */
struct clone {
	struct str path;
	struct repository *repository; /* NULL: not a clone */
};

/* Zeroed but for `paths`, which are borrowed, nothing is opened yet. */
struct clones {
	const struct str
		*paths; /* clones, or folders that hold them as OWNER/REPO, REPO or REPO.git */
	size_t paths_len;
	struct arena arena;
	struct {
		VEC_FIELDS(struct clone);
	} opened;
};

void clones_release(struct clones *clones);

/*
 * The first clone that has all commits (full ids), opened as an untrusted one: only its objects are read.  `name`
 * is "OWNER/REPO"; empty: only the paths themselves are looked at.  The clone lives until clones_release().
 * NULL and ERROR_NOT_FOUND, which says what to do, when none has them.
 */
struct repository *clones_find(struct clones *clones, struct str name, const struct str *commits,
			       size_t len, struct error *err) MUST_USE;

#endif

/* What the files of this folder share about libgit2. */
#ifndef SOURCE_GIT_H
#define SOURCE_GIT_H

#include <git2.h>
#if __has_include(<git2/sys/errors.h>) /* git_error_set_str(), since libgit2 1.8 */
#include <git2/sys/errors.h>
#endif

#include "source/source.h"

enum { RESULTS_MAX = 4 };

struct repository {
	git_repository *git;
	struct arena arena; /* of the trees of the work tree */
	bool partial;       /* a clone that fetches objects when git needs them */
	/* Files and folders in the work tree that this program writes. */
	struct str results[RESULTS_MAX];
	size_t results_len;
};

/* Fills `err` with libgit2's last error; ERROR_NOT_FOUND where it says so. */
bool git_fail(struct error *err, int code, const char *what);

/* A full hex id. */
bool git_id(git_oid *oid, struct str id, struct error *err);

/* The tree of a commit; free it. */
bool git_tree_of(struct repository *repository, struct str commit, git_tree **tree,
		 struct error *err);

#endif

/* What a local run looks at: the work tree, a diff, or a pull request of GitHub. */
#ifndef CLI_LOCAL_H
#define CLI_LOCAL_H

#include "job/runtime.h"
#include "job/target.h"

/* The options --base, --diff and --pr: at most one of them is given. */
struct local_change {
	struct str base, diff, pr;
};

/*
 * Fills the target: by --pr from GitHub, by --diff from a file or stdin ("-"), else the work tree
 * against --base or the default branch.  The token is GITHUB_TOKEN, else GH_TOKEN, and leaves the
 * environment.  ERROR_USAGE for options that exclude each other or make no sense.  Waits.
 */
bool local_find(const struct local_change *change, struct runtime *run, struct target *target,
		struct error *err) MUST_USE;

/* A client of GitHub for `repository` (may be empty), with the token of the environment. */
void local_open_forge(struct runtime *run, struct forge *forge, struct str repository);

/* "OWNER/REPO#N" */
bool local_split_pull(struct str text, struct str *repository, int64_t *number,
		      struct error *err) MUST_USE;

#endif

/* The local object database, by libgit2: nothing in it is executed, links are not followed. */
#ifndef SOURCE_REPOSITORY_H
#define SOURCE_REPOSITORY_H

#include "source/source.h"

struct repository;

/*
 * The objects of the repository whose work tree or git folder is `path` (not searched upwards), which may
 * be untrusted: only objects/ is read, no configuration, references or alternates.  Its owner does not matter,
 * since every object is checked against its id.  Only functions that take ids work.
 * ERROR_NOT_FOUND when there is no repository; ERROR_IO when it cannot be opened.
 */
struct repository *repository_open(const char *path, struct error *err) MUST_USE;
/*
 * A person's own repository, searched upwards from `path`: as git reads it, with the configuration of the
 * system and the user (ignored files, line ends), its alternates, and the check of its owner
 * (safe.directory); no hook and no filter runs.  ERROR_NOT_FOUND when there is no repository; ERROR_DENIED: another
 * user's; ERROR_IO when libgit2 cannot read it.  The message names it and what to do.
 *
 * `environment` (may be NULL) is what git's variables say; a hook gets them from git: GIT_DIR instead of
 * the search, GIT_WORK_TREE, and GIT_INDEX_FILE, which holds what `git commit -a` is about to commit.
 */
struct git_environment {
	struct str dir, work_tree, index_file; /* empty: not set; relative to `path` */
};
struct repository *repository_discover(const char *path, const struct git_environment *environment,
				       struct error *err) MUST_USE;
void repository_free(struct repository *repository);
DEFINE_OWNED(repository);

/* Whether it has no work tree. */
bool repository_is_bare(const struct repository *repository);

/* A ref, abbreviated id or revision expression to a commit id of 40 or 64 hex digits. */
bool repository_resolve(struct repository *repository, struct str revision, struct arena *arena,
			struct str *commit, struct error *err) MUST_USE;
/* What to do about a revision that is not in this repository. */
struct str repository_remedy(struct repository *repository, struct str revision,
			     struct arena *arena);
bool repository_merge_base(struct repository *repository, struct str a, struct str b,
			   struct arena *arena, struct str *base, struct error *err) MUST_USE;
bool repository_has_commit(struct repository *repository, struct str commit);

/* The branch that "origin/HEAD" names, else main, else master: what a local review compares with. */
bool repository_default_branch(struct repository *repository, struct arena *arena,
			       struct str *branch, struct error *err) MUST_USE;

/* Where a remote is, when it is a forge's URL; else empty.  A host may be an alias of ssh's configuration. */
struct remote_name {
	struct str host, repository; /* "github.com", "OWNER/REPO" */
};
struct remote_name repository_remote(struct repository *repository, const char *remote_name,
				     struct arena *arena);

/*
 * Leaves what this program writes, a file or a folder, out of later comparisons with the work tree
 * while git does not track it.  A path that does not exist or is outside of the work tree is ignored.
 */
void repository_leave_out(struct repository *repository, const char *path);

/*
 * The change between two commits, renames found; between a commit and the work tree, with the untracked
 * files that are not ignored and do not look like secrets (both are logged); between a commit and the index.
 */
bool repository_diff(struct repository *repository, struct str old_commit, struct str new_commit,
		     struct diff *diff, struct error *err) MUST_USE;
bool repository_diff_worktree(struct repository *repository, struct str old_commit,
			      struct diff *diff, struct error *err) MUST_USE;
bool repository_diff_staged(struct repository *repository, struct str old_commit, struct diff *diff,
			    struct error *err) MUST_USE;

/* Files at a commit; `source` borrows the repository and the commit's text. */
struct repository_commit {
	struct repository *repository;
	struct str commit;
};
struct source source_from_commit(struct repository_commit *commit);

/*
 * The files of the work tree, for local runs, except ignored ones and untracked ones that look like secrets.
 */
struct source source_from_worktree(struct repository *repository);

/*
 * The unified diff of two blobs (either may be empty), as hunks only: for files without a patch. Texts that git
 * calls binary are decoded to UTF-8 first.
 */
bool blob_diff(struct str old_bytes, struct str new_bytes, struct buf *patch, bool *binary,
	       struct error *err) MUST_USE;

#endif

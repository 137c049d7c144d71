/* What is reviewed: a pull request, a range of a local repository, or a diff; with the files around it. */
#ifndef JOB_TARGET_H
#define JOB_TARGET_H

#include "job/forge.h"
#include "job/runtime.h"
#include "job/setup.h"
#include "review/review.h"
#include "source/folder.h"
#include "source/repository.h"

/*
 * Owns what it found; `change` borrows from it.  Not to be moved once filled, since its sources point
 * into it.  Zeroed it is empty.
 */
struct target {
	struct arena arena;
	struct forge forge;
	struct repository *repository; /* the local one; NULL: none */
	struct error no_repository;    /* why it is NULL */
	struct pull pull;              /* number 0: none */
	struct diff diff;              /* the whole change */
	struct change change;

	/* Sources: local first where there is a repository, then the API. */
	struct repository_commit base_local, head_local;
	struct github_commit base_remote, head_remote;
	struct source_folder folder;
	struct source_both base_both, head_both;
	struct source base, head;
	bool has_base, has_head;
	int blobs_left; /* of the API, shared by base and head */
};

void target_release(struct target *target);

/*
 * Opens the local repository at `path`; with `discover` as git finds it, with git's
 * variables.  A missing one is not an error.  One that libgit2 cannot open counts as absent, with a notice
 * unless it is `needed`: then the error says why.
 */
void target_open_repository(struct target *target, const char *path,
			    const struct git_environment *discover, bool needed);

/* Fills `pull` by the API and sets up the sources of its two commits.  Waits. */
bool target_set_pull(struct target *target, int64_t number, struct error *err) MUST_USE;

/* Replaces the two commits that target->pull names, as a shard of an earlier plan has them. */
bool target_set_commits(struct target *target, struct str head, struct str base,
			struct error *err) MUST_USE;

/*
 * Reads the change of target->pull: from the local repository when it has both commits and their merge
 * base, else through the API.  Waits.
 */
bool target_read_change(struct target *target, struct error *err) MUST_USE;

/* The work tree, of a bare repository HEAD, against the merge base with `base` (empty: the default branch). */
bool target_set_worktree(struct target *target, struct str base, struct error *err) MUST_USE;

/* The files of the work tree (of a bare repository: of HEAD).  A repository is open. */
void target_use_worktree(struct target *target);

/* The same, or those below `folder` without a repository; ERROR_USAGE when the folder does not exist. */
bool target_use_files(struct target *target, const char *folder, struct error *err) MUST_USE;

/* What is staged for the next commit. */
bool target_set_staged(struct target *target, struct error *err) MUST_USE;

/* A diff as text; files come from the work tree where there is a repository. */
bool target_set_diff(struct target *target, struct str text, struct error *err) MUST_USE;

/* Files of the head come from a plain folder, whose path is borrowed. */
void target_set_head_folder(struct target *target, const char *folder);

/* Files of the head come from a commit of any repository; both are borrowed. */
void target_set_head_commit(struct target *target, struct repository_commit *commit);

/* Where configuration and agents come from. */
struct session_sources target_sources(struct target *target);

#endif

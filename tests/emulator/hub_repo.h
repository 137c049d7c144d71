/* The emulator's repository: commits made of folders, by libgit2, in memory. */
#ifndef EMULATOR_HUB_REPO_H
#define EMULATOR_HUB_REPO_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/str.h"
#include "value/value.h"

struct git_commit;
struct git_odb;
struct git_oid;
struct git_repository;

struct hub_repo {
	struct git_repository *git;
	struct git_odb *objects; /* in memory */
};

struct hub_repo *hub_repo_new(struct error *err);
void hub_repo_free(struct hub_repo *repo);

/*
 * Commits the files of a folder on top of `parent` (empty: a first commit); equal folders and parents
 * give equal ids.
 */
bool hub_repo_commit(struct hub_repo *repo, const char *folder, struct str parent,
		     struct arena *arena, struct str *commit, struct error *err);

/* The commit at which two parted; empty when they have none in common. */
struct str hub_repo_merge_base(struct hub_repo *repo, struct str a, struct str b,
			       struct arena *arena);

/* The same of an object that has a text for each path. */
bool hub_repo_commit_given(struct hub_repo *repo, const struct value *files, struct str parent,
			   struct arena *arena, struct str *commit, struct error *err);

/* For the files of the repository: an error of libgit2, the text of an id, and a commit to be freed. */
bool hub_repo_fail(struct error *err, const char *what);
struct str hub_repo_id(struct arena *arena, const struct git_oid *oid);
bool hub_repo_find(struct hub_repo *repo, struct str id, struct git_commit **commit);

/* "List pull request files": the change between two commits, renames found. */
struct value *hub_repo_files(struct hub_repo *repo, struct str old_commit, struct str new_commit,
			     struct arena *arena);

/* True when those lines of that side are in one hunk of the file's change. */
bool hub_repo_has_lines(struct hub_repo *repo, struct str commits[2], struct str path, bool left,
			int64_t start, int64_t end);

/* Finds line `line` of a file at `old_commit` in `new_commit`; 0: it was removed or changed. */
int64_t hub_repo_follow(struct hub_repo *repo, struct str old_commit, struct str new_commit,
			struct str path, int64_t line);

/* The recursive tree of a commit, as the API gives it; NULL when there is none. */
struct value *hub_repo_tree(struct hub_repo *repo, struct str commit, struct arena *arena);

/* A blob's bytes; false when there is none. */
bool hub_repo_blob(struct hub_repo *repo, struct str id, struct buf *out);

/* The blob id of a path at a commit, or empty. */
struct str hub_repo_path(struct hub_repo *repo, struct str commit, struct str path,
			 struct arena *arena);
bool hub_repo_has(struct hub_repo *repo, struct str commit);

#endif

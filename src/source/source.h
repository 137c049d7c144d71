/* Files at a commit, from a local repository, a folder or an API. */
#ifndef SOURCE_SOURCE_H
#define SOURCE_SOURCE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/common.h"
#include "base/error.h"
#include "base/str.h"
#include "diff/diff.h"

enum { SOURCE_FILES_MAX = 200000, SOURCE_BLOB_SIZE_MAX = 8 << 20 };

/* One regular file of a tree.  Links, submodules and folders are not listed. */
struct source_file {
	struct str path;
	struct str id; /* blob id, hex */
	int64_t size;  /* bytes, or -1 when not known */
	uint32_t mode; /* 0100644, 0100755; 0: not known */
};

struct source_tree {
	struct source_file *files; /* sorted by path */
	size_t len;
	bool truncated; /* the source could not list everything */
	/* Links and submodules, sorted by path: to compare two trees of GitHub.  Other sources list none. */
	struct source_file *others;
	size_t others_len;
};

/*
 * The seam.  `tree` fills the tree of the source's commit (memory in `arena`); `blob`
 * appends a file's bytes.  Both may wait (a source may be an API).  ERROR_NOT_FOUND when the source
 * lacks it: then another source may have it.
 */
struct source_ops {
	bool (*tree)(void *ctx, struct arena *arena, struct source_tree *tree, struct error *err);
	bool (*blob)(void *ctx, struct str id, size_t size_max, struct buf *out, struct error *err);
};

struct source {
	const struct source_ops *ops;
	void *ctx;
};

bool source_tree(const struct source *source, struct arena *arena, struct source_tree *tree,
		 struct error *err) MUST_USE;
bool source_blob(const struct source *source, struct str id, size_t size_max, struct buf *out,
		 struct error *err) MUST_USE;

/* For qsort() on an array of struct source_file: by path. */
int source_file_compare(const void *a, const void *b);

/* The file of that path, or NULL. */
const struct source_file *source_tree_find(const struct source_tree *tree, struct str path);

/*
 * The file of that path, or else the first whose path `is_shown_as` accepts for it, because a secret is replaced in
 * `path`; NULL: none.  Without `is_shown_as` no other file is looked at.
 */
const struct source_file *source_tree_find_shown(const struct source_tree *tree, struct str path,
						 bool (*is_shown_as)(struct str path,
								     struct str shown));

/* Tree and blob by path in one; ERROR_NOT_FOUND names the path. */
bool source_read(const struct source *source, const struct source_tree *tree, struct str path,
		 size_t size_max, struct buf *out, struct error *err) MUST_USE;

/* A source that asks `first` and, for what it lacks, `second`; both are borrowed. */
struct source_both {
	struct source first, second;
};
struct source source_from_both(struct source_both *both);

#endif

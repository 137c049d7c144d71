/* Files: bounded reads, and writes that cannot leave a folder or follow a link. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/buf.h"
#include "base/common.h"
#include "base/error.h"
#include "base/str.h"

/*
 * Appends a regular file of at most `size_max` bytes (ERROR_LIMIT beyond) or, for "-", stdin to `out`,
 * which is unchanged on failure: ERROR_NOT_FOUND, or ERROR_IO (not a regular file, no permission).
 */
bool file_read(const char *path, size_t size_max, struct buf *out, struct error *err) MUST_USE;

/* The same for a name that a person gave on the command line, which may be a pipe: "<(git diff)". */
bool file_read_given(const char *path, size_t size_max, struct buf *out,
		     struct error *err) MUST_USE;

/*
 * The same for `path` below the folder `root` (relative, no ".." part), without following any link on the
 * way.  ERROR_USAGE for a path that would leave the root, ERROR_IO for a link.
 */
bool file_read_below(const char *root, const char *path, size_t size_max, struct buf *out,
		     struct error *err) MUST_USE;

/* Whether `path` is a folder, or a link to one. */
bool file_is_folder(const char *path);

/*
 * Writes `data` to `path` below the folder `root` (both NUL-ended; `path` relative, no ".." part).
 * Folders on the way are made where missing and walked without following links; what exists at
 * the name is replaced by rename, never written through; owner and group become those of `root` where
 * the process may give them.  Fails with ERROR_USAGE for a path that would leave the root, names no
 * file or is over 64 folders deep; with ERROR_NOT_FOUND without the root; else with ERROR_IO.
 */
bool file_write_below(const char *root, const char *path, struct str data,
		      struct error *err) MUST_USE;

/*
 * Whether file_write_below() could write there now: the nearest folder that exists can be written, and
 * the path is not a folder.  Errors as there.
 */
bool file_check_below(const char *root, const char *path, struct error *err) MUST_USE;

/* Whether the file, or its folder when it is missing, can be written.  ERROR_USAGE when it is a folder; a pipe
 * needs a reader. */
bool file_check(const char *path, struct error *err) MUST_USE;

/* Checks such a path without reading the disk.  The message is only the reason. */
bool file_path_below(const char *path, struct error *err) MUST_USE;

/* Appends to a file, made where missing, that the runner gave us (GITHUB_OUTPUT, GITHUB_STEP_SUMMARY). */
bool file_append(const char *path, struct str data, struct error *err) MUST_USE;

#endif

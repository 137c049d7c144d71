/* Checks the files of a repository that libgit2 reads, before it opens them. */
#ifndef SOURCE_KINDS_H
#define SOURCE_KINDS_H

#include "base/arena.h"
#include "base/error.h"

/*
 * False when a file that libgit2 reads completely is of another kind (a pipe would block it) or huge:
 * `files` is ".git", a folder or the file that names one, or a bare repository.  Covers HEAD, the
 * configuration with what it includes, the index, references and lists.
 */
bool kinds_check(struct arena *arena, struct str files, struct error *err) MUST_USE;

/* The same for .gitignore, .gitattributes, .gitmodules and submodules in all folders below `root`. */
bool kinds_check_worktree(struct arena *arena, struct str root, struct error *err) MUST_USE;

/* A single file, that may be missing. */
bool kinds_check_file(struct str path, struct error *err) MUST_USE;

#endif

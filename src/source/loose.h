/* Loose objects of a git repository, read with the lengths that their headers state and no further. */
#ifndef SOURCE_LOOSE_H
#define SOURCE_LOOSE_H

#include <git2.h>
#include <git2/sys/odb_backend.h>

#include "base/error.h"

/*
 * The objects below a folder "objects": packs are read by libgit2, loose objects by us, because libgit2
 * before 1.9.3 writes past its buffer for one that is longer than its header says.  Alternates are not
 * followed.  ERROR_NOT_FOUND: the folder does not exist; ERROR_IO: something in it is not a regular file.
 */
git_odb *objects_open(const char *folder, struct error *err) MUST_USE;

/* Adds the objects of another folder, for those that the first ones lack. */
bool objects_add(git_odb *database, const char *folder, struct error *err) MUST_USE;

#endif

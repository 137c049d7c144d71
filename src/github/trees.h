/* Compares two trees of GitHub: files, links and submodules. */
#ifndef GITHUB_TREES_H
#define GITHUB_TREES_H

#include "source/source.h"

/*
 * Adds what differs between the trees to `diff`, unless it lists the file already.  A file whose bytes
 * differ is added with `patch_missing`; modes are stated.
 */
bool trees_compare(const struct source_tree *base, const struct source_tree *head,
		   struct diff *diff, struct error *err) MUST_USE;

/* States the modes that a file has in two trees; NULL: it is not in that tree. */
void tree_modes_give(struct diff_file *file, const struct source_file *old_file,
		     const struct source_file *new_file);

#endif

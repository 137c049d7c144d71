/* Modes of changed files, which GitHub's list of files does not state. */
#ifndef JOB_MODES_H
#define JOB_MODES_H

#include "job/target.h"

/*
 * States in target->diff which files the change makes executable or not executable any more.  Reads the
 * tree of the head commit, if the change came from GitHub's list; a file that a tree too large to be listed
 * omits stays as it is.  *known is false, with a warning, when the tree could not be read: then an
 * unchanged file may have become executable.  Waits; returns false only for what ends the work.
 */
bool modes_read(struct target *target, bool *known, struct error *err) MUST_USE;

#endif

/* Landlock: which files can be opened and which TCP ports can be connected to. */
#ifndef SANDBOX_LANDLOCK_H
#define SANDBOX_LANDLOCK_H

#include "sandbox/rights.h"

/* Limits files and connections to the rights of `sandbox`.  False, with `errno`, when the kernel refuses. */
bool files_limit(const struct sandbox *sandbox) MUST_USE;

#endif

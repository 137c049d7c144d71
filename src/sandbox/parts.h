/* What the files of this folder share: the two parts of the sandbox. */
#ifndef SANDBOX_PARTS_H
#define SANDBOX_PARTS_H

#include "sandbox/sandbox.h"

/* Sanitizers read /proc, start processes and use calls that the program itself never does. */
#if defined(__has_feature)
#define SANDBOX_HAS_FEATURE(name) __has_feature(name)
#else
#define SANDBOX_HAS_FEATURE(name) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) ||                               \
	SANDBOX_HAS_FEATURE(address_sanitizer) || SANDBOX_HAS_FEATURE(thread_sanitizer) ||         \
	SANDBOX_HAS_FEATURE(memory_sanitizer)
#define SANDBOX_SANITIZED 1
#else
#define SANDBOX_SANITIZED 0
#endif

/* Limits files and connections by Landlock.  False, with `errno`, when the kernel refuses. */
bool files_limit(const struct sandbox *sandbox) MUST_USE;

/* Installs the filter of system calls.  False, with `errno`, when the kernel refuses. */
bool calls_limit(void) MUST_USE;

#endif

/* seccomp: the system calls that the program and its libraries need. */
#ifndef SANDBOX_CALLS_H
#define SANDBOX_CALLS_H

#include "base/common.h"

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

/* Installs the filter of system calls.  False, with `errno`, when the kernel refuses. */
bool calls_limit(void) MUST_USE;

#endif

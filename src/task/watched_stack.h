/* What sanitizers and valgrind have to be told of stacks that change.  In other builds all of it is nothing. */
#ifndef TASK_WATCHED_STACK_H
#define TASK_WATCHED_STACK_H

#include "base/common.h"

#if defined(__SANITIZE_ADDRESS__)
#define WATCHED_BY_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WATCHED_BY_ASAN 1
#endif
#endif
#if defined(__SANITIZE_THREAD__)
#define WATCHED_BY_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define WATCHED_BY_TSAN 1
#endif
#endif

#if defined(WATCHED_BY_ASAN)
#include <sanitizer/common_interface_defs.h>
#endif
#if defined(WATCHED_BY_TSAN)
#include <sanitizer/tsan_interface.h>
#endif
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#endif

/* Sanitizers put red zones around every local: so many times as much stack is needed. */
#if defined(WATCHED_BY_ASAN) || defined(WATCHED_BY_TSAN)
enum { WATCHED_STACK_FACTOR = 16 };
#else
enum { WATCHED_STACK_FACTOR = 1 };
#endif

/* A stack, as they know it.  Zeroed for the one that the thread began with. */
struct watched_stack {
	const void *bottom; /* its lowest address */
	size_t size;
	void *shadow;         /* what ASan keeps of it while it is left */
	void *fiber;          /* TSan's name for it */
	unsigned valgrind_id; /* valgrind's */
};

static inline void watched_stack_register(struct watched_stack *stack)
{
#if defined(WATCHED_BY_TSAN)
	stack->fiber = __tsan_create_fiber(0);
#endif
#if defined(VALGRIND_STACK_REGISTER)
	stack->valgrind_id =
		VALGRIND_STACK_REGISTER(stack->bottom, (const char *)stack->bottom + stack->size);
#endif
	(void)stack;
}

static inline void watched_stack_forget(struct watched_stack *stack)
{
#if defined(WATCHED_BY_TSAN)
	__tsan_destroy_fiber(stack->fiber);
#endif
#if defined(VALGRIND_STACK_DEREGISTER)
	VALGRIND_STACK_DEREGISTER(stack->valgrind_id);
#endif
	(void)stack;
}

/* No call of a function of ours may lie between leaving and arriving: TSan would count it for the wrong stack. */
#define WATCHED_INLINE static inline __attribute__((always_inline))

/* Called right before the switch; `ended`: nothing comes back to `from`. */
WATCHED_INLINE void watched_stack_leave(struct watched_stack *from, const struct watched_stack *to,
					bool ended)
{
#if defined(WATCHED_BY_ASAN)
	__sanitizer_start_switch_fiber(ended ? NULL : &from->shadow, to->bottom, to->size);
#endif
#if defined(WATCHED_BY_TSAN)
	from->fiber = __tsan_get_current_fiber();
	__tsan_switch_to_fiber(to->fiber, 0);
#endif
	(void)from;
	(void)to;
	(void)ended;
}

/* Called right after it, on `to`; `begun`: nothing ran on it before. */
WATCHED_INLINE void watched_stack_arrive(struct watched_stack *from, const struct watched_stack *to,
					 bool begun)
{
#if defined(WATCHED_BY_ASAN)
	__sanitizer_finish_switch_fiber(begun ? NULL : to->shadow, &from->bottom, &from->size);
#endif
	(void)from;
	(void)to;
	(void)begun;
}

#endif

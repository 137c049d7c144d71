/* Stacks, and the switch between them: the context functions of the C library. */
#if defined(__APPLE__)
#define _XOPEN_SOURCE 600 /* without it, the <ucontext.h> of macOS is an error */
#pragma clang diagnostic ignored "-Wdeprecated-declarations"
#endif
#include "task/coroutine.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include "base/memory.h"
#include "task/task.h"
#include "task/watched_stack.h"

enum { STACK_SIZE = WATCHED_STACK_FACTOR * TASK_STACK_SIZE, IDLE_MAX = 64, RESERVED = 16 };

#if !defined(MADV_GUARD_INSTALL)
#define MADV_GUARD_INSTALL 102 /* of Linux; other systems refuse it */
#endif

struct side {
	ucontext_t context;
	struct watched_stack stack;
};

/* At the upper end of its own memory, whose lowest page ends the program when the stack gets too deep. */
struct coroutine {
	struct side side;
	struct coroutines *owner;
	char *bottom; /* the lowest page */
	void (*run)(void *arg);
	void *arg;
	bool ended;
	struct coroutine *next_idle;
};

struct coroutines {
	struct side caller; /* of coroutine_resume() */
	struct coroutine *running;
	struct coroutine *idle;
	size_t idle_len, len;
	char *reserved; /* for stacks to come */
	size_t reserved_size;
};

/* What coroutine_main() belongs to: makecontext() passes integers only. */
static _Thread_local struct coroutines *starting;

/* As swapcontext() does it, which AddressSanitizer follows with a warning for each process. */
static void switch_sides(struct side *from, struct side *to)
{
	volatile bool left = false;

	watched_stack_leave(&from->stack, &to->stack, false);
	getcontext(&from->context); /* returns again when `from` is entered again */
	if (!left) {
		left = true;
		setcontext(&to->context);
	}
	watched_stack_arrive(&to->stack, &from->stack, false);
}

static void coroutine_main(void)
{
	struct coroutines *owner = starting;
	struct coroutine *self = owner->running;

	watched_stack_arrive(&owner->caller.stack, &self->side.stack, true);
	self->run(self->arg);
	self->ended = true;
	watched_stack_leave(&self->side.stack, &owner->caller.stack, true);
	setcontext(&owner->caller.context);
}

/* Memory for many stacks costs one call; where there is too little of it, for one. */
static bool reserve(struct coroutines *owner)
{
	static const size_t sizes[] = {(size_t)RESERVED * STACK_SIZE, STACK_SIZE};

	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		char *start =
			mmap(NULL, sizes[i], PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);

		if (start == MAP_FAILED)
			continue;
		owner->reserved = start;
		owner->reserved_size = sizes[i];
		return true;
	}
	return false;
}

/* A touch of the page ends the program.  Linux since 6.13 marks it without splitting its mapping. */
static bool guard(char *page, size_t size)
{
	return madvise(page, size, MADV_GUARD_INSTALL) == 0 || mprotect(page, size, PROT_NONE) == 0;
}

static struct coroutine *stack_new(struct coroutines *owner)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	struct coroutine *made;
	char *bottom;

	if (!owner->reserved_size && !reserve(owner))
		return NULL;
	bottom = owner->reserved;
	if (!guard(bottom, page))
		return NULL;
	owner->reserved += STACK_SIZE;
	owner->reserved_size -= STACK_SIZE;
	made = (struct coroutine *)(void *)(bottom + STACK_SIZE) - 1;
	made->owner = owner;
	made->bottom = bottom;
	made->side.stack.bottom = bottom + page;
	made->side.stack.size = (size_t)((char *)made - bottom) - page;
	watched_stack_register(&made->side.stack);
	owner->len++;
	return made;
}

static void stack_free(struct coroutine *coroutine)
{
	coroutine->owner->len--;
	watched_stack_forget(&coroutine->side.stack);
	munmap(coroutine->bottom, STACK_SIZE);
}

struct coroutines *coroutines_new(void)
{
	return NEW(struct coroutines);
}

void coroutines_free(struct coroutines *coroutines)
{
	if (!coroutines)
		return;
	for (struct coroutine *idle = coroutines->idle, *next; idle; idle = next) {
		next = idle->next_idle;
		stack_free(idle);
	}
	assert(!coroutines->len);
	if (coroutines->reserved_size)
		munmap(coroutines->reserved, coroutines->reserved_size);
	free(coroutines);
}

size_t coroutines_len(const struct coroutines *coroutines)
{
	return coroutines->len;
}

/* A function of its own, as the compiler believes that getcontext() can return twice and spoil locals. */
static void prepare(struct coroutine *coroutine)
{
	ucontext_t *context = &coroutine->side.context;

	getcontext(context);
	context->uc_stack.ss_sp = coroutine->bottom;
	context->uc_stack.ss_size = (size_t)((char *)coroutine - coroutine->bottom);
	makecontext(context, coroutine_main, 0);
}

struct coroutine *coroutine_new(struct coroutines *coroutines, void (*run)(void *arg), void *arg)
{
	struct coroutine *coroutine = coroutines->idle;

	if (coroutine) {
		coroutines->idle = coroutine->next_idle;
		coroutines->idle_len--;
	} else {
		coroutine = stack_new(coroutines);
	}
	if (!coroutine)
		return NULL;
	coroutine->run = run;
	coroutine->arg = arg;
	coroutine->ended = false;
	prepare(coroutine);
	return coroutine;
}

bool coroutine_resume(struct coroutine *coroutine)
{
	struct coroutines *owner = coroutine->owner;

	assert(!owner->running);
	owner->running = coroutine;
	starting = owner;
	switch_sides(&owner->caller, &coroutine->side);
	owner->running = NULL;
	if (!coroutine->ended)
		return false;
	if (owner->idle_len == IDLE_MAX) {
		stack_free(coroutine);
		return true;
	}
	coroutine->next_idle = owner->idle;
	owner->idle = coroutine;
	owner->idle_len++;
	return true;
}

void coroutine_pause(struct coroutine *coroutine)
{
	assert(coroutine->owner->running == coroutine);
	switch_sides(&coroutine->side, &coroutine->owner->caller);
}

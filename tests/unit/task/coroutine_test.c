/* Stacks: a function pauses and goes on, and the stack that it leaves is used again. */
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "task/coroutine.h"
#include "unit.h"
#include "virtual.h"

enum { MANY = 200, STACKS_SEEN_MAX = 2 * MANY };

struct counter {
	struct coroutine *self;
	int count, until;
};

static void count_with_pauses(void *arg)
{
	struct counter *counter = arg;

	for (int i = 0; i < counter->until; i++) {
		counter->count = i + 1;
		coroutine_pause(counter->self);
	}
}

TEST(a_function_goes_on_where_it_paused)
{
	struct coroutines *coroutines = coroutines_new();
	struct counter counter[2] = {{.until = 3}, {.until = 1}};

	for (int i = 0; i < 2; i++)
		counter[i].self = coroutine_new(coroutines, count_with_pauses, &counter[i]);
	ck_assert_int_eq(counter[0].count, 0);
	ck_assert(!coroutine_resume(counter[0].self));
	ck_assert(!coroutine_resume(counter[1].self));
	ck_assert(!coroutine_resume(counter[0].self));
	ck_assert(coroutine_resume(counter[1].self));
	ck_assert(!coroutine_resume(counter[0].self));
	ck_assert_int_eq(counter[0].count, 3);
	ck_assert_int_eq(counter[1].count, 1);
	ck_assert(coroutine_resume(counter[0].self));
	ck_assert_uint_eq(coroutines_len(coroutines), 2);
	coroutines_free(coroutines);
}

TEST(stacks_that_nothing_needs_are_given_back)
{
	struct coroutines *coroutines = coroutines_new();
	struct counter counter[200] = {0};

	for (int i = 0; i < (int)ARRAY_LEN(counter); i++) {
		counter[i].until = 1;
		counter[i].self = coroutine_new(coroutines, count_with_pauses, &counter[i]);
		ck_assert(!coroutine_resume(counter[i].self));
	}
	ck_assert_uint_eq(coroutines_len(coroutines), ARRAY_LEN(counter));
	for (int i = 0; i < (int)ARRAY_LEN(counter); i++)
		ck_assert(coroutine_resume(counter[i].self));
	ck_assert_uint_le(coroutines_len(coroutines), ARRAY_LEN(counter) / 2);
	coroutines_free(coroutines);
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HAS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HAS_SANITIZER 1
#endif
#endif

/* A sanitizer handles the signal itself. */
#if !defined(HAS_SANITIZER)

/* The address is used, so that no compiler makes a loop of it. */
static int descend(const volatile char *above, int depth)
{
	volatile char here[4096];

	here[0] = above ? *above : 1;
	return depth > 1024 ? 0 : descend(here, depth + 1) + here[0];
}

static void descend_too_far(void *arg)
{
	*(int *)arg = descend(NULL, 0);
}

TEST(a_stack_that_gets_too_deep_ends_the_program)
{
	int depth, status;
	pid_t child = fork();

	if (child == 0) {
		if (coroutine_resume(coroutine_new(coroutines_new(), descend_too_far, &depth)))
			_exit(0);
		_exit(1);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFSIGNALED(status) &&
		  (WTERMSIG(status) == SIGSEGV || WTERMSIG(status) == SIGBUS));
}

#endif

struct rounds {
	int rounds, tasks;
	int ended;
	size_t stacks; /* that ran at least one of the tasks */
	const void *seen[STACKS_SEEN_MAX];
	struct error err;
};

/* `local` is at the same address whenever the same stack runs the same function. */
static void note_stack(struct rounds *rounds, const void *local)
{
	for (size_t i = 0; i < rounds->stacks; i++) {
		if (rounds->seen[i] == local)
			return;
	}
	ck_assert_uint_lt(rounds->stacks, STACKS_SEEN_MAX);
	rounds->seen[rounds->stacks++] = local;
}

static void sleep_and_count(void *arg)
{
	struct rounds *rounds = arg;

	note_stack(rounds, __builtin_frame_address(0));
	if (task_sleep(10, &rounds->err))
		rounds->ended++;
}

static void run_rounds(void *arg)
{
	struct rounds *rounds = arg;

	for (int round = 0; round < rounds->rounds; round++) {
		SCOPED(group) struct group group;

		group_init(&group, NULL);
		for (int i = 0; i < rounds->tasks; i++)
			group_spawn(&group, "short", sleep_and_count, rounds);
		ck_assert(task_join(&group, &rounds->err));
	}
}

TEST(tasks_that_follow_each_other_share_stacks)
{
	struct rounds rounds = {.rounds = 50, .tasks = 4};

	run_virtual(run_rounds, &rounds);
	ck_assert_int_eq(rounds.ended, 50 * 4);
	ck_assert_uint_eq(rounds.stacks, 4);
}

TEST(many_tasks_share_stacks_too)
{
	struct rounds rounds = {.rounds = 2, .tasks = MANY};

	run_virtual(run_rounds, &rounds);
	ck_assert_int_eq(rounds.ended, 2 * MANY);
	/* Some are given back between the rounds, perhaps at other addresses the next time. */
	ck_assert_uint_lt(rounds.stacks, 2 * MANY);
}

static void cancel_what_runs(void *arg)
{
	struct rounds *rounds = arg;
	SCOPED(group) struct group group;

	group_init(&group, NULL);
	for (int i = 0; i < rounds->tasks; i++)
		group_spawn(&group, "short", sleep_and_count, rounds);
	ck_assert(task_yield(&rounds->err));
	group_release(&group);
	run_rounds(rounds);
}

TEST(a_stack_of_a_cancelled_task_runs_the_next_one)
{
	struct rounds rounds = {.rounds = 1, .tasks = 8};

	run_virtual(cancel_what_runs, &rounds);
	ck_assert_int_eq(rounds.ended, 8);
	ck_assert_uint_eq(rounds.stacks, 8);
}

/* Sanitizers reserve terabytes of addresses; only Linux says how many are in use. */
#if defined(__linux__) && !defined(HAS_SANITIZER)

enum { STACKS = 40, RESERVED_AT_ONCE = 16 };

/* How many bytes of addresses the process has in use. */
static rlim_t addresses_used(void)
{
	FILE *file = fopen("/proc/self/statm", "r");
	unsigned long pages = 0;

	ck_assert(file && fscanf(file, "%lu", &pages) == 1);
	fclose(file);
	return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

static void run_with_few_addresses(void *arg)
{
	struct rounds *rounds = arg;
	struct rlimit before, few;

	ck_assert_int_eq(getrlimit(RLIMIT_AS, &before), 0);
	few = before;
	few.rlim_cur = addresses_used() + (rlim_t)STACKS * TASK_STACK_SIZE;
	ck_assert_int_eq(setrlimit(RLIMIT_AS, &few), 0);
	run_rounds(rounds);
	ck_assert_int_eq(setrlimit(RLIMIT_AS, &before), 0);
}

TEST(a_task_without_memory_for_a_stack_begins_when_another_has_ended)
{
	struct rounds rounds = {.rounds = 1, .tasks = 4 * STACKS};

	run_virtual(run_with_few_addresses, &rounds);
	ck_assert_int_eq(rounds.ended, 4 * STACKS);
	ck_assert_uint_le(rounds.stacks, STACKS + RESERVED_AT_ONCE);
	ck_assert_uint_ge(rounds.stacks, STACKS / 2);
}

#endif

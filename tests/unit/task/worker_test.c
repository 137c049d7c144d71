/* Threads are used again, and waited for where the system has none to spare. */
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "task/worker.h"
#include "unit.h"
#include "virtual.h"

enum { MANY = 3 * WORKERS_IDLE_MAX };

static _Thread_local bool thread_is_known;

struct rounds {
	int rounds, tasks;
	int threads; /* that ran at least one of the tasks */
	int ended;
	struct error err;
};

static void sleep_and_count(void *arg)
{
	struct rounds *rounds = arg;

	if (!thread_is_known)
		rounds->threads++;
	thread_is_known = true;
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

TEST(tasks_that_follow_each_other_share_threads)
{
	struct rounds rounds = {.rounds = 50, .tasks = 4};

	run_virtual(run_rounds, &rounds);
	ck_assert_int_eq(rounds.ended, 50 * 4);
	ck_assert_int_eq(rounds.threads, 4);
}

TEST(idle_threads_soon_end)
{
	struct rounds rounds = {.rounds = 2, .tasks = MANY};

	run_virtual(run_rounds, &rounds);
	ck_assert_int_eq(rounds.ended, 2 * MANY);
	ck_assert_int_eq(rounds.threads, 2 * MANY - WORKERS_IDLE_MAX);
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

TEST(a_thread_of_a_cancelled_task_runs_the_next_one)
{
	struct rounds rounds = {.rounds = 1, .tasks = 8};

	run_virtual(cancel_what_runs, &rounds);
	ck_assert_int_eq(rounds.ended, 8);
	ck_assert_int_eq(rounds.threads, 8);
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HAS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HAS_SANITIZER 1
#endif
#endif

/* Sanitizers reserve terabytes of addresses; only Linux says how many are in use. */
#if defined(__linux__) && !defined(HAS_SANITIZER)

enum { STACKS = 20 };

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

TEST(a_task_that_finds_no_thread_begins_when_another_has_ended)
{
	struct rounds rounds = {.rounds = 1, .tasks = 4 * STACKS};

	run_virtual(run_with_few_addresses, &rounds);
	ck_assert_int_eq(rounds.ended, 4 * STACKS);
	ck_assert_int_le(rounds.threads, STACKS);
	ck_assert_int_ge(rounds.threads, STACKS / 2);
}

#endif

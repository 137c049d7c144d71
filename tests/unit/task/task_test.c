/* Tasks that take turns, with a virtual clock. */
#include "task/task.h"

#include <string.h>

#include "suites.h"

enum { START_MS = 1000000 };

/* What a test's tasks write down, in order. */
struct notes {
	char text[512];
	size_t len;
	struct permits permits;
	struct latch latch;
	struct group *group;
};

struct job {
	struct notes *notes;
	const char *name;
	int64_t sleep_ms;
	enum error_kind failed;
};

static void note(struct notes *notes, const char *text)
{
	size_t len = strlen(text);

	ck_assert_uint_lt(notes->len + len, sizeof(notes->text));
	memcpy(notes->text + notes->len, text, len + 1);
	notes->len += len;
}

static void run(task_fn *fn, void *arg)
{
	struct clock clock;
	struct loop *loop;

	clock_init_virtual(&clock, START_MS);
	loop = loop_new(&clock);
	loop_run(loop, fn, arg);
	loop_free(loop);
}

static void sleeper(void *arg)
{
	struct job *job = arg;
	struct error err = {0};

	if (task_sleep(job->sleep_ms, &err))
		note(job->notes, job->name);
	else
		job->failed = err.kind;
}

static void sleep_in_order(void *arg)
{
	struct notes *notes = arg;
	struct job jobs[] = {{notes, "c", 300, 0}, {notes, "a", 100, 0}, {notes, "b", 200, 0}};
	SCOPED(group) struct group group;
	struct error err;
	int64_t start = clock_ms(loop_clock(loop_current()));

	group_init(&group, NULL);
	for (size_t i = 0; i < ARRAY_LEN(jobs); i++)
		group_spawn(&group, jobs[i].name, sleeper, &jobs[i]);
	ck_assert(task_join(&group, &err));
	ck_assert_int_eq(clock_ms(loop_clock(loop_current())) - start, 300);
}

START_TEST(wakes_sleepers_in_the_order_of_their_times)
{
	struct notes notes = {0};

	run(sleep_in_order, &notes);
	ck_assert_str_eq(notes.text, "abc");
}
END_TEST

static void cancel_one(void *arg)
{
	struct notes *notes = arg;
	struct job jobs[] = {{notes, "long", 100000, 0}, {notes, "short", 10, 0}};
	SCOPED(group) struct group group;
	struct error err;

	group_init(&group, NULL);
	for (size_t i = 0; i < ARRAY_LEN(jobs); i++)
		group_spawn(&group, jobs[i].name, sleeper, &jobs[i]);
	ck_assert(task_sleep(50, &err));
	group_cancel(&group);
	ck_assert(task_join(&group, &err));
	ck_assert_int_eq(jobs[0].failed, ERROR_CANCELLED);
	ck_assert_int_eq(jobs[1].failed, 0);
}

START_TEST(cancelling_a_group_ends_its_waits)
{
	struct notes notes = {0};

	run(cancel_one, &notes);
	ck_assert_str_eq(notes.text, "short");
}
END_TEST

static void nested(void *arg)
{
	struct job *job = arg;
	struct job inner = {job->notes, "inner", 100000, 0};
	SCOPED(group) struct group group;
	struct error err = {0};

	group_init(&group, task_group());
	group_spawn(&group, "inner", sleeper, &inner);
	if (!task_join(&group, &err))
		job->failed = err.kind;
	group_release(&group);
	ck_assert_int_eq(inner.failed, ERROR_TIMEOUT);
}

static void deadline(void *arg)
{
	struct notes *notes = arg;
	struct job job = {notes, "outer", 0, 0};
	SCOPED(group) struct group group;
	struct error err;

	group_init(&group, NULL);
	group_set_deadline(&group, 500);
	group_spawn(&group, "outer", nested, &job);
	ck_assert(task_join(&group, &err));
	ck_assert_int_eq(job.failed, ERROR_TIMEOUT);
	ck_assert_int_eq(clock_ms(loop_clock(loop_current())), 500);
}

START_TEST(a_deadline_ends_the_groups_below_too)
{
	struct notes notes = {0};

	run(deadline, &notes);
}
END_TEST

static void holder(void *arg)
{
	struct job *job = arg;
	struct error err = {0};

	if (!permit_take(&job->notes->permits, &err)) {
		job->failed = err.kind;
		return;
	}
	note(job->notes, job->name);
	ck_assert(task_sleep(10, &err));
	permit_give(&job->notes->permits);
}

static void queue_up(void *arg)
{
	struct notes *notes = arg;
	struct job jobs[] = {{notes, "1", 0, 0},
			     {notes, "2", 0, 0},
			     {notes, "3", 0, 0},
			     {notes, "4", 0, 0},
			     {notes, "5", 0, 0}};
	SCOPED(group) struct group group;
	struct error err;

	permits_init(&notes->permits, loop_current(), 2);
	group_init(&group, NULL);
	for (size_t i = 0; i < ARRAY_LEN(jobs); i++)
		group_spawn(&group, jobs[i].name, holder, &jobs[i]);
	ck_assert(task_join(&group, &err));
	ck_assert_int_eq(clock_ms(loop_clock(loop_current())), 30);
	ck_assert_int_eq(notes->permits.free, 2);
}

START_TEST(permits_are_given_first_come_first_served)
{
	struct notes notes = {0};

	run(queue_up, &notes);
	ck_assert_str_eq(notes.text, "12345");
}
END_TEST

static void cancel_queue(void *arg)
{
	struct notes *notes = arg;
	struct job jobs[] = {{notes, "1", 0, 0}, {notes, "2", 0, 0}};
	SCOPED(group) struct group group;
	struct error err;

	permits_init(&notes->permits, loop_current(), 0);
	group_init(&group, NULL);
	for (size_t i = 0; i < ARRAY_LEN(jobs); i++)
		group_spawn(&group, jobs[i].name, holder, &jobs[i]);
	ck_assert(task_sleep(5, &err));
	group_cancel(&group);
	permit_give(&notes->permits); /* reaches a waiter that is being cancelled */
	ck_assert(task_join(&group, &err));
	ck_assert_int_eq(notes->permits.free, 1);
	ck_assert_int_eq(jobs[0].failed, ERROR_CANCELLED);
	ck_assert_int_eq(jobs[1].failed, ERROR_CANCELLED);
}

START_TEST(a_permit_given_to_a_cancelled_waiter_is_not_lost)
{
	struct notes notes = {0};

	run(cancel_queue, &notes);
	ck_assert_str_eq(notes.text, "");
}
END_TEST

static void follower(void *arg)
{
	struct job *job = arg;
	struct error err;

	ck_assert(latch_wait(&job->notes->latch, &err));
	note(job->notes, job->name);
}

static void lead(void *arg)
{
	struct notes *notes = arg;
	struct job jobs[] = {{notes, "x", 0, 0}, {notes, "y", 0, 0}};
	SCOPED(group) struct group group;
	struct error err;

	latch_init(&notes->latch, loop_current());
	group_init(&group, NULL);
	for (size_t i = 0; i < ARRAY_LEN(jobs); i++)
		group_spawn(&group, jobs[i].name, follower, &jobs[i]);
	ck_assert(task_sleep(5, &err));
	note(notes, "open ");
	latch_open(&notes->latch);
	ck_assert(task_join(&group, &err));
	ck_assert(latch_wait(&notes->latch, &err));
}

START_TEST(a_latch_lets_all_go_on_once_it_is_open)
{
	struct notes notes = {0};

	run(lead, &notes);
	ck_assert_str_eq(notes.text, "open xy");
}
END_TEST

enum { CROWD = 1000 };

static void crowd(void *arg)
{
	struct notes *notes = arg;
	static struct job jobs[CROWD];
	SCOPED(group) struct group group;
	struct error err;

	group_init(&group, NULL);
	for (int i = 0; i < CROWD; i++) {
		jobs[i] = (struct job){notes, "", 60000 + i % 7, 0};
		group_spawn(&group, "crowd", sleeper, &jobs[i]);
	}
	ck_assert(task_join(&group, &err));
	for (int i = 0; i < CROWD; i++)
		ck_assert_int_eq(jobs[i].failed, 0);
	ck_assert_int_eq(clock_ms(loop_clock(loop_current())), 60006);
}

START_TEST(a_thousand_tasks_sleep_a_minute_in_no_time)
{
	struct notes notes = {0};

	run(crowd, &notes);
}
END_TEST

static void heard(void *ctx, int number)
{
	struct notes *notes = ctx;

	note(notes, number == 15 ? "signal " : "?");
	group_cancel(notes->group);
}

static void interrupt(void *arg)
{
	struct notes *notes = arg;
	struct job job = {notes, "slept", 60000, 0};
	SCOPED(group) struct group group;
	struct error err;

	group_init(&group, NULL);
	notes->group = &group;
	loop_on_signal(loop_current(), heard, notes);
	group_spawn(&group, "sleeper", sleeper, &job);
	loop_interrupt(loop_current(), 15);
	ck_assert(task_join(&group, &err));
	ck_assert_int_eq(job.failed, ERROR_CANCELLED);
}

START_TEST(a_signal_is_heard_between_two_turns)
{
	struct notes notes = {0};

	run(interrupt, &notes);
	ck_assert_str_eq(notes.text, "signal ");
}
END_TEST

Suite *task_suite(void)
{
	Suite *suite = suite_create("task");
	TCase *tcase = tcase_create("task");

	tcase_add_test(tcase, wakes_sleepers_in_the_order_of_their_times);
	tcase_add_test(tcase, cancelling_a_group_ends_its_waits);
	tcase_add_test(tcase, a_deadline_ends_the_groups_below_too);
	tcase_add_test(tcase, permits_are_given_first_come_first_served);
	tcase_add_test(tcase, a_permit_given_to_a_cancelled_waiter_is_not_lost);
	tcase_add_test(tcase, a_latch_lets_all_go_on_once_it_is_open);
	tcase_add_test(tcase, a_thousand_tasks_sleep_a_minute_in_no_time);
	tcase_add_test(tcase, a_signal_is_heard_between_two_turns);
	suite_add_tcase(suite, tcase);
	return suite;
}

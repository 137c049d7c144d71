/* Permits and latches. */
#include <stdio.h>
#include <string.h>

#include "unit.h"
#include "virtual.h"

enum { VISITORS = 6 };

struct yard {
	struct permits permits;
	struct latch latch;
	int inside, inside_max;
	char order[64];
};

struct visitor {
	struct yard *yard;
	char name;
	int64_t arrives_ms;
	int64_t works_ms;
	bool ok;
	struct error err;
};

static void work(void *arg)
{
	struct visitor *visitor = arg;
	struct yard *yard = visitor->yard;
	size_t len;

	if (visitor->arrives_ms && !task_sleep(visitor->arrives_ms, &visitor->err))
		return;
	visitor->ok = permit_take(&yard->permits, &visitor->err);
	if (!visitor->ok)
		return;
	len = strlen(yard->order);
	snprintf(yard->order + len, sizeof(yard->order) - len, "%c", visitor->name);
	yard->inside++;
	yard->inside_max = MAX_OF(yard->inside_max, yard->inside);
	visitor->ok = task_sleep(visitor->works_ms, &visitor->err);
	yard->inside--;
	permit_give(&yard->permits);
}

static void six_visitors_two_permits(void *arg)
{
	struct yard *yard = arg;
	struct visitor visitors[VISITORS];
	struct error err = {0};
	SCOPED(group) struct group group;

	group_init(&group, NULL);
	permits_init(&yard->permits, loop_current(), 2);
	for (int i = 0; i < VISITORS; i++) {
		visitors[i] = (struct visitor){
			.yard = yard, .name = (char)('a' + i), .arrives_ms = i, .works_ms = 100};
		group_spawn(&group, "visitor", work, &visitors[i]);
	}
	ck_assert(task_join(&group, &err));
}

TEST(permits_are_handed_out_first_come_first_served)
{
	struct yard yard = {0};

	/* Three pairs of 100 ms; the second of each pair comes 1 ms later. */
	ck_assert_int_eq(run_virtual(six_visitors_two_permits, &yard), 301);
	ck_assert_int_eq(yard.inside_max, 2);
	ck_assert_str_eq(yard.order, "abcdef");
	ck_assert_int_eq(yard.permits.free, 2);
}

static void give_up_in_line(void *arg)
{
	struct yard *yard = arg;
	struct visitor holder = {.yard = yard, .name = 'h', .works_ms = 100};
	struct visitor tired = {.yard = yard, .name = 't', .arrives_ms = 1, .works_ms = 100};
	struct visitor patient = {.yard = yard, .name = 'p', .arrives_ms = 2, .works_ms = 100};
	struct error err = {0};
	SCOPED(group) struct group group;
	SCOPED(group) struct group quitters;

	group_init(&group, NULL);
	group_init(&quitters, &group);
	permits_init(&yard->permits, loop_current(), 1);
	group_spawn(&group, "holder", work, &holder);
	group_spawn(&quitters, "tired", work, &tired);
	group_spawn(&group, "patient", work, &patient);
	group_set_deadline(&quitters, 50);
	ck_assert(task_join(&quitters, &err));
	ck_assert(!tired.ok);
	ck_assert_int_eq(tired.err.kind, ERROR_TIMEOUT);
	ck_assert(task_join(&group, &err));
	ck_assert(holder.ok && patient.ok);
}

TEST(a_cancelled_task_leaves_the_queue)
{
	struct yard yard = {0};

	ck_assert_int_eq(run_virtual(give_up_in_line, &yard), 200);
	ck_assert_str_eq(yard.order, "hp");
	ck_assert_int_eq(yard.permits.free, 1);
}

static void cancelled_while_handed_over(void *arg)
{
	struct yard *yard = arg;
	struct visitor unlucky = {.yard = yard, .name = 'u', .works_ms = 1};
	struct error err = {0};
	SCOPED(group) struct group group;

	group_init(&group, NULL);
	permits_init(&yard->permits, loop_current(), 1);
	ck_assert(permit_take(&yard->permits, &err));
	group_spawn(&group, "unlucky", work, &unlucky);
	ck_assert(task_sleep(1, &err));
	permit_give(&yard->permits); /* handed to the other, which has not run yet */
	group_cancel(&group);
	ck_assert(task_join(&group, &err));
	ck_assert(!unlucky.ok);
}

TEST(a_permit_handed_to_a_cancelled_task_is_not_lost)
{
	struct yard yard = {0};

	run_virtual(cancelled_while_handed_over, &yard);
	ck_assert_str_eq(yard.order, "");
	ck_assert_int_eq(yard.permits.free, 1);
}

static void wait_at_latch(void *arg)
{
	struct visitor *visitor = arg;

	visitor->ok = latch_wait(&visitor->yard->latch, &visitor->err);
	if (visitor->ok)
		visitor->yard->inside++;
}

static void open_a_latch(void *arg)
{
	struct yard *yard = arg;
	struct visitor visitors[VISITORS];
	struct error err = {0};
	SCOPED(group) struct group group;

	group_init(&group, NULL);
	latch_init(&yard->latch, loop_current());
	for (int i = 0; i < VISITORS; i++) {
		visitors[i] = (struct visitor){.yard = yard};
		group_spawn(&group, "visitor", wait_at_latch, &visitors[i]);
	}
	ck_assert(task_sleep(5, &err));
	ck_assert_int_eq(yard->inside, 0);
	latch_open(&yard->latch);
	ck_assert(task_join(&group, &err));
	ck_assert(latch_wait(&yard->latch, &err));
}

TEST(a_latch_lets_all_pass_once_it_is_open)
{
	struct yard yard = {0};

	ck_assert_int_eq(run_virtual(open_a_latch, &yard), 5);
	ck_assert_int_eq(yard.inside, VISITORS);
}

/* Steps that run beside their caller. */
#include "task/beside.h"
#include "unit.h"
#include "virtual.h"

struct nap {
	int64_t ms;
	bool fails;
	bool woke;
};

static bool take_nap(void *ctx, struct error *err)
{
	struct nap *nap = ctx;

	if (!task_sleep(nap->ms, err))
		return false;
	nap->woke = true;
	return !nap->fails || error_set(err, ERROR_INVALID, "a nightmare");
}

static void nap_together(void *arg)
{
	struct nap *nap = arg;
	struct beside beside = {0};
	struct error err = {0};

	beside_release(&beside);
	beside_begin(&beside, take_nap, nap);
	ck_assert(task_sleep(300, &err));
	ck_assert(beside_end(&beside, &err) == !nap->fails);
	ck_assert_int_eq(err.kind, nap->fails ? ERROR_INVALID : ERROR_NONE);
	beside_release(&beside);
	ck_assert(nap->woke);
}

TEST(a_step_takes_no_time_that_its_caller_waits)
{
	struct nap short_nap = {.ms = 200};
	struct nap long_nap = {.ms = 500, .fails = true};

	ck_assert_int_eq(run_virtual(nap_together, &short_nap), 300);
	ck_assert_int_eq(run_virtual(nap_together, &long_nap), 500);
}

static void leave_early(void *arg)
{
	struct nap *nap = arg;
	struct beside beside = {0};
	struct error err = {0};

	beside_begin(&beside, take_nap, nap);
	ck_assert(task_sleep(10, &err));
	beside_release(&beside);
	ck_assert(!beside.ok);
	ck_assert_int_eq(beside.err.kind, ERROR_CANCELLED);
}

TEST(a_step_that_is_not_needed_is_cancelled)
{
	struct nap nap = {.ms = 500};

	ck_assert_int_eq(run_virtual(leave_early, &nap), 10);
	ck_assert(!nap.woke);
}

static void be_cancelled(void *arg)
{
	struct nap *nap = arg;
	struct beside beside = {0};
	struct error err = {0};

	beside_begin(&beside, take_nap, nap);
	group_set_deadline(task_group(), 20);
	ck_assert(!beside_end(&beside, &err));
	ck_assert_int_eq(err.kind, ERROR_TIMEOUT);
	beside_release(&beside);
	ck_assert(!nap->woke);
}

static void limit(void *arg)
{
	SCOPED(group) struct group group;
	struct error err = {0};

	group_init(&group, NULL);
	group_spawn(&group, "limited", be_cancelled, arg);
	ck_assert(task_join(&group, &err));
}

TEST(a_step_ends_with_its_caller)
{
	struct nap nap = {.ms = 500};

	ck_assert_int_eq(run_virtual(limit, &nap), 20);
}

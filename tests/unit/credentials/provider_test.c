/* Credentials are renewed in time, and by one task at a time. */
#include "credentials/provider.h"

#include "unit.h"

enum { LIFE_MS = 900000, START_MS = 1800000000000 / 1000 };

struct issuer {
	struct clock clock;
	struct provider provider;
	int fetches;
	int64_t takes_ms;
	bool fails;
	int served;
	int refused;
};

static bool issue(void *ctx, struct credentials *credentials, struct error *err)
{
	struct issuer *issuer = ctx;

	issuer->fetches++;
	if (issuer->takes_ms && !task_sleep(issuer->takes_ms, err))
		return false;
	if (issuer->fails)
		return error_set(err, ERROR_NETWORK, "no road");
	credentials_set(credentials, STR("AKIAISSUED"), STR("secretissued"), STR("tokenissued"),
			clock_wall_ms(&issuer->clock) + LIFE_MS);
	return true;
}

static void take(void *arg)
{
	struct issuer *issuer = arg;
	const struct credentials *credentials;
	struct error err = {0};

	if (provider_get(&issuer->provider, &credentials, &err))
		issuer->served++;
	else
		issuer->refused++;
}

static void take_many(struct issuer *issuer, int count)
{
	SCOPED(group) struct group group;
	struct error err;

	group_init(&group, NULL);
	for (int i = 0; i < count; i++)
		group_spawn(&group, "taker", take, issuer);
	ck_assert(task_join(&group, &err));
}

static void play(struct issuer *issuer, void (*act)(void *issuer))
{
	const struct credential_source source = {.name = "test", .fetch = issue, .ctx = issuer};
	struct loop *loop;

	clock_init_virtual(&issuer->clock, START_MS);
	provider_init(&issuer->provider, &source, &issuer->clock);
	loop = loop_new(&issuer->clock);
	loop_run(loop, act, issuer);
	loop_free(loop);
	provider_release(&issuer->provider);
}

static void sleep_for(int64_t ms)
{
	struct error err;

	ck_assert(task_sleep(ms, &err));
}

static void act_one_at_a_time(void *arg)
{
	struct issuer *issuer = arg;

	issuer->takes_ms = 200;
	take_many(issuer, 20);
	ck_assert_int_eq(issuer->fetches, 1);
	ck_assert_int_eq(issuer->served, 20);
}

TEST(asks_once_for_many_who_wait)
{
	play(&(struct issuer){0}, act_one_at_a_time);
}

static void act_windows(void *arg)
{
	struct issuer *issuer = arg;
	int64_t early = LIFE_MS - provider_advisory_ms(LIFE_MS);

	take(issuer);
	sleep_for(early - 1000);
	take(issuer);
	ck_assert_int_eq(issuer->fetches, 1);
	sleep_for(2000);
	issuer->takes_ms = 5000;
	take_many(issuer, 5);
	ck_assert_int_eq(issuer->fetches, 2);
	ck_assert_int_eq(issuer->served, 7);
}

TEST(renews_in_a_window_that_fits_the_life_of_the_session)
{
	ck_assert_int_eq(provider_advisory_ms(900000), 225000);
	ck_assert_int_eq(provider_advisory_ms(43200000), 900000);
	ck_assert_int_eq(provider_mandatory_ms(900000), 150000);
	ck_assert_int_eq(provider_mandatory_ms(43200000), 600000);
	play(&(struct issuer){0}, act_windows);
}

static void act_failing_renewal(void *arg)
{
	struct issuer *issuer = arg;

	take(issuer);
	issuer->fails = true;
	issuer->takes_ms = 100;
	sleep_for(LIFE_MS - 100000);
	take_many(issuer, 10);
	ck_assert_int_eq(issuer->served, 11); /* the old ones are still valid */
	ck_assert_int_eq(issuer->fetches, 2);
	sleep_for(100000);
	take_many(issuer, 10);
	ck_assert_int_eq(issuer->refused, 10);
	ck_assert_int_eq(issuer->fetches, 3); /* one attempt, whose error all get */
	issuer->fails = false;
	take(issuer);
	ck_assert_int_eq(issuer->served, 12);
}

TEST(uses_the_old_credentials_until_they_expire)
{
	play(&(struct issuer){0}, act_failing_renewal);
}

static void act_expired(void *arg)
{
	struct issuer *issuer = arg;

	take(issuer);
	provider_expire(&issuer->provider);
	take(issuer);
	ck_assert_int_eq(issuer->fetches, 2);
}

TEST(renews_when_the_service_says_that_they_expired)
{
	play(&(struct issuer){0}, act_expired);
}

/* What a person chooses, checked before any call. */
#include "aws/settings.h"

#include "unit.h"

static void expect(const struct aws_options *options, const char *text)
{
	struct error err = {0};
	bool ok = aws_options_check(options, &err);

	if (!text) {
		ck_assert_msg(ok, "%s", err.message);
		return;
	}
	ck_assert(!ok);
	ck_assert_int_eq(err.kind, ERROR_USAGE);
	ck_assert_msg(str_contains(str_from(err.message), str_from(text)), "%s", err.message);
}

TEST(accepts_what_the_service_accepts)
{
	struct str roles[] = {STR("arn:aws:iam::123456789012:role/path/a"),
			      STR("arn:aws-us-gov:iam::123456789012:role/b")};
	struct str policies[] = {STR("arn:aws:iam::aws:policy/ReadOnlyAccess")};
	struct str accounts[] = {STR("123456789012")};
	struct aws_options options = {
		.roles = {.items = roles, .len = 2},
		.session_name = STR("a+b=c,d.e@f-g_1"),
		.duration_seconds = 3600,
		.session_policy = STR("{\"Version\":\"2012-10-17\",\"Statement\":[]}"),
		.managed_policies = {.items = policies, .len = 1},
		.allowed_accounts = {.items = accounts, .len = 1},
	};

	expect(&options, NULL);
	options.session_policy = STR("none");
	expect(&options, NULL);
	expect(&(struct aws_options){0}, NULL);
}

TEST(names_the_input_that_is_wrong)
{
	struct str name[] = {STR("reviewer")};
	struct str arns[] = {STR("arn:aws:iam::12:role/a")};
	struct str chain[] = {STR("arn:aws:iam::123456789012:role/a"),
			      STR("arn:aws:iam::123456789012:role/b")};

	expect(&(struct aws_options){.roles = {.items = name, .len = 1}}, "role-to-assume:");
	expect(&(struct aws_options){.roles = {.items = arns, .len = 1}}, "role-to-assume:");
	expect(&(struct aws_options){.roles = {.items = chain, .len = 2}, .duration_seconds = 7200},
	       "at most 3600 seconds");
	expect(&(struct aws_options){.session_name = STR("a")}, "role-session-name:");
	expect(&(struct aws_options){.session_name = STR("a b")}, "role-session-name:");
	expect(&(struct aws_options){.duration_seconds = 899}, "between 900 and 43200");
	expect(&(struct aws_options){.session_policy = STR("{}")}, "inline-session-policy:");
	expect(&(struct aws_options){.session_policy = STR("allow all")}, "inline-session-policy:");
	expect(&(struct aws_options){.managed_policies = {.items = name, .len = 1}},
	       "managed-session-policies:");
	expect(&(struct aws_options){.allowed_accounts = {.items = name, .len = 1}},
	       "allowed-account-ids:");
}

TEST(reads_the_number_of_attempts_or_refuses_it)
{
	static const char *const refused[] = {"0", "101", "-1", "many", "1.5"};
	SCOPED(env) struct env env = {0};
	struct error err = {0};
	int attempts = 7;

	ck_assert(aws_attempts_read(&env, &attempts, &err));
	ck_assert_int_eq(attempts, 0);
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		env_put(&env, STR("AWS_MAX_ATTEMPTS"), str_from(refused[i]));
		ck_assert(!aws_attempts_read(&env, &attempts, &err));
		ck_assert_int_eq(err.kind, ERROR_USAGE);
	}
	env_put(&env, STR("AWS_MAX_ATTEMPTS"), STR(" 100 "));
	ck_assert(aws_attempts_read(&env, &attempts, &err));
	ck_assert_int_eq(attempts, 100);
}

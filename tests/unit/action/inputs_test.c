/* The action's inputs. */
#include "action/inputs.h"

#include "action/input_text.h"
#include "base/log.h"
#include "job/settle.h"

#include "unit.h"

TEST(prefers_the_underscore_spelling_of_an_input)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(env) struct env env = {0};

	env_put(&env, STR("INPUT_MAX-CALLS"), STR(" 200 "));
	ck_assert_str_is(action_input(&env, &arena, "max-calls"), STR("200"));
	env_put(&env, STR("INPUT_MAX_CALLS"), STR("7\n"));
	ck_assert_str_is(action_input(&env, &arena, "max-calls"), STR("7"));
	ck_assert_str_is(action_input(&env, &arena, "model"), STR(""));
}

TEST(reads_booleans_as_the_toolkit_does)
{
	bool value = false;

	ck_assert(action_boolean(STR("TRUE"), &value));
	ck_assert(value);
	ck_assert(action_boolean(STR("False"), &value));
	ck_assert(!value);
	ck_assert(!action_boolean(STR("yes"), &value));
	ck_assert(!action_boolean(STR(""), &value));
}

/* Reads the inputs of an environment that holds one of them. */
static size_t count_errors(const char *variable, const char *value, struct inputs *inputs,
			   struct arena *arena, struct buf *shown)
{
	SCOPED(env) struct env env = {0};
	SCOPED(problems) struct problems problems = {0};

	env_put(&env, str_from(variable), str_from(value));
	if (inputs_read(&env, arena, inputs, &problems))
		ck_assert_uint_eq(problems.errors, 0);
	problems_write(&problems, shown);
	return problems.errors;
}

TEST(gives_defaults_for_what_is_not_set)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf shown = BUF_INIT;
	struct inputs inputs;

	ck_assert_uint_eq(count_errors("INPUT_MODEL", "haiku", &inputs, &arena, &shown), 0);
	ck_assert_str_is(inputs.model, STR("haiku"));
	ck_assert_str_is(inputs.command, STR("review"));
	ck_assert_int_eq(inputs.max_calls, 200);
	ck_assert_int_eq(inputs.max_concurrency, -1);
	ck_assert(inputs.max_cost_usd < 0);
	ck_assert(inputs.incremental);
	ck_assert_uint_eq(inputs.publish.len, 2);
}

TEST(says_which_input_is_wrong_and_what_it_takes)
{
	static const struct {
		const char *variable, *value, *message;
	} rows[] = {
		{"INPUT_MAX-CALLS", "many",
		 "max-calls: \"many\" must be a whole number from 1 to 100000"},
		{"INPUT_DRY-RUN", "yes", "dry-run: \"yes\" must be true or false"},
		{"INPUT_FAIL-ON", "bad", "must be one of critical, high, medium, low, info, never"},
		{"INPUT_PUBLISH", "summary, mail", "publish: \"mail\" must be one of"},
		{"INPUT_SHARD", "1/4", "must be an entry of plan's matrix (\"2/4@HEAD..BASE\")"},
		{"INPUT_TIMEOUT-MINUTES", "-1", "must be a number of at least 0"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		SCOPED(arena) struct arena arena = ARENA_INIT;
		SCOPED(buf) struct buf shown = BUF_INIT;
		struct inputs inputs;

		ck_assert_uint_eq(
			count_errors(rows[i].variable, rows[i].value, &inputs, &arena, &shown), 1);
		ck_assert_msg(str_contains(buf_str(&shown), str_from(rows[i].message)), "%s",
			      shown.ptr);
	}
}

TEST(takes_tokens_out_of_the_environment)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(env) struct env env = {0};
	SCOPED(problems) struct problems problems = {0};
	struct inputs inputs;

	env_put(&env, STR("INPUT_GITHUB-TOKEN"), STR(" ghs_secret\n"));
	ck_assert(inputs_read(&env, &arena, &inputs, &problems));
	ck_assert_str_is(secret_str(inputs.github_token), STR("ghs_secret"));
	ck_assert_str_is(env_get(&env, "INPUT_GITHUB-TOKEN"), STR(""));
	ck_assert(!inputs.agents_token);
	log_reset();
}

TEST(takes_files_below_the_workspace_only)
{
	static const struct {
		const char *given, *taken; /* taken NULL: wrong */
	} rows[] = {
		{"out.json", "out.json"},
		{"a/b.json", "a/b.json"},
		{"/w/s/deep/out.json", "deep/out.json"},
		{"/w/s2/out.json", NULL},
		{"/etc/x", NULL},
		{"../x", NULL},
		{"/w/s/../x", NULL},
		{"a/", NULL},
		{"/w/s/", NULL},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		SCOPED(arena) struct arena arena = ARENA_INIT;
		SCOPED(env) struct env env = {0};
		SCOPED(problems) struct problems problems = {0};
		struct inputs inputs;
		bool ok;

		env_put(&env, STR("GITHUB_WORKSPACE"), STR("/w/s"));
		env_put(&env, STR("INPUT_REPORT-FILE"), str_from(rows[i].given));
		ok = inputs_read(&env, &arena, &inputs, &problems);
		ck_assert_msg(ok == (rows[i].taken != NULL), "%s", rows[i].given);
		if (ok)
			ck_assert_str_is(inputs.report_file, str_from(rows[i].taken));
	}
}

TEST(defaults_are_those_that_apply_without_inputs)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(env) struct env env = {0};
	SCOPED(problems) struct problems problems = {0};
	struct inputs inputs;

	ck_assert(inputs_read(&env, &arena, &inputs, &problems));
	ck_assert_str_is(inputs.name, STR(JOB_NAME_DEFAULT));
	ck_assert_int_eq(inputs.max_calls, JOB_CALLS_DEFAULT);
	ck_assert_int_eq(inputs.max_inline_comments, JOB_INLINE_COMMENTS_DEFAULT);
	ck_assert_int_eq((int)inputs.timeout_minutes, JOB_TIMEOUT_MINUTES_DEFAULT);
	ck_assert_str_is(inputs.config, STR(CONFIG_PATH_DEFAULT));
}

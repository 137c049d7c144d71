/* Outputs, the step summary and annotations, as the runner reads them. */
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "github/actions.h"
#include "unit.h"

static char output_path[] = "/tmp/outcrop-test-XXXXXX";

static void with_file(struct env *env, const char *variable)
{
	int fd;

	memcpy(output_path, "/tmp/outcrop-test-XXXXXX", sizeof(output_path));
	fd = mkstemp(output_path);
	ck_assert_int_ge(fd, 0);
	close(fd);
	env_put(env, str_from(variable), str_from(output_path));
}

TEST(writes_outputs_that_hold_anything)
{
	SCOPED(env) struct env env = {0};
	SCOPED(buf) struct buf text = BUF_INIT;
	struct random random;
	struct error err = {0};
	struct str rest;
	struct str first;
	struct str line;
	struct str name;
	struct str delimiter;

	with_file(&env, "GITHUB_OUTPUT");
	random_init_fixed(&random, 1);
	ck_assert(actions_output(&env, &random, "matrix", STR("a=b\nEOF\n\xff"), &err));
	ck_assert(actions_output(&env, &random, "empty", STR_EMPTY, &err));
	ck_assert(file_read(output_path, 10000, &text, &err));
	rest = buf_str(&text);
	ck_assert(str_next_line(&rest, &first, NULL));
	ck_assert(str_cut(first, STR("<<"), &name, &delimiter));
	ck_assert_str_is(name, STR("matrix"));
	ck_assert_uint_eq(delimiter.len, 32);
	ck_assert(str_next_line(&rest, &line, NULL));
	ck_assert_str_is(line, STR("a=b"));
	ck_assert(str_next_line(&rest, &line, NULL));
	ck_assert(str_next_line(&rest, &line, NULL));
	ck_assert_str_is(line, STR("\xef\xbf\xbd"));
	ck_assert(str_next_line(&rest, &line, NULL));
	ck_assert_str_is(line, delimiter);
	ck_assert(str_starts(rest, STR("empty<<")));
	ck_assert(!str_contains(rest, delimiter));
	unlink(output_path);
}

TEST(cuts_a_step_summary_at_a_line)
{
	SCOPED(env) struct env env = {0};
	SCOPED(buf) struct buf long_text = BUF_INIT;
	SCOPED(buf) struct buf text = BUF_INIT;
	struct error err = {0};

	with_file(&env, "GITHUB_STEP_SUMMARY");
	while (long_text.len < 2 << 20)
		buf_add_text(&long_text, "one line of the summary\n");
	ck_assert(actions_summary(&env, buf_str(&long_text), &err));
	ck_assert(file_read(output_path, 4 << 20, &text, &err));
	ck_assert_uint_lt(text.len, 1 << 20);
	ck_assert(str_contains(buf_str(&text), STR("summary\n\nThe rest is left out")));
	unlink(output_path);
}

TEST(annotates_without_letting_commands_in)
{
	SCOPED(buf) struct buf out = BUF_INIT;
	const struct actions_annotation annotation = {
		.level = LOG_WARNING,
		.path = STR("a,b:c.c"),
		.line = 4,
		.end_line = 6,
		.title = STR("x::error::y"),
		.message = STR("50%\n::set-output name=a::b ##[error]z"),
	};

	actions_annotation_add(&out, &annotation);
	ck_assert_str_is(
		buf_str(&out),
		STR("::warning file=a%2Cb%3Ac.c,line=4,endLine=6,title=x%3A%3Aerror%3A%3Ay::50%25%0A::set-output name=a::b ##\\[error]z\n"));
}

TEST(writes_nothing_outside_of_a_workflow)
{
	SCOPED(env) struct env env = {0};
	struct random random = {0};
	struct error err = {0};

	ck_assert(actions_output(&env, &random, "a", STR("b"), &err));
	ck_assert(actions_summary(&env, STR("text"), &err));
}

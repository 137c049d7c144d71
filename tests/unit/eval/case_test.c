/* Case files: read, placed in their change, written and added to. */
#include "eval/case_write.h"
#include "unit.h"

static const char change[] = "diff --git a/src/pool.c b/src/pool.c\n"
			     "--- a/src/pool.c\n+++ b/src/pool.c\n"
			     "@@ -1,3 +1,4 @@ int take(void)\n"
			     " int take(void)\n {\n+\tconns[i]->busy = 0;\n }\n";

static const char text[] = "title: \"pool: reuse connections\"\n"
			   "language: C\n"
			   "# kept\n"
			   "expect:\n"
			   "  - path: src/pool.c\n"
			   "    at: \"conns[i]->busy = 0;\"\n"
			   "    severity: high\n"
			   "    category: [concurrency, correctness]\n"
			   "    says: \"race|lock\"\n"
			   "proof: The pool is shared.\n";

static void read_case(struct arena *arena, const char *yaml, struct eval_case *item,
		      const char *error)
{
	SCOPED(problems) struct problems problems = {0};
	SCOPED(buf) struct buf out = BUF_INIT;
	bool ok = eval_case_read(arena, str_from(yaml), STR("case.yml"), item, &problems);

	problems_write(&problems, &out);
	ck_assert_msg(ok == (error == NULL), "%s", out.ptr);
	if (error)
		ck_assert_msg(str_contains(buf_str(&out), str_from(error)), "%s", out.ptr);
}

TEST(reads_a_case_and_finds_its_lines)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(problems) struct problems problems = {0};
	SCOPED(diff) struct diff diff = {0};
	struct eval_case item = {0};
	struct error err = {0};
	const struct expectation *row;

	read_case(&arena, text, &item, NULL);
	ck_assert(diff_parse(str_from(change), &diff, &err));
	ck_assert(eval_case_place(&item, &diff, STR("case.yml"), &problems));
	row = item.expect.items;
	ck_assert_uint_eq(row->line, 3);
	ck_assert_uint_eq(row->end_line, 3);
	ck_assert_int_eq(row->severity, SEVERITY_HIGH);
	ck_assert_uint_eq(row->category.len, 2);
}

TEST(reports_code_that_is_not_in_the_change)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(problems) struct problems problems = {0};
	SCOPED(diff) struct diff diff = {0};
	SCOPED(buf) struct buf out = BUF_INIT;
	struct eval_case item = {0};
	struct error err = {0};

	read_case(&arena,
		  "title: t\nexpect:\n  - { path: src/pool.c, at: \"other_code_here();\" }\n",
		  &item, NULL);
	ck_assert(diff_parse(str_from(change), &diff, &err));
	ck_assert(!eval_case_place(&item, &diff, STR("case.yml"), &problems));
	problems_write(&problems, &out);
	ck_assert(str_contains(buf_str(&out), STR("case.yml:3:5: error: expect[0].at: not found")));
}

TEST(reports_what_is_wrong_in_a_case)
{
	static const struct {
		const char *yaml, *error;
	} rows[] = {
		{"expect: []\n", "title"},
		{"title: t\nexpect:\n  - { path: a, says: \"(\" }\n", "not a regular expression"},
		{"title: t\nexpect:\n  - { path: a, lines: \"9-3\" }\n", "FIRST-LAST"},
		{"title: t\nexpext: []\n", "expect"},
		{"title: t\norigin: { kind: found }\n", "escaped, injected, written or label"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		SCOPED(arena) struct arena arena = ARENA_INIT;
		struct eval_case item = {0};

		read_case(&arena, rows[i].yaml, &item, rows[i].error);
	}
}

TEST(what_is_written_reads_back)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf out = BUF_INIT;
	SCOPED(buf) struct buf again = BUF_INIT;
	struct eval_case item = {0}, copy = {0};

	read_case(&arena, text, &item, NULL);
	case_write(&out, &item);
	read_case(&arena, out.ptr, &copy, NULL);
	case_write(&again, &copy);
	ck_assert_str_is(buf_str(&again), buf_str(&out));
}

TEST(accepting_adds_a_row_and_keeps_the_rest)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct eval_case item = {0}, more = {0};
	struct eval_finding finding = {.path = STR("src/pool.c"),
				       .line = 3,
				       .end_line = 3,
				       .severity = SEVERITY_LOW,
				       .title = STR("A \"quoted\" title")};
	struct error err = {0};

	read_case(&arena, text, &item, NULL);
	for (int i = 0; i < 2; i++) {
		SCOPED(buf) struct buf out = BUF_INIT;
		struct case_row row = {.list = i ? "allow" : "expect", .finding = &finding};

		ck_assert(case_accept(&out, str_from(text), &item, &row, &err));
		ck_assert(str_contains(buf_str(&out), STR("# kept\n")));
		ck_assert(str_contains(buf_str(&out), STR("proof: The pool is shared.\n")));
		more = (struct eval_case){0};
		read_case(&arena, arena_str(&arena, buf_str(&out)).ptr, &more, NULL);
		ck_assert_uint_eq(more.expect.len, i ? 1 : 2);
		ck_assert_uint_eq(more.allow.len, i ? 1 : 0);
	}
}

TEST(an_origin_names_its_repository)
{
	static const struct {
		const char *url, *repository;
	} rows[] = {
		{"https://github.com/acme/widgets/pull/7", "acme/widgets"},
		{"https://github.com/acme/widgets", "acme/widgets"},
		{"https://git.example.test/acme/widgets.git", "acme/widgets"},
		{"https://github.com/acme/widgets/commit/3f1c", "acme/widgets"},
		{"https://github.com/acme", ""},
		{"https://github.com/acme/", ""},
		{"https://github.com//widgets", ""},
		{"acme/widgets", ""},
		{"", ""},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		ck_assert_str_is(case_repository(str_from(rows[i].url)),
				 str_from(rows[i].repository));
}

/* Which finding is which expected problem. */
#include "eval/reply_match.h"
#include "unit.h"

static struct eval_finding found(const char *path, int64_t line, int64_t end_line,
				 const char *title)
{
	return (struct eval_finding){
		.path = str_from(path),
		.line = line,
		.end_line = end_line,
		.severity = SEVERITY_HIGH,
		.title = str_from(title),
		.confidence = -1,
	};
}

static struct expectation expected(const char *path, uint32_t line, uint32_t end_line,
				   const char *says)
{
	return (struct expectation){
		.path = str_from(path),
		.line = line,
		.end_line = end_line,
		.severity = -1,
		.says = str_from(says),
	};
}

/* Matches lists that both end where `path` is empty. */
static struct match match_lists(struct arena *arena, struct expectation *rows, size_t rows_len,
				struct eval_finding *findings, size_t findings_len)
{
	struct eval_case *item = ARENA_NEW(arena, struct eval_case);
	struct eval_reply *reply = ARENA_NEW(arena, struct eval_reply);

	item->expect = (struct list){.items = rows, .len = rows_len};
	reply->findings = (struct list){.items = findings, .len = findings_len};
	return match_reply(arena, item, reply);
}

TEST(lines_may_be_three_away_and_no_more)
{
	struct expectation row = expected("a.c", 10, 12, "");
	static const struct {
		int64_t line, end_line;
		bool fits;
	} rows[] = {
		{10, 12, true}, {12, 30, true}, {15, 15, true}, {16, 16, false},
		{7, 7, true},   {1, 6, false},  {0, 0, true},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct eval_finding finding = found("a.c", rows[i].line, rows[i].end_line, "x");

		ck_assert_msg(match_lines_fit(&row, &finding) == rows[i].fits, "row %zu", i);
	}
}

TEST(each_expected_problem_is_hit_once_and_by_the_nearest)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct expectation rows[] = {expected("a.c", 10, 12, "lock"),
				     expected("a.c", 14, 14, "lock")};
	struct eval_finding findings[] = {
		found("a.c", 13, 13, "The lock is released twice"),
		found("a.c", 10, 12, "No lock is held"),
		found("a.c", 14, 14, "A lock is leaked"),
		found("b.c", 10, 12, "The lock of another file"),
	};
	struct match match = match_lists(&arena, rows, 2, findings, 4);

	ck_assert_int_eq(match.of_expected[0], 1);
	ck_assert_int_eq(match.of_expected[1], 2);
	ck_assert_int_eq(match.verdicts[0], VERDICT_DUPLICATE);
	ck_assert_int_eq(match.verdicts[3], VERDICT_NOISE);
}

TEST(other_words_on_the_same_lines_are_noise_and_marked_as_near)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct expectation rows[] = {expected("a.c", 10, 12, "race|lock")};
	struct eval_finding findings[] = {found("a.c", 10, 12, "The name is misspelled")};
	struct match match = match_lists(&arena, rows, 1, findings, 1);

	ck_assert_int_eq(match.of_expected[0], -1);
	ck_assert(match.near[0]);
	ck_assert_int_eq(match.verdicts[0], VERDICT_NOISE);
}

TEST(a_judge_decides_what_words_do_not)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct expectation rows[] = {expected("a.c", 10, 12, "race|lock")};
	struct eval_finding findings[] = {found("a.c", 10, 12, "Two threads may enter together")};
	struct eval_verdict verdict = {.expected = 0, .finding = 0, .same = true};
	struct eval_case item = {.expect = {.items = rows, .len = 1}};
	struct eval_reply reply = {.findings = {.items = findings, .len = 1},
				   .judged = {.items = &verdict, .len = 1}};

	ck_assert_int_eq(match_reply(&arena, &item, &reply).verdicts[0], VERDICT_HIT);
	verdict.same = false;
	ck_assert_int_eq(match_reply(&arena, &item, &reply).verdicts[0], VERDICT_NOISE);
}

TEST(a_judge_is_asked_for_hits_first_and_then_for_duplicates)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct expectation rows[] = {expected("a.c", 10, 12, "race|lock"),
				     expected("a.c", 12, 12, "overflow")};
	struct eval_finding findings[] = {found("a.c", 10, 12, "A race"),
					  found("a.c", 12, 12, "Two threads may enter together")};
	struct eval_verdict verdicts[] = {{.expected = 1, .finding = 1},
					  {.expected = 0, .finding = 1, .same = true}};
	struct eval_case item = {.expect = {.items = rows, .len = 2}};
	struct eval_reply reply = {.findings = {.items = findings, .len = 2}};
	struct undecided *pairs;
	struct match match;

	ck_assert_uint_eq(match_undecided(&arena, &item, &reply, &pairs), 2);
	ck_assert_uint_eq(pairs[0].row, 1);
	ck_assert_uint_eq(pairs[1].row, 0);
	ck_assert_uint_eq(pairs[1].finding, 1);
	reply.judged = (struct list){.items = verdicts, .len = 2};
	ck_assert_uint_eq(match_undecided(&arena, &item, &reply, &pairs), 0);
	match = match_reply(&arena, &item, &reply);
	ck_assert_int_eq(match.verdicts[0], VERDICT_HIT);
	ck_assert_int_eq(match.verdicts[1], VERDICT_DUPLICATE);
}

TEST(words_of_a_label_are_compared)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct expectation row = expected("a.c", 5, 5, "");
	struct eval_finding findings[] = {
		found("a.c", 5, 5,
		      "The buffer overflows when the header is longer than the buffer"),
		found("a.c", 5, 5, "Missing translation"),
	};
	struct match match;

	row.text = STR("A header longer than the buffer overflows it.");
	match = match_lists(&arena, &row, 1, findings, 2);
	ck_assert_int_eq(match.verdicts[0], VERDICT_HIT);
	ck_assert_int_eq(match.verdicts[1], VERDICT_NOISE);
}

TEST(only_what_people_see_is_matched)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct expectation rows[] = {expected("a.c", 10, 12, "")};

	for (int shown = 0; shown_names[shown]; shown++) {
		struct eval_finding finding = found("a.c", 10, 12, "x");
		struct match match;

		finding.shown = shown;
		match = match_lists(&arena, rows, 1, &finding, 1);
		ck_assert_int_eq(match.verdicts[0],
				 shown <= SHOWN_SUMMARY ? VERDICT_HIT : VERDICT_NOT_SHOWN);
	}
}

TEST(allowed_findings_are_not_noise_and_forbidden_ones_count_twice)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct expectation allowed = expected("a.c", 3, 3, "style");
	struct expectation forbidden = expected("a.c", 8, 8, "double free");
	struct eval_finding findings[] = {found("a.c", 3, 3, "A matter of style"),
					  found("a.c", 8, 8, "This is a double free")};
	struct eval_case item = {.allow = {.items = &allowed, .len = 1},
				 .forbid = {.items = &forbidden, .len = 1}};
	struct eval_reply reply = {.findings = {.items = findings, .len = 2}};
	struct match match = match_reply(&arena, &item, &reply);

	ck_assert_int_eq(match.verdicts[0], VERDICT_ALLOWED);
	ck_assert_int_eq(match.verdicts[1], VERDICT_KNOWN_FALSE);
}

TEST(a_label_without_a_place_is_matched_by_its_words)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct expectation row = {.severity = SEVERITY_HIGH,
				  .text = STR("Django querysets do not support negative slicing")};
	struct eval_finding findings[] = {
		found("p.py", 71, 71, "Negative slicing is not supported by Django querysets"),
		found("p.py", 9, 9, "Unused import"),
	};
	struct match match = match_lists(&arena, &row, 1, findings, 2);

	ck_assert_int_eq(match.verdicts[0], VERDICT_HIT);
	ck_assert_int_eq(match.verdicts[1], VERDICT_NOISE);
}

/* Placing findings by their evidence. */
#include "finding/place.h"

#include <string.h>

#include "unit.h"

static const char change[] = "diff --git a/src/old.c b/src/new.c\n"
			     "similarity index 80%\n"
			     "rename from src/old.c\n"
			     "rename to src/new.c\n"
			     "--- a/src/old.c\n"
			     "+++ b/src/new.c\n"
			     "@@ -10,6 +10,8 @@ int pool_get(void)\n"
			     " \tint idx = 0;\n"
			     "-\tlock(&pool->mutex);\n"
			     "+\tif (pool->closed)\r\n"
			     "+\t\treturn -1;\n"
			     "+\tpool->conns[idx]->busy = 0;\n"
			     " \n"
			     " \twhile (idx < pool->len)\n"
			     " \t\tidx++;\n"
			     " \treturn idx;\n"
			     "@@ -40,3 +42,5 @@ void pool_free(void)\n"
			     " \tidx = 0;\n"
			     "+\tpool->conns[idx]->busy = 0;\n"
			     "+\tfree(pool);\n"
			     " \tx = 1;\n"
			     " }\n";

/* A finding to place, and where it should stand. */
struct row {
	const char *name;
	const char *path;
	uint32_t line, end_line;
	enum diff_side side;
	const char *evidence;
	enum placement placement;
	uint32_t at, at_end;
	enum diff_side at_side;
};

#define IN "src/new.c"

static const struct row rows[] = {
	{"stated line", IN, 13, 13, SIDE_RIGHT, "pool->conns[idx]->busy = 0;", PLACEMENT_INLINE, 13,
	 13, 0},
	{"off by three", IN, 16, 16, SIDE_RIGHT, "pool->conns[idx]->busy = 0;", PLACEMENT_MOVED, 13,
	 13, 0},
	{"nearest of two", IN, 40, 40, SIDE_RIGHT, "pool->conns[idx]->busy = 0;", PLACEMENT_MOVED,
	 43, 43, 0},
	{"a tie", IN, 28, 28, SIDE_RIGHT, "pool->conns[idx]->busy = 0;", PLACEMENT_SUMMARY, 28, 28,
	 0},
	{"old path", "src/old.c", 44, 44, SIDE_RIGHT, "free(pool);", PLACEMENT_INLINE, 44, 44, 0},
	{"deleted line", IN, 11, 11, SIDE_LEFT, "lock(&pool->mutex);", PLACEMENT_INLINE, 11, 11,
	 SIDE_LEFT},
	{"wrong side", IN, 11, 11, SIDE_RIGHT, "lock(&pool->mutex);", PLACEMENT_MOVED, 11, 11,
	 SIDE_LEFT},
	{"unchanged line on the left", IN, 13, 13, SIDE_LEFT, "while (idx < pool->len)",
	 PLACEMENT_INLINE, 15, 15, 0},
	{"white space folded, CR", IN, 11, 12, SIDE_RIGHT, "if (pool->closed)   return -1;",
	 PLACEMENT_INLINE, 11, 12, 0},
	{"over a blank line", IN, 2, 2, SIDE_RIGHT,
	 "pool->conns[idx]->busy = 0;\n\nwhile (idx < pool->len)", PLACEMENT_MOVED, 13, 15, 0},
	{"copied with the margin", IN, 44, 44, SIDE_RIGHT, "    44 |+ \tfree(pool);",
	 PLACEMENT_INLINE, 44, 44, 0},
	{"copied with the sign", IN, 44, 44, SIDE_RIGHT, "+\tfree(pool);", PLACEMENT_INLINE, 44, 44,
	 0},
	{"a range beyond its hunk", IN, 43, 300, SIDE_RIGHT, "free(pool);", PLACEMENT_MOVED, 44, 44,
	 0},
	{"too short, elsewhere", IN, 12, 12, SIDE_RIGHT, "x = 1;", PLACEMENT_SUMMARY, 12, 12, 0},
	{"too short, but there", IN, 45, 45, SIDE_RIGHT, "x = 1;", PLACEMENT_INLINE, 45, 45, 0},
	{"invented code", IN, 13, 13, SIDE_RIGHT, "strcpy(buffer, input);", PLACEMENT_SUMMARY, 13,
	 13, 0},
	{"invented file", "src/none.c", 13, 13, SIDE_RIGHT, "free(pool);", PLACEMENT_SUMMARY, 13,
	 13, 0},
	{"no evidence", IN, 13, 13, SIDE_RIGHT, "", PLACEMENT_SUMMARY, 13, 13, 0},
	{"no line", IN, 0, 0, SIDE_RIGHT, "free(pool);", PLACEMENT_SUMMARY, 0, 0, 0},
};

static void place(struct findings *findings, struct finding *finding)
{
	SCOPED(diff) struct diff diff = {0};
	struct error err;

	ck_assert_msg(diff_parse(str_from(change), &diff, &err), "%s", err.message);
	finding_place(findings, finding, &diff);
}

TEST_LOOP(places_by_evidence, 0, (int)ARRAY_LEN(rows))
{
	const struct row *row = &rows[_i];
	SCOPED(findings) struct findings findings = {0};
	struct finding finding = {
		.path = str_from(row->path),
		.line = row->line,
		.end_line = row->end_line,
		.side = row->side,
		.title = STR("t"),
		.evidence = str_from(row->evidence),
	};

	place(&findings, &finding);
	ck_assert_msg(finding.placement == row->placement, "%s: %s, %.*s", row->name,
		      placement_names[finding.placement], STR_ARG(finding.placement_reason));
	ck_assert_msg(finding.line == row->at && finding.end_line == row->at_end, "%s: %u-%u",
		      row->name, finding.line, finding.end_line);
	ck_assert_msg(finding.side == row->at_side || row->placement == PLACEMENT_SUMMARY, "%s",
		      row->name);
	ck_assert_uint_eq(finding.id.len, 16);
	if (row->placement == PLACEMENT_SUMMARY)
		ck_assert_uint_gt(finding.placement_reason.len, 0);
	else
		ck_assert_uint_gt(finding.quoted.len, 0);
}

TEST(names_a_finding_by_its_code_not_its_line_or_words)
{
	SCOPED(findings) struct findings findings = {0};
	struct finding first = {.path = STR_INIT(IN),
				.line = 44,
				.end_line = 44,
				.title = STR_INIT("a"),
				.evidence = STR_INIT("free(pool);")};
	struct finding second = {.path = STR_INIT("src/old.c"),
				 .line = 41,
				 .end_line = 41,
				 .severity = SEVERITY_LOW,
				 .title = STR_INIT("b"),
				 .evidence = STR_INIT("\t free(pool);\n")};

	place(&findings, &first);
	place(&findings, &second);
	ck_assert_str_is(first.id, second.id);
}

TEST(offers_a_suggestion_only_where_it_can_be_applied)
{
	static const struct {
		uint32_t line, end_line;
		enum diff_side side;
		const char *evidence, *suggestion;
		bool offered;
	} cases[] = {
		{44, 44, SIDE_RIGHT, "free(pool);", "\tpool_free(pool);", true},
		{46, 46, SIDE_RIGHT, "free(pool);", "\tpool_free(pool);",
		 true}, /* moved, same length */
		{11, 11, SIDE_LEFT, "lock(&pool->mutex);", "x", false},
		{13, 13, SIDE_RIGHT, "strcpy(buffer, input);", "x", false},
		{40, 45, SIDE_RIGHT, "free(pool);", "x", false}, /* begins outside of the hunk */
		{44, 44, SIDE_RIGHT, "free(pool);", "key = [redacted:aws-access-key]", false},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		SCOPED(findings) struct findings findings = {0};
		struct finding finding = {.path = STR_INIT(IN),
					  .line = cases[i].line,
					  .end_line = cases[i].end_line,
					  .side = cases[i].side,
					  .evidence = str_from(cases[i].evidence),
					  .body = STR_INIT("why"),
					  .title = STR_INIT("t"),
					  .suggestion = str_from(cases[i].suggestion),
					  .has_suggestion = true};

		place(&findings, &finding);
		ck_assert_msg(finding.has_suggestion == cases[i].offered, "case %zu", i);
		/* What is not offered is still there to read. */
		if (!cases[i].offered)
			ck_assert(str_contains(finding.body, str_from(cases[i].suggestion)));
	}
}

/* Every added line of a file of 400, quoted with lines off by up to ten: all right, none wrong. */
TEST(finds_the_right_line_for_all_of_a_large_hunk)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	SCOPED(diff) struct diff diff = {0};
	struct error err;
	int right = 0;
	int wrong = 0;

	buf_add_text(&text, "--- a/f\n+++ b/f\n@@ -0,0 +1,400 @@\n");
	for (int i = 1; i <= 400; i++)
		buf_addf(&text, i % 5 ? "+\tvalue_%d = compute(%d);\n" : "+\treturn value;\n", i,
			 i);
	ck_assert(diff_parse(buf_str(&text), &diff, &err));
	for (uint32_t i = 1; i <= 400; i++) {
		SCOPED(findings) struct findings findings = {0};
		uint32_t stated = i + i * 7 % 21 > 10 ? i + i * 7 % 21 - 10 : 1;
		const struct diff_line *line = diff_line_at(&diff.files[0], SIDE_RIGHT, i, NULL);
		struct finding finding = {.path = STR_INIT("f"),
					  .line = stated,
					  .end_line = stated,
					  .title = STR_INIT("t"),
					  .evidence = line->text};

		finding_place(&findings, &finding, &diff);
		if (i % 5 == 0)
			continue; /* repeated code: nearest is all that can be said */
		right += finding.placement != PLACEMENT_SUMMARY && finding.line == i;
		wrong += finding.placement != PLACEMENT_SUMMARY && finding.line != i;
	}
	ck_assert_int_eq(right, 320);
	ck_assert_int_eq(wrong, 0);
}

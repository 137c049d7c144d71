/* Placing findings in a large change; the other cases are in tests/golden/placement. */
#include "finding/place.h"

#include "unit.h"

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

TEST(white_space_and_blank_lines_do_not_change_the_fingerprint)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct str id = finding_fingerprint(&arena, STR("p"), STR("a b c"));

	ck_assert_str_is(finding_fingerprint(&arena, STR("p"), STR("a\n\n\tb  c\r\n")), id);
	ck_assert(!str_eq(finding_fingerprint(&arena, STR("q"), STR("a b c")), id));
}

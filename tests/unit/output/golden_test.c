/* Pages against golden files; OUTCROP_GOLDEN_WRITE=1 writes them anew, to be read before they are committed. */
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "output/job_summary.h"
#include "output/markdown.h"
#include "output/report.h"
#include "output/terminal.h"
#include "value/json.h"

#include "sample.h"
#include "suites.h"

enum { GOLDEN_SIZE_MAX = 1 << 20 };

static void check_golden(const char *name, const struct buf *text)
{
	static const char folder[] = OUTCROP_SOURCE_ROOT "/tests/golden/output";
	SCOPED(buf) struct buf expected = BUF_INIT;
	char path[600];
	struct error err;

	if (getenv("OUTCROP_GOLDEN_WRITE")) {
		ck_assert_msg(file_write_below(folder, name, buf_str(text), &err), "%s",
			      err.message);
		return;
	}
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	ck_assert_msg(file_read(path, GOLDEN_SIZE_MAX, &expected, &err), "%s", err.message);
	ck_assert_str_eq(text->ptr, expected.ptr);
}

START_TEST(the_summary_of_a_review_with_everything)
{
	SCOPED(review_result) struct review_result result = {0};
	SCOPED(pages) struct pages pages = {0};
	struct review_view view;

	sample_fill(&result);
	view = sample_view(&result);
	markdown_summary(&pages, &view, 1000);
	ck_assert_uint_eq(pages.len, 1);
	check_golden("summary.md", &pages.items[0]);
}
END_TEST

START_TEST(the_summary_of_a_clean_review)
{
	SCOPED(review_result) struct review_result result = {0};
	SCOPED(pages) struct pages pages = {0};
	struct review_view view;

	sample_fill_clean(&result);
	view = sample_view(&result);
	markdown_summary(&pages, &view, 1000);
	check_golden("clean.md", &pages.items[0]);
}
END_TEST

START_TEST(comments_on_lines)
{
	SCOPED(review_result) struct review_result result = {0};
	SCOPED(buf) struct buf text = BUF_INIT;

	sample_fill(&result);
	for (size_t i = 0; i < result.findings.len; i++) {
		if (i)
			buf_add_text(&text, "\n---\n\n");
		markdown_comment(&text, &result.findings.items[i]);
	}
	check_golden("comments.md", &text);
}
END_TEST

START_TEST(the_job_summary)
{
	SCOPED(review_result) struct review_result result = {0};
	SCOPED(buf) struct buf text = BUF_INIT;
	struct review_view view;

	sample_fill(&result);
	view = sample_view(&result);
	job_summary(&text, &view);
	ck_assert(str_contains(buf_str(&text), STR("```mermaid\ngantt\n")));
	check_golden("job_summary.md", &text);
}
END_TEST

START_TEST(the_report)
{
	SCOPED(review_result) struct review_result result = {0};
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf text = BUF_INIT;
	struct review_view view;

	sample_fill(&result);
	view = sample_view(&result);
	json_write(&text, report_value(&arena, &view, STR_EMPTY), JSON_PRETTY);
	buf_add_char(&text, '\n');
	check_golden("report.json", &text);
}
END_TEST

START_TEST(the_result_on_a_terminal)
{
	SCOPED(review_result) struct review_result result = {0};
	SCOPED(buf) struct buf plain = BUF_INIT;
	SCOPED(buf) struct buf coloured = BUF_INIT;
	struct review_view view;

	sample_fill(&result);
	view = sample_view(&result);
	terminal_add(&plain, &view, false);
	terminal_add(&coloured, &view, true);
	ck_assert(!str_contains(buf_str(&plain), STR("\033")));
	ck_assert(str_contains(buf_str(&coloured), STR("\033[")));
	check_golden("terminal.txt", &plain);
}
END_TEST

START_TEST(a_summary_of_any_length_stays_within_comments_and_loses_nothing)
{
	SCOPED(review_result) struct review_result result = {0};
	SCOPED(pages) struct pages pages = {0};
	struct review_view view;
	size_t seen = 0;

	sample_fill(&result);
	for (int i = 0; i < 1500; i++) {
		struct finding finding = result.findings.items[i % 4];

		finding.title = arena_printf(&result.findings.arena, "number %d.", i);
		VEC_PUSH(&result.findings, finding);
	}
	view = sample_view(&result);
	markdown_summary(&pages, &view, 30000);
	ck_assert_uint_gt(pages.len, 2);
	ck_assert_uint_le(pages.items[0].len, COMMENT_SIZE_MAX - 30000);
	for (size_t i = 0; i < pages.len; i++) {
		struct str text = buf_str(&pages.items[i]);
		ptrdiff_t at = -1;

		ck_assert_uint_le(text.len, COMMENT_SIZE_MAX);
		while ((at = str_find(text, STR("number "), (size_t)(at + 1))) >= 0)
			seen++;
	}
	ck_assert_uint_eq(seen, 1500);
}
END_TEST

Suite *golden_suite(void)
{
	Suite *suite = suite_create("golden");
	TCase *tcase = tcase_create("golden");

	tcase_add_test(tcase, the_summary_of_a_review_with_everything);
	tcase_add_test(tcase, the_summary_of_a_clean_review);
	tcase_add_test(tcase, comments_on_lines);
	tcase_add_test(tcase, the_job_summary);
	tcase_add_test(tcase, the_report);
	tcase_add_test(tcase, the_result_on_a_terminal);
	tcase_add_test(tcase, a_summary_of_any_length_stays_within_comments_and_loses_nothing);
	suite_add_tcase(suite, tcase);
	return suite;
}

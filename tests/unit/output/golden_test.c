/* Pages against golden files; OUTCROP_GOLDEN_WRITE=1 writes them anew, to be read before they are committed. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/utf8.h"
#include "output/agent_text.h"
#include "output/job_summary.h"
#include "output/markdown.h"
#include "output/report.h"
#include "output/sarif.h"
#include "output/terminal.h"
#include "value/json.h"

#include "rendered.h"
#include "sample.h"
#include "unit.h"

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
	ck_assert_msg(
		str_eq(buf_str(text), buf_str(&expected)),
		"%s differs: write it anew with OUTCROP_GOLDEN_WRITE=1 and look at the change",
		name);
}

TEST(the_summary_of_a_review_with_everything)
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

TEST(the_summary_of_a_clean_review)
{
	SCOPED(review_result) struct review_result result = {0};
	SCOPED(pages) struct pages pages = {0};
	struct review_view view;

	sample_fill_clean(&result);
	view = sample_view(&result);
	markdown_summary(&pages, &view, 1000);
	check_golden("clean.md", &pages.items[0]);
}

TEST(comments_on_lines)
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

/* Everything that people see of one review: the summary, and each comment on lines. */
static void add_review(struct buf *out, const struct review_view *view)
{
	const struct findings *findings = &view->result->findings;
	SCOPED(pages) struct pages pages = {0};

	markdown_summary(&pages, view, 1000);
	for (size_t i = 0; i < pages.len; i++)
		buf_add(out, buf_str(&pages.items[i]));
	for (size_t i = 0; i < findings->len; i++) {
		if (findings->items[i].placement == PLACEMENT_SUMMARY)
			continue;
		buf_add_text(out, "\n---\n\n");
		markdown_comment(out, &findings->items[i]);
	}
}

static void check_review(const char *file)
{
	SCOPED(review_result) struct review_result result = {0};
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf text = BUF_INIT;
	SCOPED(buf) struct buf page = BUF_INIT;
	struct review_view view;
	struct str shard, commits;
	const struct value *report;
	struct error err = {0};
	const char *fault;
	char path[600];

	snprintf(path, sizeof(path), OUTCROP_SOURCE_ROOT "/tests/golden/output/reviews/%s", file);
	ck_assert_msg(file_read(path, GOLDEN_SIZE_MAX, &text, &err), "%s", err.message);
	report = json_read(&arena, buf_str(&text), 0, &err);
	ck_assert_msg(report && report_read(report, &result, &shard, &commits, &err), "%s: %s",
		      file, err.message);
	view = sample_view(&result);
	add_review(&page, &view);
	snprintf(path, sizeof(path), "reviews/%.*s.md", (int)strlen(file) - 5, file);
	check_golden(path, &page);
	fault = rendered_page_fault(buf_str(&page));
	ck_assert_msg(!fault, "%s: %s", file, fault);
}

/* A review is one report in the folder; its page beside it is written by OUTCROP_GOLDEN_WRITE=1. */
TEST(each_review_of_the_golden_folder_is_shown_as_its_page)
{
	DIR *folder = opendir(OUTCROP_SOURCE_ROOT "/tests/golden/output/reviews");
	struct dirent *entry;
	int count = 0;

	ck_assert_ptr_nonnull(folder);
	while ((entry = readdir(folder))) {
		if (!str_ends(str_from(entry->d_name), STR(".json")))
			continue;
		check_review(entry->d_name);
		count++;
	}
	closedir(folder);
	ck_assert_int_ge(count, 12);
}

TEST(the_job_summary)
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

TEST(the_report)
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

static bool read_nothing(void *ctx, struct str path, struct buf *out)
{
	(void)ctx;
	if (!str_eq(path, STR("src/pool.c")))
		return false;
	for (int i = 1; i < 200; i++)
		buf_addf(out, "line %d\n", i);
	return true;
}

TEST(the_findings_as_sarif)
{
	SCOPED(review_result) struct review_result result = {0};
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf text = BUF_INIT;
	struct sarif_files files = {.read = read_nothing};
	struct review_view view;

	sample_fill(&result);
	view = sample_view(&result);
	json_write(&text, sarif_value(&arena, &view, &files), JSON_PRETTY);
	buf_add_char(&text, '\n');
	check_golden("outcrop.sarif", &text);
}

static bool count_reads(void *ctx, struct str path UNUSED, struct buf *out)
{
	(*(int *)ctx)++;
	return read_nothing(NULL, STR("src/pool.c"), out);
}

TEST(a_file_with_many_findings_is_read_once)
{
	SCOPED(review_result) struct review_result result = {0};
	SCOPED(arena) struct arena arena = ARENA_INIT;
	int reads = 0;
	struct sarif_files files = {.read = count_reads, .ctx = &reads};
	struct review_view view;

	for (uint32_t i = 0; i < 100; i++)
		VEC_PUSH(&result.findings,
			 (struct finding){.path = i % 2 ? STR("src/a.c") : STR("src/b.c"),
					  .line = i + 1,
					  .end_line = i + 1,
					  .title = STR("t")});
	view = (struct review_view){.result = &result};
	ck_assert(sarif_value(&arena, &view, &files));
	ck_assert_int_eq(reads, 2);
}

TEST(a_report_that_was_read_back_is_the_same)
{
	SCOPED(review_result) struct review_result result = {0};
	SCOPED(review_result) struct review_result again = {0};
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf first = BUF_INIT;
	SCOPED(buf) struct buf second = BUF_INIT;
	struct str shard = STR_EMPTY;
	struct str commits = STR_EMPTY;
	struct review_view view;
	struct value *report;
	struct error err = {0};

	sample_fill(&result);
	/* What was published is not read back: joined reports are published anew. */
	for (size_t i = 0; i < result.findings.len; i++) {
		result.findings.items[i].published = PUBLISHED_NOT_PLANNED;
		result.findings.items[i].carried = false;
	}
	result.dropped.items[0].finding.published = PUBLISHED_NOT_PLANNED;
	view = sample_view(&result);
	report = report_value(&arena, &view, STR("2/4"));
	json_write(&first, report, JSON_PRETTY);
	report = json_read(&arena, buf_str(&first), 0, &err);
	ck_assert_msg(report_read(report, &again, &shard, &commits, &err), "%s", err.message);
	ck_assert_str_is(shard, STR("2/4"));
	ck_assert_str_is(
		commits,
		STR("2222222222222222222222222222222222222222..1111111111111111111111111111111111111111"));
	view.result = &again;
	json_write(&second, report_value(&arena, &view, shard), JSON_PRETTY);
	for (size_t i = 0; i < first.len; i++) {
		if (second.len <= i || first.ptr[i] != second.ptr[i])
			ck_abort_msg("at byte %zu: %.200s... became %.200s", i,
				     first.ptr + i - MIN_OF(i, (size_t)60),
				     second.ptr + MIN_OF(second.len, i - MIN_OF(i, (size_t)60)));
	}
	ck_assert_uint_eq(second.len, first.len);
}

TEST(a_report_of_something_else_is_refused_by_name_of_what_is_wrong)
{
	static const struct {
		const char *text, *message;
	} rows[] = {
		{"{}", "schema_version"},
		{"[]", "mapping"},
		{"{\"schema_version\":1,\"agents\":[{\"name\":3}]}", "/agents/0/name"},
		{"{\"schema_version\":99}", "schema_version"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		SCOPED(review_result) struct review_result result = {0};
		SCOPED(arena) struct arena arena = ARENA_INIT;
		struct str shard;
		struct str commits;
		struct error err = {0};
		struct value *report = json_read(&arena, str_from(rows[i].text), 0, &err);

		ck_assert(!report_read(report, &result, &shard, &commits, &err));
		ck_assert_int_eq(err.kind, ERROR_CONFIG);
		ck_assert_msg(str_contains(str_from(err.message), str_from(rows[i].message)), "%s",
			      err.message);
		ck_assert_uint_eq(result.findings.len, 0);
	}
}

TEST(the_result_on_a_terminal)
{
	SCOPED(review_result) struct review_result result = {0};
	SCOPED(buf) struct buf plain = BUF_INIT;
	SCOPED(buf) struct buf colored = BUF_INIT;
	struct review_view view;

	sample_fill(&result);
	view = sample_view(&result);
	terminal_add(&plain, &view, false, TERMINAL_WIDTH);
	terminal_add(&colored, &view, true, TERMINAL_WIDTH);
	ck_assert(!str_contains(buf_str(&plain), STR("\033")));
	ck_assert(str_contains(buf_str(&colored), STR("\033[")));
	check_golden("terminal.txt", &plain);
}

/* Whether a line holds a word too long for it: nothing can be folded there. */
static bool has_long_word(struct str line, size_t width)
{
	struct str word;

	while (str_next_part(&line, ' ', &word)) {
		if (utf8_count(word) + 6 > width)
			return true;
	}
	return false;
}

TEST(text_on_a_terminal_is_folded_between_words_at_its_width)
{
	static const int widths[] = {40, 60, 80, 120};

	for (size_t i = 0; i < ARRAY_LEN(widths); i++) {
		SCOPED(review_result) struct review_result result = {0};
		SCOPED(buf) struct buf text = BUF_INIT;
		size_t width = (size_t)widths[i];
		struct review_view view;
		struct str rest, line;

		sample_fill(&result);
		for (size_t j = 0; j < result.findings.len; j++)
			result.findings.items[j].has_suggestion = false;
		view = sample_view(&result);
		terminal_add(&text, &view, false, widths[i]);
		rest = buf_str(&text);
		while (str_next_line(&rest, &line, NULL)) {
			ck_assert_msg(utf8_count(line) <= width || has_long_word(line, width) ||
					      str_starts(line, STR("      ")),
				      "%zu: %.*s", width, STR_ARG(line));
			ck_assert_msg(!str_ends(line, STR(" ")), "%zu: %.*s|", width,
				      STR_ARG(line));
		}
	}
}

TEST(what_is_below_the_minimum_severity_is_in_the_report_only)
{
	SCOPED(review_result) struct review_result result = {0};
	SCOPED(buf) struct buf page = BUF_INIT;
	struct review_view view;

	sample_fill(&result);
	findings_hide_below(&result.findings, &(struct finding_floor){.severity = SEVERITY_HIGH});
	/* One of an earlier review stays until it is closed. */
	result.findings.items[2].hidden = false;
	view = sample_view(&result);
	markdown_document(&page, &view);
	ck_assert(!str_contains(buf_str(&page), STR("No memory limit")));
	ck_assert(str_contains(buf_str(&page), STR("3 findings (1 critical, 1 high, 1 medium)")));
}

TEST(the_findings_for_a_coding_agent)
{
	SCOPED(review_result) struct review_result result = {0};
	SCOPED(buf) struct buf text = BUF_INIT;
	struct review_view view;

	sample_fill(&result);
	view = sample_view(&result);
	agent_text(&text, &view);
	check_golden("agent.txt", &text);
}

TEST(a_summary_of_any_length_stays_within_comments_and_loses_nothing)
{
	SCOPED(review_result) struct review_result result = {0};
	SCOPED(pages) struct pages pages = {0};
	struct review_view view;
	size_t expected = 0;
	size_t seen = 0;

	sample_fill(&result);
	for (int i = 0; i < 1500; i++) {
		struct finding finding = result.findings.items[i % 4];

		finding.title = arena_printf(&result.findings.arena, "number %d.", i);
		/* A row of the table, and in full what has no comment on lines. */
		expected += finding.placement == PLACEMENT_SUMMARY ? 2 : 1;
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
	ck_assert_uint_eq(seen, expected);
}

TEST(a_comment_stays_below_githubs_limit)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	SCOPED(buf) struct buf comment = BUF_INIT;
	struct finding finding = {.has_suggestion = true};

	while (text.len < 200000)
		buf_add_text(&text, "& <b> @bob ``` \n");
	finding.title = finding.body = finding.suggestion = finding.category = buf_str(&text);
	markdown_comment(&comment, &finding);
	ck_assert_uint_le(comment.len, COMMENT_SIZE_MAX);
}

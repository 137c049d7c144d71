/* Scripted findings over changes that git made: quoted right, stated wrong. */
#include <stdio.h>
#include <string.h>

#include "finding/place.h"

#include "unit.h"
#include "vectors.h"

enum { LINES_TRIED_MAX = 400, FILES_TRIED_MAX = 60, LETTERS_MIN = 6 };

/* Counts the results of the findings that were tried. */
struct script_tally {
	size_t tried, right, wrong, summary;
};

/* How a finding is wrong. */
struct mistake {
	int shift; /* of its lines */
	bool side; /* the other one */
	bool old_path;
	bool tabs;      /* blanks for tabs */
	bool numbers;   /* with the numbers shown before each line */
	uint32_t lines; /* how many are quoted */
};

static const struct mistake mistakes[] = {
	{.lines = 1},
	{.lines = 3},
	{.lines = 1, .shift = 1},
	{.lines = 1, .shift = -4, .tabs = true},
	{.lines = 2, .shift = 10},
	{.lines = 3, .shift = -10, .old_path = true},
	{.lines = 1, .side = true},
	{.lines = 2, .shift = 3, .numbers = true},
	{.lines = 1, .shift = 7, .tabs = true, .old_path = true},
};

static uint32_t number_of(const struct diff_line *line)
{
	return line->kind == LINE_DELETED ? line->old_line : line->new_line;
}

/* Quotes `count` lines of one kind from `at` on; 0 where there are not that many. */
static uint32_t quote_lines(const struct diff_hunk *hunk, size_t at, const struct mistake *mistake,
			    struct buf *out)
{
	char kind = hunk->lines[at].kind;

	for (size_t i = at; i < at + mistake->lines; i++) {
		const struct diff_line *line;

		if (i >= hunk->len || hunk->lines[i].kind != kind)
			return 0;
		line = &hunk->lines[i];
		if (mistake->numbers)
			buf_addf(out, "%6u |%c ", number_of(line), kind);
		for (size_t j = 0; j < line->text.len; j++) {
			if (mistake->tabs && line->text.ptr[j] == '\t')
				buf_add_text(out, "    ");
			else
				buf_add_char(out, line->text.ptr[j]);
		}
		buf_add_char(out, '\n');
	}
	return number_of(&hunk->lines[at]);
}

static size_t count_letters(struct str text)
{
	size_t letters = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		letters += (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
	}
	return letters;
}

/* Whether both are the same line apart from white space. */
static bool same_code(struct str a, struct str b)
{
	size_t i = 0;
	size_t j = 0;

	for (;;) {
		while (i < a.len && strchr(" \t\r\n\v\f", a.ptr[i]))
			i++;
		while (j < b.len && strchr(" \t\r\n\v\f", b.ptr[j]))
			j++;
		if (i == a.len || j == b.len)
			return i == a.len && j == b.len;
		if (a.ptr[i++] != b.ptr[j++])
			return false;
	}
}

/* Whether the same line occurs again in the file: then evidence alone cannot tell which one is meant. */
static bool occurs_twice(const struct diff_file *file, const struct diff_line *line)
{
	for (size_t i = 0; i < file->len; i++) {
		for (size_t j = 0; j < file->hunks[i].len; j++) {
			const struct diff_line *other = &file->hunks[i].lines[j];

			if (other != line && other->text.len >= 1 &&
			    str_contains(str_trim(other->text), str_trim(line->text)))
				return true;
			if (other != line && same_code(other->text, line->text))
				return true;
		}
	}
	return false;
}

static void try_mistake(const struct diff *diff, const struct diff_file *file,
			const struct diff_hunk *hunk, size_t at, const struct mistake *mistake,
			struct script_tally *tally)
{
	SCOPED(findings) struct findings findings = {0};
	SCOPED(buf) struct buf evidence = BUF_INIT;
	const struct diff_line *line = &hunk->lines[at];
	enum diff_side side = line->kind == LINE_DELETED ? SIDE_LEFT : SIDE_RIGHT;
	uint32_t number = quote_lines(hunk, at, mistake, &evidence);
	int64_t said = (int64_t)number + mistake->shift;
	struct finding finding;

	if (!number || said < 1)
		return;
	finding = (struct finding){
		.path = mistake->old_path ? file->old_path : file->path,
		.line = (uint32_t)said,
		.end_line = (uint32_t)said + mistake->lines - 1,
		.side = mistake->side ? (side == SIDE_LEFT ? SIDE_RIGHT : SIDE_LEFT) : side,
		.evidence = buf_str(&evidence),
	};
	finding_place(&findings, &finding, diff);
	tally->tried++;
	if (finding.placement == PLACEMENT_SUMMARY)
		tally->summary++;
	else if (finding.line == number && finding.side == side &&
		 finding.end_line == number + mistake->lines - 1)
		tally->right++;
	else
		tally->wrong++;
}

static void try_file(const struct diff *diff, const struct diff_file *file,
		     struct script_tally *tally)
{
	size_t tried = 0;

	for (size_t i = 0; i < file->len; i++) {
		const struct diff_hunk *hunk = &file->hunks[i];

		for (size_t j = 0; j < hunk->len && tried < LINES_TRIED_MAX; j += 1 + tried / 20) {
			if (count_letters(hunk->lines[j].text) < LETTERS_MIN ||
			    hunk->lines[j].text.len > 400 || occurs_twice(file, &hunk->lines[j]))
				continue;
			tried++;
			for (size_t k = 0; k < ARRAY_LEN(mistakes); k++)
				try_mistake(diff, file, hunk, j, &mistakes[k], tally);
		}
	}
}

static void try_diff(const char *name, struct str text, const struct value *truth UNUSED, void *ctx)
{
	SCOPED(diff) struct diff diff = {0};
	struct script_tally *tally = ctx;
	struct error err;
	size_t step;

	ck_assert_msg(diff_parse(text, &diff, &err), "%s: %s", name, err.message);
	step = diff.len / FILES_TRIED_MAX + 1;
	for (size_t i = 0; i < diff.len; i += step) {
		if (diff.files[i].status != DIFF_TYPE_CHANGED)
			try_file(&diff, &diff.files[i], tally);
	}
}

TEST(findings_about_every_kind_of_change_are_placed_where_they_belong)
{
	struct script_tally tally = {0};

	vectors_each_diff(try_diff, &tally);
	printf("# placing: %zu findings, %zu right, %zu wrong, %zu to the summary\n", tally.tried,
	       tally.right, tally.wrong, tally.summary);
	fflush(stdout);
	ck_assert_uint_gt(tally.tried, 1000);
	ck_assert_uint_eq(tally.wrong, 0);
	ck_assert_uint_ge(tally.right * 100, tally.tried * 99);
}

/* Reads the hunks of one file. */
#include "diff/hunks.h"

#include <string.h>

#include "base/breathe.h"

static bool take_text(const struct diff_reader *reader, struct str *rest, struct str *line)
{
	if (!str_next_line(rest, line, NULL))
		return false;
	if (reader->crlf && str_ends(*line, STR("\r")))
		line->len--;
	return true;
}

bool reader_peek(const struct diff_reader *reader, struct str *line)
{
	struct str rest = reader->rest;

	return take_text(reader, &rest, line);
}

bool reader_next(struct diff_reader *reader, struct str *line)
{
	if (!take_text(reader, &reader->rest, line))
		return false;
	reader->number++;
	return true;
}

bool hunk_starts(struct str line)
{
	return str_starts(line, STR("@@ -"));
}

/* "12,5" or "12": a start and a length, which is 1 when it is left out. */
static bool read_range(struct str text, uint32_t *start, uint32_t *len)
{
	struct str first = text;
	struct str second = STR("1");
	int64_t a;
	int64_t b;

	str_cut(text, STR(","), &first, &second);
	if (!str_to_int64(first, &a) || !str_to_int64(second, &b))
		return false;
	if (a < 0 || b < 0 || a > DIFF_LINE_MAX || b > DIFF_LINE_MAX - a)
		return false;
	/* Lines count from 1; only an empty side starts at 0. */
	if (!a && b)
		return false;
	*start = (uint32_t)a;
	*len = (uint32_t)b;
	return true;
}

/* "@@ -12,5 +12,7 @@ section" */
static bool read_header(struct str line, struct diff_hunk *hunk)
{
	struct str old_range;
	struct str new_range;
	struct str rest = str_skip(line, 4);

	if (!str_cut(rest, STR(" +"), &old_range, &rest) ||
	    !str_cut(rest, STR(" @@"), &new_range, &rest))
		return false;
	hunk->section = str_trim(rest);
	return read_range(old_range, &hunk->old_start, &hunk->old_len) &&
	       read_range(new_range, &hunk->new_start, &hunk->new_len);
}

/* The lines of a hunk that are still missing. */
struct hunk_progress {
	uint32_t old_line, new_line;
	uint32_t old_left, new_left;
};

struct line_list {
	VEC_FIELDS(struct diff_line);
};

static bool bad_line(const struct diff_reader *reader, const char *what, struct error *err)
{
	return error_set(err, ERROR_SYNTAX, "line %zu: %s", reader->number, what);
}

enum { KIND_MASK = 0x7f };

static bool take_line(struct diff_reader *reader, struct str text, struct hunk_progress *left,
		      struct diff_file *file, struct line_list *lines, struct error *err)
{
	/* Some tools remove the blank of an empty context line. */
	char kind = text.len && text.ptr[0] != '\r' ? text.ptr[0] : LINE_CONTEXT;
	struct diff_line line = {.text = str_skip(text, text.len ? 1 : 0)};
	bool old_side = kind == LINE_CONTEXT || kind == LINE_DELETED;
	bool new_side = kind == LINE_CONTEXT || kind == LINE_ADDED;

	if (!old_side && !new_side)
		return bad_line(
			reader,
			"the hunk ends before its header says; the diff is cut or damaged: make it again",
			err);
	if ((old_side && !left->old_left) || (new_side && !left->new_left))
		return bad_line(reader, "the hunk has more lines than its header says", err);
	line.kind = (unsigned)kind & KIND_MASK;
	if (old_side) {
		line.old_line = left->old_line++ & DIFF_LINE_MAX;
		left->old_left--;
	}
	if (new_side) {
		line.new_line = left->new_line++ & DIFF_LINE_MAX;
		left->new_left--;
	}
	file->additions += kind == LINE_ADDED;
	file->deletions += kind == LINE_DELETED;
	VEC_PUSH(lines, line);
	return true;
}

enum { STEP_LINES = 1024, LINES_EXPECTED_MAX = 1024 };

/* Makes room for the lines that the header announces, within reason: it may say anything. */
static void expect_lines(struct line_list *lines, const struct diff_hunk *hunk)
{
	lines->cap = MIN_OF(MAX_OF(hunk->old_len, hunk->new_len), (uint32_t)LINES_EXPECTED_MAX);
	lines->items = memory_grow(NULL, lines->cap, sizeof(*lines->items));
}

static bool read_lines(struct diff_reader *reader, struct diff_hunk *hunk, struct diff_file *file,
		       struct line_list *lines, struct error *err)
{
	struct hunk_progress left = {hunk->old_start, hunk->new_start, hunk->old_len,
				     hunk->new_len};
	struct str text;

	while (left.old_left || left.new_left) {
		if (!reader_next(reader, &text))
			return bad_line(
				reader,
				"the diff ends in the middle of a hunk; it was cut: make it again",
				err);
		if (lines->len % STEP_LINES == 0)
			breathe();
		if (text.len && text.ptr[0] == '\\') {
			if (!lines->len)
				return bad_line(reader, "\"\\\" before the first line of a hunk",
						err);
			lines->items[lines->len - 1].no_newline = true;
		} else if (!take_line(reader, text, &left, file, lines, err)) {
			return false;
		}
	}
	if (reader_peek(reader, &text) && text.len && text.ptr[0] == '\\' && lines->len) {
		lines->items[lines->len - 1].no_newline = true;
		return reader_next(reader, &text);
	}
	return true;
}

bool hunk_read(struct diff_reader *reader, struct arena *arena, struct diff_file *file,
	       struct hunk_list *hunks, struct error *err)
{
	struct diff_hunk hunk = {0};
	struct line_list lines = {0};
	struct str header;
	bool ok;

	if (!reader_next(reader, &header) || !read_header(header, &hunk))
		return bad_line(reader, "a hunk's header reads \"@@ -LINE,COUNT +LINE,COUNT @@\"",
				err);
	expect_lines(&lines, &hunk);
	ok = read_lines(reader, &hunk, file, &lines, err);
	if (ok) {
		hunk.len = lines.len;
		hunk.lines = ARENA_ARRAY(arena, struct diff_line, lines.len);
		if (lines.len)
			memcpy(hunk.lines, lines.items, lines.len * sizeof(*hunk.lines));
		VEC_PUSH(hunks, hunk);
	}
	VEC_RELEASE(&lines);
	return ok;
}

void hunks_give(struct hunk_list *hunks, struct arena *arena, struct diff_file *file)
{
	struct diff_hunk *all;

	if (hunks->len) {
		all = ARENA_ARRAY(arena, struct diff_hunk, file->len + hunks->len);
		if (file->len)
			memcpy(all, file->hunks, file->len * sizeof(*all));
		memcpy(all + file->len, hunks->items, hunks->len * sizeof(*all));
		file->hunks = all;
		file->len += hunks->len;
	}
	VEC_RELEASE(hunks);
}

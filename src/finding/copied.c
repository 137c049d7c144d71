/* Removes what a model copies along with code: fences, line numbers, marks. */
#include "finding/copied.h"

#include <string.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "diff/diff.h"

static bool is_one_of(char c, const char *set)
{
	return c && strchr(set, c);
}

static size_t skip_blanks(struct str text, size_t at)
{
	while (at < text.len && text.ptr[at] == ' ')
		at++;
	return at;
}

static size_t skip_digits(struct str text, size_t at)
{
	while (at < text.len && ascii_is_digit(text.ptr[at]))
		at++;
	return at;
}

bool copied_shown(struct str *line, char *kind)
{
	size_t start = skip_blanks(*line, 0);
	size_t end = skip_digits(*line, start);
	size_t at = skip_blanks(*line, end);

	if (end == start || at == line->len || line->ptr[at] != '|')
		return false;
	at++;
	*kind = LINE_CONTEXT;
	if (at < line->len && is_one_of(line->ptr[at], "+- "))
		*kind = line->ptr[at++];
	*line = str_skip(*line, at);
	return true;
}

bool copied_patch(struct str *line, char *kind)
{
	if (!line->len || !is_one_of(line->ptr[0], "+- "))
		return false;
	*kind = line->ptr[0];
	*line = str_skip(*line, 1);
	return true;
}

/* Returns the end of "path:" in front of a number, or 0. */
static size_t path_end(struct str line)
{
	for (size_t i = 0; i + 1 < line.len && line.ptr[i] != ' '; i++) {
		if (i && line.ptr[i] == ':' && ascii_is_digit(line.ptr[i + 1]))
			return i + 1;
	}
	return 0;
}

bool copied_numbers(struct str *line, char *kind)
{
	size_t path = path_end(*line);
	size_t start = path ? path : skip_blanks(*line, 0);
	size_t end;

	if (!path && str_starts_nocase(str_skip(*line, start), STR("L")))
		start++;
	end = skip_digits(*line, start);
	if (end == start || end == line->len || !is_one_of(line->ptr[end], ":\t"))
		return false;
	*kind = LINE_CONTEXT;
	*line = str_skip(*line, end + 1);
	return true;
}

/* ---- Around the text ---- */

/* The length of a line that opens or closes a fence; 0 if it is not one. */
static size_t fence_len(struct str line)
{
	size_t len = 0;

	line = str_trim(line);
	while (len < line.len && (line.ptr[len] == '`' || line.ptr[len] == '~') &&
	       line.ptr[len] == line.ptr[0])
		len++;
	return len >= 3 ? len : 0;
}

struct str copied_strip_fence(struct str text)
{
	struct str rest = str_trim(text);
	struct str line;
	ptrdiff_t last;

	if (!fence_len(rest) || !str_next_line(&rest, &line, NULL))
		return text;
	last = str_rfind_char(rest, '\n');
	if (fence_len(str_skip(rest, (size_t)(last + 1))))
		rest = str_slice(rest, 0, (size_t)(last + 1));
	return rest.len ? rest : text;
}

static bool strip_pair(struct str *text)
{
	struct str trimmed = str_trim(*text);

	if (trimmed.len < 3 || trimmed.ptr[0] != '`' || trimmed.ptr[trimmed.len - 1] != '`')
		return false;
	*text = str_slice(trimmed, 1, trimmed.len - 2);
	return true;
}

struct str copied_strip_ticks(struct arena *arena, struct str text)
{
	SCOPED(buf) struct buf out = BUF_INIT;
	struct str rest = text;
	struct str line;

	if (str_find_char(str_trim(text), '\n', 0) < 0) {
		strip_pair(&text);
		while (strip_pair(&text))
			;
		return text;
	}
	while (str_next_line(&rest, &line, NULL)) {
		if (str_trim(line).len && !strip_pair(&line)) {
			strip_pair(&text);
			return text;
		}
		buf_addf(&out, "%.*s\n", STR_ARG(line));
	}
	return arena_str(arena, buf_str(&out));
}

/* ---- Suggestions ---- */

/* Counts the lines that start with a mark, and records which: '+' or '-' at least once. */
struct line_marks {
	size_t lines, marked, added;
	bool any_deleted;
};

static struct line_marks count_marks(struct str text)
{
	struct line_marks marks = {0};
	struct str line;

	while (str_next_line(&text, &line, NULL)) {
		if (!line.len)
			continue;
		marks.lines++;
		marks.marked += is_one_of(line.ptr[0], "+- ");
		marks.added += line.ptr[0] == '+';
		marks.any_deleted |= line.ptr[0] == '-';
	}
	return marks;
}

/* Whether each line that is not blank starts with `prefix`. */
static bool all_have(struct str text, copied_prefix *prefix)
{
	struct str line;
	bool any = false;

	while (str_next_line(&text, &line, NULL)) {
		char kind;

		if (!str_trim(line).len)
			continue;
		if (!prefix(&line, &kind))
			return false;
		any = true;
	}
	return any;
}

/* The lines of one side of a diff, without the prefix; lines of the kind `foreign` are left out. */
static struct str side_of(struct arena *arena, struct str text, copied_prefix *prefix, char foreign)
{
	SCOPED(buf) struct buf out = BUF_INIT;
	struct str line;

	while (text.len && str_next_line(&text, &line, NULL)) {
		char kind = LINE_CONTEXT;
		bool blank = !str_trim(line).len;

		if (!blank && !prefix(&line, &kind))
			continue;
		if (prefix == copied_shown && str_starts(line, STR(" ")))
			line = str_skip(line, 1);
		if (kind != foreign)
			buf_addf(&out, "%s%.*s", out.len ? "\n" : "",
				 STR_ARG(blank ? STR_EMPTY : line));
	}
	return arena_str(arena, buf_str(&out));
}

bool copied_suggestion(struct arena *arena, struct str text, struct str old, struct str *code)
{
	struct str inside = copied_strip_fence(text);
	struct line_marks marks;
	struct line_marks old_marks;

	*code = text;
	if (inside.ptr != text.ptr || inside.len != text.len)
		*code = str_ends(inside, STR("\n")) ? str_slice(inside, 0, inside.len - 1) : inside;
	if (all_have(*code, copied_shown)) {
		*code = side_of(arena, *code, copied_shown, LINE_DELETED);
		return true;
	}
	marks = count_marks(*code);
	if (!marks.added || marks.marked < marks.lines)
		return true;
	/* Each line starts as in a patch. This is plain code if the replaced lines start in the same way. */
	old_marks = count_marks(old);
	if (old_marks.added || old_marks.any_deleted)
		return false;
	/* A patch with context replaces exactly these lines; otherwise the lines are unknown. */
	if (marks.added < marks.lines &&
	    !str_eq(side_of(arena, *code, copied_patch, LINE_ADDED), old))
		return false;
	*code = side_of(arena, *code, copied_patch, LINE_DELETED);
	return true;
}

/* Finds the code that a finding quotes in a file's change. */
#include "finding/evidence.h"

#include <string.h>

#include "finding/copied.h"
#include "finding/finding.h"
#include "finding/fold.h"

enum { LETTERS_MIN = 6 };

/* ---- Reading ---- */

/* Returns the text before the first line that only marks an omission; empty without such a line. */
static struct str before_ellipsis(struct str text)
{
	static const struct str marks[] = {STR_INIT("..."), STR_INIT("…"), STR_INIT("// ..."),
					   STR_INIT("# ..."), STR_INIT("/* ... */")};
	struct str rest = text;
	struct str line;

	while (str_next_line(&rest, &line, NULL)) {
		for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
			if (str_eq(str_trim(line), marks[i]))
				return str_slice(text, 0, (size_t)(line.ptr - text.ptr));
		}
	}
	return STR_EMPTY;
}

/* One interpretation of the quoted text. */
static const struct {
	copied_prefix *prefix;
	bool ticks, cut;
} readings[EVIDENCE_READINGS] = {
	{0},
	{.prefix = copied_shown},
	{.prefix = copied_patch},
	{.prefix = copied_numbers},
	{.ticks = true},
	{.cut = true},
};

struct evidence evidence_read(struct arena *arena, struct str text, int reading)
{
	copied_prefix *prefix = readings[reading].prefix;
	struct evidence evidence = {.has_kinds = prefix == copied_shown || prefix == copied_patch};
	struct str rest = copied_strip_fence(text);
	struct str line;
	size_t letters = 0;

	/* In Markdown a fence can be the code itself. */
	if (!str_trim(rest).len)
		rest = text;
	if (readings[reading].ticks)
		rest = copied_strip_ticks(arena, rest);
	if (readings[reading].cut)
		rest = before_ellipsis(rest);
	evidence.lines = ARENA_ARRAY(arena, struct str, EVIDENCE_LINES_MAX);
	evidence.kinds = ARENA_ARRAY(arena, char, EVIDENCE_LINES_MAX);
	while (evidence.len < EVIDENCE_LINES_MAX && str_next_line(&rest, &line, NULL)) {
		SCOPED(buf) struct buf folded = BUF_INIT;
		char kind = LINE_CONTEXT;

		if (prefix && str_trim(line).len && !prefix(&line, &kind))
			return (struct evidence){0};
		text_fold(&folded, line);
		evidence.blank_after++;
		if (!folded.len)
			continue;
		if (!evidence.len)
			evidence.blank_before = evidence.blank_after - 1;
		evidence.blank_after = 0;
		letters += fold_count_letters(buf_str(&folded));
		evidence.kinds[evidence.len] = kind;
		evidence.lines[evidence.len++] = arena_str(arena, buf_str(&folded));
	}
	evidence.short_text = letters < LETTERS_MIN;
	return evidence;
}

/* ---- Searching ---- */

/* How an evidence line is compared with a line of the change; both are normalized. */
typedef bool line_compare(struct str line, struct str quoted, size_t idx, size_t len);

static bool compare_whole(struct str line, struct str quoted, size_t idx UNUSED, size_t len UNUSED)
{
	return str_eq(line, quoted);
}

/* Whether the part of `line` at `at` starts and ends at the boundaries of names. */
static bool at_word_ends(struct str line, size_t at, size_t len)
{
	size_t end = at + len;

	if (at > 0 && fold_is_word(line.ptr[at]) && fold_is_word(line.ptr[at - 1]))
		return false;
	return end == line.len || !fold_is_word(line.ptr[end]) || !fold_is_word(line.ptr[end - 1]);
}

/* The first line can lack its start, and the last its end; the lines between are complete. */
static bool compare_part(struct str line, struct str quoted, size_t idx, size_t len)
{
	ptrdiff_t at = -1;

	if (line.len < quoted.len)
		return false;
	if (len > 1 && idx > 0 && idx + 1 < len)
		return str_eq(line, quoted);
	if (len > 1 && idx == 0)
		return str_ends(line, quoted) &&
		       at_word_ends(line, line.len - quoted.len, quoted.len);
	if (len > 1)
		return str_starts(line, quoted) && at_word_ends(line, 0, quoted.len);
	while ((at = str_find(line, quoted, (size_t)(at + 1))) >= 0) {
		if (at_word_ends(line, (size_t)at, quoted.len))
			return true;
	}
	return false;
}

/* The lines of the evidence that are searched on a side. */
struct needle {
	struct str lines[EVIDENCE_LINES_MAX];
	size_t len;
	struct buf joined; /* by blanks */
};

static void needle_release(struct needle *needle)
{
	buf_release(&needle->joined);
}

static void needle_fill(struct needle *needle, const struct evidence *evidence, enum diff_side side)
{
	char foreign = side == SIDE_RIGHT ? LINE_DELETED : LINE_ADDED;

	needle->len = 0;
	buf_init(&needle->joined, BUF_SIZE_MAX);
	for (size_t i = 0; i < evidence->len; i++) {
		if (evidence->has_kinds && evidence->kinds[i] == foreign)
			continue;
		needle->lines[needle->len++] = evidence->lines[i];
		if (needle->joined.len)
			buf_add_char(&needle->joined, ' ');
		buf_add(&needle->joined, evidence->lines[i]);
	}
}

/* The next line of the side that is not blank, from `at` on. */
static size_t next_line(const struct diff_hunk *hunk, size_t at, enum diff_side side)
{
	while (at < hunk->len &&
	       (!diff_line_number(&hunk->lines[at], side) || !hunk->lines[at].text.len))
		at++;
	return at;
}

static bool has_line(const struct diff_hunk *hunk, size_t at, enum diff_side side)
{
	return at < hunk->len && diff_line_number(&hunk->lines[at], side);
}

static void span_set(struct span *span, const struct diff_hunk *hunk, size_t first, size_t last,
		     enum diff_side side)
{
	*span = (struct span){
		.hunk = hunk,
		.first = first,
		.last = last,
		.line = diff_line_number(&hunk->lines[first], side),
		.end_line = diff_line_number(&hunk->lines[last], side),
	};
}

/* Whether complete lines of the hunk from `start` on, joined by blanks, equal the text. */
static bool joined_stands_at(struct str text, const struct diff_hunk *hunk, size_t start,
			     enum diff_side side, struct span *span)
{
	for (size_t at = start; has_line(hunk, at, side); at = next_line(hunk, at + 1, side)) {
		struct str line = hunk->lines[at].text;

		if (!line.len || !str_starts(text, line))
			return false;
		text = str_skip(text, line.len);
		if (!text.len) {
			span_set(span, hunk, start, at, side);
			return true;
		}
		if (text.ptr[0] != ' ')
			return false;
		text = str_skip(text, 1);
	}
	return false;
}

/* Whether the needle starts at line `start` of the hunk. */
static bool stands_at(const struct needle *needle, const struct diff_hunk *hunk, size_t start,
		      enum diff_side side, line_compare *compare, struct span *span)
{
	size_t at = start;
	size_t last = start;

	for (size_t i = 0; i < needle->len; i++, at++) {
		/* Lines of the other side and blank lines can be in between, but never before the first. */
		at = i ? next_line(hunk, at, side) : at;
		if (!has_line(hunk, at, side) ||
		    !compare(hunk->lines[at].text, needle->lines[i], i, needle->len))
			return false;
		last = at;
	}
	span_set(span, hunk, start, last, side);
	return true;
}

/* What was found so far. */
struct best {
	struct span span;
	uint32_t distance;
	bool tie;
};

/*
 * Whether the code is where the finding says: within the stated lines, or starting where they
 * start. Code that only surrounds or crosses the stated lines does not count.
 */
static bool is_stated(const struct evidence_search *search, const struct span *span)
{
	return span->line == search->line ||
	       (span->line > search->line && span->end_line <= search->end_line);
}

static void consider(struct best *best, const struct evidence_search *search,
		     const struct span *span)
{
	uint32_t distance =
		span->line > search->line ? span->line - search->line : search->line - span->line;

	if (best->span.hunk && distance > best->distance)
		return;
	if (best->span.hunk && distance == best->distance) {
		best->tie = true;
		return;
	}
	*best = (struct best){.span = *span, .distance = distance};
}

/* `compare` NULL: by the joined text. */
static enum search_result search_by(const struct evidence_search *search,
				    const struct needle *needle, line_compare *compare,
				    struct best *best)
{
	const struct diff_file *file = search->file;

	for (size_t i = 0; i < file->len; i++) {
		for (size_t j = 0; j < file->hunks[i].len; j++) {
			struct span span;

			if (!(compare ? stands_at(needle, &file->hunks[i], j, search->side, compare,
						  &span)
				      : joined_stands_at(buf_str(&needle->joined), &file->hunks[i],
							 j, search->side, &span)))
				continue;
			if (is_stated(search, &span)) {
				best->span = span;
				return SEARCH_STATED;
			}
			consider(best, search, &span);
		}
	}
	if (!best->span.hunk)
		return SEARCH_NONE;
	return best->tie ? SEARCH_TIE : SEARCH_ELSEWHERE;
}

/* Parts of lines prove a stated line as complete lines do. */
static bool part_stands_at_stated(const struct evidence_search *search, const struct needle *needle,
				  struct span *span)
{
	const struct diff_hunk *hunk = NULL;
	struct span found;

	if (!diff_line_at(search->file, search->side, search->line, &hunk))
		return false;
	for (size_t i = 0; i < hunk->len; i++) {
		uint32_t line = diff_line_number(&hunk->lines[i], search->side);

		if (line < search->line || line > search->end_line ||
		    !stands_at(needle, hunk, i, search->side, compare_part, &found) ||
		    !is_stated(search, &found))
			continue;
		*span = found;
		return true;
	}
	return false;
}

bool evidence_may_be_in(const struct evidence *evidence, enum diff_side side, struct str joined)
{
	SCOPED(needle) struct needle needle;

	needle_fill(&needle, evidence, side);
	return needle.len && str_contains(joined, buf_str(&needle.joined));
}

enum search_result evidence_search(const struct evidence_search *search, struct span *span)
{
	enum search_result result;
	static line_compare *const compares[] = {
		[SEARCH_WHOLE] = compare_whole,
		[SEARCH_WHOLE_OR_STATED] = compare_whole,
		[SEARCH_JOINED] = NULL,
		[SEARCH_PARTS] = compare_part,
	};
	SCOPED(needle) struct needle needle;
	struct best best = {0};

	needle_fill(&needle, search->evidence, search->side);
	if (!needle.len)
		return SEARCH_NONE;
	result = search_by(search, &needle, compares[search->mode], &best);
	if (result != SEARCH_STATED && search->mode == SEARCH_WHOLE_OR_STATED &&
	    part_stands_at_stated(search, &needle, &best.span))
		result = SEARCH_STATED;
	*span = best.span;
	return result;
}

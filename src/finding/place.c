/* Places a finding in the change: by its evidence, never only by what the model states. */
#include "finding/place.h"

#include "base/breathe.h"
#include "base/buf.h"
#include "finding/copied.h"
#include "finding/evidence.h"
#include "finding/place_file.h"
#include "finding/unchanged.h"
#include "finding/visible.h"
#include "redact/redact.h"

/* Of all files, for a finding with an unknown file. */
enum { SEARCHED_LINES_MAX = 50000 };

/* ---- The lines ---- */

/* The text of the lines from `span->first` to `span->last` that are on the side. */
static struct str quote(struct arena *arena, const struct span *span, enum diff_side side)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	for (size_t i = span->first; i <= span->last; i++) {
		struct str line = span->hunk->lines[i].text;

		if (!diff_line_number(&span->hunk->lines[i], side))
			continue;
		if (str_ends(line, STR("\r")))
			line.len--;
		if (text.len)
			buf_add_char(&text, '\n');
		buf_add(&text, line);
	}
	return arena_str(arena, buf_str(&text));
}

/* Whether all of line..end_line are on one side of the span's hunk. */
static bool in_hunk(const struct span *span, enum diff_side side, uint32_t line, uint32_t end_line)
{
	const struct diff_hunk *hunk = span->hunk;
	uint32_t start = side == SIDE_RIGHT ? hunk->new_start : hunk->old_start;
	uint32_t len = side == SIDE_RIGHT ? hunk->new_len : hunk->old_len;

	return line >= start && end_line >= line && end_line - start < len;
}

static enum diff_side other_side(enum diff_side side)
{
	return side == SIDE_RIGHT ? SIDE_LEFT : SIDE_RIGHT;
}

/* The place that was found, and how it was found. */
struct place {
	enum search_result result;
	enum diff_side side;
	struct span span;
	uint32_t blank_before, blank_after;
	bool short_text;
};

/* Whether the place, on the side that was not stated, has the stated line number. */
static bool is_shown_as(const struct place *place, uint32_t line)
{
	const struct diff_line *first = &place->span.hunk->lines[place->span.first];

	return place->span.line == line && (place->side == SIDE_RIGHT || !first->new_line);
}

static const enum search_mode modes[][2] = {
	/* the stated side, the other one */
	{SEARCH_WHOLE_OR_STATED, SEARCH_WHOLE},
	{SEARCH_JOINED, SEARCH_JOINED},
	{SEARCH_PARTS, SEARCH_PARTS},
};

/*
 * Complete lines before parts of lines, the stated side before the other: equal code there is
 * most often the code that was replaced. But if the code has the stated number on the other side,
 * it is meant: only the side was wrong.
 */
static struct place search_sides(const struct finding *finding, const struct place_text *text,
				 const struct evidence *evidence)
{
	struct place places[2] = {0};
	bool possible[2];

	for (int i = 0; i < 2; i++) {
		enum diff_side side = i ? other_side(finding->side) : finding->side;

		possible[i] = evidence_may_be_in(evidence, side, text->joined[side]);
	}
	for (size_t pass = 0; pass < ARRAY_LEN(modes); pass++) {
		for (int i = 0; i < 2; i++) {
			struct evidence_search search = {
				.file = &text->file,
				.evidence = evidence,
				.side = i ? other_side(finding->side) : finding->side,
				.line = finding->line,
				.end_line = finding->end_line,
				.mode = modes[pass][i],
			};

			places[i] = (struct place){.side = search.side,
						   .blank_before = evidence->blank_before,
						   .blank_after = evidence->blank_after,
						   .short_text = evidence->short_text};
			if (possible[i])
				places[i].result = evidence_search(&search, &places[i].span);
			if (!i && places[i].result == SEARCH_STATED)
				return places[0];
		}
		if (places[1].result == SEARCH_STATED) {
			places[1].result = SEARCH_ELSEWHERE;
			if (is_shown_as(&places[1], finding->line))
				return places[1];
		}
		if (places[0].result != SEARCH_NONE)
			return places[0];
		if (places[1].result != SEARCH_NONE)
			return places[1];
	}
	return places[0];
}

static struct place search_text(const struct finding *finding, const struct place_text *text,
				struct str quoted)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct place place = {.result = SEARCH_NONE};

	for (int i = 0; i < EVIDENCE_READINGS && place.result == SEARCH_NONE; i++) {
		struct evidence evidence = evidence_read(&arena, quoted, i);

		breathe();
		if (evidence.len)
			place = search_sides(finding, text, &evidence);
	}
	return place;
}

/* Compares bytes; then, if there are characters other than ASCII, the visible form. */
static struct place search_readings(struct placer *placer, const struct finding *finding,
				    const struct diff_file *file)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct place_file *made = placer_file(placer, file);
	const struct place_text *text = made->bytes;
	struct place place = search_text(finding, text, finding->evidence);

	if (place.result == SEARCH_NONE && !(visible_is_plain(finding->evidence) && made->plain)) {
		text = placer_visible(placer, made);
		place = search_text(finding, text, visible_of(&arena, finding->evidence));
	}
	if (place.result != SEARCH_NONE)
		place.span.hunk = &file->hunks[place.span.hunk - text->file.hunks];
	return place;
}

static void to_summary(struct finding *finding, const char *reason)
{
	finding->placement = PLACEMENT_SUMMARY;
	finding->placement_reason = str_from(reason);
}

/* Unchanged lines are on both sides; GitHub shows them, and people read them, on the right side. */
static void prefer_right(struct place *place)
{
	struct span *span = &place->span;

	for (size_t i = span->first; i <= span->last; i++) {
		if (span->hunk->lines[i].kind != LINE_CONTEXT)
			return;
	}
	place->side = SIDE_RIGHT;
	span->line = span->hunk->lines[span->first].new_line;
	span->end_line = span->hunk->lines[span->last].new_line;
}

/* Whether `count` lines of the side from `line` on are blank. */
static bool are_blank(const struct diff_file *file, enum diff_side side, uint32_t line,
		      uint32_t count)
{
	for (uint32_t i = line; i - line < count; i++) {
		const struct diff_line *at = diff_line_at(file, side, i, NULL);

		if (!at || str_trim(at->text).len)
			return false;
	}
	return true;
}

/* Moves the stated lines, whose number equals that of the quoted lines including blank ones at both ends. */
static void move(struct finding *finding, const struct diff_file *file, const struct place *place)
{
	const struct span *span = &place->span;
	uint32_t count = finding->end_line - finding->line;
	uint32_t quoted = span->end_line - span->line;
	uint32_t before = place->blank_before;
	uint32_t after = place->blank_after;

	finding->line = span->line;
	finding->end_line = span->end_line;
	if (count == quoted)
		return;
	if (count == quoted + before + after && before < span->line &&
	    are_blank(file, place->side, span->line - before, before) &&
	    are_blank(file, place->side, span->end_line + 1, after) &&
	    in_hunk(span, place->side, span->line - before, span->end_line + after)) {
		finding->line -= before;
		finding->end_line += after;
		return;
	}
	/* The suggestion replaces other lines than the proven ones. */
	finding->has_suggestion = false;
}

/* Sets the finding's place from the result of the search. */
static void settle(struct arena *arena, struct finding *finding, const struct diff_file *file,
		   struct place *place)
{
	struct span *span = &place->span;

	if (place->result == SEARCH_ELSEWHERE && place->short_text) {
		to_summary(finding, "the code that it quotes is too short to find its line");
		return;
	}
	finding->quoted = quote(arena, span, place->side);
	if (place->result == SEARCH_TIE) {
		to_summary(finding,
			   "the quoted code occurs in several places, two of them equally near");
		return;
	}
	if (place->result == SEARCH_ELSEWHERE) {
		prefer_right(place);
		finding->placement = PLACEMENT_MOVED;
		finding->side = place->side;
		move(finding, file, place);
		finding->pre_existing = finding_is_on_unchanged_lines(finding, span);
		return;
	}
	finding->placement = PLACEMENT_INLINE;
	if (!in_hunk(span, place->side, finding->line, finding->end_line)) {
		/* The range extends beyond the hunk: the proven part is kept. */
		finding->has_suggestion = false;
		if (finding->line != span->line)
			finding->placement = PLACEMENT_MOVED;
		finding->line = span->line;
		finding->end_line = span->end_line;
	}
	if (finding->line == span->line && finding->end_line == span->end_line) {
		prefer_right(place);
		finding->side = place->side;
		finding->line = span->line;
		finding->end_line = span->end_line;
	}
	finding->pre_existing = finding_is_on_unchanged_lines(finding, span);
}

/* ---- The suggestion ---- */

/* Appends the lines that the suggestion would replace. False if the change does not show all of them. */
static bool add_replaced(struct buf *text, const struct diff_file *file,
			 const struct finding *finding)
{
	for (uint32_t i = finding->line; i <= finding->end_line; i++) {
		const struct diff_line *line = diff_line_at(file, SIDE_RIGHT, i, NULL);

		if (!line)
			return false;
		if (i > finding->line)
			buf_add_char(text, '\n');
		buf_add(text, str_ends(line->text, STR("\r"))
				      ? str_slice(line->text, 0, line->text.len - 1)
				      : line->text);
	}
	return true;
}

/* Whether the suggestion, cleaned, replaces code that the model saw unredacted, and differs. */
static bool can_apply(struct arena *arena, const struct diff_file *file, struct finding *finding)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	struct str suggestion;

	if (file->decoded || !add_replaced(&text, file, finding) ||
	    redact_has_placeholder(buf_str(&text)) || redact_has_placeholder(finding->suggestion) ||
	    !copied_suggestion(arena, finding->suggestion, buf_str(&text), &suggestion))
		return false;
	finding->suggestion = suggestion;
	if (str_ends(suggestion, STR("\n")))
		suggestion.len--;
	return !str_eq(suggestion, buf_str(&text));
}

/* A suggestion that cannot be applied is still useful: it is appended to the text. */
static void retract_suggestion(struct arena *arena, struct finding *finding)
{
	if (str_trim(finding->suggestion).len)
		finding->body =
			arena_printf(arena, "%.*s\n\nSuggested instead:\n\n~~~~~~\n%.*s\n~~~~~~",
				     STR_ARG(str_trim(finding->body)),
				     STR_ARG(finding->suggestion));
	finding->has_suggestion = false;
	finding->suggestion = STR_EMPTY;
}

static void judge_suggestion(struct arena *arena, const struct diff_file *file,
			     struct finding *finding)
{
	if (!finding->suggestion.len && !finding->has_suggestion)
		return;
	if (finding->has_suggestion && finding->placement != PLACEMENT_SUMMARY &&
	    finding->side == SIDE_RIGHT && can_apply(arena, file, finding))
		return;
	retract_suggestion(arena, finding);
}

/* ---- All of it ---- */

/* The finding quotes code that is not in the change: its text may be useful, but it is not proven. */
static void to_unverified(struct finding *finding, const char *reason)
{
	to_summary(finding, reason);
	finding->unverified = true;
}

static void place_in_file(struct placer *placer, struct arena *arena, struct finding *finding,
			  const struct diff_file *file)
{
	struct place place;

	finding->path = arena_str(arena, file->path);
	if (finding->end_line < finding->line)
		finding->end_line = finding->line;
	if (!str_trim(finding->evidence).len) {
		to_summary(finding,
			   finding->line ? "it quotes no code" : "it is about the file as a whole");
		return;
	}
	place = search_readings(placer, finding, file);
	if (!file->len)
		to_unverified(finding, "the change shows no lines of this file");
	else if (place.result == SEARCH_NONE)
		to_unverified(finding, "the code that it quotes is not in this file's change");
	else if (!finding->line)
		to_summary(finding, "it is about the file as a whole");
	else
		settle(arena, finding, file, &place);
}

/* Whether the code is in any file's change; the number of searched lines is limited. */
static bool is_in_diff(struct placer *placer, const struct finding *finding)
{
	const struct diff *diff = placer->diff;
	size_t lines = 0;

	for (size_t i = 0; i < diff->len && lines < SEARCHED_LINES_MAX; i++) {
		for (size_t j = 0; j < diff->files[i].len; j++)
			lines += diff->files[i].hunks[j].len;
		if (search_readings(placer, finding, &diff->files[i]).result != SEARCH_NONE)
			return true;
	}
	return false;
}

static void place_elsewhere(struct placer *placer, struct finding *finding)
{
	bool has_path = str_trim(finding->path).len > 0;

	to_summary(finding, has_path ? PLACE_NO_FILE : "it is about the change as a whole");
	finding->unverified = str_trim(finding->evidence).len && !is_in_diff(placer, finding);
}

void placer_place(struct placer *placer, struct findings *findings, struct finding *finding)
{
	struct arena *arena = &findings->arena;
	const struct diff_file *file = place_find_file(placer->diff, finding->path);

	finding->quoted = STR_EMPTY;
	finding->placement_reason = STR_EMPTY;
	finding->unverified = false;
	finding->pre_existing = false;
	if (file)
		place_in_file(placer, arena, finding, file);
	else
		place_elsewhere(placer, finding);
	judge_suggestion(arena, file, finding);
	finding->id = finding_fingerprint(
		arena, finding->path, finding->quoted.len ? finding->quoted : finding->evidence);
}

void finding_place(struct findings *findings, struct finding *finding, const struct diff *diff)
{
	SCOPED(placer) struct placer placer;

	placer_init(&placer, diff);
	placer_place(&placer, findings, finding);
}

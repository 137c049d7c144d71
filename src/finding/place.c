/* Where a finding stands in the change: decided by its evidence. */
#include "finding/place.h"

#include <string.h>

#include "base/redact.h"

enum { EVIDENCE_SIGNS_MIN = 6, CANDIDATES_MAX = 1000 };

/* A run of lines of one hunk that holds the evidence. */
struct candidate {
	const struct diff_hunk *hunk;
	enum diff_side side;
	uint32_t first, last;
};

struct candidates {
	VEC_FIELDS(struct candidate);
};

static uint32_t number_of(const struct diff_line *line, enum diff_side side)
{
	return side == SIDE_RIGHT ? line->new_line : line->old_line;
}

/* One side of a hunk as one folded text, and where each line begins in it. */
struct folded {
	struct buf text;
	struct {
		VEC_FIELDS(size_t);
	} starts;
	struct {
		VEC_FIELDS(uint32_t);
	} numbers;
};

static void folded_release(struct folded *folded)
{
	buf_release(&folded->text);
	VEC_RELEASE(&folded->starts);
	VEC_RELEASE(&folded->numbers);
}

static void fold_hunk(struct folded *folded, const struct diff_hunk *hunk, enum diff_side side)
{
	buf_init(&folded->text, BUF_SIZE_MAX);
	for (size_t i = 0; i < hunk->len; i++) {
		uint32_t number = number_of(&hunk->lines[i], side);
		size_t before = folded->text.len;

		if (!number)
			continue;
		if (before)
			buf_add_char(&folded->text, ' ');
		text_fold(&folded->text, hunk->lines[i].text);
		if (folded->text.len == before + (before ? 1 : 0)) {
			buf_set_len(&folded->text, before); /* a blank line is only white space */
			continue;
		}
		VEC_PUSH(&folded->starts, before + (before ? 1 : 0));
		VEC_PUSH(&folded->numbers, number);
	}
}

/* The number of the line that the byte at `offset` stands on. */
static uint32_t line_at(const struct folded *folded, size_t offset)
{
	size_t low = 0;
	size_t high = folded->starts.len;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (folded->starts.items[middle] <= offset)
			low = middle;
		else
			high = middle;
	}
	return folded->numbers.items[low];
}

static void find_in_hunk(struct candidates *candidates, const struct diff_hunk *hunk,
			 enum diff_side side, struct str evidence)
{
	SCOPED(folded) struct folded folded = {0};
	ptrdiff_t at = -1;

	fold_hunk(&folded, hunk, side);
	while ((at = str_find(buf_str(&folded.text), evidence, (size_t)(at + 1))) >= 0 &&
	       candidates->len < CANDIDATES_MAX) {
		struct candidate candidate = {
			.hunk = hunk,
			.side = side,
			.first = line_at(&folded, (size_t)at),
			.last = line_at(&folded, (size_t)at + evidence.len - 1),
		};
		const struct candidate *before =
			candidates->len ? &candidates->items[candidates->len - 1] : NULL;

		/* Twice on one line is one place. */
		if (!before || before->hunk != hunk || before->side != side ||
		    before->first != candidate.first)
			VEC_PUSH(candidates, candidate);
	}
}

static void find_on_side(struct candidates *candidates, const struct diff_file *file,
			 enum diff_side side, struct str evidence)
{
	for (size_t i = 0; evidence.len && i < file->len; i++)
		find_in_hunk(candidates, &file->hunks[i], side, evidence);
}

/* "    42 |+ code" as the model saw it, without what stands before the code. */
static struct str without_margin(struct str line)
{
	struct str rest = line;
	size_t digits = 0;

	while (rest.len && rest.ptr[0] == ' ')
		rest = str_skip(rest, 1);
	while (digits < rest.len && rest.ptr[digits] >= '0' && rest.ptr[digits] <= '9')
		digits++;
	rest = str_skip(rest, digits);
	if (digits && str_starts(str_trim(rest), STR("|"))) {
		rest = str_skip(rest, (size_t)str_find_char(rest, '|', 0) + 1);
		return rest.len && strchr("+- ", rest.ptr[0]) ? str_skip(rest, 1) : rest;
	}
	return line;
}

/* The evidence folded; `margins` takes the numbers, `signs` also a leading + or - off each line. */
static void fold_evidence(struct buf *out, struct str evidence, bool margins, bool signs)
{
	SCOPED(buf) struct buf plain = BUF_INIT;
	struct str line;

	while (str_next_line(&evidence, &line, NULL)) {
		if (margins)
			line = without_margin(line);
		if (signs && line.len && strchr("+-", line.ptr[0]))
			line = str_skip(line, 1);
		buf_add(&plain, line);
		buf_add_char(&plain, '\n');
	}
	text_fold(out, buf_str(&plain));
}

/* All places of the evidence on one side, read in the strictest way that finds any. */
static void find_evidence(struct candidates *candidates, const struct diff_file *file,
			  enum diff_side side, struct str evidence)
{
	static const struct {
		bool margins, signs;
	} ways[] = {{false, false}, {true, false}, {true, true}};

	for (size_t i = 0; i < ARRAY_LEN(ways) && !candidates->len; i++) {
		SCOPED(buf) struct buf folded = BUF_INIT;

		fold_evidence(&folded, evidence, ways[i].margins, ways[i].signs);
		find_on_side(candidates, file, side, buf_str(&folded));
	}
}

static size_t count_signs(struct str text)
{
	size_t count = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		count += (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
			 (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
	}
	return count;
}

static const struct candidate *standing_at(const struct candidates *candidates,
					   const struct finding *finding)
{
	for (size_t i = 0; i < candidates->len; i++) {
		const struct candidate *candidate = &candidates->items[i];

		if (candidate->side == finding->side && candidate->first <= finding->end_line &&
		    candidate->last >= finding->line)
			return candidate;
	}
	return NULL;
}

static uint32_t distance(const struct candidate *candidate, uint32_t line)
{
	return candidate->first > line ? candidate->first - line : line - candidate->first;
}

/* The candidate nearest to the stated line; *tie when two are equally near. */
static const struct candidate *nearest(const struct candidates *candidates, uint32_t line,
				       bool *tie)
{
	const struct candidate *best = NULL;

	*tie = false;
	for (size_t i = 0; i < candidates->len; i++) {
		const struct candidate *candidate = &candidates->items[i];

		if (best && distance(candidate, line) > distance(best, line))
			continue;
		*tie = best && distance(candidate, line) == distance(best, line);
		best = candidate;
	}
	return best;
}

static const struct diff_line *hunk_line(const struct diff_hunk *hunk, enum diff_side side,
					 uint32_t number)
{
	for (size_t i = 0; i < hunk->len; i++) {
		if (number_of(&hunk->lines[i], side) == number)
			return &hunk->lines[i];
	}
	return NULL;
}

/* The lines of a candidate, joined as they stand in the diff. */
static struct str quote(struct arena *arena, const struct candidate *candidate)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	for (size_t i = 0; i < candidate->hunk->len; i++) {
		const struct diff_line *line = &candidate->hunk->lines[i];
		uint32_t number = number_of(line, candidate->side);

		if (number < candidate->first || number > candidate->last)
			continue;
		if (text.len)
			buf_add_char(&text, '\n');
		buf_add(&text, line->text);
	}
	return arena_str(arena, buf_str(&text));
}

/* GitHub takes unchanged lines by their number on the right side. */
static void prefer_right(struct candidate *candidate)
{
	uint32_t first = 0;
	uint32_t last = 0;

	if (candidate->side == SIDE_RIGHT)
		return;
	for (uint32_t number = candidate->first; number <= candidate->last; number++) {
		const struct diff_line *line = hunk_line(candidate->hunk, SIDE_LEFT, number);

		if (!line || line->kind != LINE_CONTEXT)
			return;
		first = first ? first : line->new_line;
		last = line->new_line;
	}
	*candidate = (struct candidate){candidate->hunk, SIDE_RIGHT, first, last};
}

/* A suggestion that cannot be applied is still worth reading: it goes behind the text. */
static void retract_suggestion(struct arena *arena, struct finding *finding)
{
	SCOPED(buf) struct buf body = BUF_INIT;

	if (!finding->has_suggestion)
		return;
	finding->has_suggestion = false;
	if (!str_trim(finding->suggestion).len)
		return;
	buf_add(&body, str_trim(finding->body));
	buf_addf(&body, "\n\nSuggested instead:\n\n~~~~~~\n%.*s\n~~~~~~",
		 STR_ARG(finding->suggestion));
	finding->body = arena_str(arena, buf_str(&body));
}

static void to_summary(struct findings *findings, struct finding *finding, const char *reason)
{
	struct str text = finding->evidence.len ? finding->evidence : finding->title;

	finding->placement = PLACEMENT_SUMMARY;
	finding->placement_reason = str_from(reason);
	finding->quoted = STR_EMPTY;
	finding->id = finding_fingerprint(&findings->arena, finding->path, text);
	retract_suggestion(&findings->arena, finding);
}

static void settle(struct findings *findings, struct finding *finding,
		   const struct candidate *found)
{
	struct candidate place = *found;
	uint32_t stated_len = finding->end_line - finding->line + 1;
	bool stands = found->side == finding->side && found->first <= finding->end_line &&
		      found->last >= finding->line &&
		      hunk_line(found->hunk, found->side, finding->line) &&
		      hunk_line(found->hunk, found->side, finding->end_line);

	finding->quoted = quote(&findings->arena, found);
	finding->id = finding_fingerprint(&findings->arena, finding->path, finding->quoted);
	if (stands) {
		place.first = finding->line;
		place.last = finding->end_line;
	}
	prefer_right(&place);
	finding->placement = stands ? PLACEMENT_INLINE : PLACEMENT_MOVED;
	finding->placement_reason = stands ? STR_EMPTY : STR("line found by the quoted code");
	if (place.side != SIDE_RIGHT || place.last - place.first + 1 != stated_len ||
	    redact_has_placeholder(finding->suggestion))
		retract_suggestion(&findings->arena, finding);
	finding->side = place.side;
	finding->line = place.first;
	finding->end_line = place.last;
}

static const struct diff_file *find_file(const struct diff *diff, struct finding *finding)
{
	const struct diff_file *file = diff_find(diff, finding->path);

	for (size_t i = 0; !file && i < diff->len; i++) {
		if (str_eq(diff->files[i].old_path, finding->path))
			file = &diff->files[i];
	}
	if (!file && str_starts(finding->path, STR("./")))
		file = diff_find(diff, str_skip(finding->path, 2));
	return file;
}

static void place_in_file(struct findings *findings, struct finding *finding,
			  const struct diff_file *file)
{
	struct candidates candidates = {0};
	const struct candidate *best;
	bool tie = false;

	find_evidence(&candidates, file, finding->side, finding->evidence);
	best = standing_at(&candidates, finding);
	if (!best && count_signs(finding->evidence) < EVIDENCE_SIGNS_MIN) {
		to_summary(findings, finding,
			   "the quoted code does not stand at that line and is too short to find");
	} else {
		if (!candidates.len)
			find_evidence(&candidates, file,
				      finding->side == SIDE_LEFT ? SIDE_RIGHT : SIDE_LEFT,
				      finding->evidence);
		if (!best)
			best = nearest(&candidates, finding->line, &tie);
		if (!best)
			to_summary(findings, finding,
				   "the quoted code does not stand in the change");
		else if (tie)
			to_summary(findings, finding,
				   "the quoted code stands at several lines, equally near");
		else
			settle(findings, finding, best);
	}
	VEC_RELEASE(&candidates);
}

void finding_place(struct findings *findings, struct finding *finding, const struct diff *diff)
{
	const struct diff_file *file = find_file(diff, finding);

	if (file)
		finding->path = arena_str(&findings->arena, file->path);
	if (!finding->path.len)
		to_summary(findings, finding, "about the whole change");
	else if (!file)
		to_summary(findings, finding, "the file is not in this change");
	else if (!finding->line)
		to_summary(findings, finding, "about the whole file");
	else if (!str_trim(finding->evidence).len)
		to_summary(findings, finding, "no code was quoted");
	else
		place_in_file(findings, finding, file);
}

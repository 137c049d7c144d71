/* Redacts a diff hunk by hunk, so that secrets that span several lines are found too. */
#include "review/redacted.h"

#include <stdio.h>
#include <string.h>

#include "base/charset.h"
#include "base/utf8.h"
#include "diff/render.h"
#include "finding/finding.h"
#include "redact/path.h"
#include "redact/redact.h"
#include "review/seen.h"
#include "task/task.h"

/* New lines with the texts of `text`, one a line of the hunk. */
static struct diff_line *lines_with(struct arena *arena, const struct diff_hunk *hunk,
				    struct str text)
{
	struct diff_line *lines = ARENA_ARRAY(arena, struct diff_line, hunk->len);
	struct str rest = arena_str(arena, text);

	for (size_t i = 0; i < hunk->len; i++) {
		struct str line = STR_EMPTY;
		lines[i] = hunk->lines[i];
		if (str_next_line(&rest, &line, NULL))
			lines[i].text = line;
	}
	return lines;
}

/* Gives a file in another encoding, which is guessed from all its lines, new hunks in UTF-8. */
static void decode_file(struct arena *arena, struct diff_file *file, struct buf *joined)
{
	const struct diff_hunk *hunks = file->hunks;
	enum charset charset;

	buf_reset(joined);
	for (size_t i = 0; i < file->len; i++)
		diff_render_texts(joined, &hunks[i], false);
	if (utf8_valid(buf_str(joined)))
		return;
	if (!charset_guess(buf_str(joined), &charset)) {
		/* A model would see other characters than a compiler reads. */
		file->binary = true;
		file->len = 0;
		return;
	}
	file->decoded = true;
	file->hunks = ARENA_ARRAY(arena, struct diff_hunk, file->len);
	for (size_t i = 0; i < file->len; i++) {
		struct diff_hunk *hunk = &file->hunks[i];

		*hunk = hunks[i];
		hunk->lines = ARENA_ARRAY(arena, struct diff_line, hunk->len);
		for (size_t j = 0; j < hunk->len; j++) {
			SCOPED(buf) struct buf text = BUF_INIT;

			hunk->lines[j] = hunks[i].lines[j];
			charset_decode(hunk->lines[j].text, charset, &text);
			hunk->lines[j].text = arena_str(arena, buf_str(&text));
		}
	}
}

/* The hunk without secrets: itself, or a copy with new lines. */
static size_t redact_hunk(struct arena *arena, struct diff_hunk *hunk, struct buf *joined,
			  struct buf *redacted)
{
	size_t replaced;

	buf_reset(joined);
	buf_reset(redacted);
	diff_render_texts(joined, hunk, false);
	replaced = redact_add(redacted, buf_str(joined));
	if (replaced)
		hunk->lines = lines_with(arena, hunk, buf_str(redacted));
	return replaced;
}

static size_t redact_file(struct arena *arena, struct diff_file *file, struct buf *joined,
			  struct buf *redacted)
{
	const struct diff_hunk *hunks = file->hunks;
	bool copied = false;
	size_t replaced = 0;

	for (size_t i = 0; i < file->len; i++) {
		struct diff_hunk hunk = hunks[i];
		size_t found = redact_hunk(arena, &hunk, joined, redacted);
		if (!found)
			continue;
		if (!copied) {
			file->hunks = ARENA_ARRAY(arena, struct diff_hunk, file->len);
			memcpy(file->hunks, hunks, file->len * sizeof(*hunks));
			copied = true;
		}
		file->hunks[i] = hunk;
		replaced += found;
	}
	return replaced;
}

size_t diff_redact(struct diff *clean, const struct diff *diff)
{
	SCOPED(buf) struct buf joined = BUF_INIT;
	SCOPED(buf) struct buf redacted = BUF_INIT;
	size_t replaced = 0;

	*clean = (struct diff){.len = diff->len, .cap = diff->len};
	clean->files = ARENA_ARRAY(&clean->arena, struct diff_file, diff->len + 1);
	if (diff->len)
		memcpy(clean->files, diff->files, diff->len * sizeof(*diff->files));
	for (size_t i = 0; i < clean->len; i++) {
		struct diff_file *file = &clean->files[i];

		task_breathe();
		decode_file(&clean->arena, file, &joined);
		replaced += redact_file(&clean->arena, file, &joined, &redacted);
		file->path = path_shown(&clean->arena, diff->files[i].path);
		file->old_path = str_eq(diff->files[i].old_path, diff->files[i].path)
					 ? file->path
					 : path_shown(&clean->arena, file->old_path);
		replaced += file->path.ptr != diff->files[i].path.ptr;
	}
	diff_index(clean);
	return replaced;
}

struct str text_redact(struct arena *arena, struct str text, size_t *replaced)
{
	SCOPED(buf) struct buf redacted = BUF_INIT;

	*replaced += redact_add(&redacted, text);
	return arena_str(arena, buf_str(&redacted));
}

enum { ROUNDS_MAX = 4 };

/* Replaces a text in which hidden characters split a secret, or join another one to a word. */
static const struct str withheld = STR_INIT("[redacted:text-with-hidden-characters]");

/*
 * Chooses between redacting the raw and the visible text. Each can miss a part of what the other
 * one finds, so redacting one after the other must give the same text.
 */
static struct str both_ways(struct str redacted, struct str seen_redacted)
{
	SCOPED(buf) struct buf seen = BUF_INIT;
	SCOPED(buf) struct buf again = BUF_INIT;
	size_t more;

	seen_add(&seen, redacted);
	more = redact_add(&again, buf_str(&seen));
	if (!str_eq(buf_str(&again), seen_redacted))
		return withheld;
	return more ? seen_redacted : redacted;
}

static struct str redact_once(struct arena *arena, struct str text, size_t *found)
{
	SCOPED(buf) struct buf seen = BUF_INIT;
	SCOPED(buf) struct buf redacted = BUF_INIT;
	SCOPED(buf) struct buf seen_redacted = BUF_INIT;
	size_t count = redact_add(&redacted, text);
	struct str kept = buf_str(&redacted);
	size_t seen_count;

	seen_add(&seen, text);
	seen_count = str_eq(buf_str(&seen), text) ? 0 : redact_add(&seen_redacted, buf_str(&seen));
	if (seen_count)
		kept = count ? both_ways(kept, buf_str(&seen_redacted)) : buf_str(&seen_redacted);
	*found = MAX_OF(count, seen_count);
	return arena_str(arena, kept);
}

struct str answer_redact(struct arena *arena, struct str text, size_t *replaced)
{
	/* The visible text can contain entities again: "&amp;shy;" becomes "&shy;". */
	for (int round = 0; round < ROUNDS_MAX; round++) {
		size_t found;

		text = redact_once(arena, text, &found);
		*replaced += found;
		if (!found)
			return text;
	}
	return withheld;
}

static void redact_string(struct arena *arena, struct value *value, size_t *replaced)
{
	SCOPED(arena) struct arena scratch = ARENA_INIT;
	size_t count = 0;
	struct str text = answer_redact(&scratch, value->string, &count);

	if (count)
		value->string = arena_str(arena, text);
	*replaced += count;
}

void value_redact(struct arena *arena, struct value *value, size_t *replaced)
{
	task_breathe();
	switch (value->kind) {
	case VALUE_STRING:
		redact_string(arena, value, replaced);
		break;
	case VALUE_ARRAY:
		for (size_t i = 0; i < value->array.len; i++)
			value_redact(arena, value->array.items[i], replaced);
		break;
	case VALUE_OBJECT:
		for (size_t i = 0; i < value->object.len; i++)
			value_redact(arena, value->object.members[i].value, replaced);
		break;
	default:
		break;
	}
}

void error_redact(struct error *err)
{
	SCOPED(buf) struct buf clean = BUF_INIT;

	if (redact_add(&clean, str_from(err->message)))
		snprintf(err->message, sizeof(err->message), "%s", clean.ptr);
}

void text_add_redacted(struct buf *out, struct str text, size_t size_max)
{
	SCOPED(buf) struct buf folded = BUF_INIT;

	text_fold(&folded, utf8_cut(text, size_max));
	redact_add(out, buf_str(&folded));
}

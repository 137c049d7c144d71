/* The files of one change in the forms in which quoted code is searched. */
#include "finding/placer.h"

#include "finding/evidence.h"
#include "finding/finding.h"
#include "finding/visible.h"

void placer_init(struct placer *placer, const struct diff *diff)
{
	*placer = (struct placer){.diff = diff};
	placer->files = ARENA_ARRAY(&placer->arena, struct place_file, diff->len + 1);
}

void placer_release(struct placer *placer)
{
	if (!placer)
		return;
	arena_release(&placer->arena);
	*placer = (struct placer){0};
}

/* ---- The forms of a text ---- */

static struct str join_side(struct arena *arena, const struct diff_file *file, enum diff_side side)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	for (size_t i = 0; i < file->len; i++) {
		for (size_t j = 0; j < file->hunks[i].len; j++) {
			const struct diff_line *line = &file->hunks[i].lines[j];

			if (!diff_line_number(line, side) || !line->text.len)
				continue;
			buf_add(&text, line->text);
			buf_add_char(&text, ' ');
		}
		buf_add_char(&text, '\n');
	}
	return arena_str(arena, buf_str(&text));
}

static struct str fold(struct arena *arena, struct str text)
{
	SCOPED(buf) struct buf folded = BUF_INIT;

	text_fold(&folded, text);
	return str_eq(buf_str(&folded), text) ? text : arena_str(arena, buf_str(&folded));
}

static struct place_text *make_text(struct arena *arena, const struct diff_file *file, bool visible)
{
	struct place_text *text = ARENA_NEW(arena, struct place_text);

	text->file = *file;
	text->file.hunks = ARENA_ARRAY(arena, struct diff_hunk, file->len);
	for (size_t i = 0; i < file->len; i++) {
		struct diff_hunk *hunk = &text->file.hunks[i];

		*hunk = file->hunks[i];
		hunk->lines = ARENA_ARRAY(arena, struct diff_line, hunk->len);
		for (size_t j = 0; j < hunk->len; j++) {
			struct str line = file->hunks[i].lines[j].text;

			hunk->lines[j] = file->hunks[i].lines[j];
			hunk->lines[j].text = fold(arena, visible ? visible_of(arena, line) : line);
		}
	}
	text->joined[SIDE_RIGHT] = join_side(arena, &text->file, SIDE_RIGHT);
	text->joined[SIDE_LEFT] = join_side(arena, &text->file, SIDE_LEFT);
	return text;
}

static bool is_plain(const struct diff_file *file)
{
	for (size_t i = 0; i < file->len; i++) {
		for (size_t j = 0; j < file->hunks[i].len; j++) {
			if (!visible_is_plain(file->hunks[i].lines[j].text))
				return false;
		}
	}
	return true;
}

/* ---- What was made so far ---- */

struct place_file *placer_file(struct placer *placer, const struct diff_file *file)
{
	struct place_file *made = &placer->files[file - placer->diff->files];

	if (!made->file) {
		made->file = file;
		made->plain = is_plain(file);
		made->bytes = make_text(&placer->arena, file, false);
	}
	return made;
}

const struct place_text *placer_visible(struct placer *placer, struct place_file *file)
{
	if (!file->visible && file->plain)
		file->visible = file->bytes;
	if (!file->visible)
		file->visible = make_text(&placer->arena, file->file, true);
	return file->visible;
}

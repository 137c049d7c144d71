/* Renders a change for a model. */
#include "diff/render.h"

#include <string.h>

#include "base/quote.h"

enum { NUMBER_WIDTH = 6 };

void diff_render_header(struct buf *out, const struct diff_file *file)
{
	buf_add_text(out, "## File: ");
	quote_add(out, file->path);
	buf_addf(out, " (%s", diff_status_name(file->status));
	if (!str_eq(file->path, file->old_path) && file->old_path.len) {
		buf_add_text(out, ", was ");
		quote_add(out, file->old_path);
	}
	if (file->old_mode && file->new_mode && file->old_mode != file->new_mode)
		buf_addf(out, ", mode %06o, was %06o", file->new_mode, file->old_mode);
	else if (file->status == DIFF_ADDED && diff_file_executable(file) == '+')
		buf_addf(out, ", mode %06o", file->new_mode);
	if (file->binary)
		buf_add_text(out, ", binary");
	buf_add_text(out, ")\n");
}

/* A line's number, right-aligned: a printf for each line is most of the work of rendering. */
static void add_number(struct buf *out, uint32_t number)
{
	char digits[16];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	while (sizeof(digits) - at < NUMBER_WIDTH)
		digits[--at] = ' ';
	buf_add(out, str_of(digits + at, sizeof(digits) - at));
}

static void render_line(struct buf *out, const struct diff_line *line)
{
	add_number(out, line->kind == LINE_DELETED ? line->old_line : line->new_line);
	buf_add(out, str_of((const char[]){' ', '|', (char)line->kind, ' '}, 4));
	buf_add(out, line->text);
	buf_add_char(out, '\n');
}

void diff_render_section(struct buf *out, const struct diff_hunk *hunk)
{
	buf_add_text(out, "@@");
	if (hunk->section.len)
		buf_addf(out, " %.*s", STR_ARG(hunk->section));
	buf_add_char(out, '\n');
}

void diff_render_around(struct buf *out, uint32_t number, const struct str *lines, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		add_number(out, number + (uint32_t)i);
		buf_add_text(out, " :  ");
		buf_add(out, lines[i]);
		buf_add_char(out, '\n');
	}
}

void diff_render_place(struct buf *out, const struct diff_file *file, const struct diff_hunk *hunk)
{
	quote_add(out, file->path);
	buf_addf(out, ", line %u\n", diff_hunk_first(hunk));
}

void diff_render_lines(struct buf *out, const struct diff_hunk *hunk, size_t first, size_t count)
{
	for (size_t i = first; i < hunk->len && i - first < count; i++)
		render_line(out, &hunk->lines[i]);
}

void diff_render_file(struct buf *out, const struct diff_file *file)
{
	diff_render_header(out, file);
	for (size_t i = 0; i < file->len; i++) {
		diff_render_section(out, &file->hunks[i]);
		diff_render_lines(out, &file->hunks[i], 0, file->hunks[i].len);
	}
}

/* Without a call for each part: all lines of a change are joined before they are redacted or hashed. */
void diff_render_texts(struct buf *out, const struct diff_hunk *hunk, bool signs)
{
	size_t size = hunk->len * (signs ? 2 : 1);
	char *to;

	for (size_t i = 0; i < hunk->len; i++)
		size += hunk->lines[i].text.len;
	to = buf_room(out, size);
	for (size_t i = 0; i < hunk->len; i++) {
		struct str text = hunk->lines[i].text;

		if (signs)
			*to++ = hunk->lines[i].kind;
		if (text.len)
			memcpy(to, text.ptr, text.len);
		to += text.len;
		*to++ = '\n';
	}
	buf_set_len(out, out->len + size);
}

void diff_render_content(struct buf *out, const struct diff_file *file)
{
	buf_addf(out, "%s %.*s\n", diff_status_name(file->status), STR_ARG(file->old_path));
	if (file->binary || file->patch_missing)
		buf_addf(out, "%.*s\n", STR_ARG(file->new_id));
	for (size_t i = 0; i < file->len; i++) {
		buf_add_text(out, "@@\n");
		diff_render_texts(out, &file->hunks[i], true);
	}
}

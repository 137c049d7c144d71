/* A change as text: the unified diff that git prints. */
#include "diff/unified.h"

#include "base/quote.h"

enum { REGULAR_MODE = 0100644 };

static void add_name(struct buf *out, const char *prefix, struct str path)
{
	SCOPED(buf) struct buf name = BUF_INIT;

	buf_add_text(&name, prefix);
	buf_add(&name, path);
	quote_add(out, buf_str(&name));
}

static struct str old_path(const struct diff_file *file)
{
	return file->old_path.len ? file->old_path : file->path;
}

static bool has_ids(const struct diff_file *file)
{
	return file->old_id.len && file->new_id.len;
}

static void add_mode(struct buf *out, const char *words, uint32_t mode)
{
	buf_addf(out, "%s %06o\n", words, mode ? mode : REGULAR_MODE);
}

static void add_moved(struct buf *out, const struct diff_file *file, const char *verb)
{
	buf_addf(out, "%s from ", verb);
	add_name(out, "", old_path(file));
	buf_addf(out, "\n%s to ", verb);
	add_name(out, "", file->path);
	buf_add_char(out, '\n');
}

static void add_headers(struct buf *out, const struct diff_file *file)
{
	buf_add_text(out, "diff --git ");
	add_name(out, "a/", old_path(file));
	buf_add_char(out, ' ');
	add_name(out, "b/", file->path);
	buf_add_char(out, '\n');
	if (file->status == DIFF_ADDED)
		add_mode(out, "new file mode", file->new_mode);
	else if (file->status == DIFF_DELETED)
		add_mode(out, "deleted file mode", file->old_mode);
	else if (file->old_mode != file->new_mode && file->old_mode && file->new_mode) {
		add_mode(out, "old mode", file->old_mode);
		add_mode(out, "new mode", file->new_mode);
	}
	if (file->status == DIFF_RENAMED)
		add_moved(out, file, "rename");
	else if (file->status == DIFF_COPIED)
		add_moved(out, file, "copy");
	if (has_ids(file))
		buf_addf(out, "index %.*s..%.*s\n", STR_ARG(file->old_id), STR_ARG(file->new_id));
}

/* "--- a/x" and "+++ b/x", or the one line of a binary file. */
static void add_sides(struct buf *out, const struct diff_file *file)
{
	buf_add_text(out, file->binary ? "Binary files " : "--- ");
	if (file->status == DIFF_ADDED)
		buf_add_text(out, "/dev/null");
	else
		add_name(out, "a/", old_path(file));
	buf_add_text(out, file->binary ? " and " : "\n+++ ");
	if (file->status == DIFF_DELETED)
		buf_add_text(out, "/dev/null");
	else
		add_name(out, "b/", file->path);
	buf_add_text(out, file->binary ? " differ\n" : "\n");
}

static void add_hunk(struct buf *out, const struct diff_hunk *hunk)
{
	buf_addf(out, "@@ -%u,%u +%u,%u @@", hunk->old_start, hunk->old_len, hunk->new_start,
		 hunk->new_len);
	if (hunk->section.len)
		buf_addf(out, " %.*s", STR_ARG(hunk->section));
	buf_add_char(out, '\n');
	for (size_t i = 0; i < hunk->len; i++) {
		buf_add_char(out, hunk->lines[i].kind);
		buf_add(out, hunk->lines[i].text);
		buf_add_char(out, '\n');
		if (hunk->lines[i].no_newline)
			buf_add_text(out, "\\ No newline at end of file\n");
	}
}

void diff_unified_add(struct buf *out, const struct diff *diff)
{
	for (size_t i = 0; i < diff->len; i++) {
		const struct diff_file *file = &diff->files[i];

		add_headers(out, file);
		if (file->binary || file->len)
			add_sides(out, file);
		for (size_t j = 0; j < file->len; j++)
			add_hunk(out, &file->hunks[j]);
	}
}

/* The many forms of a diff: what each is read as, or refused with. */
#include "diff/diff.h"

#include "base/quote.h"
#include "diff/render.h"

#include "golden.h"

static void add_file(struct buf *out, const struct diff_file *file)
{
	buf_addf(out, "%s ", diff_status_name(file->status));
	quote_add(out, file->path);
	if (!str_eq(file->path, file->old_path)) {
		buf_add_text(out, " (was ");
		quote_add(out, file->old_path);
		buf_add_char(out, ')');
	}
	buf_addf(out, "%s%s +%u -%u", file->binary ? " binary" : "",
		 file->patch_missing ? " missing" : "", file->additions, file->deletions);
	if (file->old_mode != file->new_mode)
		buf_addf(out, " mode %o to %o", file->old_mode, file->new_mode);
	buf_add_char(out, '\n');
	for (size_t i = 0; i < file->len; i++) {
		const struct diff_hunk *hunk = &file->hunks[i];

		buf_addf(out, "-%u,%u +%u,%u\n", hunk->old_start, hunk->old_len, hunk->new_start,
			 hunk->new_len);
		diff_render_section(out, hunk);
		diff_render_lines(out, hunk, 0, hunk->len);
	}
}

/* "renamed b.c (was c.c)", with "binary", "missing" and counts, and the hunks as a model reads them; or the error. */
static void parse(struct golden *golden, struct buf *out)
{
	SCOPED(diff) struct diff diff = {0};
	struct str text = golden_text(golden, "bytes");
	struct error err;

	if (golden_text(golden, "diff").len)
		text = arena_printf(&golden->arena, "%.*s\n", STR_ARG(golden_text(golden, "diff")));
	if (!diff_parse(text, &diff, &err)) {
		buf_addf(out, "error: %s\n", err.message);
		return;
	}
	for (size_t i = 0; i < diff.len; i++)
		add_file(out, &diff.files[i]);
}

TEST(every_form_of_a_diff_is_read_or_refused_with_the_line)
{
	golden_run("diff", parse);
}

TEST(a_file_name_cannot_forge_a_header)
{
	SCOPED(diff) struct diff diff = {0};
	SCOPED(buf) struct buf out = BUF_INIT;
	struct diff_file_source source = {.path = STR_INIT("a\n## File: b.c (deleted)"),
					  .old_path = STR_INIT("c\xe2\x80\xa8"
							       "d"),
					  .status = STR_INIT("renamed")};
	struct error err;

	ck_assert(diff_add_file(&diff, &source, &err));
	diff_render_header(&out, &diff.files[0]);
	ck_assert_str_eq(
		out.ptr,
		"## File: \"a\\n## File: b.c (deleted)\" (renamed, was \"c\\342\\200\\250d\")\n");
	ck_assert_ptr_eq(diff_find(&diff, STR("\"a\\n## File: b.c (deleted)\"")), &diff.files[0]);
	ck_assert_ptr_null(diff_find(&diff, STR("\"a\\n")));
}

TEST(a_file_without_patch_and_lines_is_compared_unless_it_is_empty)
{
	SCOPED(diff) struct diff diff = {0};
	const struct str binary = STR("0123456789012345678901234567890123456789");
	const struct str empty = STR("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
	const struct {
		struct str status, id;
		bool missing;
	} rows[] = {
		{STR_INIT("added"), binary, true},      {STR_INIT("added"), empty, false},
		{STR_INIT("modified"), binary, true},   {STR_INIT("renamed"), binary, false},
		{STR_INIT("unchanged"), binary, false}, {STR_INIT("removed"), binary, true},
	};
	struct error err;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct diff_file_source source = {
			.path = STR_INIT("x"), .status = rows[i].status, .new_id = rows[i].id};

		ck_assert(diff_add_file(&diff, &source, &err));
		ck_assert(diff.files[i].patch_missing == rows[i].missing);
	}
}

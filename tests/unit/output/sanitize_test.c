/* Model text made safe for a comment. */
#include "output/sanitize.h"

#include "golden.h"

static void as_suggestion(struct buf *out, struct str text)
{
	sanitize_block(out, "suggestion", text);
}

/* The kinds of text that a case can hold, by the names of its sections. */
static const struct {
	const char *name;
	void (*sanitize)(struct buf *out, struct str text);
} kinds[] = {
	{"cell", sanitize_cell}, {"code", sanitize_code},         {"code cell", sanitize_code_cell},
	{"line", sanitize_line}, {"markdown", sanitize_markdown}, {"suggestion", as_suggestion},
};

/* One result after the other, divided by a line "---". */
static void sanitize_sections(struct golden *golden, struct buf *out)
{
	for (size_t i = 0; i + 1 < golden->len; i++) {
		const struct golden_section *section = &golden->sections[i];
		size_t kind = 0;

		while (kind < ARRAY_LEN(kinds) &&
		       !str_eq(section->name, str_from(kinds[kind].name)))
			kind++;
		ck_assert_msg(kind < ARRAY_LEN(kinds), "%s: unknown section \"%.*s\"", golden->name,
			      STR_ARG(section->name));
		if (i)
			buf_add_text(out, "---\n");
		kinds[kind].sanitize(out, section->text);
		golden_end_line(out);
	}
}

TEST(model_text_is_made_safe_for_its_place)
{
	golden_run("sanitizing", sanitize_sections);
}

TEST(a_suggestion_is_posted_byte_for_byte_or_not_at_all)
{
	static const struct {
		const char *text;
		bool good;
	} rows[] = {
		{"a\xe2\x80\x8d\f\xc2\xad", true},
		{"<!-- a comment -->", true},
		{"<!-- Outcrop:gone -->", false},
		{"a\xe2\x80\xae", false},
		{"\xff", false},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		ck_assert_int_eq(sanitize_can_suggest(str_from(rows[i].text)), rows[i].good);
}

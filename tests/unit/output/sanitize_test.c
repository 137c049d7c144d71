/* Model text made safe to stand in a comment. */
#include "output/sanitize.h"

#include "unit.h"

struct row {
	const char *text;
	const char *expected;
};

static void check_rows(const struct row *rows, size_t len,
		       void (*sanitize)(struct buf *, struct str))
{
	for (size_t i = 0; i < len; i++) {
		SCOPED(buf) struct buf out = BUF_INIT;

		sanitize(&out, str_from(rows[i].text));
		ck_assert_str_eq(out.ptr, rows[i].expected);
	}
}

TEST(keeps_ordinary_formatting)
{
	static const struct row rows[] = {
		{"Use *this* and `that`, see [docs](https://x.y).",
		 "Use *this* and `that`, see [docs](https://x.y)."},
		{"- one\n- two\n\n> quoted", "- one\n- two\n\n> quoted"},
		{"mail a@b.c", "mail a@b.c"},
		{"`flags | MASK` is set", "`flags | MASK` is set"},
		{"```c\nint a;\n```", "```c\nint a;\n```\n"},
	};

	check_rows(rows, ARRAY_LEN(rows), sanitize_markdown);
}

TEST(mentions_nobody)
{
	static const struct row rows[] = {
		{"ask @octocat now", "ask `@octocat` now"},
		{"@org/team-a!", "`@org/team-a`!"},
		{"**@bob**", "**`@bob`**"},
		{"_@bob_ and __@bob__", "_`@bob`_ and __`@bob`__"},
		{"\\@bob", "\\\\`@bob`"},
		{"&#64;bob", "&amp;#64;bob"},
		{"a ` b\n` @bob `", "a \\` b\n` @bob `"},
		{"| a | `x | @bob` |", "| a | \\`x | `@bob`\\` |"},
		{"`@bob`", "`@bob`"},
	};

	check_rows(rows, ARRAY_LEN(rows), sanitize_markdown);
}

TEST(loads_no_image_and_holds_no_html)
{
	static const struct row rows[] = {
		{"![x](https://evil/p.png)", "&#33;[x](https://evil/p.png)"},
		{"\\![x](u)", "\\\\&#33;[x](u)"},
		{"<img src=x>", "&lt;img src=x>"},
		{"a <!-- outcrop:finding id=1 -->", "a &lt;!-- outcrop:finding id=1 -->"},
		{"`<b>` stays code", "`<b>` stays code"},
	};

	check_rows(rows, ARRAY_LEN(rows), sanitize_markdown);
}

TEST(closes_every_code_block_and_offers_no_suggestion)
{
	static const struct row rows[] = {
		{"```\nopen", "```\nopen\n```\n"},
		{"```suggestion\nrm -rf\n```", "```text\nrm -rf\n```\n"},
		{"~~~js\n``` inside\n~~~\nafter", "````js\n``` inside\n````\nafter"},
		{"   ```\n   x\n   ```", "```\n   x\n```\n"},
		{"- ```\n  <i>", "- \\`\\`\\`\n  &lt;i>"},
		{"````\n```\n````", "````\n```\n````\n"},
	};

	check_rows(rows, ARRAY_LEN(rows), sanitize_markdown);
}

TEST(drops_characters_that_nobody_sees)
{
	static const struct row rows[] = {
		{"a\xe2\x80\xae"
		 "b\xe2\x80\x8b"
		 "c\x1b[0m",
		 "abc[0m"},
		{"a\r\nb\rc", "a\nb\nc"},
		{"\xff", "\xef\xbf\xbd"},
	};

	check_rows(rows, ARRAY_LEN(rows), sanitize_markdown);
}

TEST(keeps_a_line_a_line_and_a_cell_a_cell)
{
	static const struct row rows[] = {
		{"a\nb | c", "a b \\| c"},
		{" <x> ", "&lt;x>"},
	};

	check_rows(rows, ARRAY_LEN(rows), sanitize_line);
}

TEST(quotes_code_that_holds_backticks)
{
	static const struct row rows[] = {
		{"a.c", "`a.c`"},
		{"a`b", "`` a`b ``"},
		{"a|<b>_c", "<code>a&#124;&#60;b&#62;&#95;c</code>"},
		{"", ""},
		{"x\ny", "`x y`"},
	};
	SCOPED(buf) struct buf out = BUF_INIT;

	check_rows(rows, ARRAY_LEN(rows), sanitize_code);
	sanitize_block(&out, "suggestion", STR("```\ncode"));
	ck_assert_str_eq(out.ptr, "````suggestion\n```\ncode\n````\n");
}

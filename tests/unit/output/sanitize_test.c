/* Model text made safe for a comment. */
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
		{"Use *this* and `that`, see [why](https://owasp.org/a?b=1).",
		 "Use *this* and `that`, see [why](https://owasp.org/a?b=1)."},
		{"see [docs](https://x.y).", "see docs (`https://x.y`)."},
		{"see https://x.y.", "see `https://x.y`."},
		{"snake_case, 1 < 2 & 3", "snake_case, 1 &lt; 2 &amp; 3"},
		{"- one\n- two\n\n> quoted", "- one\n- two\n\n> quoted"},
		{"mail a@b.c", "mail `a@b.c`"},
		{"`flags | MASK` is set", "`flags | MASK` is set"},
		{"```c\nint a;\n```", "```c\nint a;\n```"},
	};

	check_rows(rows, ARRAY_LEN(rows), sanitize_markdown);
}

TEST(mentions_nobody)
{
	static const struct row rows[] = {
		{"ask @octocat now", "ask `@octocat` now"},
		{"@org/team-a!", "`@org/team-a`!"},
		{"**@bob**", "**`@bob`**"},
		{"_@bob_ and __@bob__", "*`@bob`* and **`@bob`**"},
		{"\\@bob", "`@bob`"},
		{"&#64;bob", "`@bob`"},
		{"a ` b\n` @bob `", "a `b` `@bob` \\`"},
		{"| a | `x | @bob` |", "\\| a \\| `x | @bob` \\|"},
		{"@a@b and (@c)", "`@a@b` and (`@c`)"},
		{"fixes #3, GH-4 and a/b#5", "fixes `#3`, `GH-4` and `a/b#5`"},
		{"since 0123abcd", "since `0123abcd`"},
		{"/approve", "\\/approve"},
		{"`@bob`", "`@bob`"},
	};

	check_rows(rows, ARRAY_LEN(rows), sanitize_markdown);
}

TEST(makes_no_reference_in_another_repository)
{
	static const struct row rows[] = {
		{"as torvalds/linux#1 and https://github.com/torvalds/linux/issues/1, see #12.",
		 "as `torvalds/linux#1` and `torvalds/linux#1`, see `#12`."},
		{"www.github.com/a/b/pull/2", "`a/b#2`"},
		{"[fixed](https://github.com/a/b/discussions/3)", "fixed (`a/b#3`)"},
		{"[https://github.com/a/b/pull/4](https://github.com/a/b/pull/4)", "`a/b#4`"},
		{"https://github.com/a/b/pull/4/files", "`https://github.com/a/b/pull/4/files`"},
		{"https://github.com/a/b/issues/5#issuecomment-6",
		 "`https://github.com/a/b/issues/5#issuecomment-6`"},
		{"https://github.com.evil.example/a/b/issues/5",
		 "`https://github.com.evil.example/a/b/issues/5`"},
		{"https://github.com/a/b/commit/0123abcd",
		 "`https://github.com/a/b/commit/0123abcd`"},
	};

	check_rows(rows, ARRAY_LEN(rows), sanitize_markdown);
}

TEST(loads_no_image_and_holds_no_html)
{
	static const struct row rows[] = {
		{"![x](https://evil/p.png)", "x (`https://evil/p.png`)"},
		{"\\![x](u)", "!x (`u`)"},
		{"<img src=x>", "&lt;img src=x>"},
		{"`<!-- outcrop:gone -->`", "`<! -- outcrop:gone -->`"},
		{"```\n<!--outcrop:gone -->\n```", "```\n<! --outcrop:gone -->\n```"},
		{"a <!-- outcrop:finding id=1 -->", "a &lt;!-- outcrop:finding id=1 -->"},
		{"`<b>` stays code", "`<b>` stays code"},
	};

	check_rows(rows, ARRAY_LEN(rows), sanitize_markdown);
}

TEST(closes_every_code_block_and_offers_no_suggestion)
{
	static const struct row rows[] = {
		{"```\nopen", "```\nopen\n```"},
		{"```suggestion\nrm -rf\n```", "```\nrm -rf\n```"},
		{"```math\nx\n```", "```\nx\n```"},
		{"> ~~~suggestion\n> x", "> ```\n> x\n> ```"},
		{"- ~~~mermaid\n  x", "- ```\n  x\n  ```"},
		{"~~~js\n``` inside\n~~~\nafter", "````js\n``` inside\n````\n\nafter"},
		{"   ```\n   x\n   ```", "```\nx\n```"},
		{"- ```\n  <i>", "- ```\n  <i>\n  ```"},
		{"````\n```\n````", "````\n```\n````"},
	};

	check_rows(rows, ARRAY_LEN(rows), sanitize_markdown);
}

TEST(keeps_the_joiners_of_scripts_and_emoji_and_drops_what_nobody_sees)
{
	static const struct row rows[] = {
		{"a\xe2\x80\xae"
		 "b\xe2\x80\x8b"
		 "c\x1b[0m",
		 "a\\\\u202ebc\\[0m"},
		{"\xd9\x85\xe2\x80\x8c\xd8\xb1", "\xd9\x85\xe2\x80\x8c\xd8\xb1"},
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
		{"a.c", "`a.c`"},         {"a`b", "``a`b``"}, {"`a", "`` `a ``"},
		{"a|<b>_c", "`a|<b>_c`"}, {"", ""},           {"x\ny", "`x y`"},
	};
	SCOPED(buf) struct buf out = BUF_INIT;

	check_rows(rows, ARRAY_LEN(rows), sanitize_code);
	sanitize_block(&out, "suggestion", STR("```\ncode"));
	ck_assert_str_eq(out.ptr, "````suggestion\n```\ncode\n````\n");
}

TEST(a_cell_stays_one_cell)
{
	static const struct row rows[] = {
		{"a | `b | c`", "a \\| `b \\| c`"},
		{"- x\ny", "\\- x y"},
	};
	SCOPED(buf) struct buf out = BUF_INIT;

	check_rows(rows, ARRAY_LEN(rows), sanitize_cell);
	sanitize_code_cell(&out, STR("a|b\\|c"));
	ck_assert_str_eq(out.ptr, "`a\\|b\\ \\|c`");
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

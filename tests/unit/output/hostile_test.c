/* Hostile Markdown, sanitized, does nothing when GitHub's own parser renders it. */
#include <string.h>

#include "base/utf8.h"
#include "output/sanitize.h"
#include "output/sanitize_parts.h"
#include "rendered.h"

#include "unit.h"

/* Pieces that act, and pieces of the grammar that hide or combine them. */
static const char *const pieces[] = {
	"![x](https://evil.example/p.png)",
	"@user",
	"@org/team",
	"#12",
	"fixes #3",
	"acme/shop#1",
	"GH-12",
	"https://github.com/a/b/issues/1",
	"www.evil.example",
	"a@b.example",
	"<img src=x>",
	"<!-- outcrop:gone -->",
	"<script>",
	"</details>",
	"&lt;img&gt;",
	"&#64;user",
	"&#33;",
	"0123abcd",
	"$x$",
	"$`y`$",
	"[text](https://evil.example/)",
	"[text](javascript:alert)",
	"[cwe](https://cwe.mitre.org/data/definitions/89.html)",
	"[ref]: https://evil.example/ \"t\"\n\n",
	"[ref]",
	"![ref]",
	"[^1]",
	"[^1]: note\n",
	"<https://evil.example>",
	"`",
	"``",
	"```",
	"~~~suggestion\n",
	"```mermaid\n",
	"```js\n",
	"\n~~~\n",
	"\n```\n",
	"\n> ",
	"\n- ",
	"\n1. ",
	"\n    ",
	"\n\n",
	"\n",
	"\n| a | b |\n|---|---|\n| ",
	" | ",
	"|\n",
	"\n---\n",
	"\n# ",
	"\n===\n",
	"*",
	"**",
	"_",
	"~~",
	"\\",
	"!",
	"[",
	"](",
	")",
	" ",
	"word",
	"- [ ] ",
	"> [!WARNING]\n> ",
	"\xe2\x80\x8b",
	"\xe2\x80\x8d",
	"\xe2\x80\xae",
	"\t",
	"http:",
	"//x",
	"@",
	"#",
	"1",
	"<",
	"<!--",
	"-->",
	" outcrop:x",
	"&",
	"$",
};

/* As the beginning of a comment and as what is folded. */
static void split(struct buf *out, struct str text, size_t words_max)
{
	SCOPED(buf) struct buf first = BUF_INIT;
	SCOPED(buf) struct buf rest = BUF_INIT;

	sanitize_markdown_split(&first, &rest, text, 20000, words_max);
	buf_addf(out, "%.*s\n\nWhy:\n\n%.*s", STR_ARG(buf_str(&first)), STR_ARG(buf_str(&rest)));
}

static void split_at_first(struct buf *out, struct str text)
{
	split(out, text, 1);
}

static void split_at_fourth(struct buf *out, struct str text)
{
	split(out, text, 4);
}

static void check_text(struct str text)
{
	void (*const kinds[])(struct buf *, struct str) = {sanitize_markdown,  sanitize_line,
							   sanitize_cell,      sanitize_code,
							   sanitize_code_cell, split_at_first,
							   split_at_fourth};

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		SCOPED(buf) struct buf out = BUF_INIT;
		bool cell = kinds[i] == sanitize_cell || kinds[i] == sanitize_code_cell;
		const char *fault;

		if (cell)
			buf_add_text(&out, "| h |\n|---|\n| ");
		else if (kinds[i] == sanitize_line || kinds[i] == sanitize_code)
			buf_add_text(&out, "Title: ");
		kinds[i](&out, text);
		if (cell)
			buf_add_text(&out, " |\n");
		fault = rendered_fault(buf_str(&out));
		ck_assert_msg(!fault, "%s (kind %zu)\nfrom: %.*s\ngiven: %s", fault, i,
			      STR_ARG(text), out.ptr);
		ck_assert(utf8_valid(buf_str(&out)));
	}
}

TEST(attacks_seen_on_other_tools_do_nothing)
{
	static const char *const texts[] = {
		"``![x](https://e/x.png)``@user",
		"`a\n![x](https://e/x.png)\nb` @user",
		"http://a/`<img src=x>`",
		"@a@b",
		"> ~~~suggestion\n> rm -rf /\n> ~~~",
		"- ~~~mermaid\n  graph TD\n  ~~~",
		"| a | b |\n|---|---|\n| `x | <img src=y> @user` |",
		"```\ncode",
		"[a]: https://evil.example\n\n![a]",
		"@<b></b>user",
		"&commat;user &num;12",
		"*#*1",
		"http:*//*evil.example",
		"<a href=\"https://evil.example\">x</a>",
		"[![x](https://e/x.png)](https://e)",
		"\xe2\x80\x8b@\xe2\x80\x8buser",
	};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		check_text(str_from(texts[i]));
}

TEST(any_mixture_of_hostile_pieces_does_nothing)
{
	uint32_t state = 12345;

	for (int round = 0; round < 1500; round++) {
		SCOPED(buf) struct buf text = BUF_INIT;

		state = state * 1664525 + 1013904223;
		for (uint32_t i = 0, count = 1 + (state >> 28); i < count; i++) {
			state = state * 1664525 + 1013904223;
			buf_add_text(&text, pieces[(state >> 8) % ARRAY_LEN(pieces)]);
		}
		check_text(buf_str(&text));
	}
}

/* The code blocks that the parser sees in `markdown`, joined. */
static void add_code_of(struct buf *out, struct str markdown)
{
	SCOPED(buf) struct buf html = BUF_INIT;
	struct str rest, before, block;

	rendered_html(&html, markdown);
	rest = buf_str(&html);
	while (str_cut(rest, STR("<pre><code"), &before, &rest)) {
		ck_assert(str_cut(rest, STR(">"), &before, &rest));
		ck_assert(str_cut(rest, STR("</code></pre>"), &block, &rest));
		buf_add(out, block);
		buf_add_char(out, '\f');
	}
}

TEST(code_blocks_are_unchanged)
{
	static const char *const texts[] = {
		"```c\nint a;\n\n\tb = `x`; // @user #12 ![x](y) <b>\n```",
		"- one\n\n  ~~~\n  ``` inside\n\n      deep\n  ~~~\n- two",
		"> ```js\n> a\n>\n> \tb\n> ```\n> after",
		"1. a\n2. b\n   ```\n   x | y\n   ```\n\n10. c",
		"text\n\n    indented\n\n    code\n",
		"````\n```\n````\n\n~~~\n````\n~~~",
		"> - > ```\n>   > a\n>   > ```",
		"```\n\xd9\x85\xe2\x80\x8c\xd8\xa7 \xc2\xad \xe2\x80\x8b\xef\xbb\xbf\n```",
		"```html\n<!-- a comment -->\n<p>\n```",
	};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		SCOPED(buf) struct buf safe = BUF_INIT;
		SCOPED(buf) struct buf before = BUF_INIT;
		SCOPED(buf) struct buf after = BUF_INIT;

		sanitize_markdown(&safe, str_from(texts[i]));
		add_code_of(&before, str_from(texts[i]));
		add_code_of(&after, buf_str(&safe));
		ck_assert_str_eq(after.ptr, before.ptr);
		ck_assert(after.len);
	}
}

TEST(the_blocks_of_ordinary_markdown_stay_what_they_are)
{
	static const char *const texts[] = {
		"- one\n- two\n  - three\n    more\n- four\n\nAfter.",
		"1. one\n\n   second paragraph\n\n2. two\n",
		"> quoted\n> - list\n>\n> end",
		"| a | b |\n|:--|--:|\n| `x` | y \\| z |",
		"a *b* **c** _d_ ~~e~~ `f` **`g`**\nnext\\\nlast",
		"* a\n* b\n\n+ c\n+ d",
		"snake_case and 2 * 3 and a < b && c > d",
		"***\n\ntext\n\n***bold** and italic*",
		"Fix [CWE-89](https://cwe.mitre.org/data/definitions/89.html?a=1&b=2) now",
		"5. five\n6. six",
		"\xd9\x85\xdb\x8c\xe2\x80\x8c\xd8\xb1\xd9\x88\xd9\x85 \xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb",
	};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		SCOPED(buf) struct buf safe = BUF_INIT;
		SCOPED(buf) struct buf before = BUF_INIT;
		SCOPED(buf) struct buf after = BUF_INIT;

		sanitize_markdown(&safe, str_from(texts[i]));
		rendered_html(&before, str_from(texts[i]));
		rendered_html(&after, buf_str(&safe));
		ck_assert_str_eq(after.ptr, before.ptr);
	}
}

TEST(long_hostile_text_takes_no_long_time)
{
	static const char *const units[] = {"[",     "*a_ ", "`",  "> ",   "![",   "<!--",
					    "| ",    "- ",   "@a", "a**b", "&",    "](",
					    "\n|-|", "\\",   "_",  "~",    "[a](", "<"};

	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		SCOPED(buf) struct buf text = BUF_INIT;
		SCOPED(buf) struct buf out = BUF_INIT;
		size_t left;

		while (text.len < 100000)
			buf_add_text(&text, units[i]);
		left = sanitize_markdown_within(&out, buf_str(&text), 20000);
		ck_assert_uint_le(out.len, 20000);
		ck_assert_uint_gt(left, 0);
		ck_assert_ptr_null(rendered_fault(buf_str(&out)));
	}
}

TEST(code_spans_side_by_side_do_not_open_what_follows)
{
	/* Found by fuzzing: two words that become code, one with a back-tick in it. */
	static const char title[] =
		"*\xff*\xff\xff"
		"b\xf5\xff\xff*ta*\xff\xff\xff**\0*\xff\xff\xff\xff://*W\xff\xff**\0*"
		"\xff\xff\xff\xff://*W\xbf\xff\xef\xbf\xbd`//\xd6\xa8\xd5.**/";
	struct str text = str_of(title, sizeof(title) - 1);
	SCOPED(buf) struct buf out = BUF_INIT;

	buf_add_text(&out, "**");
	sanitize_line(&out, text);
	buf_add_text(&out, "** ");
	sanitize_code(&out, text);
	ck_assert_ptr_null(rendered_fault(buf_str(&out)));
	buf_reset(&out);
	sanitize_code(&out, STR("a"));
	sanitize_code(&out, STR("b`c @mallory"));
	sanitize_code(&out, STR("@mallory"));
	ck_assert_ptr_null(rendered_fault(buf_str(&out)));
}

TEST(code_spans_side_by_side_in_emphasis_do_not_open_what_follows)
{
	/* Found by fuzzing: the signs of an emphasis are left out between two words that become code. */
	static const char title[] =
		"*\xff*U*\0*\xff\xff\xff\xff://*\0\0\0\0\0\0\0\0www.\0\0\x80\0\0"
		"1\0\0;\0\0\xbf\xff\xef\xbf\xbd`//\xd6\xa8*\0\0\0\0\xbf\xff\xef*/";
	struct str text = str_of(title, sizeof(title) - 1);
	SCOPED(buf) struct buf out = BUF_INIT;

	buf_add_text(&out, "**");
	sanitize_line(&out, text);
	buf_add_text(&out, "** ");
	sanitize_code(&out, text);
	ck_assert_ptr_null(rendered_fault(buf_str(&out)));
}

/* A run of backticks, a line that must stay code, and the run again. */
static void add_runs_around(struct buf *out, size_t len, const char *text)
{
	buf_add_many(out, '`', len);
	buf_add_text(out, text);
	buf_add_many(out, '`', len);
}

TEST(code_with_more_backticks_than_a_delimiter_may_have_stays_code)
{
	static const size_t lens[] = {78, 79, 80, 81, 82, 160, 252, 253, 254, 255, 256, 257, 600};

	for (size_t i = 0; i < ARRAY_LEN(lens); i++) {
		SCOPED(buf) struct buf span = BUF_INIT;
		SCOPED(buf) struct buf block = BUF_INIT;
		SCOPED(buf) struct buf model = BUF_INIT;
		SCOPED(buf) struct buf out = BUF_INIT;

		add_runs_around(&span, lens[i], " @mallory #1 ![x](https://evil.test) ");
		sanitize_code(&out, buf_str(&span));
		buf_add_text(&out, "\n\n| a |\n|---|\n| ");
		sanitize_code_cell(&out, buf_str(&span));
		buf_add_text(&out, " |\n");
		ck_assert_msg(!rendered_fault(buf_str(&out)), "%zu: %s", lens[i],
			      rendered_fault(buf_str(&out)));

		add_runs_around(&block, lens[i], "\n@mallory #1 ![x](https://evil.test)\n");
		buf_reset(&out);
		sanitize_block(&out, "c", buf_str(&block));
		buf_add_text(&out, "after\n");
		ck_assert_msg(!rendered_fault(buf_str(&out)), "%zu: %s", lens[i],
			      rendered_fault(buf_str(&out)));
		ck_assert(sanitize_can_suggest(buf_str(&block)) == (lens[i] <= 253));

		buf_add_text(&model, "~~~c\n");
		buf_add(&model, buf_str(&block));
		buf_add_text(&model, "\n~~~\n");
		buf_reset(&out);
		sanitize_markdown(&out, buf_str(&model));
		ck_assert_msg(!rendered_fault(buf_str(&out)), "%zu: %s", lens[i],
			      rendered_fault(buf_str(&out)));
	}
}

TEST(a_line_ends_every_code_span_that_it_begins)
{
	static const struct {
		const char *line;
		bool closes;
	} cases[] = {
		{"", true},
		{"a `b` c", true},
		{"a ``b`c`` d", true},
		{"a \\` b", true},
		{"`a \\` b", true},
		{"a ` b", false},
		{"`a` `b", false},
		{"`a ``` b ``", false},
		{"a \\", true},
		{"``a` b`` `c`", true},
		{"a``` `b`", false},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		ck_assert_msg(line_closes_code(str_from(cases[i].line)) == cases[i].closes,
			      "\"%s\"", cases[i].line);
}

/* The time that hostile Markdown takes grows with its length, not with the square of it. */
#include "output/plain_text.h"
#include "output/sanitize.h"

#include "stretch.h"
#include "unit.h"

enum { SHORT_SIZE = 16 << 10, LONG_SIZE = 4 * SHORT_SIZE };

static const char *const patterns[] = {
	"![x](http://a/[(",
	"`<",
	"> ",
	"|a|\n|-|\n",
	"*a _",
	"*a **b",
	"[a](",
	"[a]:",
	"<a ",
	"- ",
	"a\n",
	"1. a\n\n",
	"1. a\n\n1) a\n\n",
	"- a\n\n* a\n\n",
	"  - a\n",
	"~~a ",
	"`a``b```c",
	"&lt;",
	"@a ",
	"[^a]",
	"[^a]: b\n\n",
	"\\",
	"www.a. ",
	"a@b.c ",
	"<!--",
	"<![CDATA[",
	"~~~\n",
	"    a\n\n",
	"# a\n",
	"a\n===\n",
	"***\n",
	"1. ",
	"| ",
};

TEST(the_time_of_sanitizing_is_linear)
{
	for (size_t i = 0; i < ARRAY_LEN(patterns); i++)
		stretch_check_linear(sanitize_markdown, patterns[i], SHORT_SIZE);
}

TEST(the_time_of_making_plain_text_is_linear)
{
	for (size_t i = 0; i < ARRAY_LEN(patterns); i++)
		stretch_check_linear(plain_text, patterns[i], SHORT_SIZE);
}

enum {
	ANSWER_SIZE = 30000
}; /* what a comment shows of an agent's text, the longest that is sanitized */

static void sanitize_answer(struct str text)
{
	SCOPED(buf) struct buf out = BUF_INIT;

	sanitize_markdown_within(&out, text, text.len);
}

static void write_plain(struct str text)
{
	SCOPED(buf) struct buf out = BUF_INIT;

	plain_text(&out, text);
}

TEST(hostile_markdown_is_read_with_pauses)
{
	for (size_t i = 0; i < ARRAY_LEN(patterns); i++) {
		stretch_check(sanitize_answer, patterns[i], ANSWER_SIZE);
		stretch_check(write_plain, patterns[i], LONG_SIZE);
	}
}

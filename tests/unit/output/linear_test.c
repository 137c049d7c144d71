/* The time that hostile Markdown takes grows with its length, not with the square of it. */
#include "base/clock.h"
#include "output/plain_text.h"
#include "output/sanitize.h"

#include "stretch.h"
#include "unit.h"

enum { SHORT_SIZE = 16 << 10, LONG_SIZE = 64 << 10, NS_PER_MS = 1000000 };

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

static void fill(struct buf *text, const char *pattern, size_t size)
{
	while (text->len < size)
		buf_add_text(text, pattern);
}

static int64_t time_of(void (*fn)(struct buf *out, struct str text), const char *pattern,
		       size_t size)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	SCOPED(buf) struct buf out = BUF_INIT;
	int64_t before;

	fill(&text, pattern, size);
	before = clock_cpu_ns();
	fn(&out, buf_str(&text));
	return clock_cpu_ns() - before;
}

/* Four times the text takes four times as long; sixteen times would be the square. */
static void check_linear(void (*fn)(struct buf *out, struct str text), const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(patterns); i++) {
		int64_t small = time_of(fn, patterns[i], SHORT_SIZE);
		int64_t large = time_of(fn, patterns[i], LONG_SIZE);

		ck_assert_msg(large < 8 * small + 20 * NS_PER_MS,
			      "%s of \"%s\": %lld ms, then %lld ms", name, patterns[i],
			      (long long)(small / NS_PER_MS), (long long)(large / NS_PER_MS));
	}
}

TEST(the_time_of_sanitizing_is_linear)
{
	check_linear(sanitize_markdown, "sanitize_markdown()");
}

TEST(the_time_of_making_plain_text_is_linear)
{
	check_linear(plain_text, "plain_text()");
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

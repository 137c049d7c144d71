/* Any text as a model's words: rendered by GitHub's own parser, what was made of it does nothing. */
#include <stdint.h>
#include <stdio.h>

#include "base/utf8.h"
#include "output/markdown.h"
#include "output/sanitize.h"

#include "../unit/output/rendered.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct str markdown)
{
	const char *fault = rendered_fault(markdown);

	if (fault)
		fprintf(stderr, "%s\n%.*s\n", fault, STR_ARG(markdown));
	assert(!fault);
	assert(utf8_valid(markdown));
}

/* The two parts of a comment, each by itself. */
static void check_split(struct str text, size_t words_max)
{
	SCOPED(buf) struct buf first = BUF_INIT;
	SCOPED(buf) struct buf rest = BUF_INIT;

	sanitize_markdown_split(&first, &rest, text, 20000, words_max);
	check(buf_str(&first));
	check(buf_str(&rest));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_of((const char *)data, size);
	SCOPED(buf) struct buf safe = BUF_INIT;
	SCOPED(buf) struct buf line = BUF_INIT;
	SCOPED(buf) struct buf table = BUF_INIT;

	sanitize_markdown(&safe, text);
	check(buf_str(&safe));
	check_split(text, 1 + size % 30);
	buf_add_text(&line, "**");
	sanitize_line(&line, text);
	buf_add_text(&line, "** ");
	sanitize_code(&line, text);
	assert(str_find_char(buf_str(&line), '\n', 0) < 0);
	check(buf_str(&line));
	buf_add_text(&table, "| a | b |\n|---|---|\n| ");
	sanitize_cell(&table, text);
	buf_add_text(&table, " | ");
	sanitize_code_cell(&table, text);
	buf_add_text(&table, " |\n");
	check(buf_str(&table));
	return 0;
}

/* Any text in the log and in an annotation: the runner finds no command in it but ours. */
#include <stdint.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/utf8.h"
#include "github/actions.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What the runner trims (.NET's Char.IsWhiteSpace). */
static bool is_white(uint32_t c)
{
	return c == ' ' || (c >= 9 && c <= 13) || c == 0x85 || c == 0xa0 || c == 0x1680 ||
	       (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f ||
	       c == 0x205f || c == 0x3000;
}

static struct str trim(struct str line)
{
	for (;;) {
		struct str rest = line;
		uint32_t c;

		if (!utf8_next(&rest, &c) || !is_white(c))
			return line;
		line = rest;
	}
}

/* Counts the lines that the runner takes for commands. */
static size_t count_commands(struct str text)
{
	size_t count = 0;

	for (size_t start = 0; start <= text.len;) {
		size_t end = start;

		while (end < text.len && text.ptr[end] != '\n' && text.ptr[end] != '\r')
			end++;
		count += str_starts(trim(str_slice(text, start, end - start)), STR("::"));
		start = end + 1;
	}
	return count;
}

static void check_log(struct str text)
{
	SCOPED(buf) struct buf out = BUF_INIT;

	log_escape(&out, text);
	if (count_commands(buf_str(&out)) || str_contains(buf_str(&out), STR("##[")) ||
	    str_find_char(buf_str(&out), '\x1b', 0) >= 0)
		abort();
}

/* The parts lie one after the other, separated by a line that holds "=". */
static void check_annotation(struct str text)
{
	SCOPED(buf) struct buf out = BUF_INIT;
	struct actions_annotation annotation = {.level = LOG_WARNING, .line = 3};

	str_cut(text, STR("\n=\n"), &annotation.path, &text);
	str_cut(text, STR("\n=\n"), &annotation.title, &text);
	annotation.message = text;
	actions_annotation_add(&out, &annotation);
	if (count_commands(buf_str(&out)) != 1 || str_contains(buf_str(&out), STR("##[")) ||
	    str_find_char(buf_str(&out), '\n', 0) != (ptrdiff_t)out.len - 1)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_of((const char *)data, size);

	check_log(text);
	check_annotation(text);
	return 0;
}

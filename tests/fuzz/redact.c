/* Fuzzes redaction: a second pass changes nothing, lines stay, and the size of a text does not matter. */
#include <stdlib.h>
#include <string.h>

#include "redact/redact.h"

enum {
	SHORT_TEXT = 500, /* is read byte by byte */
	LONG_TEXT = 1000,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t count_lines(struct str text)
{
	size_t count = 0;
	ptrdiff_t at = -1;

	while ((at = str_find_char(text, '\n', (size_t)(at + 1))) >= 0)
		count++;
	return count;
}

/* After many lines, which are skipped quickly, a text gives the same result as alone. */
static void check_in_long_text(struct str text, struct str redacted)
{
	SCOPED(buf) struct buf longer = BUF_INIT;
	SCOPED(buf) struct buf out = BUF_INIT;

	buf_add_many(&longer, '\n', LONG_TEXT);
	buf_add(&longer, text);
	redact_add(&out, buf_str(&longer));
	if (!str_eq(str_skip(buf_str(&out), LONG_TEXT), redacted))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPED(buf) struct buf once = BUF_INIT;
	SCOPED(buf) struct buf twice = BUF_INIT;
	struct str text = str_of((const char *)data, size);
	size_t found;

	if (size > 65536)
		return 0;
	found = redact_add(&once, text);
	if (count_lines(buf_str(&once)) != count_lines(text))
		abort();
	if (found && !redact_has_placeholder(buf_str(&once)))
		abort();
	if (!found && !str_eq(buf_str(&once), text))
		abort();
	if (redact_add(&twice, buf_str(&once)) || !str_eq(buf_str(&once), buf_str(&twice)))
		abort();
	if (size <= SHORT_TEXT)
		check_in_long_text(text, buf_str(&once));
	return 0;
}

/* Fuzzes redaction: a second pass changes nothing, and every line stays a line. */
#include <stdlib.h>
#include <string.h>

#include "redact/redact.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t count_lines(struct str text)
{
	size_t count = 0;
	ptrdiff_t at = -1;

	while ((at = str_find_char(text, '\n', (size_t)(at + 1))) >= 0)
		count++;
	return count;
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
	return 0;
}

/* Any text as a model's words: made safe, it mentions nobody and holds neither HTML nor an open block. */
#include <stdint.h>

#include "base/utf8.h"
#include "output/markdown.h"
#include "output/sanitize.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whether code blocks that begin at the margin are closed at the end; nothing in them counts. */
static bool blocks_are_closed(struct str text)
{
	size_t open = 0;
	struct str line;

	while (str_next_line(&text, &line, NULL)) {
		size_t len = 0;

		while (len < line.len && line.ptr[len] == '`')
			len++;
		if (len < 3)
			continue;
		/* With backticks behind it, it is code in a line. */
		if (!open && str_find_char(line, '`', len) < 0)
			open = len;
		else if (open && len >= open && len == line.len)
			open = 0;
	}
	return !open;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_of((const char *)data, size);
	SCOPED(buf) struct buf safe = BUF_INIT;
	SCOPED(buf) struct buf line = BUF_INIT;
	SCOPED(buf) struct buf comment = BUF_INIT;
	struct finding finding = {.title = text,
				  .body = text,
				  .suggestion = text,
				  .has_suggestion = size % 2,
				  .category = text};

	sanitize_markdown(&safe, text);
	assert(utf8_valid(buf_str(&safe)));
	assert(blocks_are_closed(buf_str(&safe)));
	sanitize_line(&line, text);
	assert(str_find_char(buf_str(&line), '\n', 0) < 0);
	markdown_comment(&comment, &finding);
	assert(blocks_are_closed(buf_str(&comment)));
	return 0;
}

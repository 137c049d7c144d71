/* Text of models and people inside a page of ours. */
#include "eval/text_report.h"

#include <string.h>

#include "base/log.h"
#include "base/utf8.h"

enum { PLAIN_SIZE_MAX = 120 };

/* What begins or ends markup, an address or a mention. */
static const char marks[] = "\\`*_{}[]()<>#!|~&@:";

void plain_add(struct buf *out, enum table_style style, struct str text)
{
	SCOPED(buf) struct buf line = BUF_INIT;
	SCOPED(buf) struct buf safe = BUF_INIT;
	struct str cut = utf8_cut(str_trim(text), PLAIN_SIZE_MAX);

	for (size_t i = 0; i < cut.len; i++)
		buf_add_char(&line, strchr("\r\n\t", cut.ptr[i]) ? ' ' : cut.ptr[i]);
	log_escape(&safe, buf_str(&line));
	for (size_t i = 0; i < safe.len; i++) {
		bool is_mark = strchr(marks, safe.ptr[i]) != NULL;

		/* Character references work where a backslash does not: before a colon or "@", and in addresses. */
		if (style == TABLE_MARKDOWN && is_mark)
			buf_addf(out, "&#%d;", safe.ptr[i]);
		else
			buf_add_char(out, safe.ptr[i]);
	}
	if (cut.len < str_trim(text).len)
		buf_add_text(out, "...");
}

struct str plain_cell(struct arena *arena, enum table_style style, struct str text)
{
	SCOPED(buf) struct buf out = BUF_INIT;

	plain_add(&out, style, text);
	return arena_str(arena, buf_str(&out));
}

/* Untrusted text on stdout: broken up, piece by piece, where a terminal or the runner would interpret it. */
#include "base/guard.h"

#include "base/log.h"
#include "base/utf8.h"

/* The runner trims all white space of Unicode from a line before it looks for a command. */
static bool is_space(uint32_t c)
{
	return c == ' ' || c == '\t' || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) ||
	       c == 0x202f || c == 0x205f || c == 0x3000 || c == 0xfeff;
}

static void add_character(struct guard *guard, struct buf *out, uint32_t c)
{
	bool acts = (c == ':' && guard->colon) || (c == '[' && guard->numbers == 2);

	if (acts)
		buf_add_char(out, '\\');
	guard->numbers = c == '#' ? MIN_OF(guard->numbers + 1, 2) : 0;
	guard->colon = c == ':' && !guard->begun;
	guard->begun = guard->begun || !is_space(c);
	if (c == '\t' || c == ':') {
		buf_add_char(out, (char)c);
	} else {
		SCOPED(buf) struct buf one = BUF_INIT;

		utf8_add(&one, c);
		log_escape(out, buf_str(&one));
	}
}

void guard_add(struct guard *guard, struct buf *out, struct str text)
{
	uint32_t c;

	while (utf8_next(&text, &c)) {
		if (c == '\n') {
			*guard = (struct guard){0};
			buf_add_char(out, '\n');
		} else {
			add_character(guard, out, c);
		}
	}
}

void guard_add_json(struct buf *out, struct str json)
{
	ptrdiff_t at;

	while ((at = str_find(json, STR("##["), 0)) >= 0) {
		buf_add(out, str_slice(json, 0, (size_t)at));
		buf_add_text(out, "##\\u005b");
		json = str_skip(json, (size_t)at + 3);
	}
	buf_add(out, json);
}

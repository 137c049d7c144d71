/* The text of one element, for the answers of services that speak XML when asked for JSON. */
#include "aws/xml.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/utf8.h"

static const struct {
	struct str name;
	char character;
} entities[] = {
	{STR_INIT("amp"), '&'}, {STR_INIT("apos"), '\''}, {STR_INIT("gt"), '>'},
	{STR_INIT("lt"), '<'},  {STR_INIT("quot"), '"'},
};

/* "&#233;" and "&#xe9;". */
static bool add_reference(struct buf *out, struct str digits)
{
	bool is_hex = str_starts_nocase(digits, STR("x"));
	char text[12] = "";
	char *end;
	unsigned long character;

	digits = str_skip(digits, is_hex ? 1 : 0);
	if (digits.len == 0 || digits.len >= sizeof(text))
		return false;
	for (size_t i = 0; i < digits.len; i++)
		text[i] = digits.ptr[i];
	character = strtoul(text, &end, is_hex ? 16 : 10);
	if (*end || character == 0 || character > 0x10ffff)
		return false;
	utf8_add(out, (uint32_t)character);
	return true;
}

static bool add_entity(struct buf *out, struct str name)
{
	if (str_starts(name, STR("#")))
		return add_reference(out, str_skip(name, 1));
	for (size_t i = 0; i < ARRAY_LEN(entities); i++) {
		if (str_eq(entities[i].name, name)) {
			buf_add_char(out, entities[i].character);
			return true;
		}
	}
	return false;
}

static struct str decode(struct arena *arena, struct str text)
{
	SCOPED(buf) struct buf out = BUF_INIT;

	while (text.len) {
		ptrdiff_t end = text.ptr[0] == '&' ? str_find_char(text, ';', 0) : -1;

		if (end > 0 && add_entity(&out, str_slice(text, 1, (size_t)end - 1))) {
			text = str_skip(text, (size_t)end + 1);
			continue;
		}
		buf_add_char(&out, text.ptr[0]);
		text = str_skip(text, 1);
	}
	return arena_str(arena, buf_str(&out));
}

/* Where the content of the first <name> begins, or -1. */
static ptrdiff_t content_start(struct str xml, struct str name)
{
	size_t from = 0;

	for (;;) {
		ptrdiff_t open = str_find_char(xml, '<', from), close;
		struct str tag;

		if (open < 0)
			return -1;
		close = str_find_char(xml, '>', (size_t)open);
		if (close < 0)
			return -1;
		tag = str_slice(xml, (size_t)open + 1, (size_t)(close - open) - 1);
		from = (size_t)close + 1;
		if (!str_starts(tag, name) || str_ends(tag, STR("/")))
			continue;
		if (tag.len == name.len || tag.ptr[name.len] == ' ' || tag.ptr[name.len] == '\n')
			return close + 1;
	}
}

struct str xml_text(struct arena *arena, struct str xml, struct str name)
{
	ptrdiff_t start = content_start(xml, name);
	ptrdiff_t end = start < 0 ? -1 : str_find_char(xml, '<', (size_t)start);
	struct str closing;

	if (end < 0)
		return STR_EMPTY;
	closing = str_skip(xml, (size_t)end);
	if (!str_starts(closing, STR("</")) || !str_starts(str_skip(closing, 2), name))
		return STR_EMPTY;
	return decode(arena, str_trim(str_slice(xml, (size_t)start, (size_t)(end - start))));
}

/* Paths in a diff's headers. */
#include "diff/quoting.h"

#include <string.h>

#include "base/buf.h"

static const struct {
	char letter;
	char byte;
} escapes[] = {
	{'a', '\a'}, {'b', '\b'}, {'t', '\t'}, {'n', '\n'},  {'v', '\v'},
	{'f', '\f'}, {'r', '\r'}, {'"', '"'},  {'\\', '\\'},
};

/* What stands behind a backslash; returns its length, 0 when it is no escape. */
static size_t unescape(struct str text, char *byte)
{
	unsigned value = 0;

	for (size_t i = 0; text.len && i < ARRAY_LEN(escapes); i++) {
		if (escapes[i].letter == text.ptr[0]) {
			*byte = escapes[i].byte;
			return 1;
		}
	}
	if (text.len < 3)
		return 0;
	for (size_t i = 0; i < 3; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '7')
			return 0;
		value = value * 8 + (unsigned)(text.ptr[i] - '0');
	}
	*byte = (char)value;
	return value && value <= 255 ? 3 : 0;
}

static bool take_quoted(struct arena *arena, struct str *text, struct str *path)
{
	SCOPED(buf) struct buf raw = BUF_INIT;

	for (size_t i = 1; i < text->len; i++) {
		char c = text->ptr[i];

		if (c == '"') {
			*path = arena_str(arena, buf_str(&raw));
			*text = str_skip(*text, i + 1);
			return true;
		}
		if (c == '\\') {
			size_t len = unescape(str_skip(*text, i + 1), &c);

			if (!len)
				return false;
			i += len;
		}
		buf_add_char(&raw, c);
	}
	return false;
}

bool path_take(struct arena *arena, struct str *text, struct str *path)
{
	if (text->len && text->ptr[0] == '"')
		return take_quoted(arena, text, path);
	*path = *text;
	*text = STR_EMPTY;
	return true;
}

struct str path_strip(struct str path)
{
	if (str_eq(path, STR("/dev/null")))
		return STR_EMPTY;
	if (path.len > 2 && path.ptr[1] == '/' && strchr("abiwco", path.ptr[0]))
		return str_skip(path, 2);
	return path;
}

bool path_take_pair(struct arena *arena, struct str text, struct str *old_path,
		    struct str *new_path)
{
	if (text.len && text.ptr[0] == '"') {
		if (!take_quoted(arena, &text, old_path) || !str_starts(text, STR(" ")))
			return false;
		text = str_skip(text, 1);
		return path_take(arena, &text, new_path);
	}
	if (text.len && text.ptr[text.len - 1] == '"') {
		ptrdiff_t quote = str_find(text, STR(" \""), 0);
		struct str second;

		if (quote < 0)
			return false;
		second = str_skip(text, (size_t)quote + 1);
		*old_path = str_slice(text, 0, (size_t)quote);
		return path_take(arena, &second, new_path);
	}
	/* Without quotes both may hold blanks, so only equal names can be told apart: by the middle. */
	if (text.len % 2 == 1 && text.ptr[text.len / 2] == ' ') {
		*old_path = str_slice(text, 0, text.len / 2);
		*new_path = str_skip(text, text.len / 2 + 1);
		return str_eq(path_strip(*old_path), path_strip(*new_path));
	}
	return false;
}

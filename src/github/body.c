/* Reads the body of a response of GitHub. */
#include "github/body.h"

/* Copies JSON text with each escaped NUL replaced; an escaped backslash before "u0000" is not one. */
static void replace_nul(struct str text, struct buf *out)
{
	size_t i = 0;

	while (i < text.len) {
		size_t len = text.ptr[i] == '\\' && i + 1 < text.len ? 2 : 1;

		if (str_starts(str_skip(text, i), STR("\\u0000"))) {
			buf_add_text(out, "\\ufffd");
			i += STR("\\u0000").len;
			continue;
		}
		buf_add(out, str_slice(text, i, len));
		i += len;
	}
}

struct value *body_read(struct arena *arena, struct str text, size_t size_max, struct error *err)
{
	SCOPED(buf) struct buf repaired = BUF_INIT;
	struct error failed = {0};
	struct value *value = json_read(arena, text, size_max, &failed);

	/* json_read() refuses an escaped NUL, and most texts have none. */
	if (value)
		return value;
	if (text.len > size_max || !str_contains(text, STR("\\u0000"))) {
		*err = failed;
		return NULL;
	}
	replace_nul(text, &repaired);
	return json_read(arena, buf_str(&repaired), size_max, err);
}

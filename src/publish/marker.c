/* The marks in comments by which a later run knows its own. */
#include "publish/marker.h"

#include "base/encode.h"

static const struct str opening = STR_INIT("<!-- outcrop:");
static const struct str closing = STR_INIT(" -->");

static void add_attribute(struct buf *out, const char *key, struct str value)
{
	buf_addf(out, " %s=", key);
	percent_add(out, value, NULL); /* so that no name can end the mark */
}

void marker_add(struct buf *out, const struct marker *marker)
{
	buf_add(out, opening);
	buf_add_text(out, marker->kind);
	if (marker->id.len)
		add_attribute(out, "id", marker->id);
	if (marker->name.len && !str_eq(marker->name, STR(MARKER_DEFAULT_NAME)))
		add_attribute(out, "name", marker->name);
	if (marker->part)
		buf_addf(out, " part=%d", marker->part);
	buf_add(out, closing);
}

static struct str decoded(struct arena *arena, struct str value)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	percent_decode(value, &text);
	return arena_str(arena, buf_str(&text));
}

/* Reads what stands between kind and end.  False when it belongs to another reviewer. */
static bool read_attributes(struct str text, struct str name, struct arena *arena,
			    struct marker *found)
{
	struct str part;
	int64_t number;

	found->name = STR(MARKER_DEFAULT_NAME);
	while (str_next_part(&text, ' ', &part)) {
		struct str key;
		struct str value;

		if (!str_cut(part, STR("="), &key, &value))
			continue;
		if (str_eq(key, STR("id")))
			found->id = decoded(arena, value);
		else if (str_eq(key, STR("name")))
			found->name = decoded(arena, value);
		else if (str_eq(key, STR("part")) && str_to_int64(value, &number) && number > 0 &&
			 number < 1000)
			found->part = (int)number;
	}
	return str_eq(found->name, name.len ? name : STR(MARKER_DEFAULT_NAME));
}

bool marker_find(struct str body, const char *kind, struct str name, struct arena *arena,
		 struct marker *found)
{
	ptrdiff_t at = -1;

	while ((at = str_find(body, opening, (size_t)(at + 1))) >= 0) {
		struct str rest = str_skip(body, (size_t)at + opening.len);
		ptrdiff_t end = str_find(rest, closing, 0);
		struct marker result = {.kind = kind};
		struct str text;

		if (end < 0)
			return false;
		text = str_slice(rest, 0, (size_t)end);
		if (!str_starts(text, str_from(kind)))
			continue;
		text = str_skip(text, str_from(kind).len);
		if (text.len && text.ptr[0] != ' ')
			continue;
		if (!read_attributes(text, name, arena, &result))
			continue;
		*found = result;
		return true;
	}
	return false;
}

/* The markers in comments, by which a later run recognizes its own. */
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

/* Reads the attributes of a marker. False if it belongs to another reviewer. */
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

/*
 * Removes the last line of `body` if it is a marker; `text` gets the text between opening and
 * closing. `first`: white space may follow it.
 */
static bool take_last(struct str *body, bool first, struct str *text)
{
	struct str line = *body;
	ptrdiff_t start;

	while (line.len &&
	       (line.ptr[line.len - 1] == '\r' ||
		(first && (line.ptr[line.len - 1] == '\n' || line.ptr[line.len - 1] == ' '))))
		line.len--;
	start = str_rfind_char(line, '\n') + 1;
	line = str_skip(line, (size_t)start);
	if (!str_starts(line, opening) || !str_ends(line, closing) ||
	    line.len < opening.len + closing.len)
		return false;
	*text = str_slice(line, opening.len, line.len - opening.len - closing.len);
	if (str_contains(*text, STR("-->")))
		return false;
	*body = str_slice(*body, 0, start ? (size_t)start - 1 : 0);
	return true;
}

static bool is_kind(struct str text, const char *kind, struct str *attributes)
{
	if (!str_starts(text, str_from(kind)))
		return false;
	*attributes = str_skip(text, str_from(kind).len);
	return !attributes->len || attributes->ptr[0] == ' ';
}

bool marker_locate(struct str body, const char *kind, size_t *start, size_t *end)
{
	struct str rest = body;
	struct str attributes;
	struct str text;

	for (bool first = true; take_last(&rest, first, &text); first = false) {
		if (!is_kind(text, kind, &attributes))
			continue;
		*start = (size_t)(text.ptr - body.ptr) - opening.len;
		*end = (size_t)(text.ptr - body.ptr) + text.len + closing.len;
		return true;
	}
	return false;
}

struct str marker_strip(struct str body)
{
	struct str text;

	for (bool first = true; take_last(&body, first, &text); first = false)
		;
	return str_trim(body);
}

bool marker_find(struct str body, const char *kind, struct str name, struct arena *arena,
		 struct marker *found)
{
	struct str attributes;
	struct str text;

	for (bool first = true; take_last(&body, first, &text); first = false) {
		struct marker result = {.kind = kind};

		if (!is_kind(text, kind, &attributes) ||
		    !read_attributes(attributes, name, arena, &result))
			continue;
		*found = result;
		return true;
	}
	return false;
}

/* Splits lists that are written as one text. */
#include "base/list.h"

#include "base/glob.h"
#include "base/vec.h"

struct item_list {
	VEC_FIELDS(struct str);
};

static struct str without_comment(struct str line)
{
	for (size_t i = 0; i < line.len; i++) {
		bool at_start = i == 0 || line.ptr[i - 1] == ' ' || line.ptr[i - 1] == '\t';

		if (line.ptr[i] == '#' && at_start)
			return str_of(line.ptr, i);
	}
	return line;
}

/* An unclosed brace would include the items after it: report an error that names the brace. */
static bool item_check(struct str item, enum list_kind kind, struct error *err)
{
	bool has_brace = str_find_char(item, '{', 0) >= 0;

	if (kind == LIST_LINES || (kind == LIST_WORDS && !has_brace) ||
	    glob_check(str_skip(item, str_starts(item, STR("!"))), err))
		return true;
	err->kind = ERROR_USAGE;
	return false;
}

/* As copied from YAML: "- item", 'item' and "item". */
static struct str bare_item(struct str item)
{
	if (str_starts(item, STR("- ")))
		item = str_trim(str_skip(item, 2));
	if (item.len >= 2 && (item.ptr[0] == '"' || item.ptr[0] == '\'') &&
	    item.ptr[item.len - 1] == item.ptr[0])
		item = str_trim(str_slice(item, 1, item.len - 2));
	return item;
}

/* The text between the brackets of ["a", "b"]; without quotes it may be a class of a pattern. */
static struct str without_brackets(struct str text)
{
	struct str list = str_trim(text);
	struct str inner;

	if (!str_starts(list, STR("[")) || !str_ends(list, STR("]")))
		return text;
	inner = str_trim(str_slice(list, 1, list.len - 2));
	return str_starts(inner, STR("\"")) || str_starts(inner, STR("'")) ? inner : text;
}

static bool add_items(struct arena *arena, struct str line, enum list_kind kind,
		      struct item_list *items, struct error *err)
{
	while (line.len) {
		size_t len = kind == LIST_LINES ? line.len : glob_item_len(line);
		struct str item = bare_item(str_trim(str_slice(line, 0, len)));

		if (item.len && !item_check(item, kind, err))
			return false;
		if (item.len)
			VEC_PUSH(items, arena_str(arena, item));
		line = str_skip(line, len + 1);
	}
	return true;
}

bool list_split(struct arena *arena, struct str text, enum list_kind kind, struct str_list *list,
		struct error *err)
{
	bool has_lines = str_find_char(text, '\n', 0) >= 0;
	struct item_list items = {0};
	struct str line;
	bool ok = true;

	text = without_brackets(text);

	while (ok && str_next_line(&text, &line, NULL))
		ok = add_items(arena, has_lines ? without_comment(line) : line, kind, &items, err);
	if (ok && items.len > LIST_ITEMS_MAX)
		ok = error_set(err, ERROR_USAGE, "more than %d items", LIST_ITEMS_MAX);
	if (ok) {
		*list = (struct str_list){.items = ARENA_ARRAY(arena, struct str, items.len),
					  .len = items.len};
		for (size_t i = 0; i < items.len; i++)
			list->items[i] = items.items[i];
	}
	VEC_RELEASE(&items);
	return ok;
}

/* The text of an action's input: found in the environment, split, read as a boolean. */
#include "cli/input_text.h"

#include "base/vec.h"

struct str action_input_variable(struct arena *arena, const char *name, bool underscore)
{
	struct str variable = arena_printf(arena, "INPUT_%s", name);
	char *text = arena_text(arena, variable);

	for (char *c = text; *c; c++) {
		if (*c >= 'a' && *c <= 'z')
			*c = (char)(*c - 'a' + 'A');
		else if (*c == ' ' || (underscore && *c == '-'))
			*c = '_';
	}
	return str_of(text, variable.len);
}

struct str action_input(const struct env *env, struct arena *arena, const char *name)
{
	struct str value = str_trim(env_get(env, action_input_variable(arena, name, true).ptr));

	if (value.len)
		return value;
	return str_trim(env_get(env, action_input_variable(arena, name, false).ptr));
}

bool action_boolean(struct str text, bool *value)
{
	static const struct {
		struct str text;
		bool value;
	} words[] = {
		{STR_INIT("true"), true},   {STR_INIT("True"), true},   {STR_INIT("TRUE"), true},
		{STR_INIT("false"), false}, {STR_INIT("False"), false}, {STR_INIT("FALSE"), false},
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (str_eq(text, words[i].text)) {
			*value = words[i].value;
			return true;
		}
	}
	return false;
}

static struct str without_comment(struct str line)
{
	for (size_t i = 0; i < line.len; i++) {
		bool at_start = i == 0 || line.ptr[i - 1] == ' ' || line.ptr[i - 1] == '\t';

		if (line.ptr[i] == '#' && at_start)
			return str_of(line.ptr, i);
	}
	return line;
}

bool action_list(struct arena *arena, struct str text, bool lines_only, struct action_list *list)
{
	struct {
		VEC_FIELDS(struct str);
	} items = {0};
	bool has_lines = str_find_char(text, '\n', 0) >= 0;
	struct str line;
	bool fits;

	while (str_next_line(&text, &line, NULL)) {
		struct str rest = has_lines ? without_comment(line) : line;
		struct str part;

		while (str_next_part(&rest, lines_only ? '\n' : ',', &part)) {
			part = str_trim(part);
			if (part.len)
				VEC_PUSH(&items, arena_str(arena, part));
		}
	}
	fits = items.len <= ACTION_LIST_MAX;
	if (fits) {
		list->len = items.len;
		list->items = ARENA_ARRAY(arena, struct str, items.len);
		for (size_t i = 0; i < items.len; i++)
			list->items[i] = items.items[i];
	}
	VEC_RELEASE(&items);
	return fits;
}

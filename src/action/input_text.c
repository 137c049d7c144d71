/* The text of an action's input: found in the environment, read as a boolean. */
#include "action/input_text.h"

#include "base/ascii.h"

struct str action_input_variable(struct arena *arena, const char *name, bool underscore)
{
	struct str variable = arena_printf(arena, "INPUT_%s", name);
	char *text = arena_text(arena, variable);

	for (char *c = text; *c; c++) {
		if (ascii_is_lower(*c))
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

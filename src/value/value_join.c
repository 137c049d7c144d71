/* Joining two values that were given in place of one. */
#include "base/buf.h"
#include "value/json.h"
#include "value/value.h"

static struct value *join_strings(struct arena *arena, const struct value *a, const struct value *b)
{
	if (str_eq(a->string, b->string) || !b->string.len)
		return value_string(arena, a->string);
	if (!a->string.len)
		return value_string(arena, b->string);
	return value_string(arena, arena_printf(arena, "%.*s\n%.*s", STR_ARG(a->string),
						STR_ARG(b->string)));
}

static struct value *join_arrays(struct arena *arena, const struct value *a, const struct value *b)
{
	struct value *joined = value_copy(arena, a);

	for (size_t i = 0; i < b->array.len; i++)
		value_append(arena, joined, value_copy(arena, b->array.items[i]));
	return joined;
}

static struct value *join(struct arena *arena, const struct value *a, const struct value *b,
			  int depth);

static struct value *join_objects(struct arena *arena, const struct value *a, const struct value *b,
				  int depth)
{
	struct value *joined = value_copy(arena, a);

	for (size_t i = 0; i < b->object.len; i++) {
		const struct member *member = &b->object.members[i];
		const struct value *known = value_get_str(a, member->name);
		struct value *value = known ? join(arena, known, member->value, depth - 1)
					    : value_copy(arena, member->value);

		if (!value)
			return NULL;
		value_set_str(arena, joined, member->name, value);
	}
	return joined;
}

static struct value *join(struct arena *arena, const struct value *a, const struct value *b,
			  int depth)
{
	if (depth <= 0)
		return NULL;
	if (a->kind == VALUE_NULL || b->kind == VALUE_NULL)
		return value_copy(arena, a->kind == VALUE_NULL ? b : a);
	if (a->kind == b->kind && a->kind == VALUE_OBJECT)
		return join_objects(arena, a, b, depth);
	if (a->kind == b->kind && a->kind == VALUE_ARRAY)
		return join_arrays(arena, a, b);
	if (a->kind == b->kind && a->kind == VALUE_STRING)
		return join_strings(arena, a, b);
	return value_equal(a, b) ? value_copy(arena, a) : NULL;
}

struct value *value_join(struct arena *arena, const struct value *a, const struct value *b)
{
	return join(arena, a, b, VALUE_JOIN_DEPTH_MAX);
}

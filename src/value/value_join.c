/* Joining two values that were given in place of one. */
#include "base/breathe.h"
#include "base/buf.h"
#include "value/json.h"
#include "value/value.h"

static struct value *join_strings(struct arena *arena, struct value *a, const struct value *b)
{
	if (str_eq(a->string, b->string) || !b->string.len)
		return a;
	if (!a->string.len)
		return value_string(arena, b->string);
	if (a->string.len + b->string.len > VALUE_JOINED_TEXT_MAX)
		return NULL;
	return value_string(arena, arena_printf(arena, "%.*s\n%.*s", STR_ARG(a->string),
						STR_ARG(b->string)));
}

static struct value *join_arrays(struct arena *arena, struct value *a, const struct value *b)
{
	for (size_t i = 0; i < b->array.len; i++)
		value_append(arena, a, value_copy(arena, b->array.items[i]));
	return a;
}

static struct value *join(struct arena *arena, struct value *a, const struct value *b, int depth);

static struct value *join_objects(struct arena *arena, struct value *a, const struct value *b,
				  int depth)
{
	if (a->object.len > VALUE_JOINED_MEMBERS_MAX || b->object.len > VALUE_JOINED_MEMBERS_MAX)
		return NULL;
	for (size_t i = 0; i < b->object.len; i++) {
		const struct member *member = &b->object.members[i];
		struct value *known = value_get_str(a, member->name);
		struct value *value = known ? join(arena, known, member->value, depth - 1)
					    : value_copy(arena, member->value);

		if (!value)
			return NULL;
		value_set_str(arena, a, member->name, value);
	}
	return a;
}

static struct value *join(struct arena *arena, struct value *a, const struct value *b, int depth)
{
	breathe();
	if (depth <= 0)
		return NULL;
	if (a->kind == VALUE_NULL)
		return value_copy(arena, b);
	if (b->kind == VALUE_NULL)
		return a;
	if (a->kind == b->kind && a->kind == VALUE_OBJECT)
		return join_objects(arena, a, b, depth);
	if (a->kind == b->kind && a->kind == VALUE_ARRAY)
		return join_arrays(arena, a, b);
	if (a->kind == b->kind && a->kind == VALUE_STRING)
		return join_strings(arena, a, b);
	return value_equal(a, b) ? a : NULL;
}

struct value *value_join(struct arena *arena, struct value *a, const struct value *b)
{
	return join(arena, a, b, VALUE_JOIN_DEPTH_MAX);
}

/* JSON Schema: references inlined, and the form that structured output takes. */
#include <string.h>

#include "base/buf.h"
#include "value/json.h"
#include "value/schema.h"

enum { INLINE_DEPTH_MAX = 64, INLINE_VALUES_MAX = 20000 };

/* ---- References ---- */

/* A reference that is being replaced: a reference that contains itself is recursive. */
struct opened {
	const struct opened *outer;
	struct str name;
};

struct inliner {
	struct arena *arena;
	const struct value *root;
	struct error *err;
	int depth;
	int values;
};

static struct value *inline_value(struct inliner *inliner, const struct value *value,
				  const struct opened *opened);

static const struct value *find_target(struct inliner *inliner, struct str name,
				       const struct opened *opened)
{
	struct str shown = str_slice(name, 0, 80);
	const struct value *target = NULL;

	for (const struct opened *at = opened; at; at = at->outer) {
		if (str_eq(at->name, name)) {
			error_set(inliner->err, ERROR_CONFIG, "schema: \"%.*s\" refers to itself",
				  STR_ARG(shown));
			return NULL;
		}
	}
	if (!str_starts(name, STR("#"))) {
		error_set(
			inliner->err, ERROR_CONFIG,
			"schema: \"%.*s\" is in another document; only references that start with \"#/\" are supported",
			STR_ARG(shown));
		return NULL;
	}
	target = value_at_pointer(inliner->root, str_skip(name, 1));
	if (!target)
		error_set(inliner->err, ERROR_CONFIG, "schema: \"%.*s\" does not exist",
			  STR_ARG(shown));
	return target;
}

/* Keywords next to a "$ref" (such as a description) take precedence over the target's. */
static struct value *inline_reference(struct inliner *inliner, const struct value *value,
				      const struct opened *opened)
{
	struct opened inner = {.outer = opened, .name = value_get_string(value, "$ref")};
	const struct value *target = find_target(inliner, inner.name, opened);
	struct value *result = target ? inline_value(inliner, target, &inner) : NULL;

	for (size_t i = 0; value_is(result, VALUE_OBJECT) && i < value->object.len; i++) {
		const struct member *member = &value->object.members[i];
		struct value *copy;

		if (str_eq(member->name, STR("$ref")) || str_eq(member->name, STR("$defs")))
			continue;
		copy = inline_value(inliner, member->value, opened);
		if (!copy)
			return NULL;
		value_set_str(inliner->arena, result, member->name, copy);
	}
	return result;
}

static struct value *inline_object(struct inliner *inliner, const struct value *value,
				   const struct opened *opened)
{
	struct value *result;

	if (value_is(value_get(value, "$ref"), VALUE_STRING))
		return inline_reference(inliner, value, opened);
	result = value_object(inliner->arena);
	for (size_t i = 0; i < value->object.len; i++) {
		const struct member *member = &value->object.members[i];
		struct value *copy;

		if (str_eq(member->name, STR("$defs")))
			continue;
		copy = inline_value(inliner, member->value, opened);
		if (!copy)
			return NULL;
		value_add_member(inliner->arena, result, member->name, copy);
	}
	return result;
}

static struct value *inline_array(struct inliner *inliner, const struct value *value,
				  const struct opened *opened)
{
	struct value *result = value_array(inliner->arena);

	for (size_t i = 0; i < value->array.len; i++) {
		struct value *copy = inline_value(inliner, value->array.items[i], opened);

		if (!copy)
			return NULL;
		value_append(inliner->arena, result, copy);
	}
	return result;
}

static struct value *inline_value(struct inliner *inliner, const struct value *value,
				  const struct opened *opened)
{
	struct value *result;

	if (inliner->depth >= INLINE_DEPTH_MAX || inliner->values++ >= INLINE_VALUES_MAX) {
		error_set(
			inliner->err, ERROR_CONFIG,
			"schema: more than %d levels or %d values once its references are followed",
			INLINE_DEPTH_MAX, INLINE_VALUES_MAX);
		return NULL;
	}
	inliner->depth++;
	if (value->kind == VALUE_OBJECT)
		result = inline_object(inliner, value, opened);
	else if (value->kind == VALUE_ARRAY)
		result = inline_array(inliner, value, opened);
	else
		result = value_copy(inliner->arena, value);
	inliner->depth--;
	return result;
}

struct value *schema_inline(struct arena *arena, const struct value *schema, struct error *err)
{
	struct inliner inliner = {.arena = arena, .root = schema, .err = err};

	return inline_value(&inliner, schema, NULL);
}

/* ---- Structured output ---- */

/* Keywords that structured output rejects, and the equivalent text for a description. Sorted. */
static const struct refused {
	const char *keyword;
	const char *words;
} refused[] = {
	{"exclusiveMaximum", "less than"},
	{"exclusiveMinimum", "more than"},
	{"format", "format"},
	{"maxItems", "at most this many items:"},
	{"maxLength", "at most this many characters:"},
	{"maxProperties", "at most this many members:"},
	{"maximum", "at most"},
	{"minItems", "at least this many items:"},
	{"minLength", "at least this many characters:"},
	{"minProperties", "at least this many members:"},
	{"minimum", "at least"},
	{"multipleOf", "a multiple of"},
	{"pattern", "matches the pattern"},
	{"uniqueItems", "all different:"},
};

static const struct refused *find_refused(struct str keyword)
{
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		if (str_eq(keyword, str_from(refused[i].keyword)))
			return &refused[i];
	}
	return NULL;
}

static struct value *reshape(struct arena *arena, const struct value *schema);

/* The members of "properties" are schemas under arbitrary names, not keywords. */
static struct value *reshape_each(struct arena *arena, const struct value *schemas)
{
	struct value *result;

	if (value_is(schemas, VALUE_ARRAY)) {
		result = value_array(arena);
		for (size_t i = 0; i < schemas->array.len; i++)
			value_append(arena, result, reshape(arena, schemas->array.items[i]));
		return result;
	}
	if (!value_is(schemas, VALUE_OBJECT))
		return value_copy(arena, schemas);
	result = value_object(arena);
	for (size_t i = 0; i < schemas->object.len; i++)
		value_add_member(arena, result, schemas->object.members[i].name,
				 reshape(arena, schemas->object.members[i].value));
	return result;
}

static bool is_one_of(struct str word, const char *const *words, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (str_eq(word, str_from(words[i])))
			return true;
	}
	return false;
}

static void reshape_member(struct arena *arena, const struct member *member, struct value *result,
			   struct buf *words)
{
	static const char *const many[] = {"$defs", "allOf", "anyOf", "properties"};
	static const char *const single[] = {"items", "not"};
	const struct refused *row = find_refused(member->name);

	if (row) {
		buf_addf(words, "%s%s ", words->len ? "; " : "", row->words);
		json_write(words, member->value, JSON_COMPACT);
	} else if (str_eq(member->name, STR("oneOf"))) {
		value_set(arena, result, "anyOf", reshape_each(arena, member->value));
	} else if (is_one_of(member->name, many, ARRAY_LEN(many))) {
		value_set_str(arena, result, member->name, reshape_each(arena, member->value));
	} else if (is_one_of(member->name, single, ARRAY_LEN(single))) {
		value_set_str(arena, result, member->name, reshape(arena, member->value));
	} else if (!str_eq(member->name, STR("additionalProperties"))) {
		value_set_str(arena, result, member->name, value_copy(arena, member->value));
	}
}

static struct value *reshape(struct arena *arena, const struct value *schema)
{
	SCOPED(buf) struct buf words = BUF_INIT;
	struct value *result;
	struct str description;

	if (!value_is(schema, VALUE_OBJECT))
		return value_copy(arena, schema);
	result = value_object(arena);
	for (size_t i = 0; i < schema->object.len; i++)
		reshape_member(arena, &schema->object.members[i], result, &words);
	if (str_eq(value_get_string(result, "type"), STR("object")) ||
	    value_get(result, "properties"))
		value_set(arena, result, "additionalProperties", value_bool(arena, false));
	description = value_get_string(result, "description");
	if (words.len)
		value_set(arena, result, "description",
			  value_string(arena,
				       arena_printf(arena, "%.*s%s(%s)", STR_ARG(description),
						    description.len ? " " : "", words.ptr)));
	return result;
}

struct value *schema_for_structured_output(struct arena *arena, const struct value *schema)
{
	return reshape(arena, schema);
}

static struct value *loosen(struct arena *arena, const struct value *value, bool is_schema)
{
	static const char *const choices[] = {"allOf", "anyOf", "const", "enum", "not"};
	SCOPED(buf) struct buf words = BUF_INIT;
	struct value *result;

	if (!value_is(value, VALUE_OBJECT))
		return value_copy(arena, value);
	result = value_object(arena);
	buf_add(&words, is_schema ? value_get_string(value, "description") : STR_EMPTY);
	for (size_t i = 0; i < value->object.len; i++) {
		const struct member *member = &value->object.members[i];
		bool is_list = str_eq(member->name, STR("properties")) ||
			       str_eq(member->name, STR("$defs"));

		if (is_schema && is_one_of(member->name, choices, ARRAY_LEN(choices))) {
			buf_addf(&words, "%s%.*s: ", words.len ? "; " : "", STR_ARG(member->name));
			json_write(&words, member->value, JSON_COMPACT);
		} else {
			value_set_str(arena, result, member->name,
				      loosen(arena, member->value, !(is_schema && is_list)));
		}
	}
	if (is_schema && words.len)
		value_set(arena, result, "description", value_string(arena, buf_str(&words)));
	return result;
}

struct value *schema_loosened(struct arena *arena, const struct value *schema)
{
	return loosen(arena, schema_for_structured_output(arena, schema), true);
}

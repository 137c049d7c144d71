/* Checks a value against a JSON Schema. */
#include "value/schema.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/utf8.h"

/* A schema may refer to itself: the maximum depth, counted over values and references together. */
enum { CHECK_DEPTH_MAX = 128, STEPS_MAX = 2000000 };

struct check {
	const struct value *root;
	struct buf pointer; /* to the value that is being checked */
	struct error *err;
	int depth;
	int steps;
};

static bool check_value(struct check *check, const struct value *schema, const struct value *value);

static bool PRINTF(2, 3) wrong(struct check *check, const char *fmt, ...)
{
	char text[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	return error_set(check->err, ERROR_MODEL, "%s: %s",
			 check->pointer.len ? check->pointer.ptr : "/", text);
}

/* ---- Types ---- */

static const struct type {
	const char *name;
	const char *words;
	enum value_kind kind, also;
} types[] = {
	{"array", "a list", VALUE_ARRAY, VALUE_ARRAY},
	{"boolean", "true or false", VALUE_BOOL, VALUE_BOOL},
	{"integer", "a whole number", VALUE_INT, VALUE_INT},
	{"null", "null", VALUE_NULL, VALUE_NULL},
	{"number", "a number", VALUE_REAL, VALUE_INT},
	{"object", "a mapping", VALUE_OBJECT, VALUE_OBJECT},
	{"string", "a string", VALUE_STRING, VALUE_STRING},
};

static const struct type *find_type(const struct value *name)
{
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		if (str_eq(value_as_string(name), str_from(types[i].name)))
			return &types[i];
	}
	return NULL;
}

static bool is_of_type(const struct value *value, const struct type *type)
{
	if (value->kind == type->kind || value->kind == type->also)
		return true;
	return type->kind == VALUE_INT && value->kind == VALUE_REAL &&
	       value->real == floor(value->real);
}

static bool check_type(struct check *check, const struct value *wanted, const struct value *value)
{
	const struct type *type = find_type(wanted);

	for (size_t i = 0; i < value_len(wanted); i++) {
		type = find_type(value_at(wanted, i));
		if (!type || is_of_type(value, type))
			return true;
	}
	if (!type || is_of_type(value, type))
		return true;
	return wrong(check, "must be %s, is %s", type->words, value_kind_name(value->kind));
}

static bool check_enum(struct check *check, const struct value *choices, const struct value *value)
{
	SCOPED(buf) struct buf known = BUF_INIT;

	for (size_t i = 0; i < value_len(choices); i++) {
		struct str text = value_as_string(value_at(choices, i));

		if (value_equal(value_at(choices, i), value))
			return true;
		buf_addf(&known, "%s%.*s", i ? ", " : "", STR_ARG(text));
	}
	return wrong(check, "must be one of: %s", known.ptr);
}

static bool check_const(struct check *check, const struct value *wanted, const struct value *value)
{
	if (value_equal(wanted, value))
		return true;
	return wrong(check, "must be the one value that the schema allows");
}

/* ---- Bounds ---- */

enum bound_of { BOUND_NUMBER, BOUND_LENGTH, BOUND_COUNT };

static const struct bound {
	const char *keyword;
	const char *words, *unit;
	enum bound_of of;
	bool upper;
	bool exclusive;
} bounds[] = {
	{"exclusiveMaximum", "must be less than", "", BOUND_NUMBER, true, true},
	{"exclusiveMinimum", "must be more than", "", BOUND_NUMBER, false, true},
	{"maxItems", "must have at most", " items", BOUND_COUNT, true, false},
	{"maxLength", "must have at most", " characters", BOUND_LENGTH, true, false},
	{"maximum", "must be at most", "", BOUND_NUMBER, true, false},
	{"minItems", "must have at least", " items", BOUND_COUNT, false, false},
	{"minLength", "must have at least", " characters", BOUND_LENGTH, false, false},
	{"minimum", "must be at least", "", BOUND_NUMBER, false, false},
};

static bool number_of(const struct value *value, double *number)
{
	if (value->kind != VALUE_INT && value->kind != VALUE_REAL)
		return false;
	*number = value->kind == VALUE_INT ? (double)value->integer : value->real;
	return true;
}

/* The quantity of the value that the bound limits; false if it does not apply to that kind. */
static bool measure(const struct value *value, enum bound_of of, double *size)
{
	if (of == BOUND_NUMBER)
		return number_of(value, size);
	if (of == BOUND_LENGTH && value->kind == VALUE_STRING)
		*size = (double)utf8_count(value->string);
	else if (of == BOUND_COUNT && value->kind == VALUE_ARRAY)
		*size = (double)value->array.len;
	else
		return false;
	return true;
}

static bool check_bound(struct check *check, const struct bound *bound, const struct value *limit,
			const struct value *value)
{
	double size;
	double at;

	if (!number_of(limit, &at) || !measure(value, bound->of, &size))
		return true;
	if (bound->upper ? size < at : size > at)
		return true;
	if (!bound->exclusive && size >= at && size <= at)
		return true;
	return wrong(check, "%s %.15g%s", bound->words, at, bound->unit);
}

/* ---- Objects and lists ---- */

static bool check_below(struct check *check, const struct value *schema, const struct value *value,
			struct str name, size_t idx)
{
	size_t len = check->pointer.len;
	bool ok;

	if (name.ptr)
		buf_addf(&check->pointer, "/%.*s", STR_ARG(name));
	else
		buf_addf(&check->pointer, "/%zu", idx);
	ok = check_value(check, schema, value);
	buf_set_len(&check->pointer, len);
	return ok;
}

static bool check_members(struct check *check, const struct value *schema,
			  const struct value *value)
{
	const struct value *properties = value_get(schema, "properties");
	const struct value *additional = value_get(schema, "additionalProperties");

	for (size_t i = 0; i < value->object.len; i++) {
		const struct member *member = &value->object.members[i];
		const struct value *property = value_get_str(properties, member->name);

		if (!property)
			property = additional;
		if (value_is(property, VALUE_BOOL) && !property->boolean)
			return wrong(check, "\"%.*s\" is not a member that the schema knows",
				     STR_ARG(utf8_cut(member->name, 80)));
		if (property && !check_below(check, property, member->value, member->name, 0))
			return false;
	}
	return true;
}

static bool check_required(struct check *check, const struct value *required,
			   const struct value *value)
{
	for (size_t i = 0; i < value_len(required); i++) {
		struct str name = value_as_string(value_at(required, i));

		if (!value_get_str(value, name))
			return wrong(check, "\"%.*s\" is missing", STR_ARG(utf8_cut(name, 80)));
	}
	return true;
}

static bool check_items(struct check *check, const struct value *schema, const struct value *value)
{
	const struct value *items = value_get(schema, "items");

	for (size_t i = 0; items && i < value->array.len; i++) {
		if (!check_below(check, items, value->array.items[i], STR_EMPTY, i))
			return false;
	}
	return true;
}

/* ---- Schemas in schemas ---- */

/* How many of the schemas hold; the first failure stays in the error. */
static size_t count_matches(struct check *check, const struct value *schemas,
			    const struct value *value)
{
	struct error *first = NULL; /* not on the stack: this function calls itself */
	size_t count = 0;

	for (size_t i = 0; i < value_len(schemas); i++) {
		if (check_value(check, value_at(schemas, i), value))
			count++;
		else if (!first)
			*(first = NEW(struct error)) = *check->err;
	}
	if (first)
		*check->err = *first;
	free(first);
	return count;
}

static bool check_choices(struct check *check, const struct value *schema,
			  const struct value *value)
{
	const struct value *any = value_get(schema, "anyOf");
	const struct value *one = value_get(schema, "oneOf");
	const struct value *all = value_get(schema, "allOf");

	if (value_is(any, VALUE_ARRAY) && !count_matches(check, any, value))
		return error_append(check->err, " (and no other of the allowed forms fits)");
	if (value_is(one, VALUE_ARRAY)) {
		size_t count = count_matches(check, one, value);

		if (count > 1)
			return wrong(check, "fits %zu of the allowed forms, must fit one", count);
		if (!count)
			return error_append(check->err,
					    " (and no other of the allowed forms fits)");
	}
	return !value_is(all, VALUE_ARRAY) || count_matches(check, all, value) == value_len(all);
}

static bool check_ref(struct check *check, const struct value *ref, const struct value *value)
{
	struct str text = value_as_string(ref);
	const struct value *target = NULL;

	if (str_starts(text, STR("#")))
		target = value_at_pointer(check->root, str_skip(text, 1));
	if (!target)
		return wrong(check, "the schema refers to \"%.*s\", which is not there",
			     STR_ARG(utf8_cut(text, 80)));
	return check_value(check, target, value);
}

static bool check_keywords(struct check *check, const struct value *schema,
			   const struct value *value)
{
	const struct value *keyword;

	if ((keyword = value_get(schema, "$ref")) && !check_ref(check, keyword, value))
		return false;
	if ((keyword = value_get(schema, "type")) && !check_type(check, keyword, value))
		return false;
	if ((keyword = value_get(schema, "enum")) && !check_enum(check, keyword, value))
		return false;
	if ((keyword = value_get(schema, "const")) && !check_const(check, keyword, value))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(bounds); i++) {
		keyword = value_get(schema, bounds[i].keyword);
		if (keyword && !check_bound(check, &bounds[i], keyword, value))
			return false;
	}
	if (value->kind == VALUE_OBJECT &&
	    (!check_required(check, value_get(schema, "required"), value) ||
	     !check_members(check, schema, value)))
		return false;
	if (value->kind == VALUE_ARRAY && !check_items(check, schema, value))
		return false;
	return check_choices(check, schema, value);
}

static bool check_value(struct check *check, const struct value *schema, const struct value *value)
{
	bool ok;

	if (value_is(schema, VALUE_BOOL))
		return schema->boolean || wrong(check, "the schema does not allow any value here");
	if (!value_is(schema, VALUE_OBJECT))
		return true;
	if (check->depth >= CHECK_DEPTH_MAX)
		return wrong(check, "the schema leads deeper than %d levels", CHECK_DEPTH_MAX);
	if (check->steps++ >= STEPS_MAX)
		return wrong(check, "more than %d comparisons", STEPS_MAX);
	check->depth++;
	ok = check_keywords(check, schema, value);
	check->depth--;
	return ok;
}

bool schema_check(const struct value *schema, const struct value *value, struct error *err)
{
	struct error local;
	struct check check = {.root = schema, .pointer = BUF_INIT, .err = &local};
	bool ok = check_value(&check, schema, value);

	buf_release(&check.pointer);
	if (!ok)
		*err = local;
	return ok;
}

/* ---- Keywords that are not checked ---- */

enum keyword_holds { HOLDS_NOTHING, HOLDS_SCHEMA, HOLDS_SCHEMAS };

/* Keywords that are checked, or that have nothing to check; `holds`: which schemas are below. Sorted. */
static const struct keyword {
	const char *name;
	enum keyword_holds holds;
} keywords[] = {
	{"$comment", HOLDS_NOTHING},
	{"$defs", HOLDS_SCHEMAS},
	{"$id", HOLDS_NOTHING},
	{"$ref", HOLDS_NOTHING},
	{"$schema", HOLDS_NOTHING},
	{"additionalProperties", HOLDS_SCHEMA},
	{"allOf", HOLDS_SCHEMAS},
	{"anyOf", HOLDS_SCHEMAS},
	{"const", HOLDS_NOTHING},
	{"default", HOLDS_NOTHING},
	{"deprecated", HOLDS_NOTHING},
	{"description", HOLDS_NOTHING},
	{"enum", HOLDS_NOTHING},
	{"examples", HOLDS_NOTHING},
	{"exclusiveMaximum", HOLDS_NOTHING},
	{"exclusiveMinimum", HOLDS_NOTHING},
	{"format", HOLDS_NOTHING},
	{"items", HOLDS_SCHEMA},
	{"maxItems", HOLDS_NOTHING},
	{"maxLength", HOLDS_NOTHING},
	{"maximum", HOLDS_NOTHING},
	{"minItems", HOLDS_NOTHING},
	{"minLength", HOLDS_NOTHING},
	{"minimum", HOLDS_NOTHING},
	{"oneOf", HOLDS_SCHEMAS},
	{"properties", HOLDS_SCHEMAS},
	{"required", HOLDS_NOTHING},
	{"title", HOLDS_NOTHING},
	{"type", HOLDS_NOTHING},
};

static const struct keyword *find_keyword(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(keywords); i++) {
		if (str_eq(name, str_from(keywords[i].name)))
			return &keywords[i];
	}
	return NULL;
}

/* Of a list of schemas, or of a mapping from names to schemas. */
static struct str unchecked_in_each(const struct value *schemas)
{
	struct str found = STR_EMPTY;

	for (size_t i = 0; i < value_len(schemas) && !found.len; i++)
		found = schema_unchecked_keyword(value_is(schemas, VALUE_ARRAY)
							 ? schemas->array.items[i]
							 : schemas->object.members[i].value);
	return found;
}

struct str schema_unchecked_keyword(const struct value *schema)
{
	struct str found = STR_EMPTY;

	if (!value_is(schema, VALUE_OBJECT))
		return STR_EMPTY;
	for (size_t i = 0; i < schema->object.len && !found.len; i++) {
		const struct member *member = &schema->object.members[i];
		const struct keyword *keyword = find_keyword(member->name);

		if (!keyword)
			return member->name;
		if (keyword->holds == HOLDS_SCHEMA)
			found = schema_unchecked_keyword(member->value);
		else if (keyword->holds == HOLDS_SCHEMAS)
			found = unchecked_in_each(member->value);
	}
	return found;
}

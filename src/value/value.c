/* One value tree for JSON and YAML. */
#include "value/value.h"

#include <math.h>
#include <string.h>

#include "base/breathe.h"
#include "base/buf.h"
#include "base/utf8.h"

const char *value_kind_name(enum value_kind kind)
{
	static const char *const names[] = {
		[VALUE_NULL] = "null",          [VALUE_BOOL] = "true or false",
		[VALUE_INT] = "a whole number", [VALUE_REAL] = "a number",
		[VALUE_STRING] = "a string",    [VALUE_ARRAY] = "a list",
		[VALUE_OBJECT] = "a mapping",
	};

	assert((size_t)kind < ARRAY_LEN(names));
	return names[kind];
}

static struct value *value_new(struct arena *arena, enum value_kind kind)
{
	struct value *value = ARENA_NEW(arena, struct value);

	value->kind = kind;
	return value;
}

struct value *value_null(struct arena *arena)
{
	return value_new(arena, VALUE_NULL);
}

struct value *value_bool(struct arena *arena, bool boolean)
{
	struct value *value = value_new(arena, VALUE_BOOL);

	value->boolean = boolean;
	return value;
}

struct value *value_int(struct arena *arena, int64_t integer)
{
	struct value *value = value_new(arena, VALUE_INT);

	value->integer = integer;
	return value;
}

struct value *value_real(struct arena *arena, double real)
{
	struct value *value = value_new(arena, VALUE_REAL);

	value->real = real;
	return value;
}

static bool is_valid(struct str text)
{
	return utf8_valid(text) && str_find_char(text, '\0', 0) < 0;
}

/* A copy of `text` in valid UTF-8 without NUL: each other byte becomes U+FFFD. */
static struct str copy_repaired(struct arena *arena, struct str text)
{
	SCOPED(buf) struct buf repaired = BUF_INIT;
	struct str rest = text;
	struct str part;

	if (is_valid(text))
		return arena_str(arena, text);
	for (bool first = true; str_next_part(&rest, '\0', &part); first = false) {
		if (!first)
			utf8_add(&repaired, 0xfffd);
		utf8_add_repaired(&repaired, part);
	}
	return arena_str(arena, buf_str(&repaired));
}

struct value *value_string_of(struct arena *arena, struct str string)
{
	struct value *value = value_new(arena, VALUE_STRING);

	value->string = string;
	return value;
}

struct value *value_string(struct arena *arena, struct str string)
{
	return value_string_of(arena, copy_repaired(arena, string));
}

struct value *value_borrowed(struct arena *arena, struct str string)
{
	return value_string_of(arena, is_valid(string) ? string : copy_repaired(arena, string));
}

struct value *value_text(struct arena *arena, const char *text)
{
	return value_string(arena, str_from(text));
}

struct value *value_array(struct arena *arena)
{
	return value_new(arena, VALUE_ARRAY);
}

struct value *value_object(struct arena *arena)
{
	return value_new(arena, VALUE_OBJECT);
}

struct value *value_copy(struct arena *arena, const struct value *value)
{
	struct value *copy = value_new(arena, value->kind);

	breathe_step();
	*copy = *value;
	if (value->kind == VALUE_STRING)
		copy->string = arena_str(arena, value->string);
	if (value->kind == VALUE_ARRAY) {
		copy->array.items = ARENA_ARRAY(arena, struct value *, value->array.len);
		copy->array.cap = value->array.len;
		for (size_t i = 0; i < value->array.len; i++)
			copy->array.items[i] = value_copy(arena, value->array.items[i]);
	}
	if (value->kind == VALUE_OBJECT) {
		copy->object.members = ARENA_ARRAY(arena, struct member, value->object.len);
		copy->object.cap = value->object.len;
		for (size_t i = 0; i < value->object.len; i++) {
			const struct member *member = &value->object.members[i];

			copy->object.members[i] = (struct member){
				.name = arena_str(arena, member->name),
				.name_at = member->name_at,
				.value = value_copy(arena, member->value),
			};
		}
	}
	return copy;
}

/* Room for one more of `len` items: the array itself, or a larger copy of it. */
static void *grown(struct arena *arena, void *items, size_t len, size_t *cap, size_t size)
{
	void *larger;

	if (len < *cap)
		return items;
	*cap = *cap ? *cap * 2 : 4;
	larger = arena_alloc(arena, *cap, size);
	if (len)
		memcpy(larger, items, len * size);
	return larger;
}

void value_append(struct arena *arena, struct value *array, struct value *item)
{
	assert(array->kind == VALUE_ARRAY && item);
	array->array.items = grown(arena, array->array.items, array->array.len, &array->array.cap,
				   sizeof(struct value *));
	array->array.items[array->array.len++] = item;
}

struct member *value_add_member(struct arena *arena, struct value *object, struct str name,
				struct value *value)
{
	struct member *member;

	assert(object->kind == VALUE_OBJECT && value);
	object->object.members = grown(arena, object->object.members, object->object.len,
				       &object->object.cap, sizeof(struct member));
	member = &object->object.members[object->object.len++];
	*member = (struct member){.name = copy_repaired(arena, name), .value = value};
	return member;
}

static struct member *find_member(const struct value *object, struct str name)
{
	if (!value_is(object, VALUE_OBJECT))
		return NULL;
	for (size_t i = 0; i < object->object.len; i++) {
		if (str_eq(object->object.members[i].name, name))
			return &object->object.members[i];
	}
	return NULL;
}

void value_set_str(struct arena *arena, struct value *object, struct str name, struct value *value)
{
	struct member *member = find_member(object, name);

	if (member)
		member->value = value;
	else
		value_add_member(arena, object, name, value);
}

void value_set(struct arena *arena, struct value *object, const char *name, struct value *value)
{
	value_set_str(arena, object, str_from(name), value);
}

struct value *value_get_str(const struct value *object, struct str name)
{
	const struct member *member = find_member(object, name);

	return member ? member->value : NULL;
}

struct value *value_get(const struct value *object, const char *name)
{
	return value_get_str(object, str_from(name));
}

struct value *value_at(const struct value *array, size_t idx)
{
	if (!value_is(array, VALUE_ARRAY) || idx >= array->array.len)
		return NULL;
	return array->array.items[idx];
}

size_t value_len(const struct value *array_or_object)
{
	if (value_is(array_or_object, VALUE_ARRAY))
		return array_or_object->array.len;
	if (value_is(array_or_object, VALUE_OBJECT))
		return array_or_object->object.len;
	return 0;
}

struct str value_get_string(const struct value *object, const char *name)
{
	return value_as_string(value_get(object, name));
}

int64_t value_get_int(const struct value *object, const char *name, int64_t fallback)
{
	const struct value *value = value_get(object, name);

	return value_is(value, VALUE_INT) ? value->integer : fallback;
}

double value_get_number(const struct value *object, const char *name, double fallback)
{
	const struct value *value = value_get(object, name);

	if (value_is(value, VALUE_INT))
		return (double)value->integer;
	return value_is(value, VALUE_REAL) ? value->real : fallback;
}

bool value_get_bool(const struct value *object, const char *name, bool fallback)
{
	const struct value *value = value_get(object, name);

	return value_is(value, VALUE_BOOL) ? value->boolean : fallback;
}

struct str value_as_string(const struct value *value)
{
	return value_is(value, VALUE_STRING) ? value->string : STR_EMPTY;
}

bool value_is(const struct value *value, enum value_kind kind)
{
	return value && value->kind == kind;
}

static bool arrays_equal(const struct value *a, const struct value *b)
{
	if (a->array.len != b->array.len)
		return false;
	for (size_t i = 0; i < a->array.len; i++) {
		if (!value_equal(a->array.items[i], b->array.items[i]))
			return false;
	}
	return true;
}

/* No name occurs twice in an object, so equal sizes and one direction suffice. */
static bool objects_equal(const struct value *a, const struct value *b)
{
	if (a->object.len != b->object.len)
		return false;
	for (size_t i = 0; i < a->object.len; i++) {
		const struct member *member = &a->object.members[i];
		const struct value *other = value_get_str(b, member->name);

		if (!other || !value_equal(member->value, other))
			return false;
	}
	return true;
}

/* Exact beyond 2^53 too, where a double no longer distinguishes neighboring integers. */
static bool int_equals_real(int64_t integer, double real)
{
	return real >= -0x1p63 && real < 0x1p63 && real == floor(real) && (int64_t)real == integer;
}

bool value_equal(const struct value *a, const struct value *b)
{
	if (a->kind == VALUE_INT && b->kind == VALUE_REAL)
		return int_equals_real(a->integer, b->real);
	if (a->kind == VALUE_REAL && b->kind == VALUE_INT)
		return int_equals_real(b->integer, a->real);
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case VALUE_NULL:
		return true;
	case VALUE_BOOL:
		return a->boolean == b->boolean;
	case VALUE_INT:
		return a->integer == b->integer;
	case VALUE_REAL:
		return a->real >= b->real && a->real <= b->real;
	case VALUE_STRING:
		return str_eq(a->string, b->string);
	case VALUE_ARRAY:
		return arrays_equal(a, b);
	case VALUE_OBJECT:
		return objects_equal(a, b);
	}
	return false;
}

void value_add_pointer_name(struct buf *out, struct str name)
{
	for (size_t i = 0; i < name.len; i++) {
		if (name.ptr[i] == '~' || name.ptr[i] == '/')
			buf_add_text(out, name.ptr[i] == '~' ? "~0" : "~1");
		else
			buf_add_char(out, name.ptr[i]);
	}
}

/* "~1" is "/", "~0" is "~" (RFC 6901, 4). */
static void unescape_pointer(struct buf *out, struct str part)
{
	for (size_t i = 0; i < part.len; i++) {
		bool escaped = part.ptr[i] == '~' && i + 1 < part.len &&
			       (part.ptr[i + 1] == '0' || part.ptr[i + 1] == '1');

		if (escaped)
			buf_add_char(out, part.ptr[++i] == '1' ? '/' : '~');
		else
			buf_add_char(out, part.ptr[i]);
	}
}

const struct value *value_at_pointer(const struct value *root, struct str pointer)
{
	SCOPED(buf) struct buf name = BUF_INIT;
	const struct value *value = root;
	struct str part;

	if (!pointer.len)
		return root;
	if (pointer.ptr[0] != '/')
		return NULL;
	pointer = str_of(pointer.ptr + 1, pointer.len - 1);
	while (value && str_next_part(&pointer, '/', &part)) {
		int64_t idx;

		buf_reset(&name);
		unescape_pointer(&name, part);
		if (value_is(value, VALUE_OBJECT))
			value = value_get_str(value, buf_str(&name));
		else if (str_to_int64(part, &idx) && idx >= 0 &&
			 (part.len == 1 || part.ptr[0] != '0'))
			value = value_at(value, (size_t)idx);
		else
			value = NULL;
	}
	return value;
}

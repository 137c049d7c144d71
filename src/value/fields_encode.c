/* Encoding by field tables. */
#include "value/fields.h"

typedef struct value *field_writer(struct arena *arena, const struct field *field, const void *in);

static struct value *write_string(struct arena *arena, const struct field *field UNUSED,
				  const void *in)
{
	return value_string(arena, *(const struct str *)in);
}

static struct value *write_bool(struct arena *arena, const struct field *field UNUSED,
				const void *in)
{
	return value_bool(arena, *(const bool *)in);
}

static struct value *write_int(struct arena *arena, const struct field *field UNUSED,
			       const void *in)
{
	return value_int(arena, *(const int64_t *)in);
}

static struct value *write_number(struct arena *arena, const struct field *field UNUSED,
				  const void *in)
{
	return value_real(arena, *(const double *)in);
}

static struct value *write_enum(struct arena *arena, const struct field *field, const void *in)
{
	return value_text(arena, field->choices[*(const int *)in]);
}

static struct value *write_strings(struct arena *arena, const struct field *field UNUSED,
				   const void *in)
{
	const struct strings *strings = in;
	struct value *array = value_array(arena);

	for (size_t i = 0; i < strings->len; i++)
		value_append(arena, array, value_string(arena, strings->items[i]));
	return array;
}

static struct value *write_object(struct arena *arena, const struct field *field, const void *in)
{
	return fields_encode(arena, field->fields, in);
}

static const void *entry_at(const struct list *list, const struct fields *fields, size_t idx)
{
	return (const char *)list->items + idx * fields->size;
}

static struct value *write_list(struct arena *arena, const struct field *field, const void *in)
{
	const struct list *list = in;
	struct value *array = value_array(arena);

	for (size_t i = 0; i < list->len; i++)
		value_append(arena, array,
			     fields_encode(arena, field->fields, entry_at(list, field->fields, i)));
	return array;
}

static struct str name_of(const struct fields *fields, const void *entry)
{
	for (size_t i = 0; i < fields->len; i++) {
		const void *place = (const char *)entry + fields->items[i].offset;
		const struct str *key = place;

		if (fields->items[i].type == FIELD_NAME)
			return *key;
	}
	return STR_EMPTY;
}

static struct value *write_map(struct arena *arena, const struct field *field, const void *in)
{
	const struct list *list = in;
	struct value *object = value_object(arena);

	for (size_t i = 0; i < list->len; i++) {
		const void *entry = entry_at(list, field->fields, i);

		value_set(arena, object, arena_text(arena, name_of(field->fields, entry)),
			  fields_encode(arena, field->fields, entry));
	}
	return object;
}

static struct value *write_value(struct arena *arena, const struct field *field UNUSED,
				 const void *in)
{
	const struct value *value = *(const struct value *const *)in;

	return value ? value_copy(arena, value) : NULL;
}

static struct value *write_custom(struct arena *arena, const struct field *field, const void *in)
{
	return field->encode(arena, in);
}

static field_writer *const writers[] = {
	[FIELD_STRING] = write_string, [FIELD_BOOL] = write_bool,   [FIELD_INT] = write_int,
	[FIELD_NUMBER] = write_number, [FIELD_ENUM] = write_enum,   [FIELD_STRINGS] = write_strings,
	[FIELD_OBJECT] = write_object, [FIELD_LIST] = write_list,   [FIELD_MAP] = write_map,
	[FIELD_NAME] = NULL,           [FIELD_VALUE] = write_value, [FIELD_CUSTOM] = write_custom,
};

static bool is_empty(const struct field *field, const void *in)
{
	switch (field->type) {
	case FIELD_STRING:
		return ((const struct str *)in)->len == 0;
	case FIELD_BOOL:
		return !*(const bool *)in;
	case FIELD_INT:
		return *(const int64_t *)in == 0;
	case FIELD_NUMBER:
		return *(const double *)in < 0;
	case FIELD_STRINGS:
		return ((const struct strings *)in)->len == 0;
	case FIELD_LIST:
	case FIELD_MAP:
		return ((const struct list *)in)->len == 0;
	default:
		return false;
	}
}

static struct value *field_value(struct arena *arena, const struct field *field, const char *in)
{
	const void *member = in + field->offset;
	bool present = !field->present || *(const bool *)(in + field->present);

	if (present && (field->empty == EMPTY_WRITTEN || !is_empty(field, member)))
		return writers[field->type](arena, field, member);
	return field->empty == EMPTY_NULL ? value_null(arena) : NULL;
}

struct value *fields_encode(struct arena *arena, const struct fields *fields, const void *in)
{
	struct value *object = value_object(arena);

	for (size_t i = 0; i < fields->len; i++) {
		const struct field *field = &fields->items[i];
		struct value *value =
			field->type == FIELD_NAME ? NULL : field_value(arena, field, in);

		if (value)
			value_set(arena, object, field->name, value);
	}
	return object;
}

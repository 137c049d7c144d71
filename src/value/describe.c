/* Describes a field table: JSON Schema for machines, a Markdown table for people. */
#include <math.h>

#include "value/fields.h"

static struct value *schema_of_type(struct arena *arena, const char *type)
{
	struct value *schema = value_object(arena);

	value_set(arena, schema, "type", value_text(arena, type));
	return schema;
}

static struct value *list_of(struct arena *arena, struct value *items)
{
	struct value *schema = schema_of_type(arena, "array");

	value_set(arena, schema, "items", items);
	return schema;
}

static struct value *number_value(struct arena *arena, double number)
{
	if (number == floor(number) && fabs(number) < 0x1p53)
		return value_int(arena, (int64_t)number);
	return value_real(arena, number);
}

static struct value *schema_of_number(struct arena *arena, const struct field *field)
{
	struct value *schema =
		schema_of_type(arena, field->type == FIELD_INT ? "integer" : "number");

	if (!(field->min < 0 || field->min > 0 || field->max < 0 || field->max > 0))
		return schema;
	value_set(arena, schema, "minimum", number_value(arena, field->min));
	if (field->max >= field->min && isfinite(field->max))
		value_set(arena, schema, "maximum", number_value(arena, field->max));
	return schema;
}

static struct value *schema_of_string(struct arena *arena, const struct field *field)
{
	struct value *schema = schema_of_type(arena, "string");

	if (field->pattern)
		value_set(arena, schema, "pattern", value_text(arena, field->pattern));
	return schema;
}

static struct value *schema_of_enum(struct arena *arena, const struct field *field)
{
	struct value *schema = schema_of_type(arena, "string");
	struct value *choices = value_array(arena);

	for (size_t i = 0; field->choices[i]; i++)
		value_append(arena, choices, value_text(arena, field->choices[i]));
	value_set(arena, schema, "enum", choices);
	return schema;
}

static struct value *schema_of_strings(struct arena *arena, const struct field *field)
{
	struct value *item =
		field->choices ? schema_of_enum(arena, field) : schema_of_string(arena, field);
	struct value *list = list_of(arena, item);
	struct value *schema;
	struct value *either;

	if (!field->or_one)
		return list;
	either = value_array(arena);
	value_append(arena, either, item);
	value_append(arena, either, list);
	schema = value_object(arena);
	value_set(arena, schema, "anyOf", either);
	return schema;
}

static struct value *schema_of_map(struct arena *arena, const struct field *field)
{
	struct value *schema = schema_of_type(arena, "object");

	value_set(arena, schema, "additionalProperties", fields_schema(arena, field->fields));
	return schema;
}

static struct value *schema_of_field(struct arena *arena, const struct field *field)
{
	switch (field->type) {
	case FIELD_STRING:
		return schema_of_string(arena, field);
	case FIELD_BOOL:
		return schema_of_type(arena, "boolean");
	case FIELD_INT:
	case FIELD_NUMBER:
		return schema_of_number(arena, field);
	case FIELD_ENUM:
		return schema_of_enum(arena, field);
	case FIELD_STRINGS:
		return schema_of_strings(arena, field);
	case FIELD_OBJECT:
		return fields_schema(arena, field->fields);
	case FIELD_LIST:
		return list_of(arena, fields_schema(arena, field->fields));
	case FIELD_MAP:
		return schema_of_map(arena, field);
	case FIELD_CUSTOM:
		return field->schema(arena);
	case FIELD_NAME:
	case FIELD_VALUE:
		break;
	}
	return value_object(arena);
}

struct value *fields_schema(struct arena *arena, const struct fields *fields)
{
	struct value *schema = schema_of_type(arena, "object");
	struct value *properties = value_object(arena);
	struct value *required = value_array(arena);

	for (size_t i = 0; i < fields->len; i++) {
		const struct field *field = &fields->items[i];
		struct value *property;

		if (field->type == FIELD_NAME)
			continue;
		property = schema_of_field(arena, field);
		if (field->help)
			value_set(arena, property, "description", value_text(arena, field->help));
		value_set(arena, properties, field->name, property);
		if (field->required)
			value_append(arena, required, value_text(arena, field->name));
	}
	value_set(arena, schema, "properties", properties);
	if (value_len(required))
		value_set(arena, schema, "required", required);
	if (!fields->open)
		value_set(arena, schema, "additionalProperties", value_bool(arena, false));
	return schema;
}

struct value *fields_schema_document(struct arena *arena, const struct fields *fields,
				     const char *id, const char *title)
{
	struct value *schema = value_object(arena);
	struct value *body = fields_schema(arena, fields);

	value_set(arena, schema, "$schema",
		  value_text(arena, "https://json-schema.org/draft/2020-12/schema"));
	value_set(arena, schema, "$id", value_text(arena, id));
	value_set(arena, schema, "title", value_text(arena, title));
	for (size_t i = 0; i < body->object.len; i++)
		value_set_str(arena, schema, body->object.members[i].name,
			      body->object.members[i].value);
	return schema;
}

/* ---- For people ---- */

static const char *const type_words[] = {
	[FIELD_STRING] = "string",
	[FIELD_BOOL] = "true or false",
	[FIELD_INT] = "whole number",
	[FIELD_NUMBER] = "number",
	[FIELD_ENUM] = NULL,
	[FIELD_STRINGS] = "list of strings",
	[FIELD_OBJECT] = "mapping",
	[FIELD_LIST] = "list",
	[FIELD_MAP] = "mapping of names",
	[FIELD_NAME] = NULL,
	[FIELD_VALUE] = "any value",
	[FIELD_CUSTOM] = "see there",
};

static void add_type(struct buf *out, const struct field *field)
{
	if (field->type != FIELD_ENUM) {
		buf_add_text(out, type_words[field->type]);
		if (field->or_one)
			buf_add_text(out, ", or one");
		return;
	}
	for (size_t i = 0; field->choices[i]; i++)
		buf_addf(out, "%s`%s`", i ? ", " : "", field->choices[i]);
}

/* A '|' would end the cell. */
static void add_cell(struct buf *out, const char *text)
{
	for (; text && *text; text++) {
		if (*text == '|')
			buf_add_char(out, '\\');
		buf_add_char(out, *text);
	}
}

static void add_rows(struct buf *out, const struct fields *fields, const char *prefix)
{
	for (size_t i = 0; i < fields->len; i++) {
		const struct field *field = &fields->items[i];
		SCOPED(buf) struct buf below = BUF_INIT;

		if (field->type == FIELD_NAME)
			continue;
		buf_addf(out, "| `%s%s`%s | ", prefix, field->name,
			 field->required ? " (required)" : "");
		add_type(out, field);
		buf_add_text(out, " | ");
		add_cell(out, field->help);
		buf_add_text(out, " |\n");
		if (!field->fields)
			continue;
		buf_addf(&below, "%s%s%s", prefix, field->name,
			 field->type == FIELD_MAP    ? ".NAME."
			 : field->type == FIELD_LIST ? "[]."
						     : ".");
		add_rows(out, field->fields, below.ptr);
	}
}

void fields_document(struct buf *out, const struct fields *fields)
{
	buf_add_text(out, "| key | type | meaning |\n|---|---|---|\n");
	add_rows(out, fields, "");
}

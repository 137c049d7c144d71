/* Checks and decoders of single keys of an agent definition. */
#include "agent/definition_fields.h"

#include <string.h>

#include "agent/builtin.h"
#include "agent/field_checks.h"
#include "agent/tool_specs.h"
#include "base/ascii.h"
#include "base/utf8.h"
#include "finding/report_input.h"
#include "value/json.h"
#include "value/schema.h"
#include "value/yaml.h"

/* ---- Checks of single fields ---- */

static bool is_name_byte(char c)
{
	return ascii_is_alnum(c) || c == '-' || c == '_' || c == '.';
}

bool agent_name_ok(struct str name)
{
	if (!name.len || name.len > AGENT_NAME_LEN_MAX || name.ptr[0] == '.' || name.ptr[0] == '-')
		return false;
	for (size_t i = 0; i < name.len; i++) {
		if (!is_name_byte(name.ptr[i]))
			return false;
	}
	return true;
}

void definition_check_name(struct decoder *decoder, const struct value *value, void *field)
{
	const struct definition_reader *reader = decoder->ctx;
	const struct str *name = field;

	if (!str_eq(*name, reader->source->name))
		decoder_error(decoder, value,
			      "must be \"%.*s\", the name of its file; or remove it",
			      STR_ARG(reader->source->name));
}

void definition_check_tools(struct decoder *decoder, const struct value *value, void *field)
{
	struct strings *tools = field;
	struct str names[TOOL_COUNT];

	for (size_t i = 0; i < TOOL_COUNT; i++)
		names[i] = tool_name((enum tool_kind)i);
	check_no_repeats(decoder, value, field);
	for (size_t i = 0; i < tools->len; i++) {
		struct str name = tools->items[i];
		struct str nearest = str_nearest(name, names, TOOL_COUNT);
		const struct value *item =
			value_is(value, VALUE_ARRAY) ? value_at(value, i) : value;
		enum tool_kind kind;

		if (tool_find(name, &kind))
			continue;
		if (nearest.len)
			decoder_error(decoder, item,
				      "unknown tool \"%.*s\"; did you mean \"%.*s\"?",
				      STR_ARG(utf8_cut(name, 40)), STR_ARG(nearest));
		else
			decoder_error(
				decoder, item,
				"unknown tool \"%.*s\"; the tools are: list_files, read_file, search",
				STR_ARG(utf8_cut(name, 40)));
	}
	if (tools->len)
		qsort(tools->items, tools->len, sizeof(tools->items[0]), str_compare_items);
}

/* ---- Templates ---- */

struct template_site {
	struct decoder *decoder;
	const struct value *value;
};

static void template_complains(void *ctx, size_t offset, struct str text)
{
	const struct template_site *site = ctx;
	const struct definition_reader *reader = site->decoder->ctx;
	struct value at = *site->value;

	/* Finding a place walks the file: not for problems that are only counted. */
	if (site->decoder->problems->len < PROBLEMS_MAX)
		at.at = yaml_place(reader->source->text, site->value, offset);
	decoder_error(site->decoder, &at, "%.*s", STR_ARG(text));
}

static const struct template *parse_template(struct decoder *decoder, const struct value *value,
					     struct str text)
{
	struct template_site site = {.decoder = decoder, .value = value};
	struct template *template = ARENA_NEW(decoder->arena, struct template);

	/* template_complains() has reported what is wrong. */
	if (!template_parse(decoder->arena, text, template, template_complains, &site))
		return NULL;
	return template;
}

void definition_check_system(struct decoder *decoder, const struct value *value, void *field)
{
	const struct definition_reader *reader = decoder->ctx;

	reader->agent->system_template = parse_template(decoder, value, *(struct str *)field);
}

void definition_check_prompt(struct decoder *decoder, const struct value *value, void *field)
{
	const struct definition_reader *reader = decoder->ctx;
	const struct str *prompt = field;

	if (!str_trim(*prompt).len)
		decoder_error(decoder, value, "must not be empty");
	reader->agent->prompt_template = parse_template(decoder, value, *prompt);
}

/* ---- Output: a word, or a schema ---- */

static const char *const output_names[] = {
	[AGENT_FINDINGS] = "findings",
	[AGENT_MARKDOWN] = "markdown",
	[AGENT_VERDICTS] = "verdicts",
	NULL,
};

static bool decode_output_schema(struct decoder *decoder, const struct value *value)
{
	const struct definition_reader *reader = decoder->ctx;
	const struct value *schema = value_get(value, "schema");
	struct str unchecked = schema_unchecked_keyword(schema);
	struct error err;

	if (value_len(value) != 1 || !value_is(schema, VALUE_OBJECT)) {
		decoder_error(
			decoder, value,
			"must be findings, markdown, verdicts or { schema: {...} }, which holds a JSON Schema");
		return false;
	}
	reader->agent->output_schema = schema_inline(decoder->arena, schema, &err);
	if (!reader->agent->output_schema) {
		decoder_error(decoder, schema, "%s", err.message);
		return false;
	}
	if (!str_eq(value_get_string(reader->agent->output_schema, "type"), STR("object"))) {
		decoder_error(decoder, schema, "the schema's \"type\" must be \"object\"");
		return false;
	}
	if (unchecked.len)
		decoder_warning(
			decoder, schema,
			"\"%.*s\" is only shown to the model: answers are not checked for it",
			STR_ARG(utf8_cut(unchecked, 60)));
	return true;
}

bool definition_decode_output(struct decoder *decoder, const struct value *value, void *field)
{
	enum agent_output *output = field;

	if (value_is(value, VALUE_OBJECT)) {
		*output = AGENT_SCHEMA;
		return decode_output_schema(decoder, value);
	}
	for (int i = 0; output_names[i]; i++) {
		if (str_eq(value_as_string(value), str_from(output_names[i]))) {
			*output = (enum agent_output)i;
			return true;
		}
	}
	decoder_error(decoder, value, "must be findings, markdown, verdicts or { schema: {...} }");
	return false;
}

struct value *definition_output_schema(struct arena *arena)
{
	struct error err;
	struct value *schema = json_read(
		arena,
		STR("{\"anyOf\":[{\"type\":\"string\",\"enum\":[\"findings\",\"markdown\",\"verdicts\"]},{\"type\":\"object\",\"properties\":{\"schema\":{\"type\":\"object\"}},\"required\":[\"schema\"],\"additionalProperties\":false}]}"),
		0, &err);

	assert(schema);
	return schema;
}

/* ---- Surroundings: a word, or a number ---- */

bool definition_decode_surroundings(struct decoder *decoder, const struct value *value, void *field)
{
	int64_t *lines = field;

	if (str_eq(value_as_string(value), STR("function"))) {
		*lines = SURROUNDINGS_FUNCTION;
		return true;
	}
	if (value_is(value, VALUE_INT) && value->integer >= 0 &&
	    value->integer <= SURROUNDINGS_LINES_MAX) {
		*lines = value->integer;
		return true;
	}
	decoder_error(decoder, value, "must be function, or a number of lines from 0 to %d",
		      SURROUNDINGS_LINES_MAX);
	return false;
}

struct value *definition_surroundings_schema(struct arena *arena)
{
	struct error err;
	struct value *schema = json_read(
		arena,
		STR("{\"anyOf\":[{\"type\":\"string\",\"enum\":[\"function\"]},{\"type\":\"integer\",\"minimum\":0,\"maximum\":60}]}"),
		0, &err);

	assert(schema);
	return schema;
}

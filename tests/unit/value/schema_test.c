/* JSON Schema: checking, inlining, the form for structured output. */
#include "value/schema.h"

#include <string.h>

#include "unit.h"
#include "value/json.h"

static struct value *read(struct arena *arena, const char *text)
{
	struct error err = {0};
	struct value *value = json_read(arena, str_from(text), 0, &err);

	ck_assert_msg(value != NULL, "%s: %s", text, err.message);
	return value;
}

/* What is wrong with the value, or nothing. */
static struct str check(struct arena *arena, const char *schema, const char *value)
{
	struct error err = {0};

	if (schema_check(read(arena, schema), read(arena, value), &err))
		return STR_EMPTY;
	ck_assert_int_eq(err.kind, ERROR_MODEL);
	return arena_str(arena, str_from(err.message));
}

TEST(checks_every_keyword)
{
	static const struct {
		const char *schema, *good, *bad, *message;
	} rows[] = {
		{"{\"type\":\"integer\"}", "3", "3.5", "/: must be a whole number, is a number"},
		{"{\"type\":\"integer\"}", "3.0", "\"3\"",
		 "/: must be a whole number, is a string"},
		{"{\"type\":[\"string\",\"null\"]}", "null", "1",
		 "/: must be null, is a whole number"},
		{"{\"enum\":[\"a\",\"b\"]}", "\"b\"", "\"c\"", "/: must be one of: a, b"},
		{"{\"const\":1}", "1.0", "2", "/: must be the one value that the schema allows"},
		{"{\"properties\":{\"a\":{\"type\":\"string\"}}}", "{\"a\":\"\",\"b\":1}",
		 "{\"a\":1}", "/a: must be a string, is a whole number"},
		{"{\"required\":[\"a\"]}", "{\"a\":1}", "{}", "/: \"a\" is missing"},
		{"{\"properties\":{\"a\":true},\"additionalProperties\":false}", "{\"a\":1}",
		 "{\"b\":1}", "/: \"b\" is not a member that the schema knows"},
		{"{\"additionalProperties\":{\"type\":\"null\"}}", "{\"a\":null}", "{\"b\":1}",
		 "/b: must be null, is a whole number"},
		{"{\"items\":{\"minimum\":1}}", "[1,2]", "[1,0]", "/1: must be at least 1"},
		{"{\"maximum\":1}", "1", "1.5", "/: must be at most 1"},
		{"{\"exclusiveMinimum\":1}", "2", "1", "/: must be more than 1"},
		{"{\"exclusiveMaximum\":1}", "0", "1", "/: must be less than 1"},
		{"{\"minLength\":2}", "\"\xc3\xa4\xc3\xa4\"", "\"\xc3\xa4\"",
		 "/: must have at least 2 characters"},
		{"{\"maxLength\":1}", "\"\xc3\xa4\"", "\"ab\"",
		 "/: must have at most 1 characters"},
		{"{\"minItems\":1}", "[1]", "[]", "/: must have at least 1 items"},
		{"{\"maxItems\":1}", "[1]", "[1,2]", "/: must have at most 1 items"},
		{"{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]}", "null", "1",
		 "/: must be a string, is a whole number (and no other of the allowed forms fits)"},
		{"{\"oneOf\":[{\"type\":\"integer\"},{\"minimum\":5}]}", "1", "6",
		 "/: fits 2 of the allowed forms, must fit one"},
		{"{\"allOf\":[{\"minimum\":1},{\"maximum\":3}]}", "2", "4", "/: must be at most 3"},
		{"{\"$ref\":\"#/$defs/x\",\"$defs\":{\"x\":{\"type\":\"string\"}}}", "\"\"", "1",
		 "/: must be a string, is a whole number"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		SCOPED(arena) struct arena arena = ARENA_INIT;

		ck_assert_str_is(check(&arena, rows[i].schema, rows[i].good), STR(""));
		ck_assert_str_is(check(&arena, rows[i].schema, rows[i].bad),
				 str_from(rows[i].message));
	}
}

TEST(ends_when_a_schema_refers_to_itself)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct str said = check(&arena, "{\"$ref\":\"#\"}", "1");

	ck_assert_msg(str_contains(said, STR("deeper than")), "%.*s", STR_ARG(said));
	ck_assert_str_is(
		check(&arena,
		      "{\"properties\":{\"next\":{\"$ref\":\"#\"},\"n\":{\"type\":\"integer\"}}}",
		      "{\"next\":{\"next\":{\"n\":\"x\"}}}"),
		STR("/next/next/n: must be a whole number, is a string"));
}

TEST(inlines_references_and_keeps_their_siblings)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct error err = {0};
	SCOPED(buf) struct buf out = BUF_INIT;
	struct value *schema = read(
		&arena,
		"{\"$defs\":{\"a\":{\"type\":\"string\"},\"b\":{\"items\":{\"$ref\":\"#/$defs/a\"}}},\"properties\":{\"x\":{\"$ref\":\"#/$defs/b\",\"description\":\"d\"},\"y\":{\"$ref\":\"#/$defs/a\"}}}");
	struct value *inlined = schema_inline(&arena, schema, &err);

	ck_assert_ptr_nonnull(inlined);
	json_write(&out, inlined, JSON_COMPACT);
	ck_assert_str_is(
		buf_str(&out),
		STR("{\"properties\":{\"x\":{\"items\":{\"type\":\"string\"},\"description\":\"d\"},\"y\":{\"type\":\"string\"}}}"));
}

TEST(refuses_references_that_cannot_be_inlined)
{
	static const char *const schemas[] = {
		"{\"$ref\":\"#\"}",
		"{\"$ref\":\"https://example.org/x.json\"}",
		"{\"$ref\":\"#/$defs/none\"}",
		"{\"$defs\":{\"a\":{\"items\":{\"$ref\":\"#/$defs/a\"}}},\"$ref\":\"#/$defs/a\"}",
	};

	for (size_t i = 0; i < ARRAY_LEN(schemas); i++) {
		SCOPED(arena) struct arena arena = ARENA_INIT;
		struct error err = {0};

		ck_assert_ptr_null(schema_inline(&arena, read(&arena, schemas[i]), &err));
		ck_assert_int_eq(err.kind, ERROR_CONFIG);
	}
}

TEST(shapes_a_schema_for_structured_output)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf out = BUF_INIT;
	struct value *schema = read(
		&arena,
		"{\"type\":\"object\",\"properties\":{\"minimum\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":9,\"description\":\"A number.\"},\"b\":{\"oneOf\":[{\"type\":\"object\",\"additionalProperties\":true},{\"type\":\"string\",\"pattern\":\"^a\"}]}}}");

	json_write(&out, schema_for_structured_output(&arena, schema), JSON_COMPACT);
	ck_assert_str_is(
		buf_str(&out),
		STR("{\"type\":\"object\",\"properties\":{\"minimum\":{\"type\":\"integer\",\"description\":\"A number. (at least 1; at most 9)\"},\"b\":{\"anyOf\":[{\"type\":\"object\",\"additionalProperties\":false},{\"type\":\"string\",\"description\":\"(matches the pattern \\\"^a\\\")\"}]}},\"additionalProperties\":false}"));
}

TEST(names_a_keyword_that_it_does_not_check)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;

	ck_assert_str_is(
		schema_unchecked_keyword(read(
			&arena,
			"{\"type\":\"object\",\"properties\":{\"pattern\":{\"type\":\"string\"},\"b\":{\"anyOf\":[{\"pattern\":\"x\"}]}}}")),
		STR("pattern"));
	ck_assert_str_is(
		schema_unchecked_keyword(read(
			&arena,
			"{\"properties\":{\"not\":{\"format\":\"uri\",\"default\":{\"not\":1}}},\"items\":true}")),
		STR(""));
}

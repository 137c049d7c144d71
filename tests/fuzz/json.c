/* Fuzzes JSON: what is read is written and read again as the same; {"schema", "value"} is checked. */
#include <stdlib.h>

#include "value/json.h"
#include "value/json_quick.h"
#include "value/json_texts.h"
#include "value/schema.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_again(struct arena *arena, const struct value *value, enum json_style style)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	struct error err;
	struct value *again;

	json_write(&text, value, style);
	again = json_read(arena, buf_str(&text), 0, &err);
	if (!again || !value_equal(value, again))
		abort();
}

/* The whole input as a text, after those of the inputs before: it is written as if it were the first. */
static void write_next(struct arena *arena, struct str text)
{
	static struct json_texts *texts;
	SCOPED(buf) struct buf expected = BUF_INIT;
	SCOPED(buf) struct buf found = BUF_INIT;
	const struct value *value = value_string(arena, text);

	if (!texts)
		texts = json_texts_new();
	json_write(&expected, value, JSON_COMPACT);
	json_write_next(&found, value, texts);
	if (!str_eq(buf_str(&expected), buf_str(&found)))
		abort();
}

/* Whatever a schema says, checking and reshaping it end. */
static void use_schema(struct arena *arena, const struct value *schema, const struct value *value)
{
	struct error err;
	struct value *inlined;
	bool fits = schema_check(schema, value, &err);

	if (!fits && err.kind != ERROR_MODEL)
		abort();
	inlined = schema_inline(arena, schema, &err);
	if (inlined)
		read_again(arena, schema_for_structured_output(arena, inlined), JSON_COMPACT);
}

/* What the quick reader takes, jansson takes for the same. */
static void compare_readers(struct arena *arena, struct str text)
{
	const struct value *value = json_quick(arena, text, JSON_DEPTH_MAX);
	const struct value *same;
	struct error err;

	if (!value)
		return;
	same = json_careful(arena, text, false, &err);
	if (!same || !value_equal(value, same))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct str text = str_of((const char *)data, size);
	struct error err;
	struct value *value;

	compare_readers(&arena, text);
	write_next(&arena, text);
	value = json_read(&arena, text, 1 << 20, &err);
	if (!value)
		return 0;
	read_again(&arena, value, JSON_COMPACT);
	read_again(&arena, value, JSON_PRETTY);
	if (value_get(value, "schema") && value_get(value, "value"))
		use_schema(&arena, value_get(value, "schema"), value_get(value, "value"));
	return 0;
}

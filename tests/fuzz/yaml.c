/* Fuzzes YAML: the result is a tree that JSON can express, or a problem with a place. */
#include <stdlib.h>

#include "value/json.h"
#include "value/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The place of any part of a string lies in the file. */
static void check_places(struct str text, const struct value *value)
{
	if (value->kind == VALUE_STRING && value->at.line) {
		struct position at = yaml_place(text, value, value->string.len / 2);

		if (at.line < 1 || at.column < 1)
			abort();
	}
	for (size_t i = 0; i < value_len(value); i++) {
		bool is_list = value->kind == VALUE_ARRAY;

		check_places(text,
			     is_list ? value->array.items[i] : value->object.members[i].value);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(problems) struct problems problems = {0};
	SCOPED(buf) struct buf out = BUF_INIT;
	struct str text = str_of((const char *)data, size);
	struct value *value;
	struct value *again;
	struct error err;

	/* Each place is searched from the start of the text: short texts only. */
	if (size > 4096)
		return 0;
	value = yaml_read(&arena, text, STR("f.yml"), &problems);
	if (!value == !problems.errors)
		abort();
	if (!value) {
		problems_write(&problems, &out);
		return 0;
	}
	check_places(text, value);
	json_write(&out, value, JSON_COMPACT);
	again = json_read(&arena, buf_str(&out), 0, &err);
	if (!again || !value_equal(value, again))
		abort();
	return 0;
}

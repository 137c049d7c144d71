/* Fuzzes templates: the text is one, and also the data that it is filled with. */
#include <stdlib.h>

#include "agent/template.h"
#include "value/value.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void count_problem(void *ctx, size_t offset UNUSED, struct str text)
{
	size_t *count = ctx;

	if (!text.len)
		abort();
	(*count)++;
}

/* No text closes its own delimiter: the closing one is at the end and nowhere else. */
static void check_delimiters(struct str text)
{
	SCOPED(buf) struct buf out = BUF_INIT;
	struct str closing;
	ptrdiff_t at;

	data_add(&out, "pr.body", text);
	at = str_find(buf_str(&out), STR(" name="), 0);
	closing = str_slice(buf_str(&out), 1, (size_t)at - 1);
	at = str_find(buf_str(&out), closing, 2);
	if (at < 0 || (size_t)at + closing.len + 1 != out.len)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf out = BUF_INIT;
	struct str text = str_of((const char *)data, size);
	struct str values[VARIABLE_COUNT];
	struct template template;
	size_t problems = 0;

	check_delimiters(text);
	if (template_parse(&arena, text, &template, count_problem, &problems) != !problems)
		abort();
	if (problems)
		return 0;
	for (size_t i = 0; i < VARIABLE_COUNT; i++)
		values[i] = str_slice(text, 0, 64);
	template_render(&out, &template, values);
	return 0;
}

/* Writes JSON. */
#include "value/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/breathe.h"
#include "value/json_escape.h"
#include "value/json_quick.h"
#include "value/json_texts.h"

enum { INDENT = 2 };

struct writer {
	struct buf *buf;
	enum json_style style;
	struct json_texts *texts; /* NULL: none are remembered */
};

static void write_string(const struct writer *to, struct str string)
{
	buf_add_char(to->buf, '"');
	if (to->texts && string.len >= JSON_TEXT_LONG)
		json_texts_write(to->texts, to->buf, string);
	else
		json_escape(to->buf, string);
	buf_add_char(to->buf, '"');
}

/* The shortest digits that give the same number when read; values that JSON cannot express become null. */
static void write_real(struct buf *buf, double real)
{
	char text[40] = "";

	if (!isfinite(real)) {
		buf_add_text(buf, "null");
		return;
	}
	for (int digits = 1; digits <= 17; digits++) {
		double again;

		snprintf(text, sizeof(text), "%.*g", digits, real);
		again = strtod(text, NULL);
		if (again >= real && again <= real)
			break;
	}
	/* 1e+03 is as short as 1000.0, but people read figures in reports. */
	if (strchr(text, 'e') && fabs(real) >= 1 && fabs(real) < 1e16)
		snprintf(text, sizeof(text), "%.1f", real);
	buf_add_text(buf, text);
	if (str_to_int64(str_from(text), &(int64_t){0}))
		buf_add_text(buf, ".0");
}

static void write_break(const struct writer *to, size_t level)
{
	if (to->style != JSON_PRETTY)
		return;
	buf_add_char(to->buf, '\n');
	buf_add_many(to->buf, ' ', INDENT * level);
}

static void write_value(const struct writer *to, const struct value *value, size_t level);

static void write_array(const struct writer *to, const struct value *array, size_t level)
{
	buf_add_char(to->buf, '[');
	for (size_t i = 0; i < array->array.len; i++) {
		if (i)
			buf_add_char(to->buf, ',');
		write_break(to, level + 1);
		write_value(to, array->array.items[i], level + 1);
	}
	if (array->array.len)
		write_break(to, level);
	buf_add_char(to->buf, ']');
}

static void write_object(const struct writer *to, const struct value *object, size_t level)
{
	buf_add_char(to->buf, '{');
	for (size_t i = 0; i < object->object.len; i++) {
		if (i)
			buf_add_char(to->buf, ',');
		write_break(to, level + 1);
		write_string(to, object->object.members[i].name);
		buf_add_text(to->buf, to->style == JSON_PRETTY ? ": " : ":");
		write_value(to, object->object.members[i].value, level + 1);
	}
	if (object->object.len)
		write_break(to, level);
	buf_add_char(to->buf, '}');
}

static void write_value(const struct writer *to, const struct value *value, size_t level)
{
	size_t before = to->buf->len;

	switch (value->kind) {
	case VALUE_NULL:
		buf_add_text(to->buf, "null");
		break;
	case VALUE_BOOL:
		buf_add_text(to->buf, value->boolean ? "true" : "false");
		break;
	case VALUE_INT:
		buf_addf(to->buf, "%lld", (long long)value->integer);
		break;
	case VALUE_REAL:
		write_real(to->buf, value->real);
		break;
	case VALUE_STRING:
		write_string(to, value->string);
		break;
	case VALUE_ARRAY:
		write_array(to, value, level);
		break;
	case VALUE_OBJECT:
		write_object(to, value, level);
		break;
	}
	breathe_step();
	if (before / JSON_STEP_SIZE != to->buf->len / JSON_STEP_SIZE)
		breathe();
}

void json_write(struct buf *buf, const struct value *value, enum json_style style)
{
	const struct writer to = {.buf = buf, .style = style};

	write_value(&to, value, 0);
}

void json_write_next(struct buf *buf, const struct value *value, struct json_texts *texts)
{
	const struct writer to = {.buf = buf, .style = JSON_COMPACT, .texts = texts};

	write_value(&to, value, 0);
}

/* Reads JSON: with a quick reader, and with jansson if something is wrong. */
#include "value/json.h"

#include <jansson.h>
#include <string.h>

#include "base/ascii.h"
#include "base/breathe.h"
#include "base/utf8.h"
#include "value/json_quick.h"
#include "value/json_repair.h"

enum { SIZE_MAX_DEFAULT = 64 << 20, EXCERPT_LEN = 60 };

/* ---- Reading ---- */

/* The state of reading one text. */
struct json_reader {
	struct arena *arena;
	size_t values; /* so far */
};

static struct value *value_from(struct json_reader *reader, json_t *json);

static struct value *object_from(struct json_reader *reader, json_t *json)
{
	struct value *object = value_object(reader->arena);

	for (void *at = json_object_iter(json); at; at = json_object_iter_next(json, at)) {
		struct str name = str_of(json_object_iter_key(at), json_object_iter_key_len(at));

		value_add_member(reader->arena, object, name,
				 value_from(reader, json_object_iter_value(at)));
	}
	return object;
}

static struct value *array_from(struct json_reader *reader, json_t *json)
{
	struct value *array = value_array(reader->arena);

	for (size_t i = 0; i < json_array_size(json); i++)
		value_append(reader->arena, array, value_from(reader, json_array_get(json, i)));
	return array;
}

static struct value *string_from(struct json_reader *reader, json_t *json)
{
	if (json_string_length(json) >= JSON_STEP_SIZE)
		breathe();
	return value_string(reader->arena,
			    str_of(json_string_value(json), json_string_length(json)));
}

/* The depth was checked before: see depth_check(). */
static struct value *value_from(struct json_reader *reader, json_t *json)
{
	if (++reader->values % JSON_STEP_VALUES == 0)
		breathe();
	switch (json_typeof(json)) {
	case JSON_OBJECT:
		return object_from(reader, json);
	case JSON_ARRAY:
		return array_from(reader, json);
	case JSON_STRING:
		return string_from(reader, json);
	case JSON_INTEGER:
		return value_int(reader->arena, json_integer_value(json));
	case JSON_REAL:
		return value_real(reader->arena, json_real_value(json));
	case JSON_TRUE:
	case JSON_FALSE:
		return value_bool(reader->arena, json_is_true(json));
	case JSON_NULL:
		break;
	}
	return value_null(reader->arena);
}

/* The index of the quote that ends the string whose first quote is at `start`, or the text's end. */
static size_t string_end(struct str text, size_t start)
{
	for (size_t i = start + 1; i < text.len; i++) {
		if (text.ptr[i] == '\\')
			i++;
		else if (text.ptr[i] == '"')
			return i;
	}
	return text.len;
}

/* jansson recurses up to 2048 levels, more than a task's stack allows, so we count levels first. */
static bool depth_check(struct str text, struct error *err)
{
	int depth = 0;
	int line = 1;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (c == '"')
			i = string_end(text, i);
		else if (c == '\n')
			line++;
		else if (c == ']' || c == '}')
			depth--;
		else if ((c == '[' || c == '{') && ++depth > JSON_DEPTH_MAX)
			return error_set(err, ERROR_LIMIT, "line %d: nested deeper than %d levels",
					 line, JSON_DEPTH_MAX);
	}
	return true;
}

static bool is_number_byte(char c)
{
	return ascii_is_digit(c) || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

/* Appends `text` with ".0" behind each integer that an int64_t cannot hold, so that it reads as real. */
static void widen_integers(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.len;) {
		size_t end = i + 1;
		struct str token;
		int64_t integer;
		bool is_number = text.ptr[i] == '-' || ascii_is_digit(text.ptr[i]);

		if (text.ptr[i] == '"')
			end = MIN_OF(string_end(text, i) + 1, text.len);
		while (is_number && end < text.len && is_number_byte(text.ptr[end]))
			end++;
		token = str_slice(text, i, end - i);
		buf_add(out, token);
		if (is_number && token.len > 18 && str_find_char(token, '.', 0) < 0 &&
		    str_find_char(token, 'e', 0) < 0 && str_find_char(token, 'E', 0) < 0 &&
		    !str_to_int64(token, &integer))
			buf_add_text(out, ".0");
		i = end;
	}
}

/* Gives jansson the next part of the text. */
static size_t give(void *to, size_t size, void *ctx)
{
	struct str *rest = ctx;
	size_t len = MIN_OF(size, rest->len);

	if (len)
		memcpy(to, rest->ptr, len);
	if (rest->len / JSON_STEP_SIZE != (rest->len - len) / JSON_STEP_SIZE)
		breathe();
	*rest = str_skip(*rest, len);
	return len;
}

static json_t *parse(struct str text, size_t flags, json_error_t *problem)
{
	struct str rest = text;

	if (text.len > JSON_STEP_SIZE)
		return json_load_callback(give, &rest, flags | JSON_DECODE_ANY, problem);
	return json_loadb(text.len ? text.ptr : "", text.len, flags | JSON_DECODE_ANY, problem);
}

static json_t *parse_widened(struct str text, size_t flags, json_error_t *problem)
{
	SCOPED(buf) struct buf widened = BUF_INIT;

	buf_init(&widened, 2 * text.len + 1);
	widen_integers(&widened, text);
	return parse(buf_str(&widened), flags, problem);
}

/* Whether any JSON value can begin like this. */
static bool begins_like_json(struct str text)
{
	static const char starts[] = "{[\"-0123456789tfn";

	text = str_trim(text);
	return text.len && str_find_char(str_of(starts, sizeof(starts) - 1), text.ptr[0], 0) >= 0;
}

static bool report(struct str text, const json_error_t *problem, struct error *err)
{
	SCOPED(buf) struct buf excerpt = BUF_INIT;
	struct str start = utf8_cut(str_trim(text), EXCERPT_LEN);

	error_set(err, ERROR_SYNTAX, "line %d, column %d: %s", problem->line, problem->column,
		  problem->text);
	if (!start.len)
		return error_set(err, ERROR_SYNTAX, "the text is empty, JSON was expected");
	if (begins_like_json(text))
		return false;
	utf8_add_repaired(&excerpt, start);
	for (size_t i = 0; i < excerpt.len; i++) {
		if ((unsigned char)excerpt.ptr[i] < ' ')
			excerpt.ptr[i] = ' ';
	}
	return error_set(err, ERROR_SYNTAX, "this is not JSON: it starts with \"%s\"", excerpt.ptr);
}

struct value *json_careful(struct arena *arena, struct str text, bool twice, struct error *err)
{
	struct json_reader reader = {.arena = arena};
	size_t flags = twice ? 0 : JSON_REJECT_DUPLICATES;
	json_error_t problem = {0};
	struct value *value;
	json_t *json;

	if (!depth_check(text, err))
		return NULL;
	json = parse(text, flags, &problem);
	if (!json && json_error_code(&problem) == json_error_numeric_overflow)
		json = parse_widened(text, flags, &problem);
	if (!json) {
		report(text, &problem, err);
		return NULL;
	}
	value = value_from(&reader, json);
	if (text.len > JSON_STEP_SIZE)
		breathe();
	json_decref(json);
	if (text.len > JSON_STEP_SIZE)
		breathe();
	return value;
}

static bool check_size(struct str text, size_t size_max, struct error *err)
{
	if (!size_max)
		size_max = SIZE_MAX_DEFAULT;
	return text.len <= size_max ||
	       error_set(err, ERROR_LIMIT, "JSON text of %zu bytes; at most %zu are read", text.len,
			 size_max);
}

struct value *json_read(struct arena *arena, struct str text, size_t size_max, struct error *err)
{
	struct value *value;

	if (!check_size(text, size_max, err))
		return NULL;
	text = utf8_skip_mark(text);
	value = json_quick(arena, text, JSON_DEPTH_MAX);
	return value ? value : json_careful(arena, text, false, err);
}

struct value *json_read_repaired(struct arena *arena, struct str text, size_t size_max,
				 struct str *problem, struct error *err)
{
	SCOPED(buf) struct buf repaired = BUF_INIT;
	struct error why = {0};
	struct value *value = json_read(arena, text, size_max, &why);

	if (value)
		return value;
	json_repair(&repaired, text);
	if (!check_size(buf_str(&repaired), size_max, err))
		return NULL;
	value = json_careful(arena, buf_str(&repaired), true, err);
	if (value)
		*problem = arena_str(arena, str_from(why.message));
	return value;
}

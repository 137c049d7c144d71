/* JSON in and out. */
#include "value/json.h"

#include <string.h>

#include "stretch.h"
#include "unit.h"
#include "value/json_find.h"
#include "value/json_quick.h"

/* What the text is when read and written again. */
static struct str rewritten(struct arena *arena, const char *text, enum json_style style)
{
	SCOPED(buf) struct buf out = BUF_INIT;
	struct error err = {0};
	struct value *value = json_read(arena, str_from(text), 0, &err);

	ck_assert_msg(value != NULL, "%s: %s", text, err.message);
	json_write(&out, value, style);
	return arena_str(arena, buf_str(&out));
}

/* The error of a text that must not be read. */
static struct error refused(const char *text, size_t size_max)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct error err = {0};

	ck_assert_ptr_null(json_read(&arena, str_from(text), size_max, &err));
	return err;
}

TEST(keeps_kinds_and_order_through_a_round)
{
	static const char text[] =
		"{\"z\":[1,-2,1.5,1.0,0.1,1e+22,true,false,null],\"a\":{\"\":\"\"},\"n\":5e-324}";
	SCOPED(arena) struct arena arena = ARENA_INIT;

	ck_assert_str_is(rewritten(&arena, text, JSON_COMPACT), str_from(text));
	ck_assert_str_is(rewritten(&arena, " 17 ", JSON_COMPACT), STR("17"));
}

TEST(escapes_what_could_break_a_reader)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;

	ck_assert_str_is(
		rewritten(&arena,
			  "\"\\u0001\\n\\\"\\\\\\/\\u007f\\u2028\\u2029\\ud83d\\ude00\\u00e9\"",
			  JSON_COMPACT),
		STR("\"\\u0001\\n\\\"\\\\/\\u007f\\u2028\\u2029\xf0\x9f\x98\x80\xc3\xa9\""));
	ck_assert_str_is(rewritten(&arena, "\"\\u009b\\u202e\\u2069 \\u00a0\\u2022\"",
				   JSON_COMPACT),
			 STR("\"\\u009b\\u202e\\u2069 \xc2\xa0\xe2\x80\xa2\""));
}

TEST(writes_pretty_with_two_spaces)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;

	ck_assert_str_is(rewritten(&arena, "{\"a\":[1,{}],\"b\":[]}", JSON_PRETTY),
			 STR("{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}"));
}

TEST(reads_integers_beyond_int64_as_reals)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;

	ck_assert_str_is(
		rewritten(
			&arena,
			"[9223372036854775807,-9223372036854775808,9223372036854775808,\"9223372036854775808\",-10000000000000000000000]",
			JSON_COMPACT),
		STR("[9223372036854775807,-9223372036854775808,9.223372036854776e+18,\"9223372036854775808\",-1e+22]"));
}

TEST(refuses_what_is_not_strict_json)
{
	static const char *const texts[] = {
		"{\"a\":1,\"a\":2}", "[1,]",     "{} x",     "\"\xff\"", "\"\\u0000\"",
		"{\"\\u0000\":1}",   "[01]",     "[1e9999]", "'a'",      "[NaN]",
		"\"\\ud800\"",       "{\"a\":1", "\"a\nb\"", "",         "[\x01]"};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct error err = refused(texts[i], 0);

		ck_assert_msg(err.kind == ERROR_SYNTAX, "%s: %s", texts[i], err.message);
	}
}

TEST(says_where_a_text_is_wrong)
{
	struct error err = refused("{\"a\": 1,\n \"b\": oops}", 0);

	ck_assert_msg(strncmp(err.message, "line 2, column ", 15) == 0, "%s", err.message);
}

TEST(shows_how_a_web_page_begins)
{
	struct error err = refused("<html>\n<body>502 Bad Gateway</body></html>", 0);

	ck_assert_ptr_nonnull(strstr(err.message, "\"<html> <body>502"));
}

TEST(stops_at_size_and_depth)
{
	SCOPED(buf) struct buf deep = BUF_INIT;
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct error err = {0};

	ck_assert_int_eq(refused("[1,2,3]", 6).kind, ERROR_LIMIT);
	buf_add_many(&deep, '[', 100000);
	ck_assert_int_eq(refused(deep.ptr, 0).kind, ERROR_LIMIT);
	buf_reset(&deep);
	buf_add_many(&deep, '[', JSON_DEPTH_MAX);
	buf_add_many(&deep, ']', JSON_DEPTH_MAX);
	ck_assert_ptr_nonnull(json_read(&arena, buf_str(&deep), 0, &err));
	buf_reset(&deep);
	buf_add_text(&deep, "\"[[[[\\\"");
	buf_add_many(&deep, '[', 500);
	buf_add_char(&deep, '"');
	ck_assert_ptr_nonnull(json_read(&arena, buf_str(&deep), 0, &err));
}

TEST(repairs_what_a_model_broke_and_says_what_it_was)
{
	static const struct {
		const char *text, *read, *problem;
	} rows[] = {
		{"{\"a\":1}", "{\"a\":1}", ""},
		{"[\"\\ud83d\"]", "[\"\xEF\xBF\xBD\"]", "Unicode"},
		{"[\"\\ud83d\\ude00 \\udc00\"]", "[\"\xF0\x9F\x98\x80 \xEF\xBF\xBD\"]", "Unicode"},
		{"[\"a\\u0000b\\\\u0000\"]",
		 "[\"a\xEF\xBF\xBD"
		 "b\\\\u0000\"]",
		 "u0000"},
		{"{\"a\":1,\"a\":2}", "{\"a\":2}", "duplicate"},
		{"[\"\xff\"]", "[\"\xEF\xBF\xBD\"]", "decode byte"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		SCOPED(arena) struct arena arena = ARENA_INIT;
		SCOPED(buf) struct buf out = BUF_INIT;
		struct str problem = STR_EMPTY;
		struct error err = {0};
		struct value *value =
			json_read_repaired(&arena, str_from(rows[i].text), 0, &problem, &err);

		ck_assert_msg(value != NULL, "%s: %s", rows[i].text, err.message);
		json_write(&out, value, JSON_COMPACT);
		ck_assert_str_is(buf_str(&out), str_from(rows[i].read));
		ck_assert_msg(!*rows[i].problem ? !problem.len
						: str_contains(problem, str_from(rows[i].problem)),
			      "%s: %.*s", rows[i].text, STR_ARG(problem));
	}
}

TEST(a_long_text_is_read_in_steps_as_a_short_one_is_read_at_once)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf text = BUF_INIT;
	SCOPED(buf) struct buf again = BUF_INIT;
	struct error err = {0};
	const struct value *value;

	/* Of another length each, so that characters of several bytes are on every side of a step. */
	buf_add_char(&text, '[');
	for (int i = 0; text.len < 300000; i++)
		buf_addf(&text, "%s\"\xC3\xA9\xF0\x9F\x98\x80%d\\n\",%d,{\"a%d\":1.5}",
			 i ? "," : "", i, i, i);
	buf_add_char(&text, ',');
	buf_add_char(&text, '"');
	buf_add_many(&text, 'x', 200000);
	buf_add_text(&text, "\"]");
	value = json_read(&arena, buf_str(&text), 0, &err);
	ck_assert_msg(value, "%s", err.message);
	json_write(&again, value, JSON_COMPACT);
	ck_assert(str_eq(buf_str(&again), buf_str(&text)));

	text.ptr[text.len - 1] = '}';
	ck_assert(!json_read(&arena, buf_str(&text), 0, &err));
	ck_assert_msg(err.kind == ERROR_SYNTAX &&
			      str_starts(str_from(err.message), STR("line 1, column 4")),
		      "%s", err.message);
	text.ptr[text.len - 1] = ']';
	buf_add_text(&text, " x");
	ck_assert(!json_read(&arena, buf_str(&text), 0, &err));
}

static void read_and_write(struct str text)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf array = BUF_INIT;
	SCOPED(buf) struct buf again = BUF_INIT;
	struct error err;
	struct value *value;

	buf_addf(&array, "[%.*s 0]", STR_ARG(text));
	value = json_read(&arena, buf_str(&array), 0, &err);
	ck_assert(value);
	json_write(&again, value, JSON_PRETTY);
}

static void find(struct str text)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf with_object = BUF_INIT;
	struct json_found found;
	struct error err;

	buf_addf(&with_object, "%.*s{\"a\": 1}", STR_ARG(text));
	ck_assert(!json_find(&arena, buf_str(&with_object), "a", &found, &err) || found.len);
}

TEST(json_is_found_in_long_texts_with_pauses)
{
	static const char *const patterns[] = {"</think>", "{", "{\"a\": ", "{}", "[\"", "\\\"{"};

	for (size_t i = 0; i < ARRAY_LEN(patterns); i++)
		stretch_check(find, patterns[i], 1 << 20);
}

TEST(long_texts_are_read_and_written_with_pauses)
{
	stretch_check(read_and_write, "1,", 1 << 20);
	stretch_check(read_and_write, "\"some text\",", 1 << 20);
	stretch_check(read_and_write, "{\"name\": [true, null, 1.5]},", 1 << 20);
}

TEST(skips_a_byte_order_mark)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct error err;
	struct str problem = STR_EMPTY;

	ck_assert_ptr_nonnull(json_read(&arena, STR("\xef\xbb\xbf{\"a\": 1}"), 0, &err));
	ck_assert_ptr_nonnull(json_read_repaired(&arena, STR("\xef\xbb\xbf{}"), 0, &problem, &err));
	ck_assert_uint_eq(problem.len, 0);
	ck_assert_ptr_null(json_read(&arena, STR("{}\xef\xbb\xbf"), 0, &err));
}

TEST(the_quick_reader_takes_what_jansson_takes_for_the_same)
{
	static const char *const texts[] = {
		"{\"a b\":[0,-0,10,1.25,-1e3,1E+2,true,false,null,\"\"],\"c\":{}}",
		" [ 1 ,\t{ \"x\" : \"\\u00e9\\ud83d\\ude00\\n\\\\\\/\\\"\" } ]\r\n",
		"\"a text longer than eight bytes, \xc3\xa9 and \x7f and \xf0\x9f\x98\x80, then a tab: \\t\"",
		"{\"\\u0061\":1,\"b\":2}",
	};
	static const char *const wrong[] = {
		"[1,]",
		"[01]",
		"[1.]",
		"[-]",
		"[1e]",
		"{\"a\":1,\"\\u0061\":2}",
		"\"\\ud83d\"",
		"\"\\udc00\"",
		"\"\\u0000\"",
		"\"\\x\"",
		"\"\\\"",
		"\"\xc3\"",
		"\"12345678",
		"[truE]",
		"{\"a\" 1}",
		"{a:1}",
		"[1] 2",
		"\"a\nb\"",
		"",
		"[",
		"{\"a\":",
		"\"\\ud83dx\"",
		"[1 2]",
		"nul",
	};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		SCOPED(arena) struct arena arena = ARENA_INIT;
		struct str text = str_from(texts[i]);
		struct error err = {0};
		const struct value *quick = json_quick(&arena, text, JSON_DEPTH_MAX);
		const struct value *careful = json_careful(&arena, text, false, &err);

		ck_assert_msg(quick && careful && value_equal(quick, careful), "%s: %s", texts[i],
			      err.message);
	}
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		SCOPED(arena) struct arena arena = ARENA_INIT;
		struct str text = str_from(wrong[i]);
		struct error err = {0};

		ck_assert_msg(!json_quick(&arena, text, JSON_DEPTH_MAX), "%s", wrong[i]);
		ck_assert_msg(!json_careful(&arena, text, false, &err), "%s", wrong[i]);
	}
	ck_assert_ptr_null(json_quick(NULL, STR_EMPTY, JSON_DEPTH_MAX));
}

TEST(reads_an_object_of_many_members)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf text = BUF_INIT;
	struct error err = {0};
	const struct value *value;

	for (int i = 0; i < 200; i++)
		buf_addf(&text, "%s\"n%d\":%d", i ? "," : "{", i, i);
	buf_add_char(&text, '}');
	value = json_read(&arena, buf_str(&text), 0, &err);
	ck_assert_uint_eq(value_len(value), 200);
	ck_assert_int_eq(value_get_int(value, "n199", -1), 199);
}

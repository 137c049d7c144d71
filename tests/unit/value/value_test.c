/* The value tree: building, reading, comparing, pointers. */
#include "value/value.h"

#include "value/json.h"

#include "stretch.h"
#include "unit.h"

TEST(reads_through_missing_parts_without_checks)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct value *root = value_object(&arena);

	value_set(&arena, root, "a", value_array(&arena));
	ck_assert_ptr_null(value_get(value_at(value_get(root, "b"), 3), "c"));
	ck_assert_int_eq((int)value_get_int(value_get(root, "a"), "n", 7), 7);
	ck_assert_str_is(value_get_string(NULL, "x"), STR(""));
	ck_assert_uint_eq(value_len(value_get(root, "a")), 0);
	ck_assert(value_get_bool(root, "a", true));
}

TEST(replaces_a_member_that_is_set_twice)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct value *root = value_object(&arena);

	for (int i = 0; i < 20; i++)
		value_set_str(&arena, root, arena_printf(&arena, "k%d", i % 10),
			      value_int(&arena, i));
	ck_assert_uint_eq(value_len(root), 10);
	ck_assert_int_eq((int)value_get_int(root, "k3", -1), 13);
}

TEST(replaces_bytes_that_are_not_utf8_and_nul)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct value *value = value_string(&arena, STR("a\xff"
						       "b\0c"));

	ck_assert_str_is(value_as_string(value), STR("a\xef\xbf\xbd"
						     "b\xef\xbf\xbd"
						     "c"));
}

TEST(compares_numbers_by_worth_and_objects_without_order)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct value *a = value_object(&arena);
	struct value *b = value_object(&arena);

	value_set(&arena, a, "x", value_int(&arena, 1));
	value_set(&arena, a, "y", value_text(&arena, "t"));
	value_set(&arena, b, "y", value_text(&arena, "t"));
	value_set(&arena, b, "x", value_real(&arena, 1.0));
	ck_assert(value_equal(a, b));
	ck_assert(value_equal(value_copy(&arena, a), a));
	value_set(&arena, b, "x", value_real(&arena, 1.5));
	ck_assert(!value_equal(a, b));
	ck_assert(!value_equal(value_int(&arena, INT64_C(9007199254740993)),
			       value_real(&arena, 9007199254740992.0)));
}

TEST(follows_json_pointers_with_escapes)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct value *root = value_object(&arena);
	struct value *list = value_array(&arena);

	value_append(&arena, list, value_int(&arena, 5));
	value_append(&arena, list, value_int(&arena, 6));
	value_set(&arena, root, "a/b~", list);
	value_set(&arena, root, "", value_int(&arena, 9));
	ck_assert_ptr_eq(value_at_pointer(root, STR("")), root);
	ck_assert_int_eq((int)value_at_pointer(root, STR("/a~1b~0/1"))->integer, 6);
	ck_assert_int_eq((int)value_at_pointer(root, STR("/"))->integer, 9);
	ck_assert_ptr_null(value_at_pointer(root, STR("/a~1b~0/01")));
	ck_assert_ptr_null(value_at_pointer(root, STR("/a~1b~0/2")));
	ck_assert_ptr_null(value_at_pointer(root, STR("a")));
}

static void copy_and_join(struct str text)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf json = BUF_INIT;
	struct value *value;
	struct error err;

	buf_addf(&json, "{\"list\": [%.*s1]}", STR_ARG(text));
	value = json_read(&arena, buf_str(&json), 0, &err);
	ck_assert_msg(value, "%s", err.message);
	ck_assert(value_join(&arena, value_copy(&arena, value), value));
}

TEST(large_values_are_copied_and_joined_with_pauses)
{
	stretch_check(copy_and_join, "[],", 1 << 20);
	stretch_check(copy_and_join, "{\"name\": [true, null, 1.5]},", 1 << 20);
}

static void join_many(struct buf *out, struct str text)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct value *joined = value_array(&arena);
	struct value *one = value_array(&arena);

	value_append(&arena, one, value_string(&arena, STR("a text")));
	for (size_t i = 0; i < text.len; i++)
		joined = value_join(&arena, joined, one);
	ck_assert_uint_eq(value_len(joined), text.len);
	buf_add(out, text);
}

/* A model may answer in a thousand calls. */
TEST(many_values_are_joined_in_linear_time)
{
	stretch_check_linear(join_many, "a", 4096);
}

TEST(what_becomes_too_large_is_not_joined)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf text = BUF_INIT;
	struct value *object = value_object(&arena);

	buf_add_many(&text, 'a', VALUE_JOINED_TEXT_MAX);
	ck_assert(
		!value_join(&arena, value_text(&arena, "b"), value_string(&arena, buf_str(&text))));
	for (int i = 0; i <= VALUE_JOINED_MEMBERS_MAX; i++)
		value_set_str(&arena, object, arena_printf(&arena, "m%d", i), value_int(&arena, i));
	ck_assert(!value_join(&arena, value_object(&arena), object));
}

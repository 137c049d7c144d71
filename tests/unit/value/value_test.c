/* The value tree: building, reading, comparing, pointers. */
#include "value/value.h"

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

TEST(mends_bytes_that_are_not_utf8_and_nul)
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

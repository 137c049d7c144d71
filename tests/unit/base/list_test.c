/* Lists written as one text. */
#include "base/list.h"

#include "base/buf.h"

#include "unit.h"

/* The items, joined by '|'. */
static struct str split(struct arena *arena, const char *text, enum list_kind kind)
{
	struct str_list list = {0};
	struct str joined = STR_EMPTY;
	struct error err = {0};

	if (!list_split(arena, str_from(text), kind, &list, &err))
		return arena_str(arena, str_from(err.message));
	for (size_t i = 0; i < list.len; i++)
		joined = arena_printf(arena, "%.*s%s%.*s", STR_ARG(joined), i ? "|" : "",
				      STR_ARG(list.items[i]));
	return joined;
}

TEST(splits_lists_at_commas_and_lines_and_drops_comments)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;

	ck_assert_str_is(split(&arena, "a, b ,,c#d", LIST_WORDS), STR("a|b|c#d"));
	ck_assert_str_is(split(&arena, "# first\na # note\nb#c, d\n", LIST_WORDS), STR("a|b#c|d"));
	ck_assert_str_is(split(&arena, "one,two\nthree", LIST_LINES), STR("one,two|three"));
	ck_assert_str_is(split(&arena, " ,\n, ", LIST_GLOBS), STR(""));
}

TEST(what_is_copied_out_of_yaml_is_understood)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;

	for (enum list_kind kind = LIST_WORDS; kind <= LIST_LINES; kind++) {
		ck_assert_str_is(split(&arena, "- a\n- 'b/**'\n  - \"c\" # x\n", kind),
				 STR("a|b/**|c"));
		ck_assert_str_is(split(&arena, "- a", kind), STR("a"));
	}
	ck_assert_str_is(split(&arena, "[\"a/**\", 'b']", LIST_GLOBS), STR("a/**|b"));
	ck_assert_str_is(split(&arena, "[ab].c, [c]", LIST_GLOBS), STR("[ab].c|[c]"));
	ck_assert_str_is(split(&arena, "-a, a-b", LIST_WORDS), STR("-a|a-b"));
}

TEST(a_comma_of_a_pattern_does_not_end_it)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;

	for (enum list_kind kind = LIST_WORDS; kind <= LIST_GLOBS; kind++) {
		ck_assert_str_is(split(&arena, "**/*.{c,h}, docs/**", kind),
				 STR("**/*.{c,h}|docs/**"));
		ck_assert_str_is(split(&arena, "a{b,{c,d}},e", kind), STR("a{b,{c,d}}|e"));
		ck_assert_str_is(split(&arena, "x[,{]y,z", kind), STR("x[,{]y|z"));
		ck_assert_str_is(split(&arena, "a\\,b,c\\{,d", kind), STR("a\\,b|c\\{|d"));
		ck_assert_str_is(split(&arena, "a},b", kind), STR("a}|b"));
		ck_assert_str_is(split(&arena, "!{a,b}\nc", kind), STR("!{a,b}|c"));
	}
	ck_assert_str_is(split(&arena, "a[b,c", LIST_WORDS), STR("a[b|c"));
}

TEST(an_unclosed_brace_is_an_error_with_its_fix)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;

	for (enum list_kind kind = LIST_WORDS; kind <= LIST_GLOBS; kind++)
		ck_assert_str_is(
			split(&arena, "**/*.{c", kind),
			STR("\"**/*.{c\": unclosed brace: close it or escape it as \"\\{\""));
	ck_assert_str_is(split(&arena, "a,b[c", LIST_GLOBS),
			 STR("\"b[c\": unclosed bracket: close it or escape it as \"\\[\""));
	ck_assert_str_is(split(&arena, "a{\nb", LIST_LINES), STR("a{|b"));
}

TEST(a_list_has_at_most_a_thousand_items)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf text = BUF_INIT;

	for (int i = 0; i < LIST_ITEMS_MAX; i++)
		buf_add_text(&text, "a,");
	ck_assert_uint_eq(split(&arena, text.ptr, LIST_WORDS).len, 2 * LIST_ITEMS_MAX - 1);
	buf_add_text(&text, "a");
	ck_assert_str_is(split(&arena, text.ptr, LIST_WORDS), STR("more than 1000 items"));
}

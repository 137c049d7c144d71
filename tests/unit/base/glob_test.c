/* Path patterns. */
#include "base/buf.h"
#include "base/glob.h"
#include "base/glob_list.h"
#include "unit.h"

struct glob_case {
	const char *pattern;
	const char *path;
	bool matches;
};

static void check_cases(const struct glob_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++)
		ck_assert_msg(glob_match(str_from(cases[i].pattern), str_from(cases[i].path)) ==
				      cases[i].matches,
			      "\"%s\" against \"%s\"", cases[i].pattern, cases[i].path);
}

TEST(stars_stop_at_folders_and_double_stars_do_not)
{
	static const struct glob_case cases[] = {
		{"*.c", "a.c", true},
		{"*.c", "deep/down/a.c", true},
		{"src/*.c", "src/a.c", true},
		{"src/*.c", "src/b/a.c", false},
		{"src/*.c", "lib/src/a.c", false},
		{"src/**", "src/a.c", true},
		{"src/**", "src/b/c/a.c", true},
		{"src/**", "src", false},
		{"src/**", "srcs/a", false},
		{"**/x.c", "x.c", true},
		{"**/x.c", "a/b/x.c", true},
		{"**/x.c", "a/b/yx.c", false},
		{"a/**/b", "a/b", true},
		{"a/**/b", "a/x/y/b", true},
		{"a/**/b", "a/xb", false},
		{"a/**/b/**/c", "a/1/b/2/3/c", true},
		{"**", "any/thing", true},
		{"a**z", "a/b/z", false},
		{"x/a**z", "x/a/b/z", true},
		{"**/*_test.go", "pkg/a_test.go", true},
		{"?.c", "a.c", true},
		{"?.c", "ab.c", false},
		{"a?c/d", "a/c/d", false},
		{"a", "a", true},
		{"a", "ab", false},
		{"", "a", false},
	};

	check_cases(cases, ARRAY_LEN(cases));
}

TEST(classes_and_braces_choose)
{
	static const struct glob_case cases[] = {
		{"[a-c].c", "b.c", true},
		{"[a-c].c", "d.c", false},
		{"[!a-c].c", "d.c", true},
		{"[^a-c].c", "a.c", false},
		{"[]x].c", "].c", true},
		{"[]x].c", "x.c", true},
		{"[a-]", "-", true},
		{"[\\]]", "]", true},
		{"x/a[!b]c", "x/a/c", false},
		{"*.{c,h}", "a.h", true},
		{"*.{c,h}", "a.x", false},
		{"*.{c,}", "a.", true},
		{"{src,lib/**}/*.c", "src/a.c", true},
		{"{src,lib/**}/*.c", "lib/x/y/a.c", true},
		{"{src,lib/**}/*.c", "x/a.c", false},
		{"{a,b{c,d}}e", "be", false},
		{"{a,b{c,d}}e", "bde", true},
		{"{a,b{c,d}}e", "ae", true},
		{"{**/a,b}/c", "x/y/a/c", true},
		{"a,b}", "a,b}", true},
		{"\\*.c", "*.c", true},
		{"\\*.c", "a.c", false},
		{"[", "[", false},
		{"{a", "{a", false},
	};

	check_cases(cases, ARRAY_LEN(cases));
}

TEST(leading_and_trailing_slashes_have_a_meaning)
{
	static const struct glob_case cases[] = {
		{"./a.c", "a.c", true},
		{"/a.c", "a.c", true},
		{"/a.c", "b/a.c", false},
		{"docs/", "docs/a/b.md", true},
		{"docs/", "docs", false},
		{"docs/", "x/docs/a", false},
		{"**/vendor/", "a/vendor/b/c", true},
		{"/", "a", false},
		{"./", "a", false},
	};

	check_cases(cases, ARRAY_LEN(cases));
}

TEST(a_character_is_not_a_byte)
{
	static const struct glob_case cases[] = {
		{"?.txt", "é.txt", true},
		{"[à-ü].txt", "é.txt", true},
		{"[!é].txt", "é.txt", false},
		{"日*", "日本語", true},
	};

	check_cases(cases, ARRAY_LEN(cases));
}

/* "[v]endor" means the same as "vendor", and takes the automaton. */
TEST(simple_patterns_match_what_the_automaton_matches)
{
	static const char *const pairs[][2] = {
		{"vendor", "[v]endor"},
		{"a/vendor", "a/[v]endor"},
		{"*endor", "*[e]ndor"},
		{"*.v", "*.[v]"},
		{"*", "{*,*}"},
		{"**/vendor/**", "**/[v]endor/**"},
		{"**/a/vendor/**", "**/a/[v]endor/**"},
	};
	static const char *const paths[] = {
		"vendor",
		"/vendor",
		"vendor/",
		"vendor/a",
		"a/vendor",
		"a/vendor/",
		"a/vendor/b",
		"/vendor/b",
		"a//vendor/",
		"vendors/a",
		"my-vendor/",
		"a/b/vendor",
		"vendor/vendor",
		"x.v",
		"v.x",
		".v",
		"a/.v",
		"\xc3vendor/a",
		"\xc3/vendor/a",
		"é.v",
		"endor",
		"a/vendor\xff",
		"",
		"/",
	};

	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		for (size_t j = 0; j < ARRAY_LEN(paths); j++)
			ck_assert_msg(glob_match(str_from(pairs[i][0]), str_from(paths[j])) ==
					      glob_match(str_from(pairs[i][1]), str_from(paths[j])),
				      "\"%s\" against \"%s\"", pairs[i][0], paths[j]);
	}
}

TEST(the_last_pattern_that_matches_decides)
{
	static const struct str both[] = {STR_INIT("src/**"), STR_INIT("!**/*_test.c")};
	static const struct str back[] = {STR_INIT("*"), STR_INIT("!*.md"), STR_INIT("README.md")};
	static const struct str negated[] = {STR_INIT("!vendor/**")};

	ck_assert(glob_list_match(both, 2, STR("src/a.c")));
	ck_assert(!glob_list_match(both, 2, STR("src/a_test.c")));
	ck_assert(!glob_list_match(both, 2, STR("lib/a.c")));
	ck_assert(glob_list_match(back, 3, STR("README.md")));
	ck_assert(!glob_list_match(back, 3, STR("b.md")));
	ck_assert(glob_list_match(negated, 1, STR("src/a.c")));
	ck_assert(!glob_list_match(negated, 1, STR("vendor/a.c")));
	ck_assert(!glob_list_match(NULL, 0, STR("a")));
}

TEST(a_name_without_stars_covers_a_folder_too)
{
	static const struct glob_case cases[] = {
		{"vendor", "vendor/a.c", true},
		{"vendor", "x/vendor/deep/a.c", true},
		{"vendor", "vendor", true},
		{"vendor", "vendors/a.c", false},
		{"vendor", "x/my-vendor/a.c", false},
		{"docs/old", "docs/old/a.md", true},
		{"docs/old", "x/docs/old/a", false},
		{"/docs", "docs/a", true},
		{"/docs", "x/docs/a", false},
		{"./docs", "docs/a", true},
		{"doc*", "docs/a", false},
		{"[d]ocs", "docs/a", false},
		{"a.c", "src/a.c", true},
		{"", "a", false},
	};
	static const struct str list[] = {STR_INIT("src"), STR_INIT("!src/test")};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		ck_assert_msg(glob_covers(str_from(cases[i].pattern), str_from(cases[i].path)) ==
				      cases[i].matches,
			      "\"%s\" against \"%s\"", cases[i].pattern, cases[i].path);
	ck_assert(glob_list_match(list, 2, STR("src/lib/a.c")));
	ck_assert(!glob_list_match(list, 2, STR("src/test/a.c")));
}

TEST(says_what_is_wrong_with_a_pattern)
{
	static const struct {
		const char *pattern;
		const char *message;
	} cases[] = {
		{"", "\"\": an empty pattern"},
		{"/", "\"/\": an empty pattern"},
		{"a[b", "\"a[b\": unclosed bracket: close it or escape it as \"\\[\""},
		{"a[]", "\"a[]\": unclosed bracket: close it or escape it as \"\\[\""},
		{"src/** docs/**",
		 "\"src/** docs/**\": a blank behind \"**\": separate patterns by commas or lines"},
		{"src\\lib",
		 "\"src\\lib\": folders are separated by \"/\"; a backslash escapes the next character"},
		{"{a,{b}", "\"{a,{b}\": unclosed brace: close it or escape it as \"\\{\""},
	};
	char longer[514];
	struct error err = {0};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		ck_assert(!glob_check(str_from(cases[i].pattern), &err));
		ck_assert_str_eq(err.message, cases[i].message);
		ck_assert(err.kind == ERROR_CONFIG);
	}
	memset(longer, 'a', sizeof(longer));
	ck_assert(!glob_check(str_of(longer, 513), &err));
	ck_assert_str_eq(err.message, "a pattern of more than 512 bytes");
	ck_assert(glob_check(str_of(longer, 512), &err));
	ck_assert(glob_check(STR("src/**/*.{c,h}"), &err));
	ck_assert(glob_check(STR("My Files/* copy.\\*"), &err));
}

TEST(a_refused_pattern_matches_nothing)
{
	static const char *const refused[] = {"{a,b\\c}", "{a,** b}", "[a", "{a", ""};
	struct error err;

	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		ck_assert(!glob_check(str_from(refused[i]), &err));
		ck_assert_msg(!glob_match(str_from(refused[i]), STR("a")), "%s", refused[i]);
	}
}

TEST(hostile_patterns_cost_no_more_than_their_length_times_the_path)
{
	SCOPED(buf) struct buf pattern = BUF_INIT;
	SCOPED(buf) struct buf path = BUF_INIT;

	for (int i = 0; i < 100; i++)
		buf_add_text(&pattern, "**/*");
	buf_add_text(&pattern, "b");
	buf_add_many(&path, 'a', 4000);
	ck_assert(!glob_match(buf_str(&pattern), buf_str(&path)));
	buf_reset(&pattern);
	buf_add_many(&pattern, '{', 200);
	buf_add_many(&pattern, ',', 100);
	buf_add_many(&pattern, '}', 200);
	ck_assert(!glob_match(buf_str(&pattern), buf_str(&path)));
	ck_assert(glob_match(buf_str(&pattern), STR("")));
}

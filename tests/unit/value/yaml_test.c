/* YAML in, with positions and limits. */
#include "value/yaml.h"

#include <string.h>

#include "unit.h"
#include "value/json.h"

/* The tree of a text as JSON, or the problems that it has. */
static struct str read_back(struct arena *arena, struct str text)
{
	SCOPED(problems) struct problems problems = {0};
	SCOPED(buf) struct buf out = BUF_INIT;
	struct value *value = yaml_read(arena, text, STR("f.yml"), &problems);

	ck_assert((value == NULL) == (problems.errors > 0));
	if (value)
		json_write(&out, value, JSON_COMPACT);
	else
		problems_write(&problems, &out);
	return arena_str(arena, buf_str(&out));
}

#define ck_assert_yaml(text, expected)                                                             \
	do {                                                                                       \
		SCOPED(arena) struct arena arena_ = ARENA_INIT;                                    \
		ck_assert_str_is(read_back(&arena_, STR(text)), STR(expected));                    \
	} while (0)

TEST(a_byte_order_mark_is_not_part_of_the_text)
{
	ck_assert_yaml("\xef\xbb\xbf"
		       "a: 1\n",
		       "{\"a\":1}");
	ck_assert_yaml("\xef\xbb\xbf---\na: 1\n", "{\"a\":1}");
	ck_assert_yaml(
		"\xef\xbb\xbf"
		"a: [\n",
		"f.yml:2:1: error: did not find expected node content while parsing a flow node (line 2)\n");
}

TEST(a_wrong_indentation_is_named)
{
	ck_assert_yaml(
		"a: 1\n b: 2\n",
		"f.yml:2:3: error: mapping values are not allowed in this context; check the indentation of this line and the one above, or quote text that has \": \" in it\n");
	ck_assert_yaml(
		"a:\n  - 1\n - 2\n",
		"f.yml:3:2: error: did not find expected key while parsing a block mapping (line 1); check the indentation, and that quotes are closed\n");
	ck_assert_yaml(
		"- 1\nb: 2\n",
		"f.yml:2:1: error: did not find expected '-' indicator while parsing a block collection (line 1); check the indentation: each \"-\" of a list begins in the same column\n");
	ck_assert_yaml(
		"a:\n  b: 1\n c: 2\n",
		"f.yml:3:2: error: did not find expected key while parsing a block mapping (line 1); check the indentation, and that quotes are closed\n");
	ck_assert_yaml(
		"a: @b\n",
		"f.yml:1:4: error: found character that cannot start any token while scanning for the next token (line 1); put the text in quotes\n");
}

TEST(resolves_scalars_by_the_core_schema)
{
	ck_assert_yaml(
		"[yes, on, 0777, 0, -3, +4, 0x1F, 0o17, 1e3, .5, 1., 1.2.3, ~, '', \"1\"]",
		"[\"yes\",\"on\",\"0777\",0,-3,4,31,15,1000.0,0.5,1.0,\"1.2.3\",null,\"\",\"1\"]");
	ck_assert_yaml("[true, True, TRUE, tRue, false, null, Null, nUll, 2026-11-21, v1]",
		       "[true,true,true,\"tRue\",false,null,null,\"nUll\",\"2026-11-21\",\"v1\"]");
	ck_assert_yaml("[99999999999999999999, 0x, 0xg, 1_000, '0x10']",
		       "[1e+20,\"0x\",\"0xg\",\"1_000\",\"0x10\"]");
	ck_assert_yaml("[!!str 1, ! 2, !!int 3, !!float 4, !!null ~, !!bool true]",
		       "[\"1\",\"2\",3,4,null,true]");
}

TEST(reads_blocks_anchors_and_an_empty_text)
{
	ck_assert_yaml("", "null");
	ck_assert_yaml("# only a comment\n", "null");
	ck_assert_yaml("a: |\n  x\n   y\nb: >-\n  p\n  q\n", "{\"a\":\"x\\n y\\n\",\"b\":\"p q\"}");
	ck_assert_yaml("a: &x {k: [1, 2]}\nb: *x\n", "{\"a\":{\"k\":[1,2]},\"b\":{\"k\":[1,2]}}");
	ck_assert_yaml("a:\nb: 1\n", "{\"a\":null,\"b\":1}");
}

TEST(keeps_the_place_of_keys_and_values)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(problems) struct problems problems = {0};
	struct value *root =
		yaml_read(&arena, STR("a: 1\nb:\n  - \xc3\xa4\n  -   x: y\n"), STR("f"), &problems);
	struct value *item = value_at(value_get(root, "b"), 1);

	ck_assert_ptr_nonnull(item);
	ck_assert_int_eq(item->at.line, 4);
	ck_assert_int_eq(item->object.members[0].name_at.column, 7);
	ck_assert_int_eq(value_get(item, "x")->at.column, 10);
	ck_assert_int_eq(root->object.members[1].name_at.line, 2);
}

TEST(refuses_with_the_place)
{
	ck_assert_yaml("a: 1\nb: 2\na: 3\n",
		       "f.yml:3:1: error: the key \"a\" occurs twice: first in line 1\n");
	ck_assert_yaml("a:\n\tb: 1\n",
		       "f.yml:2:1: error: a tab indents this line; YAML requires spaces\n");
	ck_assert_yaml(
		"1: x\n",
		"f.yml:1:1: error: a key must be a string, this is a whole number: put it into quotes\n");
	ck_assert_yaml("[a]: x\n", "f.yml:1:1: error: a key must be a string\n");
	ck_assert_yaml("a: *b\n", "f.yml:1:4: error: the alias \"*b\" has no anchor before it\n");
	ck_assert_yaml("a: !env X\n", "f.yml:1:4: error: this tag is not known here\n");
	ck_assert_yaml("a: !!int x\n",
		       "f.yml:1:4: error: this value is not of the kind that its tag says\n");
	ck_assert_yaml(
		"a: 1\n---\nb: 2\n",
		"f.yml:2:1: error: a second document begins here; a file has one document\n");
	ck_assert_yaml("a: .inf\n", "f.yml:1:4: error: a number must be finite\n");
	ck_assert_yaml("a: 1e999\n", "f.yml:1:4: error: a number must be finite\n");
	ck_assert_yaml("ok: 1\n\xc3\xa4: \xff\n", "f.yml:2:4: error: this is not UTF-8\n");
	ck_assert_yaml("a: \"x\\0y\"\n", "f.yml:1:4: error: a string must not hold a NUL\n");
}

TEST(says_where_the_syntax_breaks)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct str said = read_back(&arena, STR("a: [1, 2\nb: 3\n"));

	ck_assert_msg(str_starts(said, STR("f.yml:2:")), "%.*s", STR_ARG(said));
}

TEST(shows_no_control_characters_of_the_file)
{
	ck_assert_yaml(
		"\"x\\n::error::y\": 1\n\"x\\n::error::y\": 2\n",
		"f.yml:2:1: error: the key \"x\\n::error::y\" occurs twice: first in line 1\n");
}

TEST(stops_alias_bombs)
{
	SCOPED(buf) struct buf bomb = BUF_INIT;
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct str said;

	buf_add_text(&bomb, "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
	for (int i = 1; i < 10; i++) {
		buf_addf(&bomb, "a%d: &a%d [", i, i);
		for (int j = 0; j < 10; j++)
			buf_addf(&bomb, "%s*a%d", j ? ", " : "", i - 1);
		buf_add_text(&bomb, "]\n");
	}
	said = read_back(&arena, buf_str(&bomb));
	ck_assert_msg(str_contains(said, STR("more than 100000 values, aliases expanded")), "%.*s",
		      STR_ARG(said));
}

TEST(finds_one_anchor_among_many)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct str said;

	for (int i = 0; i < 40000; i++)
		buf_addf(&text, "- &a%d x\n", i);
	for (int i = 0; i < 50000; i++)
		buf_add_text(&text, "- *a0\n");
	said = read_back(&arena, buf_str(&text));
	ck_assert(str_starts(said, STR("[\"x\",")));
	ck_assert_str_is(read_back(&arena, STR("[&a 1, *a, &a 2, *a]")), STR("[1,1,2,2]"));
}

TEST(stops_at_depth_through_aliases_too)
{
	SCOPED(buf) struct buf deep = BUF_INIT;
	SCOPED(arena) struct arena arena = ARENA_INIT;

	buf_add_many(&deep, '[', YAML_DEPTH_MAX);
	buf_add_many(&deep, ']', YAML_DEPTH_MAX);
	ck_assert(str_starts(read_back(&arena, buf_str(&deep)), STR("[[[")));
	buf_reset(&deep);
	buf_add_many(&deep, '[', YAML_DEPTH_MAX + 1);
	buf_add_many(&deep, ']', YAML_DEPTH_MAX + 1);
	ck_assert(str_contains(read_back(&arena, buf_str(&deep)), STR("deeper than 64 levels")));
	buf_reset(&deep);
	buf_add_text(&deep, "a: &a ");
	buf_add_many(&deep, '[', 40);
	buf_add_many(&deep, ']', 40);
	buf_add_text(&deep, "\nb: ");
	buf_add_many(&deep, '[', 40);
	buf_add_text(&deep, "*a");
	buf_add_many(&deep, ']', 40);
	ck_assert(str_contains(read_back(&arena, buf_str(&deep)), STR("deeper than 64 levels")));
}

TEST(finds_the_place_inside_a_string)
{
	static const char text[] = "a: |\n\n  one\n    \xc3\xa4 two\nb: \"x two\"\nc: >\n  f two\n"
				   "d: one two\n";
	static const struct {
		const char *key;
		int line, column;
	} rows[] = {{"a", 4, 7}, {"b", 5, 7}, {"c", 6, 4}, {"d", 8, 8}};
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(problems) struct problems problems = {0};
	struct value *root = yaml_read(&arena, str_from(text), STR("f"), &problems);

	ck_assert_ptr_nonnull(root);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct value *string = value_get(root, rows[i].key);
		ptrdiff_t offset = str_find(value_as_string(string), STR("two"), 0);
		struct position at = yaml_place(str_from(text), string, (size_t)offset);

		ck_assert_msg(at.line == rows[i].line && at.column == rows[i].column, "%s: %d:%d",
			      rows[i].key, at.line, at.column);
	}
}

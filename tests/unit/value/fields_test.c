/* Decoding, describing and documenting by one table. */
#include "value/fields.h"

#include "unit.h"
#include "value/json.h"
#include "value/yaml.h"

static const char *const colors[] = {"red", "green", "blue", NULL};

struct thing_part {
	struct str name;
	int64_t weight;
};

static const struct field part_items[] = {
	{.name = "", .type = FIELD_NAME, .offset = offsetof(struct thing_part, name)},
	{.name = "weight",
	 .type = FIELD_INT,
	 .offset = offsetof(struct thing_part, weight),
	 .min = 1,
	 .max = 9},
};
static const struct thing_part part_defaults = {.weight = 5};
static const struct fields part_fields = {
	.title = "a part",
	.items = part_items,
	.len = ARRAY_LEN(part_items),
	.size = sizeof(struct thing_part),
	.defaults = &part_defaults,
};

struct thing {
	struct str title;
	bool on;
	bool on_given;
	int64_t count;
	double ratio;
	int color;
	struct strings tags;
	struct thing_part inner;
	struct list list;
	struct list map;
	struct value *any;
};

static void check_title(struct decoder *decoder, const struct value *value, void *field)
{
	struct str *title = field;

	if (title->len > 5)
		decoder_error(decoder, value, "must have at most 5 characters");
}

#define AT(member) .offset = offsetof(struct thing, member)
static const struct field thing_items[] = {
	{.name = "title",
	 .type = FIELD_STRING,
	 AT(title),
	 .required = true,
	 .check = check_title,
	 .help = "What it is."},
	{.name = "on", .type = FIELD_BOOL, AT(on), .present = offsetof(struct thing, on_given)},
	{.name = "count", .type = FIELD_INT, AT(count), .min = 1, .max = 10},
	{.name = "ratio", .type = FIELD_NUMBER, AT(ratio), .min = 0.5, .max = 0},
	{.name = "color", .type = FIELD_ENUM, AT(color), .choices = colors},
	{.name = "tags", .type = FIELD_STRINGS, AT(tags), .or_one = true},
	{.name = "inner", .type = FIELD_OBJECT, AT(inner), .fields = &part_fields},
	{.name = "list", .type = FIELD_LIST, AT(list), .fields = &part_fields},
	{.name = "map", .type = FIELD_MAP, AT(map), .fields = &part_fields},
	{.name = "any", .type = FIELD_VALUE, AT(any)},
};
static const struct fields thing_fields = {
	.title = "a thing",
	.items = thing_items,
	.len = ARRAY_LEN(thing_items),
	.size = sizeof(struct thing),
};

/* Decodes YAML; gives what is wrong with it. */
static struct str decode(struct arena *arena, const char *text, struct thing *thing)
{
	SCOPED(problems) struct problems problems = {0};
	SCOPED(buf) struct buf out = BUF_INIT;
	struct decoder decoder = {.arena = arena, .file = STR("f"), .problems = &problems};
	struct value *value = yaml_read(arena, str_from(text), STR("f"), &problems);

	ck_assert_ptr_nonnull(value);
	ck_assert(fields_decode(&decoder, &thing_fields, value, thing) == (problems.errors == 0));
	problems_write(&problems, &out);
	return arena_str(arena, buf_str(&out));
}

TEST(fills_a_structure_of_every_kind)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct thing thing = {.count = 3};
	const struct thing_part *parts;

	ck_assert_str_is(decode(&arena,
				"title: t\non: true\nratio: 2\ncolor: blue\ntags: one\n"
				"inner: {weight: 2}\nlist: [{}, {weight: 7}]\n"
				"map:\n  a: {weight: 1}\n  b: {}\nany: [1]\n",
				&thing),
			 STR(""));
	ck_assert_str_is(thing.title, STR("t"));
	ck_assert(thing.on && thing.on_given);
	ck_assert_int_eq((int)thing.count, 3);
	ck_assert_double_eq(thing.ratio, 2);
	ck_assert_int_eq(thing.color, 2);
	ck_assert_uint_eq(thing.tags.len, 1);
	ck_assert_str_is(thing.tags.items[0], STR("one"));
	ck_assert_int_eq((int)thing.inner.weight, 2);
	parts = thing.list.items;
	ck_assert_uint_eq(thing.list.len, 2);
	ck_assert_int_eq((int)parts[0].weight, 5);
	ck_assert_int_eq((int)parts[1].weight, 7);
	parts = thing.map.items;
	ck_assert_str_is(parts[1].name, STR("b"));
	ck_assert_int_eq((int)parts[1].weight, 5);
	ck_assert_uint_eq(value_len(thing.any), 1);
}

TEST(finds_all_that_is_wrong_in_one_pass)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct thing thing = {0};

	ck_assert_str_is(
		decode(&arena,
		       "on: 1\ncount: 11\nratio: 0.1\ncolor: pink\ntags: [a, 2]\nlist:\n"
		       "  - weigth: 1\nmap: {x: {zzz: 1}}\ninner:\n",
		       &thing),
		STR("f:1:1: error: \"title\" is missing\n"
		    "f:1:5: error: on: must be true or false, is a whole number\n"
		    "f:2:8: error: count: must be between 1 and 10\n"
		    "f:3:8: error: ratio: must be at least 0.5\n"
		    "f:4:8: error: color: must be red, green or blue, is \"pink\"\n"
		    "f:5:11: error: tags[1]: must be a string, is a whole number: put it into quotes\n"
		    "f:7:5: error: list[0]: unknown key \"weigth\"; did you mean \"weight\"?\n"
		    "f:8:11: error: map.x: unknown key \"zzz\"; the keys here are: weight\n"
		    "f:9:7: error: inner: must be a mapping, but is empty; is its value indented?\n"));
}

TEST(runs_the_checks_of_the_table)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct thing thing = {0};

	ck_assert_str_is(decode(&arena, "title: too long\n", &thing),
			 STR("f:1:8: error: title: must have at most 5 characters\n"));
	ck_assert_str_is(decode(&arena, "[1]\n", &thing),
			 STR("f:1:1: error: a thing must be a mapping, is a list\n"));
}

/* Decodes JSON; gives the error's text. */
static struct str decode_json(struct arena *arena, const char *text, struct thing *thing)
{
	struct error err = {0};
	struct value *value = json_read(arena, str_from(text), 0, &err);

	ck_assert_ptr_nonnull(value);
	if (fields_decode_json(arena, &thing_fields, value, "reply", thing, &err))
		return STR_EMPTY;
	ck_assert_int_eq(err.kind, ERROR_PROTOCOL);
	return arena_str(arena, str_from(err.message));
}

TEST(names_json_pointers_and_takes_null_as_absent)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct thing thing = {0};

	ck_assert_str_is(decode_json(&arena, "{\"title\":\"t\",\"list\":[{},{\"weight\":\"x\"}]}",
				     &thing),
			 STR("reply: /list/1/weight: must be a whole number, is a string"));
	ck_assert_str_is(decode_json(&arena, "{\"title\":null}", &thing),
			 STR("reply: \"title\" is missing"));
	ck_assert_str_is(decode_json(&arena, "{\"title\":\"t\",\"count\":null,\"any\":null}",
				     &thing),
			 STR(""));
	ck_assert(value_is(thing.any, VALUE_NULL));
	ck_assert_str_is(decode_json(&arena, "{\"title\":\"t\",\"count\":4.0}", &thing), STR(""));
	ck_assert_int_eq((int)thing.count, 4);
	ck_assert_str_is(decode_json(&arena, "{\"title\":\"t\",\"map\":{\"a/b\":{\"weight\":1.5}}}",
				     &thing),
			 STR("reply: /map/a~1b/weight: must be a whole number, is a number"));
	ck_assert_str_is(decode_json(&arena, "[]", &thing),
			 STR("reply: must be a mapping, is a list"));
}

TEST(an_answer_without_a_body_is_no_structure)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct thing thing = {0};
	struct error err;

	ck_assert(!fields_decode_json(&arena, &thing_fields, NULL, "answer", &thing, &err));
	ck_assert_int_eq(err.kind, ERROR_PROTOCOL);
}

TEST(gives_the_json_schema_of_the_table)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf out = BUF_INIT;

	json_write(&out, fields_schema(&arena, &part_fields), JSON_COMPACT);
	ck_assert_str_is(
		buf_str(&out),
		STR("{\"type\":\"object\",\"properties\":{\"weight\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":9}},\"additionalProperties\":false}"));
	buf_reset(&out);
	json_write(&out, value_get(fields_schema(&arena, &thing_fields), "required"), JSON_COMPACT);
	ck_assert_str_is(buf_str(&out), STR("[\"title\"]"));
}

TEST(documents_nested_fields_with_dotted_names)
{
	SCOPED(buf) struct buf out = BUF_INIT;

	fields_document(&out, &thing_fields);
	ck_assert(str_contains(buf_str(&out),
			       STR("| `title` (required) | string | What it is. |\n")));
	ck_assert(str_contains(buf_str(&out), STR("| `map.NAME.weight` | whole number |")));
	ck_assert(str_contains(buf_str(&out), STR("| `color` | `red`, `green`, `blue` |")));
}

/* The thing of the tests above, encoded again. */
TEST(encodes_what_it_decodes)
{
	static const char text[] =
		"{\"title\":\"a\",\"on\":false,\"count\":3,\"ratio\":0.5,\"color\":\"blue\",\"tags\":[\"x\",\"y\"],\"inner\":{\"weight\":2},\"list\":[{\"weight\":3},{\"weight\":4}],\"map\":{\"p\":{\"weight\":1}},\"any\":{\"z\":[1]}}";
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf out = BUF_INIT;
	struct thing thing = {0};

	ck_assert_str_is(decode(&arena, text, &thing), STR_EMPTY);
	json_write(&out, fields_encode(&arena, &thing_fields, &thing), JSON_COMPACT);
	ck_assert_str_eq(out.ptr, text);
}

struct note {
	struct str text;
	int64_t line;
	double cost;
	bool has_text;
};

TEST(leaves_out_or_nulls_what_is_empty)
{
	static const struct field rows[] = {
		FIELD_WITH(note, text, "text", FIELD_STRING,
			   .present = offsetof(struct note, has_text)),
		FIELD_WITH(note, line, "line", FIELD_INT, .empty = EMPTY_LEFT_OUT),
		FIELD_WITH(note, cost, "cost", FIELD_NUMBER, .empty = EMPTY_NULL),
	};
	static const struct fields fields = TABLE(note, "a note", rows);
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf out = BUF_INIT;
	const struct note empty = {.cost = -1};
	const struct note full = {.line = 2, .cost = 0, .has_text = true};

	json_write(&out, fields_encode(&arena, &fields, &empty), JSON_COMPACT);
	json_write(&out, fields_encode(&arena, &fields, &full), JSON_COMPACT);
	ck_assert_str_eq(out.ptr, "{\"cost\":null}{\"text\":\"\",\"line\":2,\"cost\":0.0}");
}

TEST(a_list_has_its_strings_whole_and_as_they_are_written)
{
	struct str items[] = {STR("one"), STR("two")};
	struct strings list = {.items = items, .len = ARRAY_LEN(items)};

	ck_assert(strings_have(&list, STR("two")));
	ck_assert(!strings_have(&list, STR("Two")));
	ck_assert(!strings_have(&list, STR("tw")));
	ck_assert(!strings_have(&(struct strings){0}, STR_EMPTY));
}

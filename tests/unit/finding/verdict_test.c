/* Verdicts: their shape, and looking for what they quote. */
#include "finding/verdict.h"

#include "unit.h"
#include "value/json.h"

TEST(a_quote_is_found_whatever_its_white_space_and_the_numbers_in_front)
{
	static const struct {
		const char *text, *quote;
		bool found;
	} rows[] = {
		{"if (!count)\n\treturn 0;\n", "if (!count)\n    return 0;", true},
		{"  12: if (!count)\n  13: \treturn 0;\n", "if (!count)\nreturn 0;", true},
		{"if (!count)\n\nreturn 0;", "```\nif  (!count)\nreturn 0;\n```", true},
		{"if (!count)\nlog();\nreturn 0;", "if (!count)\nreturn 0;", false},
		{"if (!count)\n", "if (count)", false},
		{"return 0;\n", "return", true},
		{"a = 1;\n", "a = 1;", false}, /* so little is everywhere */
		{"return 0;\n", "", false},
		{"", "return 0;", false},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		ck_assert_msg(quote_is_in(str_from(rows[i].text), str_from(rows[i].quote)) ==
				      rows[i].found,
			      "%s", rows[i].quote);
}

TEST(a_quote_adds_what_the_finding_does_not_quote_itself)
{
	static const struct {
		const char *own, *quote;
		bool adds;
	} rows[] = {
		{"conns[idx].busy = 1;", "conns[idx].busy = 1;", false},
		{"conns[idx].busy = 1;", "  conns[idx].busy  = 1;", false},
		{"conns[idx].busy = 1;", "conns[idx].busy", false},
		{"conns[idx].busy", "\tconns[idx].busy = 1;", false},
		{"a = take();\nb = a / count;\nreturn b;", "a = take();\nreturn b;", false},
		{"conns[idx].busy = 1;", "if (idx < 0)\n\tidx = 0;", true},
		{"conns[idx].busy = 1;", "if (idx < 0)\n\tidx = 0;\nconns[idx].busy = 1;", true},
		{"conns[idx].busy = 1;", "} else {\nconns[idx].busy = 1;\n}", false},
		{"}", "} while (next_slot(&idx));", true}, /* a brace is a part of everything */
		{"", "if (i)", false},
		{"", "if (idx < limit)", true},
		{"conns[idx].busy = 1;", "", false},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		ck_assert_msg(quote_adds_to(str_from(rows[i].own), str_from(rows[i].quote)) ==
				      rows[i].adds,
			      "%s", rows[i].quote);
}

static bool decode(struct arena *arena, const char *text, struct verdicts *verdicts,
		   struct error *err)
{
	const struct value *input = json_read(arena, str_from(text), 0, err);

	ck_assert_ptr_nonnull(input);
	return verdicts_decode(input, arena, verdicts, err);
}

TEST(a_verdict_of_the_wrong_shape_is_reported_to_the_model)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct verdicts verdicts = {0};
	struct error err = {0};

	ck_assert(decode(&arena,
			 "{\"verdicts\":[{\"id\":\" F1 \",\"evidence\":\"x\",\"verdict\":\"drop\","
			 "\"same_as\":\"F2\",\"why\":\"y\",\"extra\":1}]}",
			 &verdicts, &err));
	ck_assert_uint_eq(verdicts.len, 1);
	ck_assert_str_is(verdicts.items[0].id, STR("F1"));
	ck_assert_int_eq(verdicts.items[0].kind, VERDICT_DROP);
	ck_assert(!decode(&arena,
			  "{\"verdicts\":[{\"id\":\"F1\",\"verdict\":\"maybe\",\"why\":\"\"}]}",
			  &verdicts, &err));
	ck_assert_int_eq(err.kind, ERROR_MODEL);
	ck_assert(str_contains(str_from(err.message), STR("/verdicts/0/verdict")));
}

TEST(the_quote_is_asked_for_before_the_verdict)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf text = BUF_INIT;
	struct value *schema = verdicts_schema(&arena);

	json_write(&text, schema, JSON_COMPACT);
	ck_assert_int_lt(str_find(buf_str(&text), STR("\"evidence\""), 0),
			 str_find(buf_str(&text), STR("\"verdict\""), 0));
	ck_assert(str_contains(buf_str(&text), STR("[\"id\",\"evidence\",\"verdict\",\"why\"]")));
}

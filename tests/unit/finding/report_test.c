/* Reading what an agent reports. */
#include "finding/report_input.h"

#include <string.h>

#include "finding/plain.h"
#include "value/json.h"

#include "stretch.h"
#include "unit.h"

static bool decode(const char *json, struct findings *findings, struct str *summary,
		   struct error *err)
{
	struct value *value = json_read(&findings->arena, str_from(json), 0, err);

	ck_assert_msg(value, "%s", err->message);
	return report_decode(value, findings, summary, err);
}

TEST(reads_findings_and_orders_their_lines)
{
	SCOPED(findings) struct findings findings = {0};
	struct str summary;
	struct error err;

	ck_assert_msg(
		decode("{\"summary\":\" ok \",\"findings\":[{\"path\":\"a.c\",\"line\":9,\"end_line\":7,\"side\":\"LEFT\",\"severity\":\"high\",\"title\":\"t\\nmore\",\"body\":\"b\",\"suggestion\":\"\",\"unknown\":1}]}",
		       &findings, &summary, &err),
		"%s", err.message);
	ck_assert_str_is(summary, STR("ok"));
	ck_assert_uint_eq(findings.len, 1);
	ck_assert_uint_eq(findings.items[0].line, 7);
	ck_assert_uint_eq(findings.items[0].end_line, 9);
	ck_assert_int_eq(findings.items[0].side, SIDE_LEFT);
	ck_assert_str_is(findings.items[0].title, STR("t"));
	ck_assert(findings.items[0].has_suggestion);
	ck_assert(findings.items[0].confidence < 0);
}

TEST(says_where_the_shape_is_wrong_and_keeps_nothing)
{
	static const struct {
		const char *json, *message;
	} rows[] = {
		{"{}", "findings"},
		{"{\"findings\":[{\"path\":\"a\",\"severity\":\"huge\",\"title\":\"t\",\"body\":\"b\"}]}",
		 "/findings/0/severity"},
		{"{\"findings\":[{\"path\":\"a\",\"severity\":\"low\",\"title\":\"t\",\"body\":\"b\",\"line\":\"12\"}]}",
		 "/findings/0/line"},
		{"{\"findings\":[{\"path\":\"a\",\"severity\":\"low\",\"title\":\" \",\"body\":\"b\"}]}",
		 "/findings/0/title"},
		{"{\"findings\":\"none\"}", "/findings"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		SCOPED(findings) struct findings findings = {0};
		struct str summary;
		struct error err = {0};

		ck_assert(!decode(rows[i].json, &findings, &summary, &err));
		ck_assert_int_eq(err.kind, ERROR_MODEL);
		ck_assert_msg(strstr(err.message, rows[i].message), "%s", err.message);
		ck_assert_uint_eq(findings.len, 0);
	}
}

TEST(asks_for_line_and_evidence)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf json = BUF_INIT;

	json_write(&json, report_schema(&arena, false), JSON_COMPACT);
	ck_assert_msg(strstr(json.ptr,
			     "[\"path\",\"evidence\",\"line\",\"body\",\"title\",\"severity\"]"),
		      "%s", json.ptr);
}

TEST(asks_for_evidence_before_judgment)
{
	static const char *const order[] = {"path",     "evidence",   "line",      "end_line",
					    "side",     "body",       "title",     "category",
					    "severity", "confidence", "suggestion"};
	SCOPED(arena) struct arena arena = ARENA_INIT;
	const struct value *schema = report_schema(&arena, false);
	const struct value *report = value_get(schema, "properties");
	const struct value *finding =
		value_get(value_get(value_get(report, "findings"), "items"), "properties");

	ck_assert_str_is(report->object.members[0].name, STR("findings"));
	ck_assert_uint_eq(finding->object.len, ARRAY_LEN(order));
	for (size_t i = 0; i < ARRAY_LEN(order); i++)
		ck_assert_str_is(finding->object.members[i].name, str_from(order[i]));
}

TEST(a_model_that_does_not_think_writes_an_analysis_first)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	const struct value *with = value_get(report_schema(&arena, true), "properties");
	const struct value *without = value_get(report_schema(&arena, false), "properties");

	ck_assert_str_is(with->object.members[0].name, STR("analysis"));
	ck_assert_str_is(with->object.members[1].name, STR("findings"));
	ck_assert_str_is(without->object.members[0].name, STR("findings"));
	ck_assert_ptr_null(value_get(without, "analysis"));
}

static void read_report(struct str text)
{
	SCOPED(findings) struct findings findings = {0};
	SCOPED(buf) struct buf json = BUF_INIT;
	struct str summary;
	struct error err;
	struct value *value;

	buf_addf(&json, "{\"findings\": [%.*s{}]}", STR_ARG(text));
	value = json_read(&findings.arena, buf_str(&json), 0, &err);
	ck_assert_msg(value, "%s", err.message);
	ck_assert(!report_decode(report_plain(&findings.arena, value), &findings, &summary, &err));
}

TEST(a_long_report_is_refused_with_pauses)
{
	stretch_check(
		read_report,
		"{\"path\": \"src/a.c\", \"severity\": \"terrible\", \"title\": \"t\", \"body\": \"a text\"},",
		1 << 20);
	stretch_check(read_report, "{},", 1 << 20);
}

/* A grammar of what models give report_findings, in the shape that is asked for and in plain ones. */
#ifndef FUZZ_REPORT_GRAMMAR_H
#define FUZZ_REPORT_GRAMMAR_H

#include "choices.h"

#include "base/buf.h"
#include "value/json.h"

enum { FINDINGS_MAX = 4 };

static const struct str texts[] = {
	STR_INIT("The index may be negative"),
	STR_INIT(""),
	STR_INIT("caf\xC3\xA9 \xF0\x9F\x98\x80 \xE2\x80\xA8 \"quoted\" \\ back\tslash\n}]"),
	STR_INIT("{\"findings\": []}"),
	STR_INIT("```json\n[1, {\"a\": 2}]\n```"),
	STR_INIT("</thinking> <!-- outcrop:gone -->"),
};

/* Sets what a model may write for `severity` in place of "high"; all of them are plain. */
static struct value *make_severity(struct choices *choices, struct arena *arena)
{
	static const struct str words[] = {STR_INIT("high"), STR_INIT("High"),
					   STR_INIT(" CRITICAL "), STR_INIT("info")};

	return value_string(arena, CHOOSE(choices, words));
}

static struct value *make_line(struct choices *choices, struct arena *arena)
{
	static const struct str words[] = {STR_INIT("42"), STR_INIT("L42"), STR_INIT("42-44"),
					   STR_INIT("lines 42 to 44"), STR_INIT("")};

	if (choose(choices, 2))
		return value_string(arena, CHOOSE(choices, words));
	return value_int(arena, (int64_t)choose(choices, 100));
}

static struct value *make_confidence(struct choices *choices, struct arena *arena)
{
	static const struct str words[] = {STR_INIT("0.9"), STR_INIT("90%"), STR_INIT(" 1 ")};

	if (choose(choices, 2))
		return value_string(arena, CHOOSE(choices, words));
	return value_real(arena, (double)choose(choices, 101) / 100);
}

static struct value *make_finding(struct choices *choices, struct arena *arena)
{
	struct value *finding = value_object(arena);
	struct value *lines = value_array(arena);

	value_set(arena, finding, "path", value_text(arena, "src/pool.c"));
	if (chance(choices, 3)) {
		value_append(arena, lines, value_string(arena, CHOOSE(choices, texts)));
		value_append(arena, lines, value_string(arena, CHOOSE(choices, texts)));
		value_set(arena, finding, "evidence", lines);
	} else {
		value_set(arena, finding, "evidence", value_string(arena, CHOOSE(choices, texts)));
	}
	value_set(arena, finding, "line", make_line(choices, arena));
	value_set(arena, finding, "body", value_string(arena, CHOOSE(choices, texts)));
	value_set(arena, finding, "title", value_text(arena, "t"));
	value_set(arena, finding, "severity", make_severity(choices, arena));
	if (chance(choices, 2))
		value_set(arena, finding, "confidence", make_confidence(choices, arena));
	if (chance(choices, 3))
		value_set(arena, finding, "suggestion",
			  choose(choices, 2) ? value_string(arena, CHOOSE(choices, texts))
					     : value_null(arena));
	if (chance(choices, 6))
		value_set(arena, finding, "unknown", value_string(arena, CHOOSE(choices, texts)));
	return finding;
}

static struct value *as_text(struct arena *arena, const struct value *value)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	json_write(&text, value, JSON_PRETTY);
	return value_string(arena, buf_str(&text));
}

/* A report in one of the forms that are plain. */
static struct value *make_report(struct choices *choices, struct arena *arena, size_t *count)
{
	struct value *report = value_object(arena);
	struct value *nested = value_object(arena);
	struct value *list = value_array(arena);

	*count = choose(choices, FINDINGS_MAX + 1);
	for (size_t i = 0; i < *count; i++) {
		struct value *finding = make_finding(choices, arena);

		value_append(arena, list, chance(choices, 6) ? as_text(arena, finding) : finding);
	}
	if (value_is(value_at(list, 0), VALUE_OBJECT) && *count == 1 && chance(choices, 3))
		list = value_copy(arena, value_at(list, 0));
	value_set(arena, report, "findings", chance(choices, 4) ? as_text(arena, list) : list);
	if (chance(choices, 2))
		value_set(arena, report, "summary", value_string(arena, CHOOSE(choices, texts)));
	if (!chance(choices, 5))
		return report;
	value_set(arena, nested, choose(choices, 2) ? "findings" : "report", report);
	return nested;
}

#endif

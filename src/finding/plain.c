/* Converts values that are clear, but not in the requested form. */
#include "finding/plain.h"

#include <string.h>

#include "base/ascii.h"
#include "base/breathe.h"
#include "finding/report_input.h"
#include "value/json.h"
#include "value/json_find.h"
#include "value/put.h"

/* ---- Members of a finding ---- */

static const char *const text_members[] = {"path", "category", "title", "body"};

/* Other words that can only mean one of the choices. */
static const struct {
	const char *member, *word, *means;
} synonyms[] = {
	{"severity", "informational", "info"},
	{"severity", "moderate", "medium"},
	{"side", "+", "RIGHT"},
	{"side", "new", "RIGHT"},
	{"side", "after", "RIGHT"},
	{"side", "head", "RIGHT"},
	{"side", "-", "LEFT"},
	{"side", "old", "LEFT"},
	{"side", "before", "LEFT"},
	{"side", "base", "LEFT"},
};

static bool is_letter(char c)
{
	return ascii_is_lower(c) || ascii_is_upper(c);
}

/* Removes marks around a word: "**high**", "High." */
static struct str bare_word(struct str text)
{
	size_t start = 0;
	size_t end = text.len;

	while (start < end && !is_letter(text.ptr[start]))
		start++;
	while (end > start && !is_letter(text.ptr[end - 1]))
		end--;
	return start < end ? str_slice(text, start, end - start) : str_trim(text);
}

/* Names of choices are accepted in any case, with marks around them. */
static void set_word(struct arena *arena, struct value *finding, const char *name,
		     const char *const *choices)
{
	struct str word = bare_word(value_get_string(finding, name));

	for (size_t i = 0; i < ARRAY_LEN(synonyms); i++) {
		if (strcmp(synonyms[i].member, name) == 0 &&
		    str_eq_nocase(word, str_from(synonyms[i].word)))
			word = str_from(synonyms[i].means);
	}
	for (size_t i = 0; choices[i]; i++) {
		if (word.len && str_eq_nocase(word, str_from(choices[i])))
			put_word(arena, finding, name, choices[i]);
	}
}

/* Reads an integer at the start of `text` and removes it. */
static bool take_number(struct str *text, int64_t *number)
{
	size_t len = 0;

	*text = str_trim(*text);
	if (str_starts_nocase(*text, STR("line")))
		*text = str_trim(str_skip(*text, str_starts_nocase(*text, STR("lines")) ? 5 : 4));
	else if (str_starts_nocase(*text, STR("L")))
		*text = str_skip(*text, 1);
	while (len < text->len && ascii_is_digit(text->ptr[len]))
		len++;
	if (!len || !str_to_int64(str_slice(*text, 0, len), number))
		return false;
	*text = str_skip(*text, len);
	if (str_starts(*text, STR(".0")))
		*text = str_skip(*text, 2);
	*text = str_trim(*text);
	return true;
}

static bool skip_dash(struct str *text)
{
	static const struct str dashes[] = {STR_INIT("-"), STR_INIT("\xE2\x80\x93"),
					    STR_INIT("\xE2\x80\x94"), STR_INIT(":"),
					    STR_INIT("to ")};

	for (size_t i = 0; i < ARRAY_LEN(dashes); i++) {
		if (str_starts(*text, dashes[i])) {
			*text = str_skip(*text, dashes[i].len);
			return true;
		}
	}
	return false;
}

/* [42, 44]: a range as a list; -1: no line. */
static bool set_range(struct arena *arena, struct value *finding, const char *name)
{
	const struct value *value = value_get(finding, name);
	const struct value *last = value_at(value, 1);

	if (value_is(value, VALUE_INT) && value->integer < 0) {
		value_set(arena, finding, name, value_null(arena));
		return true;
	}
	if (value_len(value) != 2 || !value_is(value_at(value, 0), VALUE_INT) ||
	    !value_is(last, VALUE_INT))
		return false;
	if (!value_get(finding, "end_line"))
		put_int(arena, finding, "end_line", last->integer);
	put_int(arena, finding, name, value_at(value, 0)->integer);
	return true;
}

/* "42", "L42", "42-44" and "": numbers as text, also a range in one member. */
static void set_line(struct arena *arena, struct value *finding, const char *name)
{
	const struct value *value = value_get(finding, name);
	struct str text = value_as_string(value);
	int64_t first = 0;
	int64_t last = 0;
	bool range;

	if (set_range(arena, finding, name) || !value_is(value, VALUE_STRING))
		return;
	if (!str_trim(text).len) {
		value_set(arena, finding, name, value_null(arena));
		return;
	}
	if (!take_number(&text, &first))
		return;
	range = skip_dash(&text) && take_number(&text, &last);
	if (text.len)
		return;
	put_int(arena, finding, name, first);
	if (range && !value_get(finding, "end_line"))
		put_int(arena, finding, "end_line", last);
}

/* "0.9", "90%" and 90: a confidence from 0 to 1; 1.5 is ambiguous. */
static void set_confidence(struct arena *arena, struct value *finding)
{
	const struct value *value = value_get(finding, "confidence");
	struct str text = str_trim(value_as_string(value));
	bool percent = str_ends(text, STR("%"));
	double number = value_get_number(finding, "confidence", -1);

	if (value_is(value, VALUE_STRING) &&
	    !str_to_double(str_trim(str_slice(text, 0, text.len - percent)), &number))
		return;
	if (number < 0)
		return;
	if (percent || (number >= 2 && number <= 100))
		number /= 100;
	put_real(arena, finding, "confidence", number);
}

/* A list of lines instead of one text. */
static void join_lines(struct arena *arena, struct value *finding, const char *name)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	const struct value *lines = value_get(finding, name);

	if (!value_is(lines, VALUE_ARRAY))
		return;
	for (size_t i = 0; i < value_len(lines); i++) {
		if (!value_is(value_at(lines, i), VALUE_STRING))
			return;
		buf_addf(&text, "%s%.*s", i ? "\n" : "",
			 STR_ARG(value_as_string(value_at(lines, i))));
	}
	put_text(arena, finding, name, buf_str(&text));
}

static void make_text(struct arena *arena, struct value *finding, const char *name)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	const struct value *value = value_get(finding, name);

	if (!value_is(value, VALUE_INT) && !value_is(value, VALUE_REAL))
		return;
	json_write(&text, value, JSON_COMPACT);
	put_text(arena, finding, name, buf_str(&text));
}

static void make_plain(struct arena *arena, struct value *finding)
{
	if (!value_is(finding, VALUE_OBJECT))
		return;
	breathe();
	set_word(arena, finding, "severity", severity_names);
	set_word(arena, finding, "side", diff_side_names);
	set_line(arena, finding, "line");
	set_line(arena, finding, "end_line");
	set_confidence(arena, finding);
	join_lines(arena, finding, "evidence");
	join_lines(arena, finding, "body");
	if (value_is(value_get(finding, "suggestion"), VALUE_BOOL))
		value_set(arena, finding, "suggestion", value_null(arena));
	for (size_t i = 0; i < ARRAY_LEN(text_members); i++)
		make_text(arena, finding, text_members[i]);
}

/* ---- The report ---- */

static bool is_finding(const struct value *value)
{
	return value_is(value_get(value, "path"), VALUE_STRING) && value_get(value, "severity");
}

/* Returns the value of a JSON text, even if words follow it; NULL if it is not JSON. */
static struct value *read_text(struct arena *arena, struct str text)
{
	struct error err;
	size_t end;

	text = str_trim(text);
	for (end = text.len; end > 0; end--) {
		if (text.ptr[end - 1] == ']' || text.ptr[end - 1] == '}')
			break;
	}
	return end ? json_read(arena, str_slice(text, 0, end), 0, &err) : NULL;
}

/* The list of findings that a member has in another form; NULL if it is ambiguous. */
static struct value *list_of(struct arena *arena, struct value *findings)
{
	struct value *list;

	if (value_is(findings, VALUE_STRING)) {
		findings = read_text(arena, findings->string);
		if (!findings)
			return NULL;
	}
	if (value_is(findings, VALUE_ARRAY))
		return findings;
	if (!is_finding(findings))
		return NULL;
	list = value_array(arena);
	value_append(arena, list, findings);
	return list;
}

/* The report in a member with another name; NULL: none. */
static struct value *report_in(struct arena *arena, struct value *member)
{
	if (value_is(member, VALUE_STRING) && str_contains(member->string, STR("\"findings\"")))
		member = read_text(arena, member->string);
	return value_get(member, "findings") ? member : NULL;
}

/* Returns a report that is nested in a member of the report. */
static struct value *unnest(struct arena *arena, struct value *report)
{
	struct value *findings = value_get(report, "findings");

	if (value_is(findings, VALUE_OBJECT) && value_get(findings, "findings"))
		return findings;
	if (findings || !value_is(report, VALUE_OBJECT))
		return report;
	for (size_t i = 0; i < report->object.len; i++) {
		struct value *inner = report_in(arena, report->object.members[i].value);

		if (inner)
			return inner;
	}
	return report;
}

/* Adds the findings of reports in other members, so that none of several reports is lost. */
static void add_others(struct arena *arena, struct value *list, const struct value *report)
{
	for (size_t i = 0; i < report->object.len; i++) {
		const struct member *member = &report->object.members[i];
		struct value *inner = value_is(member->value, VALUE_OBJECT)
					      ? value_get(member->value, "findings")
					      : NULL;
		struct value *others = inner ? list_of(arena, inner) : NULL;

		for (size_t j = 0; others && j < others->array.len; j++)
			value_append(arena, list, others->array.items[j]);
	}
}

static struct value *wrap(struct arena *arena, struct value *findings)
{
	struct value *report = value_object(arena);

	value_set(arena, report, "findings", findings);
	return report;
}

struct value *report_plain(struct arena *arena, const struct value *input)
{
	struct value *report = value_copy(arena, input);
	struct value *list;

	if (value_is(report, VALUE_ARRAY) || is_finding(report))
		report = wrap(arena, report);
	report = unnest(arena, report);
	if (!value_get(report, "findings"))
		return report;
	list = list_of(arena, value_get(report, "findings"));
	if (!list)
		return report;
	add_others(arena, list, report);
	for (size_t i = 0; i < list->array.len; i++) {
		struct value **item = &list->array.items[i];

		if (value_is(*item, VALUE_STRING)) {
			struct value *read = read_text(arena, (*item)->string);
			*item = read ? read : *item;
		}
		make_plain(arena, *item);
	}
	value_set(arena, report, "findings", list);
	return report;
}

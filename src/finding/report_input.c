/* Reads the input of `report_findings`. */
#include "finding/report_input.h"

#include <string.h>

#include "value/fields.h"

/* One finding before it is checked; numbers keep their full range until then. */
struct reported {
	struct str path, category, title, body, suggestion, evidence;
	int64_t line, end_line;
	int side;
	int severity;
	double confidence;
	bool has_suggestion;
	bool has_confidence;
};

struct report {
	struct str analysis; /* room to think for a model that has no other; not used */
	struct str summary;
	struct list findings;
};

static void check_text(struct decoder *decoder, const struct value *value, void *field)
{
	if (!str_trim(*(struct str *)field).len)
		decoder_error(decoder, value, "must not be empty");
}

#define AT(member) offsetof(struct reported, member)

/* In the order in which a model writes them: it quotes before it judges. */
static const struct field finding_items[] = {
	{.name = "path",
	 .type = FIELD_STRING,
	 .offset = AT(path),
	 .required = true,
	 .help = "The file, exactly as its \"## File:\" line names it."},
	{.name = "evidence",
	 .type = FIELD_STRING,
	 .offset = AT(evidence),
	 .help = "One to three lines of code, copied from the change without numbers and signs; empty for a finding about a whole file or the whole change."},
	{.name = "line",
	 .type = FIELD_INT,
	 .offset = AT(line),
	 .min = 0,
	 .max = INT32_MAX,
	 .help = "The number before the \"|\" of the line with the problem. 0 for a finding about a whole file or the whole change."},
	{.name = "end_line",
	 .type = FIELD_INT,
	 .offset = AT(end_line),
	 .min = 0,
	 .max = INT32_MAX,
	 .help = "The last line, if the finding spans several lines of one hunk."},
	{.name = "side",
	 .type = FIELD_ENUM,
	 .offset = AT(side),
	 .choices = diff_side_names,
	 .help = "LEFT for a deleted line (\"|-\"), else RIGHT."},
	{.name = "body",
	 .type = FIELD_STRING,
	 .offset = AT(body),
	 .required = true,
	 .help = "What triggers it, the path it takes, the wrong outcome and the fix: Markdown, at most 80 words."},
	{.name = "title",
	 .type = FIELD_STRING,
	 .offset = AT(title),
	 .required = true,
	 .check = check_text,
	 .help = "What goes wrong, in at most 80 characters."},
	{.name = "category",
	 .type = FIELD_STRING,
	 .offset = AT(category),
	 .help = "One word: security, correctness, concurrency, design, tests..."},
	{.name = "severity",
	 .type = FIELD_ENUM,
	 .offset = AT(severity),
	 .required = true,
	 .choices = severity_names,
	 .help = "The consequence if this is merged as it is."},
	{.name = "confidence",
	 .type = FIELD_NUMBER,
	 .offset = AT(confidence),
	 .min = 0,
	 .max = 1,
	 .present = AT(has_confidence),
	 .help = "How likely an expert who knows the repository would agree, 0 to 1."},
	{.name = "suggestion",
	 .type = FIELD_STRING,
	 .offset = AT(suggestion),
	 .present = AT(has_suggestion),
	 .help = "Code that replaces line to end_line completely, when at most five lines fix it."},
};

static const struct fields report_finding_fields = {
	.title = "a finding",
	.items = finding_items,
	.len = ARRAY_LEN(finding_items),
	.size = sizeof(struct reported),
	.open = true,
};

static const struct field report_items[] = {
	{.name = "analysis",
	 .type = FIELD_STRING,
	 .offset = offsetof(struct report, analysis),
	 .help = "Written first, for yourself, in at most 150 words: which changed lines can go wrong, on which input, and what prevents it. Nobody reads it."},
	{.name = "findings",
	 .type = FIELD_LIST,
	 .offset = offsetof(struct report, findings),
	 .required = true,
	 .fields = &report_finding_fields,
	 .max = REPORT_FINDINGS_MAX,
	 .help = "The findings, worst first; an empty list when there is nothing to report."},
	{.name = "summary",
	 .type = FIELD_STRING,
	 .offset = offsetof(struct report, summary),
	 .help = "One or two sentences: what the change does. It names no problem that is not in findings."},
};

static const struct fields report_fields = {
	.title = "a report",
	.items = report_items,
	.len = ARRAY_LEN(report_items),
	.size = sizeof(struct report),
	.open = true,
};

struct value *report_schema(struct arena *arena, bool with_analysis)
{
	/* A model writes the members in their order, so the analysis comes before any finding. */
	struct fields fields = report_fields;
	size_t first = with_analysis ? 0 : 1;
	struct value *schema;
	struct value *findings;
	struct value *finding;
	struct value *required = value_array(arena);

	fields.items += first;
	fields.len -= first;
	schema = fields_schema(arena, &fields);
	findings = value_get(value_get(schema, "properties"), "findings");
	finding = value_get(findings, "items");

	for (size_t i = 0; i < ARRAY_LEN(finding_items); i++) {
		const struct field *field = &finding_items[i];

		if (field->required || strcmp(field->name, "line") == 0 ||
		    strcmp(field->name, "evidence") == 0)
			value_append(arena, required, value_text(arena, field->name));
	}
	value_set(arena, finding, "required", required);
	return schema;
}

/* Keeps only the first line of a title. */
static struct str one_line(struct str text)
{
	struct str line = STR_EMPTY;

	text = str_trim(text);
	str_next_line(&text, &line, NULL);
	return str_trim(line);
}

static struct finding convert(struct arena *arena, const struct reported *reported)
{
	uint32_t line = (uint32_t)reported->line;
	uint32_t end_line = reported->end_line ? (uint32_t)reported->end_line : line;

	return (struct finding){
		/* A file name can start or end with a blank. */
		.path = str_trim(reported->path).len ? arena_str(arena, reported->path) : STR_EMPTY,
		.line = line ? MIN_OF(line, end_line) : 0,
		.end_line = line ? MAX_OF(line, end_line) : 0,
		.side = reported->side == 1 ? SIDE_LEFT : SIDE_RIGHT,
		.severity = (enum severity)reported->severity,
		.category = arena_str(arena, one_line(reported->category)),
		.title = arena_str(arena, one_line(reported->title)),
		.body = arena_str(arena, reported->body),
		.suggestion = arena_str(arena, reported->suggestion),
		.has_suggestion = reported->has_suggestion,
		.evidence = arena_str(arena, reported->evidence),
		.confidence = reported->has_confidence ? reported->confidence : -1,
		.placement = PLACEMENT_SUMMARY,
		.votes = 1,
	};
}

/* Lists all problems, with JSON pointers, so that the model can fix them in one answer. */
static bool refuse(const struct problems *problems, struct error *err)
{
	error_set(err, ERROR_MODEL, "report_findings: ");
	for (size_t i = 0; i < problems->len; i++)
		error_append(err, "%s%.*s", i ? "; " : "", STR_ARG(problems->items[i].text));
	return false;
}

bool report_decode(const struct value *input, struct findings *findings, struct str *summary,
		   struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(problems) struct problems problems = {0};
	struct report report = {0};
	struct decoder decoder = {.arena = &arena, .problems = &problems, .is_json = true};
	const struct reported *reported;

	if (!input)
		return error_set(err, ERROR_MODEL, "report_findings: no input");
	if (!fields_decode(&decoder, &report_fields, input, &report))
		return refuse(&problems, err);
	reported = report.findings.items;
	for (size_t i = 0; i < report.findings.len; i++)
		VEC_PUSH(findings, convert(&findings->arena, &reported[i]));
	*summary = arena_str(&findings->arena, str_trim(report.summary));
	return true;
}

/* What an evaluation got for its cases: findings as people would see them, time, tokens and cost. */
#include "eval/results.h"

const char *const shown_names[] = {"inline", "summary", "unverified", "pre-existing",
				   "hidden", "dropped", NULL};

#define AT(member) .offset = offsetof(struct eval_finding, member)
static const struct field finding_items[] = {
	{.name = "path", .type = FIELD_STRING, AT(path)},
	{.name = "line", .type = FIELD_INT, AT(line), .max = 1e9},
	{.name = "end_line", .type = FIELD_INT, AT(end_line), .max = 1e9},
	{.name = "side", .type = FIELD_ENUM, AT(side), .choices = diff_side_names},
	{.name = "severity",
	 .type = FIELD_ENUM,
	 AT(severity),
	 .choices = severity_names,
	 .required = true},
	{.name = "category", .type = FIELD_STRING, AT(category)},
	{.name = "title", .type = FIELD_STRING, AT(title), .required = true},
	{.name = "body", .type = FIELD_STRING, AT(body)},
	{.name = "confidence",
	 .type = FIELD_NUMBER,
	 AT(confidence),
	 .empty = EMPTY_LEFT_OUT,
	 .min = -1,
	 .max = 1},
	{.name = "agents", .type = FIELD_STRINGS, AT(agents)},
	{.name = "models", .type = FIELD_STRINGS, AT(models)},
	{.name = "shown", .type = FIELD_ENUM, AT(shown), .choices = shown_names},
	{.name = "reason", .type = FIELD_STRING, AT(reason)},
};
#undef AT
static const struct eval_finding finding_defaults = {.confidence = -1};
static const struct fields finding_fields = {
	.title = "a finding",
	.items = finding_items,
	.len = ARRAY_LEN(finding_items),
	.size = sizeof(struct eval_finding),
	.open = true,
	.defaults = &finding_defaults,
};

#define AT(member) .offset = offsetof(struct eval_verdict, member)
static const struct field verdict_items[] = {
	{.name = "expected", .type = FIELD_INT, AT(expected), .max = 1e6, .required = true},
	{.name = "finding", .type = FIELD_INT, AT(finding), .max = 1e6, .required = true},
	{.name = "same", .type = FIELD_BOOL, AT(same), .required = true},
	{.name = "why", .type = FIELD_STRING, AT(why)},
	{.name = "model", .type = FIELD_STRING, AT(model)},
};
#undef AT
static const struct fields verdict_fields = {
	.title = "a judge's verdict",
	.items = verdict_items,
	.len = ARRAY_LEN(verdict_items),
	.size = sizeof(struct eval_verdict),
	.open = true,
};

#define AT(member) .offset = offsetof(struct eval_reply, member)
static const struct field reply_items[] = {
	{.name = "case", .type = FIELD_STRING, AT(name), .required = true},
	{.name = "repeat", .type = FIELD_INT, AT(repeat), .min = 1, .max = 1000},
	{.name = "complete", .type = FIELD_BOOL, AT(complete), .required = true},
	{.name = "error", .type = FIELD_STRING, AT(error)},
	{.name = "findings", .type = FIELD_LIST, AT(findings), .fields = &finding_fields},
	{.name = "judged", .type = FIELD_LIST, AT(judged), .fields = &verdict_fields},
	{.name = "input_tokens", .type = FIELD_INT, AT(input_tokens), .min = 0, .max = -1},
	{.name = "output_tokens", .type = FIELD_INT, AT(output_tokens), .min = 0, .max = -1},
	{.name = "cache_read_tokens",
	 .type = FIELD_INT,
	 AT(cache_read_tokens),
	 .min = 0,
	 .max = -1},
	{.name = "cache_write_tokens",
	 .type = FIELD_INT,
	 AT(cache_write_tokens),
	 .min = 0,
	 .max = -1},
	{.name = "cost_usd", .type = FIELD_NUMBER, AT(cost_usd), .empty = EMPTY_LEFT_OUT},
	{.name = "seconds", .type = FIELD_NUMBER, AT(seconds)},
};
#undef AT
static const struct eval_reply reply_defaults = {.repeat = 1, .cost_usd = -1};
static const struct fields reply_fields = {
	.title = "a reply",
	.items = reply_items,
	.len = ARRAY_LEN(reply_items),
	.size = sizeof(struct eval_reply),
	.open = true,
	.defaults = &reply_defaults,
};

#define AT(member) .offset = offsetof(struct eval_results, member)
static const struct field results_items[] = {
	{.name = "schema_version",
	 .type = FIELD_INT,
	 AT(schema_version),
	 .min = 1,
	 .max = EVAL_RESULTS_VERSION,
	 .required = true},
	{.name = "label", .type = FIELD_STRING, AT(label)},
	{.name = "replayed", .type = FIELD_BOOL, AT(replayed)},
	{.name = "source", .type = FIELD_STRING, AT(source)},
	{.name = "replies",
	 .type = FIELD_LIST,
	 AT(replies),
	 .fields = &reply_fields,
	 .required = true},
};
#undef AT
static const struct fields results_fields = {
	.title = "results of an evaluation",
	.items = results_items,
	.len = ARRAY_LEN(results_items),
	.size = sizeof(struct eval_results),
	.open = true,
};

bool eval_results_read(struct arena *arena, const struct value *value, struct eval_results *out,
		       struct error *err)
{
	struct eval_results results = {0};

	if (!fields_decode_json(arena, &results_fields, value, "results of an evaluation", &results,
				err))
		return false;
	*out = results;
	return true;
}

struct value *eval_results_value(struct arena *arena, const struct eval_results *results)
{
	return fields_encode(arena, &results_fields, results);
}

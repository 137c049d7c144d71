/* What an evaluation got for its cases: findings as people would see them, time, tokens and cost. */
#include "eval/results.h"

#include "value/put.h"

const char *const shown_names[] = {"inline", "summary", "unverified", "pre-existing",
				   "hidden", "dropped", NULL};
static const char *const side_names[] = {"RIGHT", "LEFT", NULL};

#define AT(member) .offset = offsetof(struct eval_finding, member)
static const struct field finding_items[] = {
	{.name = "path", .type = FIELD_STRING, AT(path)},
	{.name = "line", .type = FIELD_INT, AT(line), .max = 1e9},
	{.name = "end_line", .type = FIELD_INT, AT(end_line), .max = 1e9},
	{.name = "side", .type = FIELD_ENUM, AT(side), .choices = side_names},
	{.name = "severity",
	 .type = FIELD_ENUM,
	 AT(severity),
	 .choices = severity_names,
	 .required = true},
	{.name = "category", .type = FIELD_STRING, AT(category)},
	{.name = "title", .type = FIELD_STRING, AT(title), .required = true},
	{.name = "body", .type = FIELD_STRING, AT(body)},
	{.name = "confidence", .type = FIELD_NUMBER, AT(confidence), .min = -1, .max = 1},
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
	{.name = "cost_usd", .type = FIELD_NUMBER, AT(cost_usd)},
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

static void put_strings(struct arena *arena, struct value *object, const char *name,
			const struct strings *strings)
{
	struct value *list = put_array(arena, object, name);

	for (size_t i = 0; i < strings->len; i++)
		value_append(arena, list, value_string(arena, strings->items[i]));
}

static void put_finding(struct arena *arena, struct value *list, const struct eval_finding *finding)
{
	struct value *object = append_object(arena, list);

	put_text(arena, object, "path", finding->path);
	put_int(arena, object, "line", finding->line);
	put_int(arena, object, "end_line", finding->end_line);
	put_text(arena, object, "side", str_from(side_names[finding->side]));
	put_text(arena, object, "severity", str_from(severity_names[finding->severity]));
	put_text(arena, object, "category", finding->category);
	put_text(arena, object, "title", finding->title);
	put_text(arena, object, "body", finding->body);
	if (finding->confidence >= 0)
		put_real(arena, object, "confidence", finding->confidence);
	put_strings(arena, object, "agents", &finding->agents);
	put_strings(arena, object, "models", &finding->models);
	put_text(arena, object, "shown", str_from(shown_names[finding->shown]));
	put_text(arena, object, "reason", finding->reason);
}

static void put_reply(struct arena *arena, struct value *list, const struct eval_reply *reply)
{
	struct value *object = append_object(arena, list);
	const struct eval_finding *findings = reply->findings.items;
	const struct eval_verdict *verdicts = reply->judged.items;
	struct value *inside;

	put_text(arena, object, "case", reply->name);
	put_int(arena, object, "repeat", reply->repeat);
	value_set(arena, object, "complete", value_bool(arena, reply->complete));
	put_text(arena, object, "error", reply->error);
	inside = put_array(arena, object, "findings");
	for (size_t i = 0; i < reply->findings.len; i++)
		put_finding(arena, inside, &findings[i]);
	inside = put_array(arena, object, "judged");
	for (size_t i = 0; i < reply->judged.len; i++) {
		struct value *verdict = append_object(arena, inside);

		put_int(arena, verdict, "expected", verdicts[i].expected);
		put_int(arena, verdict, "finding", verdicts[i].finding);
		value_set(arena, verdict, "same", value_bool(arena, verdicts[i].same));
		put_text(arena, verdict, "why", verdicts[i].why);
		put_text(arena, verdict, "model", verdicts[i].model);
	}
	put_int(arena, object, "input_tokens", reply->input_tokens);
	put_int(arena, object, "output_tokens", reply->output_tokens);
	put_int(arena, object, "cache_read_tokens", reply->cache_read_tokens);
	put_int(arena, object, "cache_write_tokens", reply->cache_write_tokens);
	if (reply->cost_usd >= 0)
		put_real(arena, object, "cost_usd", reply->cost_usd);
	put_real(arena, object, "seconds", reply->seconds);
}

struct value *eval_results_value(struct arena *arena, const struct eval_results *results)
{
	struct value *object = value_object(arena);
	const struct eval_reply *replies = results->replies.items;
	struct value *list;

	put_int(arena, object, "schema_version", EVAL_RESULTS_VERSION);
	put_text(arena, object, "label", results->label);
	list = put_array(arena, object, "replies");
	for (size_t i = 0; i < results->replies.len; i++)
		put_reply(arena, list, &replies[i]);
	return object;
}

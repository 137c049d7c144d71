/* Reading reports back, to join the shards of one review. */
#include <stdio.h>
#include <string.h>

#include "output/report.h"
#include "value/fields.h"

static const char *const sides[] = {"RIGHT", "LEFT", NULL};
static const char *const placements[] = {"inline", "moved", "summary", NULL};
static const char *const conclusions[] = {"clean",   "findings", "partial",
					  "skipped", "failed",   NULL};

/* The shapes as they stand in a report; numbers stay wide until they are converted. */
struct read_usage {
	int64_t input, output, cache_read, cache_write, cache_write_hour;
};

struct read_error {
	struct str kind, message, code, request_id;
};

struct read_agent {
	struct str name, model, model_id, file, summary, text;
	int status;
	bool required, has_error;
	struct read_error error;
	int64_t units, units_done, calls, attempts, tool_calls, tool_calls_refused, refusals,
		findings;
	double started_seconds, seconds, cost_usd;
	struct read_usage usage;
};

struct read_source {
	struct str agent, model;
};

struct read_finding {
	struct str id, path, category, title, body, suggestion, evidence, quoted, placement_reason,
		reason;
	int64_t line, end_line, votes;
	int side, severity, placement;
	bool has_suggestion, unverified, dismissed;
	double confidence;
	struct list sources;
};

struct read_skipped {
	struct str path, reason;
	bool by_rule;
};

struct read_coverage {
	int64_t files, reviewed;
	struct list skipped;
};

struct read_pull {
	struct str base, head;
};

struct read_report {
	int64_t schema_version, secrets_redacted;
	struct read_pull pull_request;
	struct str shard;
	int conclusion, stopped;
	bool incomplete;
	struct list agents, findings, dropped;
	struct read_coverage coverage;
	struct read_usage usage;
	double cost_usd, seconds;
	struct strings notices;
};

#define FIELD(type_, struct_, member_, name_)                                                      \
	{.name = (name_), .type = (type_), .offset = offsetof(struct struct_, member_)}
#define MAX_COUNT 1e15
#define COUNT(struct_, member_, name_)                                                             \
	{.name = (name_),                                                                          \
	 .type = FIELD_INT,                                                                        \
	 .offset = offsetof(struct struct_, member_),                                              \
	 .max = MAX_COUNT}

static const struct field usage_items[] = {
	COUNT(read_usage, input, "input_tokens"),
	COUNT(read_usage, output, "output_tokens"),
	COUNT(read_usage, cache_read, "cache_read_tokens"),
	COUNT(read_usage, cache_write, "cache_write_tokens"),
	COUNT(read_usage, cache_write_hour, "cache_write_hour_tokens"),
};

#define TABLE(name_, struct_, items_)                                                              \
	static const struct fields name_ = {.items = (items_),                                     \
					    .len = ARRAY_LEN(items_),                              \
					    .size = sizeof(struct struct_),                        \
					    .open = true,                                          \
					    .title = "a report"}

TABLE(usage_fields, read_usage, usage_items);

static const struct field error_items[] = {
	FIELD(FIELD_STRING, read_error, kind, "kind"),
	FIELD(FIELD_STRING, read_error, message, "message"),
	FIELD(FIELD_STRING, read_error, code, "code"),
	FIELD(FIELD_STRING, read_error, request_id, "request_id"),
};
TABLE(error_fields, read_error, error_items);

static const struct read_agent agent_defaults = {.cost_usd = -1};

static const struct field agent_items[] = {
	{.name = "name",
	 .type = FIELD_STRING,
	 .offset = offsetof(struct read_agent, name),
	 .required = true},
	FIELD(FIELD_STRING, read_agent, model, "model"),
	FIELD(FIELD_STRING, read_agent, model_id, "model_id"),
	FIELD(FIELD_STRING, read_agent, file, "file"),
	FIELD(FIELD_STRING, read_agent, summary, "summary"),
	FIELD(FIELD_STRING, read_agent, text, "text"),
	{.name = "status",
	 .type = FIELD_ENUM,
	 .offset = offsetof(struct read_agent, status),
	 .required = true,
	 .choices = agent_status_names},
	FIELD(FIELD_BOOL, read_agent, required, "required"),
	{.name = "error",
	 .type = FIELD_OBJECT,
	 .offset = offsetof(struct read_agent, error),
	 .fields = &error_fields,
	 .present = offsetof(struct read_agent, has_error)},
	COUNT(read_agent, units, "units"),
	COUNT(read_agent, units_done, "units_done"),
	COUNT(read_agent, calls, "calls"),
	COUNT(read_agent, attempts, "attempts"),
	COUNT(read_agent, tool_calls, "tool_calls"),
	COUNT(read_agent, tool_calls_refused, "tool_calls_refused"),
	COUNT(read_agent, refusals, "refusals"),
	COUNT(read_agent, findings, "findings"),
	FIELD(FIELD_NUMBER, read_agent, started_seconds, "started_seconds"),
	FIELD(FIELD_NUMBER, read_agent, seconds, "seconds"),
	FIELD(FIELD_NUMBER, read_agent, cost_usd, "cost_usd"),
	{.name = "usage",
	 .type = FIELD_OBJECT,
	 .offset = offsetof(struct read_agent, usage),
	 .fields = &usage_fields},
};
static const struct fields agent_report_fields = {
	.title = "an agent of a report",
	.items = agent_items,
	.len = ARRAY_LEN(agent_items),
	.size = sizeof(struct read_agent),
	.open = true,
	.defaults = &agent_defaults,
};

static const struct field source_items[] = {
	FIELD(FIELD_STRING, read_source, agent, "agent"),
	FIELD(FIELD_STRING, read_source, model, "model"),
};
TABLE(source_fields, read_source, source_items);

static const struct read_finding finding_defaults = {.confidence = -1,
						     .placement = PLACEMENT_SUMMARY};

static const struct field finding_items[] = {
	FIELD(FIELD_STRING, read_finding, id, "id"),
	{.name = "path",
	 .type = FIELD_STRING,
	 .offset = offsetof(struct read_finding, path),
	 .required = true},
	COUNT(read_finding, line, "line"),
	COUNT(read_finding, end_line, "end_line"),
	{.name = "side",
	 .type = FIELD_ENUM,
	 .offset = offsetof(struct read_finding, side),
	 .choices = sides},
	{.name = "severity",
	 .type = FIELD_ENUM,
	 .offset = offsetof(struct read_finding, severity),
	 .required = true,
	 .choices = severity_names},
	FIELD(FIELD_STRING, read_finding, category, "category"),
	{.name = "title",
	 .type = FIELD_STRING,
	 .offset = offsetof(struct read_finding, title),
	 .required = true},
	{.name = "body",
	 .type = FIELD_STRING,
	 .offset = offsetof(struct read_finding, body),
	 .required = true},
	{.name = "suggestion",
	 .type = FIELD_STRING,
	 .offset = offsetof(struct read_finding, suggestion),
	 .present = offsetof(struct read_finding, has_suggestion)},
	FIELD(FIELD_STRING, read_finding, evidence, "evidence"),
	FIELD(FIELD_STRING, read_finding, quoted, "quoted"),
	FIELD(FIELD_NUMBER, read_finding, confidence, "confidence"),
	COUNT(read_finding, votes, "votes"),
	{.name = "sources",
	 .type = FIELD_LIST,
	 .offset = offsetof(struct read_finding, sources),
	 .fields = &source_fields},
	{.name = "placement",
	 .type = FIELD_ENUM,
	 .offset = offsetof(struct read_finding, placement),
	 .choices = placements},
	FIELD(FIELD_STRING, read_finding, placement_reason, "placement_reason"),
	FIELD(FIELD_BOOL, read_finding, unverified, "unverified"),
	FIELD(FIELD_BOOL, read_finding, dismissed, "dismissed"),
	FIELD(FIELD_STRING, read_finding, reason, "reason"),
};
static const struct fields finding_report_fields = {
	.title = "a finding of a report",
	.items = finding_items,
	.len = ARRAY_LEN(finding_items),
	.size = sizeof(struct read_finding),
	.open = true,
	.defaults = &finding_defaults,
};

static const struct field skipped_items[] = {
	FIELD(FIELD_STRING, read_skipped, path, "path"),
	FIELD(FIELD_STRING, read_skipped, reason, "reason"),
	FIELD(FIELD_BOOL, read_skipped, by_rule, "by_rule"),
};
TABLE(skipped_fields, read_skipped, skipped_items);

static const struct field coverage_items[] = {
	COUNT(read_coverage, files, "files"),
	COUNT(read_coverage, reviewed, "reviewed"),
	{.name = "skipped",
	 .type = FIELD_LIST,
	 .offset = offsetof(struct read_coverage, skipped),
	 .fields = &skipped_fields},
};
TABLE(coverage_fields, read_coverage, coverage_items);

static const struct field pull_items[] = {
	FIELD(FIELD_STRING, read_pull, base, "base"),
	FIELD(FIELD_STRING, read_pull, head, "head"),
};
TABLE(pull_fields, read_pull, pull_items);

static const struct field report_items[] = {
	{.name = "schema_version",
	 .type = FIELD_INT,
	 .required = true,
	 .offset = offsetof(struct read_report, schema_version),
	 .min = REPORT_SCHEMA_VERSION,
	 .max = REPORT_SCHEMA_VERSION},
	{.name = "pull_request",
	 .type = FIELD_OBJECT,
	 .required = true,
	 .offset = offsetof(struct read_report, pull_request),
	 .fields = &pull_fields},
	FIELD(FIELD_STRING, read_report, shard, "shard"),
	{.name = "conclusion",
	 .type = FIELD_ENUM,
	 .required = true,
	 .offset = offsetof(struct read_report, conclusion),
	 .choices = conclusions},
	{.name = "stopped",
	 .type = FIELD_ENUM,
	 .offset = offsetof(struct read_report, stopped),
	 .choices = stop_cause_names},
	FIELD(FIELD_BOOL, read_report, incomplete, "incomplete"),
	{.name = "agents",
	 .type = FIELD_LIST,
	 .required = true,
	 .offset = offsetof(struct read_report, agents),
	 .fields = &agent_report_fields},
	{.name = "findings",
	 .type = FIELD_LIST,
	 .required = true,
	 .offset = offsetof(struct read_report, findings),
	 .fields = &finding_report_fields},
	{.name = "dropped",
	 .type = FIELD_LIST,
	 .offset = offsetof(struct read_report, dropped),
	 .fields = &finding_report_fields},
	{.name = "coverage",
	 .type = FIELD_OBJECT,
	 .required = true,
	 .offset = offsetof(struct read_report, coverage),
	 .fields = &coverage_fields},
	{.name = "usage",
	 .type = FIELD_OBJECT,
	 .offset = offsetof(struct read_report, usage),
	 .fields = &usage_fields},
	FIELD(FIELD_NUMBER, read_report, cost_usd, "cost_usd"),
	FIELD(FIELD_NUMBER, read_report, seconds, "seconds"),
	COUNT(read_report, secrets_redacted, "secrets_redacted"),
	FIELD(FIELD_STRINGS, read_report, notices, "notices"),
};
TABLE(report_read_fields, read_report, report_items);

static struct usage usage_of(const struct read_usage *read)
{
	return (struct usage){read->input, read->output, read->cache_read, read->cache_write,
			      read->cache_write_hour};
}

static struct finding finding_of(struct arena *arena, const struct read_finding *read)
{
	const struct read_source *sources = read->sources.items;
	struct finding finding = {
		.path = read->path,
		.line = (uint32_t)MIN_OF(read->line, (int64_t)INT32_MAX),
		.end_line =
			(uint32_t)MIN_OF(MAX_OF(read->end_line, read->line), (int64_t)INT32_MAX),
		.side = read->side == 1 ? SIDE_LEFT : SIDE_RIGHT,
		.severity = (enum severity)read->severity,
		.category = read->category,
		.title = read->title,
		.body = read->body,
		.suggestion = read->suggestion,
		.has_suggestion = read->has_suggestion,
		.evidence = read->evidence,
		.confidence = read->confidence,
		.id = read->id,
		.placement = (enum placement)read->placement,
		.placement_reason = read->placement_reason,
		.quoted = read->quoted,
		.sources = ARENA_ARRAY(arena, struct finding_source, read->sources.len),
		.sources_len = read->sources.len,
		.votes = (int)MAX_OF(MIN_OF(read->votes, (int64_t)1000), (int64_t)1),
		.unverified = read->unverified,
		.dismissed = read->dismissed,
	};

	for (size_t i = 0; i < read->sources.len; i++)
		finding.sources[i] = (struct finding_source){sources[i].agent, sources[i].model};
	return finding;
}

static int small(int64_t number)
{
	return (int)MIN_OF(number, (int64_t)1000000000);
}

static struct agent_result *agent_of(struct review_result *result, const struct read_agent *read)
{
	for (size_t i = 0; i < result->agents.len; i++) {
		struct agent_result *agent = &result->agents.items[i];

		if (str_eq(agent->agent, read->name) && str_eq(agent->model, read->model))
			return agent;
	}
	VEC_PUSH(&result->agents, (struct agent_result){.agent = read->name,
							.model = read->model,
							.status = AGENT_SKIPPED});
	return &result->agents.items[result->agents.len - 1];
}

/* The worse of two states: one shard that failed makes the agent's result incomplete. */
static enum agent_status worse_status(enum agent_status a, enum agent_status b)
{
	static const int order[] = {
		[AGENT_SKIPPED] = 0, [AGENT_DONE] = 1,    [AGENT_WAITING] = 2,
		[AGENT_RUNNING] = 3, [AGENT_STOPPED] = 4, [AGENT_FAILED] = 5,
	};

	return order[a] > order[b] ? a : b;
}

static struct str join(struct arena *arena, struct str first, struct str second)
{
	if (!first.len || !second.len)
		return first.len ? first : second;
	return arena_printf(arena, "%.*s\n\n%.*s", STR_ARG(first), STR_ARG(second));
}

static double add_costs(double a, double b)
{
	return a < 0 || b < 0 ? -1 : a + b;
}

static int64_t milliseconds(double seconds)
{
	return (int64_t)(MIN_OF(seconds, 1e12) * 1000 + 0.5);
}

static void read_error(const struct read_error *read, struct error *err)
{
	error_set(err, ERROR_MODEL, "%.*s", STR_ARG(read->message));
	for (int kind = ERROR_NONE + 1; kind <= ERROR_IO; kind++) {
		if (str_eq(read->kind, str_from(error_kind_name((enum error_kind)kind))))
			err->kind = (enum error_kind)kind;
	}
	snprintf(err->code, sizeof(err->code), "%.*s", STR_ARG(read->code));
	snprintf(err->request_id, sizeof(err->request_id), "%.*s", STR_ARG(read->request_id));
}

static void add_agent(struct review_result *result, const struct read_agent *read)
{
	struct arena *arena = &result->findings.arena;
	struct agent_result *agent = agent_of(result, read);
	struct usage usage = usage_of(&read->usage);
	int64_t started = milliseconds(read->started_seconds);

	agent->model_id = read->model_id;
	agent->file = read->file;
	agent->required = agent->required || read->required;
	agent->status = worse_status(agent->status, (enum agent_status)read->status);
	if (read->has_error && !agent->error.kind)
		read_error(&read->error, &agent->error);
	agent->units += small(read->units);
	agent->units_done += small(read->units_done);
	agent->started_ms = agent->ended_ms ? MIN_OF(agent->started_ms, started) : started;
	agent->ended_ms = MAX_OF(agent->ended_ms, started + milliseconds(read->seconds));
	agent->calls += small(read->calls);
	agent->attempts += small(read->attempts);
	agent->tool_calls += small(read->tool_calls);
	agent->tool_calls_refused += small(read->tool_calls_refused);
	agent->refusals += small(read->refusals);
	agent->findings += small(read->findings);
	agent->cost_usd = add_costs(agent->cost_usd, read->cost_usd);
	usage_add(&agent->usage, &usage);
	agent->text = join(arena, agent->text, read->text);
	agent->summary = join(arena, agent->summary, read->summary);
}

static void add_findings(struct review_result *result, const struct read_report *report)
{
	const struct read_finding *findings = report->findings.items;
	const struct read_finding *dropped = report->dropped.items;
	struct arena *arena = &result->findings.arena;

	for (size_t i = 0; i < report->findings.len; i++)
		VEC_PUSH(&result->findings, finding_of(arena, &findings[i]));
	for (size_t i = 0; i < report->dropped.len; i++)
		VEC_PUSH(&result->dropped,
			 (struct dropped){finding_of(arena, &dropped[i]), dropped[i].reason});
	review_result_split(result);
}

static void add_coverage(struct review_result *result, const struct read_coverage *coverage)
{
	const struct read_skipped *skipped = coverage->skipped.items;

	result->coverage.files += coverage->files;
	result->coverage.reviewed += coverage->reviewed;
	for (size_t i = 0; i < coverage->skipped.len; i++)
		coverage_skip(&result->findings.arena, &result->coverage, skipped[i].path,
			      skipped[i].reason, skipped[i].by_rule);
}

bool report_read(const struct value *value, struct review_result *result, struct str *shard,
		 struct str *commits, struct error *err)
{
	struct arena *arena = &result->findings.arena;
	struct read_report report = {.cost_usd = -1};
	const struct read_agent *agents;
	struct usage usage;

	if (!fields_decode_json(arena, &report_read_fields, value, "report", &report, err)) {
		err->kind = ERROR_CONFIG;
		return false;
	}
	agents = report.agents.items;
	usage = usage_of(&report.usage);
	for (size_t i = 0; i < report.agents.len; i++)
		add_agent(result, &agents[i]);
	add_findings(result, &report);
	add_coverage(result, &report.coverage);
	usage_add(&result->usage, &usage);
	result->cost_usd = add_costs(result->cost_usd, report.cost_usd);
	result->seconds_ms = MAX_OF(result->seconds_ms, milliseconds(report.seconds));
	result->secrets_redacted += (size_t)report.secrets_redacted;
	result->incomplete = result->incomplete || report.incomplete;
	if (report.stopped)
		result->stopped = (enum stop_cause)report.stopped;
	for (size_t i = 0; i < report.notices.len; i++)
		review_result_notice(result, "%.*s", STR_ARG(report.notices.items[i]));
	*shard = report.shard;
	*commits = arena_printf(arena, "%.*s..%.*s", STR_ARG(report.pull_request.head),
				STR_ARG(report.pull_request.base));
	return true;
}

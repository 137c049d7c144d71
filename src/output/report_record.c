/* The field tables of a report. */
#include "output/report_record.h"

#include "finding/finding.h"
#include "review/result.h"

#define MAX_COUNT 1e15
#define COUNT(owner, member, name) FIELD_WITH(owner, member, name, FIELD_INT, .max = MAX_COUNT)
#define SOME(owner, member, name)                                                                  \
	FIELD_WITH(owner, member, name, FIELD_STRING, .empty = EMPTY_LEFT_OUT)
#define CHOICE(owner, member, name, names)                                                         \
	FIELD_WITH(owner, member, name, FIELD_ENUM, .choices = (names))

static const struct field usage_rows[] = {
	COUNT(record_usage, input, "input_tokens"),
	COUNT(record_usage, output, "output_tokens"),
	COUNT(record_usage, cache_read, "cache_read_tokens"),
	COUNT(record_usage, cache_write, "cache_write_tokens"),
	COUNT(record_usage, cache_write_hour, "cache_write_hour_tokens"),
};
static const struct fields usage_fields = TABLE(record_usage, "the usage of a report", usage_rows);

static const struct field error_rows[] = {
	FIELD(record_error, kind, "kind", FIELD_STRING),
	FIELD(record_error, message, "message", FIELD_STRING),
	SOME(record_error, code, "code"),
	SOME(record_error, request_id, "request_id"),
};
static const struct fields error_fields = TABLE(record_error, "an error of a report", error_rows);

static const struct record_agent agent_defaults = {.cost_usd = -1};

static const struct field agent_rows[] = {
	NEEDED(record_agent, name, "name", FIELD_STRING),
	FIELD(record_agent, model, "model", FIELD_STRING),
	SOME(record_agent, model_id, "model_id"),
	SOME(record_agent, file, "file"),
	FIELD_WITH(record_agent, status, "status", FIELD_ENUM, .choices = agent_status_names,
		   .required = true),
	FIELD(record_agent, required, "required", FIELD_BOOL),
	FIELD_WITH(record_agent, error, "error", FIELD_OBJECT, .fields = &error_fields,
		   .present = offsetof(struct record_agent, has_error), .empty = EMPTY_NULL),
	COUNT(record_agent, files, "files"),
	COUNT(record_agent, files_reviewed, "files_reviewed"),
	COUNT(record_agent, units, "units"),
	COUNT(record_agent, units_done, "units_done"),
	FIELD(record_agent, started_seconds, "started_seconds", FIELD_NUMBER),
	FIELD(record_agent, seconds, "seconds", FIELD_NUMBER),
	COUNT(record_agent, calls, "calls"),
	COUNT(record_agent, attempts, "attempts"),
	COUNT(record_agent, tool_calls, "tool_calls"),
	COUNT(record_agent, tool_calls_refused, "tool_calls_refused"),
	COUNT(record_agent, refusals, "refusals"),
	COUNT(record_agent, findings, "findings"),
	NESTED(record_agent, usage, "usage", FIELD_OBJECT, usage_fields),
	FIELD_WITH(record_agent, cost_usd, "cost_usd", FIELD_NUMBER, .empty = EMPTY_NULL),
	SOME(record_agent, summary, "summary"),
	SOME(record_agent, text, "text"),
};
static const struct fields agent_fields =
	TABLE_WITH(record_agent, "an agent of a report", agent_rows, .open = true,
		   .defaults = &agent_defaults);

static const struct field source_rows[] = {
	FIELD(record_source, agent, "agent", FIELD_STRING),
	FIELD(record_source, model, "model", FIELD_STRING),
	SOME(record_source, title, "title"),
};
static const struct fields source_fields = TABLE(record_source, "a source", source_rows);

static const struct record_finding finding_defaults = {.confidence = -1,
						       .placement = PLACEMENT_SUMMARY};

static const struct field finding_rows[] = {
	SOME(record_finding, id, "id"),
	NEEDED(record_finding, path, "path", FIELD_STRING),
	FIELD_WITH(record_finding, line, "line", FIELD_INT, .max = MAX_COUNT,
		   .empty = EMPTY_LEFT_OUT),
	FIELD_WITH(record_finding, end_line, "end_line", FIELD_INT, .max = MAX_COUNT,
		   .empty = EMPTY_LEFT_OUT),
	FIELD_WITH(record_finding, side, "side", FIELD_ENUM, .choices = diff_side_names,
		   .present = offsetof(struct record_finding, has_side)),
	FIELD_WITH(record_finding, severity, "severity", FIELD_ENUM, .choices = severity_names,
		   .required = true),
	SOME(record_finding, category, "category"),
	NEEDED(record_finding, title, "title", FIELD_STRING),
	NEEDED(record_finding, body, "body", FIELD_STRING),
	FIELD_WITH(record_finding, suggestion, "suggestion", FIELD_STRING,
		   .present = offsetof(struct record_finding, has_suggestion)),
	SOME(record_finding, evidence, "evidence"),
	SOME(record_finding, quoted, "quoted"),
	FIELD_WITH(record_finding, confidence, "confidence", FIELD_NUMBER, .empty = EMPTY_LEFT_OUT),
	COUNT(record_finding, votes, "votes"),
	FIELD(record_finding, agents, "agents", FIELD_STRINGS),
	FIELD(record_finding, models, "models", FIELD_STRINGS),
	NESTED(record_finding, sources, "sources", FIELD_LIST, source_fields),
	CHOICE(record_finding, placement, "placement", placement_names),
	FIELD(record_finding, placement_reason, "placement_reason", FIELD_STRING),
	CHOICE(record_finding, published, "published", published_names),
	SOME(record_finding, publish_note, "publish_note"),
	SOME(record_finding, comment_url, "comment_url"),
	SOME(record_finding, reads, "reads"),
	FIELD(record_finding, unverified, "unverified", FIELD_BOOL),
	FIELD(record_finding, pre_existing, "pre_existing", FIELD_BOOL),
	FIELD(record_finding, unchecked, "unchecked", FIELD_BOOL),
	FIELD(record_finding, carried, "carried", FIELD_BOOL),
	FIELD(record_finding, dismissed, "dismissed", FIELD_BOOL),
	SOME(record_finding, reason, "reason"),
	SOME(record_finding, counter_evidence, "counter_evidence"),
};
static const struct fields finding_fields =
	TABLE_WITH(record_finding, "a finding of a report", finding_rows, .open = true,
		   .defaults = &finding_defaults);

static const struct field skipped_rows[] = {
	FIELD(record_skipped, path, "path", FIELD_STRING),
	FIELD(record_skipped, reason, "reason", FIELD_STRING),
	FIELD(record_skipped, by_rule, "by_rule", FIELD_BOOL),
};
static const struct fields skipped_fields = TABLE(record_skipped, "a skipped file", skipped_rows);

static const struct field coverage_rows[] = {
	COUNT(record_coverage, files, "files"),
	COUNT(record_coverage, reviewed, "reviewed"),
	NESTED(record_coverage, skipped, "skipped", FIELD_LIST, skipped_fields),
};
static const struct fields coverage_fields = TABLE(record_coverage, "a coverage", coverage_rows);

static const struct field tool_rows[] = {
	FIELD(record_tool, name, "name", FIELD_STRING),
	FIELD(record_tool, version, "version", FIELD_STRING),
	FIELD(record_tool, reviewer, "reviewer", FIELD_STRING),
};
static const struct fields tool_fields = TABLE(record_tool, "a tool", tool_rows);

static const struct field pull_rows[] = {
	SOME(record_pull, repository, "repository"),
	FIELD_WITH(record_pull, number, "number", FIELD_INT, .empty = EMPTY_LEFT_OUT),
	SOME(record_pull, base, "base"),
	SOME(record_pull, head, "head"),
};
static const struct fields pull_fields = TABLE(record_pull, "a pull request", pull_rows);

static const struct field count_rows[] = {
	COUNT(record_counts, planned, "planned"),
	COUNT(record_counts, posted, "posted"),
	COUNT(record_counts, unchanged, "unchanged"),
	COUNT(record_counts, failed, "failed"),
};
static const struct fields count_fields = TABLE(record_counts, "counts of comments", count_rows);

static const struct field report_rows[] = {
	FIELD_WITH(record_report, schema_version, "schema_version", FIELD_INT, .required = true,
		   .min = REPORT_SCHEMA_VERSION, .max = REPORT_SCHEMA_VERSION),
	NESTED(record_report, tool, "tool", FIELD_OBJECT, tool_fields),
	FIELD_WITH(record_report, pull_request, "pull_request", FIELD_OBJECT, .required = true,
		   .fields = &pull_fields),
	SOME(record_report, shard, "shard"),
	SOME(record_report, reviewers, "reviewers"),
	FIELD_WITH(record_report, conclusion, "conclusion", FIELD_ENUM, .required = true,
		   .choices = conclusion_names),
	FIELD_WITH(record_report, agents, "agents", FIELD_LIST, .required = true,
		   .fields = &agent_fields),
	FIELD_WITH(record_report, findings, "findings", FIELD_LIST, .required = true,
		   .fields = &finding_fields),
	NESTED(record_report, dropped, "dropped", FIELD_LIST, finding_fields),
	FIELD_WITH(record_report, coverage, "coverage", FIELD_OBJECT, .required = true,
		   .fields = &coverage_fields),
	NESTED(record_report, published, "published", FIELD_OBJECT, count_fields),
	NESTED(record_report, usage, "usage", FIELD_OBJECT, usage_fields),
	FIELD_WITH(record_report, cost_usd, "cost_usd", FIELD_NUMBER, .empty = EMPTY_NULL),
	FIELD(record_report, seconds, "seconds", FIELD_NUMBER),
	COUNT(record_report, secrets_redacted, "secrets_redacted"),
	FIELD(record_report, incomplete, "incomplete", FIELD_BOOL),
	CHOICE(record_report, stopped, "stopped", stop_cause_names),
	FIELD(record_report, notices, "notices", FIELD_STRINGS),
};
const struct fields record_report_fields = TABLE(record_report, "a report", report_rows);

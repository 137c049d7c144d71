/* Reads reports, to join the shards of one review. */
#include <stdio.h>
#include <string.h>

#include "output/report.h"
#include "output/report_record.h"

static struct usage usage_of(const struct record_usage *read)
{
	return (struct usage){read->input, read->output, read->cache_read, read->cache_write,
			      read->cache_write_hour};
}

static struct finding finding_of(struct arena *arena, const struct record_finding *read)
{
	const struct record_source *sources = read->sources.items;
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
		.pre_existing = read->pre_existing,
		.unchecked = read->unchecked,
		.reads = read->reads,
		.dismissed = read->dismissed,
	};

	for (size_t i = 0; i < read->sources.len; i++)
		finding.sources[i] = (struct finding_source){sources[i].agent, sources[i].model,
							     sources[i].title};
	return finding;
}

static int small(int64_t number)
{
	return (int)MIN_OF(number, (int64_t)1000000000);
}

static struct agent_result *agent_of(struct review_result *result, const struct record_agent *read)
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

static void read_error(const struct record_error *read, struct error *err)
{
	error_set(err, ERROR_MODEL, "%.*s", STR_ARG(read->message));
	for (int kind = ERROR_NONE + 1; kind <= ERROR_IO; kind++) {
		if (str_eq(read->kind, str_from(error_kind_name((enum error_kind)kind))))
			err->kind = (enum error_kind)kind;
	}
	snprintf(err->code, sizeof(err->code), "%.*s", STR_ARG(read->code));
	snprintf(err->request_id, sizeof(err->request_id), "%.*s", STR_ARG(read->request_id));
}

static void add_agent(struct review_result *result, const struct record_agent *read)
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
	agent->files += small(read->files);
	agent->files_seen += small(read->files_reviewed);
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

static void add_findings(struct review_result *result, const struct record_report *report)
{
	const struct record_finding *findings = report->findings.items;
	const struct record_finding *dropped = report->dropped.items;
	struct arena *arena = &result->findings.arena;

	for (size_t i = 0; i < report->findings.len; i++)
		VEC_PUSH(&result->findings, finding_of(arena, &findings[i]));
	for (size_t i = 0; i < report->dropped.len; i++)
		VEC_PUSH(&result->dropped,
			 (struct dropped){finding_of(arena, &dropped[i]), dropped[i].reason,
					  dropped[i].counter_evidence});
	review_result_split(result);
}

static void add_coverage(struct review_result *result, const struct record_coverage *coverage)
{
	const struct record_skipped *skipped = coverage->skipped.items;

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
	struct record_report report = {.cost_usd = -1};
	const struct record_agent *agents;
	struct usage usage;

	if (!fields_decode_json(arena, &record_report_fields, value, "report", &report, err)) {
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

/* Writes a review as JSON. */
#include "output/report.h"

#include "output/report_record.h"

struct published_counts published_count(const struct findings *findings)
{
	struct published_counts counts = {0};

	for (size_t i = 0; i < findings->len; i++) {
		switch (findings->items[i].published) {
		case PUBLISHED_NOT_PLANNED:
			continue;
		case PUBLISHED_POSTED:
			counts.posted++;
			break;
		case PUBLISHED_UNCHANGED:
			counts.unchanged++;
			break;
		case PUBLISHED_FAILED:
			counts.failed++;
			break;
		}
		counts.planned++;
	}
	return counts;
}

static struct record_usage usage_record(const struct usage *usage)
{
	return (struct record_usage){usage->input, usage->output, usage->cache_read,
				     usage->cache_write, usage->cache_write_hour};
}

static struct record_agent agent_record(const struct agent_result *agent)
{
	return (struct record_agent){
		.name = agent->agent,
		.model = agent->model,
		.model_id = agent->model_id,
		.file = agent->file,
		.status = (int)agent->status,
		.required = agent->required,
		.has_error = agent->error.kind != ERROR_NONE,
		.error = {.kind = str_from(error_kind_name(agent->error.kind)),
			  .message = str_from(agent->error.message),
			  .code = str_from(agent->error.code),
			  .request_id = str_from(agent->error.request_id)},
		.files = agent->files,
		.files_reviewed = agent->files_seen,
		.units = agent->units,
		.units_done = agent->units_done,
		.started_seconds = (double)agent->started_ms / 1000,
		.seconds = (double)(agent->ended_ms - agent->started_ms) / 1000,
		.calls = agent->calls,
		.attempts = agent->attempts,
		.tool_calls = agent->tool_calls,
		.tool_calls_refused = agent->tool_calls_refused,
		.refusals = agent->refusals,
		.findings = agent->findings,
		.usage = usage_record(&agent->usage),
		.cost_usd = agent->cost_usd,
		.summary = agent->summary,
		.text = agent->text,
	};
}

static void add_once(struct strings *strings, struct str text)
{
	if (!strings_have(strings, text))
		strings->items[strings->len++] = text;
}

static void add_sources(struct arena *arena, struct record_finding *record,
			const struct finding *finding)
{
	struct record_source *sources =
		ARENA_ARRAY(arena, struct record_source, finding->sources_len);

	record->agents.items = ARENA_ARRAY(arena, struct str, finding->sources_len);
	record->models.items = ARENA_ARRAY(arena, struct str, finding->sources_len);
	for (size_t i = 0; i < finding->sources_len; i++) {
		const struct finding_source *source = &finding->sources[i];

		sources[i] = (struct record_source){source->agent, source->model, source->title};
		add_once(&record->agents, source->agent);
		add_once(&record->models, source->model);
	}
	record->sources = (struct list){sources, finding->sources_len};
}

static struct record_finding finding_record(struct arena *arena, const struct finding *finding)
{
	struct record_finding record = {
		.id = finding->id,
		.path = finding->path,
		.line = finding->line,
		.end_line = finding->line ? finding->end_line : 0,
		.has_side = finding->line > 0,
		.side = finding->side == SIDE_LEFT,
		.severity = (int)finding->severity,
		.category = finding->category,
		.title = finding->title,
		.body = finding->body,
		.has_suggestion = finding->has_suggestion,
		.suggestion = finding->suggestion,
		.evidence = finding->evidence,
		.quoted = finding->quoted,
		.confidence = finding->confidence,
		.votes = finding->votes,
		.placement = (int)finding->placement,
		.placement_reason = finding->placement_reason,
		.published = (int)finding->published,
		.publish_note = finding->publish_note,
		.comment_url = finding->comment_url,
		.reads = finding->reads,
		.unverified = finding->unverified,
		.pre_existing = finding->pre_existing,
		.unchecked = finding->unchecked,
		.carried = finding->carried,
		.dismissed = finding->dismissed,
	};

	add_sources(arena, &record, finding);
	return record;
}

static struct list agent_records(struct arena *arena, const struct review_result *result)
{
	struct record_agent *records = ARENA_ARRAY(arena, struct record_agent, result->agents.len);

	for (size_t i = 0; i < result->agents.len; i++)
		records[i] = agent_record(&result->agents.items[i]);
	return (struct list){records, result->agents.len};
}

/* The findings that count, then the pre-existing and the unverified ones. */
static struct list finding_records(struct arena *arena, const struct review_result *result)
{
	size_t len = result->findings.len + result->pre_existing.len + result->unverified.len;
	struct record_finding *records = ARENA_ARRAY(arena, struct record_finding, len);
	struct list list = {.items = records};

	for (size_t i = 0; i < result->findings.len; i++)
		records[list.len++] = finding_record(arena, &result->findings.items[i]);
	for (size_t i = 0; i < result->pre_existing.len; i++)
		records[list.len++] = finding_record(arena, &result->pre_existing.items[i]);
	for (size_t i = 0; i < result->unverified.len; i++)
		records[list.len++] = finding_record(arena, &result->unverified.items[i]);
	return list;
}

static struct list dropped_records(struct arena *arena, const struct review_result *result)
{
	struct record_finding *records =
		ARENA_ARRAY(arena, struct record_finding, result->dropped.len);

	for (size_t i = 0; i < result->dropped.len; i++) {
		records[i] = finding_record(arena, &result->dropped.items[i].finding);
		records[i].reason = result->dropped.items[i].reason;
		records[i].counter_evidence = result->dropped.items[i].evidence;
	}
	return (struct list){records, result->dropped.len};
}

static struct record_coverage coverage_record(struct arena *arena, const struct coverage *coverage)
{
	struct record_skipped *skipped =
		ARENA_ARRAY(arena, struct record_skipped, coverage->skipped_len);

	for (size_t i = 0; i < coverage->skipped_len; i++)
		skipped[i] = (struct record_skipped){.path = coverage->skipped[i].path,
						     .reason = coverage->skipped[i].reason,
						     .by_rule = coverage->skipped[i].by_rule};
	return (struct record_coverage){.files = coverage->files,
					.reviewed = coverage->reviewed,
					.skipped = {skipped, coverage->skipped_len}};
}

static struct record_counts counts_record(const struct findings *findings)
{
	struct published_counts counts = published_count(findings);

	return (struct record_counts){counts.planned, counts.posted, counts.unchanged,
				      counts.failed};
}

struct value *report_value(struct arena *arena, const struct review_view *view, struct str shard)
{
	const struct review_result *result = view->result;
	struct record_report report = {
		.schema_version = REPORT_SCHEMA_VERSION,
		.tool = {.name = STR("outcrop"), .version = view->version, .reviewer = view->name},
		.pull_request = {.repository = view->repository,
				 .number = view->number,
				 .base = view->base_commit,
				 .head = view->head_commit},
		.shard = shard,
		.reviewers = view->reviewers,
		.conclusion = (int)view->conclusion,
		.agents = agent_records(arena, result),
		.findings = finding_records(arena, result),
		.dropped = dropped_records(arena, result),
		.coverage = coverage_record(arena, &result->coverage),
		.published = counts_record(&result->findings),
		.usage = usage_record(&result->usage),
		.cost_usd = result->cost_usd,
		.seconds = (double)result->seconds_ms / 1000,
		.secrets_redacted = (int64_t)result->secrets_redacted,
		.incomplete = result->incomplete,
		.stopped = (int)result->stopped,
		.notices = {.items = result->notices, .len = result->notices_len},
	};

	return fields_encode(arena, &record_report_fields, &report);
}

/* Writes a review as JSON. */
#include "output/report.h"

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

static void set_text(struct arena *arena, struct value *object, const char *name, struct str text)
{
	if (text.len)
		value_set(arena, object, name, value_string(arena, text));
}

static void set_int(struct arena *arena, struct value *object, const char *name, int64_t number)
{
	value_set(arena, object, name, value_int(arena, number));
}

/* A cost that is not known is null, never a wrong number. */
static struct value *cost_value(struct arena *arena, double usd)
{
	return usd < 0 ? value_null(arena) : value_real(arena, usd);
}

static struct value *usage_value(struct arena *arena, const struct usage *usage)
{
	struct value *object = value_object(arena);

	set_int(arena, object, "input_tokens", usage->input);
	set_int(arena, object, "output_tokens", usage->output);
	set_int(arena, object, "cache_read_tokens", usage->cache_read);
	set_int(arena, object, "cache_write_tokens", usage->cache_write);
	set_int(arena, object, "cache_write_hour_tokens", usage->cache_write_hour);
	return object;
}

static struct value *error_value(struct arena *arena, const struct error *err)
{
	struct value *object = value_object(arena);

	value_set(arena, object, "kind", value_text(arena, error_kind_name(err->kind)));
	value_set(arena, object, "message", value_text(arena, err->message));
	set_text(arena, object, "code", str_from(err->code));
	set_text(arena, object, "request_id", str_from(err->request_id));
	return object;
}

static struct value *agent_value(struct arena *arena, const struct agent_result *agent)
{
	struct value *object = value_object(arena);

	value_set(arena, object, "name", value_string(arena, agent->agent));
	value_set(arena, object, "model", value_string(arena, agent->model));
	set_text(arena, object, "model_id", agent->model_id);
	set_text(arena, object, "file", agent->file);
	value_set(arena, object, "status", value_text(arena, agent_status_name(agent->status)));
	value_set(arena, object, "required", value_bool(arena, agent->required));
	value_set(arena, object, "error",
		  agent->error.kind ? error_value(arena, &agent->error) : value_null(arena));
	set_int(arena, object, "units", agent->units);
	set_int(arena, object, "units_done", agent->units_done);
	value_set(arena, object, "started_seconds",
		  value_real(arena, (double)agent->started_ms / 1000));
	value_set(arena, object, "seconds",
		  value_real(arena, (double)(agent->ended_ms - agent->started_ms) / 1000));
	set_int(arena, object, "calls", agent->calls);
	set_int(arena, object, "attempts", agent->attempts);
	set_int(arena, object, "tool_calls", agent->tool_calls);
	set_int(arena, object, "tool_calls_refused", agent->tool_calls_refused);
	set_int(arena, object, "refusals", agent->refusals);
	set_int(arena, object, "findings", agent->findings);
	value_set(arena, object, "usage", usage_value(arena, &agent->usage));
	value_set(arena, object, "cost_usd", cost_value(arena, agent->cost_usd));
	set_text(arena, object, "summary", agent->summary);
	set_text(arena, object, "text", agent->text);
	return object;
}

static void add_sources(struct arena *arena, struct value *object, const struct finding *finding)
{
	struct value *sources = value_array(arena);
	struct value *agents = value_array(arena);
	struct value *models = value_array(arena);

	for (size_t i = 0; i < finding->sources_len; i++) {
		struct value *source = value_object(arena);
		bool agent_seen = false;
		bool model_seen = false;

		value_set(arena, source, "agent", value_string(arena, finding->sources[i].agent));
		value_set(arena, source, "model", value_string(arena, finding->sources[i].model));
		value_append(arena, sources, source);
		for (size_t j = 0; j < i; j++) {
			agent_seen |= str_eq(finding->sources[j].agent, finding->sources[i].agent);
			model_seen |= str_eq(finding->sources[j].model, finding->sources[i].model);
		}
		if (!agent_seen)
			value_append(arena, agents, value_string(arena, finding->sources[i].agent));
		if (!model_seen)
			value_append(arena, models, value_string(arena, finding->sources[i].model));
	}
	value_set(arena, object, "agents", agents);
	value_set(arena, object, "models", models);
	value_set(arena, object, "sources", sources);
}

static struct value *finding_value(struct arena *arena, const struct finding *finding)
{
	struct value *object = value_object(arena);

	set_text(arena, object, "id", finding->id);
	value_set(arena, object, "path", value_string(arena, finding->path));
	if (finding->line) {
		set_int(arena, object, "line", finding->line);
		set_int(arena, object, "end_line", finding->end_line);
		value_set(arena, object, "side",
			  value_text(arena, finding->side == SIDE_LEFT ? "LEFT" : "RIGHT"));
	}
	value_set(arena, object, "severity", value_text(arena, severity_name(finding->severity)));
	set_text(arena, object, "category", finding->category);
	value_set(arena, object, "title", value_string(arena, finding->title));
	value_set(arena, object, "body", value_string(arena, finding->body));
	if (finding->has_suggestion)
		value_set(arena, object, "suggestion", value_string(arena, finding->suggestion));
	set_text(arena, object, "evidence", finding->evidence);
	set_text(arena, object, "quoted", finding->quoted);
	if (finding->confidence >= 0)
		value_set(arena, object, "confidence", value_real(arena, finding->confidence));
	set_int(arena, object, "votes", finding->votes);
	add_sources(arena, object, finding);
	value_set(arena, object, "placement",
		  value_text(arena, placement_name(finding->placement)));
	set_text(arena, object, "placement_reason", finding->placement_reason);
	value_set(arena, object, "published",
		  value_text(arena, published_name(finding->published)));
	set_text(arena, object, "publish_note", finding->publish_note);
	value_set(arena, object, "unverified", value_bool(arena, finding->unverified));
	value_set(arena, object, "carried", value_bool(arena, finding->carried));
	value_set(arena, object, "dismissed", value_bool(arena, finding->dismissed));
	return object;
}

/* The findings that count, then the unverified ones. */
static struct value *findings_value(struct arena *arena, const struct review_result *result)
{
	struct value *array = value_array(arena);

	for (size_t i = 0; i < result->findings.len; i++)
		value_append(arena, array, finding_value(arena, &result->findings.items[i]));
	for (size_t i = 0; i < result->unverified.len; i++)
		value_append(arena, array, finding_value(arena, &result->unverified.items[i]));
	return array;
}

static struct value *dropped_value(struct arena *arena, const struct review_result *result)
{
	struct value *array = value_array(arena);

	for (size_t i = 0; i < result->dropped.len; i++) {
		struct value *object = finding_value(arena, &result->dropped.items[i].finding);

		value_set(arena, object, "reason",
			  value_string(arena, result->dropped.items[i].reason));
		value_append(arena, array, object);
	}
	return array;
}

static struct value *coverage_value(struct arena *arena, const struct coverage *coverage)
{
	struct value *object = value_object(arena);
	struct value *skipped = value_array(arena);

	set_int(arena, object, "files", coverage->files);
	set_int(arena, object, "reviewed", coverage->reviewed);
	for (size_t i = 0; i < coverage->skipped_len; i++) {
		struct value *file = value_object(arena);

		value_set(arena, file, "path", value_string(arena, coverage->skipped[i].path));
		value_set(arena, file, "reason", value_string(arena, coverage->skipped[i].reason));
		value_set(arena, file, "by_rule", value_bool(arena, coverage->skipped[i].by_rule));
		value_append(arena, skipped, file);
	}
	value_set(arena, object, "skipped", skipped);
	return object;
}

static struct value *pull_value(struct arena *arena, const struct review_view *view)
{
	struct value *object = value_object(arena);

	set_text(arena, object, "repository", view->repository);
	if (view->number)
		set_int(arena, object, "number", view->number);
	set_text(arena, object, "base", view->base_commit);
	set_text(arena, object, "head", view->head_commit);
	return object;
}

static struct value *tool_value(struct arena *arena, const struct review_view *view)
{
	struct value *object = value_object(arena);

	value_set(arena, object, "name", value_text(arena, "outcrop"));
	value_set(arena, object, "version", value_string(arena, view->version));
	value_set(arena, object, "reviewer", value_string(arena, view->name));
	return object;
}

static struct value *counts_value(struct arena *arena, const struct findings *findings)
{
	struct published_counts counts = published_count(findings);
	struct value *object = value_object(arena);

	set_int(arena, object, "planned", counts.planned);
	set_int(arena, object, "posted", counts.posted);
	set_int(arena, object, "unchanged", counts.unchanged);
	set_int(arena, object, "failed", counts.failed);
	return object;
}

static struct value *notices_value(struct arena *arena, const struct review_result *result)
{
	struct value *array = value_array(arena);

	for (size_t i = 0; i < result->notices_len; i++)
		value_append(arena, array, value_string(arena, result->notices[i]));
	return array;
}

struct value *report_value(struct arena *arena, const struct review_view *view, struct str shard)
{
	const struct review_result *result = view->result;
	struct value *report = value_object(arena);
	struct value *agents = value_array(arena);

	for (size_t i = 0; i < result->agents.len; i++)
		value_append(arena, agents, agent_value(arena, &result->agents.items[i]));
	set_int(arena, report, "schema_version", REPORT_SCHEMA_VERSION);
	value_set(arena, report, "tool", tool_value(arena, view));
	value_set(arena, report, "pull_request", pull_value(arena, view));
	set_text(arena, report, "shard", shard);
	set_text(arena, report, "reviewers", view->reviewers);
	value_set(arena, report, "conclusion",
		  value_text(arena, conclusion_name(view->conclusion)));
	value_set(arena, report, "agents", agents);
	value_set(arena, report, "findings", findings_value(arena, result));
	value_set(arena, report, "dropped", dropped_value(arena, result));
	value_set(arena, report, "coverage", coverage_value(arena, &result->coverage));
	value_set(arena, report, "published", counts_value(arena, &result->findings));
	value_set(arena, report, "usage", usage_value(arena, &result->usage));
	value_set(arena, report, "cost_usd", cost_value(arena, result->cost_usd));
	value_set(arena, report, "seconds", value_real(arena, (double)result->seconds_ms / 1000));
	set_int(arena, report, "secrets_redacted", (int64_t)result->secrets_redacted);
	value_set(arena, report, "incomplete", value_bool(arena, result->incomplete));
	value_set(arena, report, "stopped", value_text(arena, stop_cause_names[result->stopped]));
	value_set(arena, report, "notices", notices_value(arena, result));
	return report;
}

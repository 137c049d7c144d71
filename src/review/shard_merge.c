/* Merges shards: rows, findings, coverage and sums. */
#include "review/shard_merge.h"

#include <string.h>

#include "base/map.h"
#include "finding/merge.h"
#include "review/copy.h"
#include "review/coverage.h"

/* Worse states come later; every other state replaces SKIPPED. */
static int badness(enum agent_status status)
{
	static const int order[] = {
		[AGENT_SKIPPED] = 0, [AGENT_DONE] = 1,    [AGENT_WAITING] = 2,
		[AGENT_RUNNING] = 3, [AGENT_STOPPED] = 4, [AGENT_FAILED] = 5,
	};

	return order[status];
}

static struct str joined(struct arena *arena, struct str a, struct str b)
{
	if (!a.len || !b.len)
		return arena_str(arena, a.len ? a : b);
	if (str_contains(a, b)) /* summaries of parts without findings tend to be the same */
		return arena_str(arena, a);
	return arena_printf(arena, "%.*s\n\n%.*s", STR_ARG(a), STR_ARG(b));
}

static double add_cost(double a, double b)
{
	return a < 0 || b < 0 ? -1 : a + b;
}

static void add_to_row(struct arena *arena, struct agent_result *sum,
		       const struct agent_result *row)
{
	if (badness(row->status) > badness(sum->status))
		sum->status = row->status;
	if (sum->error.kind == ERROR_NONE)
		sum->error = row->error;
	if (row->units && (!sum->units || row->started_ms < sum->started_ms))
		sum->started_ms = row->started_ms;
	sum->ended_ms = MAX_OF(sum->ended_ms, row->ended_ms);
	sum->files += row->files;
	sum->files_seen += row->files_seen;
	sum->units += row->units;
	sum->units_done += row->units_done;
	usage_add(&sum->usage, &row->usage);
	sum->cost_usd = add_cost(sum->cost_usd, row->cost_usd);
	sum->attempts += row->attempts;
	sum->calls += row->calls;
	sum->tool_calls += row->tool_calls;
	sum->tool_calls_refused += row->tool_calls_refused;
	sum->refusals += row->refusals;
	sum->findings += row->findings;
	sum->text = joined(arena, sum->text, row->text);
	sum->summary = joined(arena, sum->summary, row->summary);
	if (!str_eq(row->model_id, sum->model_id) && row->units)
		sum->model_id = arena_str(arena, row->model_id);
}

static void add_rows(struct review_result *merged, const struct review_result *result)
{
	struct arena *arena = &merged->findings.arena;

	for (size_t i = 0; i < result->agents.len; i++) {
		const struct agent_result *row = &result->agents.items[i];
		struct agent_result *sum = NULL;
		struct agent_result copy;

		for (size_t j = 0; j < merged->agents.len && !sum; j++) {
			if (str_eq(merged->agents.items[j].agent, row->agent) &&
			    str_eq(merged->agents.items[j].model, row->model))
				sum = &merged->agents.items[j];
		}
		if (sum) {
			add_to_row(arena, sum, row);
			continue;
		}
		copy = *row;
		copy.agent = arena_str(arena, row->agent);
		copy.model = arena_str(arena, row->model);
		copy.model_id = arena_str(arena, row->model_id);
		copy.file = arena_str(arena, row->file);
		copy.text = arena_str(arena, row->text);
		copy.summary = arena_str(arena, row->summary);
		VEC_PUSH(&merged->agents, copy);
	}
}

static void add_findings(struct review_result *merged, const struct review_result *result)
{
	struct arena *arena = &merged->findings.arena;

	for (size_t i = 0; i < result->findings.len; i++)
		VEC_PUSH(&merged->findings, finding_copy(arena, &result->findings.items[i]));
	for (size_t i = 0; i < result->unverified.len; i++)
		VEC_PUSH(&merged->findings, finding_copy(arena, &result->unverified.items[i]));
	for (size_t i = 0; i < result->pre_existing.len; i++)
		VEC_PUSH(&merged->findings, finding_copy(arena, &result->pre_existing.items[i]));
	for (size_t i = 0; i < result->dropped.len; i++)
		VEC_PUSH(&merged->dropped,
			 (struct dropped){
				 .finding = finding_copy(arena, &result->dropped.items[i].finding),
				 .reason = arena_str(arena, result->dropped.items[i].reason),
				 .evidence = arena_str(arena, result->dropped.items[i].evidence)});
}

/* Lists each file once that a shard could not review, or that a rule excludes. */
static void add_coverage(struct review_result *merged, const struct review_result *result,
			 struct map *listed)
{
	struct coverage *coverage = &merged->coverage;

	coverage->files = MAX_OF(coverage->files, result->coverage.files);
	for (size_t i = 0; i < result->coverage.skipped_len; i++) {
		const struct skipped_file *file = &result->coverage.skipped[i];
		struct str path;

		if (str_eq(file->reason, STR(COVERAGE_OTHER_SHARD)) || map_get(listed, file->path))
			continue;
		coverage_skip(&merged->findings.arena, coverage, file->path, file->reason,
			      file->by_rule);
		path = coverage->skipped[coverage->skipped_len - 1].path;
		map_put(listed, path, merged);
	}
}

static void add_sums(struct review_result *merged, const struct review_result *result)
{
	usage_add(&merged->usage, &result->usage);
	merged->cost_usd = add_cost(merged->cost_usd, result->cost_usd);
	merged->seconds_ms = MAX_OF(merged->seconds_ms, result->seconds_ms);
	merged->secrets_redacted += result->secrets_redacted;
	merged->incomplete |= result->incomplete;
	if (merged->stopped == STOPPED_NOT)
		merged->stopped = result->stopped;
	for (size_t i = 0; i < result->notices_len; i++)
		review_result_notice(merged, "%.*s", STR_ARG(result->notices[i]));
}

void review_merge(const struct review_result *const *results, size_t len,
		  struct review_result *merged)
{
	struct map listed = {0};

	for (size_t i = 0; i < len; i++) {
		add_rows(merged, results[i]);
		add_findings(merged, results[i]);
		add_coverage(merged, results[i], &listed);
		add_sums(merged, results[i]);
	}
	merged->coverage.reviewed = merged->coverage.files - (int64_t)merged->coverage.skipped_len;
	findings_merge(&merged->findings, &(struct finding_vectors){0});
	findings_rank(&merged->findings);
	review_result_split(merged);
	map_release(&listed);
}

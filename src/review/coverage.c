/* Coverage: each file is reviewed, or listed with a reason. */
#include "review/coverage.h"

#include "task/task.h"

#include <stdlib.h>
#include <string.h>

/* Maximum number of reasons that a notice lists. */
enum { NOTED_REASONS_MAX = 5 };

/* The first shortcoming of each file; NULL: none. */
static void note_units(const struct review_run *run, const struct unit_state **problems)
{
	for (size_t i = 0; i < run->plan.units_len; i++) {
		const struct unit *unit = &run->plan.units[i];
		const struct unit_state *state = &run->states[i];

		/* A file is reviewed if its findings exist, whether they were double-checked or not. */
		if (state->status == UNIT_DONE || unit->agent->output == AGENT_VERDICTS)
			continue;
		for (size_t j = 0; j < unit->view.len; j++) {
			const struct unit_state **problem = &problems[unit->view.parts[j].file];
			if (!*problem)
				*problem = state;
		}
	}
}

/* Files of chunks that another shard reviews. */
static void note_shards(const struct review_run *run, bool *elsewhere)
{
	const struct plan *plan = &run->plan;
	int shard = run->review->options.shard;

	for (size_t i = 0; plan->shard_of && shard && i < plan->chunks_len; i++) {
		for (size_t j = 0; plan->shard_of[i] != shard && j < plan->chunks[i].len; j++)
			elsewhere[plan->chunks[i].parts[j].file] = true;
	}
}

/* Short: the agent's own row has the error. */
static struct str stop_reason(const struct review_run *run, const struct unit_state *state)
{
	const struct unit *unit = &run->plan.units[state - run->states];

	if (state->status == UNIT_STOPPED && run->stopped != STOPPED_NOT)
		return str_from(stop_cause_text(run->stopped));
	return arena_printf(&run->result->findings.arena, "agent \"%.*s\" did not finish",
			    STR_ARG(unit->agent->name));
}

/* Appends the globs as a list: "a", "b". */
static void add_globs(struct buf *out, const struct strings *globs)
{
	for (size_t i = 0; i < globs->len; i++)
		buf_addf(out, "%s\"%.*s\"", i ? ", " : "", STR_ARG(globs->items[i]));
}

/* Appends a reason and, if the user's patterns caused it, those patterns. */
static void add_reason(struct buf *out, const struct review *review, struct str reason)
{
	buf_add_text(out, out->len ? "; " : "");
	buf_add(out, reason);
	if (str_eq(reason, STR(RULE_NOT_INCLUDED))) {
		buf_add_text(out, " (");
		add_globs(out, &review->options.include);
		buf_add_char(out, ')');
	}
	for (size_t i = 0; str_eq(reason, STR(RULE_NO_AGENT)) && i < review->agents->len; i++) {
		const struct agent *agent = &review->agents->items[i];

		buf_addf(out, "%s%.*s: ", i ? "; " : " (", STR_ARG(agent->name));
		add_globs(out, &agent->paths);
		buf_add_text(out, i + 1 == review->agents->len ? ")" : "");
	}
}

static bool is_first_of_reason(const struct coverage *coverage, size_t idx)
{
	for (size_t i = 0; i < idx; i++) {
		if (str_eq(coverage->skipped[i].reason, coverage->skipped[idx].reason))
			return false;
	}
	return true;
}

/* Returns why no model saw a file. */
static void note_nothing_reviewed(struct review_run *run)
{
	SCOPED(buf) struct buf reasons = BUF_INIT;
	const struct coverage *coverage = &run->result->coverage;
	size_t seen = 0;

	for (size_t i = 0; i < coverage->skipped_len && seen < NOTED_REASONS_MAX; i++) {
		if (!is_first_of_reason(coverage, i))
			continue;
		add_reason(&reasons, run->review, coverage->skipped[i].reason);
		seen++;
	}
	review_result_notice(run->result,
			     "Nothing was reviewed; every changed file is skipped: %.*s",
			     STR_ARG(buf_str(&reasons)));
}

/* Whether only rules excluded all files from this run. */
static bool all_by_rule(const struct coverage *coverage)
{
	for (size_t i = 0; i < coverage->skipped_len; i++) {
		if (!coverage->skipped[i].by_rule ||
		    str_eq(coverage->skipped[i].reason, STR(COVERAGE_OTHER_SHARD)))
			return false;
	}
	return true;
}

/* Counts, for each row, the files that it had to see and the files that it saw completely. */
static void fill_rows(struct review_run *run, const bool *elsewhere)
{
	enum { SHOWN = 1, FAILED = 2 };
	const struct plan *plan = &run->plan;
	unsigned char *files = NEW_ARRAY(unsigned char, plan->diff->len + 1);

	for (size_t row = 0; row < run->result->agents.len; row++) {
		struct agent_result *agent = &run->result->agents.items[row];
		const bool *sees = plan->sees[plan->rows[row].agent];

		memset(files, 0, plan->diff->len);
		for (size_t i = 0; i < plan->units_len; i++) {
			const struct unit *unit = &plan->units[i];
			bool done = run->states[i].status == UNIT_DONE;

			for (size_t j = 0; unit->row == row && j < unit->view.len; j++)
				files[unit->view.parts[j].file] |= done ? SHOWN : FAILED;
		}
		for (size_t i = 0; i < plan->diff->len; i++) {
			agent->files += sees[i] && !elsewhere[i];
			agent->files_seen += sees[i] && !elsewhere[i] && files[i] == SHOWN;
		}
	}
	free(files);
}

void coverage_fill(struct review_run *run)
{
	const struct plan *plan = &run->plan;
	struct arena *arena = &run->result->findings.arena;
	struct coverage *coverage = &run->result->coverage;
	const struct unit_state **problems =
		NEW_ARRAY(const struct unit_state *, plan->diff->len + 1);
	bool *elsewhere = NEW_ARRAY(bool, plan->diff->len + 1);

	note_units(run, problems);
	note_shards(run, elsewhere);
	fill_rows(run, elsewhere);
	coverage->files = plan->coverage.files;
	for (size_t i = 0; i < plan->coverage.skipped_len; i++) {
		const struct skipped_file *file = &plan->coverage.skipped[i];
		coverage_skip(arena, coverage, file->path, file->reason, file->by_rule);
	}
	for (size_t i = 0; i < plan->diff->len; i++) {
		struct str path = plan->diff->files[i].path;

		task_breathe();
		if (plan->skipped[i])
			continue;
		if (problems[i])
			coverage_skip(arena, coverage, path, stop_reason(run, problems[i]), false);
		else if (elsewhere[i])
			coverage_skip(arena, coverage, path, STR(COVERAGE_OTHER_SHARD), true);
		else
			coverage->reviewed++;
	}
	if (coverage->files && !coverage->reviewed && all_by_rule(coverage))
		note_nothing_reviewed(run);
	free(elsewhere);
	free(problems);
}

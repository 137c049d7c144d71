/* Collects rows, then findings in the order of the plan, so that equal replies give equal results. */
#include "review/collect.h"

#include "base/utf8.h"
#include "finding/merge.h"
#include "review/coverage.h"
#include "review/referee.h"
#include "review/secrets.h"
#include "review/take.h"

/* Maximum size of a text field of a row, when many units add to it. */
enum { ROW_TEXT_SIZE_MAX = 200000 };

/* ---- Rows. ---- */

static void note_unit(struct review_run *run, size_t idx)
{
	struct agent_result *row = run_row(run, &run->plan.units[idx]);
	const struct unit_state *state = &run->states[idx];

	if (state->status == UNIT_FAILED)
		row->status = AGENT_FAILED;
	else if (state->status == UNIT_STOPPED && row->status != AGENT_FAILED)
		row->status = AGENT_STOPPED;
	if (state->status != UNIT_DONE && row->error.kind == ERROR_NONE)
		error_set(&row->error, ERROR_LIMIT, "not started: %s",
			  stop_cause_text(run->stopped));
}

static void end_rows(struct review_run *run)
{
	struct review_result *result = run->result;

	for (size_t i = 0; i < run->plan.units_len; i++)
		note_unit(run, i);
	for (size_t i = 0; i < result->agents.len; i++) {
		struct agent_result *row = &result->agents.items[i];
		if (!row->units)
			row->status = AGENT_SKIPPED;
		else if (row->status == AGENT_WAITING || row->status == AGENT_RUNNING)
			row->status = AGENT_DONE;
		usage_add(&result->usage, &row->usage);
		if (row->cost_usd < 0)
			result->cost_usd = -1;
		else if (result->cost_usd >= 0)
			result->cost_usd += row->cost_usd;
		result->incomplete |= row->status == AGENT_FAILED || row->status == AGENT_STOPPED;
	}
}

/* Appends a unit's text, a blank line before it. False when some of it was cut off. */
static bool add_text(struct buf *out, struct str text)
{
	struct str cut =
		utf8_cut(text, ROW_TEXT_SIZE_MAX - MIN_OF(out->len, (size_t)ROW_TEXT_SIZE_MAX));

	if (cut.len)
		buf_addf(out, "%s%.*s", out->len ? "\n\n" : "", STR_ARG(cut));
	return cut.len == text.len;
}

/* Joins the texts of a row's units. A text that is too long is truncated, with a note. */
static void join_texts(struct review_run *run, size_t row)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	SCOPED(buf) struct buf summary = BUF_INIT;
	struct agent_result *result = &run->result->agents.items[row];
	struct arena *arena = &run->result->findings.arena;
	bool whole = true;

	for (size_t i = 0; i < run->plan.units_len; i++) {
		const struct unit_state *state = &run->states[i];

		if (run->plan.units[i].row != row || state->status != UNIT_DONE)
			continue;
		whole &= add_text(&text, state->text);
		/* Chunks without findings tend to have identical summaries; keep one. */
		if (!str_contains(buf_str(&summary), state->summary))
			whole &= add_text(&summary, state->summary);
	}
	if (!whole)
		review_result_notice(
			run->result,
			"The answer of agent %.*s is cut: at most %d bytes of it are shown.",
			STR_ARG(result->agent), ROW_TEXT_SIZE_MAX);
	result->text = arena_str(arena, buf_str(&text));
	result->summary = arena_str(arena, buf_str(&summary));
}

/* ---- Findings. ---- */

/* How many models of that agent reported the finding. */
static int64_t agent_votes(const struct finding *finding, struct str agent)
{
	int64_t votes = 0;

	for (size_t i = 0; i < finding->sources_len; i++)
		votes += str_eq(finding->sources[i].agent, agent);
	return votes;
}

/* Whether one of the agents that reported the finding has the number of votes that it requires. */
static bool is_elected(const struct agents *agents, const struct finding *finding)
{
	if (agent_votes(finding, STR(AGENT_NAME_OURS)))
		return true;
	for (size_t i = 0; i < agents->len; i++) {
		int64_t votes = agent_votes(finding, agents->items[i].name);
		if (votes && votes >= agents->items[i].votes)
			return true;
	}
	return false;
}

static void apply_votes(struct review_run *run)
{
	struct review_result *result = run->result;
	struct findings *findings = &result->findings;
	size_t kept = 0;

	for (size_t i = 0; i < findings->len; i++) {
		struct finding *finding = &findings->items[i];
		if (is_elected(run->review->agents, finding))
			findings->items[kept++] = *finding;
		else
			take_drop(
				result, finding,
				arena_printf(
					&findings->arena,
					"reported by %d of the agent's models, too few for its votes",
					finding->votes),
				STR_EMPTY);
	}
	findings->len = kept;
}

/* Computes a vector per finding with the run's embedder; none without an embedder, or if it fails. */
static struct finding_vectors embed_findings(struct review_run *run)
{
	const struct model *embedder = run->review->embedder;
	const struct findings *findings = &run->result->findings;
	struct error err = {0};
	struct embed_reply reply;
	struct str *texts;
	struct embed_request request;

	if (!embedder || findings->len < 2)
		return (struct finding_vectors){0};
	texts = ARENA_ARRAY(&run->arena, struct str, findings->len);
	for (size_t i = 0; i < findings->len; i++)
		texts[i] =
			arena_printf(&run->arena, "%.*s\n%.*s", STR_ARG(findings->items[i].title),
				     STR_ARG(findings->items[i].body));
	request = (struct embed_request){
		.texts = texts, .len = findings->len, .input_type = STR("clustering")};
	if (!model_embed(embedder, &run->arena, &request, &reply, &err)) {
		review_result_notice(run->result, "findings were not merged by meaning: %s",
				     err.message);
		return (struct finding_vectors){0};
	}
	run_count_usage(run, embedder, &reply.usage);
	return (struct finding_vectors){reply.vectors, reply.dimensions};
}

/* Findings that a referee judged are taken from it; the others as they were reported. */
static void take_findings(struct review_run *run)
{
	bool *judged = ARENA_ARRAY(&run->arena, bool, run->plan.units_len + 1);

	for (size_t i = 0; i < run->plan.units_len; i++) {
		const struct unit *unit = &run->plan.units[i];

		if (unit->agent->output != AGENT_VERDICTS)
			continue;
		referee_apply(run, i);
		for (size_t j = 0; j < unit->needs_len; j++)
			judged[unit->needs[j]] = true;
	}
	for (size_t i = 0; i < run->plan.units_len; i++) {
		if (!judged[i])
			take_unit(run, i, &run->result->findings, true);
	}
}

void collect(struct review_run *run)
{
	struct review_result *result = run->result;
	struct finding_vectors vectors;

	end_rows(run);
	for (size_t i = 0; i < result->agents.len; i++)
		join_texts(run, i);
	take_findings(run);
	secrets_report(run);
	vectors = embed_findings(run);
	findings_merge(&result->findings, &vectors);
	apply_votes(run);
	findings_rank(&result->findings);
	review_result_split(result);
	coverage_fill(run);
	result->stopped = run->stopped;
	result->incomplete |= run->stopped != STOPPED_NOT;
	result->seconds_ms = run_elapsed_ms(run);
}

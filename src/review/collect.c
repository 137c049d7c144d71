/* Collecting: rows, then findings in the plan's order, so that equal replies give equal results. */
#include "review/collect.h"

#include "base/utf8.h"
#include "finding/merge.h"
#include "finding/place.h"
#include "review/copy.h"
#include "review/coverage.h"

/* What a text field of a row may grow to, when many units add to it. */
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
		row->error = state->error;
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

/* Joins the texts of a row's units. What is too long is cut and said to be. */
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

static void drop(struct review_result *result, const struct finding *finding, struct str reason)
{
	VEC_PUSH(&result->dropped, (struct dropped){.finding = *finding, .reason = reason});
}

/* Whether an agent's findings are shown at all, whatever `max_findings` is. */
static bool is_above_floor(const struct agent *agent, const struct finding *finding)
{
	return !agent->has_min_severity || finding->severity <= agent->min_severity;
}

/* Whether `a` is kept rather than `b`. */
static bool is_kept_before(const struct finding *a, const struct finding *b)
{
	if (a->severity != b->severity)
		return a->severity < b->severity;
	return a->confidence > b->confidence || (!(a->confidence < b->confidence) && a < b);
}

/* Whether the unit has `max_findings` others to keep. Critical and high findings are always kept. */
static bool is_beyond_max(const struct agent *agent, const struct findings *unit, size_t idx)
{
	const struct finding *finding = &unit->items[idx];
	int64_t before = 0;

	if (!agent->max_findings || finding->severity <= SEVERITY_HIGH || !finding_counts(finding))
		return false;
	for (size_t i = 0; i < unit->len; i++)
		before +=
			finding_counts(&unit->items[i]) && is_kept_before(&unit->items[i], finding);
	return before >= agent->max_findings;
}

static void take_unit(struct review_run *run, size_t idx)
{
	const struct agent *agent = run->plan.units[idx].agent;
	const struct unit_state *state = &run->states[idx];
	struct findings *findings = &run->result->findings;
	SCOPED(findings) struct findings placed = {0};

	for (size_t i = 0; state->status == UNIT_DONE && i < state->findings.len; i++) {
		struct finding finding = finding_copy(&findings->arena, &state->findings.items[i]);
		finding_place(findings, &finding, &run->diff);
		VEC_PUSH(&placed, finding);
	}
	for (size_t i = 0; i < placed.len; i++) {
		struct finding *finding = &placed.items[i];

		if (!is_above_floor(agent, finding))
			drop(run->result, finding,
			     arena_printf(&findings->arena, "below the agent's min_severity \"%s\"",
					  severity_name(agent->min_severity)));
		else if (is_beyond_max(agent, &placed, i))
			drop(run->result, finding,
			     arena_printf(&findings->arena,
					  "more than the agent's max_findings (%lld)",
					  (long long)agent->max_findings));
		else
			VEC_PUSH(findings, *finding);
	}
}

/* How many models of that agent reported it. */
static int64_t agent_votes(const struct finding *finding, struct str agent)
{
	int64_t votes = 0;

	for (size_t i = 0; i < finding->sources_len; i++)
		votes += str_eq(finding->sources[i].agent, agent);
	return votes;
}

/* One of the agents that reported it has as many votes for it as it asks for. */
static bool is_elected(const struct agents *agents, const struct finding *finding)
{
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
			drop(result, finding,
			     arena_printf(
				     &findings->arena,
				     "reported by %d of the agent's models, too few for its votes",
				     finding->votes));
	}
	findings->len = kept;
}

/* One vector a finding, from the run's embedder; none when there is no embedder or it fails. */
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

void collect(struct review_run *run)
{
	struct review_result *result = run->result;
	struct finding_vectors vectors;

	end_rows(run);
	for (size_t i = 0; i < result->agents.len; i++)
		join_texts(run, i);
	for (size_t i = 0; i < run->plan.units_len; i++)
		take_unit(run, i);
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

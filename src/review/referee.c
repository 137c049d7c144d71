/* Judges merged findings again: the input of the referee, its answer, and the consequences. */
#include "review/referee.h"

#include "base/log.h"
#include "base/utf8.h"
#include "finding/merge.h"
#include "review/copy.h"
#include "review/redacted.h"
#include "review/take.h"

enum { CLAIM_CODE_SIZE_MAX = 600 };

/* Returns the same findings in the same order on each call, because all units that it reads have ended. */
static void gather(struct review_run *run, const struct unit *unit, struct findings *merged,
		   bool note)
{
	for (size_t i = 0; i < unit->needs_len; i++)
		take_unit(run, unit->needs[i], merged, note);
	findings_merge(merged, NULL);
}

bool referee_is_needed(struct review_run *run, size_t idx)
{
	SCOPED(findings) struct findings merged = {0};
	size_t count = 0;
	bool severe = false;

	gather(run, &run->plan.units[idx], &merged, false);
	for (size_t i = 0; i < merged.len; i++) {
		count += finding_counts(&merged.items[i]);
		severe |= finding_counts(&merged.items[i]) &&
			  merged.items[i].severity < SEVERITY_MEDIUM;
	}
	return count > 1 || severe;
}

/* ---- What it is shown ---- */

static void add_claim(struct buf *out, const struct finding *finding, size_t number)
{
	struct str code = finding->quoted.len ? finding->quoted : finding->evidence;
	struct str line;

	buf_addf(out, "F%zu, %s, ", number, severity_name(finding->severity));
	if (finding->path.len)
		buf_add(out, finding->path);
	else
		buf_add_text(out, "the whole change");
	if (finding->line)
		buf_addf(out, ":%u-%u%s", finding->line, finding->end_line,
			 finding->side == SIDE_LEFT ? " (deleted lines)" : "");
	buf_addf(out, ": %.*s\n", STR_ARG(finding->title));
	code = utf8_cut(code, CLAIM_CODE_SIZE_MAX);
	while (str_next_line(&code, &line, NULL))
		buf_addf(out, "    %.*s\n", STR_ARG(line));
}

struct str referee_claims(struct arena *arena, struct review_run *run, const struct unit *unit)
{
	SCOPED(findings) struct findings merged = {0};
	SCOPED(buf) struct buf out = BUF_INIT;

	gather(run, unit, &merged, false);
	for (size_t i = 0; i < merged.len; i++) {
		if (finding_counts(&merged.items[i]))
			add_claim(&out, &merged.items[i], i + 1);
	}
	return arena_str(arena, buf_str(&out));
}

/* ---- What it answers ---- */

/* Searches one of a hunk's two texts: without the deleted or without the added lines. */
static bool is_in_hunk(const struct diff_hunk *hunk, char without, struct str quote)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	for (size_t i = 0; i < hunk->len; i++) {
		const struct diff_line *line = &hunk->lines[i];

		if (line->kind != without)
			buf_addf(&text, "%.*s\n", STR_ARG(line->text));
	}
	return quote_is_in(buf_str(&text), quote);
}

static bool is_in_chunk(const struct review_run *run, const struct unit *unit, char without,
			struct str quote)
{
	for (size_t i = 0; i < unit->view.len; i++) {
		const struct diff_file *file = &run->diff.files[unit->view.parts[i].file];

		for (size_t j = 0; j < file->len; j++) {
			if (is_in_hunk(&file->hunks[j], without, quote))
				return true;
		}
	}
	return false;
}

static bool was_read(const struct chat *chat, struct str quote)
{
	for (size_t i = 0; i < chat->len; i++) {
		for (size_t j = 0; j < chat->messages[i].len; j++) {
			const struct block *block = &chat->messages[i].blocks[j];

			if (block->kind == BLOCK_TOOL_RESULT && !block->is_error &&
			    quote_is_in(block->text, quote))
				return true;
		}
	}
	return false;
}

bool referee_take(struct review_run *run, const struct unit *unit, const struct chat *chat,
		  const struct value *value, struct unit_state *state, struct error *err)
{
	struct arena *arena = &state->findings.arena;
	struct verdicts *verdicts = &state->verdicts;

	if (!verdicts_decode(value, arena, verdicts, err))
		return false;
	for (size_t i = 0; i < verdicts->len; i++) {
		struct verdict *verdict = &verdicts->items[i];

		verdict->why = answer_redact(arena, verdict->why, &run->result->secrets_redacted);
		verdict->evidence =
			answer_redact(arena, verdict->evidence, &run->result->secrets_redacted);
		if (verdict->kind == VERDICT_KEEP ||
		    is_in_chunk(run, unit, LINE_DELETED, verdict->evidence) ||
		    is_in_chunk(run, unit, LINE_ADDED, verdict->evidence) ||
		    was_read(chat, verdict->evidence))
			continue;
		log_debug("review",
			  "%.*s is kept: what refutes it is not in the code that was read",
			  STR_ARG(verdict->id));
		verdict->kind = VERDICT_KEEP;
	}
	return true;
}

/* ---- What follows ---- */

/* The findings of a chunk, while verdicts are applied. */
struct judged {
	struct review_run *run;
	const struct unit *unit; /* the referee's */
	struct findings *merged;
	const struct verdicts *verdicts;
	bool *gone; /* per finding: whether it is dropped, or joined to another */
};

/* The index of the finding with that id; `len` if there is none to judge. */
static size_t find(const struct judged *judged, struct str id)
{
	size_t len = judged->merged->len;
	int64_t number;

	if (!str_starts(id, STR("F")) || !str_to_int64(str_skip(id, 1), &number) || number < 1 ||
	    (uint64_t)number > len || !finding_counts(&judged->merged->items[number - 1]))
		return len;
	return (size_t)number - 1;
}

/*
 * The finder already knew the code that the finding quotes, so that code refutes nothing: such a
 * finding is at most moved, and stays visible. Code on both sides of the change was moved, not
 * changed.
 */
static bool is_refuted(const struct judged *judged, const struct finding *finding,
		       const struct verdict *verdict)
{
	struct str own = finding->evidence.len ? finding->evidence : finding->quoted;
	char own_side = finding->side == SIDE_LEFT ? LINE_DELETED : LINE_ADDED;

	if (verdict->kind != VERDICT_DROP)
		return false;
	return quote_adds_to(own, verdict->evidence) ||
	       is_in_chunk(judged->run, judged->unit, own_side, own);
}

static void drop_refuted(struct judged *judged)
{
	for (size_t i = 0; i < judged->verdicts->len; i++) {
		const struct verdict *verdict = &judged->verdicts->items[i];
		size_t idx = find(judged, verdict->id);

		if (idx == judged->merged->len || judged->gone[idx] ||
		    !is_refuted(judged, &judged->merged->items[idx], verdict))
			continue;
		judged->gone[idx] = true;
		take_drop(judged->run->result, &judged->merged->items[idx], verdict->why,
			  verdict->evidence);
	}
}

static void join_same(struct judged *judged)
{
	struct finding *items = judged->merged->items;

	for (size_t i = 0; i < judged->verdicts->len; i++) {
		size_t idx = find(judged, judged->verdicts->items[i].id);
		size_t into = find(judged, judged->verdicts->items[i].same_as);
		size_t len = judged->merged->len;

		if (idx == len || into == len || idx == into || judged->gone[idx] ||
		    judged->gone[into] || !str_eq(items[idx].path, items[into].path))
			continue;
		finding_join(&judged->merged->arena, &items[into], &items[idx]);
		judged->gone[idx] = true;
	}
}

static void move_minor(struct judged *judged)
{
	for (size_t i = 0; i < judged->verdicts->len; i++) {
		const struct verdict *verdict = &judged->verdicts->items[i];
		size_t idx = find(judged, verdict->id);
		struct finding *finding;

		if (verdict->kind == VERDICT_KEEP || idx == judged->merged->len ||
		    judged->gone[idx])
			continue;
		finding = &judged->merged->items[idx];
		finding->placement = PLACEMENT_SUMMARY;
		finding->placement_reason = arena_printf(
			&judged->merged->arena, "the referee: %.*s", STR_ARG(verdict->why));
	}
}

static void mark_unchecked(struct review_run *run, const struct unit *unit, struct findings *merged)
{
	if (run->states[unit - run->plan.units].status == UNIT_DONE)
		return;
	for (size_t i = 0; i < merged->len; i++)
		merged->items[i].unchecked = true;
	if (merged->len)
		review_result_notice(
			run->result,
			"Findings are not double-checked: agent \"%.*s\" did not finish.",
			STR_ARG(unit->agent->name));
}

void referee_apply(struct review_run *run, size_t idx)
{
	const struct unit *unit = &run->plan.units[idx];
	SCOPED(findings) struct findings merged = {0};
	struct findings *all = &run->result->findings;
	struct judged judged = {
		.run = run,
		.unit = unit,
		.merged = &merged,
		.verdicts = &run->states[idx].verdicts,
	};

	gather(run, unit, &merged, true);
	judged.gone = ARENA_ARRAY(&run->arena, bool, merged.len + 1);
	mark_unchecked(run, unit, &merged);
	drop_refuted(&judged);
	join_same(&judged);
	move_minor(&judged);
	for (size_t i = 0; i < merged.len; i++) {
		if (!judged.gone[i])
			VEC_PUSH(all, finding_copy(&all->arena, &merged.items[i]));
	}
}

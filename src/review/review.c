/* One review from end to end: prepare, plan, run, collect. */
#include "review/review.h"

#include "agent/prompt.h"
#include "agent/tools.h"
#include "base/log.h"
#include "redact/path.h"
#include "review/collect.h"
#include "review/contexts.h"
#include "review/plan.h"
#include "review/plan_files.h"
#include "review/redacted.h"
#include "review/review_run.h"
#include "review/schedule.h"

/* Maximum number of listed files that no agent reviews. */
enum { NOT_SHOWN_SIZE_MAX = 4000 };

/* The change without secrets, as all later steps see it. */
static void prepare_change(struct review_run *run)
{
	const struct change *change = run->review->change;
	size_t *redacted = &run->result->secrets_redacted;

	*redacted += diff_redact(&run->diff, change->diff);
	run->change = *change;
	run->change.diff = &run->diff;
	placer_init(&run->placer, &run->diff);
	run->change.title = text_redact(&run->arena, change->title, redacted);
	run->change.body = text_redact(&run->arena, change->body, redacted);
	run->change.head_ref = text_redact(&run->arena, change->head_ref, redacted);
}

static struct str list_not_shown(struct review_run *run)
{
	SCOPED(buf) struct buf list = BUF_INIT;
	const struct coverage *coverage = &run->plan.coverage;

	for (size_t i = 0; i < coverage->skipped_len; i++) {
		if (list.len > NOT_SHOWN_SIZE_MAX) {
			buf_addf(&list, "and %zu more files\n", coverage->skipped_len - i);
			break;
		}
		path_add(&list, coverage->skipped[i].path);
		buf_addf(&list, ": %.*s\n", STR_ARG(coverage->skipped[i].reason));
	}
	return arena_str(&run->arena, buf_str(&list));
}

static void make_rows(struct review_run *run)
{
	struct arena *arena = &run->result->findings.arena;

	for (size_t i = 0; i < run->plan.rows_len; i++) {
		const struct plan_row *row = &run->plan.rows[i];
		const struct agent *agent = &run->review->agents->items[row->agent];
		VEC_PUSH(&run->result->agents,
			 (struct agent_result){.agent = arena_str(arena, agent->name),
					       .model = arena_str(arena, row->model->alias),
					       .model_id = arena_str(arena, row->model->id),
					       .required = agent->required,
					       .file = arena_str(arena, agent->file),
					       .units = row->units});
	}
}

/* max_cost_usd and limits.cost_usd can only be kept with models of known price. */
static bool check_prices(const struct review_run *run, struct error *err)
{
	double cost_max = run->review->options.max_cost_usd;

	for (size_t i = 0; i < run->plan.rows_len; i++) {
		const struct plan_row *row = &run->plan.rows[i];
		const struct agent *agent = &run->review->agents->items[row->agent];
		if (price_known(&row->model->price) || (cost_max < 0 && agent->limits.cost_usd < 0))
			continue;
		return error_set(
			err, ERROR_CONFIG,
			"%s is set, but the price of model \"%.*s\" is not known: set its price in models:, or remove the limit",
			cost_max < 0 ? "limits.cost_usd"
				     : log_setting("max-cost-usd", "--max-cost-usd"),
			STR_ARG(row->model->alias));
	}
	return true;
}

/* The parts that the requests of many units share. */
static void make_requests(struct review_run *run)
{
	SCOPED(buf) struct buf files = BUF_INIT;
	SCOPED(buf) struct buf overview = BUF_INIT;
	const struct plan *plan = &run->plan;

	prompt_files(&files, run->change.all_paths, run->change.all_paths_len);
	run->files = arena_str(&run->arena, buf_str(&files));
	prompt_overview(&overview, &(struct prompt_overview){.files = run->files,
							     .files_len = run->change.all_paths_len,
							     .not_shown = list_not_shown(run)});
	run->overview = arena_str(&run->arena, buf_str(&overview));
	run->requests = ARENA_ARRAY(&run->arena, struct row_request, plan->rows_len + 1);
	for (size_t i = 0; i < plan->rows_len; i++) {
		const struct plan_row *row = &plan->rows[i];

		row_request_build(&run->arena, &run->review->agents->items[row->agent], row->model,
				  plan->refereed, &run->requests[i]);
	}
}

static void make_state(struct review_run *run)
{
	const struct review *review = run->review;
	size_t agents = review->agents->len;

	run->states = ARENA_ARRAY(&run->arena, struct unit_state, run->plan.units_len + 1);
	run->contexts = ARENA_ARRAY(&run->arena, struct str, agents + 1);
	run->spendings = ARENA_ARRAY(&run->arena, struct spending, agents + 1);
	for (size_t i = 0; i < agents; i++)
		run->spendings[i].cost_max = review->agents->items[i].limits.cost_usd;
	budget_init(&run->budget, run->loop, review->options.max_calls,
		    review->options.max_cost_usd);
	make_requests(run);
}

static bool give_turn(struct error *err)
{
	return task_yield(err);
}

static void make_tools(struct review_run *run, struct tools *tools)
{
	*tools = (struct tools){.source = run->change.head,
				.changed = run->change.all_paths,
				.changed_len = run->change.all_paths_len,
				.pause = give_turn};
	run->tools = tools;
}

static void read_contexts(void *arg)
{
	struct review_run *run = arg;
	struct error err = {0};

	if (!plan_read_files(&run->plan, run->review, &err)) {
		log_debug("review", "files: %s", err.message);
		return;
	}
	contexts_fill(arg);
}

/* Limited by the run's time, and stopped with it: files may have to come from an API. */
static void wait_for_contexts(struct review_run *run)
{
	struct error err = {0};

	group_spawn(&run->group, "context", read_contexts, run);
	if (!task_join(&run->group, &err))
		log_debug("review", "contexts: %s", err.message);
}

static void run_units(struct review_run *run)
{
	const struct review *review = run->review;
	const struct progress *progress = &review->progress;
	struct tools tools;

	make_tools(run, &tools);
	if (progress->ops && progress->ops->planned)
		progress->ops->planned(progress->ctx, run->result, (int)run->plan.units_len);
	group_init(&run->group, review->group);
	if (review->options.timeout_ms > 0)
		group_set_deadline(&run->group, review->options.timeout_ms);
	wait_for_contexts(run);
	schedule(run);
	run_note_cancel(run);
	group_release(&run->group);
	collect(run);
	if (progress->ops && progress->ops->ended)
		progress->ops->ended(progress->ctx, run->result);
	tools_release(&tools);
}

static void review_run_release(struct review_run *run)
{
	for (size_t i = 0; run->states && i < run->plan.units_len; i++)
		findings_release(&run->states[i].findings);
	plan_release(&run->plan);
	placer_release(&run->placer);
	diff_release(&run->diff);
	arena_release(&run->arena);
}

bool review_run(struct review *review, struct review_result *result, struct error *err)
{
	SCOPED(review_run)
	struct review_run run = {.review = review, .result = result, .loop = loop_current()};

	*result = (struct review_result){0};
	run.started_ms = clock_ms(loop_clock(run.loop));
	prepare_change(&run);
	if (!plan_make(&run.plan, review, &run.diff, err) || !check_prices(&run, err)) {
		review_result_release(result);
		return false;
	}
	make_state(&run);
	make_rows(&run);
	run_units(&run);
	if (run.fatal.kind == ERROR_NONE)
		return true;
	review_result_release(result);
	*err = run.fatal;
	return false;
}

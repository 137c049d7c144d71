/* Calls a model, runs tools, and calls it again; then reports the outcome to the rows and the watchers. */
#include "review/converse.h"

#include "base/log.h"
#include "base/map.h"
#include "base/tokens.h"
#include "review/estimate.h"
#include "review/redacted.h"
#include "review/referee.h"
#include "review/scan.h"
#include "review/tooluse.h"
#include "review/unit_answer.h"
#include "review/unit_request.h"
#include "task/task.h"

/* The worst case assumes three bytes a token, where estimates assume four; plus some for the wrapping. */
enum { WORST_BYTES_A_TOKEN = 3, WORST_EXTRA_TOKENS = 500, SECOND_MS = 1000 };

struct conversation {
	struct review_run *run;
	const struct unit *unit;
	struct unit_state *state;
	struct agent_result *row;
	struct spending *spending;
	struct group *group;
	struct arena arena;
	struct chat chat;
	struct scan scan;
	struct map titles; /* already reported: a repeated answer repeats them */
	bool timed;        /* limits.seconds has begun */
	bool waiting;      /* an attempt failed, and the next one has not started */
	bool heard;        /* a byte of the current reply has arrived */
	bool enlarged;     /* max_tokens was raised once already */
	int corrections;
	enum stop_cause stopped_by; /* the run's budget refused one of our calls */
};

/* ---- What is heard while a reply comes in. ---- */

static void begin_time(struct conversation *talk)
{
	if (talk->timed)
		return;
	talk->timed = true;
	if (talk->unit->agent->limits.seconds > 0)
		group_set_deadline(talk->group, talk->unit->agent->limits.seconds * SECOND_MS);
}

/* A unit that waits for the service holds no permit: another one can start instead. */
static void set_waiting(struct conversation *talk, bool waiting)
{
	if (talk->waiting == waiting)
		return;
	talk->waiting = waiting;
	talk->run->units_waiting += waiting ? 1 : -1;
	run_wake(talk->run);
}

static void on_sent(void *ctx)
{
	begin_time(ctx);
	set_waiting(ctx, false);
}

static void on_first_byte(void *ctx)
{
	struct conversation *talk = ctx;

	talk->heard = true;
	if (talk->state->first_byte)
		return;
	talk->state->first_byte = true;
	run_wake(talk->run);
}

static void on_tool_input(void *ctx, struct str name, struct str fragment)
{
	struct conversation *talk = ctx;

	if (request_means_tool(name, request_answer_tool(talk->unit->agent)))
		scan_add(&talk->scan, fragment);
}

static void on_title(void *ctx, struct str title)
{
	struct conversation *talk = ctx;
	const struct progress *progress = &talk->run->review->progress;
	SCOPED(arena) struct arena arena = ARENA_INIT;
	size_t replaced = 0;

	if (map_get(&talk->titles, title))
		return;
	map_put(&talk->titles, arena_str(&talk->arena, title), talk);
	/* A model can quote a secret that it put together from the pieces it saw: progress goes to the log. */
	if (progress->ops && progress->ops->finding_seen)
		progress->ops->finding_seen(progress->ctx, talk->row,
					    answer_redact(&arena, title, &replaced));
}

/* Tokens of an answer that broke off: the number of missing tokens and their cost are unknown. */
static void on_billed(void *ctx, const struct usage *usage)
{
	struct conversation *talk = ctx;

	usage_add(&talk->row->usage, usage);
	talk->row->cost_usd = -1;
}

static void on_attempt(void *ctx, int attempt, const struct error *err, int64_t wait_ms)
{
	struct conversation *talk = ctx;
	const struct progress *progress = &talk->run->review->progress;

	begin_time(talk);
	set_waiting(talk, true);
	talk->scan = (struct scan){.title = on_title, .ctx = talk};
	log_debug("review", "attempt %d failed, waiting %lld ms: %s", attempt, (long long)wait_ms,
		  err->message);
	if (progress->ops && progress->ops->unit_waiting)
		progress->ops->unit_waiting(progress->ctx, talk->row, talk->unit->name,
					    str_from(error_kind_name(err->kind)), wait_ms);
}

/* ---- One call. ---- */

static double worst_cost(const struct conversation *talk)
{
	const struct chat *chat = &talk->chat;
	int64_t bytes = (int64_t)(chat_size(chat) * BYTES_PER_TOKEN / WORST_BYTES_A_TOKEN);
	int64_t input = model_tokens(&talk->unit->model->traits, bytes) +
			(int64_t)(chat->tools_len + 1) * WORST_EXTRA_TOKENS;

	return plan_call_cost_max(talk->unit->model, input, chat->inference.max_tokens);
}

/* Counts the tokens of a reply; the price is that of the model that answered. */
static double count_reply(struct conversation *talk, const struct reply *reply)
{
	struct agent_result *row = talk->row;
	const struct price *price = reply->price ? reply->price : &talk->unit->model->price;
	double cost = reply->unmetered ? -1 : price_cost(price, &reply->usage);

	usage_add(&row->usage, &reply->usage);
	row->attempts += MAX_OF(reply->attempts, 1);
	row->refusals += reply->refusals;
	log_debug("review",
		  "%lld tokens in, %lld out, %lld read from the cache, %lld written to it",
		  (long long)reply->usage.input, (long long)reply->usage.output,
		  (long long)reply->usage.cache_read, (long long)reply->usage.cache_write);
	if (reply->model.len && !str_eq(row->model_id, reply->model))
		row->model_id = arena_str(&talk->run->result->findings.arena, reply->model);
	if (cost < 0)
		row->cost_usd = -1;
	else if (row->cost_usd >= 0)
		row->cost_usd += cost;
	return cost;
}

static bool ask(struct conversation *talk, struct reply *reply, struct error *err)
{
	struct review_run *run = talk->run;
	const struct watch watch = {.sent = on_sent,
				    .first_byte = on_first_byte,
				    .tool_input = on_tool_input,
				    .attempt = on_attempt,
				    .billed = on_billed,
				    .ctx = talk};
	double worst = worst_cost(talk);

	const struct budget_request request = {talk->spending, worst};
	if (!budget_reserve(&run->budget, &request, &talk->stopped_by, err)) {
		if (run->stopped == STOPPED_NOT)
			run->stopped = talk->stopped_by;
		return false;
	}
	talk->row->calls++;
	talk->heard = false;
	talk->scan = (struct scan){.title = on_title, .ctx = talk};
	if (!model_ask(talk->unit->model, &talk->chat, &watch, reply, err)) {
		budget_settle(&run->budget, talk->spending, worst, talk->heard ? worst : 0);
		return false;
	}
	budget_settle(&run->budget, talk->spending, worst, count_reply(talk, reply));
	return true;
}

/* ---- The loop. ---- */

/* A reply that was truncated by max_tokens is worth one more attempt with a larger limit. */
static bool enlarge(struct conversation *talk, const struct reply *reply)
{
	if (reply->stop != STOP_MAX_TOKENS || talk->enlarged)
		return false;
	talk->enlarged = true;
	return chat_enlarge(&talk->chat, talk->unit->model->traits.output_tokens_max);
}

/* On the last turn, the model is forced to answer, if it supports that. */
static void prepare_turn(struct conversation *talk, int64_t turn)
{
	const struct unit *unit = talk->unit;
	struct chat *chat = &talk->chat;

	chat->origin.turn = (int)turn;
	if (turn == unit->agent->limits.turns && turn > 1 &&
	    request_answer_form(unit->agent, unit->model) == ANSWER_TOOL &&
	    request_forces_tool(unit->model)) {
		chat->tool_choice = TOOL_NAMED;
		chat->tool_named = request_answer_tool(unit->agent);
	}
}

/* Decides what follows a reply: the next turn, or the end. */
enum next_step { STEP_AGAIN, STEP_TURN, STEP_DONE, STEP_FAILED };

/* Tells the model why its answer cannot be used, at most CORRECTIONS_MAX times. */
static enum next_step correct(struct conversation *talk, const struct reply *reply,
			      struct error *err)
{
	if (talk->corrections++ == CORRECTIONS_MAX) {
		error_wrap(err, "no answer of the right shape in %d tries", CORRECTIONS_MAX + 1);
		return STEP_FAILED;
	}
	answer_reject(&talk->chat, talk->unit, reply, err);
	return STEP_TURN;
}

static enum next_step refuse_invented(struct conversation *talk, const struct reply *reply,
				      size_t calls, struct error *err)
{
	talk->row->tool_calls += (int)calls;
	talk->row->tool_calls_refused += (int)calls;
	error_set(err, ERROR_MODEL, "the model called a tool that does not exist");
	return correct(talk, reply, err);
}

static enum next_step use_reply(struct conversation *talk, const struct reply *reply,
				struct error *err)
{
	const struct unit *unit = talk->unit;
	struct unit_answer answer = {.unit = unit, .chat = &talk->chat, .reply = reply};
	size_t invented;

	if (enlarge(talk, reply))
		return STEP_AGAIN;
	if (!answer_complete(reply, &talk->chat, err))
		return reply->stop == STOP_MALFORMED ? correct(talk, reply, err) : STEP_FAILED;
	if (tooluse_wanted(unit, reply))
		return tooluse_run(talk->run, unit, &talk->chat, reply, err) ? STEP_TURN
									     : STEP_FAILED;
	invented = tooluse_count_invented(unit, reply);
	if (invented)
		return refuse_invented(talk, reply, invented, err);
	if (answer_take(talk->run, &answer, talk->state, err))
		return STEP_DONE;
	return answer.correctable ? correct(talk, reply, err) : STEP_FAILED;
}

static bool converse(struct conversation *talk, struct error *err)
{
	int64_t turns = MAX_OF(talk->unit->agent->limits.turns, (int64_t)1);
	int64_t turn = 1;

	while (turn <= turns) {
		struct reply reply = {0};
		enum next_step step;

		task_breathe();
		prepare_turn(talk, turn);
		if (!ask(talk, &reply, err))
			return false;
		step = use_reply(talk, &reply, err);
		if (step == STEP_DONE || step == STEP_FAILED)
			return step == STEP_DONE;
		turn += step == STEP_TURN;
	}
	return error_set(err, ERROR_LIMIT, "no answer in %lld turns (the agent's limits.turns)",
			 (long long)turns);
}

static void build(struct conversation *talk)
{
	struct review_run *run = talk->run;
	struct request_parts parts = {
		.change = &run->change,
		.files = run->files,
		.overview = run->overview,
		.row = &run->requests[talk->unit->row],
		.chunks = run->plan.chunks_len,
		.context = run->contexts[run->plan.rows[talk->unit->row].agent],
		.needs = answer_needs(&talk->arena, run, talk->unit),
		.language = run->review->options.language,
		.run_id = run->review->options.run_id,
	};

	request_build(&talk->arena, talk->unit, &parts, &talk->chat);
}

/* The reason why a unit has no answer, with the name of the limit that was reached. */
static void explain(const struct conversation *talk, struct error *err)
{
	const struct agent_limits *limits = &talk->unit->agent->limits;

	if (talk->run->fatal.kind != ERROR_NONE)
		error_set(err, ERROR_CANCELLED, "stopped: the run cannot go on");
	else if (talk->run->stopped == STOPPED_TIME || talk->run->stopped == STOPPED_SIGNAL)
		error_set(err, ERROR_CANCELLED, "stopped: %s", stop_cause_text(talk->run->stopped));
	else if (err->kind == ERROR_TIMEOUT && group_is_cancelled(talk->group))
		error_set(err, ERROR_LIMIT,
			  "no answer in %lld seconds (the agent's limits.seconds)",
			  (long long)limits->seconds);
}

/* An error that every other unit would get too ends the run. */
static void end_run_for(struct review_run *run, const struct error *err)
{
	bool credentials = err->kind == ERROR_CREDENTIALS && !run->units_done;

	if (run->fatal.kind != ERROR_NONE || (err->kind != ERROR_CONFIG && !credentials))
		return;
	run->fatal = *err;
	group_cancel(&run->group);
}

/* Reports an agent's row when its last unit has ended, not only at the end of the run. */
static void settle_row(struct agent_result *row, bool by_run)
{
	if (++row->units_ended < row->units)
		return;
	if (row->error.kind == ERROR_NONE)
		row->status = AGENT_DONE;
	else
		row->status = by_run ? AGENT_STOPPED : AGENT_FAILED;
}

static void finish(struct conversation *talk, bool done, struct error *err)
{
	struct review_run *run = talk->run;
	struct unit_state *state = talk->state;
	struct agent_result *row = talk->row;
	const struct progress *progress;

	bool by_run = run_note_cancel(run) || talk->stopped_by != STOPPED_NOT;
	state->status = done ? UNIT_DONE : by_run ? UNIT_STOPPED : UNIT_FAILED;
	set_waiting(talk, false);
	row->ended_ms = run_elapsed_ms(run);
	row->units_done += done;
	run->units_done += done;
	row->findings += done ? (int)state->findings.len : 0;
	if (!done) {
		explain(talk, err);
		error_wrap(err, "%.*s", STR_ARG(talk->unit->name));
		error_redact(err);
		end_run_for(run, err);
		if (row->error.kind == ERROR_NONE)
			row->error = *err;
	}
	settle_row(row, by_run);
	progress = &run->review->progress;
	if (progress->ops && progress->ops->unit_ended)
		progress->ops->unit_ended(progress->ctx, row, talk->unit->name, done ? NULL : err);
}

void converse_unit(struct review_run *run, size_t idx, struct group *group)
{
	const struct unit *unit = &run->plan.units[idx];
	struct conversation talk = {.run = run,
				    .unit = unit,
				    .state = &run->states[idx],
				    .row = run_row(run, unit),
				    .spending = &run->spendings[run->plan.rows[unit->row].agent],
				    .group = group};
	const struct progress *progress = &run->review->progress;
	struct error err = {0};
	bool done;

	if (talk.row->status == AGENT_WAITING) {
		talk.row->status = AGENT_RUNNING;
		talk.row->started_ms = run_elapsed_ms(run);
	}
	if (progress->ops && progress->ops->unit_started)
		progress->ops->unit_started(progress->ctx, talk.row, unit->name);
	done = unit->agent->output == AGENT_VERDICTS && !referee_is_needed(run, idx);
	if (!done) {
		build(&talk);
		done = converse(&talk, &err);
	}
	finish(&talk, done, &err);
	map_release(&talk.titles);
	arena_release(&talk.arena);
}

/* Runs an evaluation: the usual review over cases with known answers. */
#include "job/evaluate.h"

#include "base/file.h"
#include "base/log.h"
#include "job/perform.h"

/* ---- What people would see ---- */

static struct strings list_names(struct arena *arena, const struct finding *finding, bool models)
{
	struct strings names = {.items = ARENA_ARRAY(arena, struct str, finding->sources_len + 1)};

	for (size_t i = 0; i < finding->sources_len; i++) {
		struct str name = models ? finding->sources[i].model : finding->sources[i].agent;
		bool known = false;

		for (size_t j = 0; j < names.len; j++)
			known = known || str_eq(names.items[j], name);
		if (!known)
			names.items[names.len++] = arena_str(arena, name);
	}
	return names;
}

static struct eval_finding take_finding(struct arena *arena, const struct finding *finding,
					enum severity floor)
{
	struct eval_finding taken = {
		.path = arena_str(arena, finding->path),
		.line = finding->line,
		.end_line = finding->end_line,
		.side = (int)finding->side,
		.severity = (int)finding->severity,
		.category = arena_str(arena, finding->category),
		.title = arena_str(arena, finding->title),
		.body = arena_str(arena, finding->body),
		.confidence = finding->confidence,
		.agents = list_names(arena, finding, false),
		.models = list_names(arena, finding, true),
		.reason = arena_str(arena, finding->placement_reason),
		.shown = SHOWN_INLINE,
	};

	if (finding->unverified)
		taken.shown = SHOWN_UNVERIFIED;
	else if (finding->pre_existing)
		taken.shown = SHOWN_PREEXISTING;
	else if (finding->hidden || finding->severity > floor)
		taken.shown = SHOWN_HIDDEN;
	else if (finding->placement == PLACEMENT_SUMMARY)
		taken.shown = SHOWN_SUMMARY;
	return taken;
}

static void take_findings(struct arena *arena, const struct job *job, struct eval_reply *reply)
{
	const struct review_result *result = &job->result;
	size_t max = result->findings.len + result->pre_existing.len + result->unverified.len +
		     result->dropped.len;
	struct eval_finding *list = ARENA_ARRAY(arena, struct eval_finding, max + 1);
	enum severity floor = job->session.settled.review.min_severity;
	size_t len = 0;

	for (size_t i = 0; i < result->findings.len; i++)
		list[len++] = take_finding(arena, &result->findings.items[i], floor);
	for (size_t i = 0; i < result->pre_existing.len; i++)
		list[len++] = take_finding(arena, &result->pre_existing.items[i], floor);
	for (size_t i = 0; i < result->unverified.len; i++)
		list[len++] = take_finding(arena, &result->unverified.items[i], floor);
	for (size_t i = 0; i < result->dropped.len; i++) {
		struct eval_finding *taken = &list[len++];

		*taken = take_finding(arena, &result->dropped.items[i].finding, SEVERITY_INFO);
		taken->shown = SHOWN_DROPPED;
		taken->reason = arena_str(arena, result->dropped.items[i].reason);
	}
	reply->findings = (struct list){.items = list, .len = len};
}

/* Why a review did not finish; empty when it did. */
static struct str why_incomplete(struct arena *arena, const struct job *job,
				 enum job_outcome outcome, const struct error *err)
{
	const struct review_result *result = &job->result;

	if (outcome == JOB_FAILED)
		return arena_printf(arena, "%s", err->message);
	if (outcome == JOB_SKIPPED)
		return arena_str(arena, job->reason);
	for (size_t i = 0; i < result->agents.len; i++) {
		const struct agent_result *agent = &result->agents.items[i];

		if (agent->status == AGENT_FAILED || agent->status == AGENT_STOPPED)
			return arena_printf(arena, "agent \"%.*s\": %s", STR_ARG(agent->agent),
					    agent->error.message[0] ? agent->error.message
								    : "stopped");
	}
	return result->stopped != STOPPED_NOT ? str_from(stop_cause_text(result->stopped))
	       : result->incomplete           ? STR("something planned has no result")
					      : STR_EMPTY;
}

static bool lacks_recording(const struct job *job, const struct error *err)
{
	const struct review_result *result = &job->result;

	for (size_t i = 0; i < result->agents.len; i++) {
		if (result->agents.items[i].error.kind == ERROR_USAGE ||
		    result->agents.items[i].error.kind == ERROR_CONFIG)
			return true;
	}
	return err->kind == ERROR_USAGE || err->kind == ERROR_CONFIG;
}

/* ---- Running them ---- */

static struct job_request case_request(const struct evaluate_request *request,
				       struct evaluation *evaluation, size_t idx, double spent)
{
	struct arena *arena = &evaluation->arena;
	struct evaluate_item *item = &evaluation->items[idx];
	const struct eval_case *read = &evaluation->cases[idx];
	struct str replies = arena_printf(arena, "%s/replies", item->folder);
	struct job_request made = {
		.change = {.kind = CHANGE_DIFF,
			   .diff = item->change,
			   .title = read->title,
			   .body = read->body,
			   .folder = request->root ? request->root : ".",
			   .discover = true,
			   .plain_folder = true},
		.choices = request->choices,
		.progress = request->progress,
	};

	made.choices.one_of_many = true;
	if (item->has_tree)
		made.change.tree = arena_printf(arena, "%s/tree", item->folder).ptr;
	else if (item->commit.repository)
		made.change.commit = &item->commit;
	if (request->mode == EVALUATE_REPLAY)
		made.choices.replay_dir = replies;
	else if (request->mode == EVALUATE_RECORD)
		made.choices.record_dir = replies;
	if (made.choices.max_cost_usd > 0)
		made.choices.max_cost_usd = MAX_OF(made.choices.max_cost_usd - spent, 1e-9);
	return made;
}

static void add_once(struct buf *out, struct str name)
{
	if (!name.len || str_contains(buf_str(out), name))
		return;
	if (out->len)
		buf_add_text(out, ", ");
	buf_add(out, name);
}

/* "architect, security with us.anthropic...", for the headline. */
static void set_label(struct evaluation *evaluation, const struct review_result *result)
{
	SCOPED(buf) struct buf agents = BUF_INIT;
	SCOPED(buf) struct buf models = BUF_INIT;

	if (evaluation->results.label.len)
		return;
	for (size_t i = 0; i < result->agents.len; i++) {
		add_once(&agents, result->agents.items[i].agent);
		add_once(&models, result->agents.items[i].model);
	}
	if (agents.len)
		evaluation->results.label =
			arena_printf(&evaluation->arena, "%s with %s", agents.ptr,
				     models.len ? models.ptr : "no model");
}

/* `fatal` gets an error that would fail every other case too. */
static struct eval_reply run_case(const struct evaluate_request *request, struct runtime *runtime,
				  struct evaluation *evaluation, size_t idx, double spent,
				  struct error *fatal)
{
	struct arena *arena = &evaluation->arena;
	struct job_request made = case_request(request, evaluation, idx, spent);
	SCOPED(job) struct job job = {0};
	struct error err = {0};
	enum job_outcome outcome;
	struct eval_reply reply = {.name = evaluation->cases[idx].name, .cost_usd = 0};
	const struct review_result *result = &job.result;

	job_init(&job, runtime, &made);
	outcome = job_review(&job, &err);
	reply.error = why_incomplete(arena, &job, outcome, &err);
	reply.complete = reply.error.len == 0;
	if (outcome == JOB_FAILED && err.kind == ERROR_CREDENTIALS)
		*fatal = err;
	if (!reply.complete && request->mode == EVALUATE_REPLAY && lacks_recording(&job, &err))
		evaluation->stale = true;
	if (result->stopped != STOPPED_NOT)
		evaluation->limited = true;
	if (outcome != JOB_DONE)
		return reply;
	set_label(evaluation, result);
	take_findings(arena, &job, &reply);
	reply.input_tokens = result->usage.input;
	reply.output_tokens = result->usage.output;
	reply.cache_read_tokens = result->usage.cache_read;
	reply.cache_write_tokens = result->usage.cache_write;
	reply.cost_usd = result->cost_usd;
	if (request->mode != EVALUATE_REPLAY)
		reply.seconds = (double)result->seconds_ms / 1000;
	return reply;
}

/* Estimates all cases, with the plan that a review makes. */
struct estimate {
	size_t calls;
	size_t without_files; /* cases whose agents need files that are missing */
	int64_t input_tokens;
	double cost_usd; /* negative: a price is unknown */
};

/* Whether one of the agents needs more of the files than the change shows. */
static bool wants_files(const struct plan *plan)
{
	for (size_t i = 0; i < plan->units_len; i++) {
		const struct unit *unit = &plan->units[i];

		if (unit->agent->tools.len)
			return true;
		for (size_t j = 0; unit->agent->surroundings && j < unit->view.len; j++) {
			enum diff_status status =
				plan->diff->files[unit->view.parts[j].file].status;

			if (status != DIFF_ADDED && status != DIFF_DELETED)
				return true;
		}
	}
	return false;
}

static bool add_plan(const struct evaluate_request *request, struct runtime *runtime,
		     struct evaluation *evaluation, size_t idx, struct estimate *sum,
		     struct error *err)
{
	struct job_request made = case_request(request, evaluation, idx, 0);
	SCOPED(job) struct job job = {0};
	const struct plan *plan = &job.plan.plan;

	made.choices.record_dir = STR_EMPTY;
	job_init(&job, runtime, &made);
	if (job_plan(&job, err) == JOB_FAILED)
		return error_wrap(err, "case \"%.*s\"", STR_ARG(evaluation->cases[idx].name));
	sum->calls += plan->units_len;
	sum->without_files += !evaluate_has_files(&evaluation->items[idx]) && wants_files(plan);
	sum->input_tokens += plan->input_tokens;
	sum->cost_usd =
		plan->cost_usd < 0 || sum->cost_usd < 0 ? -1 : sum->cost_usd + plan->cost_usd;
	return true;
}

/* Printed before the first call that costs money. */
static bool tell_estimate(const struct evaluate_request *request, struct runtime *runtime,
			  struct evaluation *evaluation, struct error *err)
{
	struct estimate sum = {0};
	double limit = request->choices.max_cost_usd;

	for (size_t i = 0; i < evaluation->len; i++) {
		if (!add_plan(request, runtime, evaluation, i, &sum, err))
			return false;
	}
	if (sum.without_files)
		log_warning(
			"eval",
			"%zu of %zu cases have no files of their head commit: agents with tools or surroundings see only the change, less than on a pull request: %s",
			sum.without_files, evaluation->len,
			log_setting(
				"add tree/ to the cases",
				"name clones of their repositories with --clone, or add tree/ to the cases"));
	if (sum.cost_usd < 0) {
		log_info("eval", "estimate: %zu calls, cost unknown, because a model has no price",
			 sum.calls * (size_t)request->repeats);
		return true;
	}
	sum.cost_usd *= (double)request->repeats;
	log_info("eval", "estimate: %zu calls, %lld input tokens, $%.2f without cache hits",
		 sum.calls * (size_t)request->repeats,
		 (long long)(sum.input_tokens * request->repeats), sum.cost_usd);
	if (limit > 0 && sum.cost_usd > limit)
		log_warning(
			"eval",
			"the estimate is above --max-cost-usd %.2f: the evaluation may end early",
			limit);
	return true;
}

/* The first line of replies.txt in the folder of the cases; empty without such a file. */
static struct str source_of_replies(const struct evaluate_request *request,
				    struct evaluation *evaluation)
{
	SCOPED(buf) struct buf path = BUF_INIT;
	SCOPED(buf) struct buf text = BUF_INIT;
	struct error err;
	struct str rest;
	struct str line = STR_EMPTY;

	buf_addf(&path, "%s/replies.txt", request->folder);
	if (!file_read(path.ptr, 4096, &text, &err))
		return STR_EMPTY;
	rest = buf_str(&text);
	if (!str_next_line(&rest, &line, NULL))
		return STR_EMPTY;
	return arena_str(&evaluation->arena, line);
}

/* After a missing recording, prints the lines in which the request differs. */
static void tell_reply(const struct eval_reply *reply, size_t number, size_t max)
{
	struct str rest = reply->error;
	struct str line = STR_EMPTY;

	str_next_line(&rest, &line, NULL);
	log_info("eval", "%zu of %zu, %.*s: %s%.*s", number, max, STR_ARG(reply->name),
		 reply->complete ? "done" : "not scored: ", STR_ARG(line));
	while (str_next_line(&rest, &line, NULL))
		log_info("eval", "%.*s", STR_ARG(line));
}

bool evaluate_run(const struct evaluate_request *request, struct runtime *runtime,
		  struct evaluation *evaluation, struct error *err)
{
	size_t max = evaluation->len * (size_t)request->repeats;
	struct eval_reply *replies = ARENA_ARRAY(&evaluation->arena, struct eval_reply, max + 1);
	struct error fatal = {0};
	size_t len = 0;
	double spent = 0;

	if (request->mode != EVALUATE_REPLAY && !tell_estimate(request, runtime, evaluation, err))
		return false;
	for (size_t i = 0; i < max && !evaluation->limited; i++) {
		size_t idx = i / (size_t)request->repeats;

		if (runtime->signal)
			return error_set(err, ERROR_CANCELLED, "stopped by a signal");
		replies[len] = run_case(request, runtime, evaluation, idx, spent, &fatal);
		if (fatal.kind) {
			*err = fatal;
			return false;
		}
		replies[len].repeat = (int64_t)(i % (size_t)request->repeats) + 1;
		tell_reply(&replies[len], len + 1, max);
		spent += MAX_OF(replies[len].cost_usd, 0);
		len++;
	}
	evaluation->results = (struct eval_results){
		.schema_version = EVAL_RESULTS_VERSION,
		.label = evaluation->results.label.len ? evaluation->results.label
						       : STR("no complete reply"),
		.replayed = request->mode == EVALUATE_REPLAY,
		.source = request->mode == EVALUATE_REPLAY ? source_of_replies(request, evaluation)
							   : STR_EMPTY,
		.replies = {.items = replies, .len = len},
	};
	return true;
}

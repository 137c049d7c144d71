/* The jobs, each from a request to an outcome: review, merge, plan, doctor, check. */
#include "job/perform.h"

#include "agent/choose.h"
#include "base/file.h"
#include "base/log.h"
#include "job/history.h"
#include "job/modes.h"
#include "job/post.h"
#include "job/preparation.h"
#include "publish/reviewed.h"
#include "review/guidance.h"
#include "review/hints.h"

/* ---- Review ---- */

/* "2/4@HEAD..BASE", as plan's matrix has it: exactly those commits are reviewed. */
static bool take_shard(struct job *job, struct error *err)
{
	const struct pull *pull = &job->target.pull;
	struct str shard = job->request.change.shard;
	struct shard_name name;

	if (!shard.len)
		return true;
	job->request.publish.on = false;
	if (!shard_name_parse(shard, &name))
		return error_set(
			err, ERROR_USAGE,
			"shard: \"%.*s\" is not an entry of plan's matrix (\"2/4@HEAD..BASE\")",
			STR_ARG(shard));
	job->shard = name;
	return (str_eq(pull->head_commit, name.head) && str_eq(pull->base_commit, name.base)) ||
	       target_set_commits(&job->target, name.head, name.base, err);
}

/* Leaves out files that an earlier run reviewed and that did not change. */
static bool leave_out_known(struct job *job, struct error *err)
{
	static const struct diff nothing;
	const struct diff *diff = &job->target.diff;
	bool incremental = job->request.publish.on && !job->request.publish.full &&
			   !job->trigger.command.full && !job->trigger.command.agents_len;

	if (job->trigger.dismissed)
		incremental = job->request.publish.on;
	if (incremental && job->previous.state.keys_len &&
	    !modes_read(&job->target, &incremental, err))
		return false;
	job->known_len =
		reviewed_rest(diff, incremental ? &job->previous.state : NULL, job->reviewers,
			      job->runtime->arena, &job->reviewed, &job->file_keys);
	if (job->known_len)
		log_info("review", "%zu of %zu files did not change since the last review",
			 job->known_len, diff->len);
	job->target.change.diff = job->trigger.dismissed ? &nothing : &job->reviewed;
	return true;
}

/* After a dismissal nothing is reviewed: files that are not reviewed yet wait for a review. */
static void list_unreviewed(struct job *job)
{
	struct coverage *coverage = &job->result.coverage;

	for (size_t i = 0; i < job->reviewed.len; i++)
		coverage_skip(&job->result.findings.arena, coverage, job->reviewed.files[i].path,
			      STR("not reviewed yet"), false);
	coverage->files += (int64_t)job->reviewed.len;
	job->reviewed.len = 0;
}

static bool prepare_review(void *ctx, struct error *err)
{
	struct job *job = ctx;

	if (!prepare_change(job, err))
		return false;
	if (job->reason.len)
		return true;
	if (!take_shard(job, err) || !prepare_session(job, err))
		return false;
	if (job->reason.len)
		return true;
	if (!prepare_diff(job, err))
		return false;
	if (job->reason.len)
		return true;
	if (!prepare_risk(job, err) || !prepare_services(job, err) || !leave_out_known(job, err))
		return false;
	history_tell(job);
	return true;
}

/* Reads claims of other tools, from files that earlier steps left in the workspace. */
static void read_hints(struct job *job, struct hint_list *hints)
{
	const struct strings *files = &job->session.config.hints;
	const char *folder = job->request.change.folder ? job->request.change.folder : ".";
	struct arena *arena = job->runtime->arena;

	for (size_t i = 0; i < files->len; i++) {
		SCOPED(buf) struct buf text = BUF_INIT;
		struct error err;

		if (!file_read_below(folder, arena_text(arena, files->items[i]), HINTS_SIZE_MAX,
				     &text, &err) ||
		    !hints_read(arena, buf_str(&text), job->target.change.diff, str_from(folder),
				hints, &err))
			log_warning("hints", "%.*s is left out: %s", STR_ARG(files->items[i]),
				    err.message);
	}
	job->target.change.hints = hints->items;
	job->target.change.hints_len = hints->len;
}

static bool review(struct job *job, struct error *err)
{
	struct runtime *runtime = job->runtime;
	struct review review = {
		.change = &job->target.change,
		.agents = &job->session.agents,
		.default_model = job->session.settled.model,
		.options = job->session.settled.review,
		.models = job->request.models ? job->request.models : models_find,
		.models_ctx = job->request.models ? job->request.models_ctx : &job->session.models,
		.embedder = job->request.models ? NULL : session_embedder(&job->session),
		.progress = job->request.progress,
		.group = &runtime->work,
	};

	struct hint_list hints = {0};
	struct finding_floor floor;
	struct str edited;
	bool ok;

	read_hints(job, &hints);
	review.options.shard = job->shard.idx;
	review.options.shards = job->shard.len;
	review.options.timeout_ms = 0; /* the whole work has one limit */
	ok = review_run(&review, &job->result, err);
	VEC_RELEASE(&hints);
	job->target.change.hints_len = 0;
	if (!ok)
		return false;
	floor = settled_floor(&job->session.settled);
	findings_hide_below(&job->result.findings, &floor);
	job->result.coverage.files += (int64_t)job->known_len;
	job->result.coverage.reviewed += (int64_t)job->known_len;
	if (job->trigger.dismissed)
		list_unreviewed(job);
	if (runtime->signal)
		job->result.stopped = STOPPED_SIGNAL;
	if (job->target.pull.number && agents_edited(&job->target.diff))
		review_result_notice(
			&job->result,
			"This change edits the reviewer's configuration or agents; it was reviewed with those of the base branch.");
	edited = guidance_edited(&review.options, &job->target.diff);
	if (job->target.pull.number && edited.len)
		review_result_notice(
			&job->result,
			"This change edits guidance for reviewers, \"%.*s\"; it was reviewed with the version of the base branch.",
			STR_ARG(edited));
	return true;
}

/*
 * Findings that people dismissed do not count, even if nothing is posted. The reports of shards
 * are joined first.
 */
static void recall(struct job *job)
{
	size_t dismissed;

	if (job->request.publish.on || job->shard.idx || !job->previous.name.len)
		return;
	dismissed = publish_recall(&job->result.findings, &job->previous);
	if (dismissed)
		log_info("review", "%zu finding%s not shown: dismissed on the pull request",
			 dismissed, dismissed == 1 ? " is" : "s are");
}

enum job_outcome job_review(struct job *job, struct error *err)
{
	if (!prepare_target(job, err) || !runtime_stage(job->runtime, prepare_review, job, err))
		return JOB_FAILED;
	if (job->reason.len)
		return JOB_SKIPPED;
	if (!review(job, err))
		return JOB_FAILED;
	recall(job);
	job_publish(job);
	return JOB_DONE;
}

/* ---- Merge ---- */

/* A run posts for one reviewer: that of the reports. */
static bool take_name(struct job *job, struct error *err)
{
	struct str *name = &job->request.choices.name;
	struct str joined = job->joined.name;

	if (name->len && !str_eq(*name, joined))
		return error_set(
			err, ERROR_CONFIG,
			"the reports are of the reviewer \"%.*s\" and this run is \"%.*s\": set name to \"%.*s\"",
			STR_ARG(joined), STR_ARG(*name), STR_ARG(joined));
	*name = joined;
	return true;
}

/* In a workflow, the pull request of the reports must be that of the event. */
static bool find_pull(struct job *job, struct error *err)
{
	const struct joined *joined = &job->joined;
	const struct change *change = &job->target.change;

	if (!prepare_change(job, err))
		return false;
	if (job->reason.len)
		return true;
	if (joined->number != job->target.pull.number ||
	    !str_eq(joined->repository, change->repository))
		return error_set(
			err, ERROR_CONFIG,
			"the reports are of pull request %.*s#%lld, this run is for %.*s#%lld",
			STR_ARG(joined->repository), (long long)joined->number,
			STR_ARG(change->repository), (long long)job->target.pull.number);
	return (str_eq(joined->head, change->head_commit) &&
		str_eq(joined->base, change->base_commit)) ||
	       target_set_commits(&job->target, joined->head, joined->base, err);
}

static bool prepare_merge(void *ctx, struct error *err)
{
	struct job *job = ctx;

	if (!find_pull(job, err))
		return false;
	if (job->reason.len)
		return true;
	if (!prepare_session(job, err))
		return false;
	if (job->reason.len)
		return true;
	if (!prepare_diff(job, err) || !prepare_previous(job, err))
		return false;
	job->reason = STR_EMPTY; /* reports of an empty change are merged too */
	job->reviewers = job->joined.reviewers;
	reviewed_seen(&job->target.diff, &job->result.coverage, job->runtime->arena,
		      &job->reviewed);
	return true;
}

/* Outside of a workflow, the reports name the pull request. */
static bool use_reported_pull(struct job *job, struct error *err)
{
	struct job_request *request = &job->request;

	if (request->change.kind == CHANGE_EVENT)
		return true;
	if (!job->joined.number)
		return error_set(err, ERROR_USAGE,
				 "the reports are not of a pull request, so nothing can be posted");
	request->change.kind = CHANGE_PULL;
	request->change.number = job->joined.number;
	request->forge.repository = job->joined.repository;
	return true;
}

enum job_outcome job_merge(struct job *job, struct error *err)
{
	const struct job_request *request = &job->request;

	if (!join_reports(request->reports, request->reports_len, job->runtime->arena, &job->result,
			  &job->joined, err) ||
	    !take_name(job, err))
		return JOB_FAILED;
	job->reviewers = job->joined.reviewers;
	if (!request->publish.on)
		return JOB_DONE;
	if (!use_reported_pull(job, err) || !prepare_target(job, err) ||
	    !runtime_stage(job->runtime, prepare_merge, job, err))
		return JOB_FAILED;
	if (job->reason.len)
		return JOB_SKIPPED;
	job_publish(job);
	return JOB_DONE;
}

/* ---- Plan ---- */

static bool plan_stage(void *ctx, struct error *err)
{
	struct job *job = ctx;

	if (!prepare_change(job, err))
		return false;
	if (job->reason.len)
		return true;
	if (!prepare_session(job, err) || !prepare_diff(job, err))
		return false;
	return job->reason.len ||
	       (prepare_risk(job, err) && session_connect(&job->session, false, err) &&
		change_plan_make(&job->plan, &job->session, &job->target, err));
}

enum job_outcome job_plan(struct job *job, struct error *err)
{
	if (!prepare_target(job, err) || !runtime_stage(job->runtime, plan_stage, job, err))
		return JOB_FAILED;
	return job->reason.len ? JOB_SKIPPED : JOB_DONE;
}

/* ---- Doctor ---- */

/* The source of configuration and agents, if there is one. */
static bool find_files(struct job *job, struct error *err)
{
	struct target *target = &job->target;
	struct error unread;

	job->trigger.number = job->request.change.number;
	if (job->request.change.kind == CHANGE_EVENT) {
		struct event *event = &job->trigger.event;

		if (!event_read(job->runtime->env, job->runtime->arena, event, err))
			return false;
		if (!job->trigger.number)
			job->trigger.number = event->pull.number;
	}
	/* An error that prevents reading the pull request is one of the results to show. */
	if (job->trigger.number) {
		if (!target_set_pull(target, job->trigger.number, &unread))
			log_debug("doctor", "%s", unread.message);
	} else if (target->repository && job->request.change.kind != CHANGE_EVENT) {
		target_use_worktree(target);
	}
	return true;
}

static bool doctor_stage(void *ctx, struct error *err)
{
	struct job *job = ctx;
	struct doctor_request request = {
		.runtime = job->runtime,
		.session = &job->session,
	};

	if (!find_files(job, err) || !prepare_session(job, err))
		return false;
	request.number = job->trigger.number;
	if (github_repository(job->target.forge.github).len)
		request.github = job->target.forge.github;
	doctor_run(&request, &job->checks);
	return true;
}

enum job_outcome job_doctor(struct job *job, struct error *err)
{
	job->request.choices.aws.looks_at_models = true;
	return prepare_target(job, err) && runtime_stage(job->runtime, doctor_stage, job, err)
		       ? JOB_DONE
		       : JOB_FAILED;
}

/* ---- Check ---- */

/* The pull request's base commit; of an event without one, the commit that the workflow runs for. */
static bool find_base(struct job *job, struct error *err)
{
	struct event *event = &job->trigger.event;
	int64_t number = job->request.change.number;

	if (!event_read(job->runtime->env, job->runtime->arena, event, err))
		return false;
	if (!number)
		number = event->pull.number;
	if (number)
		return target_set_pull(&job->target, number, err);
	return target_set_commits(&job->target, event->commit, event->commit, err) ||
	       error_wrap(err, "GITHUB_SHA");
}

static bool check_stage(void *ctx, struct error *err)
{
	struct job *job = ctx;
	bool by_event = job->request.change.kind == CHANGE_EVENT;
	struct check_request request = {
		.config = job->request.choices.config,
		.agents = job->request.choices.agents,
		.open = by_event ? forge_open : NULL,
		.open_ctx = &job->target.forge,
	};

	if (by_event && !find_base(job, err))
		return false;
	if (!by_event && !target_use_files(&job->target, job->request.change.folder, err))
		return false;
	request.base = &job->target.base;
	return check_run(&request, &job->problems, &job->files_checked, err);
}

enum job_outcome job_check(struct job *job, struct error *err)
{
	return prepare_target(job, err) && runtime_stage(job->runtime, check_stage, job, err)
		       ? JOB_DONE
		       : JOB_FAILED;
}

/* ---- Status ---- */

enum exit_status job_status(const struct job *job, enum job_outcome outcome,
			    const struct error *err)
{
	enum exit_status status;

	if (outcome == JOB_SKIPPED)
		return EXIT_DONE;
	if (outcome == JOB_FAILED)
		return job->trigger.unanswered ? EXIT_UNPOSTED : status_of_error(err);
	if (job->problems.errors)
		return EXIT_WRONG_USE;
	if (!doctor_checks_ok(&job->checks))
		return EXIT_FINDINGS;
	status = status_of_review(&job->result, job_published(job), job->request.choices.fail_on);
	if (!job->joined.missing)
		return status;
	log_error("merge", "%d of the shards %s no report: the review is partial",
		  job->joined.missing, job->joined.missing == 1 ? "has" : "have");
	return exit_worse(status, EXIT_INCOMPLETE);
}

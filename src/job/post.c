/* Publishes a job's result on its pull request, and prepares what pages about it show. */
#include "job/post.h"

#include "base/log.h"
#include "job/version.h"
#include "output/sarif.h"
#include "publish/reviewed.h"
#include "value/json.h"

/* ---- What is shown ---- */

/* The address of the workflow run; empty outside of one. */
static struct str run_url(const struct job *job)
{
	const struct env *env = job->runtime->env;
	struct str server = env_get(env, "GITHUB_SERVER_URL");
	struct str run_id = env_get(env, "GITHUB_RUN_ID");

	if (!server.len || !run_id.len)
		return STR_EMPTY;
	return arena_printf(job->runtime->arena, "%.*s/%.*s/actions/runs/%.*s", STR_ARG(server),
			    STR_ARG(env_get(env, "GITHUB_REPOSITORY")), STR_ARG(run_id));
}

/* The pull request that was reviewed: the target's, or the one that reports name. */
static void add_place(const struct job *job, struct review_view *view)
{
	const struct change *change = &job->target.change;

	if (job->request.reports_len) {
		view->repository = job->joined.repository;
		view->number = job->joined.number;
		view->base_commit = job->joined.base;
		view->head_commit = job->joined.head;
		return;
	}
	view->repository = change->repository;
	view->number = job->target.pull.number;
	view->base_commit = change->base_commit;
	view->head_commit = change->head_commit;
}

struct review_view job_view(const struct job *job)
{
	struct str server = env_get(job->runtime->env, "GITHUB_SERVER_URL");
	struct review_view view = {
		.result = &job->result,
		.conclusion = review_conclude(&job->result),
		.name = job->request.choices.name,
		.version = STR(OUTCROP_VERSION),
		.run_url = run_url(job),
		.reviewers = job->reviewers,
		.incremental = job->known_len > 0,
	};

	add_place(job, &view);
	if (view.number)
		view.server_url = server.len ? server : STR("https://github.com");
	return view;
}

const struct publish_report *job_published(const struct job *job)
{
	return job->request.publish.on ? &job->published : NULL;
}

/* ---- Publishing ---- */

static bool read_head_file(void *ctx, struct str path, struct buf *out)
{
	struct target *target = ctx;
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct source_tree tree;
	struct error err;

	return source_tree(&target->head, &arena, &tree, &err) &&
	       source_read(&target->head, &tree, path, SOURCE_BLOB_SIZE_MAX, out, &err);
}

static void add_sarif(struct job *job, const struct review_view *view, struct buf *out)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct sarif_files files = {read_head_file, &job->target};

	if (job->request.publish.sarif)
		json_write(out, sarif_value(&arena, view, &files), JSON_COMPACT);
}

/* Identifies this attempt of this run. */
static struct str attempt_id(const struct job *job)
{
	struct str run_id = runtime_run_id(job->runtime);
	struct str attempt = env_get(job->runtime->env, "GITHUB_RUN_ATTEMPT");

	if (!attempt.len)
		return run_id;
	return arena_printf(job->runtime->arena, "%.*s-%.*s", STR_ARG(run_id), STR_ARG(attempt));
}

static bool publish_stage(void *ctx, struct error *err)
{
	struct job *job = ctx;
	const struct publish_request *wanted = &job->request.publish;
	enum severity fail_on = SEVERITY_CRITICAL;
	SCOPED(buf) struct buf sarif = BUF_INIT;
	const struct reviewed remembered = {
		.diff = &job->target.diff,
		.file_keys = job->file_keys,
		.coverage = &job->result.coverage,
		.before = &job->previous.state,
		.reviewers = job->reviewers,
		.some_agents = job->trigger.command.agents_len > 0 || job->trigger.dismissed,
	};
	struct publish_options options = {
		.github = job->target.forge.github,
		.pull = &job->target.pull,
		.diff = &job->target.diff,
		.reviewed = &job->reviewed,
		.remembered = &remembered,
		.head = &job->target.head,
		.run_id = attempt_id(job),
		.summary = wanted->summary,
		.review = wanted->review,
		.check = wanted->check,
		.floor = settled_floor(&job->session.settled),
		.has_fail_on = severity_parse(job->request.choices.fail_on, &fail_on),
		.fail_on = fail_on,
		.inline_severity = job->session.settled.inline_severity,
		.max_inline_comments = job->session.settled.max_inline_comments,
		.silent_when_clean = wanted->silent_when_clean,
		.view = job_view(job),
	};

	(void)err; /* what could not be posted is part of the report */
	buf_init(&sarif, BUF_SIZE_MAX);
	add_sarif(job, &options.view, &sarif);
	options.sarif = buf_str(&sarif);
	publish_run(&options, &job->previous, &job->result, &job->published);
	return true;
}

void job_publish(struct job *job)
{
	const struct publish_report *report = &job->published;
	struct error err;

	if (!job->request.publish.on)
		return;
	if (!runtime_post(job->runtime, publish_stage, job, &err))
		log_debug("publish", "%s", err.message);
	for (size_t i = 0; i < report->warnings.len; i++)
		log_warning("publish", "%.*s", STR_ARG(report->warnings.items[i]));
	log_info("publish", "%lld planned: %lld posted, %lld unchanged, %lld failed; %lld resolved",
		 (long long)report->planned, (long long)report->posted,
		 (long long)report->unchanged, (long long)report->failed,
		 (long long)report->resolved);
	if (report->summary_url.len)
		log_info("publish", "summary: %.*s", STR_ARG(report->summary_url));
}

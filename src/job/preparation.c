/* The steps before the first model call: the change, the configuration, earlier findings. */
#include "job/preparation.h"

#include "agent/choose.h"
#include "base/log.h"
#include "task/beside.h"
#include "value/pattern.h"

#define SKIP_ASK "; comment `/outcrop review` to have it reviewed"

/* How long to wait for GitHub when the models have used all the time. */
enum { POSTING_WAITS_MS = 20000 };

/* ---- Where the change is ---- */

/*
 * Events that run with secrets for untrusted changes (pull_request_target, workflow_run, comments) must
 * not use what an earlier step checked out.
 */
static bool trusts_folder(const struct job *job)
{
	static const char *const events[] = {"merge_group", "pull_request", "push", "schedule",
					     "workflow_dispatch"};
	struct str name = env_get(job->runtime->env, "GITHUB_EVENT_NAME");

	for (size_t i = 0; i < ARRAY_LEN(events); i++) {
		if (str_eq(name, str_from(events[i])))
			return true;
	}
	return job->request.change.kind != CHANGE_EVENT;
}

/*
 * A number alone refers to the repository of the clone; in a clone of a fork, that is the remote
 * "upstream". A host without a dot is an alias of ssh's configuration, which may be any server.
 */
static bool find_repository(struct job *job, struct str *repository, struct error *err)
{
	static const char *const remotes[] = {"upstream", "origin"};
	struct target *target = &job->target;
	struct remote_name name = {0};

	if (repository->len || job->request.change.kind != CHANGE_PULL)
		return true;
	for (size_t i = 0; target->repository && i < ARRAY_LEN(remotes) && !name.repository.len;
	     i++)
		name = repository_remote(target->repository, remotes[i], &target->arena);
	if (name.repository.len && (str_find_char(name.host, '.', 0) < 0 ||
				    forge_check_host(job->runtime->env, name.host, err))) {
		*repository = name.repository;
		return true;
	}
	if (!name.repository.len)
		error_set(err, ERROR_USAGE, "this is not a clone of a GitHub repository");
	if (!job->request.change.number)
		return error_append(err, ": name it with --repository OWNER/REPO");
	error_wrap(err, "pull request %lld", (long long)job->request.change.number);
	return error_append(err, ": name it as OWNER/REPO#%lld",
			    (long long)job->request.change.number);
}

static bool check_state_key(const struct secret *key, struct error *err)
{
	if (!key || secret_str(key).len >= STATE_KEY_SIZE_MIN)
		return true;
	return error_set(
		err, ERROR_USAGE,
		"state-key: shorter than %d characters: make one with `openssl rand -hex 32`",
		STATE_KEY_SIZE_MIN);
}

static void open_repository(struct job *job)
{
	const struct change_request *change = &job->request.change;
	const struct env *env = job->runtime->env;
	const struct git_environment environment = {
		.dir = env_get(env, "GIT_DIR"),
		.work_tree = env_get(env, "GIT_WORK_TREE"),
		.index_file = env_get(env, "GIT_INDEX_FILE"),
	};

	target_open_repository(&job->target, change->folder, change->discover ? &environment : NULL,
			       change->kind == CHANGE_WORKTREE || change->kind == CHANGE_STAGED);
}

bool prepare_target(struct job *job, struct error *err)
{
	const struct change_request *change = &job->request.change;
	struct runtime *runtime = job->runtime;
	const struct config none = {0};
	struct settled settled = job_settle(&job->request.choices, &none, runtime->arena);
	struct forge_options options = job->request.forge;

	job->request.choices.name = settled.name;
	if (!aws_options_check(&job->request.choices.aws, err) ||
	    !check_state_key(job->request.publish.state_key, err))
		return false;
	runtime_set_limit(runtime, settled.review.timeout_ms);
	if (change->folder && trusts_folder(job))
		open_repository(job);
	if (!find_repository(job, &options.repository, err))
		return false;
	options.http = runtime->http;
	options.env = runtime->env;
	if (settled.review.timeout_ms)
		options.waits_end_ms = settled.review.timeout_ms + POSTING_WAITS_MS;
	forge_init(&job->target.forge, &options);
	return true;
}

static struct state_trust trust_of(const struct publish_request *publish)
{
	struct state_trust trust = {.by_check = publish->check};

	if (publish->state_key)
		trust.key = secret_str(publish->state_key);
	return trust;
}

static bool find_by_event(struct job *job, struct error *err)
{
	struct trigger *trigger = &job->trigger;
	bool ok;

	*trigger = (struct trigger){
		.runtime = job->runtime,
		.github = job->target.forge.github,
		.number = job->request.change.number,
		.name = job->request.choices.name,
		.trust = trust_of(&job->request.publish),
	};
	switch (trigger_find(trigger, err)) {
	case TRIGGER_FAILED:
		return false;
	case TRIGGER_SKIP:
		break;
	case TRIGGER_PULL:
		ok = target_set_pull(&job->target, trigger->number, err);
		if (!ok || !trigger_skips(trigger, &job->target.pull))
			return ok;
		break;
	}
	job->reason = trigger->reason;
	return true;
}

/* A case is the same in each clone: its repository has neither a name nor files of the clone. */
static void isolate_case(struct target *target)
{
	target->change.repository = STR_EMPTY;
	target->change.head = NULL;
	target->change.base = &target->base;
}

/* Files that an earlier run wrote into the same places are not part of the change. */
static void leave_out_results(struct job *job)
{
	const struct job_choices *choices = &job->request.choices;
	const struct str results[] = {choices->record_dir, choices->replay_dir, choices->output};

	for (size_t i = 0; i < ARRAY_LEN(results); i++) {
		if (results[i].len && job->target.repository)
			repository_leave_out(job->target.repository,
					     arena_text(job->runtime->arena, results[i]));
	}
}

bool prepare_change(struct job *job, struct error *err)
{
	const struct change_request *change = &job->request.change;

	switch (change->kind) {
	case CHANGE_WORKTREE:
		leave_out_results(job);
		return target_set_worktree(&job->target, change->base, err);
	case CHANGE_STAGED:
		return target_set_staged(&job->target, err);
	case CHANGE_DIFF:
		if (!target_set_diff(&job->target, change->diff, err))
			return false;
		if (change->plain_folder && !target_use_files(&job->target, change->folder, err))
			return false;
		job->target.change.title = change->title;
		job->target.change.body = change->body;
		if (change->plain_folder)
			isolate_case(&job->target);
		if (change->tree)
			target_set_head_folder(&job->target, change->tree);
		else if (change->commit)
			target_set_head_commit(&job->target, change->commit);
		return true;
	case CHANGE_PULL:
		return target_set_pull(&job->target, change->number, err);
	case CHANGE_EVENT:
		break;
	}
	return find_by_event(job, err);
}

/* ---- What reviews it ---- */

/* A comment can choose among the configured agents, and nothing else. */
static bool choose_agents(struct job *job, struct error *err)
{
	const struct comment_command *command = &job->trigger.command;
	struct trigger *trigger = &job->trigger;
	struct error wrong;

	if (!command->agents_len ||
	    agents_choose(&job->session.agents, command->agents, command->agents_len, &wrong))
		return true;
	job->reason = arena_printf(job->runtime->arena, "%s", wrong.message);
	return trigger_answer(trigger, "confused", job->reason, err);
}

static bool has_name(const struct strings *names, struct str name)
{
	for (size_t i = 0; i < names->len; i++) {
		if (str_eq_nocase(names->items[i], name))
			return true;
	}
	return false;
}

/* The rules of `skip:` apply only to events: requested reviews always run. */
static void apply_skip_rules(struct job *job)
{
	const struct skip_rules *rules = &job->session.config.skip;
	const struct pull *pull = &job->target.pull;
	struct arena *arena = job->runtime->arena;

	if (job->request.change.kind != CHANGE_EVENT || !pull->number || job->trigger.by_person)
		return;
	if (has_name(&rules->authors, pull->author))
		job->reason = arena_printf(
			arena,
			"the configuration skips pull requests of \"%.*s\" (skip.authors)" SKIP_ASK,
			STR_ARG(pull->author));
	for (size_t i = 0; !job->reason.len && i < pull->labels_len; i++) {
		if (has_name(&rules->labels, pull->labels[i]))
			job->reason = arena_printf(
				arena,
				"the configuration skips the label \"%.*s\" (skip.labels)" SKIP_ASK,
				STR_ARG(pull->labels[i]));
	}
	for (size_t i = 0; !job->reason.len && i < rules->titles.len; i++) {
		if (pattern_matches(rules->titles.items[i], pull->title))
			job->reason = arena_printf(
				arena,
				"the configuration skips titles that match \"%.*s\" (skip.titles)" SKIP_ASK,
				STR_ARG(rules->titles.items[i]));
	}
}

bool prepare_session(struct job *job, struct error *err)
{
	struct session_sources sources = target_sources(&job->target);

	if (!session_load(&job->session, job->runtime, &job->request.choices, &sources, err))
		return false;
	/*
	 * Hashes all agents, not only those that a comment chooses, so that the key of the
	 * reviewed files stays the same.
	 */
	job->reviewers = session_reviewers(&job->session);
	job->session.settled.review.run_id = runtime_run_id(job->runtime);
	apply_skip_rules(job);
	return job->reason.len > 0 || choose_agents(job, err);
}

bool prepare_diff(struct job *job, struct error *err)
{
	struct target *target = &job->target;

	if (target->pull.number && !target_read_change(target, err))
		return false;
	if (!target->diff.len)
		job->reason = target->pull.number ? STR("the pull request changes no file")
						  : STR("nothing changed");
	return true;
}

static bool read_previous(struct job *job, struct error *err)
{
	struct previous_request request = {
		.number = job->target.pull.number,
		.name = job->request.choices.name,
		.trust = trust_of(&job->request.publish),
		.any_bot = !job->request.publish.on && job->request.change.kind == CHANGE_PULL,
	};

	request.trust.written = job->trigger.trust.written;
	return previous_read(job->target.forge.github, &request, &job->previous, err);
}

bool prepare_previous(struct job *job, struct error *err)
{
	struct error failed = {0};

	if (job->request.publish.on)
		return read_previous(job, err);
	if (!job->target.pull.number || read_previous(job, &failed))
		return true;
	if (error_ends_work(&failed)) {
		*err = failed;
		return false;
	}
	log_notice("review", "the models do not know what is posted already: %s", failed.message);
	return true;
}

static bool previous_beside(void *ctx, struct error *err)
{
	struct job *job = ctx;

	return prepare_previous(job, err);
}

bool prepare_services(struct job *job, struct error *err)
{
	struct beside previous = {0};
	bool ok;

	beside_begin(&previous, previous_beside, job);
	ok = (job->request.models ||
	      session_connect(&job->session, !job->trigger.dismissed, err)) &&
	     beside_end(&previous, err);
	beside_release(&previous);
	return ok;
}

bool prepare_risk(struct job *job, struct error *err)
{
	struct session *session = &job->session;
	const struct review_options *options = &session->settled.review;
	const struct tiers *tiers = &session->config.tiers;
	struct rules rules = {.include = options->include, .exclude = options->exclude};
	struct session_sources sources = target_sources(&job->target);
	const struct tier *tier;

	job->risk = risk_judge(tiers, &rules, &job->target.diff, job->runtime->arena);
	log_write(job->request.choices.one_of_many ? LOG_DEBUG : LOG_INFO, "risk",
		  "this change is %s: %.*s", risk_name(job->risk.risk), STR_ARG(job->risk.why));
	if (job->risk.risk == RISK_TRIVIAL)
		session->settled.review.effort = STR("low");
	tier = risk_tier(tiers, job->risk.risk);
	if (!tier || job->trigger.command.agents_len)
		return true;
	if (!session_take_tier(session, &sources, tier, err))
		return false;
	job->reviewers = session_reviewers(session);
	return true;
}

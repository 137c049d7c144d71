/* What the commands of the action share: inputs as choices, the event, the pull request. */
#include "cli/action.h"

#include "base/log.h"
#include "credentials/oidc.h"
#include "github/actions.h"
#include "job/version.h"

/* What posting may wait for GitHub when the models have used up all the time. */
enum { POSTING_WAITS_MS = 2 * 60000 };

void action_release(struct action *action)
{
	session_release(&action->session);
	target_release(&action->target);
}

static struct str default_session_name(struct action *action)
{
	struct str run_id = env_get(&action->cli->env, "GITHUB_RUN_ID");

	return arena_printf(&action->cli->arena, "outcrop-%.*s",
			    STR_ARG(run_id.len ? run_id : STR("local")));
}

void action_fill_choices(struct action *action, struct runtime *run)
{
	const struct inputs *inputs = &action->inputs;

	action->choices = (struct session_choices){
		.aws = {.region = inputs->aws_region,
			.roles = inputs->role_to_assume,
			.session_name = inputs->role_session_name.len
						? inputs->role_session_name
						: default_session_name(action),
			.duration_seconds = inputs->role_duration_seconds,
			.audience = inputs->audience,
			.session_policy = inputs->inline_session_policy,
			.managed_policies = inputs->managed_session_policies,
			.allowed_accounts = inputs->allowed_account_ids},
		.config = inputs->config,
		.agents = inputs->agents,
		.model = inputs->model,
		.max_concurrency = inputs->max_concurrency,
		.max_calls = inputs->max_calls,
		.max_cost_usd = inputs->max_cost_usd,
		.timeout_ms = (int64_t)(inputs->timeout_minutes * 60000),
		.min_severity = inputs->min_severity,
		.language = inputs->language,
		.include = inputs->include_paths,
		.exclude = inputs->exclude_paths,
		.run_id = env_get(run->env, "GITHUB_RUN_ID"),
	};
}

/*
 * Events that run with secrets for strangers' changes (pull_request_target, workflow_run, comments) must
 * not look at what an earlier step checked out.
 */
static bool trusts_workspace(struct str event)
{
	static const struct str events[] = {STR_INIT("merge_group"), STR_INIT("pull_request"),
					    STR_INIT("push"), STR_INIT("schedule"),
					    STR_INIT("workflow_dispatch")};

	for (size_t i = 0; i < ARRAY_LEN(events); i++) {
		if (str_eq(event, events[i]))
			return true;
	}
	return false;
}

void action_open(struct action *action, struct runtime *run)
{
	const struct env *env = run->env;
	struct forge_options options = {
		.http = run->http,
		.env = env,
		.token = action->inputs.github_token,
		.agents_token = action->inputs.agents_token,
		.repository = env_get(env, "GITHUB_REPOSITORY"),
		.dry_run = action->inputs.dry_run,
		.waits_end_ms = action->choices.timeout_ms + POSTING_WAITS_MS,
	};
	struct str workspace = actions_workspace(env);

	forge_init(&action->target.forge, &options);
	if (workspace.len && trusts_workspace(env_get(env, "GITHUB_EVENT_NAME")))
		target_open_repository(&action->target, workspace.ptr, false);
}

static struct event_facts facts_of(const struct action *action, struct runtime *run)
{
	struct env *env = run->env;

	return (struct event_facts){
		.pull_request = MAX_OF(action->inputs.pull_request, (int64_t)0),
		.has_oidc = oidc_available(env),
		.has_credentials = env_has(env, "AWS_ACCESS_KEY_ID") ||
				   env_has(env, "AWS_BEARER_TOKEN_BEDROCK") ||
				   env_has(env, "AWS_WEB_IDENTITY_TOKEN_FILE") ||
				   env_has(env, "AWS_CONTAINER_CREDENTIALS_FULL_URI") ||
				   env_has(env, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"),
	};
}

/* Says no to a command, with a reaction and a reply. */
static bool refuse(struct action *action, struct str reason, struct str *skip, struct error *err)
{
	struct github *github = action->target.forge.github;

	*skip = reason;
	return comment_react(github, &action->event, "confused", err) &&
	       comment_reply(github, &action->event, reason, err);
}

static bool dismiss(struct action *action, struct str *skip, struct error *err)
{
	SCOPED(standing) struct standing standing = {0};
	struct github *github = action->target.forge.github;
	struct publish_dismissal dismissal = {
		.github = github,
		.number = action->event.pull.number,
		.id = action->command.id,
		.reply_to = action->event.comment.in_reply_to,
		.by = action->event.comment.author,
		.reason = action->command.reason,
	};

	if (!standing_read(github, dismissal.number, action->inputs.name, &standing, err))
		return false;
	if (!publish_dismiss(&dismissal, &standing, err))
		return err->kind == ERROR_NOT_FOUND
			       ? refuse(action,
					arena_printf(&action->cli->arena, "%s", err->message), skip,
					err)
			       : false;
	*skip = STR("a finding was dismissed");
	return comment_react(github, &action->event, "+1", err);
}

/* Does what a comment asks for, up to a review: that only sets what is to be reviewed. */
static bool obey(struct action *action, struct str *skip, struct error *err)
{
	struct github *github = action->target.forge.github;
	struct arena *arena = &action->cli->arena;
	bool may_write = false;

	if (!comment_author_may_write(github, &action->event, arena, &may_write, err))
		return false;
	if (!may_write)
		return refuse(
			action,
			STR("Only people who may write to this repository can command outcrop."),
			skip, err);
	comment_command_parse(action->event.comment.body, action->event.comment.in_reply_to != 0,
			      arena, &action->command);
	switch (action->command.kind) {
	case COMMENT_WRONG:
		return refuse(action, action->command.problem, skip, err);
	case COMMENT_HELP:
		*skip = STR("help was asked for");
		return comment_react(github, &action->event, "eyes", err) &&
		       comment_reply(github, &action->event, comment_command_help(), err);
	case COMMENT_DISMISS:
		return dismiss(action, skip, err);
	case COMMENT_REVIEW:
		break;
	}
	action->by_person = true;
	if (action->command.full)
		action->inputs.incremental = false;
	return comment_react(github, &action->event, "eyes", err);
}

static bool find_number(struct action *action, int64_t *number, struct error *err)
{
	*number = action->event.pull.number;
	if (action->inputs.pull_request > 0) {
		*number = action->inputs.pull_request;
		action->by_person = true;
	}
	if (*number)
		return true;
	return event_find_pull(&action->event, action->target.forge.github, &action->cli->arena,
			       number, err);
}

bool action_find_pull(struct action *action, struct runtime *run, struct str *skip,
		      struct error *err)
{
	struct event_facts facts = facts_of(action, run);
	struct event_decision decision;
	int64_t number;

	if (!event_read(run->env, &action->cli->arena, &action->event, err))
		return false;
	decision = event_decide(&action->event, &facts);
	if (decision.verdict == VERDICT_SKIP) {
		*skip = decision.reason;
		return true;
	}
	if (decision.verdict == VERDICT_COMMAND) {
		if (!obey(action, skip, err))
			return false;
		if (skip->len)
			return true;
	}
	if (!find_number(action, &number, err))
		return false;
	if (!number) {
		*skip = STR(
			"no open pull request belongs to this event; give the input pull-request");
		return true;
	}
	if (!target_set_pull(&action->target, number, err))
		return false;
	if (!action->by_person) {
		decision = event_decide_pull(&action->event, &action->target.pull, &facts);
		if (decision.verdict == VERDICT_SKIP)
			*skip = decision.reason;
	}
	return true;
}

static struct str run_url(const struct action *action)
{
	const struct env *env = &action->cli->env;
	struct str server = env_get(env, "GITHUB_SERVER_URL");
	struct str run_id = env_get(env, "GITHUB_RUN_ID");

	if (!server.len || !run_id.len)
		return STR_EMPTY;
	return arena_printf(&action->cli->arena, "%.*s/%.*s/actions/runs/%.*s", STR_ARG(server),
			    STR_ARG(env_get(env, "GITHUB_REPOSITORY")), STR_ARG(run_id));
}

struct review_view action_view(const struct action *action, const struct review_result *result)
{
	struct str server = env_get(&action->cli->env, "GITHUB_SERVER_URL");

	return (struct review_view){
		.result = result,
		.conclusion = review_conclude(result),
		.name = action->inputs.name,
		.version = STR(OUTCROP_VERSION),
		.repository = action->target.change.repository,
		.server_url = server.len ? server : STR("https://github.com"),
		.number = action->target.pull.number,
		.base_commit = action->target.change.base_commit,
		.head_commit = action->target.change.head_commit,
		.run_url = run_url(action),
	};
}

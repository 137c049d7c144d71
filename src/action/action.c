/* The action's inputs as a job's request. */
#include "action/action.h"

#include "github/actions.h"

static bool publishes(const struct inputs *inputs, const char *kind)
{
	return strings_have(&inputs->publish, str_from(kind)) &&
	       !strings_have(&inputs->publish, STR("none"));
}

static struct job_choices choices_of(const struct inputs *inputs)
{
	return (struct job_choices){
		.aws = {.region = inputs->aws_region,
			.roles = inputs->role_to_assume,
			.session_name = inputs->role_session_name,
			.duration_seconds = inputs->role_duration_seconds,
			.audience = inputs->audience,
			.session_policy = inputs->inline_session_policy,
			.managed_policies = inputs->managed_session_policies,
			.allowed_accounts = inputs->allowed_account_ids},
		.name = inputs->name,
		.config = inputs->config,
		.agents = inputs->agents,
		.model = inputs->model,
		.max_concurrency = inputs->max_concurrency,
		.max_calls = inputs->max_calls,
		.max_cost_usd = inputs->max_cost_usd,
		.timeout_minutes = inputs->timeout_minutes,
		.max_inline_comments = inputs->max_inline_comments,
		.min_severity = inputs->min_severity,
		.min_confidence = inputs->min_confidence,
		.fail_on = inputs->fail_on,
		.inline_severity = inputs->inline_severity,
		.language = inputs->language,
		.include = inputs->include_paths,
		.exclude = inputs->exclude_paths,
		.shards = (int)MAX_OF(inputs->shards, (int64_t)0),
	};
}

struct job_request action_request(const struct action *action)
{
	const struct inputs *inputs = &action->inputs;
	const struct env *env = &action->cli->env;
	struct str workspace = actions_workspace(env);

	return (struct job_request){
		.change = {.kind = CHANGE_EVENT,
			   .number = MAX_OF(inputs->pull_request, (int64_t)0),
			   .shard = inputs->shard,
			   .folder = workspace.len ? workspace.ptr : NULL},
		.forge = {.token = inputs->github_token,
			  .agents_token = inputs->agents_token,
			  .repository = env_get(env, "GITHUB_REPOSITORY"),
			  .dry_run = inputs->dry_run},
		.choices = choices_of(inputs),
		.outcomes = {.since = inputs->since},
		.publish = {.on = true,
			    .summary = publishes(inputs, "summary"),
			    .review = publishes(inputs, "review"),
			    .check = publishes(inputs, "check"),
			    .sarif = publishes(inputs, "sarif"),
			    .annotations = publishes(inputs, "annotations"),
			    .full = !inputs->incremental,
			    .state_key = inputs->state_key,
			    .silent_when_clean = str_eq(inputs->when_clean, STR("silent"))},
	};
}

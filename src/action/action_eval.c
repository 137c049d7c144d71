/* The action's `command: eval`: the cases in evals/, with the agents of the workspace. */
#include "action/action_eval.h"

#include "action/outputs.h"
#include "base/log.h"
#include "credentials/sign_in.h"
#include "eval/summary.h"
#include "github/actions.h"
#include "job/evaluate.h"

static enum exit_status fail(struct action *action, const struct error *err)
{
	return exit_worse(cli_fail(err),
			  action_end_without(action, CONCLUSION_FAILED, str_from(err->message)));
}

static bool leave(struct action *action, struct evaluation *evaluation,
		  const struct eval_summary *summary)
{
	SCOPED(buf) struct buf page = BUF_INIT;
	struct results results = {
		.env = &action->cli->env,
		.random = &action->random,
		.inputs = &action->inputs,
	};
	bool ok;

	summary_markdown(&page, summary);
	ok = results_write_value(&results, summary_value(&evaluation->arena, summary));
	ok &= results_write_outputs(&results);
	return results_write_summary(&action->cli->env, buf_str(&page)) & ok;
}

static enum exit_status score(struct action *action, struct evaluation *evaluation)
{
	struct scores scores = scores_make(&evaluation->arena, evaluation->cases, evaluation->len,
					   &evaluation->results);
	struct eval_summary summary = {
		.scores = &scores,
		.results = &evaluation->results,
		.list_findings = true,
	};
	struct figures figures = figures_make(&scores, &summary.part);
	enum exit_status status = leave(action, evaluation, &summary) ? EXIT_DONE : EXIT_UNPOSTED;

	if (figures.incomplete)
		status = exit_worse(status, EXIT_INCOMPLETE);
	if (evaluation->limited)
		status = exit_worse(status, EXIT_STOPPED);
	if (!evaluation->stale)
		return status;
	log_error(
		"eval",
		"not every case could be replayed: fix what is wrong above; where a recording is missing, use \"outcrop eval --record\", or set role-to-assume");
	return EXIT_WRONG_USE;
}

enum exit_status action_eval(struct runtime *runtime, struct action *action)
{
	const struct inputs *inputs = &action->inputs;
	struct arena *arena = &action->cli->arena;
	struct str workspace = actions_workspace(&action->cli->env);
	bool live = inputs->role_to_assume.len > 0 || aws_credentials_given(&action->cli->env);
	struct evaluate_request request = {
		.folder = "evals",
		.choices = action_request(action).choices,
		.mode = live ? EVALUATE_LIVE : EVALUATE_REPLAY,
		.repeats = 1,
	};
	struct evaluation evaluation = {0};
	enum exit_status status;
	struct error err;

	if (workspace.len) {
		request.root = workspace.ptr;
		request.folder = arena_printf(arena, "%.*s/evals", STR_ARG(workspace)).ptr;
	}
	if (!evaluate_load(&request, &evaluation, &err)) {
		err.kind = ERROR_CONFIG;
		status = fail(action, &err);
	} else if (!evaluate_run(&request, runtime, &evaluation, &err)) {
		status = fail(action, &err);
	} else {
		status = score(action, &evaluation);
	}
	evaluation_release(&evaluation);
	return status;
}

/* The action's check: the configuration and the agents of the base commit. */
#include "agent/check.h"
#include "base/log.h"
#include "cli/action.h"
#include "github/actions.h"

struct check_flow {
	struct action *action;
	struct problems problems;
	size_t files;
};

/* The pull request's base commit; of an event without one, the commit that the workflow runs for. */
static bool find_base(struct action *action, struct error *err)
{
	struct target *target = &action->target;
	struct str commit;
	int64_t number;

	if (!event_read(&action->cli->env, &action->cli->arena, &action->event, err))
		return false;
	number = action->inputs.pull_request > 0 ? action->inputs.pull_request
						 : action->event.pull.number;
	if (number > 0)
		return target_set_pull(target, number, err);
	commit = action->event.commit;
	return target_set_commits(target, commit, commit, err) || error_wrap(err, "GITHUB_SHA");
}

static bool check_stage(void *ctx, struct error *err)
{
	struct check_flow *flow = ctx;
	struct action *action = flow->action;
	struct check_request request = {
		.open = forge_open,
		.open_ctx = &action->target.forge,
		.config = action->inputs.config,
		.agents = action->inputs.agents,
	};

	if (!find_base(action, err))
		return false;
	request.base = &action->target.base;
	return check_run(&request, &flow->problems, &flow->files, err);
}

/* Each problem as an annotation on its line, and all of them on the job's page. */
static bool show(struct check_flow *flow, struct error *err)
{
	SCOPED(buf) struct buf annotations = BUF_INIT;
	SCOPED(buf) struct buf page = BUF_INIT;
	SCOPED(buf) struct buf sum = BUF_INIT;
	SCOPED(buf) struct buf text = BUF_INIT;
	struct str rest, line;

	for (size_t i = 0; i < flow->problems.len; i++) {
		const struct problem *problem = &flow->problems.items[i];
		struct actions_annotation annotation = {
			.level = problem->level == PROBLEM_ERROR ? LOG_ERROR : LOG_WARNING,
			.path = problem->file,
			.line = (uint32_t)MAX_OF(problem->at.line, 0),
			.title = STR("outcrop check"),
			.message = problem->text,
		};

		/* Without a line it is about a name in a list: no file is called so. */
		if (problem->at.line <= 0) {
			annotation.path = STR_EMPTY;
			annotation.message =
				arena_printf(&flow->action->cli->arena, "%.*s: %.*s",
					     STR_ARG(problem->file), STR_ARG(problem->text));
		}
		actions_annotation_add(&annotations, &annotation);
	}
	problems_write(&flow->problems, &text);
	check_add_sum(&sum, &flow->problems, flow->files);
	buf_addf(&page, "## outcrop: check\n\n%s\n\n", sum.ptr);
	rest = buf_str(&text);
	while (str_next_line(&rest, &line, NULL))
		buf_addf(&page, "    %.*s\n", STR_ARG(line));
	log_info("check", "%s", sum.ptr);
	return cli_output(STR_EMPTY, buf_str(&text), err) &&
	       cli_output(STR_EMPTY, buf_str(&annotations), err) &&
	       actions_summary(&flow->action->cli->env, buf_str(&page), err);
}

enum exit_status action_check(struct runtime *run, void *arg)
{
	struct action *action = arg;
	struct check_flow flow = {.action = action};
	enum exit_status status = EXIT_DONE;
	struct error err;

	action_fill_choices(action, run);
	action_open(action, run);
	if (!runtime_stage(run, check_stage, &flow, &err))
		status = cli_fail(&err);
	else if (!show(&flow, &err))
		status = cli_fail(&err);
	else if (flow.problems.errors)
		status = EXIT_WRONG_USE;
	problems_release(&flow.problems);
	action_release(action);
	return status;
}

/* The action's plan: the pull request's shards as a matrix for the jobs that follow. */
#include "base/log.h"
#include "cli/action.h"
#include "github/actions.h"
#include "job/plan.h"
#include "review/plan_text.h"

struct plan_flow {
	struct action *action;
	struct runtime *run;
	struct str skip;
	struct change_plan plan;
};

static bool prepare(struct plan_flow *flow, struct error *err)
{
	struct action *action = flow->action;
	struct session_sources sources;

	if (!action_find_pull(action, flow->run, &flow->skip, err))
		return false;
	if (flow->skip.len)
		return true;
	action->choices.shards = (int)MAX_OF(action->inputs.shards, (int64_t)0);
	sources = target_sources(&action->target);
	if (!session_load(&action->session, flow->run, &action->choices, &sources, err) ||
	    !target_read_change(&action->target, err))
		return false;
	if (!action->target.diff.len) {
		flow->skip = STR("the pull request changes no file");
		return true;
	}
	return session_connect(&action->session, false, err) &&
	       change_plan_make(&flow->plan, &action->session, &action->target, err);
}

static bool prepare_stage(void *ctx, struct error *err)
{
	return prepare(ctx, err);
}

static bool write_matrix(struct runtime *run, struct str matrix, struct error *err)
{
	return actions_output(run->env, &run->random, "matrix", matrix, err);
}

/* The plan as plain text, in the log and on the job's page. */
static bool show(const struct plan_flow *flow, struct str matrix, struct error *err)
{
	SCOPED(buf) struct buf plan = BUF_INIT;
	SCOPED(buf) struct buf page = BUF_INIT;
	struct str rest, line;

	plan_write(&plan, &flow->plan.plan, &flow->action->session.agents);
	buf_add_text(&page, "## outcrop: plan\n\n");
	rest = buf_str(&plan);
	while (str_next_line(&rest, &line, NULL)) {
		log_info("plan", "%.*s", STR_ARG(line));
		buf_addf(&page, "    %.*s\n", STR_ARG(line));
	}
	if (matrix.len)
		log_info("plan", "matrix: %.*s", STR_ARG(matrix));
	return actions_summary(flow->run->env, buf_str(&page), err);
}

static enum exit_status run_flow(struct plan_flow *flow)
{
	SCOPED(buf) struct buf matrix = BUF_INIT;
	struct error err;

	if (!runtime_stage(flow->run, prepare_stage, flow, &err))
		return cli_fail(&err);
	if (flow->skip.len) {
		if (!results_skip(flow->run, flow->skip, &err) ||
		    !write_matrix(flow->run, STR("{\"include\":[]}"), &err))
			return cli_fail(&err);
		return EXIT_DONE;
	}
	if (flow->action->choices.shards) {
		change_plan_add_matrix(&matrix, &flow->plan, &flow->action->target);
		if (!write_matrix(flow->run, buf_str(&matrix), &err))
			return cli_fail(&err);
	}
	return show(flow, buf_str(&matrix), &err) ? EXIT_DONE : cli_fail(&err);
}

static void plan_flow_release(struct plan_flow *flow)
{
	change_plan_release(&flow->plan);
	action_release(flow->action);
}

enum exit_status action_plan(struct runtime *run, void *arg)
{
	struct action *action = arg;
	SCOPED(plan_flow) struct plan_flow flow = {.action = action, .run = run};

	action_fill_choices(action, run);
	action_open(action, run);
	return run_flow(&flow);
}

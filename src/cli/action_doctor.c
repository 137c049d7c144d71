/* The action's doctor: what is wrong with role, models and permissions of this workflow. */
#include "base/log.h"
#include "cli/action.h"
#include "github/actions.h"
#include "job/doctor.h"

/* One run of it. */
struct visit {
	struct action *action;
	struct runtime *run;
	struct doctor_checks checks;
};

static void visit_release(struct visit *visit)
{
	doctor_checks_release(&visit->checks);
}

static bool look(struct visit *visit, struct error *err)
{
	struct action *action = visit->action;
	struct doctor_request request = {
		.run = visit->run,
		.session = &action->session,
		.github = action->target.forge.github,
	};
	struct session_sources sources;
	struct error unread;

	if (!event_read(&action->cli->env, &action->cli->arena, &action->event, err))
		return false;
	request.number = action->inputs.pull_request > 0 ? action->inputs.pull_request
							 : action->event.pull.number;
	/* What keeps the pull request from being read is one of the things to be shown. */
	if (request.number > 0 && !target_set_pull(&action->target, request.number, &unread))
		log_debug("doctor", "%s", unread.message);
	sources = target_sources(&action->target);
	if (!session_load(&action->session, visit->run, &action->choices, &sources, err))
		return false;
	doctor_run(&request, &visit->checks);
	return true;
}

static bool look_stage(void *ctx, struct error *err)
{
	return look(ctx, err);
}

static enum exit_status show(struct visit *visit)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	SCOPED(buf) struct buf page = BUF_INIT;
	bool healthy = doctor_add(&text, &visit->checks);
	struct str rest = buf_str(&text);
	struct str line;
	struct error err;

	while (str_next_line(&rest, &line, NULL))
		log_info("doctor", "%.*s", STR_ARG(line));
	buf_addf(&page, "## outcrop: doctor\n\n~~~~~~~~~~text\n%s~~~~~~~~~~\n", text.ptr);
	if (!actions_summary(&visit->action->cli->env, buf_str(&page), &err))
		return cli_fail(&err);
	return healthy ? EXIT_DONE : EXIT_FINDINGS;
}

enum exit_status action_doctor(struct runtime *run, void *arg)
{
	struct action *action = arg;
	SCOPED(visit) struct visit visit = {.action = action, .run = run};
	enum exit_status status;
	struct error err;

	action_fill_choices(action, run);
	action_open(action, run);
	if (!runtime_stage(run, look_stage, &visit, &err))
		status = cli_fail(&err);
	else
		status = show(&visit);
	action_release(action);
	return status;
}

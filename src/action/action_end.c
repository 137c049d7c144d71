/* Writes the results of the action when its job has ended. */
#include "action/action.h"
#include "action/outputs.h"
#include "base/log.h"
#include "command/print.h"
#include "eval/outcome_page.h"
#include "github/actions.h"
#include "job/post.h"
#include "output/job_summary.h"
#include "output/plan_text.h"
#include "output/terminal.h"

static enum exit_status status_of(bool ok)
{
	return ok ? EXIT_DONE : EXIT_UNPOSTED;
}

static struct results results_of(struct action *action, struct str conclusion)
{
	return (struct results){
		.env = &action->cli->env,
		.random = &action->random,
		.inputs = &action->inputs,
		.conclusion = conclusion,
	};
}

/* Adds lines as a code block, so that nothing in them is Markdown. */
static void add_block(struct buf *page, struct str text)
{
	struct str line;

	buf_add_char(page, '\n');
	while (str_next_line(&text, &line, NULL)) {
		buf_add_text(page, "    ");
		log_escape(page, line);
		buf_add_char(page, '\n');
	}
}

static void log_lines(const char *topic, struct str text)
{
	struct str line;

	while (str_next_line(&text, &line, NULL))
		log_info(topic, "%.*s", STR_ARG(line));
}

/* ---- Nothing was done ---- */

enum exit_status action_end_without(struct action *action, enum conclusion conclusion,
				    struct str reason)
{
	SCOPED(buf) struct buf page = BUF_INIT;
	struct results results = results_of(action, str_from(conclusion_name(conclusion)));
	bool ok;

	if (conclusion == CONCLUSION_SKIPPED)
		log_notice("cli", "skipped: %.*s", STR_ARG(reason));
	if (str_eq(action->inputs.command, STR("plan")))
		results.matrix = STR("{\"include\":[]}");
	ok = results_write_outputs(&results);
	buf_addf(&page, "## outcrop: %.*s %s\n",
		 STR_ARG(action->inputs.command.len ? action->inputs.command : STR("review")),
		 conclusion_name(conclusion));
	add_block(&page, reason);
	return status_of(results_write_summary(&action->cli->env, buf_str(&page)) & ok);
}

/* ---- Review and merge ---- */

static struct str risk_of(const struct job *job)
{
	return job->risk.why.len ? str_from(risk_name(job->risk.risk)) : STR_EMPTY;
}

static void show_review(const struct action *action, const struct review_view *view)
{
	const struct review_result *result = view->result;
	SCOPED(buf) struct buf text = BUF_INIT;

	if (!action->cli->in_actions) {
		terminal_add(&text, view, action->cli->color, terminal_width(stderr));
		fputs(text.ptr, stderr);
		return;
	}
	for (size_t i = 0; i < result->notices_len; i++)
		log_notice("review", "%.*s", STR_ARG(result->notices[i]));
	view_add_counts(&text, result);
	log_info("review", "%s: %s", conclusion_name(view->conclusion), text.ptr);
}

enum exit_status action_end_review(struct action *action, struct job *job)
{
	const struct review_view view = job_view(job);
	struct results results = results_of(action, str_from(conclusion_name(view.conclusion)));
	SCOPED(buf) struct buf page = BUF_INIT;
	bool ok;

	results.view = &view;
	results.risk = risk_of(job);
	results.published = job_published(job);
	if (job->request.publish.annotations)
		results_annotate(&job->result);
	ok = results_write_report(&results);
	if (!action->inputs.shard.len)
		ok &= results_write_sarif(&results);
	ok &= results_write_outputs(&results);
	job_summary(&page, &view);
	ok &= results_write_summary(&action->cli->env, buf_str(&page));
	show_review(action, &view);
	return status_of(ok);
}

/* ---- Plan ---- */

enum exit_status action_end_plan(struct action *action, struct job *job)
{
	SCOPED(buf) struct buf plan = BUF_INIT;
	SCOPED(buf) struct buf matrix = BUF_INIT;
	SCOPED(buf) struct buf page = BUF_INIT;
	struct results results = results_of(action, STR_EMPTY);
	bool ok;

	results.risk = risk_of(job);
	plan_text_add(&plan, &job->plan.plan, &job->session.agents);
	log_lines("plan", buf_str(&plan));
	if (job->request.choices.shards) {
		change_plan_add_matrix(&matrix, &job->plan, &job->target);
		results.matrix = buf_str(&matrix);
		log_info("plan", "matrix: %s", matrix.ptr);
	}
	ok = results_write_outputs(&results);
	buf_add_text(&page, "## outcrop: plan\n");
	add_block(&page, buf_str(&plan));
	return status_of(results_write_summary(&action->cli->env, buf_str(&page)) & ok);
}

/* ---- Outcomes ---- */

enum exit_status action_end_outcomes(struct action *action, struct job *job)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf text = BUF_INIT;
	SCOPED(buf) struct buf page = BUF_INIT;
	struct results results = results_of(action, STR_EMPTY);
	bool ok;

	outcomes_page(&text, &job->outcomes, TABLE_TEXT);
	log_lines("outcomes", buf_str(&text));
	outcomes_page(&page, &job->outcomes, TABLE_MARKDOWN);
	ok = results_write_value(&results, outcomes_value(&arena, &job->outcomes));
	ok &= results_write_outputs(&results);
	return status_of(results_write_summary(&action->cli->env, buf_str(&page)) & ok);
}

/* ---- Doctor and check ---- */

enum exit_status action_end_doctor(struct action *action, struct job *job)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	SCOPED(buf) struct buf page = BUF_INIT;

	doctor_write(&text, &job->checks, SIZE_MAX);
	log_lines("doctor", buf_str(&text));
	buf_add_text(&page, "## outcrop: doctor\n");
	add_block(&page, buf_str(&text));
	return status_of(results_write_summary(&action->cli->env, buf_str(&page)));
}

/* Each problem as an annotation on its line. */
static void add_annotation(struct action *action, const struct problem *problem, struct buf *out)
{
	struct actions_annotation annotation = {
		.level = problem->level == PROBLEM_ERROR ? LOG_ERROR : LOG_WARNING,
		.path = problem->file,
		.line = (uint32_t)MAX_OF(problem->at.line, 0),
		.title = STR("outcrop check"),
		.message = problem->text,
	};

	/* Without a line the problem is about a name in a list, which is not a file. */
	if (problem->at.line <= 0) {
		annotation.path = STR_EMPTY;
		annotation.message = arena_printf(&action->cli->arena, "%.*s: %.*s",
						  STR_ARG(problem->file), STR_ARG(problem->text));
	}
	actions_annotation_add(out, &annotation);
}

enum exit_status action_end_check(struct action *action, struct job *job)
{
	SCOPED(buf) struct buf annotations = BUF_INIT;
	SCOPED(buf) struct buf page = BUF_INIT;
	SCOPED(buf) struct buf sum = BUF_INIT;
	SCOPED(buf) struct buf text = BUF_INIT;
	struct error err;

	for (size_t i = 0; i < job->problems.len; i++)
		add_annotation(action, &job->problems.items[i], &annotations);
	problems_write(&job->problems, &text);
	check_add_sum(&sum, &job->problems, job->files_checked);
	buf_addf(&page, "## outcrop: check\n\n%s\n", sum.ptr);
	add_block(&page, buf_str(&text));
	log_info("check", "%s", sum.ptr);
	if (!print_text(action->cli, PRINT_PAGE, buf_str(&text), &err))
		log_error("cli", "%s", err.message);
	fwrite(annotations.ptr, 1, annotations.len, stdout);
	fflush(stdout);
	return status_of(results_write_summary(&action->cli->env, buf_str(&page)));
}

/* outcrop eval: an agent pack over cases with known answers. */
#include <math.h>

#include "base/file.h"
#include "base/log.h"
#include "cli/command_tables.h"
#include "cli/eval_import.h"
#include "cli/local.h"
#include "command/print.h"
#include "eval/summary.h"
#include "job/accept.h"
#include "job/evaluate.h"
#include "job/verdicts.h"
#include "value/json.h"

struct eval_command {
	struct local_options local;
	struct str format, output, only, against, fail_under, clone, accept, judge;
	int64_t repeat, max_concurrency, limit;
	double max_cost_usd, timeout_minutes;
	bool replay, record, live, tuning, no_regression, score;
};

#define AT(member) offsetof(struct eval_command, member)

static const char *const formats[] = {"text", "markdown", "json", "junit", NULL};

/* Keep alphabetized. */
static const struct option options_table[] = {
	{"accept", OPTION_TEXT, AT(accept), "LIST",
	 "Add findings to their case files: CASE#N=expect, =allow or =forbid, separated by commas."},
	{"against", OPTION_TEXT, AT(against), "FILE",
	 "Compare with the results of another run (--format json), case by case."},
	LOCAL_AGENTS(struct eval_command),
	LOCAL_ALLOW_HTTP(struct eval_command),
	{"clone", OPTION_TEXT, AT(clone), "LIST",
	 "Local clones, or folders that contain them: files of cases without tree/. With import: the source of the changes, instead of GitHub."},
	LOCAL_CONFIG(struct eval_command),
	LOCAL_DEBUG(struct eval_command),
	{"fail-under", OPTION_TEXT, AT(fail_under), "LIST",
	 "Exit with status 1 if a figure is lower: precision=0.7,recall=0.5; also recall-high, f1, f05, silent."},
	{"format", OPTION_CHOICE, AT(format), "FORMAT", "How the result is printed.",
	 .choices = formats},
	{"judge", OPTION_TEXT, AT(judge), "MODEL",
	 "Ask this model about findings whose lines match a problem and whose words do not."},
	{"limit", OPTION_INT, AT(limit), "N", "With import: maximum number of cases.", .min = 1,
	 .max = 5000},
	{"live", OPTION_FLAG, AT(live), NULL, "Call the models without recording."},
	{"max-concurrency", OPTION_INT, AT(max_concurrency), "N",
	 "Maximum number of model calls in flight. Default: the configuration's, else 4.", .min = 1,
	 .max = 1000},
	{"max-cost-usd", OPTION_NUMBER, AT(max_cost_usd), "USD",
	 "A call starts only if the whole evaluation stays within this cost."},
	LOCAL_MODEL(struct eval_command),
	{"no-regression", OPTION_FLAG, AT(no_regression), NULL,
	 "With --against: exit with status 1 if precision, recall, F1 or F0.5 is lower, and the interval of the difference excludes 0."},
	{"only", OPTION_TEXT, AT(only), "LIST", "Run only these cases, by name."},
	{"output", OPTION_TEXT, AT(output), "FILE",
	 "File for the result. Default: standard output. With import: folder for the cases; default: imported."},
	LOCAL_PROFILE(struct eval_command),
	{"record", OPTION_FLAG, AT(record), NULL,
	 "Call the models and keep their replies in the cases."},
	LOCAL_REGION(struct eval_command),
	{"repeat", OPTION_INT, AT(repeat), "N", "Run each case N times; with --live.", .min = 1,
	 .max = 100},
	{"replay", OPTION_FLAG, AT(replay), NULL,
	 "Answer from the replies kept in the cases, without AWS. The default."},
	{"score", OPTION_FLAG, AT(score), NULL,
	 "Score the results in FILE... again, without any call."},
	{"timeout-minutes", OPTION_NUMBER, AT(timeout_minutes), "N",
	 "Time limit for the whole evaluation. Default: 60."},
	{"tuning", OPTION_FLAG, AT(tuning), NULL, "Leave out the cases that are held out."},
};

/* One run of the command. */
struct local_eval {
	struct cli *cli;
	const struct eval_command *given;
	struct evaluate_request request;
	struct evaluation evaluation;
	struct eval_results against;
	struct thresholds thresholds;
	struct acceptances acceptances;
	struct judge_result judged;
	struct printer printer;
};

static bool read_results(struct local_eval *local, struct str path, struct eval_results *results,
			 struct error *err)
{
	struct arena *arena = &local->evaluation.arena;
	SCOPED(buf) struct buf text = BUF_INIT;
	struct value *value;

	if (!file_read(arena_text(arena, path), EVAL_RESULTS_SIZE_MAX, &text, err))
		return error_wrap(err, "\"%.*s\"", STR_ARG(path));
	value = json_read(arena, buf_str(&text), EVAL_RESULTS_SIZE_MAX, err);
	if (!value || !eval_results_read(arena, value, results, err)) {
		err->kind = ERROR_CONFIG;
		return error_wrap(err, "\"%.*s\"", STR_ARG(path));
	}
	return true;
}

/* Joins the replies of several result files. */
static bool read_scores(struct local_eval *local, const struct arguments *files, struct error *err)
{
	struct arena *arena = &local->evaluation.arena;
	struct eval_results *all = ARENA_ARRAY(arena, struct eval_results, files->len);
	struct eval_reply *replies;
	size_t len = 0;

	for (size_t i = 1; i < files->len; i++) {
		if (!read_results(local, files->items[i], &all[i], err))
			return false;
		len += all[i].replies.len;
	}
	replies = ARENA_ARRAY(arena, struct eval_reply, len + 1);
	local->evaluation.results = (struct eval_results){
		.schema_version = EVAL_RESULTS_VERSION,
		.label = files->len > 1 ? all[1].label : STR_EMPTY,
		.replies = {.items = replies, .len = len},
	};
	len = 0;
	for (size_t i = 1; i < files->len; i++) {
		const struct eval_reply *items = all[i].replies.items;

		for (size_t j = 0; j < all[i].replies.len; j++)
			replies[len++] = items[j];
	}
	return true;
}

/* Checks options that exclude or need each other. */
static bool check_options(const struct eval_command *given, const struct arguments *arguments,
			  struct error *err)
{
	if (given->replay + given->record + given->live + given->score > 1)
		return error_set(err, ERROR_USAGE,
				 "--live, --record, --replay and --score exclude each other");
	if (given->repeat > 1 && !given->live)
		return error_set(err, ERROR_USAGE,
				 "--repeat needs --live: recorded replies are the same each time");
	if (given->no_regression && !given->against.len)
		return error_set(err, ERROR_USAGE, "--no-regression needs --against");
	if (given->score && given->clone.len)
		return error_set(err, ERROR_USAGE,
				 "--clone: --score reads no files: leave one of them out");
	if (arguments->len > 1 && !given->score)
		return error_set(
			err, ERROR_USAGE,
			"\"%.*s\": one folder of cases at most; --score takes the folder and result files",
			STR_ARG(arguments->items[1]));
	if (given->score && arguments->len < 2)
		return error_set(
			err, ERROR_USAGE,
			"--score needs the folder of cases and at least one file of results");
	return true;
}

static struct strings names_of(struct arena *arena, struct str list)
{
	struct strings names = {.items = ARENA_ARRAY(arena, struct str, list.len + 1)};
	struct str part;

	while (str_next_part(&list, ',', &part)) {
		if (str_trim(part).len)
			names.items[names.len++] = str_trim(part);
	}
	return names;
}

static enum evaluate_mode mode_of(const struct eval_command *given)
{
	if (given->live)
		return EVALUATE_LIVE;
	return given->record ? EVALUATE_RECORD : EVALUATE_REPLAY;
}

static bool fill_request(struct local_eval *local, const struct arguments *arguments,
			 struct error *err)
{
	const struct eval_command *given = local->given;
	struct evaluate_request *request = &local->request;
	struct arena *arena = &local->cli->arena;
	struct job_request made;

	if (!check_options(given, arguments, err) ||
	    !local_request(local->cli, &given->local, &made, err) ||
	    !local_list(arena, "clone", given->clone, LIST_WORDS, &request->clones, err) ||
	    !thresholds_read(given->fail_under, &local->thresholds, err) ||
	    !acceptances_read(given->accept, &local->acceptances, err))
		return false;
	request->folder = arguments->len ? arena_text(arena, arguments->items[0]) : "evals";
	request->choices = made.choices;
	request->choices.max_concurrency = given->max_concurrency;
	request->choices.max_cost_usd = given->max_cost_usd > 0 ? given->max_cost_usd : -1;
	request->choices.timeout_minutes = given->timeout_minutes > 0 ? given->timeout_minutes : 60;
	request->mode = mode_of(given);
	request->repeats = given->repeat > 0 ? given->repeat : 1;
	request->tuning = given->tuning;
	request->only = names_of(arena, given->only);
	if (!evaluate_load(request, &local->evaluation, err)) {
		if (err->kind == ERROR_NOT_FOUND || err->kind == ERROR_IO)
			err->kind = ERROR_USAGE;
		return false;
	}
	if (given->against.len && !read_results(local, given->against, &local->against, err))
		return false;
	return printer_open(&local->printer, local->cli, given->output, err);
}

static bool print(struct local_eval *local, const struct eval_summary *summary, struct error *err)
{
	struct str format = local->given->format;
	SCOPED(buf) struct buf out = BUF_INIT;
	enum print_kind kind = PRINT_PAGE;

	if (str_eq(format, STR("markdown"))) {
		summary_markdown(&out, summary);
	} else if (str_eq(format, STR("junit"))) {
		summary_junit(&out, summary);
	} else if (str_eq(format, STR("json"))) {
		kind = PRINT_JSON;
		json_write(&out, summary_value(&local->evaluation.arena, summary), JSON_PRETTY);
		buf_add_char(&out, '\n');
	} else {
		summary_text(&out, summary);
	}
	return printer_add(&local->printer, kind, buf_str(&out), err) &&
	       printer_close(&local->printer, err);
}

static bool regressed(struct local_eval *local, const struct eval_summary *summary)
{
	struct comparison comparison = figures_compare(&local->evaluation.arena, summary->scores,
						       summary->against, &summary->part);
	const struct {
		const char *name;
		struct interval interval;
	} rows[] = {
		{"precision", comparison.precision},
		{"recall", comparison.recall},
		{"F1", comparison.f1},
		{"F0.5", comparison.f05},
	};
	bool worse = false;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (isnan(rows[i].interval.value) || isnan(rows[i].interval.high) ||
		    rows[i].interval.high >= 0)
			continue;
		log_error("eval", "%s is lower than before by %.1f points, and at least by %.1f",
			  rows[i].name, -rows[i].interval.value * 100,
			  -rows[i].interval.high * 100);
		worse = true;
	}
	return worse;
}

/* Whether a judge gave verdicts; then the figures without them are shown too. */
static bool has_verdicts(const struct eval_results *results)
{
	const struct eval_reply *replies = results->replies.items;

	for (size_t i = 0; i < results->replies.len; i++) {
		if (replies[i].judged.len)
			return true;
	}
	return false;
}

static enum exit_status score(struct local_eval *local)
{
	struct evaluation *evaluation = &local->evaluation;
	struct scores scores = scores_make(&evaluation->arena, evaluation->cases, evaluation->len,
					   &evaluation->results);
	struct scores against = scores_make(&evaluation->arena, evaluation->cases, evaluation->len,
					    &local->against);
	struct scores unjudged = scores_without_judge(&evaluation->arena, evaluation->cases,
						      evaluation->len, &evaluation->results);
	struct eval_summary summary = {
		.scores = &scores,
		.unjudged = has_verdicts(&evaluation->results) ? &unjudged : NULL,
		.results = &evaluation->results,
		.against = local->given->against.len ? &against : NULL,
		.against_label = local->given->against,
		.part = {.tuning = local->given->tuning},
		.list_findings = true,
	};
	struct figures figures = figures_make(&scores, &summary.part);
	enum exit_status status = EXIT_DONE;
	const struct threshold *missed;
	struct error err;
	double value;

	if (!print(local, &summary, &err) ||
	    !acceptances_write(&local->acceptances, local->request.folder, evaluation, &err))
		return cli_fail(&err);
	missed = evaluation->stale ? NULL : thresholds_missed(&local->thresholds, &figures, &value);
	if (missed && isnan(value))
		log_error("eval", "%.*s has no value in these cases, %.3f is needed (--fail-under)",
			  STR_ARG(missed->name), missed->least);
	else if (missed)
		log_error("eval", "%.*s is %.3f, lower than %.3f (--fail-under)",
			  STR_ARG(missed->name), value, missed->least);
	if (missed)
		status = EXIT_FINDINGS;
	if (summary.against && local->given->no_regression && regressed(local, &summary))
		status = EXIT_FINDINGS;
	if (scores.unknown)
		log_warning("eval", "%zu replies belong to no case of \"%s\"", scores.unknown,
			    local->request.folder);
	if (figures.incomplete)
		status = exit_worse(status, EXIT_INCOMPLETE);
	return status;
}

static bool ask_judge(struct local_eval *local, struct runtime *runtime, struct error *err)
{
	struct evaluation *evaluation = &local->evaluation;
	const struct eval_reply *replies = evaluation->results.replies.items;
	struct judge_request request = {
		.ask = local_ask(&local->given->local, MODEL_DEFAULT),
		.folder = local->request.folder,
		.mode = local->given->score ? EVALUATE_LIVE : local->request.mode,
		.max_cost_usd = local->request.choices.max_cost_usd,
	};

	request.ask.model = local->given->judge;
	for (size_t i = 0; !local->given->score && request.max_cost_usd > 0 &&
			   i < evaluation->results.replies.len;
	     i++)
		request.max_cost_usd =
			MAX_OF(request.max_cost_usd - MAX_OF(replies[i].cost_usd, 0), 0);
	if (!judge_run(&request, runtime, evaluation, &local->judged, err))
		return false;
	if (local->judged.cost_usd < 0)
		log_info("eval", "judge: %zu pairs, %zu the same problem; its cost is unknown",
			 local->judged.pairs, local->judged.same);
	else
		log_info("eval", "judge: %zu pairs, %zu the same problem, $%.4f",
			 local->judged.pairs, local->judged.same, local->judged.cost_usd);
	evaluation->limited = evaluation->limited || local->judged.limited;
	return true;
}

/* Whether a case may have been recorded with a clone that is not given now. */
static bool lacks_clones(const struct evaluation *evaluation)
{
	for (size_t i = 0; i < evaluation->len; i++) {
		if (evaluation->cases[i].origin.head.len &&
		    !evaluate_has_files(&evaluation->items[i]))
			return true;
	}
	return false;
}

static enum exit_status run_local(struct runtime *runtime, void *arg)
{
	struct local_eval *local = arg;
	struct evaluation *evaluation = &local->evaluation;
	enum exit_status status;
	struct error err = {0};

	if (!local->given->score && !evaluate_run(&local->request, runtime, evaluation, &err))
		return cli_fail(&err);
	if (local->given->judge.len && !evaluation->stale && !evaluation->limited &&
	    !ask_judge(local, runtime, &err))
		return cli_fail(&err);
	status = score(local);
	if (evaluation->stale) {
		log_error(
			"eval",
			"not every case could be replayed: fix what is wrong above; where a recording is missing, use --record or --live%s",
			lacks_clones(evaluation) ? ", and --clone if it was recorded with --clone"
						 : "");
		return EXIT_WRONG_USE;
	}
	return evaluation->limited ? exit_worse(status, EXIT_STOPPED) : status;
}

static enum exit_status run_import(struct cli *cli, const struct eval_command *given,
				   const struct arguments *arguments)
{
	const struct eval_import import = {
		.clone = given->clone,
		.only = given->only,
		.output = given->output,
		.limit = given->limit,
		.allow_http = given->local.allow_http,
	};
	const struct arguments rest = {arguments->items + 1, arguments->len - 1};

	return eval_import(cli, &import, &rest);
}

static enum exit_status run(struct cli *cli, const void *options, const struct arguments *arguments)
{
	const struct eval_command *given = options;
	struct local_eval local = {.cli = cli, .given = given};
	enum exit_status status;
	struct error err;

	local_log(given->local.debug);
	if (arguments->len && str_eq(arguments->items[0], STR("import")))
		return run_import(cli, given, arguments);
	if (!fill_request(&local, arguments, &err) ||
	    (given->score && !read_scores(&local, arguments, &err)))
		status = cli_fail(&err);
	else if (given->score && !given->judge.len)
		status = score(&local);
	else
		status = cli_start(cli, given->max_concurrency, given->local.allow_http, run_local,
				   &local);
	printer_release(&local.printer);
	evaluation_release(&local.evaluation);
	return status;
}

const struct command command_eval = {
	.name = "eval",
	.summary = "Run agents over cases with known answers; print precision, recall and noise.",
	.arguments = "[DIR [RESULTS...] | import KIND FILE...]",
	.details =
		"DIR (default: evals) has a folder per case: case.yml, change.diff, and if needed tree/ (the\n"
		"files at the head commit) and replies/ (recorded replies). docs/eval.md explains them.\n"
		"A case without a complete reply is not scored, and the exit status is 4.\n"
		"\"eval import\" writes cases from the labels of public benchmarks; KIND is aacr or martian.",
	.examples = "outcrop eval\n"
		    "outcrop eval --live --max-cost-usd 5 --format json --output new.json",
	.options = options_table,
	.options_len = ARRAY_LEN(options_table),
	.options_size = sizeof(struct eval_command),
	.arguments_max = 1000,
	.run = run,
};

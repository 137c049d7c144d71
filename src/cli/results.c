/* What a run leaves behind: files, outputs, the job summary, and its exit status. */
#include "cli/results.h"

#include "base/file.h"
#include "base/log.h"
#include "github/actions.h"
#include "output/job_summary.h"
#include "output/report.h"
#include "output/sarif.h"
#include "value/json.h"

static const char *workspace(const struct env *env)
{
	struct str path = actions_workspace(env);

	return path.len ? path.ptr : ".";
}

static bool refused(const char *what, struct error *err)
{
	err->kind = ERROR_CONFIG;
	error_wrap(err, "%s cannot be written", what);
	error_append(
		err,
		"; without its capabilities even root writes only where the owner lets it: run the container as the owner of the workspace, or with CAP_DAC_OVERRIDE");
	return false;
}

bool results_check(const struct env *env, const struct inputs *inputs, bool report,
		   struct error *err)
{
	static const char *const files[] = {"GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"};

	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		struct str path = env_get(env, files[i]);

		if (path.len && !file_check(path.ptr, err))
			return refused(files[i], err);
	}
	if (!report)
		return true;
	if (!file_check_below(workspace(env), inputs->report_file.ptr, err))
		return refused("the workspace (input \"report-file\")", err);
	if (!file_check_below(workspace(env), inputs->sarif_file.ptr, err))
		return refused("the workspace (input \"sarif-file\")", err);
	return true;
}

bool results_write_files(const struct results *results, struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf report = BUF_INIT;
	SCOPED(buf) struct buf sarif = BUF_INIT;
	const struct inputs *inputs = results->inputs;
	const char *root = workspace(results->run->env);

	json_write(&report, report_value(&arena, results->view, results->shard), JSON_PRETTY);
	buf_add_char(&report, '\n');
	if (!file_write_below(root, inputs->report_file.ptr, buf_str(&report), err))
		return error_wrap(err, "input 'report-file'");
	if (results->shard.len)
		return true;
	json_write(&sarif, sarif_value(&arena, results->view, NULL), JSON_PRETTY);
	buf_add_char(&sarif, '\n');
	return file_write_below(root, inputs->sarif_file.ptr, buf_str(&sarif), err) ||
	       error_wrap(err, "input 'sarif-file'");
}

/* ---- Outputs ---- */

struct outputs {
	const struct env *env;
	struct random *random;
	struct error *err;
	bool good;
};

static void set_text(struct outputs *outputs, const char *name, struct str value)
{
	outputs->good = outputs->good &&
			actions_output(outputs->env, outputs->random, name, value, outputs->err);
}

static void set_number(struct outputs *outputs, const char *name, int64_t number)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	buf_addf(&text, "%lld", (long long)number);
	set_text(outputs, name, buf_str(&text));
}

static void set_counts(struct outputs *outputs, const struct review_result *result)
{
	int64_t counts[SEVERITY_COUNT] = {0};
	int64_t total = 0;
	struct str highest = STR_EMPTY;

	for (size_t i = 0; i < result->findings.len; i++) {
		const struct finding *finding = &result->findings.items[i];

		if (finding->dismissed)
			continue;
		counts[finding->severity]++;
		total++;
	}
	set_number(outputs, "findings-count", total);
	for (int i = 0; i < SEVERITY_COUNT; i++) {
		SCOPED(buf) struct buf name = BUF_INIT;

		buf_addf(&name, "%s-count", severity_names[i]);
		set_number(outputs, name.ptr, counts[i]);
		if (counts[i] && !highest.len)
			highest = str_from(severity_names[i]);
	}
	set_text(outputs, "highest-severity", highest);
	set_number(outputs, "unverified-count", (int64_t)result->unverified.len);
}

static void set_usage(struct outputs *outputs, const struct review_result *result)
{
	SCOPED(buf) struct buf cost = BUF_INIT;

	set_number(outputs, "input-tokens", result->usage.input);
	set_number(outputs, "output-tokens", result->usage.output);
	set_number(outputs, "cache-read-tokens", result->usage.cache_read);
	set_number(outputs, "cache-write-tokens", result->usage.cache_write);
	if (result->cost_usd >= 0)
		buf_addf(&cost, "%.6f", result->cost_usd);
	set_text(outputs, "cost-usd", buf_str(&cost));
}

static void set_published(struct outputs *outputs, const struct publish_report *published)
{
	static const struct publish_report nothing;
	const struct publish_report *report = published ? published : &nothing;

	set_number(outputs, "comments-planned", report->planned);
	set_number(outputs, "comments-posted", report->posted);
	set_number(outputs, "comments-unchanged", report->unchanged);
	set_number(outputs, "comments-failed", report->failed);
	set_text(outputs, "summary-url", report->summary_url);
	set_text(outputs, "review-url", report->review_url);
}

static struct outputs outputs_of(struct runtime *run, struct error *err)
{
	return (struct outputs){run->env, &run->random, err, true};
}

bool results_write_outputs(const struct results *results, struct error *err)
{
	SCOPED(buf) struct buf summary = BUF_INIT;
	struct outputs outputs = outputs_of(results->run, err);
	const struct review_view *view = results->view;

	set_text(&outputs, "conclusion", str_from(conclusion_name(view->conclusion)));
	set_counts(&outputs, view->result);
	set_published(&outputs, results->published);
	set_text(&outputs, "report-file", results->inputs->report_file);
	if (!results->shard.len)
		set_text(&outputs, "sarif-file", results->inputs->sarif_file);
	set_usage(&outputs, view->result);
	if (!outputs.good)
		return false;
	job_summary(&summary, view);
	return actions_summary(results->run->env, buf_str(&summary), err);
}

bool results_skip(struct runtime *run, struct str reason, struct error *err)
{
	SCOPED(buf) struct buf summary = BUF_INIT;
	struct outputs outputs = outputs_of(run, err);

	log_notice("cli", "skipped: %.*s", STR_ARG(reason));
	set_text(&outputs, "conclusion", STR("skipped"));
	set_number(&outputs, "findings-count", 0);
	set_number(&outputs, "unverified-count", 0);
	set_published(&outputs, NULL);
	if (!outputs.good)
		return false;
	buf_addf(&summary, "## outcrop: review skipped\n\n%.*s\n", STR_ARG(reason));
	return actions_summary(run->env, buf_str(&summary), err);
}

/* ---- Annotations ---- */

static enum log_level level_of(enum severity severity)
{
	if (severity <= SEVERITY_HIGH)
		return LOG_ERROR;
	return severity == SEVERITY_MEDIUM ? LOG_WARNING : LOG_NOTICE;
}

void results_annotate(const struct review_result *result)
{
	SCOPED(buf) struct buf out = BUF_INIT;
	int shown[LOG_ERROR + 1] = {0};

	for (size_t i = 0; i < result->findings.len; i++) {
		const struct finding *finding = &result->findings.items[i];
		enum log_level level = level_of(finding->severity);
		bool right = finding->side == SIDE_RIGHT && finding->placement != PLACEMENT_SUMMARY;
		struct actions_annotation annotation = {
			.level = level,
			.path = finding->path,
			.line = right ? finding->line : 0,
			.end_line = right ? finding->end_line : 0,
			.title = finding->title,
			.message = finding->body,
		};

		if (!finding->dismissed && shown[level]++ < ACTIONS_ANNOTATIONS_MAX)
			actions_annotation_add(&out, &annotation);
	}
	fwrite(out.ptr, 1, out.len, stdout);
	fflush(stdout);
}

/* Writes the results of a run of the action: files, outputs, annotations. */
#include "action/outputs.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/log.h"
#include "github/actions.h"
#include "output/plain_text.h"
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
	bool denied = err->kind == ERROR_IO;

	error_wrap(err, "%s cannot be written", what);
	if (denied)
		error_append(
			err,
			"; without capabilities even root needs the owner's permission: run the container as the owner of the workspace, or with CAP_DAC_OVERRIDE");
	err->kind = ERROR_CONFIG;
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
	if (str_eq(inputs->report_file, inputs->sarif_file))
		return error_set(err, ERROR_CONFIG,
				 "report-file and sarif-file name one file, \"%.*s\"",
				 STR_ARG(inputs->report_file));
	return true;
}

/* Logs the error if it failed; returns `ok`. */
static bool told(bool ok, const char *what, const struct error *err)
{
	if (!ok)
		log_error("cli", "%s: %s", what, err->message);
	return ok;
}

static bool write_file(const struct results *results, struct str path, const struct value *tree,
		       const char *input)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	struct error err;

	json_write(&text, tree, JSON_PRETTY);
	buf_add_char(&text, '\n');
	return told(file_write_below(workspace(results->env), path.ptr, buf_str(&text), &err),
		    input, &err);
}

bool results_write_report(struct results *results)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;

	results->has_report =
		write_file(results, results->inputs->report_file,
			   report_value(&arena, results->view, results->inputs->shard),
			   "report-file");
	return results->has_report;
}

bool results_write_value(struct results *results, const struct value *value)
{
	results->has_report =
		write_file(results, results->inputs->report_file, value, "report-file");
	return results->has_report;
}

bool results_write_sarif(struct results *results)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;

	results->has_sarif = write_file(results, results->inputs->sarif_file,
					sarif_value(&arena, results->view, NULL), "sarif-file");
	return results->has_sarif;
}

/* ---- Outputs ---- */

struct outputs {
	const struct results *results;
	struct error error;
	bool failed;
};

static bool is_listed(const char *name)
{
	for (size_t i = 0; i < outputs_len; i++) {
		if (strcmp(outputs_table[i].name, name) == 0)
			return true;
	}
	return false;
}

/* The first error is kept; the remaining outputs are still tried. */
static void set_text(struct outputs *outputs, const char *name, struct str value)
{
	struct error err;

	assert(is_listed(name));
	if (actions_output(outputs->results->env, outputs->results->random, name, value, &err) ||
	    outputs->failed)
		return;
	outputs->error = err;
	outputs->failed = true;
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

		if (!finding_is_shown(finding))
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

bool results_write_outputs(const struct results *results)
{
	static const struct review_result nothing;
	const struct review_result *result = results->view ? results->view->result : &nothing;
	struct outputs outputs = {.results = results};

	set_text(&outputs, "conclusion", results->conclusion);
	set_text(&outputs, "risk", results->risk);
	set_counts(&outputs, result);
	set_published(&outputs, results->published);
	set_text(&outputs, "report-file",
		 results->has_report ? results->inputs->report_file : STR_EMPTY);
	set_text(&outputs, "sarif-file",
		 results->has_sarif ? results->inputs->sarif_file : STR_EMPTY);
	if (results->matrix.len)
		set_text(&outputs, "matrix", results->matrix);
	set_usage(&outputs, result);
	return told(!outputs.failed, "outputs", &outputs.error);
}

bool results_write_summary(const struct env *env, struct str page)
{
	struct error err;

	return told(actions_summary(env, page, &err), "job summary", &err);
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
		SCOPED(buf) struct buf title = BUF_INIT;
		SCOPED(buf) struct buf message = BUF_INIT;
		struct actions_annotation annotation = {
			.level = level,
			.path = finding->path,
			.line = right ? finding->line : 0,
			.end_line = right ? finding->end_line : 0,
		};

		if (!finding_is_shown(finding) || shown[level]++ >= ACTIONS_ANNOTATIONS_MAX)
			continue;
		plain_text(&title, finding->title);
		plain_text(&message, finding->body);
		annotation.title = buf_str(&title);
		annotation.message = buf_str(message.len ? &message : &title);
		actions_annotation_add(&out, &annotation);
	}
	fwrite(out.ptr, 1, out.len, stdout);
	fflush(stdout);
}

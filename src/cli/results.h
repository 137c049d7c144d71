/* What a run leaves behind: files, outputs, the job summary, and its exit status. */
#ifndef CLI_RESULTS_H
#define CLI_RESULTS_H

#include "cli/cli.h"
#include "cli/inputs.h"
#include "job/runtime.h"
#include "output/view.h"
#include "publish/publish.h"

/* All borrowed; `published` NULL when nothing was to be posted. */
struct results {
	struct runtime *run;
	const struct review_view *view;
	const struct publish_report *published;
	const struct inputs *inputs;
	struct str shard; /* "2/4@HEAD..BASE" of a shard; or empty */
};

/*
 * Before any call: whether the runner's files, and with `report` the report and the SARIF file, can be
 * written.  ERROR_CONFIG says which cannot, and whose it is.
 */
bool results_check(const struct env *env, const struct inputs *inputs, bool report,
		   struct error *err) MUST_USE;

/* Writes report and SARIF below the workspace; warnings where that fails. */
bool results_write_files(const struct results *results, struct error *err) MUST_USE;

/* Sets every output of the action and appends the job summary. */
bool results_write_outputs(const struct results *results, struct error *err) MUST_USE;

/* The outputs of a run that reviewed nothing, for a stated reason. */
bool results_skip(struct runtime *run, struct str reason, struct error *err) MUST_USE;

/* Warnings and errors as annotations of the workflow run, within the runner's caps. */
void results_annotate(const struct review_result *result);

#endif

/* What a run leaves behind: files, outputs, the job summary, and its exit status. */
#ifndef CLI_RESULTS_H
#define CLI_RESULTS_H

#include "cli/cli.h"
#include "cli/inputs.h"
#include "cli/run.h"
#include "output/view.h"
#include "publish/publish.h"

/* All borrowed; `published` NULL when nothing was to be posted. */
struct results {
	struct run *run;
	const struct review_view *view;
	const struct publish_report *published;
	const struct inputs *inputs;
	struct str shard; /* "2/4@HEAD..BASE" of a shard; or empty */
};

/* Writes report and SARIF below the workspace; warnings where that fails. */
bool results_write_files(const struct results *results, struct error *err) MUST_USE;

/* Sets every output of the action and appends the job summary. */
bool results_write_outputs(const struct results *results, struct error *err) MUST_USE;

/* The outputs of a run that reviewed nothing, for a stated reason. */
bool results_skip(struct run *run, struct str reason, struct error *err) MUST_USE;

/* The exit status of a review, every reason for it logged.  `fail_on` "never" or empty: none. */
enum exit_status results_status(const struct review_result *result,
				const struct publish_report *published, struct str fail_on);

/* Warnings and errors as annotations of the workflow run, within the runner's caps. */
void results_annotate(const struct review_result *result);

#endif

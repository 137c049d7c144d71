/* The results of a run of the action: files, outputs, annotations. */
#ifndef ACTION_OUTPUTS_H
#define ACTION_OUTPUTS_H

#include "action/inputs.h"
#include "base/random.h"
#include "output/view.h"
#include "publish/publish.h"

/* All borrowed.  `view` NULL: nothing was reviewed; `published` NULL: nothing was to be posted. */
struct results {
	const struct env *env;
	struct random *random;
	const struct inputs *inputs;
	const struct review_view *view;
	const struct publish_report *published;
	struct str conclusion;
	struct str risk;            /* of the change; empty: not judged */
	struct str matrix;          /* of a plan; empty: none */
	bool has_report, has_sarif; /* the files were written */
};

/*
 * Before any call: whether the runner's files, and with `report` the report and the SARIF file, can be
 * written.  ERROR_CONFIG names the file or the input.
 */
bool results_check(const struct env *env, const struct inputs *inputs, bool report,
		   struct error *err) MUST_USE;

/* Writes the report below the workspace; false, with the reason logged, when that fails. */
bool results_write_report(struct results *results);

/* Writes another command's result as the report file; false as above. */
bool results_write_value(struct results *results, const struct value *value);

/* Writes the SARIF file below the workspace; false as above. */
bool results_write_sarif(struct results *results);

/* Sets the outputs, numbers as 0 where there is nothing; `matrix` only after a plan.  False as above. */
bool results_write_outputs(const struct results *results);

/* Appends a page to the job's summary; false as above. */
bool results_write_summary(const struct env *env, struct str page);

/* Prints findings as annotations of the workflow run, at most as many of each level as GitHub shows. */
void results_annotate(const struct review_result *result);

#endif

/* Labels of public review benchmarks as folders of cases, with the changes that they are about. */
#ifndef JOB_IMPORT_H
#define JOB_IMPORT_H

#include "eval/labels.h"
#include "job/forge.h"
#include "job/runtime.h"

enum label_kind { LABELS_AACR, LABELS_MARTIAN };

/* All borrowed. */
struct import_request {
	enum label_kind kind;
	const struct str
		*files; /* a file of AACR-Bench called "negative..." holds rejected comments */
	size_t files_len;
	struct strings clones; /* local clones, or folders that hold them; empty: GitHub is asked */
	struct strings only;   /* cases by name; empty: all */
	int64_t limit;         /* cases at most; 0: all */
	const char *folder;    /* where the cases go; made when it is missing */
	struct forge_options forge; /* token */
};

struct import_result {
	struct arena arena;
	size_t labels;  /* pull requests in the files, and wanted */
	size_t written; /* cases */
	size_t known;   /* cases that already existed: unchanged */
	size_t missing; /* changes that are not available; each is logged */
	size_t outside; /* expected rows whose lines are not in the change */
};

void import_result_release(struct import_result *result);

/*
 * Writes a folder with case.yml and change.diff for each pull request.  What is not available is logged and
 * counted; only wrong files and a folder that cannot be written are errors.  Waits.
 */
bool import_run(const struct import_request *request, struct runtime *runtime,
		struct import_result *result, struct error *err) MUST_USE;

#endif

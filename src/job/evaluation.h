/* The request of an evaluation, and its cases, read from their folders and clones. */
#ifndef JOB_EVALUATION_H
#define JOB_EVALUATION_H

#include "eval/case.h"
#include "eval/results.h"
#include "job/job.h"
#include "source/clones.h"

enum { CASES_MAX = 5000, CASE_SIZE_MAX = 1 << 20, CHANGE_SIZE_MAX = 16 << 20 };

/* Where the answers of models come from. */
enum evaluate_mode {
	EVALUATE_REPLAY, /* CASE/replies; a missing reply is an error: no call is made */
	EVALUATE_RECORD, /* Bedrock, and CASE/replies is written */
	EVALUATE_LIVE,   /* Bedrock */
};

/* All borrowed. */
struct evaluate_request {
	const char *folder;  /* of the cases: each in a folder with case.yml and change.diff */
	const char *root;    /* where agents and configuration are; NULL: the current folder */
	struct strings only; /* cases by name; empty: all */
	struct strings
		clones; /* local clones, or folders that hold them: files of cases without a tree */
	struct job_choices choices; /* cost and calls are those of the whole evaluation */
	enum evaluate_mode mode;
	int64_t repeats; /* at least 1 */
	bool tuning;     /* held-out cases are left out */
	struct progress progress;
};

/* One case as its folder has it. */
struct evaluate_item {
	char *folder; /* of the case */
	struct str change;
	bool has_tree;                   /* the files at the head commit are in `tree` */
	struct repository_commit commit; /* where they are otherwise; `repository` NULL: nowhere */
};

/* Whether agents can read the files at the head commit. */
bool evaluate_has_files(const struct evaluate_item *item);

/* Zeroed it is empty. */
struct evaluation {
	struct arena arena;
	struct problems problems; /* of the case files */
	struct clones clones;
	struct eval_case *cases; /* sorted by name */
	struct evaluate_item *items;
	size_t len;
	struct eval_results results;
	bool stale;   /* a recorded reply is missing */
	bool limited; /* a limit of the evaluation ended it */
};

void evaluation_release(struct evaluation *evaluation);

/*
 * Reads all cases and finds their code in their changes.  ERROR_CONFIG has the first problem, the others
 * are in `problems`; ERROR_NOT_FOUND without a case.  Makes no call.
 */
bool evaluate_load(const struct evaluate_request *request, struct evaluation *evaluation,
		   struct error *err) MUST_USE;

#endif

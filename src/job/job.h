/* A job: its request and its results. */
#ifndef JOB_JOB_H
#define JOB_JOB_H

#include "agent/check.h"
#include "eval/outcome.h"
#include "job/doctor.h"
#include "job/join.h"
#include "job/plan.h"
#include "job/settle.h"
#include "job/setup.h"
#include "job/target.h"
#include "job/trigger.h"
#include "publish/previous.h"
#include "publish/publish.h"
#include "review/progress.h"
#include "review/risk.h"

/* Where the change comes from. */
enum change_kind {
	CHANGE_WORKTREE, /* the repository's work tree against a base */
	CHANGE_STAGED,   /* the repository's index against its HEAD */
	CHANGE_DIFF,     /* a diff as text */
	CHANGE_PULL,     /* a pull request, by number */
	CHANGE_EVENT,    /* the pull request of a workflow's event, or of `number` */
};

struct change_request {
	enum change_kind kind;
	int64_t number;         /* of CHANGE_PULL; of CHANGE_EVENT: 0, or what a person named */
	struct str base;        /* of CHANGE_WORKTREE: a ref; empty: the default branch */
	struct str diff;        /* of CHANGE_DIFF: its text */
	bool plain_folder;      /* of CHANGE_DIFF, of a case: only agents come from `folder` */
	struct str title, body; /* of CHANGE_DIFF: as a pull request would have them; or empty */
	const char *
		tree; /* of CHANGE_DIFF: a folder with the head's files; NULL: work tree; a case's: none */
	struct repository_commit *commit; /* of CHANGE_DIFF: they are there instead; or NULL */
	struct str shard;   /* "2/4@HEAD..BASE": review this part only, publish nothing; or empty */
	const char *folder; /* of the local repository; NULL: it is not looked for */
	bool discover;      /* search for it upwards too */
};

/* What is posted on the pull request.  Not `on`: earlier findings are read, and nothing is written. */
struct publish_request {
	bool on;
	bool summary, review, check, sarif;
	bool annotations;               /* of the workflow run: left to the front end */
	bool full;                      /* what an earlier run reviewed is reviewed again */
	const struct secret *state_key; /* authenticates what the summary remembers; or NULL */
	bool silent_when_clean;         /* no summary, unless an earlier one has to be updated */
};

/* The request of job_outcomes(). */
struct outcomes_request {
	struct str since;  /* "30d", "12w" or a date; empty: 30d */
	int64_t since_ms;  /* wall time; set by job_outcomes() */
	int64_t pulls_max; /* 0: OUTCOMES_PULLS_MAX */
	struct str author; /* whose comments count; empty: those of any bot */
};

/* A front end's request; zeroed except for `choices`, nothing is given.  Borrowed until job_release(). */
struct job_request {
	struct change_request change;
	struct forge_options forge; /* `http`, `env` and `waits_end_ms` are filled by the job */
	struct job_choices choices;
	struct publish_request publish;
	const struct joined_report *reports; /* of job_merge() */
	size_t reports_len;
	struct outcomes_request outcomes; /* of job_outcomes() */
	struct progress progress;         /* of job_review() */
	model_lookup *models; /* answers instead of Bedrock, without sign-in; NULL: Bedrock */
	void *models_ctx;
};

/*
 * Life cycle: job_init() -> one of the functions of perform.h -> the results are read -> job_release().
 * Not to be moved in between.
 */
struct job {
	struct runtime *runtime;
	struct job_request request; /* a comment's command narrows it */
	struct str reason;          /* of JOB_SKIPPED: why */

	struct trigger trigger;
	struct shard_name shard; /* idx 0: the whole change */
	struct target target;
	struct session session;
	struct risk_verdict risk; /* of the change, once it was read; why empty: not judged */
	struct previous previous;
	struct str reviewers; /* what reviews, see session_reviewers() */
	struct diff reviewed; /* the files of the change that this run reviews; borrows them */
	size_t known_len;     /* unchanged files that an earlier run reviewed */
	const struct state_key *file_keys; /* of all files of the change; NULL: not computed yet */
	struct review_result result;
	struct publish_report published;

	struct joined joined;        /* of job_merge() */
	struct change_plan plan;     /* of job_plan() */
	struct doctor_checks checks; /* of job_doctor() */
	struct outcomes outcomes;    /* of job_outcomes(); in the arena of the target */
	struct problems problems;    /* of job_check() */
	size_t files_checked;
};

void job_init(struct job *job, struct runtime *runtime, const struct job_request *request);
void job_release(struct job *job);

#endif

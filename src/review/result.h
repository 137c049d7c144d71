/* The result of a review: filled by the engine, shown by output, posted by publish. */
#ifndef REVIEW_RESULT_H
#define REVIEW_RESULT_H

#include "agent/agent.h"
#include "finding/finding.h"
#include "model/model.h"

enum agent_status {
	AGENT_WAITING,
	AGENT_RUNNING,
	AGENT_DONE,
	AGENT_FAILED,  /* at least one of its units did not finish */
	AGENT_STOPPED, /* a limit of the run or a signal ended it */
	AGENT_SKIPPED, /* no changed file matches its paths */
};

const char *agent_status_name(enum agent_status status);
extern const char *const agent_status_names[]; /* ended by NULL, for field tables */

/* One agent with one model: a row of the tables that people see. */
struct agent_result {
	struct str agent;
	struct str model;    /* alias */
	struct str model_id; /* what answered; differs from the alias' own after a fallback */
	enum agent_status status;
	bool required;
	struct str file;    /* its definition: "builtin:NAME", a path, "OWNER/REPO/PATH@COMMIT" */
	struct error error; /* of the first unit that failed */
	int files,
		files_seen; /* changed files that its paths match, and the files that it saw whole */
	int units, units_done, units_ended; /* ended: done, failed or stopped */
	int64_t started_ms, ended_ms;       /* clock time since the run began */
	struct usage usage;
	double cost_usd; /* negative: unknown */
	int attempts, calls;
	int tool_calls, tool_calls_refused;
	int refusals;       /* calls that were sent again without an optional part */
	int findings;       /* that it reported, before merging */
	struct str text;    /* output: markdown, or the JSON of an output schema; untrusted */
	struct str summary; /* the summary of report_findings, units joined; untrusted */
};

struct skipped_file {
	struct str path;
	/* "lockfile", "binary", "generated", "excluded by 'docs/x'", "max-calls reached" */
	struct str reason;
	bool by_rule; /* an exclusion rule covers it: it does not make the review partial */
};

struct coverage {
	int64_t files;    /* changed files */
	int64_t reviewed; /* seen whole by each agent whose paths match */
	struct skipped_file *skipped;
	size_t skipped_len, skipped_cap;
};

enum conclusion {
	CONCLUSION_CLEAN,
	CONCLUSION_FINDINGS,
	CONCLUSION_PARTIAL,
	CONCLUSION_SKIPPED,
	CONCLUSION_FAILED,
};

const char *conclusion_name(enum conclusion conclusion);
extern const char *const conclusion_names[]; /* ended by NULL, for field tables */

struct review_result;

/*
 * The one definition of how a run ended: failed when agents ran and none has a result; partial when
 * an agent failed or was stopped, a limit was reached or a file was skipped by no rule; else
 * findings when one is open (carried ones too, dismissed ones not); skipped when no file was
 * reviewed; else clean.
 */
enum conclusion review_conclude(const struct review_result *result);

enum stop_cause { STOPPED_NOT, STOPPED_TIME, STOPPED_COST, STOPPED_CALLS, STOPPED_SIGNAL };

/* "time limit reached (timeout-minutes)": in words, for notices and coverage. */
const char *stop_cause_text(enum stop_cause cause);
extern const char *const stop_cause_names[]; /* ended by NULL, for field tables */

/*
 * Zeroed it is empty.  Strings, notices and the list of skipped files live in `findings.arena`; the
 * vectors are freed by review_result_release().
 */
struct review_result {
	struct findings findings; /* merged, placed, ranked: worst first */
	/* In no count but their own. */
	struct finding_list unverified;   /* quoted code that is not in the diff */
	struct finding_list pre_existing; /* about unchanged lines only */
	struct {
		VEC_FIELDS(struct dropped);
	} dropped;
	struct {
		VEC_FIELDS(struct agent_result);
	} agents;
	struct coverage coverage;
	struct usage usage;
	double cost_usd; /* negative: a price is unknown */
	int64_t seconds_ms;
	size_t secrets_redacted;
	enum stop_cause stopped;
	bool incomplete;     /* something planned has no result */
	struct str *notices; /* shown in the summary: "this change edits the agents: ..." */
	size_t notices_len, notices_cap;
};

void review_result_release(struct review_result *result);

/* Takes the unverified and the pre-existing ones out of `findings`, in their order. */
void review_result_split(struct review_result *result);

/* Adds a notice, once: a duplicate is not added. */
void review_result_notice(struct review_result *result, const char *fmt, ...) PRINTF(2, 3);

/* Whether it failed or was stopped. */
bool agent_has_failed(const struct agent_result *agent);

/* Lists a file as not reviewed; path and reason are copied. */
void coverage_skip(struct arena *arena, struct coverage *coverage, struct str path,
		   struct str reason, bool by_rule);

#endif

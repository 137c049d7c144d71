/* Option precedence and defaults. */
#ifndef JOB_SETTLE_H
#define JOB_SETTLE_H

#include "agent/config.h"
#include "aws/settings.h"
#include "review/review.h"

/* The defaults.  action.yml and the help state the same values (tested). */
enum {
	JOB_CONCURRENCY_DEFAULT = 4,
	JOB_CALLS_DEFAULT = 200,
	JOB_TIMEOUT_MINUTES_DEFAULT = 15,
	JOB_INLINE_COMMENTS_DEFAULT = 25,
	JOB_CONNECTIONS_MIN = 8, /* of the HTTP pool, whatever the concurrency is */
};
#define JOB_NAME_DEFAULT "outcrop"
#define JOB_LANGUAGE_DEFAULT "en"

/* The user's inputs or options.  Empty texts and numbers below zero mean "not given". */
struct job_choices {
	struct aws_options aws;
	struct str name;   /* the reviewer's */
	struct str config; /* path, or OWNER/REPO/PATH@REF */
	struct strings agents;
	struct str model;
	int64_t max_concurrency;
	int64_t max_calls;
	double max_cost_usd;
	double timeout_minutes;
	int64_t max_inline_comments;
	struct str min_severity, fail_on;
	double min_confidence;
	struct str inline_severity; /* less severe findings are in the summary only */
	struct str language;
	struct strings include, exclude;
	struct str record_dir, replay_dir;
	struct str output; /* a file for the result; empty: none */
	int shards;        /* how many a plan may have; 0: it has none */
	bool one_of_many;  /* such as a case of an evaluation: routine lines are debug output */
};

/* Choices of which none is given. */
struct job_choices job_choices_none(void);

/* The settings in effect. */
struct settled {
	struct str name;
	struct str model; /* for agents that name none */
	struct str fail_on;
	int64_t max_inline_comments;
	enum severity inline_severity;
	struct review_options review;
};

/* What a finding must have to be shown. */
struct finding_floor settled_floor(const struct settled *settled);

/*
 * Applies, in order of precedence, the user's choice, the configuration's `defaults:` and the built-in defaults.
 * (An agent's own file takes precedence over all of these, where agents are run.)  `config` may be zeroed,
 * before it is read.  Lists are made in `arena`; the rest is borrowed.
 */
struct settled job_settle(const struct job_choices *choices, const struct config *config,
			  struct arena *arena);

#endif

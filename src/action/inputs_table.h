/* The action's inputs and outputs: one table reads, checks and documents them. */
#ifndef ACTION_INPUTS_TABLE_H
#define ACTION_INPUTS_TABLE_H

#include "base/secret.h"
#include "base/str.h"
#include "value/strings.h"

enum input_type {
	INPUT_TEXT,  /* struct str */
	INPUT_FILE,  /* struct str: a file below the workspace; an absolute path becomes relative */
	INPUT_SHARD, /* struct str: an entry of plan's matrix */
	INPUT_SECRET,  /* const struct secret *; taken out of the environment */
	INPUT_BOOL,    /* bool */
	INPUT_INT,     /* int64_t within min..max */
	INPUT_NUMBER,  /* double, at least min */
	INPUT_LIST,    /* struct strings: commas or newlines */
	INPUT_GLOBS,   /* struct strings: patterns of paths */
	INPUT_LINES,   /* struct strings: newlines only (values that hold commas) */
	INPUT_CHOICE,  /* struct str, one of `choices` */
	INPUT_CHOICES, /* struct strings, each one of `choices` */
};

/*
 * One input.  `fallback` is the default in action.yml; where it is empty, the help describes the default in
 * words.
 */
struct input {
	const char *name;
	enum input_type type;
	size_t offset;
	const char *fallback;
	const char *help;
	double min, max;
	const char *const *choices;
};

/* Text inputs are empty and numbers below zero where nothing was given. */
struct inputs {
	struct str command;
	const struct secret *github_token, *agents_token, *state_key;
	struct str name;
	struct str config;
	struct strings agents;
	struct str model;
	struct str aws_region;
	struct strings role_to_assume;
	struct str role_session_name;
	int64_t role_duration_seconds;
	struct str audience;
	struct str inline_session_policy;
	struct strings managed_session_policies;
	struct strings allowed_account_ids;
	int64_t pull_request;
	struct strings publish;
	struct str min_severity;
	double min_confidence;
	struct str when_clean;
	struct str fail_on;
	struct str inline_severity;
	int64_t max_inline_comments;
	int64_t max_concurrency;
	int64_t max_calls;
	double max_cost_usd;
	double timeout_minutes;
	struct strings include_paths, exclude_paths;
	bool incremental;
	struct str language;
	bool dry_run;
	struct str since;
	int64_t shards;
	struct str shard;
	struct strings reports;
	struct str report_file;
	struct str sarif_file;
	struct str log_level;
};

extern const struct input inputs_table[];
extern const size_t inputs_len;

/* The action's outputs, as action.yml lists them. */
struct output_name {
	const char *name;
	const char *help;
};
extern const struct output_name outputs_table[];
extern const size_t outputs_len;

#endif

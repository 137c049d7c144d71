/* One agent: its model, what it sees, and how it answers. */
#ifndef AGENT_AGENT_H
#define AGENT_AGENT_H

#include "agent/template.h"
#include "base/arena.h"
#include "base/common.h"
#include "base/error.h"
#include "base/str.h"
#include "finding/finding.h"
#include "model/chat.h"
#include "value/problems.h"
#include "value/strings.h"

enum agent_output { AGENT_FINDINGS, AGENT_MARKDOWN, AGENT_VERDICTS, AGENT_SCHEMA };

/* By struct agent_inference's `effort`; ended by NULL. */
extern const char *const effort_names[];

/* The agent that findings without a model are from: no definition has this name. */
#define AGENT_NAME_OURS "outcrop"

/* An agent's `surroundings`, where it is not a number of lines: the enclosing function. */
enum { SURROUNDINGS_FUNCTION = -1, SURROUNDINGS_LINES_MAX = 60 };

struct agent_inference {
	int effort;                /* index in effort_names; below zero: not given */
	int64_t max_tokens;        /* 0: not set */
	double temperature, top_p; /* below zero: not set */
	struct strings stop;
};

struct agent_retrieve {
	struct strings paths;
	struct str embedder;
	int64_t top_k;
};

struct agent_limits {
	int64_t turns;   /* model calls of one unit; default 12 */
	int64_t seconds; /* of one unit; default 300 */
	double cost_usd; /* of the agent in one run; below zero: none */
};

/*
 * Decoded from YAML by agent_read() (agent/definition.h); lives in the arena of its loader.
 * Checked: its templates use only known variables, its globs are valid, and (by
 * agents_check()) the agents that it needs exist and have no cycle.
 */
struct agent {
	struct str name;
	struct str description;
	struct strings models; /* empty: the run's default; several: an ensemble */
	struct strings needs;
	bool required;
	struct strings paths; /* empty: every file */
	struct str system;    /* the texts as in the file... */
	struct str prompt;
	const struct template *system_template; /* ...and parsed; never NULL */
	const struct template *prompt_template;
	struct strings tools; /* of read_file, search, list_files; sorted */
	enum agent_output output;
	struct value *output_schema; /* with AGENT_SCHEMA; references inlined */
	enum severity min_severity;
	bool has_min_severity;
	double min_confidence; /* 0: no floor */
	int64_t max_findings;  /* of one unit, critical and high ones besides; 0: no limit */
	int64_t votes;
	struct agent_inference inference;
	struct strings context_files;
	struct agent_retrieve retrieve;
	bool has_retrieve;
	struct agent_limits limits;
	int64_t surroundings; /* lines around a hunk, or SURROUNDINGS_FUNCTION */

	struct str file;    /* where it was read: a path, "builtin:NAME", OWNER/REPO/PATH@COMMIT */
	struct str hash;    /* 64 hex digits over its definition: part of what reviewed a file */
	struct position at; /* where its definition begins */
};

struct agents {
	struct agent *items;
	size_t len;
	struct strings broken; /* names of invalid definitions, which other agents may need */
};

/* The text of one agent's file. */
struct agent_source {
	struct str text;
	struct str file; /* for problems, and agent->file */
	struct str name; /* the stem of the file's name */
};

#endif

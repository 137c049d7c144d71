/* A plan's data: units, their order, cohorts and estimates. */
#ifndef REVIEW_UNIT_H
#define REVIEW_UNIT_H

#include "review/around.h"
#include "review/chunk.h"
#include "review/input.h"
#include "review/rules.h"

/* One agent with one model: a row of the tables that people see. */
struct plan_row {
	size_t agent;                  /* index in the agents */
	const struct model *model;     /* as it is asked in this review */
	const struct model *looked_up; /* the same without thinking by default */
	int units;
};

/*
 * One chunk for one row.  Units are in the order in which they should start: by chunk, and in it
 * behind the units that they need.
 */
struct unit {
	size_t row;
	const struct agent *agent;
	const struct model *model;
	size_t chunk;      /* index in the plan's chunks */
	bool refereed;     /* a referee judges its findings: they share their tools */
	struct chunk view; /* the part of the chunk that the agent's paths let it see */
	const struct around_view *around; /* around its hunks; NULL: nothing was read */
	struct str guidance; /* the conventions for the files that it sees, redacted; or empty */
	struct str name;     /* "security/sonnet 2/5" */
	size_t cohort;       /* units with one number share a cacheable prefix */
	size_t cohort_len;
	bool cached;  /* a cache point pays: the prefix is long enough and used again */
	bool follows; /* waits for the first byte of its cohort's leader, to read the cache */
	int64_t prefix_tokens; /* estimated: tools, system text, change */
	int64_t input_tokens;  /* estimated: the prefix and the agent's own text */
	int64_t output_tokens; /* estimated */
	double cost_usd;       /* estimated, caching included; negative: unknown */
	size_t *needs;         /* indexes of units, all before this one */
	size_t needs_len;
};

/* Everything lives in the arena; what the review points to is borrowed. */
struct plan {
	struct arena arena;
	const struct diff *diff;
	bool *skipped;            /* one a file of the diff: no agent is to see it */
	struct coverage coverage; /* files, and those skipped by the rules */
	struct chunk *chunks;
	size_t chunks_len;
	int *shard_of; /* one a chunk: 1..shards */
	int shards;    /* how many there are: at most those asked for; 0: not sharded */
	struct plan_row *rows;
	size_t rows_len;
	bool refereed; /* one of the agents judges what the others find */
	bool **sees;   /* [agent][file]: its paths match and no rule skips it */
	size_t *order; /* agents, each behind the agents that it needs */
	struct unit *units;
	size_t units_len;
	struct around_view
		*views; /* by the settings of the agents; filled by surroundings_read() */
	size_t views_len;
	int64_t input_tokens, output_tokens;
	double cost_usd; /* negative: a price is unknown */
};

#endif

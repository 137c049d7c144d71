/* The input of a review: the change, the agents, the options, the models. */
#ifndef REVIEW_INPUT_H
#define REVIEW_INPUT_H

#include "agent/agent.h"
#include "agent/config.h"
#include "base/random.h"
#include "diff/diff.h"
#include "model/model.h"
#include "review/progress.h"
#include "source/source.h"
#include "task/task.h"

/* What another tool claims about an added line. */
struct hint {
	struct str path;
	uint32_t line;
	struct str tool, rule, text;
};

/* A finding that is on the pull request already, or was dismissed on another one. */
struct said {
	bool elsewhere;  /* on another one: it matters for files in its folder and below */
	struct str path; /* empty: about the change as a whole */
	int64_t line;    /* 0: unknown */
	struct str title;
	bool closed;    /* dismissed, resolved or deleted by a person */
	struct str why; /* of a closed one: in a person's words or ours; or empty */
};

/* The change and its context.  All borrowed; all of it untrusted. */
struct change {
	struct str repository; /* OWNER/REPO, or a folder's name */
	int64_t number;        /* 0: no pull request */
	struct str title, body, author;
	struct str base_ref, head_ref;
	struct str base_commit, head_commit;
	struct str *labels;
	size_t labels_len;
	const struct diff *diff; /* of the files to review now */
	struct str *all_paths;   /* of every changed file, those reviewed earlier too */
	size_t all_paths_len;
	const struct hint *hints;
	size_t hints_len;
	const struct said *said; /* what is posted, or was dismissed */
	size_t said_len;
	const struct source *head; /* for tools; NULL: their calls are refused */
	const struct source *base; /* for context files; NULL: none */
};

struct review_options {
	int max_concurrency;
	int64_t max_calls;
	double max_cost_usd;  /* negative: none */
	int64_t timeout_ms;   /* 0: none */
	int64_t chunk_tokens; /* 0: 16000 */
	enum severity min_severity;
	double min_confidence; /* 0: no floor */
	struct str
		effort; /* of models whose thinking is not configured; empty: the model's default */
	struct str language;
	struct strings include, exclude; /* globs; exclude adds to the built-in rules */
	struct strings guidance;         /* names of files with the repository's conventions */
	const struct instruction *instructions; /* of the configuration */
	size_t instructions_len;
	struct str run_id;
	int shard, shards; /* shard 1..shards; 0: all */
};

/*
 * Returns the model for an alias or id; NULL with ERROR_CONFIG.  The engine asks once for each name.
 */
typedef const struct model *model_lookup(void *ctx, struct str name, struct error *err);

struct review {
	const struct change *change;
	const struct agents *agents;
	struct str default_model;
	struct review_options options;
	model_lookup *models; /* of agents' models, and of the embedders they name */
	void *models_ctx;
	const struct model *embedder; /* merges findings by meaning; NULL: by text alone */
	struct progress progress;
	struct group *group; /* cancelled to stop: what is finished is kept */
};

#endif

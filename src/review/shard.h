/* Spreading a plan's chunks over several jobs. */
#ifndef REVIEW_SHARD_H
#define REVIEW_SHARD_H

#include "review/unit.h"

enum { SHARDS_MAX = 256 };

/* "2/4@HEAD..BASE", an entry of plan's matrix. */
struct shard_name {
	int idx, len; /* 1 <= idx <= len <= SHARDS_MAX */
	struct str head, base;
};

/* False for anything else. */
bool shard_name_parse(struct str text, struct shard_name *name) MUST_USE;

/*
 * Gives each chunk of the plan to one of at most options->shards shards, the largest chunk first
 * and always to the shard with the fewest tokens: equal plans give equal shards.  ERROR_CONFIG when
 * options->shard is larger than their number.
 */
bool shard_chunks(struct plan *plan, const struct review_options *options,
		  struct error *err) MUST_USE;

/* The chunk belongs to what this run reviews. */
bool shard_has(const struct plan *plan, const struct review_options *options, size_t chunk);

#endif

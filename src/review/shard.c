/* Balanced shards: largest first, always to the emptiest. */
#include "review/shard.h"

#include <stdlib.h>

struct weighed {
	size_t chunk;
	size_t tokens;
};

static int compare_heavier_first(const void *a, const void *b)
{
	const struct weighed *left = a;
	const struct weighed *right = b;

	if (left->tokens != right->tokens)
		return left->tokens < right->tokens ? 1 : -1;
	return (left->chunk > right->chunk) - (left->chunk < right->chunk);
}

static size_t emptiest(const size_t *loads, size_t len)
{
	size_t found = 0;

	for (size_t i = 1; i < len; i++) {
		if (loads[i] < loads[found])
			found = i;
	}
	return found;
}

static void spread(struct plan *plan, size_t shards)
{
	struct weighed *weighed = NEW_ARRAY(struct weighed, plan->chunks_len);
	size_t *loads = NEW_ARRAY(size_t, shards);

	for (size_t i = 0; i < plan->chunks_len; i++)
		weighed[i] = (struct weighed){i, plan->chunks[i].tokens};
	qsort(weighed, plan->chunks_len, sizeof(*weighed), compare_heavier_first);
	for (size_t i = 0; i < plan->chunks_len; i++) {
		size_t shard = emptiest(loads, shards);
		loads[shard] += weighed[i].tokens;
		plan->shard_of[weighed[i].chunk] = (int)shard + 1;
	}
	free(loads);
	free(weighed);
}

bool shard_chunks(struct plan *plan, const struct review_options *options, struct error *err)
{
	if (options->shards <= 0)
		return true;
	plan->shards = (int)MIN_OF((size_t)options->shards, MAX_OF(plan->chunks_len, (size_t)1));
	plan->shard_of = ARENA_ARRAY(&plan->arena, int, plan->chunks_len + 1);
	if (options->shard > options->shards)
		return error_set(err, ERROR_CONFIG, "shard %d: there are %d shards", options->shard,
				 options->shards);
	if (plan->chunks_len)
		spread(plan, (size_t)plan->shards);
	return true;
}

bool shard_has(const struct plan *plan, const struct review_options *options, size_t chunk)
{
	return !plan->shard_of || !options->shard || plan->shard_of[chunk] == options->shard;
}

bool shard_name_parse(struct str text, struct shard_name *name)
{
	struct str number, rest, total, head, base;
	int64_t idx, len;

	if (!str_cut(text, STR("/"), &number, &rest) || !str_cut(rest, STR("@"), &total, &rest) ||
	    !str_cut(rest, STR(".."), &head, &base) || !str_to_int64(number, &idx) ||
	    !str_to_int64(total, &len) || idx < 1 || idx > len || len > SHARDS_MAX)
		return false;
	*name = (struct shard_name){(int)idx, (int)len, head, base};
	return true;
}

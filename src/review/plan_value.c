/* A plan as a tree, and as the matrix of a workflow. */
#include "review/plan_value.h"

#include "value/put.h"

static void set_cost(struct arena *arena, struct value *tree, double cost_usd)
{
	value_set(arena, tree, "cost_usd",
		  cost_usd < 0 ? value_null(arena) : value_real(arena, cost_usd));
}

static struct value *unit_value(struct arena *arena, const struct unit *unit)
{
	struct value *tree = value_object(arena);

	put_text(arena, tree, "unit", unit->name);
	put_text(arena, tree, "agent", unit->agent->name);
	put_text(arena, tree, "model", unit->model->alias);
	put_int(arena, tree, "chunk", (int64_t)unit->chunk + 1);
	put_int(arena, tree, "input_tokens", unit->input_tokens);
	put_int(arena, tree, "output_tokens", unit->output_tokens);
	set_cost(arena, tree, unit->cost_usd);
	return tree;
}

static struct value *chunk_value(struct arena *arena, const struct plan *plan, size_t idx)
{
	const struct chunk *chunk = &plan->chunks[idx];
	struct value *tree = value_object(arena);
	struct value *files = value_array(arena);

	put_int(arena, tree, "chunk", (int64_t)idx + 1);
	put_int(arena, tree, "tokens", (int64_t)chunk->tokens);
	if (plan->shard_of)
		put_int(arena, tree, "shard", plan->shard_of[idx]);
	for (size_t i = 0; i < chunk->len; i++) {
		if (!i || chunk->parts[i - 1].file != chunk->parts[i].file)
			value_append(arena, files,
				     value_string(arena,
						  plan->diff->files[chunk->parts[i].file].path));
	}
	value_set(arena, tree, "files", files);
	return tree;
}

struct value *plan_value(struct arena *arena, const struct plan *plan)
{
	struct value *tree = value_object(arena);
	struct value *units = value_array(arena);
	struct value *chunks = value_array(arena);
	struct value *skipped = value_array(arena);

	for (size_t i = 0; i < plan->units_len; i++)
		value_append(arena, units, unit_value(arena, &plan->units[i]));
	for (size_t i = 0; i < plan->chunks_len; i++)
		value_append(arena, chunks, chunk_value(arena, plan, i));
	for (size_t i = 0; i < plan->coverage.skipped_len; i++) {
		struct value *file = value_object(arena);
		const struct skipped_file *skip = &plan->coverage.skipped[i];
		put_text(arena, file, "path", skip->path);
		put_text(arena, file, "reason", skip->reason);
		value_append(arena, skipped, file);
	}
	value_set(arena, tree, "units", units);
	value_set(arena, tree, "chunks", chunks);
	value_set(arena, tree, "skipped", skipped);
	put_int(arena, tree, "input_tokens", plan->input_tokens);
	put_int(arena, tree, "output_tokens", plan->output_tokens);
	set_cost(arena, tree, plan->cost_usd);
	return tree;
}

struct value *plan_matrix(struct arena *arena, const struct plan *plan, struct str head_commit,
			  struct str base_commit)
{
	struct value *tree = value_object(arena);
	struct value *include = value_array(arena);

	for (int i = 1; i <= plan->shards; i++) {
		struct value *entry = value_object(arena);
		struct str shard = arena_printf(arena, "%d/%d@%.*s..%.*s", i, plan->shards,
						STR_ARG(head_commit), STR_ARG(base_commit));
		put_text(arena, entry, "shard", shard);
		value_append(arena, include, entry);
	}
	value_set(arena, tree, "include", include);
	return tree;
}

/* Prints a plan: as text, as a tree, as the matrix of a workflow. */
#include "review/plan_text.h"

#include "base/log.h"
#include "value/put.h"

/* The sums over the units of one row. */
struct sums {
	int64_t input, output;
	double cost_usd;
};

static struct sums row_sums(const struct plan *plan, size_t row)
{
	struct sums sums = {0};

	for (size_t i = 0; i < plan->units_len; i++) {
		const struct unit *unit = &plan->units[i];
		if (unit->row != row)
			continue;
		sums.input += unit->input_tokens;
		sums.output += unit->output_tokens;
		sums.cost_usd = unit->cost_usd < 0 || sums.cost_usd < 0
					? -1
					: sums.cost_usd + unit->cost_usd;
	}
	return sums;
}

/* A name can contain anything: it must not look like a workflow command in a log. */
static void add_name(struct buf *out, const char *before, struct str name, const char *after)
{
	buf_add_text(out, before);
	log_escape(out, name);
	buf_add_text(out, after);
}

static void add_sums(struct buf *out, const struct sums *sums)
{
	buf_addf(out, "about %lld tokens in, %lld out, ", (long long)sums->input,
		 (long long)sums->output);
	if (sums->cost_usd < 0)
		buf_add_text(out, "cost unknown\n");
	else
		buf_addf(out, "$%.4f\n", sums->cost_usd);
}

static void add_chunk(struct buf *out, const struct plan *plan, size_t idx)
{
	const struct chunk *chunk = &plan->chunks[idx];

	buf_addf(out, "chunk %zu of %zu, about %zu tokens", idx + 1, plan->chunks_len,
		 chunk->tokens);
	if (plan->shard_of)
		buf_addf(out, ", shard %d of %d", plan->shard_of[idx], plan->shards);
	buf_add_char(out, '\n');
	for (size_t i = 0; i < chunk->len; i++) {
		if (!i || chunk->parts[i - 1].file != chunk->parts[i].file)
			add_name(out, "  ", plan->diff->files[chunk->parts[i].file].path, "\n");
	}
}

void plan_write(struct buf *out, const struct plan *plan, const struct agents *agents)
{
	const struct sums all = {plan->input_tokens, plan->output_tokens, plan->cost_usd};

	for (size_t i = 0; i < plan->rows_len; i++) {
		const struct plan_row *row = &plan->rows[i];
		const struct sums sums = row_sums(plan, i);

		add_name(out, "", agents->items[row->agent].name, " with ");
		add_name(out, "", row->model->alias, ": ");
		buf_addf(out, "%d call%s, ", row->units, row->units == 1 ? "" : "s");
		add_sums(out, &sums);
	}
	for (size_t i = 0; i < plan->chunks_len; i++)
		add_chunk(out, plan, i);
	for (size_t i = 0; i < plan->coverage.skipped_len; i++) {
		add_name(out, "skipped: ", plan->coverage.skipped[i].path, ": ");
		add_name(out, "", plan->coverage.skipped[i].reason, "\n");
	}
	buf_addf(out, "together: %zu call%s at least, ", plan->units_len,
		 plan->units_len == 1 ? "" : "s");
	add_sums(out, &all);
}

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

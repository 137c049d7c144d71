/* Prints a plan for people: rows, chunks, skipped files, and the sums. */
#include "output/plan_text.h"

#include "base/log.h"
#include "output/view.h"

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
	buf_add_text(out, "about ");
	view_add_number(out, sums->input);
	buf_add_text(out, " tokens in, ");
	view_add_number(out, sums->output);
	buf_add_text(out, " out, ");
	if (sums->cost_usd < 0)
		buf_add_text(out, "cost unknown\n");
	else
		buf_addf(out, "$%.4f\n", sums->cost_usd);
}

static void add_chunk(struct buf *out, const struct plan *plan, size_t idx)
{
	const struct chunk *chunk = &plan->chunks[idx];

	buf_addf(out, "chunk %zu of %zu, about ", idx + 1, plan->chunks_len);
	view_add_number(out, (int64_t)chunk->tokens);
	buf_add_text(out, " tokens");
	if (plan->shard_of)
		buf_addf(out, ", shard %d of %d", plan->shard_of[idx], plan->shards);
	buf_add_char(out, '\n');
	for (size_t i = 0; i < chunk->len; i++) {
		if (!i || chunk->parts[i - 1].file != chunk->parts[i].file)
			add_name(out, "  ", plan->diff->files[chunk->parts[i].file].path, "\n");
	}
}

void plan_text_add(struct buf *out, const struct plan *plan, const struct agents *agents)
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

/* A plan as `outcrop plan` prints it. */
#include "output/plan_text.h"
#include "unit.h"

TEST(a_plan_is_shown_as_rows_chunks_skipped_files_and_sums)
{
	struct agent agent = {.name = STR("security")};
	struct agents agents = {.items = &agent, .len = 1};
	struct model model = {.alias = STR("sonnet")};
	struct plan_row row = {.model = &model, .units = 2};
	struct diff_file files[] = {{.path = STR("src/a.c")}, {.path = STR("src/b\n::error::.c")}};
	struct diff diff = {.files = files, .len = 2};
	struct chunk_part parts[] = {{.file = 0}, {.file = 0}, {.file = 1}};
	struct chunk chunks[] = {{parts, 2, 999}, {parts + 2, 1, 12345}};
	struct skipped_file skipped = {.path = STR("go.sum"), .reason = STR("generated")};
	struct unit units[] = {
		{.input_tokens = 1999, .output_tokens = 500, .cost_usd = 0.5},
		{.input_tokens = 1234567, .output_tokens = 500, .cost_usd = 1},
	};
	int shard_of[] = {1, 2};
	SCOPED(buf) struct buf text = BUF_INIT;
	struct plan plan = {
		.diff = &diff,
		.coverage = {.skipped = &skipped, .skipped_len = 1},
		.chunks = chunks,
		.chunks_len = 2,
		.shard_of = shard_of,
		.shards = 2,
		.rows = &row,
		.rows_len = 1,
		.units = units,
		.units_len = 2,
		.input_tokens = 1236566,
		.output_tokens = 1000,
		.cost_usd = -1,
	};

	plan_text_add(&text, &plan, &agents);
	ck_assert_str_is(
		buf_str(&text),
		STR("security with sonnet: 2 calls, about 1,236,566 tokens in, 1,000 out, $1.5000\n"
		    "chunk 1 of 2, about 999 tokens, shard 1 of 2\n"
		    "  src/a.c\n"
		    "chunk 2 of 2, about 12,345 tokens, shard 2 of 2\n"
		    "  src/b\\n::error::.c\n"
		    "skipped: go.sum: generated\n"
		    "together: 2 calls at least, about 1,236,566 tokens in, 1,000 out, cost unknown\n"));
}

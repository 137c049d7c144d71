/* Tests of packing a change into chunks, of the exclusion rules, and of plans over large changes. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "harness.h"
#include "review/chunk_text.h"
#include "review/plan_value.h"
#include "unit.h"
#include "value/json.h"

static const char plain_agent[] = "prompt: Review this. {{ diff }}\n";

/* Packs all files. */
static struct chunks pack(struct harness *harness, size_t tokens)
{
	const struct diff *diff = &harness->diff;
	uint32_t *files = ARENA_ARRAY(&harness->arena, uint32_t, diff->len + 1);

	for (size_t i = 0; i < diff->len; i++)
		files[i] = (uint32_t)i;
	return chunks_pack(&harness->arena, diff, files, diff->len, tokens);
}

/* Every line of every file is in a chunk. */
static void check_all_lines(const struct diff *diff, const struct chunks *chunks)
{
	for (size_t file = 0; file < diff->len; file++)
		for (size_t hunk = 0; hunk < diff->files[file].len; hunk++) {
			size_t covered = 0;
			for (size_t i = 0; i < chunks->len; i++)
				for (size_t j = 0; j < chunks->items[i].len; j++) {
					const struct chunk_part *part = &chunks->items[i].parts[j];
					if (part->file != file || part->hunk != hunk)
						continue;
					ck_assert_uint_le(part->first, covered);
					covered = MAX_OF(covered, part->first + part->count);
				}
			ck_assert_uint_eq(covered, diff->files[file].hunks[hunk].len);
		}
}

TEST(a_small_change_is_one_chunk)
{
	struct harness *harness = harness_new(NULL);

	harness_big_diff(harness, 8, 10);
	struct chunks chunks = pack(harness, 16000);
	ck_assert_uint_eq(chunks.len, 1);
	check_all_lines(&harness->diff, &chunks);
	harness_free(harness);
}

TEST(files_of_one_folder_stay_together)
{
	struct harness *harness = harness_new(NULL);

	harness_big_diff(harness, 24, 20); /* folders of four files, about 1,060 tokens each file */
	struct chunks chunks = pack(harness, 1800);
	check_all_lines(&harness->diff, &chunks);
	for (size_t i = 0; i < chunks.len; i++) {
		const struct chunk *chunk = &chunks.items[i];
		ck_assert_uint_le(chunk->tokens, 1800);
		uint32_t first = chunk->parts[0].file;
		for (size_t j = 0; j < chunk->len; j++)
			ck_assert_uint_eq(chunk->parts[j].file / 4, first / 4);
	}
	ck_assert_uint_eq(chunks.len, 6);
	harness_free(harness);
}

TEST(a_hunk_is_cut_only_when_it_alone_is_too_large_and_then_overlaps)
{
	struct harness *harness = harness_new(NULL);

	harness_big_diff(harness, 1, 400);
	struct chunks chunks = pack(harness, 1000);
	ck_assert_uint_gt(chunks.len, 3);
	check_all_lines(&harness->diff, &chunks);
	for (size_t i = 0; i + 1 < chunks.len; i++) {
		const struct chunk_part *part = &chunks.items[i].parts[0];
		const struct chunk_part *next = &chunks.items[i + 1].parts[0];
		ck_assert_uint_eq(next->first, part->first + part->count - CHUNK_OVERLAP_LINES);
		ck_assert_uint_le(chunks.items[i].tokens, 1000);
	}
	harness_free(harness);
}

TEST(the_estimate_of_a_chunk_is_near_to_its_rendered_size)
{
	struct harness *harness = harness_new(NULL);
	SCOPED(buf) struct buf text = BUF_INIT;

	harness_big_diff(harness, 5, 30);
	struct chunks chunks = pack(harness, 16000);
	chunk_render(&text, &harness->diff, &chunks.items[0], NULL);
	size_t rendered = text.len / 4;
	ck_assert_uint_ge(chunks.items[0].tokens * 10, rendered * 8);
	ck_assert_uint_le(chunks.items[0].tokens * 10, rendered * 13);
	harness_free(harness);
}

/* ---- Plans over large changes. ---- */

/* A file of each kind that a diff can have; %d is its number. */
static const char *const file_kinds[] = {
	"diff --git a/src/m%d.c b/src/m%d.c\nindex 1111111..2222222 100644\n--- a/src/m%d.c\n+++ b/src/m%d.c\n"
	"@@ -1,3 +1,4 @@ int f(void)\n {\n-\told();\n+\tfirst();\n+\tsecond();\n }\n",
	"diff --git a/new/a%d.py b/new/a%d.py\nnew file mode 100644\nindex 0000000..2222222\n--- /dev/null\n"
	"+++ b/new/a%d.py\n@@ -0,0 +1,2 @@\n+import os\n+print(os.name)\n",
	"diff --git a/old/d%d.c b/old/d%d.c\ndeleted file mode 100644\nindex 1111111..0000000\n--- a/old/d%d.c\n"
	"+++ /dev/null\n@@ -1 +0,0 @@\n-int gone;\n",
	"diff --git a/x%d.c b/y%d.c\nsimilarity index 100%%\nrename from x%d.c\nrename to y%d.c\n",
	"diff --git a/bin%d b/bin%d\nindex 1111111..2222222 100644\nBinary files a/bin%d and b/bin%d differ\n",
	"diff --git a/run%d.sh b/run%d.sh\nold mode 100644\nnew mode 100755\n",
	"diff --git a/p%d/go.sum b/p%d/go.sum\nindex 1111111..2222222 100644\n--- a/p%d/go.sum\n+++ b/p%d/go.sum\n"
	"@@ -1 +1 @@\n-a v1\n+a v2\n",
	"diff --git a/empty%d b/empty%d\nnew file mode 100644\nindex 0000000..e69de29\n",
	"diff --git a/sub%d b/sub%d\nindex 1111111..2222222 160000\n--- a/sub%d\n+++ b/sub%d\n@@ -1 +1 @@\n"
	"-Subproject commit 1111111111111111111111111111111111111111\n"
	"+Subproject commit 2222222222222222222222222222222222222222\n",
};

static void add_numbered(struct buf *out, const char *text, int number)
{
	for (; *text; text++) {
		if (text[0] == '%' && text[1] == 'd')
			buf_addf(out, "%d", number);
		else
			buf_add_char(out, *text);
		text += *text == '%';
	}
}

TEST(every_file_of_a_large_change_is_reviewed_or_listed_with_a_reason)
{
	struct harness *harness = harness_new(NULL);
	SCOPED(buf) struct buf text = BUF_INIT;

	for (int i = 0; i < 1200; i++)
		add_numbered(&text, file_kinds[i % (int)ARRAY_LEN(file_kinds)], i);
	harness_diff(harness, text.ptr);
	ck_assert_uint_eq(harness->diff.len, 1200);
	harness_agent(harness, "code", plain_agent);
	harness->review.options.max_concurrency = 100;
	harness->review.options.chunk_tokens = 600;
	harness->review.options.max_calls = 20;
	harness_run(harness);
	ck_assert_msg(harness->ok, "%s", harness->error.message);
	/* The calls are used up before the files are. */
	ck_assert_uint_eq(harness->calls_len, 20);
	ck_assert_int_gt(harness->result.coverage.reviewed, 0);
	ck_assert_int_eq(harness->result.coverage.reviewed +
				 (int64_t)harness->result.coverage.skipped_len,
			 (int64_t)harness->diff.len);
	for (size_t i = 0; i < harness->result.coverage.skipped_len; i++)
		ck_assert_uint_gt(harness->result.coverage.skipped[i].reason.len, 0);
	harness_free(harness);
}

/* Seconds of CPU that planning takes. */
static double planning_seconds(int files)
{
	struct harness *harness = harness_new(NULL);
	struct plan plan;
	struct error err = {0};

	harness_big_diff(harness, files, 200);
	harness_agent(harness, "code", plain_agent);
	clock_t start = clock();
	ck_assert(plan_make(&plan, &harness->review, &harness->diff, &err));
	clock_t end = clock();
	plan_release(&plan);
	harness_free(harness);
	return (double)(end - start) / CLOCKS_PER_SEC;
}

TEST(planning_grows_with_the_size_of_the_change)
{
	double one = planning_seconds(40); /* about 400 kilobytes */
	double ten = planning_seconds(400);

	ck_assert_msg(ten < 0.2 + one * 30, "%f s for 0.4 MB, %f s for 4 MB", one, ten);
}

/* ---- Shards. ---- */

static struct plan make_plan(struct harness *harness, int shard, int shards)
{
	struct plan plan;
	struct error err = {0};

	harness->review.options.shard = shard;
	harness->review.options.shards = shards;
	ck_assert_msg(plan_make(&plan, &harness->review, &harness->diff, &err), "%s", err.message);
	return plan;
}

TEST(shards_split_the_chunks_into_equal_parts_that_add_up)
{
	struct harness *harness = harness_new(NULL);
	size_t units = 0;

	harness_big_diff(harness, 40, 60);
	harness->review.options.chunk_tokens = 1500;
	harness_agent(harness, "code", plain_agent);
	harness_agent(harness, "security", plain_agent);
	struct plan whole = make_plan(harness, 0, 0);
	for (int shard = 1; shard <= 4; shard++) {
		struct plan part = make_plan(harness, shard, 4);
		ck_assert_int_eq(part.shards, 4);
		ck_assert_int_ge(part.input_tokens * 4 * 100, whole.input_tokens * 85);
		ck_assert_int_le(part.input_tokens * 4 * 100, whole.input_tokens * 115);
		units += part.units_len;
		plan_release(&part);
	}
	ck_assert_uint_eq(units, whole.units_len);
	plan_release(&whole);
	harness_free(harness);
}

TEST(a_small_change_needs_fewer_shards_than_were_asked_for)
{
	struct harness *harness = harness_new(NULL);

	harness_big_diff(harness, 2, 10);
	harness_agent(harness, "code", plain_agent);
	struct plan plan = make_plan(harness, 0, 8);
	ck_assert_int_eq(plan.shards, 1);
	plan_release(&plan);
	harness_free(harness);
}

TEST(a_plan_lists_units_tokens_and_cost_without_a_call)
{
	struct harness *harness = harness_new(NULL);

	harness_big_diff(harness, 4, 155);
	harness_agent(harness, "code", plain_agent);
	harness_agent(harness, "security", plain_agent);
	struct plan plan = make_plan(harness, 0, 0);
	ck_assert_uint_eq(plan.units_len, 2);
	ck_assert_str_is(plan.units[0].name, STR("code/sonnet 1/1"));
	ck_assert_int_gt(plan.input_tokens, 16000);
	ck_assert(plan.cost_usd > 0);
	ck_assert(plan.units[1].cost_usd < plan.units[0].cost_usd); /* it reads the cache */
	ck_assert_uint_eq(harness->calls_len, 0);
	plan_release(&plan);
	harness_free(harness);
}

TEST(a_plan_is_shown_as_a_tree_and_as_a_matrix)
{
	struct harness *harness = harness_new(NULL);
	SCOPED(buf) struct buf matrix = BUF_INIT;

	harness_big_diff(harness, 8, 60);
	harness->review.options.chunk_tokens = 1500;
	harness_agent(harness, "code", plain_agent);
	struct plan plan = make_plan(harness, 0, 2);
	json_write(&matrix, plan_matrix(&harness->arena, &plan, STR("HEAD"), STR("BASE")),
		   JSON_COMPACT);
	ck_assert_str_is(
		buf_str(&matrix),
		STR("{\"include\":[{\"shard\":\"1/2@HEAD..BASE\"},{\"shard\":\"2/2@HEAD..BASE\"}]}"));
	const struct value *tree = plan_value(&harness->arena, &plan);
	ck_assert_uint_eq(value_len(value_get(tree, "units")), plan.units_len);
	ck_assert_int_eq(value_get_int(tree, "input_tokens", 0), plan.input_tokens);
	plan_release(&plan);
	harness_free(harness);
}

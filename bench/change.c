/* Measures what is done with a change of a given size, from its text to placed findings. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/definition.h"
#include "base/file.h"
#include "finding/place.h"
#include "peak.h"
#include "review/chunk_text.h"
#include "review/plan.h"
#include "review/redacted.h"

enum {
	FILE_LINES = 120,
	FOLDER_FILES = 8,
	DIFF_SIZE = 64 << 20,
	AGENTS = 3,
	LINE_OFF = 10,
	QUOTE_LEN_MIN = 16
};

/* ---- The change ---- */

/* A file of a common size: some lines added and deleted among many that are not. */
static void add_file(struct buf *text, int number)
{
	SCOPED(buf) struct buf hunk = BUF_INIT;
	SCOPED(buf) struct buf path = BUF_INIT;
	int old_lines = 0;
	int new_lines = 0;

	for (int line = 1; line <= FILE_LINES; line++) {
		char kind = line % 8 == 3 ? '+' : line % 8 == 6 ? '-' : ' ';

		old_lines += kind != '+';
		new_lines += kind != '-';
		buf_addf(&hunk, "%c\tresult_%d = combine(previous, items[%d].weight, %d);\n", kind,
			 number, line, number * FILE_LINES + line);
	}
	buf_addf(&path, "src/part%d/file%d.c", number / FOLDER_FILES, number);
	buf_addf(text, "diff --git a/%s b/%s\n--- a/%s\n+++ b/%s\n", path.ptr, path.ptr, path.ptr,
		 path.ptr);
	buf_addf(text, "@@ -1,%d +1,%d @@ int combine_all(void)\n", old_lines, new_lines);
	buf_add(text, buf_str(&hunk));
}

/* "5" makes a change of five megabytes; anything else is the name of a file that holds a diff. */
static bool get_change(const char *argument, struct buf *text, struct error *err)
{
	int64_t megabytes;

	if (!str_to_int64(str_from(argument), &megabytes))
		return file_read(argument, DIFF_SIZE, text, err);
	for (int number = 0; (int64_t)text->len < megabytes * 1000000; number++)
		add_file(text, number);
	return true;
}

/* ---- What is measured ---- */

struct change_bench {
	struct arena arena;
	struct diff diff, clean;
	struct model model;
	struct agent agent_items[AGENTS];
	struct agents agents;
	struct change change;
	struct review review;
	struct plan plan;
	size_t rendered;
	size_t findings, right, wrong; /* the rest is in the summary */
};

static const struct model *look_up(void *ctx, struct str name, struct error *err)
{
	struct change_bench *bench = ctx;

	(void)name;
	(void)err;
	return &bench->model;
}

static bool read_agents(struct change_bench *bench)
{
	struct problems problems = {0};
	bool ok = true;

	bench->agents.items = bench->agent_items;
	for (int i = 0; ok && i < AGENTS; i++) {
		struct str name = arena_printf(&bench->arena, "agent%d", i);
		struct agent_source source = {
			.name = name,
			.file = name,
			.text = STR("prompt: |\n  Review this. {{ diff }}\npaths: [\"**\"]\n")};

		ok = agent_read(&bench->arena, &source, &problems,
				&bench->agent_items[bench->agents.len++]);
	}
	problems_release(&problems);
	return ok;
}

static bool make_plan(struct change_bench *bench, struct error *err)
{
	bench->model = (struct model){
		.alias = STR("sonnet"),
		.id = STR("sonnet"),
		.traits = {.cache_tokens_min = 1024,
			   .cache_points_max = 4,
			   .tools = TOOLS_FORCED,
			   .streaming_tools = true,
			   .system_text = true,
			   .mixed_turns = true},
		.price = {.input = 3, .output = 15, .cache_read = 0.3, .cache_write = 3.75},
		.inference = {.max_tokens = 4000, .temperature = -1, .top_p = -1, .top_k = -1},
		.cache = true,
	};
	if (!read_agents(bench))
		return error_set(err, ERROR_CONFIG, "the agents of the bench do not load");
	bench->change = (struct change){.repository = STR("acme/shop"), .diff = &bench->clean};
	bench->review = (struct review){
		.change = &bench->change,
		.agents = &bench->agents,
		.default_model = STR("sonnet"),
		.options = {.max_cost_usd = -1, .language = STR("en"), .run_id = STR("1")},
		.models = look_up,
		.models_ctx = bench,
	};
	return plan_make(&bench->plan, &bench->review, &bench->clean, err);
}

static void render_chunks(struct change_bench *bench)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	for (size_t i = 0; i < bench->plan.chunks_len; i++) {
		buf_reset(&text);
		chunk_render(&text, &bench->clean, &bench->plan.chunks[i], NULL);
		bench->rendered += text.len;
	}
}

/* How many lines of the file hold the text. */
static size_t count_text(const struct diff_file *file, struct str text)
{
	size_t count = 0;

	for (size_t hunk = 0; hunk < file->len; hunk++) {
		for (size_t i = 0; i < file->hunks[hunk].len; i++)
			count += str_contains(file->hunks[hunk].lines[i].text, text);
	}
	return count;
}

/* An added line of the file that is long enough to be told from all others, or NULL. */
static const struct diff_line *quotable(const struct diff_file *file)
{
	for (size_t hunk = 0; hunk < file->len; hunk++) {
		for (size_t i = 0; i < file->hunks[hunk].len; i++) {
			const struct diff_line *line = &file->hunks[hunk].lines[i];

			if (line->kind == LINE_ADDED && str_trim(line->text).len >= QUOTE_LEN_MIN &&
			    count_text(file, str_trim(line->text)) == 1)
				return line;
		}
	}
	return NULL;
}

/* One finding a file, on a line that the "model" has missed by a few. */
static void place_findings(struct change_bench *bench)
{
	for (size_t i = 0; i < bench->clean.len; i++) {
		struct findings findings = {0};
		const struct diff_line *line = quotable(&bench->clean.files[i]);
		uint32_t said;

		if (!line)
			continue;
		said = line->new_line + (uint32_t)(i % LINE_OFF);
		VEC_PUSH(&findings, (struct finding){.path = bench->clean.files[i].path,
						     .line = said,
						     .end_line = said,
						     .side = SIDE_RIGHT,
						     .title = STR("A finding"),
						     .body = STR("Its text."),
						     .evidence = line->text,
						     .confidence = -1});
		finding_place(&findings, &findings.items[0], &bench->clean);
		bench->findings++;
		if (findings.items[0].placement != PLACEMENT_SUMMARY) {
			bool right = findings.items[0].line == line->new_line;

			bench->right += right;
			bench->wrong += !right;
		}
		findings_release(&findings);
	}
}

/* ---- The row ---- */

/* Prints the CPU time since *since, and starts anew. */
static void print_lap(double *since)
{
	double now = cpu_ms();

	printf("%.1f\t", now - *since);
	*since = now;
}

static bool measure(struct change_bench *bench, const struct buf *text, struct error *err)
{
	double since = cpu_ms();

	printf("%.1f\t", (double)text->len / 1e6);
	if (!diff_parse(buf_str(text), &bench->diff, err))
		return false;
	print_lap(&since);
	diff_redact(&bench->clean, &bench->diff);
	print_lap(&since);
	if (!make_plan(bench, err))
		return false;
	print_lap(&since);
	render_chunks(bench);
	print_lap(&since);
	place_findings(bench);
	print_lap(&since);
	return true;
}

/* Tab-separated, for script/bench. */
int main(int argc, char **argv)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	struct change_bench *bench = NEW(struct change_bench);
	struct error err = {0};
	bool ok;

	if (argc != 2) {
		fprintf(stderr, "usage: bench_change MEGABYTES | DIFF\n");
		return 2;
	}
	ok = get_change(argv[1], &text, &err) && measure(bench, &text, &err);
	if (!ok)
		fprintf(stderr, "%s\n", err.message);
	printf("%.0f\t%zu\t%zu\t%zu\t%zu\t%zu\t%zu\n", peak_mib(), bench->diff.len,
	       bench->plan.chunks_len, bench->plan.units_len, bench->findings, bench->right,
	       bench->wrong);
	plan_release(&bench->plan);
	diff_release(&bench->clean);
	diff_release(&bench->diff);
	arena_release(&bench->arena);
	free(bench);
	return ok ? 0 : 1;
}

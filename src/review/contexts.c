/* Context: whole files by glob, paragraphs by similarity to the change. */
#include "review/contexts.h"

#include <stdlib.h>

#include "agent/context.h"
#include "base/utf8.h"
#include "diff/render.h"

enum { QUERY_SIZE_MAX = 2000 };

/* One agent whose context is being read. */
struct context_reader {
	struct review_run *run;
	size_t agent; /* its index */
	struct context *context;
	struct arena arena;
};

static const struct agent *agent_of(const struct context_reader *reader)
{
	return &reader->run->review->agents->items[reader->agent];
}

/* The change as queries: the start of each file's change, for as many files as are compared. */
static size_t make_queries(struct context_reader *reader, struct str *queries)
{
	const struct review_run *run = reader->run;
	size_t len = 0;

	for (size_t i = 0; i < run->diff.len && len < QUERIES_MAX; i++) {
		SCOPED(buf) struct buf text = BUF_INIT;
		if (!run->plan.sees[reader->agent][i])
			continue;
		diff_render_file(&text, &run->diff.files[i]);
		queries[len++] =
			arena_str(&reader->arena, utf8_cut(buf_str(&text), QUERY_SIZE_MAX));
	}
	return len;
}

static bool embed(struct context_reader *reader, const struct model *model,
		  struct embed_request *request, struct vectors *vectors, struct error *err)
{
	struct embed_reply reply;

	request->origin = (struct chat_origin){
		.agent = agent_of(reader)->name,
		.repository = reader->run->change.repository,
		.run_id = reader->run->review->options.run_id,
		.unit = request->input_type,
	};
	if (!model_embed(model, &reader->arena, request, &reply, err))
		return false;
	run_count_usage(reader->run, model, &reply.usage);
	*vectors = (struct vectors){reply.vectors, reply.len, reply.dimensions};
	return true;
}

struct scored_paragraph {
	size_t idx;
	double score;
};

static int compare_better_first(const void *a, const void *b)
{
	const struct scored_paragraph *left = a;
	const struct scored_paragraph *right = b;

	if (left->score != right->score)
		return left->score < right->score ? 1 : -1;
	return (left->idx > right->idx) - (left->idx < right->idx);
}

/* The score of a paragraph is that of its nearest piece of the change. */
static void score(const struct vectors *paragraphs, const struct vectors *queries,
		  struct scored_paragraph *scored)
{
	size_t dimensions = MIN_OF(paragraphs->dimensions, queries->dimensions);

	for (size_t i = 0; i < paragraphs->len; i++) {
		scored[i] = (struct scored_paragraph){i, -1};
		for (size_t j = 0; j < queries->len; j++) {
			double cosine =
				vector_cosine(paragraphs->values + i * paragraphs->dimensions,
					      queries->values + j * queries->dimensions,
					      dimensions);
			scored[i].score = MAX_OF(scored[i].score, cosine);
		}
	}
	qsort(scored, paragraphs->len, sizeof(*scored), compare_better_first);
}

static bool add_nearest(struct context_reader *reader, const struct paragraphs *paragraphs,
			struct buf *out, struct error *err)
{
	const struct review *review = reader->run->review;
	const struct agent_retrieve *retrieve = &agent_of(reader)->retrieve;
	struct str queries[QUERIES_MAX];
	size_t len = MIN_OF(paragraphs->len, (size_t)EMBEDDED_PARAGRAPHS_MAX);
	struct str *texts = ARENA_ARRAY(&reader->arena, struct str, len);
	struct vectors documents_vectors, search_vectors;
	const struct model *model = review->models(review->models_ctx, retrieve->embedder, err);
	struct embed_request documents;
	struct embed_request search;
	struct scored_paragraph *scored;
	size_t start;
	size_t top;

	if (!model)
		return false;
	for (size_t i = 0; i < len; i++)
		texts[i] = paragraph_text(&reader->arena, &paragraphs->items[i]);
	documents = (struct embed_request){
		.texts = texts, .len = len, .input_type = STR("search_document")};
	search = (struct embed_request){.texts = queries,
					.len = make_queries(reader, queries),
					.input_type = STR("search_query")};
	if (!embed(reader, model, &documents, &documents_vectors, err) ||
	    !embed(reader, model, &search, &search_vectors, err))
		return false;
	scored = ARENA_ARRAY(&reader->arena, struct scored_paragraph, len);
	score(&documents_vectors, &search_vectors, scored);
	start = out->len;
	top = MIN_OF((size_t)MAX_OF(retrieve->top_k, (int64_t)1), len);
	for (size_t i = 0; i < top && out->len - start < RETRIEVED_SIZE_MAX; i++)
		paragraph_add(out, &paragraphs->items[scored[i].idx]);
	return true;
}

static bool add_retrieved(struct context_reader *reader, struct buf *out, struct error *err)
{
	const struct agent *agent = agent_of(reader);
	struct paragraphs paragraphs = {0};

	bool added = context_paragraphs(reader->context, &agent->retrieve.paths, &reader->arena,
					&paragraphs, err);
	if (paragraphs.len > EMBEDDED_PARAGRAPHS_MAX)
		review_result_notice(
			reader->run->result,
			"context of agent %.*s: the first %d of %zu paragraphs were searched; make context.retrieve.paths narrower",
			STR_ARG(agent->name), EMBEDDED_PARAGRAPHS_MAX, paragraphs.len);
	if (added && paragraphs.len)
		added = add_nearest(reader, &paragraphs, out, err);
	paragraphs_release(&paragraphs);
	return added;
}

static void fill(struct context_reader *reader)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	struct review_run *run = reader->run;
	const struct agent *agent = agent_of(reader);
	struct error err = {0};

	bool filled = !agent->context_files.len ||
		      context_add_files(reader->context, &agent->context_files, &text, &err);
	if (filled && agent->has_retrieve)
		filled = add_retrieved(reader, &text, &err);
	if (!filled)
		review_result_notice(run->result,
				     "agent %.*s reviews without all of its context: %s",
				     STR_ARG(agent->name), err.message);
	run->contexts[reader->agent] = arena_str(&run->arena, buf_str(&text));
}

static bool has_units(const struct review_run *run, size_t agent)
{
	for (size_t i = 0; i < run->plan.rows_len; i++) {
		if (run->plan.rows[i].agent == agent && run->plan.rows[i].units)
			return true;
	}
	return false;
}

void contexts_fill(struct review_run *run)
{
	struct context context = {.source = run->change.base};

	for (size_t i = 0; i < run->review->agents->len; i++) {
		const struct agent *agent = &run->review->agents->items[i];
		struct context_reader reader = {.run = run, .agent = i, .context = &context};
		if ((agent->context_files.len || agent->has_retrieve) && has_units(run, i))
			fill(&reader);
		arena_release(&reader.arena);
	}
	context_release(&context);
}

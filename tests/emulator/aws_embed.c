/* Embeddings: vectors that follow from the words of a text, so that like texts have like vectors. */
#include "aws_embed.h"
#include "value/put.h"

#include <math.h>

enum { DIMENSIONS_TITAN = 1024, DIMENSIONS_COHERE = 1536, DIMENSIONS_MAX = 4096, TEXTS_MAX = 96 };

/* Each word adds to a few dimensions that its hash names; the sum has length 1. */
static struct value *vector_of(struct arena *arena, struct str text, size_t dimensions)
{
	double *numbers = ARENA_ARRAY(arena, double, dimensions);
	struct value *vector = value_array(arena);
	struct str word;
	double length = 0;

	while (str_next_part(&text, ' ', &word)) {
		uint64_t hash = str_hash(word);

		for (int i = 0; word.len && i < 4; i++, hash = hash * 6364136223846793005u + 1)
			numbers[(hash >> 33) % dimensions] += hash >> 63 ? 1.0 : -1.0;
	}
	numbers[0] += 0.01; /* an empty text has a vector too */
	for (size_t i = 0; i < dimensions; i++)
		length += numbers[i] * numbers[i];
	for (size_t i = 0; i < dimensions; i++)
		value_append(arena, vector, value_real(arena, numbers[i] / sqrt(length)));
	return vector;
}

static bool dimensions_of(struct asked_model *asked, const char *name, int64_t fallback,
			  size_t *count)
{
	int64_t dimensions = value_get_int(asked->body, name, fallback);

	if (dimensions >= 1 && dimensions <= DIMENSIONS_MAX) {
		*count = (size_t)dimensions;
		return true;
	}
	aws_refuse(asked->state, asked->request, asked->answer, 400, "ValidationException",
		   STR("Malformed input request: dimensions are not valid"));
	return false;
}

static void add_token_count(struct asked_model *asked, size_t bytes)
{
	answer_header(asked->answer, STR("X-Amzn-Bedrock-Input-Token-Count"),
		      arena_printf(asked->arena, "%zu", bytes / 4 + 1));
}

static void titan(struct asked_model *asked)
{
	struct arena *arena = asked->arena;
	struct value *root = value_object(arena), *by_type = value_object(arena);
	struct str text = value_get_string(asked->body, "inputText");
	struct value *vector;
	size_t dimensions;

	if (!dimensions_of(asked, "dimensions", DIMENSIONS_TITAN, &dimensions))
		return;
	vector = vector_of(arena, text, dimensions);
	value_set(arena, by_type, "float", vector);
	value_set(arena, root, "embedding", vector);
	put_int(arena, root, "inputTextTokenCount", (int64_t)text.len / 4 + 1);
	value_set(arena, root, "embeddingsByType", by_type);
	answer_json(asked->request, asked->answer, 200, root);
	add_token_count(asked, text.len);
}

static void cohere(struct asked_model *asked)
{
	struct arena *arena = asked->arena;
	struct value *root = value_object(arena), *by_type = value_object(arena);
	struct value *vectors = value_array(arena);
	const struct value *texts = value_get(asked->body, "texts");
	size_t dimensions, bytes = 0;

	if (!dimensions_of(asked, "output_dimension", DIMENSIONS_COHERE, &dimensions))
		return;
	if (value_len(texts) == 0 || value_len(texts) > TEXTS_MAX ||
	    !value_get(asked->body, "input_type")) {
		aws_refuse(asked->state, asked->request, asked->answer, 400, "ValidationException",
			   STR("Malformed input request: input_type and 1 to 96 texts"));
		return;
	}
	for (size_t i = 0; i < value_len(texts); i++) {
		struct str text = value_as_string(value_at(texts, i));

		bytes += text.len;
		value_append(arena, vectors, vector_of(arena, text, dimensions));
	}
	value_set(arena, by_type, "float", vectors);
	put_word(arena, root, "id", "emulator");
	put_word(arena, root, "response_type", "embeddings_by_type");
	value_set(arena, root, "embeddings",
		  value_get(asked->body, "embedding_types") ? by_type : vectors);
	value_set(arena, root, "texts", value_copy(arena, texts));
	answer_json(asked->request, asked->answer, 200, root);
	add_token_count(asked, bytes);
}

bool embed_answer(struct asked_model *asked)
{
	if (str_contains(asked->model, STR("titan-embed")))
		titan(asked);
	else if (str_contains(asked->model, STR("cohere.embed")))
		cohere(asked);
	else
		return false;
	aws_request_id(asked->state, asked->answer);
	return true;
}

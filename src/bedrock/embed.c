/* Embeddings: Amazon Titan Text v2, one text a call; Cohere v3 and v4, many. */
#include "bedrock/operations.h"

#include <string.h>

#include "base/log.h"
#include "bedrock/cache_points.h"
#include "bedrock/transport.h"
#include "value/json.h"
#include "value/put.h"

enum { DIMENSIONS_MAX = 4096, TEXTS_MAX = 100000 };

/* The request and response of one kind of model. */
struct embedder {
	struct str words; /* are in the model's id */
	size_t batch_max;
	struct value *(*body)(struct arena *arena, const struct embed_request *request, size_t from,
			      size_t count);
	/* The vectors of one answer: an array of arrays of numbers, or the one vector. */
	const struct value *(*vectors)(struct arena *arena, const struct value *answer);
};

static struct value *titan_body(struct arena *arena, const struct embed_request *request,
				size_t from, size_t count)
{
	struct value *body = value_object(arena);

	(void)count;
	put_text(arena, body, "inputText", request->texts[from]);
	if (request->dimensions)
		put_int(arena, body, "dimensions", request->dimensions);
	put_bool(arena, body, "normalize", true);
	return body;
}

static const struct value *titan_vectors(struct arena *arena, const struct value *answer)
{
	struct value *list = value_array(arena);
	const struct value *vector = value_get(answer, "embedding");

	if (!vector)
		vector = value_at_pointer(answer, STR("/embeddingsByType/float"));
	if (vector)
		value_append(arena, list, value_copy(arena, vector));
	return list;
}

static struct value *cohere_body(struct arena *arena, const struct embed_request *request,
				 size_t from, size_t count)
{
	struct value *body = value_object(arena);
	struct value *texts = put_array(arena, body, "texts");
	struct value *types;

	for (size_t i = 0; i < count; i++)
		value_append(arena, texts, value_string(arena, request->texts[from + i]));
	put_text(arena, body, "input_type",
		 request->input_type.len ? request->input_type : STR("search_document"));
	types = put_array(arena, body, "embedding_types");
	value_append(arena, types, value_text(arena, "float"));
	return body;
}

static struct value *cohere3_body(struct arena *arena, const struct embed_request *request,
				  size_t from, size_t count)
{
	struct value *body = cohere_body(arena, request, from, count);

	put_text(arena, body, "truncate", STR("END"));
	return body;
}

static struct value *cohere4_body(struct arena *arena, const struct embed_request *request,
				  size_t from, size_t count)
{
	struct value *body = cohere_body(arena, request, from, count);

	put_text(arena, body, "truncate", STR("RIGHT"));
	if (request->dimensions)
		put_int(arena, body, "output_dimension", request->dimensions);
	return body;
}

/* {"embeddings": {"float": [[...]]}}, or without embedding_types {"embeddings": [[...]]}. */
static const struct value *cohere_vectors(struct arena *arena, const struct value *answer)
{
	const struct value *embeddings = value_get(answer, "embeddings");
	const struct value *floats = value_get(embeddings, "float");

	(void)arena;
	return floats ? floats : embeddings;
}

/* The first row whose words are in the id (or are the family) is the kind. */
static const struct embedder embedders[] = {
	{STR_INIT("titan-embed"), 1, titan_body, titan_vectors},
	{STR_INIT("cohere.embed-v4"), 96, cohere4_body, cohere_vectors},
	{STR_INIT("cohere.embed"), 96, cohere3_body, cohere_vectors},
	{STR_INIT("titan"), 1, titan_body, titan_vectors},
	{STR_INIT("cohere"), 96, cohere4_body, cohere_vectors},
};

static const struct embedder *embedder_of(const struct model *model)
{
	for (size_t i = 0; i < ARRAY_LEN(embedders); i++) {
		if (str_contains(model->id, embedders[i].words) ||
		    str_eq(model->traits.family, embedders[i].words))
			return &embedders[i];
	}
	return NULL;
}

static bool read_vector(const struct value *vector, float *to, size_t dimensions, struct error *err)
{
	if (value_len(vector) != dimensions)
		return error_set(err, ERROR_PROTOCOL,
				 "a vector has %zu dimensions, the one before it %zu",
				 value_len(vector), dimensions);
	for (size_t i = 0; i < dimensions; i++) {
		const struct value *number = value_at(vector, i);

		if (value_is(number, VALUE_INT))
			to[i] = (float)number->integer;
		else if (value_is(number, VALUE_REAL))
			to[i] = (float)number->real;
		else
			return error_set(err, ERROR_PROTOCOL, "a vector holds %s",
					 number ? value_kind_name(number->kind) : "nothing");
	}
	return true;
}

/* Appends the vectors of one answer. */
static bool take_vectors(struct arena *arena, const struct value *vectors, size_t count,
			 size_t total, struct embed_reply *reply, struct error *err)
{
	if (!value_is(vectors, VALUE_ARRAY) || value_len(vectors) != count)
		return error_set(err, ERROR_PROTOCOL, "the answer has %zu vectors for %zu texts",
				 value_len(vectors), count);
	if (!reply->vectors) {
		reply->dimensions = value_len(value_at(vectors, 0));
		if (reply->dimensions == 0 || reply->dimensions > DIMENSIONS_MAX)
			return error_set(err, ERROR_PROTOCOL, "a vector has %zu dimensions",
					 reply->dimensions);
		reply->vectors = ARENA_ARRAY(arena, float, total * reply->dimensions);
	}
	for (size_t i = 0; i < count; i++) {
		if (!read_vector(value_at(vectors, i),
				 reply->vectors + (reply->len + i) * reply->dimensions,
				 reply->dimensions, err))
			return false;
	}
	reply->len += count;
	return true;
}

/* Titan has it in the answer, Cohere only in a header. */
static int64_t input_tokens(const struct value *answer, const struct http_response *response)
{
	int64_t tokens = value_get_int(answer, "inputTextTokenCount", -1);

	if (tokens >= 0)
		return tokens;
	if (str_to_int64(http_header_get(&response->headers, "x-amzn-bedrock-input-token-count"),
			 &tokens) &&
	    tokens >= 0)
		return tokens;
	return 0;
}

/* Requests the vectors of as many texts as fit one call, starting with the first text without one. */
static bool embed_batch(struct bedrock *bedrock, struct arena *arena,
			const struct embed_request *request, struct embed_reply *reply,
			struct error *err)
{
	const struct embedder *embedder = embedder_of(&bedrock->model);
	size_t count;
	SCOPED(arena) struct arena own = ARENA_INIT;
	SCOPED(buf) struct buf body = BUF_INIT;
	SCOPED(http_response) struct http_response response = {0};
	struct bedrock_call call = {.model_id = bedrock->model.id,
				    .action = "invoke",
				    .accept = "application/json",
				    .attempt = &request->origin.attempt,
				    .part = reply->len};
	const struct value *answer;

	assert(embedder); /* bedrock_embed() has looked */
	count = MIN_OF(embedder->batch_max, request->len - reply->len);
	json_write(&body, embedder->body(&own, request, reply->len, count), JSON_COMPACT);
	call.body = buf_str(&body);
	if (!bedrock_post(bedrock, &call, &response, err))
		return false;
	answer = json_read(&own, buf_str(&response.body), 0, err);
	if (!answer) {
		err->kind = ERROR_PROTOCOL;
		return bedrock_explain(bedrock, err);
	}
	reply->usage.input += input_tokens(answer, &response);
	return take_vectors(arena, embedder->vectors(&own, answer), count, request->len, reply,
			    err) ||
	       bedrock_explain(bedrock, err);
}

bool bedrock_embed(void *ctx, struct arena *arena, const struct embed_request *request,
		   struct embed_reply *reply, struct error *err)
{
	struct bedrock *bedrock = ctx;
	struct embed_reply answer = {0};

	if (!embedder_of(&bedrock->model))
		return error_set(
			err, ERROR_CONFIG,
			"model \"%.*s\" is not known to make embeddings; name its kind with \"family: titan\" or \"family: cohere\"",
			STR_ARG(bedrock->model.id));
	if (request->len > TEXTS_MAX)
		return error_set(err, ERROR_LIMIT, "%zu texts to embed; at most %d in one call",
				 request->len, TEXTS_MAX);
	while (answer.len < request->len) {
		if (!embed_batch(bedrock, arena, request, &answer, err))
			return false;
	}
	*reply = answer;
	return true;
}

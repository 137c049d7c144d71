/* Other calls to Bedrock than streamed Converse: not streamed, Messages, embeddings, counts, a model's keys. */
#include "bedrock/bedrock.h"
#include "credentials/sign_in.h"

#include "../credentials/server.h"
#include "frames.h"
#include "unit.h"

#define EVENTS "application/vnd.amazon.eventstream"

/* A session with keys of the environment. */
static struct aws_session *session_open(struct credentials_scene *scene, struct env *env)
{
	struct aws_options options = {0};
	struct error err = {0};
	struct aws_session *session;

	env_put(env, STR("AWS_REGION"), STR("eu-west-1"));
	env_put(env, STR("AWS_ENDPOINT_URL_BEDROCK_RUNTIME"), str_from(scene->server.url));
	env_put(env, STR("AWS_ACCESS_KEY_ID"), STR("AKIAENV"));
	env_put(env, STR("AWS_SECRET_ACCESS_KEY"), STR("secret"));
	session = aws_session_new(scene->http, &scene->clock, env, &options, &err);
	ck_assert_msg(session != NULL, "%s", err.message);
	return session;
}

static void init(struct aws_session *session, struct model *model,
		 const struct bedrock_settings *settings)
{
	struct error err = {0};

	ck_assert_msg(bedrock_model_init(session, model, settings, &err), "%s", err.message);
}

static struct chat question(struct arena *arena)
{
	struct chat chat = {
		.arena = arena,
		.inference = {.max_tokens = 9, .temperature = -1, .top_p = -1, .top_k = -1}};

	message_add_text(arena, chat_add(&chat, ROLE_USER), STR("Hello?"));
	return chat;
}

static void act_refusing_streams(struct credentials_scene *scene)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(env) struct env env = {0};
	OWNED(aws_session) struct aws_session *session = session_open(scene, &env);
	struct model model = {.id = STR("meta.llama3-1-8b-instruct-v1:0"),
			      .traits = {.family = STR("llama"), .tools = TOOLS_PLAIN},
			      .stream = true};
	struct chat chat = question(&arena);
	struct tool tool = {.name = STR("t"), .schema = value_object(&arena)};
	struct reply reply = {0};
	struct error err = {0};

	chat.tools = &tool;
	chat.tools_len = 1;
	chat.tool_choice = TOOL_ANY;
	init(session, &model, &(struct bedrock_settings){0});
	ck_assert_msg(model.ops->ask(model.ctx, &chat, NULL, &reply, &err), "%s", err.message);
	ck_assert_str_is(reply_text(&arena, &reply), STR("Hi"));
	ck_assert_str_is(server_line(&scene->server, 0),
			 STR("POST /model/meta.llama3-1-8b-instruct-v1%3A0/converse"));
	ck_assert(!server_saw(&scene->server, 0, "toolChoice"));
}

TEST(does_not_stream_tools_with_a_model_that_refuses_it)
{
	const struct canned_answer answers[] = {
		{.body = STR_INIT(
			 "{\"output\":{\"message\":{\"content\":[{\"text\":\"Hi\"}]}},\"stopReason\":\"end_turn\",\"usage\":{}}")}};

	scene_play(&(struct credentials_scene){0}, answers, 1, act_refusing_streams);
}

static void act_messages(struct credentials_scene *scene)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(env) struct env env = {0};
	OWNED(aws_session) struct aws_session *session = session_open(scene, &env);
	struct model model = {
		.id = STR("arn:aws:bedrock:eu-west-1:1:application-inference-profile/x"),
		.traits = {.family = STR("claude"), .system_text = true, .mixed_turns = true},
		.stream = true};
	struct chat chat = question(&arena);
	struct reply reply = {0};
	struct error err = {0};

	chat.origin.agent = STR("a");
	init(session, &model,
	     &(struct bedrock_settings){.api = MODEL_API_MESSAGES, .guardrail_id = STR("g-1")});
	ck_assert_msg(model.ops->ask(model.ctx, &chat, NULL, &reply, &err), "%s", err.message);
	ck_assert_str_is(reply_text(&arena, &reply), STR("Hi"));
	ck_assert_str_is(
		server_line(&scene->server, 0),
		STR("POST /model/arn%3Aaws%3Abedrock%3Aeu-west-1%3A1%3Aapplication-inference-profile%2Fx/invoke-with-response-stream"));
	ck_assert(server_saw(&scene->server, 0, "X-Amzn-Bedrock-GuardrailIdentifier: g-1\r\n"));
	ck_assert(server_saw(&scene->server, 0, "X-Amzn-Bedrock-GuardrailVersion: DRAFT\r\n"));
	ck_assert(server_saw(&scene->server, 0,
			     "X-Amzn-Bedrock-Request-Metadata: {\"outcrop.agent\":\"a\"}\r\n"));
	ck_assert_str_is(
		server_body(&scene->server, 0),
		STR("{\"anthropic_version\":\"bedrock-2023-05-31\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"Hello?\"}]}],\"max_tokens\":9}"));
}

TEST(speaks_messages_where_the_models_table_says_so)
{
	SCOPED(buf) struct buf stream = BUF_INIT;

	frame_chunk(
		&stream,
		"{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}");
	frame_chunk(
		&stream,
		"{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hi\"}}");
	frame_chunk(&stream,
		    "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}");
	frame_chunk(&stream, "{\"type\":\"message_stop\"}");
	const struct canned_answer answers[] = {{.type = EVENTS, .body = buf_str(&stream)}};
	scene_play(&(struct credentials_scene){0}, answers, 1, act_messages);
}

static void act_own_keys(struct credentials_scene *scene)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(env) struct env env = {0};
	OWNED(aws_session) struct aws_session *session = session_open(scene, &env);
	struct model model = {.id = STR("m"), .stream = false};
	struct chat chat = question(&arena);
	struct reply reply = {0};
	SCOPED(secret) struct secret id = {0}, key = {0};
	struct error err = {0};

	secret_set(&id, STR("AKIATABLE"));
	secret_set(&key, STR("other"));
	init(session, &model,
	     &(struct bedrock_settings){
		     .region = STR("us-west-2"), .access_key_id = &id, .secret_access_key = &key});
	ck_assert(!model.ops->ask(model.ctx, &chat, NULL, &reply, &err));
	ck_assert_int_eq(err.kind, ERROR_PROTOCOL); /* no stop reason */
	ck_assert(server_saw(&scene->server, 0, "Credential=AKIATABLE/"));
	ck_assert(server_saw(&scene->server, 0, "/us-west-2/bedrock/"));
	ck_assert(server_saw(&scene->server, 0, "amz-sdk-request: attempt=1; max=1"));
	ck_assert(server_saw(&scene->server, 0, "accept;amz-sdk-invocation-id;amz-sdk-request;"));
	ck_assert_str_is(model.region, STR("us-west-2"));
}

TEST(signs_with_the_keys_of_the_models_table)
{
	const struct canned_answer answers[] = {{.body = STR_INIT("{}")}};

	scene_play(&(struct credentials_scene){0}, answers, 1, act_own_keys);
}

static void act_titan(struct credentials_scene *scene)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(env) struct env env = {0};
	OWNED(aws_session) struct aws_session *session = session_open(scene, &env);
	struct model model = {.id = STR("amazon.titan-embed-text-v2:0")};
	struct str texts[] = {STR("one"), STR("two")};
	struct embed_request request = {.texts = texts, .len = 2, .dimensions = 256};
	struct embed_reply reply = {0};
	struct error err = {0};

	init(session, &model, &(struct bedrock_settings){0});
	ck_assert_msg(model.ops->embed(model.ctx, &arena, &request, &reply, &err), "%s",
		      err.message);
	ck_assert_uint_eq(reply.len, 2);
	ck_assert_uint_eq(reply.dimensions, 2);
	ck_assert(reply.vectors[1] > 0.49F && reply.vectors[1] < 0.51F && reply.vectors[2] < -0.9F);
	ck_assert_int_eq(reply.usage.input, 5);
	ck_assert_str_is(server_body(&scene->server, 0),
			 STR("{\"inputText\":\"one\",\"dimensions\":256,\"normalize\":true}"));
}

TEST(embeds_one_text_a_call_with_titan)
{
	const struct canned_answer answers[] = {
		{.body = STR_INIT("{\"embedding\":[1,0.5],\"inputTextTokenCount\":2}")},
		{.body = STR_INIT("{\"embedding\":[-1,0],\"inputTextTokenCount\":3}")}};

	scene_play(&(struct credentials_scene){0}, answers, 2, act_titan);
}

static void act_cohere(struct credentials_scene *scene)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(env) struct env env = {0};
	OWNED(aws_session) struct aws_session *session = session_open(scene, &env);
	struct model model = {.id = STR("us.cohere.embed-v4:0")};
	struct str texts[97];
	struct embed_request request = {
		.texts = texts, .len = 97, .input_type = STR("search_query")};
	struct embed_reply reply = {0};
	struct error err = {0};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		texts[i] = STR("x");
	init(session, &model, &(struct bedrock_settings){0});
	ck_assert(!model.ops->embed(model.ctx, &arena, &request, &reply, &err));
	ck_assert(str_contains(str_from(err.message), STR("1 vectors for 96 texts")));
	request.len = 1;
	ck_assert_msg(model.ops->embed(model.ctx, &arena, &request, &reply, &err), "%s",
		      err.message);
	ck_assert_int_eq(reply.usage.input, 11);
	ck_assert_str_is(
		server_body(&scene->server, 1),
		STR("{\"texts\":[\"x\"],\"input_type\":\"search_query\",\"embedding_types\":[\"float\"],\"truncate\":\"RIGHT\"}"));
}

TEST(embeds_many_texts_a_call_with_cohere)
{
	const struct canned_answer answers[] = {
		{.body = STR_INIT("{\"embeddings\":{\"float\":[[1]]}}")},
		{.headers = "x-amzn-bedrock-input-token-count: 11\r\n",
		 .body = STR_INIT("{\"embeddings\":{\"float\":[[1]]}}")}};

	scene_play(&(struct credentials_scene){0}, answers, 2, act_cohere);
}

static void act_count(struct credentials_scene *scene)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(env) struct env env = {0};
	OWNED(aws_session) struct aws_session *session = session_open(scene, &env);
	struct model model = {
		.id = STR("us.anthropic.claude-sonnet-4-5-20250929-v1:0"),
		.traits = {.family = STR("claude"), .system_text = true, .mixed_turns = true}};
	struct chat chat = question(&arena);
	struct error err = {0};
	int64_t tokens;
	bool estimated;

	init(session, &model, &(struct bedrock_settings){0});
	ck_assert(model.ops->count(model.ctx, &chat, &tokens, &estimated, &err));
	ck_assert_int_eq(tokens, 12);
	ck_assert(!estimated);
	ck_assert_str_is(
		server_line(&scene->server, 0),
		STR("POST /model/anthropic.claude-sonnet-4-5-20250929-v1%3A0/count-tokens"));
	ck_assert_str_is(
		server_body(&scene->server, 0),
		STR("{\"input\":{\"converse\":{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"Hello?\"}]}]}}}"));
	ck_assert(model.ops->count(model.ctx, &chat, &tokens, &estimated, &err));
	ck_assert(estimated);
	ck_assert_int_ge(tokens, 2);
	ck_assert(!model.ops->count(model.ctx, &chat, &tokens, &estimated, &err));
	ck_assert_int_eq(err.kind, ERROR_THROTTLED);
}

TEST(counts_tokens_of_the_model_behind_a_profile_or_estimates_them)
{
	const struct canned_answer answers[] = {
		{.body = STR_INIT("{\"inputTokens\":12}")},
		{.status = 400,
		 .body = STR_INIT(
			 "{\"message\":\"The provided model doesn't support counting tokens.\"}")},
		{.status = 429}};

	scene_play(&(struct credentials_scene){0}, answers, 3, act_count);
}

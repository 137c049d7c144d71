/* A review against a scripted model, on a virtual clock. */
#include "harness.h"

#include <stdlib.h>

#include "agent/definition.h"
#include "value/json.h"

/* ---- The scripted model. ---- */

static struct str message_text(struct arena *arena, const struct message *message)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	for (size_t i = 0; i < message->len; i++) {
		buf_add(&text, message->blocks[i].text);
		buf_add_char(&text, '\n');
	}
	return arena_str(arena, buf_str(&text));
}

/* Returns everything before the last cache point, as a key; sets *tokens of it, and of the whole. */
static struct str prefix_key(struct arena *arena, const struct chat *chat, int64_t *prefix,
			     int64_t *all)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	size_t prefix_len = 0;

	buf_add(&text, chat->system);
	for (size_t i = 0; i < chat->tools_len; i++) {
		buf_add(&text, chat->tools[i].name);
		buf_add(&text, chat->tools[i].description);
		if (chat->tools[i].schema)
			json_write(&text, chat->tools[i].schema, JSON_COMPACT);
	}
	buf_addf(&text, "choice %d thinking %d", (int)chat->tool_choice,
		 (int)chat->inference.thinking);
	for (size_t i = 0; i < chat->len; i++)
		for (size_t j = 0; j < chat->messages[i].len; j++) {
			const struct block *block = &chat->messages[i].blocks[j];
			if (block->kind == BLOCK_CACHE_POINT)
				prefix_len = text.len;
			buf_add(&text, block->text);
		}
	*prefix = (int64_t)prefix_len / 4;
	*all = (int64_t)text.len / 4;
	return arena_str(arena, str_slice(buf_str(&text), 0, prefix_len));
}

static struct usage bill(struct harness *harness, const struct chat *chat, struct str *key)
{
	int64_t prefix, all;

	*key = prefix_key(&harness->arena, chat, &prefix, &all);
	const int64_t *readable_ms = key->len ? map_get(&harness->cache, *key) : NULL;
	struct usage usage = {.input = all - prefix, .output = 50};
	if (readable_ms && *readable_ms <= clock_ms(&harness->clock))
		usage.cache_read = prefix;
	else
		usage.cache_write = prefix;
	return usage;
}

static struct seen_call *note_call(struct harness *harness, const struct model *model,
				   const struct chat *chat)
{
	ck_assert_uint_lt(harness->calls_len, HARNESS_CALLS_MAX);
	struct seen_call *call = &harness->calls[harness->calls_len++];

	*call = (struct seen_call){
		.agent = chat->origin.agent,
		.unit = arena_str(&harness->arena, chat->origin.unit),
		.model = model->alias,
		.turn = chat->origin.turn,
		.sent_ms = clock_ms(&harness->clock),
		.max_tokens = chat->inference.max_tokens,
		.tool_choice = chat->tool_choice,
		.tools = chat->tools_len,
		.user_text = message_text(&harness->arena, &chat->messages[0]),
		.last_text = message_text(&harness->arena, &chat->messages[chat->len - 1]),
	};
	for (size_t i = 0; i < chat->messages[0].len; i++)
		call->cache_point |= chat->messages[0].blocks[i].kind == BLOCK_CACHE_POINT;
	return call;
}

static bool scripted_wait(struct harness *harness, const struct watch *watch, struct str key,
			  struct error *err)
{
	if (watch && watch->sent)
		watch->sent(watch->ctx);
	if (!task_sleep(harness->first_byte_ms, err))
		return false;
	if (key.len && !map_get(&harness->cache, key)) {
		int64_t *now = ARENA_NEW(&harness->arena, int64_t);
		*now = clock_ms(&harness->clock);
		map_put(&harness->cache, key, now);
	}
	if (watch && watch->first_byte)
		watch->first_byte(watch->ctx);
	return task_sleep(harness->duration_ms - harness->first_byte_ms, err);
}

static void tell_tools(const struct watch *watch, const struct reply *reply)
{
	for (size_t i = 0; watch && watch->tool_input && i < reply->message.len; i++) {
		const struct block *block = &reply->message.blocks[i];
		SCOPED(buf) struct buf text = BUF_INIT;
		if (block->kind != BLOCK_TOOL_USE)
			continue;
		json_write(&text, block->input, JSON_COMPACT);
		watch->tool_input(watch->ctx, block->name, buf_str(&text));
	}
}

static bool scripted_ask(void *ctx, const struct chat *chat, const struct watch *watch,
			 struct reply *reply, struct error *err)
{
	struct scripted_model *scripted = ctx;
	struct harness *harness = scripted->harness;
	struct seen_call *call = note_call(harness, &scripted->model, chat);
	struct str key;
	struct reply built = {
		.model = scripted->model.id, .message.role = ROLE_ASSISTANT, .attempts = 1};

	built.usage = call->usage = bill(harness, chat, &key);
	harness->in_flight++;
	harness->in_flight_max = MAX_OF(harness->in_flight_max, harness->in_flight);
	if (harness->admit && !harness->admit(harness, err)) {
		harness->in_flight--;
		return false;
	}
	bool ok = scripted_wait(harness, watch, key, err) &&
		  harness->answer(harness, chat, &built, err);
	harness->in_flight--;
	call->ended_ms = clock_ms(&harness->clock);
	if (!ok)
		return false;
	tell_tools(watch, &built);
	*reply = built;
	return true;
}

static bool scripted_embed(void *ctx UNUSED, struct arena *arena,
			   const struct embed_request *request, struct embed_reply *reply,
			   struct error *err UNUSED)
{
	static const char *const words[] = {"lock", "money", "color"};

	*reply = (struct embed_reply){.len = request->len,
				      .dimensions = ARRAY_LEN(words),
				      .vectors = ARENA_ARRAY(arena, float, request->len * 3)};
	for (size_t i = 0; i < request->len; i++)
		for (size_t j = 0; j < ARRAY_LEN(words); j++)
			reply->vectors[i * 3 + j] =
				str_contains(request->texts[i], str_from(words[j])) ? 1 : 0.01F;
	return true;
}

static const struct model_ops scripted_ops = {.ask = scripted_ask, .embed = scripted_embed};

/* ---- Replies. ---- */

bool reply_tool(const struct chat *chat, struct reply *reply, const char *name, const char *json)
{
	struct error err = {0};
	struct block *block = message_add(chat->arena, &reply->message, BLOCK_TOOL_USE);

	block->name = str_from(name);
	block->id = arena_printf(chat->arena, "use_%zu_%d", chat->len, (int)reply->message.len);
	block->input = json_read(chat->arena, str_from(json), 0, &err);
	ck_assert_msg(block->input != NULL, "%s in %s", err.message, json);
	reply->stop = STOP_TOOL_USE;
	return true;
}

bool reply_raw_tool(const struct chat *chat, struct reply *reply, struct str name, struct str input)
{
	struct error err = {0};
	struct block *block = message_add(chat->arena, &reply->message, BLOCK_TOOL_USE);

	block->name = arena_str(chat->arena, name);
	block->id = arena_printf(chat->arena, "use_%zu_%d", chat->len, (int)reply->message.len);
	block->input = json_read(chat->arena, input, 0, &err);
	if (!value_is(block->input, VALUE_OBJECT)) {
		block->problem = arena_printf(chat->arena, "the input is not a JSON object: %s",
					      err.message);
		block->text = arena_str(chat->arena, input);
		block->input = value_object(chat->arena);
	}
	reply->stop = STOP_TOOL_USE;
	return true;
}

bool reply_report(const struct chat *chat, struct reply *reply, const char *json)
{
	return reply_tool(chat, reply, "report_findings", json);
}

bool reply_words(const struct chat *chat, struct reply *reply, const char *text)
{
	message_add_text(chat->arena, &reply->message, arena_str(chat->arena, str_from(text)));
	reply->stop = STOP_END;
	return true;
}

bool answer_nothing(struct harness *harness UNUSED, const struct chat *chat, struct reply *reply,
		    struct error *err UNUSED)
{
	return reply_report(chat, reply, "{\"summary\": \"fine\", \"findings\": []}");
}

/* ---- The review. ---- */

struct model *harness_model(struct harness *harness, const char *alias)
{
	struct scripted_model *scripted = &harness->models[harness->models_len++];

	*scripted = (struct scripted_model){
		.harness = harness,
		.model = {
			.alias = str_from(alias),
			.id = str_from(alias),
			.region = STR("us-east-1"),
			.traits = {.cache_tokens_min = 1024,
				   .cache_points_max = 4,
				   .tools = TOOLS_FORCED,
				   .streaming_tools = true,
				   .system_text = true,
				   .mixed_turns = true,
				   .structured_output = true},
			.price = {.input = 3, .output = 15, .cache_read = 0.3, .cache_write = 3.75},
			.inference =
				{.max_tokens = 1000, .temperature = -1, .top_p = -1, .top_k = -1},
			.cache = true,
			.stream = true,
			.ops = &scripted_ops,
			.ctx = scripted}};
	return &scripted->model;
}

static const struct model *look_up(void *ctx, struct str name, struct error *err)
{
	struct harness *harness = ctx;

	for (size_t i = 0; i < harness->models_len; i++)
		if (str_eq(harness->models[i].model.alias, name))
			return harness->pooled ? harness->wrapped[i] : &harness->models[i].model;
	error_set(err, ERROR_CONFIG, "model \"%.*s\" is not known", STR_ARG(name));
	return NULL;
}

static void harness_init(struct harness *harness)
{
	clock_init_virtual(&harness->clock, 1700000000000);
	harness_model(harness, "sonnet");
	harness->answer = answer_nothing;
	harness->first_byte_ms = 100;
	harness->duration_ms = 300;
	harness->agents.items = harness->agent_items;
	harness->change = (struct change){.repository = STR("acme/shop"),
					  .number = 7,
					  .title = STR("A change"),
					  .diff = &harness->diff};
	harness->review = (struct review){
		.change = &harness->change,
		.agents = &harness->agents,
		.default_model = STR("sonnet"),
		.options = {.max_concurrency = 8,
			    .max_cost_usd = -1,
			    .min_severity = SEVERITY_INFO,
			    .language = STR("en"),
			    .run_id = STR("1")},
		.models = look_up,
		.models_ctx = harness,
	};
}

void harness_free(struct harness *harness)
{
	review_result_release(&harness->result);
	diff_release(&harness->diff);
	map_release(&harness->cache);
	arena_release(&harness->arena);
	free(harness);
}

void harness_diff(struct harness *harness, const char *text)
{
	struct error err = {0};

	ck_assert_msg(diff_parse(str_from(text), &harness->diff, &err), "%s", err.message);
	struct str *paths = ARENA_ARRAY(&harness->arena, struct str, harness->diff.len + 1);
	for (size_t i = 0; i < harness->diff.len; i++)
		paths[i] = harness->diff.files[i].path;
	harness->change.all_paths = paths;
	harness->change.all_paths_len = harness->diff.len;
}

struct agent *harness_agent(struct harness *harness, const char *name, const char *yaml)
{
	struct problems problems = {0};
	SCOPED(buf) struct buf shown = BUF_INIT;
	struct agent *agent = &harness->agent_items[harness->agents.len++];
	struct str text = arena_printf(&harness->arena, "name: %s\n%s", name, yaml);
	struct agent_source source = {.text = text, .file = str_from(name), .name = str_from(name)};

	bool read = agent_read(&harness->arena, &source, &problems, agent);
	problems_write(&problems, &shown);
	problems_release(&problems);
	ck_assert_msg(read, "%s", shown.ptr);
	return agent;
}

void harness_big_diff(struct harness *harness, int files, int lines)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	for (int i = 0; i < files; i++) {
		buf_addf(&text,
			 "diff --git a/dir%d/file%d.c b/dir%d/file%d.c\nnew file mode 100644\n",
			 i / 4, i, i / 4, i);
		buf_addf(&text, "--- /dev/null\n+++ b/dir%d/file%d.c\n@@ -0,0 +1,%d @@\n", i / 4, i,
			 lines);
		for (int j = 0; j < lines; j++)
			buf_addf(&text, "+int value_%d_%d = compute_something(%d);\n", i, j, j);
	}
	harness_diff(harness, text.ptr);
}

const struct agent_result *harness_row(const struct harness *harness, const char *agent)
{
	for (size_t i = 0; i < harness->result.agents.len; i++)
		if (str_eq(harness->result.agents.items[i].agent, str_from(agent)))
			return &harness->result.agents.items[i];
	ck_abort_msg("no row of agent %s", agent);
	return NULL;
}

struct harness *harness_new(const char *diff)
{
	struct harness *harness = NEW(struct harness);

	harness_init(harness);
	if (diff)
		harness_diff(harness, diff);
	return harness;
}

static void signal_later(void *arg)
{
	struct harness *harness = arg;
	struct error err = {0};

	if (task_sleep(harness->cancel_at_ms, &err))
		group_cancel(harness->review.group);
}

static void run_task(void *arg)
{
	struct harness *harness = arg;
	SCOPED(group) struct group group;
	SCOPED(group) struct group signals;
	int64_t start = clock_ms(&harness->clock);

	group_init(&group, NULL);
	group_init(&signals, NULL);
	harness->review.group = &group;
	if (harness->cancel_at_ms)
		group_spawn(&signals, "signal", signal_later, harness);
	struct model_pool_options options = {.max_concurrency =
						     harness->review.options.max_concurrency,
					     .random = &harness->random};
	OWNED(model_pool) struct model_pool *pool = model_pool_new(loop_current(), &options);
	random_init_fixed(&harness->random, 1);
	for (size_t i = 0; i < harness->models_len; i++)
		harness->wrapped[i] = model_pool_add(
			pool, &(struct model_pool_entry){.inner = &harness->models[i].model});
	harness->ok = review_run(&harness->review, &harness->result, &harness->error);
	harness->took_ms = clock_ms(&harness->clock) - start;
}

void harness_run(struct harness *harness)
{
	OWNED(loop) struct loop *loop = loop_new(&harness->clock);

	loop_run(loop, run_task, harness);
}

/* Fits a chat to a model: settings first, then the history, then the parts that it can reject. */
#include "bedrock/fit.h"

#include <string.h>

#include "base/ascii.h"
#include "bedrock/cache_points.h"
#include "bedrock/chat_body.h"
#include "value/json.h"

enum { NAME_SIZE_MAX = 64 };

static const struct str efforts[] = {STR_INIT("low"), STR_INIT("medium"), STR_INIT("high"),
				     STR_INIT("xhigh"), STR_INIT("max")};

/* ---- What the model is taken to have ---- */

static void fit_traits(struct model *model, feature_set refused)
{
	struct model_traits *traits = &model->traits;

	if (feature_in(refused, FEATURE_TOOLS))
		traits->tools = TOOLS_NONE;
	else if (feature_in(refused, FEATURE_ANY_TOOL))
		traits->tools = MIN_OF(traits->tools, TOOLS_PLAIN);
	else if (feature_in(refused, FEATURE_NAMED_TOOL))
		traits->tools = MIN_OF(traits->tools, TOOLS_ANY);
	traits->streaming_tools &= !feature_in(refused, FEATURE_STREAMING_TOOLS);
	traits->system_text &= !feature_in(refused, FEATURE_SYSTEM_TEXT);
	traits->mixed_turns &= !feature_in(refused, FEATURE_MIXED_TURN);
	traits->structured_output &= !feature_in(refused, FEATURE_STRUCTURED);
	traits->strict_tools &= !feature_in(refused, FEATURE_STRICT_TOOLS);
	model->stream &= !feature_in(refused, FEATURE_STREAMING);
	model->cache &= !feature_in(refused, FEATURE_CACHE);
}

/* ---- How it should answer ---- */

static ptrdiff_t effort_rank(struct str effort)
{
	for (size_t i = 0; i < ARRAY_LEN(efforts); i++) {
		if (str_eq(efforts[i], effort))
			return (ptrdiff_t)i;
	}
	return -1;
}

static struct str least_effort(const struct inference *inference)
{
	return effort_rank(inference->effort) > 0 || !inference->effort.len ? efforts[0]
									    : inference->effort;
}

/* Models whose effort is not an output setting have no other switch for their thoughts. */
static bool has_switch(const struct model_traits *traits)
{
	return traits->effort == EFFORT_NONE || traits->effort == EFFORT_OUTPUT_CONFIG;
}

static void fit_thinking(struct inference *inference, const struct model_traits *traits,
			 feature_set refused)
{
	if (inference->thinking == THINKING_BUDGET && feature_in(refused, FEATURE_THINKING_BUDGET))
		inference->thinking = THINKING_ADAPTIVE;
	if (inference->thinking == THINKING_ADAPTIVE &&
	    feature_in(refused, FEATURE_THINKING_ADAPTIVE))
		inference->thinking = THINKING_OFF;
	if (inference->thinking != THINKING_DISABLED)
		return;
	if (traits->thinks == THINKS_BY_DEFAULT && has_switch(traits) &&
	    !feature_in(refused, FEATURE_THINKING_DISABLED))
		return;
	inference->thinking = THINKING_OFF;
	if (traits->thinks != THINKS_ON_REQUEST)
		inference->effort = least_effort(inference);
}

static void fit_effort(struct inference *inference, const struct model_traits *traits,
		       feature_set refused)
{
	ptrdiff_t max = effort_rank(traits->effort_max);

	if (max >= 0 && effort_rank(inference->effort) > max)
		inference->effort = traits->effort_max;
	if (feature_in(refused, FEATURE_EFFORT))
		inference->effort = STR_EMPTY;
}

static void fit_inference(struct inference *inference, const struct model_traits *traits,
			  const struct refusals *refusals)
{
	feature_set refused = refusals->refused;

	if (feature_in(refused, FEATURE_TEMPERATURE))
		inference->temperature = -1;
	if (feature_in(refused, FEATURE_TOP_P))
		inference->top_p = -1;
	if (feature_in(refused, FEATURE_TOP_K))
		inference->top_k = -1;
	if (feature_in(refused, FEATURE_STOP_SEQUENCES))
		inference->stop_len = 0;
	fit_thinking(inference, traits, refused);
	fit_effort(inference, traits, refused);
	if (refusals->output_tokens_max > 0)
		inference->max_tokens = MIN_OF(inference->max_tokens, refusals->output_tokens_max);
}

/* ---- The history ---- */

/* The service accepts few characters in names and ids; models invent others. */
static struct str safe_name(struct arena *arena, struct str name, const char *also)
{
	SCOPED(buf) struct buf safe = BUF_INIT;

	for (size_t i = 0; i < name.len && i < NAME_SIZE_MAX; i++) {
		char c = name.ptr[i];
		bool ok = ascii_is_alnum(c) || strchr(also, c);

		buf_add_char(&safe, ok ? c : '_');
	}
	if (!safe.len)
		return STR("unnamed");
	return str_eq(buf_str(&safe), name) ? name : arena_str(arena, buf_str(&safe));
}

static void fit_names(struct arena *arena, struct message *message)
{
	for (size_t i = 0; i < message->len; i++) {
		struct block *block = &message->blocks[i];

		if (block->kind != BLOCK_TOOL_USE && block->kind != BLOCK_TOOL_RESULT)
			continue;
		block->id = safe_name(arena, block->id, "_-.:");
		if (block->kind == BLOCK_TOOL_USE)
			block->name = safe_name(arena, block->name, "_-");
	}
}

static bool is_tool_block(const struct block *block)
{
	return block->kind == BLOCK_TOOL_USE || block->kind == BLOCK_TOOL_RESULT;
}

static bool is_mixed(const struct message *message)
{
	bool text = false, tool = false;

	for (size_t i = 0; i < message->len; i++) {
		text |= message->blocks[i].kind == BLOCK_TEXT;
		tool |= is_tool_block(&message->blocks[i]);
	}
	return text && tool;
}

/* Text beside tool blocks: an assistant's is dropped, a user's goes into the last result. */
static void unmix(struct arena *arena, struct message *message)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	struct block *last = NULL;
	size_t len = 0;

	for (size_t i = 0; i < message->len; i++) {
		if (message->blocks[i].kind == BLOCK_TEXT) {
			buf_addf(&text, "\n\n%.*s", STR_ARG(message->blocks[i].text));
			continue;
		}
		message->blocks[len++] = message->blocks[i];
		if (message->blocks[len - 1].kind == BLOCK_TOOL_RESULT)
			last = &message->blocks[len - 1];
	}
	message->len = len;
	if (last && text.len)
		last->text = arena_printf(arena, "%.*s%.*s", STR_ARG(last->text),
					  STR_ARG(buf_str(&text)));
}

/* A model without tools gets the calls and their results as text. */
static void tools_in_words(struct arena *arena, struct message *message)
{
	for (size_t i = 0; i < message->len; i++) {
		struct block *block = &message->blocks[i];
		SCOPED(buf) struct buf text = BUF_INIT;

		if (!is_tool_block(block))
			continue;
		if (block->kind == BLOCK_TOOL_USE) {
			buf_addf(&text, "(called %.*s with ", STR_ARG(block->name));
			if (block->input)
				json_write(&text, block->input, JSON_COMPACT);
			buf_add_char(&text, ')');
		} else {
			buf_addf(&text, "(result%s)\n%.*s", block->is_error ? ", an error" : "",
				 STR_ARG(block->text));
		}
		*block = (struct block){.kind = BLOCK_TEXT,
					.text = arena_str(arena, buf_str(&text))};
	}
}

static void fit_message(struct arena *arena, struct message *message, const struct fitted *fitted,
			feature_set refused)
{
	struct block *blocks = ARENA_ARRAY(arena, struct block, message->len + 1);

	if (message->len)
		memcpy(blocks, message->blocks, message->len * sizeof(*blocks));
	message->blocks = blocks;
	message->cap = message->len + 1;
	fit_names(arena, message);
	if (fitted->model.traits.tools == TOOLS_NONE)
		tools_in_words(arena, message);
	else if (!fitted->model.traits.mixed_turns && is_mixed(message))
		unmix(arena, message);
	for (size_t i = 0; i < message->len && feature_in(refused, FEATURE_CACHE_HOUR); i++)
		message->blocks[i].long_life = false;
}

static void fit_messages(struct arena *arena, struct fitted *fitted, feature_set refused)
{
	struct chat *chat = &fitted->chat;
	struct message *messages = ARENA_ARRAY(arena, struct message, chat->len + 1);

	if (chat->len)
		memcpy(messages, chat->messages, chat->len * sizeof(*messages));
	chat->messages = messages;
	chat->cap = chat->len;
	for (size_t i = 0; i < chat->len; i++)
		fit_message(arena, &messages[i], fitted, refused);
}

/* ---- Tools and the answer ---- */

static const struct tool *answer_tool(const struct chat *chat)
{
	for (size_t i = 0; i < chat->tools_len; i++) {
		if (str_eq(chat->tools[i].name, chat->answer_tool))
			return &chat->tools[i];
	}
	return NULL;
}

/* Instead of its call the answer tool's input is asked for, behind all else. */
static void ask_for_json(struct arena *arena, struct fitted *fitted, const struct tool *tool)
{
	struct chat *chat = &fitted->chat;
	SCOPED(buf) struct buf text = BUF_INIT;

	buf_addf(
		&text,
		"There are no tools in this conversation. Where you are told to call `%.*s`, answer with its input instead: one JSON object and nothing else, no words around it, no code fence. It must match this JSON Schema:\n",
		STR_ARG(tool->name));
	json_write(&text, tool->schema, JSON_COMPACT);
	message_add_text(arena, &chat->messages[chat->len - 1], arena_str(arena, buf_str(&text)));
	fitted->answers_as_json = true;
}

static void fit_tools(struct arena *arena, struct fitted *fitted)
{
	struct chat *chat = &fitted->chat;
	const struct tool *tool = answer_tool(chat);

	if (fitted->model.traits.tools != TOOLS_NONE || !chat->tools_len)
		return;
	if (tool && chat->len)
		ask_for_json(arena, fitted, tool);
	chat->tools_len = 0;
	chat->tool_choice = TOOL_AUTO;
}

/* ---- What of it can be refused ---- */

static feature_set history_used(const struct fitted *fitted)
{
	const struct chat *chat = &fitted->chat;
	feature_set used = 0;

	for (size_t i = 0; i < chat->len; i++) {
		if (is_mixed(&chat->messages[i]))
			used |= feature_bit(FEATURE_MIXED_TURN);
		for (size_t j = 0; j < chat->messages[i].len; j++) {
			if (chat->messages[i].blocks[j].is_error && !fitted->no_status)
				used |= feature_bit(FEATURE_RESULT_STATUS);
		}
	}
	return used;
}

static feature_set inference_used(const struct inference *inference)
{
	const struct {
		bool is_used;
		enum model_feature feature;
	} rows[] = {
		{inference->temperature >= 0, FEATURE_TEMPERATURE},
		{inference->top_p >= 0, FEATURE_TOP_P},
		{inference->top_k >= 0, FEATURE_TOP_K},
		{inference->stop_len > 0, FEATURE_STOP_SEQUENCES},
		{inference->thinking == THINKING_BUDGET, FEATURE_THINKING_BUDGET},
		{inference->thinking == THINKING_ADAPTIVE, FEATURE_THINKING_ADAPTIVE},
		{inference->thinking == THINKING_DISABLED, FEATURE_THINKING_DISABLED},
		{inference->effort.len > 0, FEATURE_EFFORT},
	};
	feature_set used = feature_bit(FEATURE_OUTPUT_LIMIT);

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].is_used)
			used |= feature_bit(rows[i].feature);
	}
	return used;
}

static feature_set tools_used(const struct fitted *fitted)
{
	enum output_way way = request_output_way(&fitted->model, &fitted->chat);
	enum tool_choice choice = request_tool_choice(&fitted->model, &fitted->chat);
	feature_set used = fitted->stream ? feature_bit(FEATURE_STREAMING) : 0;

	if (way == OUTPUT_NATIVE)
		used |= feature_bit(FEATURE_STRUCTURED) |
			(fitted->loose_schema ? 0 : feature_bit(FEATURE_SCHEMA_DETAIL));
	if (!fitted->chat.tools_len && way != OUTPUT_TOOL)
		return used;
	used |= feature_bit(FEATURE_TOOLS);
	if (fitted->stream)
		used |= feature_bit(FEATURE_STREAMING_TOOLS);
	if (fitted->strict_tools && answer_tool(&fitted->chat))
		used |= feature_bit(FEATURE_STRICT_TOOLS);
	if (choice == TOOL_NAMED)
		used |= feature_bit(FEATURE_NAMED_TOOL);
	if (choice == TOOL_ANY)
		used |= feature_bit(FEATURE_ANY_TOOL);
	return used;
}

static feature_set cache_used(const struct fitted *fitted)
{
	struct cache_points points;
	feature_set used = 0;

	cache_points_choose(&points, &fitted->model, &fitted->chat);
	for (size_t i = 0; i < points.len; i++)
		used |= feature_bit(FEATURE_CACHE) |
			(points.items[i].hour ? feature_bit(FEATURE_CACHE_HOUR) : 0);
	return used;
}

static feature_set all_used(const struct fitted *fitted)
{
	feature_set used = history_used(fitted) | inference_used(&fitted->chat.inference) |
			   tools_used(fitted) | cache_used(fitted);

	if (!fitted->no_metadata)
		used |= feature_bit(FEATURE_METADATA);
	if (fitted->model.traits.system_text)
		used |= feature_bit(FEATURE_SYSTEM_TEXT);
	if (fitted->service_tier.len)
		used |= feature_bit(FEATURE_SERVICE_TIER);
	return used;
}

void request_fit(struct arena *arena, const struct fit_source *source, struct fitted *fitted)
{
	feature_set refused = source->refusals->refused;
	bool tools;

	*fitted = (struct fitted){.model = *source->model, .chat = *source->chat};
	fit_traits(&fitted->model, refused);
	fit_inference(&fitted->chat.inference, &fitted->model.traits, source->refusals);
	fitted->strict_tools = fitted->model.traits.strict_tools;
	fitted->loose_schema = feature_in(refused, FEATURE_SCHEMA_DETAIL);
	fitted->no_metadata = feature_in(refused, FEATURE_METADATA);
	fitted->no_status = feature_in(refused, FEATURE_RESULT_STATUS);
	if (!feature_in(refused, FEATURE_SERVICE_TIER))
		fitted->service_tier = source->service_tier;
	fit_messages(arena, fitted, refused);
	fit_tools(arena, fitted);
	tools = fitted->chat.tools_len ||
		request_output_way(&fitted->model, &fitted->chat) == OUTPUT_TOOL;
	fitted->stream = fitted->model.stream && (!tools || fitted->model.traits.streaming_tools);
	fitted->used = all_used(fitted);
}

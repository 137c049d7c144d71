/* Chooses which cache points of a chat are sent, and with which lifetime. */
#include "bedrock/cache_points.h"

#include "base/vec.h"
#include "value/json.h"

/* Source code runs at three to four bytes a token; a bit too many tokens does no harm here. */
enum { BYTES_PER_TOKEN_TENTHS = 35, TOKENS_PER_MESSAGE = 4 };

struct candidates {
	VEC_FIELDS(struct cache_point);
};

static int64_t tokens_of_size(size_t size)
{
	return (int64_t)(size * 10 + BYTES_PER_TOKEN_TENTHS - 1) / BYTES_PER_TOKEN_TENTHS;
}

static int64_t tokens_of_text(struct str text)
{
	return tokens_of_size(text.len);
}

static int64_t tokens_of_value(const struct value *value)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	if (!value)
		return 0;
	json_write(&text, value, JSON_COMPACT);
	return tokens_of_text(buf_str(&text));
}

static int64_t tokens_of_schema(const struct tool *tool)
{
	return tool->schema_size ? tokens_of_size(tool->schema_size)
				 : tokens_of_value(tool->schema);
}

static int64_t tokens_of_tools(const struct chat *chat)
{
	int64_t tokens = 0;

	for (size_t i = 0; i < chat->tools_len; i++)
		tokens += tokens_of_text(chat->tools[i].name) +
			  tokens_of_text(chat->tools[i].description) +
			  tokens_of_schema(&chat->tools[i]) + TOKENS_PER_MESSAGE;
	return tokens;
}

static int64_t tokens_of_block(const struct block *block)
{
	return tokens_of_text(block->text) + tokens_of_text(block->name) +
	       tokens_of_value(block->input);
}

int64_t tokens_of_chat(const struct chat *chat)
{
	int64_t tokens = tokens_of_tools(chat) + tokens_of_text(chat->system) +
			 tokens_of_value(chat->output_schema);

	for (size_t i = 0; i < chat->len; i++) {
		tokens += TOKENS_PER_MESSAGE;
		for (size_t j = 0; j < chat->messages[i].len; j++)
			tokens += tokens_of_block(&chat->messages[i].blocks[j]);
	}
	return tokens;
}

/* The model's minimum in our rough tokens: some tokenizers make more of a text. */
static int64_t in_rough_tokens(const struct model_traits *traits)
{
	int64_t percent = MAX_OF(traits->tokens_percent, (int64_t)100);

	return traits->cache_tokens_min * 100 / percent;
}

/* All points that the chat asks for and whose prefix is long enough. */
static void collect(struct candidates *candidates, const struct model *model,
		    const struct chat *chat)
{
	int64_t min = in_rough_tokens(&model->traits);
	int64_t tokens = tokens_of_tools(chat);

	if (chat->tools_cache_point && chat->tools_len && tokens >= min)
		VEC_PUSH(candidates, (struct cache_point){.where = CACHE_AFTER_TOOLS});
	tokens += tokens_of_text(chat->system);
	if (chat->system_cache_point && chat->system.len && model->traits.system_text &&
	    tokens >= min)
		VEC_PUSH(candidates, (struct cache_point){.where = CACHE_AFTER_SYSTEM});
	for (size_t i = 0; i < chat->len; i++) {
		const struct message *message = &chat->messages[i];

		for (size_t j = 0; j < message->len; j++) {
			if (message->blocks[j].kind != BLOCK_CACHE_POINT)
				tokens += tokens_of_block(&message->blocks[j]);
			else if (j && tokens >= min)
				VEC_PUSH(candidates, (struct cache_point){
							     .where = CACHE_IN_MESSAGE,
							     .message = i,
							     .block = j,
							     .hour = message->blocks[j].long_life});
		}
	}
}

void cache_points_choose(struct cache_points *points, const struct model *model,
			 const struct chat *chat)
{
	size_t max = CACHE_POINTS_MAX, late;
	struct candidates candidates = {0};
	bool hour = false;

	*points = (struct cache_points){0};
	if (!model->cache || model->traits.cache_tokens_min <= 0)
		return;
	if (model->traits.cache_points_max > 0 && model->traits.cache_points_max < CACHE_POINTS_MAX)
		max = (size_t)model->traits.cache_points_max;
	collect(&candidates, model, chat);
	late = max > 1 ? max - 1 : max;
	for (size_t i = 0; i < candidates.len; i++) {
		bool is_first = i == 0 && max > 1, is_late = i + late >= candidates.len;

		if (candidates.len <= max || is_first || is_late)
			points->items[points->len++] = candidates.items[i];
	}
	VEC_RELEASE(&candidates);
	for (size_t i = points->len; i-- > 0;) {
		hour = hour || points->items[i].hour;
		points->items[i].hour = hour;
	}
}

const struct cache_point *cache_point_in_message(const struct cache_points *points, size_t message,
						 size_t block)
{
	for (size_t i = 0; i < points->len; i++) {
		const struct cache_point *point = &points->items[i];

		if (point->where == CACHE_IN_MESSAGE && point->message == message &&
		    point->block == block)
			return point;
	}
	return NULL;
}

const struct cache_point *cache_point_after_tools(const struct cache_points *points)
{
	for (size_t i = 0; i < points->len; i++) {
		if (points->items[i].where == CACHE_AFTER_TOOLS)
			return &points->items[i];
	}
	return NULL;
}

const struct cache_point *cache_point_after_system(const struct cache_points *points)
{
	for (size_t i = 0; i < points->len; i++) {
		if (points->items[i].where == CACHE_AFTER_SYSTEM)
			return &points->items[i];
	}
	return NULL;
}

/* The prompt cache: text before a cache point is recognized again for a while. */
#include "aws_models.h"
#include "aws_replies.h"
#include "base/hash.h"
#include "value/json.h"

enum { BYTES_PER_TOKEN = 4, POINTS_MAX = 4, HOUR_MS = 3600000 };

/* Everything that is sent, joined, and the offsets of the cache points in it. */
struct prompt {
	struct buf text;
	struct {
		size_t at;
		int64_t life_ms;
	} points[POINTS_MAX];
	size_t len;
};

static void add_point(const struct asked_model *asked, struct prompt *prompt,
		      const struct value *point)
{
	bool hour = str_eq(value_get_string(point, "ttl"), STR("1h"));

	if (prompt->len == POINTS_MAX)
		return;
	prompt->points[prompt->len].at = prompt->text.len;
	prompt->points[prompt->len++].life_ms =
		hour ? HOUR_MS : asked->state->emulator->scenario->aws.cache.seconds * 1000;
}

/* Converse has separate cache points, Messages marks the block before. */
static void add_item(const struct asked_model *asked, struct prompt *prompt,
		     const struct value *item)
{
	const struct value *point = value_get(item, "cachePoint");
	const struct value *mark = value_get(item, "cache_control");

	if (point) {
		add_point(asked, prompt, point);
		return;
	}
	json_write(&prompt->text, item, JSON_COMPACT);
	if (mark)
		add_point(asked, prompt, mark);
}

static void add_items(const struct asked_model *asked, struct prompt *prompt,
		      const struct value *list)
{
	if (value_is(list, VALUE_STRING))
		add_item(asked, prompt, list);
	for (size_t i = 0; i < value_len(list); i++)
		add_item(asked, prompt, value_at(list, i));
}

static void write_prompt(const struct asked_model *asked, struct prompt *prompt)
{
	const struct value *tools = value_get(asked->body, "tools");
	const struct value *messages = value_get(asked->body, "messages");

	if (!asked->messages)
		tools = value_get(value_get(asked->body, "toolConfig"), "tools");
	buf_add(&prompt->text, asked->model);
	add_items(asked, prompt, tools);
	add_items(asked, prompt, value_get(asked->body, "system"));
	for (size_t i = 0; i < value_len(messages); i++) {
		buf_add(&prompt->text, value_get_string(value_at(messages, i), "role"));
		add_items(asked, prompt, value_get(value_at(messages, i), "content"));
	}
}

int64_t in_tokens(const struct asked_model *asked, size_t bytes)
{
	return (int64_t)bytes * model_tokens_percent(asked) / (100 * BYTES_PER_TOKEN);
}

int64_t tokens_of(const struct asked_model *asked)
{
	struct prompt prompt = {.text = BUF_INIT};
	size_t len;

	write_prompt(asked, &prompt);
	len = prompt.text.len;
	buf_release(&prompt.text);
	return in_tokens(asked, len);
}

static struct prefix *find_prefix(struct aws_state *state, struct str digest)
{
	for (size_t i = 0; i < state->prefixes.len; i++) {
		if (str_eq(state->prefixes.items[i].digest, digest))
			return &state->prefixes.items[i];
	}
	return NULL;
}

/* Returns whether the prefix was cached, and renews or adds it. */
static bool touch_prefix(const struct asked_model *asked, struct str text, int64_t ready_ms,
			 int64_t life_ms)
{
	struct aws_state *state = asked->state;
	struct str digest = sha256_hex(asked->arena, text);
	struct prefix *known = find_prefix(state, digest);
	int64_t now = asked->request->at_ms;
	bool is_there = known && known->ready_ms <= now && now < known->expires_ms;

	if (is_there) {
		known->expires_ms = now + life_ms;
		return true;
	}
	if (!known) {
		if (state->prefixes.len >= PREFIXES_MAX)
			state->prefixes.len = 0;
		VEC_PUSH(&state->prefixes,
			 (struct prefix){.digest = arena_str(&state->arena, digest)});
		known = &state->prefixes.items[state->prefixes.len - 1];
	}
	if (now >= known->expires_ms)
		*known = (struct prefix){known->digest, ready_ms, ready_ms + life_ms};
	return false;
}

void cache_account(struct asked_model *asked, int64_t first_token_ms, struct spent *spent)
{
	int64_t minimum = asked->state->emulator->scenario->aws.cache.minimum_tokens;
	struct prompt prompt = {.text = BUF_INIT};
	int64_t read = 0, written = 0;

	write_prompt(asked, &prompt);
	for (size_t i = 0; i < prompt.len; i++) {
		int64_t tokens = in_tokens(asked, prompt.points[i].at);

		if (tokens < minimum)
			continue; /* as the service does, without a word */
		if (touch_prefix(asked, str_of(prompt.text.ptr, prompt.points[i].at),
				 asked->request->at_ms + first_token_ms, prompt.points[i].life_ms))
			read = tokens;
		else
			written = tokens;
	}
	spent->cache_read = read;
	spent->cache_write = MAX_OF(written - read, 0);
	spent->input = in_tokens(asked, prompt.text.len) - read - spent->cache_write;
	buf_release(&prompt.text);
}

/* What a model says: the scenario's reply as content blocks. */
#include "aws_models.h"

#include "base/glob.h"
#include "value/json.h"
#include "value/put.h"

/* ---- The request ---- */

static struct value *read_metadata(struct asked_model *asked)
{
	struct str header =
		headers_get(&asked->request->headers, STR("x-amzn-bedrock-request-metadata"));
	struct error ignored = {0};

	if (!asked->messages)
		return value_get(asked->body, "requestMetadata");
	return header.len ? json_read(asked->arena, header, 0, &ignored) : NULL;
}

void asked_read(struct asked_model *asked)
{
	const struct value *messages = value_get(asked->body, "messages");
	const struct value *metadata = read_metadata(asked);
	struct value *detail = value_object(asked->arena);

	asked->agent = value_get_string(metadata, "outcrop.agent");
	asked->unit = value_get_string(metadata, "outcrop.unit");
	asked->turn = 1;
	for (size_t i = 0; i < value_len(messages); i++) {
		if (str_eq(value_get_string(value_at(messages, i), "role"), STR("assistant")))
			asked->turn++;
	}
	put_text(asked->arena, detail, "model", asked->model);
	put_text(asked->arena, detail, "agent", asked->agent);
	put_text(asked->arena, detail, "unit", asked->unit);
	put_int(asked->arena, detail, "turn", asked->turn);
	asked->request->detail = detail;
}

static bool offers_tool(const struct asked_model *asked, struct str name)
{
	const struct value *tools = value_get(asked->body, "tools");

	if (!asked->messages)
		tools = value_get(value_get(asked->body, "toolConfig"), "tools");
	for (size_t i = 0; i < value_len(tools); i++) {
		const struct value *tool = value_at(tools, i);

		if (!asked->messages)
			tool = value_get(tool, "toolSpec");
		if (str_eq(value_get_string(tool, "name"), name))
			return true;
	}
	return false;
}

/* ---- Choosing ---- */

/* A member of "match" that is not there matches anything. */
static bool text_matches(const struct value *match, const char *name, struct str text)
{
	struct str wanted = value_get_string(match, name);

	return wanted.len == 0 || str_eq(wanted, text) || glob_match(wanted, text);
}

static bool number_matches(const struct value *match, const char *name, int64_t number)
{
	return !value_get(match, name) || value_get_int(match, name, -1) == number;
}

static const struct value *choose(struct asked_model *asked)
{
	const struct value *replies = value_get(asked->state->emulator->scenario->root, "replies");
	const struct value *chosen = NULL;

	for (size_t i = 0; i < value_len(replies); i++) {
		const struct value *match = value_get(value_at(replies, i), "match");

		if (!text_matches(match, "agent", asked->agent) ||
		    !text_matches(match, "model", asked->model) ||
		    !text_matches(match, "operation", asked->operation) ||
		    !text_matches(match, "unit", asked->unit) ||
		    !number_matches(match, "turn", asked->turn))
			continue;
		/* "call" counts all that matches the rest, chosen or not. */
		asked->state->reply_calls[i]++;
		if (!chosen && number_matches(match, "call", asked->state->reply_calls[i]))
			chosen = value_at(replies, i);
	}
	return chosen;
}

/* ---- Building ---- */

static void add_text(struct asked_model *asked, struct emulated_reply *reply, struct str text)
{
	struct value *block = value_object(asked->arena);

	put_text(asked->arena, block, "text", text);
	value_append(asked->arena, reply->content, block);
}

static void add_tool(struct asked_model *asked, struct emulated_reply *reply, struct str name,
		     const struct value *input)
{
	struct value *block = value_object(asked->arena), *use = value_object(asked->arena);
	struct str id = arena_printf(asked->arena, "tooluse_emu%llu",
				     (unsigned long long)++asked->state->tool_uses);

	put_text(asked->arena, use, "toolUseId", id);
	put_text(asked->arena, use, "name", name);
	value_set(asked->arena, use, "input",
		  input ? value_copy(asked->arena, input) : value_object(asked->arena));
	value_set(asked->arena, block, "toolUse", use);
	value_append(asked->arena, reply->content, block);
	reply->stop = STR("tool_use");
}

/* By the tool where it is offered, else as a text of JSON. */
static void add_answer(struct asked_model *asked, struct emulated_reply *reply, struct str tool,
		       const struct value *answer)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	if (!answer)
		return;
	if (offers_tool(asked, tool)) {
		add_tool(asked, reply, tool, answer);
		return;
	}
	json_write(&text, answer, JSON_COMPACT);
	add_text(asked, reply, buf_str(&text));
}

static void add_reasoning(struct asked_model *asked, struct emulated_reply *reply, struct str text)
{
	struct value *block = value_object(asked->arena), *reasoning = value_object(asked->arena);
	struct value *inner = value_object(asked->arena);

	put_text(asked->arena, inner, "text", text);
	put_text(asked->arena, inner, "signature", model_signature(asked));
	value_set(asked->arena, reasoning, "reasoningText", inner);
	value_set(asked->arena, block, "reasoningContent", reasoning);
	value_append(asked->arena, reply->content, block);
}

/* A thought that the model may not show; it is base64 that goes back as it came. */
static void add_redacted(struct asked_model *asked, struct emulated_reply *reply, struct str data)
{
	struct value *block = value_object(asked->arena), *reasoning = value_object(asked->arena);

	put_text(asked->arena, reasoning, "redactedContent", data);
	value_set(asked->arena, block, "reasoningContent", reasoning);
	value_append(asked->arena, reply->content, block);
}

static struct value *no_findings(struct arena *arena)
{
	struct value *report = value_object(arena);

	put_word(arena, report, "summary", "Nothing to report.");
	value_set(arena, report, "findings", value_array(arena));
	return report;
}

static bool names_guardrail(const struct asked_model *asked)
{
	struct str id = asked->messages
				? headers_get(&asked->request->headers,
					      STR("x-amzn-bedrock-guardrailidentifier"))
				: value_get_string(value_get(asked->body, "guardrailConfig"),
						   "guardrailIdentifier");

	return id.len > 0;
}

static void build_content(struct asked_model *asked, struct emulated_reply *reply,
			  const struct value *row)
{
	const struct value *tools = value_get(row, "tools");
	struct str reasoning = value_get_string(row, "reasoning");
	struct str text = value_get_string(row, "text");
	size_t said;

	if (!reasoning.len && model_thinks(asked))
		reasoning = STR("I think about it.");
	if (reasoning.len)
		add_reasoning(asked, reply, reasoning);
	if (value_get(row, "redacted"))
		add_redacted(asked, reply, value_get_string(row, "redacted"));
	said = value_len(reply->content);
	if (text.len)
		add_text(asked, reply, text);
	for (size_t i = 0; i < value_len(tools); i++)
		add_tool(asked, reply, value_get_string(value_at(tools, i), "name"),
			 value_get(value_at(tools, i), "input"));
	add_answer(asked, reply, STR("report_findings"), value_get(row, "findings"));
	add_answer(asked, reply, STR("report"), value_get(row, "output"));
	if (text.len || value_len(reply->content) > said || value_get(row, "text"))
		return;
	if (value_get(asked->body, "toolConfig") || value_get(asked->body, "tools") ||
	    value_get(asked->body, "outputConfig") || value_get(asked->body, "output_config"))
		add_answer(asked, reply, STR("report_findings"), no_findings(asked->arena));
	else
		add_text(asked, reply, STR("The emulator has read this."));
}

/* The journal says what each call took. */
static void tell_spent(struct asked_model *asked, const struct spent *spent)
{
	struct value *detail = value_copy(asked->arena, asked->request->detail);
	struct value *usage = value_object(asked->arena);

	put_int(asked->arena, usage, "input", spent->input);
	put_int(asked->arena, usage, "output", spent->output);
	put_int(asked->arena, usage, "cache_read", spent->cache_read);
	put_int(asked->arena, usage, "cache_write", spent->cache_write);
	value_set(asked->arena, detail, "usage", usage);
	asked->request->detail = detail;
}

static void count(struct asked_model *asked, struct emulated_reply *reply,
		  const struct value *usage)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	json_write(&text, reply->content, JSON_COMPACT);
	cache_account(asked, reply->first_token_ms, &reply->spent);
	reply->spent.output = in_tokens(asked, text.len);
	reply->spent.input = value_get_int(usage, "input", reply->spent.input);
	reply->spent.output = value_get_int(usage, "output", reply->spent.output);
	reply->spent.cache_read = value_get_int(usage, "cache_read", reply->spent.cache_read);
	reply->spent.cache_write = value_get_int(usage, "cache_write", reply->spent.cache_write);
	tell_spent(asked, &reply->spent);
}

void reply_build(struct asked_model *asked, struct emulated_reply *reply)
{
	const struct value *row = choose(asked);
	struct str fault = value_get_string(asked->fault, "fault");

	*reply = (struct emulated_reply){
		.content = value_array(asked->arena),
		.stop = STR("end_turn"),
		.latency_ms = value_get_int(row, "latency_ms", 0),
		.first_token_ms = value_get_int(row, "first_token_ms", 0),
		.is_held = value_get_bool(row, "held", false),
		.is_end_held = str_eq(value_get_string(row, "held"), STR("end")),
	};
	reply->first_token_ms = MIN_OF(reply->first_token_ms, reply->latency_ms);
	reply->is_blocked = value_get_bool(row, "guardrail", false) && names_guardrail(asked);
	if (reply->is_blocked)
		add_text(asked, reply, STR("The guardrail has blocked this answer."));
	else
		build_content(asked, reply, row);
	if (reply->is_blocked && !asked->messages)
		reply->stop = STR("guardrail_intervened");
	if (value_get(row, "stop"))
		reply->stop = value_get_string(row, "stop");
	reply->is_half = str_eq(fault, STR("half-json"));
	if (reply->is_half)
		reply->stop = STR("max_tokens");
	count(asked, reply, value_get(row, "usage"));
}

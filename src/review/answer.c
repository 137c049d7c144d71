/* Answers: by tool, as structured output, or as the one JSON object of a text. */
#include "review/answer.h"

#include "agent/prompt.h"
#include "finding/report.h"
#include "redact/redact.h"
#include "review/prepare.h"
#include "value/json.h"
#include "value/schema.h"

bool answer_complete(const struct reply *reply, const struct chat *chat, struct error *err)
{
	switch (reply->stop) {
	case STOP_END:
	case STOP_TOOL_USE:
	case STOP_SEQUENCE:
		return true;
	case STOP_MAX_TOKENS:
		return error_set(
			err, ERROR_MODEL,
			"the answer is cut at %lld tokens: raise max_tokens, or make chunks smaller",
			(long long)chat->inference.max_tokens);
	case STOP_CONTEXT_WINDOW:
		return error_set(
			err, ERROR_MODEL,
			"the request and its answer fill the model's context window: make chunks smaller (defaults.chunk.tokens)");
	case STOP_GUARDRAIL:
		return error_set(err, ERROR_MODEL, "a guardrail stopped the answer");
	case STOP_FILTERED:
		return error_set(err, ERROR_MODEL,
				 "the service's content filter stopped the answer");
	case STOP_MALFORMED:
		return error_set(err, ERROR_MODEL, "the model's output was malformed (%.*s)",
				 STR_ARG(reply->stop_text));
	case STOP_UNKNOWN:
		break;
	}
	return error_set(
		err, ERROR_MODEL,
		"the answer stopped for a reason that this version does not know: \"%.*s\"",
		STR_ARG(reply->stop_text));
}

/* ---- Finding the JSON. ---- */

/* The one JSON object of a text: between its first and its last brace. */
static struct value *object_in_text(struct arena *arena, struct str text, struct error *err)
{
	ptrdiff_t first = str_find_char(text, '{', 0);
	ptrdiff_t last = str_rfind_char(text, '}');

	if (first < 0 || last < first) {
		error_set(err, ERROR_MODEL, "the answer holds no JSON object");
		return NULL;
	}
	struct str json = str_slice(text, (size_t)first, (size_t)(last - first) + 1);
	struct value *value = json_read(arena, json, 0, err);
	if (!value) {
		error_wrap(err, "the JSON object of the answer");
		err->kind = ERROR_MODEL;
	}
	return value;
}

/* NULL with ERROR_MODEL when the reply holds no answer of the unit's form. */
static struct value *answer_value(struct arena *arena, const struct unit *unit,
				  const struct reply *reply, bool *mendable, struct error *err)
{
	enum answer_form form = request_answer_form(unit->agent, unit->model);
	struct str tool = request_answer_tool(unit->agent);

	*mendable = true;
	if (form != ANSWER_TOOL)
		return object_in_text(arena, reply_text(arena, reply), err);
	const struct block *use = reply_tool_use(reply, tool);
	if (use)
		return use->input;
	/* A model that was made to call the tool and did not will not do so when told. */
	*mendable = !request_forces_tool(unit->model);
	error_set(err, ERROR_MODEL, "the model did not call %.*s", STR_ARG(tool));
	return NULL;
}

/* ---- Taking it. ---- */

/* Replaces secrets in what the model wrote: it may repeat what a tool showed it. */
static void redact_finding(struct run *run, struct arena *arena, struct finding *finding)
{
	struct str *const texts[] = {&finding->title, &finding->body, &finding->suggestion,
				     &finding->evidence, &finding->category};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (texts[i]->len)
			*texts[i] = text_redact(arena, *texts[i], &run->result->secrets_redacted);
	if (finding->has_suggestion && redact_has_placeholder(finding->suggestion)) {
		finding->has_suggestion = false;
		finding->suggestion = STR_EMPTY;
	}
}

static void add_source(struct arena *arena, const struct unit *unit, struct finding *finding)
{
	finding->sources = ARENA_NEW(arena, struct finding_source);
	finding->sources[0] =
		(struct finding_source){.agent = unit->agent->name, .model = unit->model->alias};
	finding->sources_len = 1;
	finding->votes = 1;
}

static bool take_findings(struct run *run, const struct unit *unit, const struct value *value,
			  struct unit_state *state, struct error *err)
{
	struct findings *findings = &state->findings;
	struct arena *arena = &findings->arena;
	struct str summary = STR_EMPTY;

	if (!report_decode(value, findings, &summary, err))
		return false;
	state->summary = text_redact(arena, summary, &run->result->secrets_redacted);
	for (size_t i = 0; i < findings->len; i++) {
		redact_finding(run, arena, &findings->items[i]);
		add_source(arena, unit, &findings->items[i]);
	}
	return true;
}

static bool take_schema(struct run *run, const struct unit *unit, const struct value *value,
			struct unit_state *state, struct error *err)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	if (!schema_check(unit->agent->output_schema, value, err))
		return false;
	json_write(&text, value, JSON_PRETTY);
	state->text =
		text_redact(&state->findings.arena, buf_str(&text), &run->result->secrets_redacted);
	return true;
}

static bool take_text(struct run *run, const struct reply *reply, struct unit_state *state,
		      struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct str text = str_trim(reply_text(&arena, reply));

	if (!text.len)
		return error_set(err, ERROR_MODEL, "the answer is empty");
	state->text = text_redact(&state->findings.arena, text, &run->result->secrets_redacted);
	return true;
}

bool answer_take(struct run *run, const struct unit *unit, const struct reply *reply,
		 struct unit_state *state, bool *mendable, struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;

	*mendable = false;
	if (unit->agent->output == AGENT_MARKDOWN)
		return take_text(run, reply, state, err);
	const struct value *value = answer_value(&arena, unit, reply, mendable, err);
	if (!value)
		return false;
	if (unit->agent->output == AGENT_FINDINGS)
		return take_findings(run, unit, value, state, err);
	return take_schema(run, unit, value, state, err);
}

void answer_reject(struct chat *chat, const struct unit *unit, const struct reply *reply,
		   const struct error *why)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	struct str tool = request_answer_tool(unit->agent);

	prompt_mend(&text, str_from(why->message));
	struct str told = arena_str(chat->arena, buf_str(&text));
	*chat_add(chat, ROLE_ASSISTANT) = reply->message;
	struct message *user = chat_add(chat, ROLE_USER);
	for (size_t i = 0; i < reply->message.len; i++) {
		const struct block *use = &reply->message.blocks[i];
		if (use->kind != BLOCK_TOOL_USE)
			continue;
		struct block *result = message_add(chat->arena, user, BLOCK_TOOL_RESULT);
		result->id = use->id;
		result->is_error = true;
		result->text = str_eq(use->name, tool) ? told : STR("not run");
	}
	if (!user->len)
		message_add_text(chat->arena, user, told);
}

/* ---- What others said of the same chunk. ---- */

static void add_said(struct buf *out, const struct unit *unit, const struct unit_state *state)
{
	buf_addf(out, "## %.*s (%.*s)\n", STR_ARG(unit->agent->name), STR_ARG(unit->model->alias));
	if (state->status != UNIT_DONE) {
		buf_add_text(out, "has no result\n\n");
		return;
	}
	if (state->summary.len)
		buf_addf(out, "%.*s\n", STR_ARG(state->summary));
	if (state->text.len)
		buf_addf(out, "%.*s\n", STR_ARG(state->text));
	for (size_t i = 0; i < state->findings.len; i++) {
		const struct finding *finding = &state->findings.items[i];
		buf_addf(out, "- %s, %.*s", severity_name(finding->severity),
			 STR_ARG(finding->path));
		if (finding->line)
			buf_addf(out, ":%u", finding->line);
		buf_addf(out, ": %.*s\n  %.*s\n", STR_ARG(finding->title), STR_ARG(finding->body));
	}
	buf_add_char(out, '\n');
}

struct str answer_needs(struct arena *arena, const struct run *run, const struct unit *unit)
{
	SCOPED(buf) struct buf out = BUF_INIT;

	for (size_t i = 0; i < unit->needs_len; i++)
		add_said(&out, &run->plan.units[unit->needs[i]], &run->states[unit->needs[i]]);
	return arena_str(arena, buf_str(&out));
}

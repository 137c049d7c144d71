/* Decodes answers: by tool, as structured output, or as JSON in a text. */
#include "review/unit_answer.h"

#include "agent/prompt.h"
#include "finding/plain.h"
#include "finding/report_input.h"
#include "redact/path.h"
#include "redact/redact.h"
#include "review/redacted.h"
#include "review/referee.h"
#include "task/task.h"
#include "value/json.h"
#include "value/json_find.h"
#include "value/schema.h"

/* How many levels of nested answers of one reply are joined. */
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

/* ---- Finding the values. ---- */

/* The answers in a reply: usually one. */
struct values {
	VEC_FIELDS(const struct value *);
};

static void values_release(struct values *values)
{
	VEC_RELEASE(values);
}

/* Adds the JSON objects of the text that are answers of the unit. */
static bool find_in_text(struct arena *arena, const struct unit *unit, struct str text,
			 struct values *values, struct error *err)
{
	static const char *const members[] = {
		[AGENT_FINDINGS] = "findings",
		[AGENT_MARKDOWN] = "",
		[AGENT_VERDICTS] = "verdicts",
		[AGENT_SCHEMA] = "",
	};
	const char *member = members[unit->agent->output];
	struct json_found found;

	if (!json_find(arena, text, member, &found, err)) {
		error_wrap(err, "the answer's text");
		err->kind = ERROR_MODEL;
		return false;
	}
	for (size_t i = 0; i < found.len; i++)
		VEC_PUSH(values, found.items[i]);
	return true;
}

/* Adds the inputs of all calls of the answer's tool. */
static bool find_calls(const struct unit *unit, const struct reply *reply, struct values *values,
		       struct error *err)
{
	struct str tool = request_answer_tool(unit->agent);

	for (size_t i = 0; i < reply->message.len; i++) {
		const struct block *block = &reply->message.blocks[i];

		if (block->kind != BLOCK_TOOL_USE || !request_means_tool(block->name, tool))
			continue;
		if (block->problem.len)
			return error_set(err, ERROR_MODEL, "%.*s: %.*s", STR_ARG(tool),
					 STR_ARG(block->problem));
		VEC_PUSH(values, block->input);
	}
	return true;
}

/* Whether a report among the values has a finding. */
static bool have_findings(struct arena *arena, const struct values *values)
{
	for (size_t i = 0; i < values->len; i++) {
		const struct value *report = report_plain(arena, values->items[i]);

		if (value_len(value_get(report, "findings")))
			return true;
	}
	return false;
}

/* False when the calls report nothing, but the text beside them does. */
static bool agrees_with_text(struct arena *arena, const struct unit *unit,
			     const struct reply *reply, const struct values *calls,
			     struct error *err)
{
	SCOPED(values) struct values texts = {0};
	struct str text = reply_text(arena, reply);

	if (unit->agent->output != AGENT_FINDINGS || have_findings(arena, calls) ||
	    str_find_char(text, '{', 0) < 0)
		return true;
	if (!find_in_text(arena, unit, text, &texts, err)) {
		*err = (struct error){0};
		return true;
	}
	if (!have_findings(arena, &texts))
		return true;
	return error_set(
		err, ERROR_MODEL,
		"the text reports findings that the call of %.*s does not: call it with all of them, or with none and without them in the text",
		STR_ARG(request_answer_tool(unit->agent)));
}

/*
 * ERROR_MODEL if the reply has no answer in the unit's form. *correctable says whether an error
 * message may help: a model that ignored a forced tool call will ignore the message too.
 */
static bool find_values(struct arena *arena, const struct unit *unit, const struct reply *reply,
			struct values *values, bool *correctable, struct error *err)
{
	enum answer_form form = request_answer_form(unit->agent, unit->model);

	*correctable = true;
	if (form != ANSWER_TOOL)
		return find_in_text(arena, unit, reply_text(arena, reply), values, err);
	if (!find_calls(unit, reply, values, err))
		return false;
	if (values->len)
		return agrees_with_text(arena, unit, reply, values, err);
	if (find_in_text(arena, unit, reply_text(arena, reply), values, err))
		return true;
	*correctable = unit->refereed || !request_forces_tool(unit->model) ||
		       feature_in(reply->refused, FEATURE_ANY_TOOL);
	return error_set(err, ERROR_MODEL, "the model did not call %.*s",
			 STR_ARG(request_answer_tool(unit->agent)));
}

/* Joins several answers of one reply, so that none of them is lost. */
static struct value *join_values(struct arena *arena, const struct unit *unit,
				 const struct values *values, struct error *err)
{
	struct value *joined = NULL;

	for (size_t i = 0; i < values->len; i++) {
		struct value *value = unit->agent->output == AGENT_FINDINGS
					      ? report_plain(arena, values->items[i])
					      : value_copy(arena, values->items[i]);

		joined = i ? value_join(arena, joined, value) : value;
		if (!joined) {
			error_set(
				err, ERROR_MODEL,
				"the answer was given %zu times, with different values: give it once, with everything in it",
				values->len);
			return NULL;
		}
	}
	return joined;
}

/* ---- Taking it. ---- */

/* Replaces secrets in the text of the model: it may repeat what a tool returned. */
static void redact_finding(struct review_run *run, struct arena *arena, struct finding *finding)
{
	struct str *const texts[] = {&finding->title, &finding->body, &finding->suggestion,
				     &finding->evidence, &finding->category};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		if (texts[i]->len)
			*texts[i] = answer_redact(arena, *texts[i], &run->result->secrets_redacted);
	}
	finding->path = path_shown(arena, finding->path);
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

/* A unit that found nothing needs no arena: there may be thousands. */
static void keep_summary(struct review_run *run, struct unit_state *state, struct str summary)
{
	struct findings *findings = &state->findings;

	state->summary = answer_redact(&findings->arena, summary, &run->result->secrets_redacted);
	if (findings->len || state->reads.len)
		return;
	state->summary = arena_str(&run->arena, state->summary);
	findings_release(findings);
}

static bool take_findings(struct review_run *run, const struct unit *unit,
			  const struct value *value, struct unit_state *state, struct error *err)
{
	struct findings *findings = &state->findings;
	struct arena *arena = &findings->arena;
	struct str summary = STR_EMPTY;

	if (!report_decode(value, findings, &summary, err))
		return false;
	for (size_t i = 0; i < findings->len; i++) {
		task_breathe();
		redact_finding(run, arena, &findings->items[i]);
		add_source(arena, unit, &findings->items[i]);
		findings->items[i].reads = state->reads;
	}
	keep_summary(run, state, summary);
	return true;
}

static bool take_schema(struct review_run *run, const struct unit *unit, const struct value *value,
			struct unit_state *state, struct error *err)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	if (!schema_check(unit->agent->output_schema, value, err))
		return false;
	json_write(&text, value, JSON_PRETTY);
	state->text = answer_redact(&state->findings.arena, buf_str(&text),
				    &run->result->secrets_redacted);
	return true;
}

static bool take_text(struct review_run *run, const struct reply *reply, struct unit_state *state,
		      struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct str text = str_trim(reply_text(&arena, reply));

	if (!text.len)
		return error_set(err, ERROR_MODEL, "the answer is empty");
	state->text = answer_redact(&state->findings.arena, text, &run->result->secrets_redacted);
	return true;
}

bool answer_take(struct review_run *run, struct unit_answer *answer, struct unit_state *state,
		 struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(values) struct values values = {0};
	const struct unit *unit = answer->unit;
	const struct value *value;

	answer->correctable = false;
	if (unit->agent->output == AGENT_MARKDOWN)
		return take_text(run, answer->reply, state, err);
	if (!find_values(&arena, unit, answer->reply, &values, &answer->correctable, err))
		return false;
	value = join_values(&arena, unit, &values, err);
	if (!value)
		return false;
	if (unit->agent->output == AGENT_FINDINGS)
		return take_findings(run, unit, value, state, err);
	if (unit->agent->output == AGENT_VERDICTS)
		return referee_take(run, unit, answer->chat, value, state, err);
	return take_schema(run, unit, value, state, err);
}

/* The result of a rejected call: the reason, or the available tools. */
static struct str refusal(struct arena *arena, const struct chat *chat, const struct unit *unit,
			  const struct block *use, struct str told)
{
	SCOPED(buf) struct buf known = BUF_INIT;

	if (request_means_tool(use->name, request_answer_tool(unit->agent)))
		return told;
	for (size_t i = 0; i < chat->tools_len; i++) {
		if (str_eq(use->name, chat->tools[i].name))
			return STR("not run");
		buf_addf(&known, "%s%.*s", i ? ", " : "", STR_ARG(chat->tools[i].name));
	}
	if (!known.len)
		return STR("there are no tools here; answer in words");
	return arena_printf(arena, "there is no tool of this name; call one of: %.*s",
			    STR_ARG(buf_str(&known)));
}

void answer_reject(struct chat *chat, const struct unit *unit, const struct reply *reply,
		   const struct error *why)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	const struct message *said = chat_add_reply(chat, &reply->message);
	struct message *user = chat_add(chat, ROLE_USER);
	struct str told;

	prompt_correct(&text, str_from(why->message));
	told = arena_str(chat->arena, buf_str(&text));
	for (size_t i = 0; i < reply->message.len; i++) {
		const struct block *use = &reply->message.blocks[i];
		struct block *result;

		if (use->kind != BLOCK_TOOL_USE)
			continue;
		result = message_add(chat->arena, user, BLOCK_TOOL_RESULT);
		result->id = said->blocks[i].id;
		result->is_error = true;
		result->text = refusal(chat->arena, chat, unit, use, told);
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

struct str answer_needs(struct arena *arena, struct review_run *run, const struct unit *unit)
{
	SCOPED(buf) struct buf out = BUF_INIT;

	if (unit->agent->output == AGENT_VERDICTS)
		return referee_claims(arena, run, unit);

	for (size_t i = 0; i < unit->needs_len; i++)
		add_said(&out, &run->plan.units[unit->needs[i]], &run->states[unit->needs[i]]);
	return arena_str(arena, buf_str(&out));
}

/* Builds requests: shared parts first, the agent's own parts last. */
#include "review/unit_request.h"

#include <stdlib.h>

#include "agent/prompt.h"
#include "agent/tools.h"
#include "base/tokens.h"
#include "diff/render.h"
#include "finding/report_input.h"
#include "finding/verdict.h"
#include "review/chunk_text.h"
#include "review/earlier.h"
#include "review/hints.h"
#include "review/thinking.h"
#include "value/json.h"

/* Approximate overhead of a tool and of the parts of a prompt. */
enum { TOOL_FRAME_TOKENS = 20, PROMPT_FRAME_TOKENS = 100 };

enum answer_form request_answer_form(const struct agent *agent, const struct model *model)
{
	const struct model_traits *traits = &model->traits;

	if (agent->output == AGENT_MARKDOWN)
		return ANSWER_TEXT;
	if (agent->output == AGENT_SCHEMA && traits->structured_output && !agent->tools.len)
		return ANSWER_STRUCTURED;
	if (traits->tools != TOOLS_NONE)
		return ANSWER_TOOL;
	return traits->structured_output ? ANSWER_STRUCTURED : ANSWER_JSON_TEXT;
}

struct str request_answer_tool(const struct agent *agent)
{
	switch (agent->output) {
	case AGENT_FINDINGS:
		return STR("report_findings");
	case AGENT_VERDICTS:
		return STR("report_verdicts");
	case AGENT_MARKDOWN:
	case AGENT_SCHEMA:
		break;
	}
	return STR("report");
}

bool request_means_tool(struct str name, struct str tool)
{
	ptrdiff_t dot;

	name = str_trim(name);
	dot = str_rfind_char(name, '.');
	return str_eq(dot < 0 ? name : str_skip(name, (size_t)dot + 1), tool);
}

/* The JSON Schema of the answer; NULL for markdown. */
static struct value *request_answer_schema(struct arena *arena, const struct agent *agent,
					   const struct model *model)
{
	if (agent->output == AGENT_FINDINGS)
		return report_schema(arena, !thinks(model));
	if (agent->output == AGENT_VERDICTS)
		return verdicts_schema(arena);
	return agent->output == AGENT_SCHEMA ? agent->output_schema : NULL;
}

bool request_forces_tool(const struct model *model)
{
	enum thinking_kind thinking = model->inference.thinking;

	return model->traits.tools >= TOOLS_ANY &&
	       (thinking == THINKING_OFF || thinking == THINKING_DISABLED);
}

/* The limit of the answer, which is always sent. */
static int64_t request_max_tokens(const struct agent *agent, const struct model *model)
{
	int64_t tokens = model->inference.max_tokens;

	if (agent->inference.max_tokens > 0)
		tokens = agent->inference.max_tokens;
	if (tokens <= 0)
		tokens = model_max_tokens_default(&model->traits) +
			 (model->inference.thinking == THINKING_BUDGET
				  ? model->inference.thinking_budget
				  : 0);
	if (model->traits.output_tokens_max > 0)
		tokens = MIN_OF(tokens, model->traits.output_tokens_max);
	return tokens;
}

static struct inference merged_inference(const struct agent *agent, const struct model *model)
{
	struct inference inference = model->inference;

	inference.max_tokens = request_max_tokens(agent, model);
	if (agent->inference.stop.len) {
		inference.stop = agent->inference.stop.items;
		inference.stop_len = agent->inference.stop.len;
	}
	if (agent->inference.effort >= 0)
		inference.effort = str_from(effort_names[agent->inference.effort]);
	if (inference.thinking == THINKING_BUDGET || inference.thinking == THINKING_ADAPTIVE)
		return inference; /* excludes temperature and top_p */
	if (agent->inference.temperature >= 0)
		inference.temperature = agent->inference.temperature;
	if (agent->inference.top_p >= 0)
		inference.top_p = agent->inference.top_p;
	return inference;
}

static struct str answer_description(const struct agent *agent)
{
	if (agent->output == AGENT_FINDINGS)
		return STR(
			"Reports everything that you found, in one call.  An empty list of findings is a good answer when the change has no problem.");
	if (agent->output == AGENT_VERDICTS)
		return STR(
			"Only for a task that asks for verdicts: gives one for each finding, in one call.");
	return STR("Gives your answer, in one call.");
}

static struct tool answer_tool(struct arena *arena, const struct agent *agent,
			       const struct model *model)
{
	return (struct tool){.name = request_answer_tool(agent),
			     .description = answer_description(agent),
			     .schema = request_answer_schema(arena, agent, model)};
}

static void add_tool(struct row_request *row, struct tool tool)
{
	row->tools[row->tools_len++] = tool;
}

/*
 * The tool of the answer; agents that report findings and the referee get both tools, so that
 * they share a cached prefix.
 */
static void add_answer_tools(struct arena *arena, const struct agent *agent,
			     const struct model *model, bool refereed, struct row_request *row)
{
	static const struct agent finder = {.output = AGENT_FINDINGS};
	static const struct agent referee = {.output = AGENT_VERDICTS};

	if (!refereed || (agent->output != AGENT_FINDINGS && agent->output != AGENT_VERDICTS)) {
		add_tool(row, answer_tool(arena, agent, model));
		return;
	}
	add_tool(row, answer_tool(arena, &finder, model));
	add_tool(row, answer_tool(arena, &referee, model));
}

/* Counted once for all units of a row. */
static size_t schema_size(const struct value *schema)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	json_write(&text, schema, JSON_COMPACT);
	return text.len;
}

void row_request_build(struct arena *arena, const struct agent *agent, const struct model *model,
		       bool refereed, struct row_request *row)
{
	*row = (struct row_request){.answer_schema = request_answer_schema(arena, agent, model)};
	if (model->traits.tools == TOOLS_NONE)
		return;
	row->tools = ARENA_ARRAY(arena, struct tool, agent->tools.len + 2);
	for (size_t i = 0; i < agent->tools.len; i++) {
		enum tool_kind kind;
		if (tool_find(agent->tools.items[i], &kind))
			add_tool(row, tool_spec(arena, kind));
	}
	if (request_answer_form(agent, model) == ANSWER_TOOL)
		add_answer_tools(arena, agent, model, refereed, row);
	for (size_t i = 0; i < row->tools_len; i++)
		row->tools[i].schema_size = schema_size(row->tools[i].schema);
	qsort(row->tools, row->tools_len, sizeof(*row->tools), tool_compare);
}

/* Forces the model to answer through the tool, if the answer uses one. */
static void choose_tool(struct chat *chat, const struct unit *unit)
{
	const struct agent *agent = unit->agent;
	bool several = agent->tools.len || unit->refereed;

	if (request_answer_form(agent, unit->model) != ANSWER_TOOL)
		return;
	chat->answer_tool = request_answer_tool(agent);
	if (!request_forces_tool(unit->model))
		return;
	chat->tool_choice = several ? TOOL_ANY : TOOL_NAMED;
	chat->tool_named = several ? STR_EMPTY : request_answer_tool(agent);
}

static struct str change_text(struct arena *arena, const struct unit *unit,
			      const struct request_parts *parts)
{
	SCOPED(buf) struct buf diff = BUF_INIT;
	SCOPED(buf) struct buf text = BUF_INIT;
	SCOPED(buf) struct buf narrow = BUF_INIT;
	struct prompt_change change;

	chunk_render(&diff, parts->change->diff, &unit->view, unit->around);
	around_left_out(&narrow, unit->around, parts->change->diff, &unit->view);
	change = (struct prompt_change){
		.diff = buf_str(&diff),
		.part = unit->chunk + 1,
		.parts = parts->chunks,
		.narrow = buf_str(&narrow),
	};
	prompt_change(&text, &change);
	return arena_str(arena, buf_str(&text));
}

static enum prompt_answer prompt_form(const struct agent *agent, enum answer_form form)
{
	if (form == ANSWER_TEXT)
		return PROMPT_ANSWER_MARKDOWN;
	if (form != ANSWER_TOOL)
		return PROMPT_ANSWER_JSON;
	return agent->output == AGENT_VERDICTS ? PROMPT_ANSWER_VERDICTS : PROMPT_ANSWER_TOOL;
}

static struct str agent_text(struct arena *arena, const struct unit *unit,
			     const struct request_parts *parts)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	SCOPED(buf) struct buf said = BUF_INIT;
	SCOPED(buf) struct buf hints = BUF_INIT;
	const struct change *change = parts->change;
	enum answer_form form = request_answer_form(unit->agent, unit->model);
	struct prompt_values values = {
		.repository = change->repository,
		.number = change->number,
		.title = change->title,
		.body = change->body,
		.author = change->author,
		.base_ref = change->base_ref,
		.head_ref = change->head_ref,
		.labels = change->labels,
		.labels_len = change->labels_len,
		.files = parts->files,
		.guidance = unit->guidance,
		.context = parts->context,
		.needs = parts->needs,
		.language = parts->language,
		.answer = prompt_form(unit->agent, form),
		.schema = form == ANSWER_JSON_TEXT ? parts->row->answer_schema : NULL,
	};

	hints_add(&hints, change, unit);
	values.hints = buf_str(&hints);
	memory_add(&said, change, unit);
	values.said = buf_str(&said);
	prompt_agent(&text, unit->agent, &values);
	return arena_str(arena, buf_str(&text));
}

static struct chat_origin origin(struct arena *arena, const struct unit *unit,
				 const struct request_parts *parts)
{
	const struct change *change = parts->change;

	return (struct chat_origin){
		.agent = unit->agent->name,
		.repository = change->repository,
		.pull_request = change->number
					? arena_printf(arena, "%lld", (long long)change->number)
					: STR_EMPTY,
		.run_id = parts->run_id,
		.unit = unit->name,
		.turn = 1,
	};
}

void request_build(struct arena *arena, const struct unit *unit, const struct request_parts *parts,
		   struct chat *chat)
{
	enum answer_form form = request_answer_form(unit->agent, unit->model);
	struct message *user;

	*chat = (struct chat){.arena = arena,
			      .inference = merged_inference(unit->agent, unit->model),
			      .origin = origin(arena, unit, parts),
			      .tools = parts->row->tools,
			      .tools_len = parts->row->tools_len};
	choose_tool(chat, unit);
	if (form == ANSWER_STRUCTURED) {
		chat->output_schema = parts->row->answer_schema;
		chat->output_name = request_answer_tool(unit->agent);
	}
	user = chat_add(chat, ROLE_USER);
	if (unit->model->traits.system_text)
		chat->system = prompt_system();
	else
		message_add_text(arena, user, prompt_system());
	message_add_text(arena, user, parts->overview);
	message_add_text(arena, user, change_text(arena, unit, parts))->joined = true;
	if (unit->cached)
		message_add(arena, user, BLOCK_CACHE_POINT);
	message_add_text(arena, user, agent_text(arena, unit, parts));
}

static bool same_strings(const struct strings *a, const struct strings *b)
{
	if (a->len != b->len)
		return false;
	for (size_t i = 0; i < a->len; i++) {
		if (!str_eq(a->items[i], b->items[i]))
			return false;
	}
	return true;
}

/* With a referee, all of these agents have both tools. */
static bool reports(const struct agent *agent)
{
	return agent->output == AGENT_FINDINGS || agent->output == AGENT_VERDICTS;
}

bool request_prefix_equal(const struct agent *a, const struct agent *b, const struct model *model)
{
	enum answer_form form = request_answer_form(a, model);

	if (form != request_answer_form(b, model) || !same_strings(&a->tools, &b->tools) ||
	    a->surroundings != b->surroundings)
		return false;
	if (form == ANSWER_TOOL && reports(a) && reports(b))
		return true;
	if (form == ANSWER_TEXT || a->output == b->output)
		return a->output != AGENT_SCHEMA || value_equal(a->output_schema, b->output_schema);
	return form == ANSWER_JSON_TEXT;
}

int64_t request_list_tokens(const struct change *change)
{
	size_t size = 0;
	size_t len = MIN_OF(change->all_paths_len, (size_t)PROMPT_PATHS_MAX);

	for (size_t i = 0; i < len; i++)
		size += change->all_paths[i].len + 1;
	return (int64_t)(size / 4 + PROMPT_FRAME_TOKENS);
}

int64_t request_fixed_tokens(const struct agent *agent, const struct model *model, bool refereed)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf text = BUF_INIT;
	struct row_request row;

	buf_add(&text, prompt_system());
	row_request_build(&arena, agent, model, refereed, &row);
	for (size_t i = 0; i < row.tools_len; i++) {
		buf_add(&text, row.tools[i].name);
		buf_add(&text, row.tools[i].description);
		json_write(&text, row.tools[i].schema, JSON_COMPACT);
	}
	return (int64_t)tokens_estimate(buf_str(&text)) +
	       (int64_t)row.tools_len * TOOL_FRAME_TOKENS;
}

int64_t request_own_tokens(const struct agent *agent, const struct change *change)
{
	size_t tokens = tokens_estimate(agent->system) + tokens_estimate(agent->prompt) +
			tokens_estimate(change->title) + tokens_estimate(change->body);

	return (int64_t)tokens + PROMPT_FRAME_TOKENS;
}

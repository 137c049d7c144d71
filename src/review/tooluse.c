/* Tool calls: calls of one turn run at the same time, each in a separate task. */
#include "review/tooluse.h"

#include "agent/tools.h"
#include "review/redacted.h"
#include "review/unit_request.h"

/* Maximum length of the list of files that a unit read, for people. */
enum { READS_SIZE_MAX = 1000 };

/* One call, its place in the results, and its own arena, because several run at once. */
struct tool_job {
	struct review_run *run;
	const struct unit *unit;
	const struct block *use;
	struct arena arena;
	struct tool_answer answer;
	struct error error; /* set when cancelled */
};

static bool is_offered(const struct unit *unit, struct str name)
{
	return strings_have(&unit->agent->tools, name);
}

bool tooluse_wanted(const struct unit *unit, const struct reply *reply)
{
	bool wanted = false;

	struct str answer = request_answer_tool(unit->agent);

	for (size_t i = 0; i < reply->message.len; i++) {
		const struct block *use = &reply->message.blocks[i];

		if (use->kind != BLOCK_TOOL_USE)
			continue;
		if (request_answer_form(unit->agent, unit->model) == ANSWER_TOOL &&
		    request_means_tool(use->name, answer))
			return false;
		wanted |= is_offered(unit, use->name);
	}
	return wanted;
}

size_t tooluse_count_invented(const struct unit *unit, const struct reply *reply)
{
	bool answers = request_answer_form(unit->agent, unit->model) == ANSWER_TOOL;
	size_t count = 0;

	for (size_t i = 0; i < reply->message.len; i++) {
		const struct block *use = &reply->message.blocks[i];

		if (use->kind != BLOCK_TOOL_USE)
			continue;
		if (answers && request_means_tool(use->name, request_answer_tool(unit->agent)))
			return 0;
		count++;
	}
	return count;
}

static void call_tool(void *arg)
{
	struct tool_job *call = arg;
	const struct tool_call request = {.name = call->use->name,
					  .input = call->use->input,
					  .allowed = &call->unit->agent->tools};

	if (call->use->problem.len)
		call->answer = (struct tool_answer){.text = call->use->problem, .is_error = true};
	else if (!call->run->tools)
		call->answer = (struct tool_answer){.text = STR("no files can be read in this run"),
						    .is_error = true};
	else if (!tools_call(call->run->tools, &call->arena, &request, &call->answer, &call->error))
		call->answer = (struct tool_answer){.text = STR("stopped"), .is_error = true};
}

static bool run_together(struct tool_job *calls, size_t len, struct error *err)
{
	SCOPED(group) struct group group = {0};

	if (len == 1) {
		call_tool(&calls[0]);
	} else {
		group_init(&group, task_group());
		for (size_t i = 0; i < len; i++)
			group_spawn(&group, "tool", call_tool, &calls[i]);
		if (!task_join(&group, err))
			return false;
	}
	for (size_t i = 0; i < len; i++) {
		if (calls[i].error.kind != ERROR_NONE) {
			*err = calls[i].error;
			return false;
		}
	}
	return true;
}

static void add_result(struct chat *chat, struct message *user, struct str id,
		       const struct tool_answer *answer)
{
	struct block *result = message_add(chat->arena, user, BLOCK_TOOL_RESULT);

	result->id = id;
	result->text = arena_str(chat->arena, answer->text);
	result->is_error = answer->is_error;
}

/*
 * The conversation is sent again on the next turn: its end gets a cache point, and the previous
 * end keeps its own, because a service looks back only a limited number of blocks.
 */
static void move_cache_point(struct chat *chat, struct message *user)
{
	for (size_t i = 1; i + 3 < chat->len; i++) {
		struct message *message = &chat->messages[i];
		if (message->len && message->blocks[message->len - 1].kind == BLOCK_CACHE_POINT)
			message->len--;
	}
	message_add(chat->arena, user, BLOCK_CACHE_POINT);
}

/* Records what was read, to explain why a finding was reported. */
static void note_read(struct review_run *run, const struct unit *unit, const struct block *use)
{
	struct unit_state *state = &run->states[unit - run->plan.units];
	struct arena *arena = &state->findings.arena;
	struct str path = value_get_string(use->input, "path");
	struct str pattern = value_get_string(use->input, "pattern");
	struct str line = pattern.len ? arena_printf(arena, "search %.*s", STR_ARG(pattern)) : path;

	line = answer_redact(arena, line, &run->result->secrets_redacted);
	if (!line.len || state->reads.len + line.len > READS_SIZE_MAX ||
	    str_find_char(line, '\n', 0) >= 0 || str_contains(state->reads, line))
		return;
	state->reads = arena_printf(arena, "%.*s%.*s\n", STR_ARG(state->reads), STR_ARG(line));
}

static void add_results(struct review_run *run, const struct unit *unit, struct chat *chat,
			const struct reply *reply, const struct tool_job *calls)
{
	static const struct tool_answer too_many = {
		.text = STR_INIT("not run: too many tool calls in one turn"), .is_error = true};
	struct agent_result *row = run_row(run, unit);
	size_t count = 0;

	const struct message *said = chat_add_reply(chat, &reply->message);
	struct message *user = chat_add(chat, ROLE_USER);
	for (size_t i = 0; i < reply->message.len; i++) {
		const struct block *use = &reply->message.blocks[i];
		const struct tool_answer *answer;

		if (use->kind != BLOCK_TOOL_USE)
			continue;
		answer = count < TOOLUSE_CALLS_MAX ? &calls[count].answer : &too_many;
		row->tool_calls++;
		row->tool_calls_refused += answer->is_error;
		if (!answer->is_error)
			note_read(run, unit, use);
		add_result(chat, user, said->blocks[i].id, answer);
		count++;
	}
	if (unit->cached)
		move_cache_point(chat, user);
}

bool tooluse_run(struct review_run *run, const struct unit *unit, struct chat *chat,
		 const struct reply *reply, struct error *err)
{
	struct tool_job calls[TOOLUSE_CALLS_MAX] = {0};
	size_t len = 0;
	bool ran;

	for (size_t i = 0; i < reply->message.len && len < TOOLUSE_CALLS_MAX; i++) {
		if (reply->message.blocks[i].kind == BLOCK_TOOL_USE)
			calls[len++] = (struct tool_job){
				.run = run, .unit = unit, .use = &reply->message.blocks[i]};
	}
	ran = run_together(calls, len, err);
	if (ran)
		add_results(run, unit, chat, reply, calls);
	for (size_t i = 0; i < len; i++)
		arena_release(&calls[i].arena);
	return ran;
}

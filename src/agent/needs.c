/* Checks that involve several agents: duplicate names, missing needs, cycles. */
#include <stdlib.h>

#include "agent/definition.h"
#include "base/buf.h"
#include "base/utf8.h"

static ptrdiff_t find_agent(const struct agents *agents, struct str name)
{
	for (size_t i = 0; i < agents->len; i++) {
		if (str_eq(agents->items[i].name, name))
			return (ptrdiff_t)i;
	}
	return -1;
}

static struct position need_at(const struct agent *agent, size_t idx)
{
	const struct value *source = agent->needs.source;
	const struct value *item = value_is(source, VALUE_ARRAY) ? value_at(source, idx) : source;

	return item ? item->at : agent->at;
}

static void check_names(const struct agents *agents, struct problems *problems)
{
	for (size_t i = 0; i < agents->len; i++) {
		const struct agent *agent = &agents->items[i];
		ptrdiff_t first = find_agent(agents, agent->name);

		if ((size_t)first < i)
			problem_add(problems, agent->file, agent->at, PROBLEM_ERROR,
				    "an agent called \"%.*s\" is there already, from %.*s",
				    STR_ARG(agent->name), STR_ARG(agents->items[first].file));
	}
}

static void check_needs(const struct agents *agents, struct problems *problems)
{
	struct str names[AGENTS_MAX];

	for (size_t i = 0; i < agents->len; i++)
		names[i] = agents->items[i].name;
	for (size_t i = 0; i < agents->len; i++) {
		const struct agent *agent = &agents->items[i];

		for (size_t j = 0; j < agent->needs.len; j++) {
			struct str need = agent->needs.items[j];
			struct str nearest = str_nearest(need, names, agents->len);

			if (find_agent(agents, need) >= 0 || strings_have(&agents->broken, need))
				continue;
			problem_add(
				problems, agent->file, need_at(agent, j), PROBLEM_ERROR,
				"needs \"%.*s\", which is not among the agents of this run%s%.*s%s",
				STR_ARG(utf8_cut(need, 80)), nearest.len ? "; did you mean \"" : "",
				STR_ARG(nearest), nearest.len ? "\"?" : "");
		}
	}
}

/* A referee judges what all others report, once: nothing can wait for it, and a second one would contradict it. */
static void check_referees(const struct agents *agents, struct problems *problems)
{
	const struct agent *first = NULL;

	for (size_t i = 0; i < agents->len; i++) {
		const struct agent *agent = &agents->items[i];

		if (agent->output == AGENT_VERDICTS && (first || agent->models.len > 1))
			problem_add(problems, agent->file, agent->at, PROBLEM_ERROR,
				    "only one agent with one model may have \"output: verdicts\"");
		if (agent->output == AGENT_VERDICTS)
			first = agent;
		for (size_t j = 0; j < agent->needs.len; j++) {
			ptrdiff_t need = find_agent(agents, agent->needs.items[j]);

			if (need >= 0 && agents->items[need].output == AGENT_VERDICTS)
				problem_add(
					problems, agent->file, need_at(agent, j), PROBLEM_ERROR,
					"needs \"%.*s\", which runs last: its output is verdicts",
					STR_ARG(agents->items[need].name));
		}
	}
}

/* The way from the agent where the search began to the one where it is now. */
struct walk {
	const struct agents *agents;
	struct problems *problems;
	size_t path[AGENTS_MAX];
	size_t len;
	bool on_path[AGENTS_MAX];
	bool done[AGENTS_MAX];
};

static void report_cycle(struct walk *walk, size_t again, size_t need)
{
	const struct agent *last = &walk->agents->items[walk->path[walk->len - 1]];
	SCOPED(buf) struct buf cycle = BUF_INIT;
	size_t from = 0;

	while (walk->path[from] != again)
		from++;
	for (size_t i = from; i < walk->len; i++)
		buf_addf(&cycle, "%.*s -> ", STR_ARG(walk->agents->items[walk->path[i]].name));
	buf_add(&cycle, walk->agents->items[again].name);
	problem_add(walk->problems, last->file, need_at(last, need), PROBLEM_ERROR,
		    "agents that need each other in a circle: %s", cycle.ptr);
}

/* Depth first; at most AGENTS_MAX deep. */
static void visit(struct walk *walk, size_t idx)
{
	const struct agent *agent = &walk->agents->items[idx];

	walk->path[walk->len++] = idx;
	walk->on_path[idx] = true;
	for (size_t i = 0; i < agent->needs.len; i++) {
		ptrdiff_t need = find_agent(walk->agents, agent->needs.items[i]);

		if (need < 0 || walk->done[need])
			continue;
		if (walk->on_path[need])
			report_cycle(walk, (size_t)need, i);
		else
			visit(walk, (size_t)need);
	}
	walk->len--;
	walk->on_path[idx] = false;
	walk->done[idx] = true;
}

bool agents_check(const struct agents *agents, struct problems *problems)
{
	struct walk walk = {.agents = agents, .problems = problems};
	size_t errors = problems->errors;

	if (agents->len > AGENTS_MAX) {
		problem_add(problems, agents->items[AGENTS_MAX].file, (struct position){0},
			    PROBLEM_ERROR, "%zu agents; at most %d run together", agents->len,
			    AGENTS_MAX);
		return false;
	}
	check_names(agents, problems);
	check_needs(agents, problems);
	check_referees(agents, problems);
	for (size_t i = 0; i < agents->len; i++) {
		if (!walk.done[i])
			visit(&walk, i);
	}
	return problems->errors == errors;
}

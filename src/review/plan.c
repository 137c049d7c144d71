/* Makes the plan: which files, chunks and units, in which order, at what cost. */
#include "review/plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/glob_list.h"
#include "review/estimate.h"
#include "review/shard.h"
#include "review/thinking.h"
#include "review/unit_request.h"
#include "task/task.h"

void plan_release(struct plan *plan)
{
	if (!plan)
		return;
	arena_release(&plan->arena);
	*plan = (struct plan){0};
}

static void skip_file(struct plan *plan, size_t file, struct str reason, bool by_rule)
{
	plan->skipped[file] = true;
	coverage_skip(&plan->arena, &plan->coverage, plan->diff->files[file].path, reason, by_rule);
}

static void judge_files(struct plan *plan, const struct review *review)
{
	struct rules rules = {.include = review->options.include,
			      .exclude = review->options.exclude};

	attributes_read(&rules.attributes, review->change->base, plan->diff, &plan->arena);
	plan->skipped = ARENA_ARRAY(&plan->arena, bool, plan->diff->len + 1);
	plan->coverage.files = (int64_t)plan->diff->len;
	for (size_t i = 0; i < plan->diff->len; i++) {
		struct rule_verdict verdict =
			rules_judge(&rules, &plan->diff->files[i], &plan->arena);

		task_breathe();
		if (verdict.skip)
			skip_file(plan, i, verdict.reason, verdict.by_rule);
	}
}

/* Fills `sees`, and skips the files that no agent reviews. */
static void match_paths(struct plan *plan, const struct agents *agents)
{
	size_t files = plan->diff->len;

	plan->sees = ARENA_ARRAY(&plan->arena, bool *, agents->len + 1);
	for (size_t i = 0; i < agents->len; i++)
		plan->sees[i] = ARENA_ARRAY(&plan->arena, bool, files + 1);
	for (size_t file = 0; file < files; file++) {
		bool wanted = false;

		task_breathe();
		for (size_t i = 0; i < agents->len && !plan->skipped[file]; i++) {
			const struct strings *paths = &agents->items[i].paths;
			plan->sees[i][file] =
				!paths->len || glob_list_match(paths->items, paths->len,
							       plan->diff->files[file].path);
			wanted |= plan->sees[i][file];
		}
		if (!wanted && !plan->skipped[file])
			skip_file(plan, file, STR(RULE_NO_AGENT), true);
	}
}

/* Whether an agent waits for another: it names it in `needs`, or judges its findings as referee. */
static bool needs_agent(const struct agent *agent, const struct agent *other)
{
	return strings_have(&agent->needs, other->name) ||
	       (agent->output == AGENT_VERDICTS && other->output == AGENT_FINDINGS);
}

static void visit(struct plan *plan, const struct agents *agents, size_t agent, bool *visited,
		  size_t *len)
{
	if (visited[agent])
		return;
	visited[agent] = true;
	for (size_t i = 0; i < agents->len; i++) {
		if (needs_agent(&agents->items[agent], &agents->items[i]))
			visit(plan, agents, i, visited, len);
	}
	plan->order[(*len)++] = agent;
}

/* Orders agents after the agents that they need; loading has refused cycles. */
static void order_agents(struct plan *plan, const struct agents *agents)
{
	bool *visited = ARENA_ARRAY(&plan->arena, bool, agents->len + 1);
	size_t len = 0;

	plan->order = ARENA_ARRAY(&plan->arena, size_t, agents->len + 1);
	for (size_t i = 0; i < agents->len; i++)
		visit(plan, agents, i, visited, &len);
}

/* The settings of a model call; one copy for all agents with the same settings, which share a prefix. */
static const struct model *asked_as(struct plan *plan, const struct review *review,
				    const struct agent *agent, const struct model *model)
{
	struct model copy;
	struct model *kept;

	if (!thinking_by_default(&review->options, agent, model, &copy))
		return model;
	for (size_t i = 0; i < plan->rows_len; i++) {
		if (plan->rows[i].looked_up == model && plan->rows[i].model != model)
			return plan->rows[i].model;
	}
	kept = ARENA_NEW(&plan->arena, struct model);
	*kept = copy;
	return kept;
}

static bool add_row(struct plan *plan, const struct review *review, size_t agent, struct str name,
		    struct error *err)
{
	const struct model *model = review->models(review->models_ctx, name, err);

	if (!model)
		return error_wrap(err, "agent \"%.*s\"",
				  STR_ARG(review->agents->items[agent].name));
	plan->rows[plan->rows_len] = (struct plan_row){
		.agent = agent,
		.model = asked_as(plan, review, &review->agents->items[agent], model),
		.looked_up = model};
	plan->rows_len++;
	return true;
}

static bool make_rows(struct plan *plan, const struct review *review, struct error *err)
{
	size_t len = 0;

	for (size_t i = 0; i < review->agents->len; i++)
		len += MAX_OF(review->agents->items[i].models.len, (size_t)1);
	plan->rows = ARENA_ARRAY(&plan->arena, struct plan_row, len + 1);
	for (size_t i = 0; i < review->agents->len; i++) {
		const struct strings *models = &review->agents->items[i].models;
		if (!models->len && !add_row(plan, review, i, review->default_model, err))
			return false;
		for (size_t j = 0; j < models->len; j++) {
			if (!add_row(plan, review, i, models->items[j], err))
				return false;
		}
	}
	return true;
}

/* Agents that need each other share their chunks, so that "the same chunk" means something. */
static size_t group_root(const size_t *group, size_t agent)
{
	while (group[agent] != agent)
		agent = group[agent];
	return agent;
}

static size_t *group_by_needs(struct plan *plan, const struct agents *agents)
{
	size_t *group = ARENA_ARRAY(&plan->arena, size_t, agents->len + 1);

	for (size_t i = 0; i < agents->len; i++)
		group[i] = i;
	for (size_t i = 0; i < agents->len; i++) {
		for (size_t j = 0; j < agents->len; j++) {
			if (needs_agent(&agents->items[i], &agents->items[j]))
				group[group_root(group, i)] = group_root(group, j);
		}
	}
	return group;
}

/* Agents whose chunks are packed from the same set of files. */
struct file_group {
	bool *files;  /* one a file of the diff */
	bool *agents; /* one an agent */
	struct chunks chunks;
};

/* Makes one packing for each distinct set of files; returns how many. */
static size_t make_groups(struct plan *plan, const struct agents *agents, struct file_group *groups)
{
	size_t *group = group_by_needs(plan, agents);
	size_t files = plan->diff->len;
	size_t len = 0;

	for (size_t i = 0; i < agents->len; i++) {
		bool *set;
		bool *members;
		size_t at;

		if (group_root(group, i) != i)
			continue;
		set = ARENA_ARRAY(&plan->arena, bool, files + 1);
		members = ARENA_ARRAY(&plan->arena, bool, agents->len + 1);
		for (size_t j = 0; j < agents->len; j++) {
			members[j] = group_root(group, j) == i;
			for (size_t file = 0; members[j] && file < files; file++)
				set[file] |= plan->sees[j][file];
		}
		at = 0;
		while (at < len && memcmp(groups[at].files, set, files) != 0)
			at++;
		if (at == len) {
			groups[len++] = (struct file_group){.files = set, .agents = members};
		} else {
			for (size_t j = 0; j < agents->len; j++)
				groups[at].agents[j] |= members[j];
		}
	}
	return len;
}

static void pack(struct plan *plan, struct file_group *group, int64_t chunk_tokens)
{
	uint32_t *files = NEW_ARRAY(uint32_t, plan->diff->len + 1);
	size_t len = 0;
	size_t tokens;

	for (size_t i = 0; i < plan->diff->len; i++) {
		if (group->files[i])
			files[len++] = (uint32_t)i;
	}
	tokens = chunk_tokens > 0 ? (size_t)chunk_tokens : (size_t)CHUNK_TOKENS_DEFAULT;
	group->chunks = chunks_pack(&plan->arena, plan->diff, files, len, tokens);
	free(files);
}

/* The units of the needed agents over the same chunk; they precede `unit`. */
static void link_needs(struct plan *plan, struct unit *unit, const struct unit *chunk_units,
		       size_t chunk_units_len)
{
	unit->needs = ARENA_ARRAY(&plan->arena, size_t, chunk_units_len + 1);
	for (size_t i = 0; i < chunk_units_len; i++) {
		if (needs_agent(unit->agent, chunk_units[i].agent))
			unit->needs[unit->needs_len++] = plan->units_len - chunk_units_len + i;
	}
}

struct unit_list {
	VEC_FIELDS(struct unit);
};

static void add_units(struct plan *plan, struct unit_list *units, const struct review *review,
		      const struct file_group *group, size_t chunk)
{
	size_t first = units->len;

	for (size_t i = 0; i < review->agents->len; i++) {
		size_t agent = plan->order[i];
		struct chunk view;

		if (!group->agents[agent])
			continue;
		task_breathe();
		view = chunk_filter(&plan->arena, plan->diff, &plan->chunks[chunk],
				    plan->sees[agent]);
		for (size_t row = 0; row < plan->rows_len && view.len; row++) {
			struct unit unit;

			if (plan->rows[row].agent != agent)
				continue;
			unit = (struct unit){.row = row,
					     .agent = &review->agents->items[agent],
					     .model = plan->rows[row].model,
					     .refereed = plan->refereed,
					     .chunk = chunk,
					     .view = view};
			plan->units_len = units->len;
			if (units->len > first)
				link_needs(plan, &unit, units->items + first, units->len - first);
			VEC_PUSH(units, unit);
			plan->rows[row].units++;
		}
	}
}

/* "security/sonnet 2/5": the row's name and which of its units this is. */
static void name_units(struct plan *plan)
{
	int *seen = ARENA_ARRAY(&plan->arena, int, plan->rows_len + 1);

	for (size_t i = 0; i < plan->units_len; i++) {
		struct unit *unit = &plan->units[i];
		unit->name = arena_printf(&plan->arena, "%.*s/%.*s %d/%d",
					  STR_ARG(unit->agent->name), STR_ARG(unit->model->alias),
					  ++seen[unit->row], plan->rows[unit->row].units);
	}
}

/* Joins the chunks of the groups into one numbering. */
static void join_chunks(struct plan *plan, struct file_group *groups, size_t len)
{
	size_t total = 0;

	for (size_t i = 0; i < len; i++)
		total += groups[i].chunks.len;
	plan->chunks = ARENA_ARRAY(&plan->arena, struct chunk, total + 1);
	for (size_t i = 0; i < len; i++) {
		for (size_t j = 0; j < groups[i].chunks.len; j++)
			plan->chunks[plan->chunks_len++] = groups[i].chunks.items[j];
	}
}

static bool make_units(struct plan *plan, const struct review *review, struct error *err)
{
	struct file_group *groups =
		ARENA_ARRAY(&plan->arena, struct file_group, review->agents->len + 1);
	size_t len = make_groups(plan, review->agents, groups);
	struct unit_list units = {0};
	size_t chunk = 0;

	for (size_t i = 0; i < len; i++)
		pack(plan, &groups[i], review->options.chunk_tokens);
	join_chunks(plan, groups, len);
	if (!shard_chunks(plan, &review->options, err))
		return false;
	for (size_t i = 0; i < len; i++) {
		for (size_t j = 0; j < groups[i].chunks.len; j++, chunk++) {
			if (shard_has(plan, &review->options, chunk))
				add_units(plan, &units, review, &groups[i], chunk);
		}
	}
	plan->units = ARENA_ARRAY(&plan->arena, struct unit, units.len + 1);
	plan->units_len = units.len;
	if (units.len)
		memcpy(plan->units, units.items, units.len * sizeof(*units.items));
	VEC_RELEASE(&units);
	if (plan->units_len > PLAN_UNITS_MAX)
		return error_set(
			err, ERROR_LIMIT,
			"plan the review: %zu model calls; at most %d are planned; use fewer agents, a larger chunk size or include-paths",
			plan->units_len, PLAN_UNITS_MAX);
	return true;
}

bool plan_make(struct plan *plan, const struct review *review, const struct diff *diff,
	       struct error *err)
{
	*plan = (struct plan){.diff = diff};
	judge_files(plan, review);
	match_paths(plan, review->agents);
	order_agents(plan, review->agents);
	for (size_t i = 0; i < review->agents->len; i++)
		plan->refereed |= review->agents->items[i].output == AGENT_VERDICTS;
	if (!make_rows(plan, review, err) || !make_units(plan, review, err)) {
		plan_release(plan);
		return false;
	}
	name_units(plan);
	plan_estimate(plan, review);
	return true;
}

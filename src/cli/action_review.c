/* The action's review: pull request in, review out, everything planned posted or named. */
#include "base/log.h"
#include "cli/posting.h"
#include "job/join.h"
#include "output/terminal.h"

/* One review under way. */
struct flow {
	struct action *action;
	struct runtime *run;
	struct str skip;
	struct posting posting;
};

/* ---- Before the first model call ---- */

/* A comment may choose among the agents that are configured, nothing else. */
static bool choose_agents(struct flow *flow, struct error *err)
{
	const struct comment_command *command = &flow->action->command;
	struct agents *agents = &flow->action->session.agents;
	size_t kept = 0;

	if (!command->agents_len)
		return true;
	for (size_t i = 0; i < agents->len; i++) {
		for (size_t j = 0; j < command->agents_len; j++) {
			if (str_eq(agents->items[i].name, command->agents[j])) {
				agents->items[kept++] = agents->items[i];
				break;
			}
		}
	}
	if (kept < command->agents_len)
		return error_set(err, ERROR_USAGE,
				 "the comment names an agent that is not configured here");
	agents->len = kept;
	/* The others' results are not there to be shown to these. */
	for (size_t i = 0; i < kept; i++)
		agents->items[i].needs.len = 0;
	return true;
}

/* Leaves out what an earlier run reviewed as it is now. */
static void filter_known(struct flow *flow)
{
	struct action *action = flow->action;
	const struct diff *diff = &action->target.diff;
	struct arena *arena = &action->cli->arena;
	const struct state *state = &flow->posting.standing.state;
	bool incremental = action->inputs.incremental && !action->command.agents_len &&
			   !posting_is_shard(&flow->posting);

	flow->posting.reviewed.files = ARENA_ARRAY(arena, struct diff_file, diff->len);
	for (size_t i = 0; i < diff->len; i++) {
		struct state_key key = state_key_of(&diff->files[i], flow->posting.reviewers);

		if (!incremental || !state_knows(state, &key))
			flow->posting.reviewed.files[flow->posting.reviewed.len++] = diff->files[i];
	}
	flow->posting.known_len = diff->len - flow->posting.reviewed.len;
	if (flow->posting.known_len)
		log_info("review", "%zu of %zu files did not change since the last review",
			 flow->posting.known_len, diff->len);
	action->target.change.diff = &flow->posting.reviewed;
}

/* "2/4@HEAD..BASE", as plan's matrix has it: this job reviews exactly those commits. */
static bool read_shard(struct flow *flow, struct error *err)
{
	struct action *action = flow->action;
	struct pull *pull = &action->target.pull;
	struct str shard = action->inputs.shard;
	struct shard_name name;

	if (!shard.len)
		return true;
	if (!shard_name_parse(shard, &name))
		return error_set(
			err, ERROR_USAGE,
			"input 'shard': '%.*s' is no entry of plan's matrix (\"2/4@HEAD..BASE\")",
			STR_ARG(shard));
	action->choices.shard = name.idx;
	action->choices.shards = name.len;
	if (!str_eq(pull->head_commit, name.head) || !str_eq(pull->base_commit, name.base))
		return target_set_commits(&action->target, name.head, name.base, err);
	return true;
}

static bool prepare(struct flow *flow, struct error *err)
{
	struct action *action = flow->action;
	struct session_sources sources;

	if (!action_find_pull(action, flow->run, &flow->skip, err) || flow->skip.len)
		return flow->skip.len > 0;
	if (!read_shard(flow, err))
		return false;
	sources = target_sources(&action->target);
	if (!session_load(&action->session, flow->run, &action->choices, &sources, err))
		return false;
	/* Of all agents: what a comment chooses among them is no other reviewer of the files. */
	flow->posting.reviewers = session_reviewers(&action->session);
	if (!choose_agents(flow, err) || !target_read_change(&action->target, err) ||
	    !session_connect(&action->session, true, err))
		return false;
	if (!posting_is_shard(&flow->posting) &&
	    !standing_read(action->target.forge.github, action->target.pull.number,
			   action->inputs.name, &flow->posting.standing, err))
		return error_wrap(err, "read what stands on the pull request");
	filter_known(flow);
	return true;
}

static bool prepare_stage(void *ctx, struct error *err)
{
	return prepare(ctx, err);
}

/* ---- The review ---- */

static void note_own_changes(struct flow *flow)
{
	const struct diff *diff = &flow->action->target.diff;

	for (size_t i = 0; i < diff->len; i++) {
		struct str path = diff->files[i].path;

		if (str_eq(path, STR(CONFIG_PATH_DEFAULT)) ||
		    str_starts(path, STR(".github/outcrop/"))) {
			review_result_notice(
				&flow->posting.result,
				"This change edits the reviewer's configuration or agents; it was reviewed with those of the base branch.");
			return;
		}
	}
}

static enum display_kind display_kind(const struct cli *cli)
{
	if (cli->in_actions)
		return DISPLAY_GROUPS;
	return cli->err_terminal ? DISPLAY_LIVE : DISPLAY_LINES;
}

static bool review(struct flow *flow, struct error *err)
{
	struct action *action = flow->action;
	struct runtime *run = flow->run;
	OWNED(display)
	struct display *display =
		display_new(display_kind(action->cli), stderr, action->cli->colour, &run->clock);
	struct review review = {
		.change = &action->target.change,
		.agents = &action->session.agents,
		.default_model = action->session.default_model,
		.options = action->session.options,
		.models = models_find,
		.models_ctx = &action->session.models,
		.embedder = session_embedder(&action->session),
		.progress = display_progress(display),
		.group = &run->work,
	};

	if (!review_run(&review, &flow->posting.result, err))
		return false;
	flow->posting.result.coverage.files += (int64_t)flow->posting.known_len;
	flow->posting.result.coverage.reviewed += (int64_t)flow->posting.known_len;
	if (run->signal)
		flow->posting.result.stopped = STOPPED_SIGNAL;
	note_own_changes(flow);
	flow->posting.view = posting_view(&flow->posting);
	return true;
}

static enum exit_status skip(struct flow *flow)
{
	struct error err;

	return results_skip(flow->run, flow->skip, &err) ? EXIT_DONE : cli_fail(&err);
}

static enum exit_status run_flow(struct flow *flow)
{
	struct error err;

	if (!runtime_stage(flow->run, prepare_stage, flow, &err))
		return cli_fail(&err);
	if (flow->skip.len)
		return skip(flow);
	if (!flow->action->target.diff.len) {
		flow->skip = STR("the pull request changes no file");
		return skip(flow);
	}
	if (!review(flow, &err))
		return cli_fail(&err);
	posting_publish(&flow->posting);
	return posting_leave(&flow->posting);
}

static void flow_release(struct flow *flow)
{
	posting_release(&flow->posting);
}

enum exit_status action_review(struct runtime *run, void *arg)
{
	struct action *action = arg;
	SCOPED(flow) struct flow flow = {.action = action, .run = run};
	enum exit_status status;
	struct error err;

	posting_init(&flow.posting, action, run);
	action_fill_choices(action, run);
	if (!aws_options_check(&action->choices.aws, &err))
		return cli_fail(&err);
	action_open(action, run);
	status = run_flow(&flow);
	action_release(action);
	return status;
}

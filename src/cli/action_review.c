/* The action's review: pull request in, review out, everything planned posted or named. */
#include "base/log.h"
#include "cli/action.h"
#include "github/actions.h"
#include "output/sarif.h"
#include "output/terminal.h"
#include "value/json.h"

/* One review under way. */
struct flow {
	struct action *action;
	struct run *run;
	struct str skip;
	struct standing standing;
	struct diff reviewed;   /* the files of the change that this run reviews; borrows them */
	struct state_key *keys; /* one a file of the whole change */
	bool *known;            /* one a file: an earlier run reviewed it as it is */
	size_t known_len;       /* how many are known */
	struct review_result result;
	struct review_view view;
	struct publish_report published;
	struct buf sarif;
	struct error error;
	bool good;
};

static bool wants(const struct flow *flow, const char *kind)
{
	const struct strings *publish = &flow->action->inputs.publish;

	for (size_t i = 0; i < publish->len; i++) {
		if (str_eq(publish->items[i], STR("none")))
			return false;
	}
	for (size_t i = 0; i < publish->len; i++) {
		if (str_eq(publish->items[i], str_from(kind)))
			return true;
	}
	return false;
}

static bool is_shard(const struct flow *flow)
{
	return flow->action->inputs.shard.len > 0;
}

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
	struct str reviewers = session_reviewers(&action->session);
	bool incremental =
		action->inputs.incremental && flow->standing.has_state && !is_shard(flow);

	flow->keys = ARENA_ARRAY(arena, struct state_key, diff->len);
	flow->known = ARENA_ARRAY(arena, bool, diff->len);
	flow->reviewed.files = ARENA_ARRAY(arena, struct diff_file, diff->len);
	for (size_t i = 0; i < diff->len; i++) {
		flow->keys[i] = state_key_of(&diff->files[i], reviewers);
		flow->known[i] = incremental && state_knows(&flow->standing.state, &flow->keys[i]);
		if (!flow->known[i])
			flow->reviewed.files[flow->reviewed.len++] = diff->files[i];
	}
	flow->known_len = diff->len - flow->reviewed.len;
	if (flow->known_len)
		log_info("review", "%zu of %zu files did not change since the last review",
			 flow->known_len, diff->len);
	action->target.change.diff = &flow->reviewed;
}

/* "2/4@HEAD..BASE", as plan's matrix has it: this job reviews exactly those commits. */
static bool read_shard(struct flow *flow, struct error *err)
{
	struct action *action = flow->action;
	struct pull *pull = &action->target.pull;
	struct str shard = action->inputs.shard;
	struct str number, rest, total, head, base;
	int64_t idx, len;

	if (!shard.len)
		return true;
	if (!str_cut(shard, STR("/"), &number, &rest) || !str_cut(rest, STR("@"), &total, &rest) ||
	    !str_cut(rest, STR(".."), &head, &base) || !str_to_int64(number, &idx) ||
	    !str_to_int64(total, &len) || idx < 1 || idx > len || len > 256)
		return error_set(err, ERROR_USAGE,
				 "input 'shard': '%.*s' is no entry of plan's matrix "
				 "(\"2/4@HEAD..BASE\")",
				 STR_ARG(shard));
	action->choices.shard = (int)idx;
	action->choices.shards = (int)len;
	if (!str_eq(pull->head_commit, head) || !str_eq(pull->base_commit, base))
		return target_set_commits(&action->target, head, base, err);
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
	if (!session_load(&action->session, flow->run, &action->choices, &sources, err) ||
	    !choose_agents(flow, err) || !target_read_change(&action->target, err) ||
	    !session_connect(&action->session, true, err))
		return false;
	if (!is_shard(flow) &&
	    !standing_read(action->target.forge.github, action->target.pull.number,
			   action->inputs.name, &flow->standing, err))
		return error_wrap(err, "read what stands on the pull request");
	filter_known(flow);
	return true;
}

static void prepare_task(void *arg)
{
	struct flow *flow = arg;

	flow->good = prepare(flow, &flow->error);
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
				&flow->result,
				"This change edits the reviewer's configuration or agents; it "
				"was reviewed with those of the base branch.");
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

static struct review_view view_of(const struct flow *flow)
{
	struct review_view view = action_view(flow->action, &flow->result);

	view.incremental = flow->known_len > 0;
	return view;
}

static bool review(struct flow *flow, struct error *err)
{
	struct action *action = flow->action;
	struct run *run = flow->run;
	OWNED(display)
	struct display *display =
		display_new(display_kind(run->cli), stderr, run->cli->colour, &run->clock);
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

	if (!review_run(&review, &flow->result, err))
		return false;
	flow->result.coverage.files += (int64_t)flow->known_len;
	flow->result.coverage.reviewed += (int64_t)flow->known_len;
	if (run->signal)
		flow->result.stopped = STOPPED_SIGNAL;
	note_own_changes(flow);
	flow->view = view_of(flow);
	return true;
}

/* ---- After it ---- */

static bool was_skipped(const struct flow *flow, struct str path)
{
	const struct coverage *coverage = &flow->result.coverage;

	for (size_t i = 0; i < coverage->skipped_len; i++) {
		if (str_eq(coverage->skipped[i].path, path) && !coverage->skipped[i].by_rule)
			return true;
	}
	return false;
}

/* The keys of all files that now count as reviewed; only a run that all agents took part in counts. */
static size_t reviewed_keys(struct flow *flow)
{
	const struct diff *diff = &flow->action->target.diff;
	size_t len = 0;

	for (size_t i = 0; i < diff->len; i++) {
		bool whole = !flow->action->command.agents_len &&
			     !was_skipped(flow, diff->files[i].path);

		if (flow->known[i] || whole)
			flow->keys[len++] = flow->keys[i];
	}
	return len;
}

static bool read_head_file(void *ctx, struct str path, struct buf *out)
{
	struct flow *flow = ctx;
	struct target *target = &flow->action->target;
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct source_tree tree;
	struct error err;

	return source_tree(&target->head, &arena, &tree, &err) &&
	       source_read(&target->head, &tree, path, SOURCE_BLOB_SIZE_MAX, out, &err);
}

static void make_sarif(struct flow *flow)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct sarif_files files = {read_head_file, flow};

	if (wants(flow, "sarif"))
		json_write(&flow->sarif, sarif_value(&arena, &flow->view, &files), JSON_COMPACT);
}

static void publish_task(void *arg)
{
	struct flow *flow = arg;
	struct action *action = flow->action;
	struct target *target = &action->target;
	struct publish_options options = {
		.github = target->forge.github,
		.pull = &target->pull,
		.diff = &target->diff,
		.reviewed = &flow->reviewed,
		.head = &target->head,
		.run_id = arena_printf(&action->cli->arena, "%.*s-%.*s",
				       STR_ARG(action->choices.run_id),
				       STR_ARG(env_get(&action->cli->env, "GITHUB_RUN_ATTEMPT"))),
		.summary = wants(flow, "summary"),
		.review = wants(flow, "review"),
		.check = wants(flow, "check"),
		.min_severity = action->session.options.min_severity,
		.max_inline_comments = action->inputs.max_inline_comments,
		.keys = flow->keys,
		.keys_len = reviewed_keys(flow),
		.keep_keys = action->command.agents_len > 0,
		.view = flow->view,
	};

	make_sarif(flow);
	options.sarif = buf_str(&flow->sarif);
	publish_run(&options, &flow->standing, &flow->result, &flow->published);
	for (size_t i = 0; i < flow->published.warnings.len; i++)
		log_warning("publish", "%.*s", STR_ARG(flow->published.warnings.items[i]));
}

static void publish(struct flow *flow)
{
	struct run *run = flow->run;

	if (is_shard(flow))
		return;
	run_post(run, publish_task, flow);
	flow->view = view_of(flow);
	log_info("publish", "%lld planned: %lld posted, %lld unchanged, %lld failed; %lld resolved",
		 (long long)flow->published.planned, (long long)flow->published.posted,
		 (long long)flow->published.unchanged, (long long)flow->published.failed,
		 (long long)flow->published.resolved);
	if (flow->published.summary_url.len)
		log_info("publish", "summary: %.*s", STR_ARG(flow->published.summary_url));
}

static enum exit_status leave_results(struct flow *flow)
{
	const struct action *action = flow->action;
	struct results results = {
		.run = flow->run,
		.view = &flow->view,
		.published = is_shard(flow) ? NULL : &flow->published,
		.inputs = &action->inputs,
		.shard = action->inputs.shard,
	};
	enum exit_status status;
	struct error err;

	if (wants(flow, "annotations"))
		results_annotate(&flow->result);
	status = results_status(&flow->result, results.published, action->inputs.fail_on);
	if (!results_write_files(&results, &err) || !results_write_outputs(&results, &err)) {
		log_error("cli", "%s", err.message);
		status = exit_worse(status, EXIT_UNPOSTED);
	}
	if (!flow->run->cli->in_actions) {
		SCOPED(buf) struct buf text = BUF_INIT;

		terminal_add(&text, &flow->view, flow->run->cli->colour);
		fputs(text.ptr, stderr);
	} else {
		SCOPED(buf) struct buf counts = BUF_INIT;

		view_add_counts(&counts, &flow->result);
		log_info("review", "%s: %s", conclusion_name(flow->view.conclusion), counts.ptr);
	}
	return status;
}

static enum exit_status skip(struct flow *flow)
{
	struct error err;

	return results_skip(flow->run, flow->skip, &err) ? EXIT_DONE : cli_fail(&err);
}

static enum exit_status run_flow(struct flow *flow)
{
	struct error err;

	flow->good = false;
	if (!run_stage(flow->run, prepare_task, flow, &err))
		return cli_fail(&err);
	if (!flow->good)
		return cli_fail(&flow->error);
	if (flow->skip.len)
		return skip(flow);
	if (!flow->action->target.diff.len) {
		flow->skip = STR("the pull request changes no file");
		return skip(flow);
	}
	if (!review(flow, &err))
		return cli_fail(&err);
	publish(flow);
	return leave_results(flow);
}

static void flow_release(struct flow *flow)
{
	buf_release(&flow->sarif);
	publish_report_release(&flow->published);
	review_result_release(&flow->result);
	standing_release(&flow->standing);
}

enum exit_status action_review(struct run *run, void *arg)
{
	struct action *action = arg;
	SCOPED(flow) struct flow flow = {.action = action, .run = run};
	enum exit_status status;
	struct error err;

	buf_init(&flow.sarif, BUF_SIZE_MAX);
	action_fill_choices(action, run);
	if (!aws_options_check(&action->choices.aws, &err))
		return cli_fail(&err);
	action_open(action, run);
	status = run_flow(&flow);
	action_release(action);
	return status;
}

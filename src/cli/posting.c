/* What the action does with a result: publishes it once, and leaves files, outputs and a status. */
#include "cli/posting.h"

#include "base/log.h"
#include "output/sarif.h"
#include "output/terminal.h"
#include "publish/reviewed.h"
#include "value/json.h"

void posting_init(struct posting *posting, struct action *action, struct runtime *run)
{
	*posting = (struct posting){.action = action, .run = run};
	buf_init(&posting->sarif, BUF_SIZE_MAX);
}

void posting_release(struct posting *posting)
{
	if (!posting)
		return;
	buf_release(&posting->sarif);
	publish_report_release(&posting->published);
	review_result_release(&posting->result);
	standing_release(&posting->standing);
}

bool posting_wants(const struct posting *posting, const char *kind)
{
	const struct strings *publish = &posting->action->inputs.publish;

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

bool posting_is_shard(const struct posting *posting)
{
	return posting->action->inputs.shard.len > 0;
}

struct review_view posting_view(const struct posting *posting)
{
	struct review_view view = action_view(posting->action, &posting->result);

	view.incremental = posting->known_len > 0;
	view.reviewers = posting->reviewers;
	return view;
}

static bool read_head_file(void *ctx, struct str path, struct buf *out)
{
	struct posting *posting = ctx;
	struct target *target = &posting->action->target;
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct source_tree tree;
	struct error err;

	return source_tree(&target->head, &arena, &tree, &err) &&
	       source_read(&target->head, &tree, path, SOURCE_BLOB_SIZE_MAX, out, &err);
}

static void make_sarif(struct posting *posting)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct sarif_files files = {read_head_file, posting};

	if (posting_wants(posting, "sarif"))
		json_write(&posting->sarif, sarif_value(&arena, &posting->view, &files),
			   JSON_COMPACT);
}

static bool publish_stage(void *ctx, struct error *err)
{
	struct posting *posting = ctx;
	struct action *action = posting->action;
	struct target *target = &action->target;
	enum severity fail_on = SEVERITY_CRITICAL;
	struct publish_options options = {
		.github = target->forge.github,
		.pull = &target->pull,
		.diff = &target->diff,
		.reviewed = &posting->reviewed,
		.head = &target->head,
		.run_id = arena_printf(&action->cli->arena, "%.*s-%.*s",
				       STR_ARG(action->choices.run_id),
				       STR_ARG(env_get(&action->cli->env, "GITHUB_RUN_ATTEMPT"))),
		.summary = posting_wants(posting, "summary"),
		.review = posting_wants(posting, "review"),
		.check = posting_wants(posting, "check"),
		.min_severity = action->session.options.min_severity,
		.has_fail_on = severity_parse(action->inputs.fail_on, &fail_on),
		.fail_on = fail_on,
		.max_inline_comments = action->inputs.max_inline_comments,
		.view = posting->view,
	};
	const struct reviewed reviewed = {
		.diff = &target->diff,
		.coverage = &posting->result.coverage,
		.before = &posting->standing.state,
		.reviewers = posting->reviewers,
		.some_agents = action->command.agents_len > 0,
	};
	struct state_key *keys;

	reviewed_keys(&reviewed, &action->cli->arena, &keys, &options.keys_len);
	options.keys = keys;
	make_sarif(posting);
	options.sarif = buf_str(&posting->sarif);
	publish_run(&options, &posting->standing, &posting->result, &posting->published);
	for (size_t i = 0; i < posting->published.warnings.len; i++)
		log_warning("publish", "%.*s", STR_ARG(posting->published.warnings.items[i]));
	(void)err;
	return true;
}

void posting_publish(struct posting *posting)
{
	struct runtime *run = posting->run;
	struct error err;

	if (posting_is_shard(posting))
		return;
	(void)!runtime_post(run, publish_stage, posting, &err);
	posting->view = posting_view(posting);
	log_info("publish", "%lld planned: %lld posted, %lld unchanged, %lld failed; %lld resolved",
		 (long long)posting->published.planned, (long long)posting->published.posted,
		 (long long)posting->published.unchanged, (long long)posting->published.failed,
		 (long long)posting->published.resolved);
	if (posting->published.summary_url.len)
		log_info("publish", "summary: %.*s", STR_ARG(posting->published.summary_url));
}

enum exit_status posting_leave(struct posting *posting)
{
	const struct action *action = posting->action;
	struct results results = {
		.run = posting->run,
		.view = &posting->view,
		.published = posting_is_shard(posting) ? NULL : &posting->published,
		.inputs = &action->inputs,
		.shard = action->inputs.shard,
	};
	enum exit_status status;
	struct error err;

	if (posting_wants(posting, "annotations"))
		results_annotate(&posting->result);
	status = status_of_review(&posting->result, results.published, action->inputs.fail_on);
	if (!results_write_files(&results, &err) || !results_write_outputs(&results, &err)) {
		log_error("cli", "%s", err.message);
		status = exit_worse(status, EXIT_UNPOSTED);
	}
	if (!action->cli->in_actions) {
		SCOPED(buf) struct buf text = BUF_INIT;

		terminal_add(&text, &posting->view, action->cli->colour);
		fputs(text.ptr, stderr);
	} else {
		SCOPED(buf) struct buf counts = BUF_INIT;

		for (size_t i = 0; i < posting->result.notices_len; i++)
			log_notice("review", "%.*s", STR_ARG(posting->result.notices[i]));
		view_add_counts(&counts, &posting->result);
		log_info("review", "%s: %s", conclusion_name(posting->view.conclusion), counts.ptr);
	}
	return status;
}

/* outcrop merge: the reports of shards as one review, printed; posted only when asked. */
#include "base/file.h"
#include "base/log.h"
#include "cli/commands.h"
#include "cli/local.h"
#include "cli/results.h"
#include "job/join.h"
#include "job/version.h"
#include "output/markdown.h"
#include "output/report.h"
#include "output/sarif.h"
#include "output/terminal.h"
#include "publish/reviewed.h"
#include "value/json.h"

struct merge_options {
	struct cli *cli;
	struct str format, output, fail_on;
	bool publish, allow_http, debug;
};

#define AT(member) offsetof(struct merge_options, member)

static const char *const formats[] = {"text", "markdown", "json", "sarif", NULL};
static const char *const fail_levels[] = {"critical", "high",  "medium", "low",
					  "info",     "never", NULL};

/* Keep alphabetized. */
static const struct option options_table[] = {
	{"allow-http", OPTION_FLAG, AT(allow_http), NULL, "Speak plain http to any host."},
	{"debug", OPTION_FLAG, AT(debug), NULL, "Say what happens underneath."},
	{"fail-on", OPTION_CHOICE, AT(fail_on), "SEVERITY",
	 "Exit 1 when a finding is at least this severe.", .choices = fail_levels},
	{"format", OPTION_CHOICE, AT(format), "FORMAT", "How the result is printed.",
	 .choices = formats},
	{"output", OPTION_TEXT, AT(output), "FILE",
	 "Where the result goes. Default: standard output."},
	{"publish", OPTION_FLAG, AT(publish), NULL,
	 "Post the review on the reports' pull request, with GITHUB_TOKEN or GH_TOKEN."},
};

/* One run of the command. */
struct merging {
	struct runtime *run;
	const struct merge_options *given;
	const struct arguments *files;
	struct review_result result;
	struct joined joined;
	struct target target;
	struct standing standing;
	struct review_view view;
	struct publish_report published;
};

/* What the entry point hands to the first task. */
struct merge_call {
	const struct merge_options *given;
	const struct arguments *files;
};

static void merging_release(struct merging *merging)
{
	publish_report_release(&merging->published);
	standing_release(&merging->standing);
	review_result_release(&merging->result);
	target_release(&merging->target);
}

static bool read_reports(struct merging *merging, struct error *err)
{
	struct arena *arena = merging->run->arena;
	size_t len = merging->files->len;
	struct joined_report *reports = ARENA_ARRAY(arena, struct joined_report, len);

	if (!len)
		return error_set(err, ERROR_USAGE,
				 "no report is given; see 'outcrop merge --help'");
	for (size_t i = 0; i < len; i++) {
		SCOPED(buf) struct buf text = BUF_INIT;

		reports[i].file = merging->files->items[i];
		if (!file_read(arena_text(arena, reports[i].file), REPORT_SIZE_MAX, &text, err)) {
			err->kind = ERROR_USAGE;
			return false;
		}
		reports[i].text = arena_str(arena, buf_str(&text));
	}
	return join_reports(reports, len, arena, &merging->result, &merging->joined, err);
}

static bool find_pull(struct merging *merging, struct error *err)
{
	const struct joined *joined = &merging->joined;
	struct target *target = &merging->target;

	if (!joined->number)
		return error_set(err, ERROR_USAGE, "--publish: the reports are of no pull request");
	local_open_forge(merging->run, &target->forge, joined->repository);
	return target_set_pull(target, joined->number, err) &&
	       target_set_commits(target, joined->head, joined->base, err) &&
	       target_read_change(target, err) &&
	       standing_read(target->forge.github, joined->number, STR("outcrop"),
			     &merging->standing, err);
}

static bool prepare_stage(void *ctx, struct error *err)
{
	struct merging *merging = ctx;

	return read_reports(merging, err) && (!merging->given->publish || find_pull(merging, err));
}

static void set_view(struct merging *merging)
{
	struct str server = env_get(merging->run->env, "GITHUB_SERVER_URL");
	const struct joined *joined = &merging->joined;

	merging->view = (struct review_view){
		.result = &merging->result,
		.conclusion = review_conclude(&merging->result),
		.name = STR("outcrop"),
		.version = STR(OUTCROP_VERSION),
		.repository = joined->repository,
		.number = joined->number,
		.base_commit = joined->base,
		.head_commit = joined->head,
		.reviewers = joined->reviewers,
	};
	if (joined->number)
		merging->view.server_url = server.len ? server : STR("https://github.com");
}

static bool publish_stage(void *ctx, struct error *err)
{
	struct merging *merging = ctx;
	struct publish_options options = {
		.github = merging->target.forge.github,
		.pull = &merging->target.pull,
		.diff = &merging->target.diff,
		.head = &merging->target.head,
		.run_id = STR("local"),
		.summary = true,
		.review = true,
		.min_severity = SEVERITY_LOW,
		.max_inline_comments = 25,
		.view = merging->view,
	};
	const struct reviewed reviewed = {
		.diff = &merging->target.diff,
		.coverage = &merging->result.coverage,
		.before = &merging->standing.state,
		.reviewers = merging->joined.reviewers,
	};
	struct state_key *keys;

	reviewed_keys(&reviewed, merging->run->arena, &keys, &options.keys_len);
	options.keys = keys;
	publish_run(&options, &merging->standing, &merging->result, &merging->published);
	for (size_t i = 0; i < merging->published.warnings.len; i++)
		log_warning("publish", "%.*s", STR_ARG(merging->published.warnings.items[i]));
	set_view(merging);
	(void)err;
	return true;
}

static void add_result(const struct merging *merging, struct buf *out)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct str format = merging->given->format;
	bool colour = merging->given->cli->colour && merging->given->cli->out_terminal &&
		      !merging->given->output.len;

	if (str_eq(format, STR("json"))) {
		json_write(out, report_value(&arena, &merging->view, STR_EMPTY), JSON_PRETTY);
		buf_add_char(out, '\n');
	} else if (str_eq(format, STR("sarif"))) {
		json_write(out, sarif_value(&arena, &merging->view, NULL), JSON_PRETTY);
		buf_add_char(out, '\n');
	} else if (str_eq(format, STR("markdown"))) {
		markdown_document(out, &merging->view);
	} else {
		terminal_add(out, &merging->view, colour);
	}
}

static enum exit_status run_merging(struct runtime *run, void *arg)
{
	const struct merge_call *call = arg;
	SCOPED(merging)
	struct merging merging = {.run = run, .given = call->given, .files = call->files};
	SCOPED(buf) struct buf out = BUF_INIT;
	enum exit_status status;
	struct error err;

	if (!runtime_stage(run, prepare_stage, &merging, &err))
		return cli_fail(&err);
	set_view(&merging);
	if (merging.given->publish)
		(void)!runtime_post(run, publish_stage, &merging, &err);
	add_result(&merging, &out);
	status = status_of_review(&merging.result,
				  merging.given->publish ? &merging.published : NULL,
				  merging.given->fail_on);
	if (merging.joined.missing) {
		log_error("merge", "%d shards have no report: the review is partial",
			  merging.joined.missing);
		status = exit_worse(status, EXIT_INCOMPLETE);
	}
	if (!cli_output(merging.given->output, buf_str(&out), &err))
		return cli_fail(&err);
	return status;
}

static enum exit_status run(struct cli *cli, const void *options, const struct arguments *arguments)
{
	struct merge_options given = *(const struct merge_options *)options;
	struct merge_call call = {&given, arguments};

	given.cli = cli;
	if (given.debug)
		log_setup(LOG_DEBUG, LOG_FORMAT_TEXT);
	return cli_start(cli, 8, given.allow_http, run_merging, &call);
}

const struct command command_merge = {
	.name = "merge",
	.summary = "Join the JSON reports of shards into one review.",
	.arguments = "REPORT...",
	.details =
		"The reports are those that 'outcrop action' wrote with the input shard. They must be of\n"
		"one plan; a shard without a report makes the review partial (exit status 4).",
	.options = options_table,
	.options_len = ARRAY_LEN(options_table),
	.options_size = sizeof(struct merge_options),
	.arguments_max = SHARDS_MAX,
	.run = run,
};

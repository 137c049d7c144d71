/* outcrop merge: the reports of shards as one review, printed; posted only when asked. */
#include "base/file.h"
#include "base/log.h"
#include "cli/commands.h"
#include "cli/joining.h"
#include "cli/local.h"
#include "cli/results.h"
#include "cli/version.h"
#include "output/markdown.h"
#include "output/report.h"
#include "output/sarif.h"
#include "output/terminal.h"
#include "publish/reviewed.h"
#include "value/json.h"

struct merge_options {
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
	struct run *run;
	const struct merge_options *given;
	const struct arguments *files;
	struct review_result result;
	struct joined joined;
	struct target target;
	struct standing standing;
	struct review_view view;
	struct publish_report published;
	struct error error;
	bool good;
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
	struct arena *arena = &merging->run->cli->arena;
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
	return joining_run(reports, len, arena, &merging->result, &merging->joined, err);
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

static void prepare_task(void *arg)
{
	struct merging *merging = arg;

	merging->good = read_reports(merging, &merging->error) &&
			(!merging->given->publish || find_pull(merging, &merging->error));
}

static void set_view(struct merging *merging)
{
	struct str server = env_get(&merging->run->cli->env, "GITHUB_SERVER_URL");
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

static void publish_task(void *arg)
{
	struct merging *merging = arg;
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

	reviewed_keys(&reviewed, &merging->run->cli->arena, &keys, &options.keys_len);
	options.keys = keys;
	publish_run(&options, &merging->standing, &merging->result, &merging->published);
	for (size_t i = 0; i < merging->published.warnings.len; i++)
		log_warning("publish", "%.*s", STR_ARG(merging->published.warnings.items[i]));
	set_view(merging);
}

static void add_result(const struct merging *merging, struct buf *out)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct str format = merging->given->format;
	bool colour = merging->run->cli->colour && merging->run->cli->out_terminal &&
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

static enum exit_status run_merging(struct run *run, void *arg)
{
	const struct merge_call *call = arg;
	SCOPED(merging)
	struct merging merging = {.run = run, .given = call->given, .files = call->files};
	SCOPED(buf) struct buf out = BUF_INIT;
	enum exit_status status;
	struct error err;

	if (!run_stage(run, prepare_task, &merging, &err))
		return cli_fail(&err);
	if (!merging.good)
		return cli_fail(&merging.error);
	set_view(&merging);
	if (merging.given->publish)
		run_post(run, publish_task, &merging);
	add_result(&merging, &out);
	status = results_status(&merging.result, merging.given->publish ? &merging.published : NULL,
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
	const struct merge_options *given = options;
	struct merge_call call = {given, arguments};

	if (given->debug)
		log_setup(LOG_DEBUG, LOG_FORMAT_TEXT);
	return run_start(cli, 8, given->allow_http, run_merging, &call);
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

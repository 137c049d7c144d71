/* outcrop review: the same review on a laptop, printed; posted only when asked. */
#include "base/list.h"
#include "base/log.h"
#include "cli/commands.h"
#include "cli/local.h"
#include "cli/results.h"
#include "job/session.h"
#include "job/target.h"
#include "job/version.h"
#include "output/markdown.h"
#include "output/report.h"
#include "output/sarif.h"
#include "output/terminal.h"
#include "publish/publish.h"
#include "publish/reviewed.h"
#include "value/json.h"

struct review_options_given {
	struct cli *cli;
	struct str base, diff, pr;
	struct str format, output;
	struct str agents, config, model, region, profile;
	struct str min_severity, fail_on, language;
	struct str record, replay;
	int64_t max_concurrency, max_calls;
	double max_cost_usd, timeout_minutes;
	bool publish, allow_http, debug;
};

#define AT(member) offsetof(struct review_options_given, member)

static const char *const formats[] = {"text", "markdown", "json", "sarif", NULL};
static const char *const severities[] = {"critical", "high", "medium", "low", "info", NULL};
static const char *const fail_levels[] = {"critical", "high",  "medium", "low",
					  "info",     "never", NULL};

/* Keep alphabetized. */
static const struct option options_table[] = {
	{"agents", OPTION_TEXT, AT(agents), "LIST",
	 "Agents: names, paths, globs, OWNER/REPO/PATH@REF, separated by commas."},
	{"allow-http", OPTION_FLAG, AT(allow_http), NULL, "Speak plain http to any host."},
	{"base", OPTION_TEXT, AT(base), "REF",
	 "Review the work tree against the merge base with REF. Default: the default branch."},
	{"config", OPTION_TEXT, AT(config), "PATH",
	 "Configuration file in the repository, or OWNER/REPO/PATH@REF. Default: .github/outcrop.yml."},
	{"debug", OPTION_FLAG, AT(debug), NULL, "Say what happens underneath."},
	{"diff", OPTION_TEXT, AT(diff), "FILE", "Review a diff; - is standard input."},
	{"fail-on", OPTION_CHOICE, AT(fail_on), "SEVERITY",
	 "Exit 1 when a finding is at least this severe.", .choices = fail_levels},
	{"format", OPTION_CHOICE, AT(format), "FORMAT", "How the result is printed.",
	 .choices = formats},
	{"language", OPTION_TEXT, AT(language), "LANG", "Language of the comments. Default: en."},
	{"max-calls", OPTION_INT, AT(max_calls), "N", "Model calls of the run. Default: 200.",
	 .min = 1, .max = 100000},
	{"max-concurrency", OPTION_INT, AT(max_concurrency), "N",
	 "Model calls in flight. Default: the configuration's, else 4.", .min = 1, .max = 1000},
	{"max-cost-usd", OPTION_NUMBER, AT(max_cost_usd), "USD",
	 "A call starts only if the run stays within this cost."},
	{"min-severity", OPTION_CHOICE, AT(min_severity), "SEVERITY",
	 "Findings below it stay in the report.", .choices = severities},
	{"model", OPTION_TEXT, AT(model), "MODEL",
	 "Model for agents that name none: alias, model ID, profile ID or ARN."},
	{"output", OPTION_TEXT, AT(output), "FILE",
	 "Where the result goes. Default: standard output."},
	{"pr", OPTION_TEXT, AT(pr), "OWNER/REPO#N",
	 "Review a pull request of GitHub, with GITHUB_TOKEN or GH_TOKEN."},
	{"profile", OPTION_TEXT, AT(profile), "NAME", "AWS profile. Default: AWS_PROFILE."},
	{"publish", OPTION_FLAG, AT(publish), NULL,
	 "Post the review on the pull request (with --pr)."},
	{"record", OPTION_TEXT, AT(record), "DIR", "Keep every exchange with a model in a folder."},
	{"region", OPTION_TEXT, AT(region), "REGION", "AWS region. Default: AWS_REGION."},
	{"replay", OPTION_TEXT, AT(replay), "DIR",
	 "Answer from such a folder; no model is called and no AWS credentials are needed."},
	{"timeout-minutes", OPTION_NUMBER, AT(timeout_minutes), "N",
	 "Time for the whole run. Default: 15."},
};

/* One run of the command. */
struct local {
	struct runtime *run;
	const struct review_options_given *given;
	struct session_choices choices;
	struct target target;
	struct session session;
	struct standing standing;
	struct review_result result;
	struct review_view view;
	struct publish_report published;
};

static void local_release(struct local *local)
{
	publish_report_release(&local->published);
	standing_release(&local->standing);
	review_result_release(&local->result);
	session_release(&local->session);
	target_release(&local->target);
}

static bool fill_choices(struct local *local, struct error *err)
{
	const struct review_options_given *given = local->given;
	struct str_list agents = {0};
	double minutes = given->timeout_minutes > 0 ? given->timeout_minutes : 15;

	if (!list_split(local->run->arena, given->agents, LIST_WORDS, &agents, err))
		return error_wrap(err, "--agents");
	if (given->record.len && given->replay.len)
		return error_set(err, ERROR_USAGE, "--record and --replay exclude each other");
	if (given->publish && !given->pr.len)
		return error_set(err, ERROR_USAGE, "--publish needs --pr OWNER/REPO#N");
	local->choices = (struct session_choices){
		.aws = {.region = given->region, .profile = given->profile, .local = true},
		.config = given->config,
		.agents = {.items = agents.items, .len = agents.len},
		.model = given->model,
		.max_concurrency = given->max_concurrency,
		.max_calls = given->max_calls,
		.max_cost_usd = given->max_cost_usd > 0 ? given->max_cost_usd : -1,
		.timeout_ms = (int64_t)(minutes * 60000),
		.min_severity = given->min_severity,
		.language = given->language,
		.record_dir = given->record,
		.replay_dir = given->replay,
		.run_id = STR("local"),
	};
	return aws_options_check(&local->choices.aws, err);
}

static bool prepare(struct local *local, struct error *err)
{
	struct local_change change = {local->given->base, local->given->diff, local->given->pr};
	struct session_sources sources;

	if (!local_find(&change, local->run, &local->target, err))
		return false;
	sources = target_sources(&local->target);
	if (!session_load(&local->session, local->run, &local->choices, &sources, err) ||
	    !session_connect(&local->session, true, err))
		return false;
	return !local->given->publish ||
	       standing_read(local->target.forge.github, local->target.pull.number, STR("outcrop"),
			     &local->standing, err);
}

static bool prepare_stage(void *ctx, struct error *err)
{
	return prepare(ctx, err);
}

static struct review_view view_of(struct local *local)
{
	struct str server = env_get(local->run->env, "GITHUB_SERVER_URL");
	bool forge = local->target.pull.number > 0;

	return (struct review_view){
		.result = &local->result,
		.conclusion = review_conclude(&local->result),
		.name = STR("outcrop"),
		.version = STR(OUTCROP_VERSION),
		.repository = local->target.change.repository,
		.server_url = forge ? (server.len ? server : STR("https://github.com")) : STR_EMPTY,
		.number = local->target.pull.number,
		.base_commit = local->target.change.base_commit,
		.head_commit = local->target.change.head_commit,
		.reviewers = session_reviewers(&local->session),
	};
}

static bool review(struct local *local, struct error *err)
{
	struct runtime *run = local->run;
	OWNED(display)
	struct display *display =
		display_new(local->given->cli->err_terminal ? DISPLAY_LIVE : DISPLAY_LINES, stderr,
			    local->given->cli->colour, &run->clock);
	struct review review = {
		.change = &local->target.change,
		.agents = &local->session.agents,
		.default_model = local->session.default_model,
		.options = local->session.options,
		.models = models_find,
		.models_ctx = &local->session.models,
		.embedder = session_embedder(&local->session),
		.progress = display_progress(display),
		.group = &run->work,
	};

	if (!review_run(&review, &local->result, err))
		return false;
	if (run->signal)
		local->result.stopped = STOPPED_SIGNAL;
	local->view = view_of(local);
	return true;
}

static bool publish_stage(void *ctx, struct error *err)
{
	struct local *local = ctx;
	struct publish_options options = {
		.github = local->target.forge.github,
		.pull = &local->target.pull,
		.diff = &local->target.diff,
		.head = &local->target.head,
		.run_id = local->choices.run_id,
		.summary = true,
		.review = true,
		.min_severity = local->session.options.min_severity,
		.max_inline_comments = 25,
		.view = local->view,
	};
	const struct reviewed reviewed = {
		.diff = &local->target.diff,
		.coverage = &local->result.coverage,
		.before = &local->standing.state,
		.reviewers = local->view.reviewers,
	};
	struct state_key *keys;

	reviewed_keys(&reviewed, local->run->arena, &keys, &options.keys_len);
	options.keys = keys;
	publish_run(&options, &local->standing, &local->result, &local->published);
	local->view = view_of(local);
	(void)err;
	return true;
}

static void add_result(const struct local *local, struct buf *out)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct str format = local->given->format;
	bool to_terminal = local->given->cli->out_terminal && !local->given->output.len;

	if (str_eq(format, STR("json"))) {
		json_write(out, report_value(&arena, &local->view, STR_EMPTY), JSON_PRETTY);
		buf_add_char(out, '\n');
	} else if (str_eq(format, STR("sarif"))) {
		json_write(out, sarif_value(&arena, &local->view, NULL), JSON_PRETTY);
		buf_add_char(out, '\n');
	} else if (str_eq(format, STR("markdown"))) {
		markdown_document(out, &local->view);
	} else {
		terminal_add(out, &local->view, local->given->cli->colour && to_terminal);
	}
}

static enum exit_status run_local(struct runtime *run, void *arg)
{
	SCOPED(local) struct local local = {.run = run, .given = arg};
	SCOPED(buf) struct buf out = BUF_INIT;
	enum exit_status status;
	struct error err;

	if (!fill_choices(&local, &err))
		return cli_fail(&err);
	if (!runtime_stage(run, prepare_stage, &local, &err))
		return cli_fail(&err);
	if (!local.target.diff.len) {
		log_info("review", "nothing changed: there is nothing to review");
		return EXIT_DONE;
	}
	if (!review(&local, &err))
		return cli_fail(&err);
	if (local.given->publish)
		(void)!runtime_post(run, publish_stage, &local, &err);
	add_result(&local, &out);
	status = status_of_review(&local.result, local.given->publish ? &local.published : NULL,
				  local.given->fail_on);
	if (!cli_output(local.given->output, buf_str(&out), &err))
		return cli_fail(&err);
	return status;
}

static enum exit_status run(struct cli *cli, const void *options, const struct arguments *arguments)
{
	struct review_options_given given = *(const struct review_options_given *)options;

	(void)arguments;
	given.cli = cli;
	if (given.debug)
		log_setup(LOG_DEBUG, LOG_FORMAT_TEXT);
	return cli_start(cli, (int)MAX_OF(given.max_concurrency, (int64_t)8), given.allow_http,
			 run_local, &given);
}

const struct command command_review = {
	.name = "review",
	.summary = "Review a change on this machine and print what was found.",
	.arguments = "",
	.details =
		"Without --base, --diff or --pr the work tree is compared with the default branch.\n"
		"Configuration and agents come from the work tree (with --pr from the base commit).",
	.options = options_table,
	.options_len = ARRAY_LEN(options_table),
	.options_size = sizeof(struct review_options_given),
	.run = run,
};

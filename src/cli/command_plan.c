/* outcrop plan: what a review would call, with its estimated cost, without a model call. */
#include "base/list.h"
#include "base/log.h"
#include "cli/commands.h"
#include "cli/local.h"
#include "job/plan.h"
#include "review/plan_text.h"
#include "value/json.h"

struct plan_options {
	struct local_change change;
	struct str agents, config, model, region;
	struct str include, exclude;
	struct str format, output;
	int64_t shards;
	bool allow_http, debug;
};

#define AT(member) offsetof(struct plan_options, member)

static const char *const formats[] = {"text", "json", NULL};

/* Keep alphabetized. */
static const struct option options_table[] = {
	{"agents", OPTION_TEXT, AT(agents), "LIST",
	 "Agents: names, paths, globs, OWNER/REPO/PATH@REF, separated by commas."},
	{"allow-http", OPTION_FLAG, AT(allow_http), NULL, "Speak plain http to any host."},
	{"base", OPTION_TEXT, AT(change.base), "REF",
	 "Plan for the work tree against the merge base with REF. Default: the default branch."},
	{"config", OPTION_TEXT, AT(config), "PATH",
	 "Configuration file in the repository, or OWNER/REPO/PATH@REF. Default: .github/outcrop.yml."},
	{"debug", OPTION_FLAG, AT(debug), NULL, "Say what happens underneath."},
	{"diff", OPTION_TEXT, AT(change.diff), "FILE", "Plan for a diff; - is standard input."},
	{"exclude-paths", OPTION_TEXT, AT(exclude), "LIST", "Globs: these files are not reviewed."},
	{"format", OPTION_CHOICE, AT(format), "FORMAT",
	 "How the plan is printed; a matrix of shards is always JSON.", .choices = formats},
	{"include-paths", OPTION_TEXT, AT(include), "LIST",
	 "Globs: only these files are reviewed."},
	{"model", OPTION_TEXT, AT(model), "MODEL",
	 "Model for agents that name none: alias, model ID, profile ID or ARN."},
	{"output", OPTION_TEXT, AT(output), "FILE",
	 "Where the plan goes. Default: standard output."},
	{"pr", OPTION_TEXT, AT(change.pr), "OWNER/REPO#N",
	 "Plan for a pull request of GitHub, with GITHUB_TOKEN or GH_TOKEN."},
	{"region", OPTION_TEXT, AT(region), "REGION",
	 "AWS region, which decides the profiles of models. Default: AWS_REGION."},
	{"shards", OPTION_INT, AT(shards), "N",
	 "Spread the review over at most N jobs and print a matrix for GitHub's strategy.matrix.",
	 .min = 1, .max = 256},
};

/* One run of the command. */
struct local_plan {
	struct runtime *run;
	const struct plan_options *given;
	struct session_choices choices;
	struct target target;
	struct session session;
	struct change_plan plan;
};

static void local_plan_release(struct local_plan *local)
{
	change_plan_release(&local->plan);
	session_release(&local->session);
	target_release(&local->target);
}

static bool read_list(struct arena *arena, const char *name, struct str text, enum list_kind kind,
		      struct strings *out, struct error *err)
{
	struct str_list list = {0};

	if (!list_split(arena, text, kind, &list, err))
		return error_wrap(err, "--%s", name);
	*out = (struct strings){.items = list.items, .len = list.len};
	return true;
}

static bool fill_choices(struct local_plan *local, struct error *err)
{
	const struct plan_options *given = local->given;
	struct arena *arena = local->run->arena;
	struct session_choices *choices = &local->choices;

	if (given->shards && given->change.diff.len)
		return error_set(
			err, ERROR_USAGE,
			"--shards needs commits, which --diff has not; give --base or --pr");
	*choices = (struct session_choices){
		.aws = {.region = given->region, .local = true},
		.config = given->config,
		.model = given->model,
		.max_cost_usd = -1,
		.shards = (int)given->shards,
	};
	return read_list(arena, "agents", given->agents, LIST_WORDS, &choices->agents, err) &&
	       read_list(arena, "include-paths", given->include, LIST_GLOBS, &choices->include,
			 err) &&
	       read_list(arena, "exclude-paths", given->exclude, LIST_GLOBS, &choices->exclude,
			 err);
}

static bool prepare(struct local_plan *local, struct error *err)
{
	struct session_sources sources;

	if (!local_find(&local->given->change, local->run, &local->target, err))
		return false;
	sources = target_sources(&local->target);
	return session_load(&local->session, local->run, &local->choices, &sources, err) &&
	       session_connect(&local->session, false, err) &&
	       change_plan_make(&local->plan, &local->session, &local->target, err);
}

static bool prepare_stage(void *ctx, struct error *err)
{
	return prepare(ctx, err);
}

static void add_plan(const struct local_plan *local, struct buf *out)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;

	if (local->given->shards) {
		change_plan_add_matrix(out, &local->plan, &local->target);
		buf_add_char(out, '\n');
	} else if (str_eq(local->given->format, STR("json"))) {
		json_write(out, plan_value(&arena, &local->plan.plan), JSON_PRETTY);
		buf_add_char(out, '\n');
	} else {
		plan_write(out, &local->plan.plan, &local->session.agents);
	}
}

static enum exit_status run_local(struct runtime *run, void *arg)
{
	SCOPED(local_plan) struct local_plan local = {.run = run, .given = arg};
	SCOPED(buf) struct buf out = BUF_INIT;
	struct error err;

	if (!fill_choices(&local, &err) || !runtime_stage(run, prepare_stage, &local, &err))
		return cli_fail(&err);
	add_plan(&local, &out);
	return cli_output(local.given->output, buf_str(&out), &err) ? EXIT_DONE : cli_fail(&err);
}

static enum exit_status run(struct cli *cli, const void *options, const struct arguments *arguments)
{
	struct plan_options given = *(const struct plan_options *)options;

	(void)arguments;
	if (given.debug)
		log_setup(LOG_DEBUG, LOG_FORMAT_TEXT);
	return cli_start(cli, 8, given.allow_http, run_local, &given);
}

const struct command command_plan = {
	.name = "plan",
	.summary =
		"Show what a review would call and about what it would cost, without calling it.",
	.arguments = "",
	.details =
		"Without --base, --diff or --pr the work tree is compared with the default branch.\n"
		"No AWS credentials are needed. Tokens and costs are estimates.",
	.options = options_table,
	.options_len = ARRAY_LEN(options_table),
	.options_size = sizeof(struct plan_options),
	.run = run,
};

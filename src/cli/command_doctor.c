/* outcrop doctor: whether everything that a review needs is there, and what to do where it is not. */
#include "base/list.h"
#include "base/log.h"
#include "cli/commands.h"
#include "cli/local.h"
#include "job/doctor.h"

struct doctor_options {
	struct str agents, config, model, pr, profile, region;
	bool allow_http, debug;
};

#define AT(member) offsetof(struct doctor_options, member)

/* Keep alphabetized. */
static const struct option options_table[] = {
	{"agents", OPTION_TEXT, AT(agents), "LIST",
	 "Agents whose models are asked. Default: the configuration's, else the built-in pack."},
	{"allow-http", OPTION_FLAG, AT(allow_http), NULL, "Speak plain http to any host."},
	{"config", OPTION_TEXT, AT(config), "PATH",
	 "Configuration file in the repository. Default: .github/outcrop.yml."},
	{"debug", OPTION_FLAG, AT(debug), NULL, "Say what happens underneath."},
	{"model", OPTION_TEXT, AT(model), "MODEL", "Model for agents that name none."},
	{"pr", OPTION_TEXT, AT(pr), "OWNER/REPO#N",
	 "Look at a pull request too, with GITHUB_TOKEN or GH_TOKEN."},
	{"profile", OPTION_TEXT, AT(profile), "NAME", "AWS profile. Default: AWS_PROFILE."},
	{"region", OPTION_TEXT, AT(region), "REGION", "AWS region. Default: AWS_REGION."},
};

/* One run of the command. */
struct visit {
	struct runtime *run;
	const struct doctor_options *given;
	struct session_choices choices;
	struct session session;
	struct target target;
	struct doctor_checks checks;
};

static void visit_release(struct visit *visit)
{
	doctor_checks_release(&visit->checks);
	session_release(&visit->session);
	target_release(&visit->target);
}

static bool look(struct visit *visit, struct error *err)
{
	struct doctor_request request = {.run = visit->run, .session = &visit->session};
	struct source worktree;
	struct session_sources sources = {0};
	struct str repository = STR_EMPTY;

	if (visit->given->pr.len &&
	    !local_split_pull(visit->given->pr, &repository, &request.number, err))
		return false;
	local_open_forge(visit->run, &visit->target.forge, repository);
	target_open_repository(&visit->target, ".", true);
	if (visit->target.repository) {
		worktree = source_from_worktree(visit->target.repository);
		sources.base = &worktree;
	}
	sources.open = forge_open;
	sources.open_ctx = &visit->target.forge;
	if (!session_load(&visit->session, visit->run, &visit->choices, &sources, err))
		return false;
	if (repository.len)
		request.github = visit->target.forge.github;
	doctor_run(&request, &visit->checks);
	return true;
}

static bool look_stage(void *ctx, struct error *err)
{
	return look(ctx, err);
}

static enum exit_status run_visit(struct runtime *run, void *arg)
{
	const struct doctor_options *given = arg;
	SCOPED(visit) struct visit visit = {.run = run, .given = given};
	SCOPED(buf) struct buf out = BUF_INIT;
	struct str_list agents = {0};
	struct error err;
	bool healthy;

	if (!list_split(run->arena, given->agents, LIST_WORDS, &agents, &err)) {
		error_wrap(&err, "--agents");
		return cli_fail(&err);
	}
	visit.choices = (struct session_choices){
		.aws = {.region = given->region, .profile = given->profile, .local = true},
		.config = given->config,
		.agents = {.items = agents.items, .len = agents.len},
		.model = given->model,
		.max_cost_usd = -1,
	};
	if (!runtime_stage(run, look_stage, &visit, &err))
		return cli_fail(&err);
	healthy = doctor_add(&out, &visit.checks);
	if (!cli_output(STR_EMPTY, buf_str(&out), &err))
		return cli_fail(&err);
	return healthy ? EXIT_DONE : EXIT_FINDINGS;
}

static enum exit_status run(struct cli *cli, const void *options, const struct arguments *arguments)
{
	struct doctor_options given = *(const struct doctor_options *)options;

	(void)arguments;
	if (given.debug)
		log_setup(LOG_DEBUG, LOG_FORMAT_TEXT);
	return cli_start(cli, 8, given.allow_http, run_visit, &given);
}

const struct command command_doctor = {
	.name = "doctor",
	.summary =
		"Look whether credentials, models and GitHub work, and say how to mend what does not.",
	.arguments = "",
	.details =
		"Each model is asked one word, which costs a fraction of a cent; a pull request\n"
		"gets a change of nothing, which shows whether the token may post.\n"
		"Exit status 1 when something is wrong.",
	.options = options_table,
	.options_len = ARRAY_LEN(options_table),
	.options_size = sizeof(struct doctor_options),
	.run = run,
};

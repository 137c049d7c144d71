/* Options that local runs share, and the request that they make. */
#ifndef CLI_LOCAL_H
#define CLI_LOCAL_H

#include "base/list.h"
#include "cli/show.h"
#include "command/command.h"
#include "command/options.h"
#include "job/ask.h"
#include "job/job.h"

/* The options for the change, the agents and AWS. */
struct local_options {
	struct str base, diff, pr;
	struct str agents, config, model, profile, region;
	struct str include, exclude;
	struct str inline_severity, when_clean; /* of what is published */
	bool allow_http, debug, staged;
};

extern const char *const local_when_clean[]; /* the choices, for option tables; ended by NULL */

/* Whether a clean review is not to be posted. */
bool local_is_silent(const struct local_options *given);

/* Reads the list of the option --`name`; an error names the option.  The items live in `arena`. */
bool local_list(struct arena *arena, const char *name, struct str text, enum list_kind kind,
		struct strings *out, struct error *err) MUST_USE;

/* Rows for the tables of the commands; `type` is the structure whose member `local` they fill. */
#define LOCAL_OPTION(type, name, kind, member, value, help)                                        \
	{name, kind, offsetof(type, local.member), value, help}
#define LOCAL_AGENTS(type)                                                                         \
	LOCAL_OPTION(                                                                              \
		type, "agents", OPTION_TEXT, agents, "LIST",                                       \
		"Agents: names, paths, globs, OWNER/REPO/PATH@REF, separated by commas. Default: the configuration's, else the built-in pack.")
#define LOCAL_ALLOW_HTTP(type)                                                                     \
	LOCAL_OPTION(type, "allow-http", OPTION_FLAG, allow_http, NULL,                            \
		     "Allow plain http to any host.")
#define LOCAL_BASE(type)                                                                           \
	LOCAL_OPTION(                                                                              \
		type, "base", OPTION_TEXT, base, "REF",                                            \
		"Compare the work tree with its merge base with REF. Default: the default branch.")
#define LOCAL_CONFIG(type)                                                                         \
	LOCAL_OPTION(                                                                              \
		type, "config", OPTION_TEXT, config, "PATH",                                       \
		"Configuration file in the repository, or OWNER/REPO/PATH@REF. Default: .github/outcrop.yml.")
#define LOCAL_DEBUG(type)                                                                          \
	LOCAL_OPTION(type, "debug", OPTION_FLAG, debug, NULL, "Print debug output.")
#define LOCAL_DIFF(type)                                                                           \
	LOCAL_OPTION(type, "diff", OPTION_TEXT, diff, "FILE",                                      \
		     "Read the change from a diff; - is standard input.")
#define LOCAL_EXCLUDE(type)                                                                        \
	LOCAL_OPTION(type, "exclude-paths", OPTION_TEXT, exclude, "LIST",                          \
		     "Globs: these files are not reviewed.")
#define LOCAL_INCLUDE(type)                                                                        \
	LOCAL_OPTION(type, "include-paths", OPTION_TEXT, include, "LIST",                          \
		     "Globs: only these files are reviewed.")
#define LOCAL_INLINE(type)                                                                           \
	{"inline",                                                                                   \
	 OPTION_CHOICE,                                                                              \
	 offsetof(type, local.inline_severity),                                                      \
	 "SEVERITY",                                                                                 \
	 "Less severe findings are only in the summary. Default: the configuration's, else medium.", \
	 .choices = show_severities}
#define LOCAL_WHEN_CLEAN(type)                                                                     \
	{"when-clean",                                                                             \
	 OPTION_CHOICE,                                                                            \
	 offsetof(type, local.when_clean),                                                         \
	 "WHAT",                                                                                   \
	 "With --publish: what is posted if there are no findings. Default: comment.",             \
	 .choices = local_when_clean}
#define LOCAL_MODEL(type)                                                                          \
	LOCAL_OPTION(type, "model", OPTION_TEXT, model, "MODEL",                                   \
		     "Model for agents that do not name one: alias, model ID, profile ID or ARN.")
#define LOCAL_PR(type)                                                                             \
	LOCAL_OPTION(                                                                              \
		type, "pr", OPTION_TEXT, pr, "PULL",                                               \
		"A pull request: OWNER/REPO#N, its URL, or in a clone its number. Needs GITHUB_TOKEN or GH_TOKEN.")
#define LOCAL_PROFILE(type)                                                                        \
	LOCAL_OPTION(type, "profile", OPTION_TEXT, profile, "NAME",                                \
		     "AWS profile. Default: AWS_PROFILE.")
#define LOCAL_REGION(type)                                                                         \
	LOCAL_OPTION(type, "region", OPTION_TEXT, region, "REGION",                                \
		     "AWS region. Default: AWS_REGION.")

#define LOCAL_STAGED(type)                                                                         \
	LOCAL_OPTION(type, "staged", OPTION_FLAG, staged, NULL,                                    \
		     "Take what is staged for the next commit as the change.")

/*
 * Fills `change`, `forge` and `choices` of a request.  The diff is read; the token is GITHUB_TOKEN, else
 * GH_TOKEN, and leaves the environment.  ERROR_USAGE for options that exclude each other or are wrong.
 */
bool local_request(struct cli *cli, const struct local_options *given, struct job_request *request,
		   struct error *err) MUST_USE;

/* "OWNER/REPO#N", "https://HOST/OWNER/REPO/pull/N", or "N"; parts that are not given are empty. */
struct pull_name {
	struct str host, repository;
	int64_t number;
};
bool local_split_pull(struct str text, struct pull_name *name, struct error *err) MUST_USE;

/* Returns options for GitHub with GITHUB_TOKEN, else GH_TOKEN; both leave the environment. */
struct forge_options local_forge(struct cli *cli);

/* A row for commands that ask one model: they read one file, not a repository. */
#define LOCAL_CONFIG_FILE(type)                                                                    \
	LOCAL_OPTION(                                                                              \
		type, "config", OPTION_TEXT, config, "FILE",                                       \
		"Configuration with a table of models. Default: .github/outcrop.yml, if it exists.")

/* The request of such a command; `fallback` is the model if the user named none. */
struct ask_request local_ask(const struct local_options *given, const char *fallback);

/* Reads a whole file, or stdin for "-" and "", as text into the arena; ERROR_USAGE names `what`. */
bool local_read(struct arena *arena, struct str path, const char *what, struct str *text,
		struct error *err) MUST_USE;

/* The value of OUTCROP_STATE_KEY, the counterpart of the input `state-key`; NULL when unset. */
const struct secret *local_state_key(struct cli *cli);

/* Makes the log print debug lines, if `debug`. */
void local_log(bool debug);

#endif

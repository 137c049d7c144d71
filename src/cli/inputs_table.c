/* The tables of the action's inputs and outputs; action.yml is held to them by a test. */
#include "cli/inputs.h"

#define AT(member) offsetof(struct inputs, member)

static const char *const action_commands[] = {"review", "check",    "plan", "merge",
					      "doctor", "outcomes", "eval", NULL};
static const char *const severities[] = {"critical", "high", "medium", "low", "info", NULL};
static const char *const fail_levels[] = {"critical", "high",  "medium", "low",
					  "info",     "never", NULL};
static const char *const publish_kinds[] = {"summary", "review", "check", "annotations",
					    "sarif",   "none",   NULL};
static const char *const log_levels[] = {"debug", "info", "notice", "warning", "error", NULL};

/* In the order of action.yml. */
const struct input inputs_table[] = {
	{"command", INPUT_CHOICE, AT(command), "review", "What the step does.",
	 .choices = action_commands},
	{"github-token", INPUT_SECRET, AT(github_token), "${{ github.token }}",
	 "Reads the pull request and posts the review."},
	{"agents-token", INPUT_SECRET, AT(agents_token), "",
	 "Reads other repositories (agent packs, configuration), nothing else. Default: "
	 "github-token."},
	{"name", INPUT_TEXT, AT(name), "outcrop",
	 "Tells several reviewers of one pull request apart."},
	{"config", INPUT_TEXT, AT(config), ".github/outcrop.yml",
	 "Configuration file in the repository, or OWNER/REPO/PATH@REF; the default one may be "
	 "absent."},
	{"agents", INPUT_LIST, AT(agents), "",
	 "Agents: names, repository paths or globs, OWNER/REPO/PATH@REF. Default: the "
	 "configuration's "
	 "list, else the built-in pack."},
	{"model", INPUT_TEXT, AT(model), "",
	 "Model for agents that name none: alias, model ID, inference-profile ID or ARN. Default: "
	 "the "
	 "configuration's, else sonnet."},
	{"aws-region", INPUT_TEXT, AT(aws_region), "",
	 "AWS region. Default: AWS_REGION, else AWS_DEFAULT_REGION."},
	{"role-to-assume", INPUT_LINES, AT(role_to_assume), "",
	 "ARN of the role to assume through GitHub's OIDC; several, one a line, are chained in "
	 "order."},
	{"role-session-name", INPUT_TEXT, AT(role_session_name), "",
	 "Session name, 2 to 64 of [A-Za-z0-9_+=,.@-]. Default: outcrop-RUN_ID."},
	{"role-duration-seconds", INPUT_INT, AT(role_duration_seconds), "3600",
	 "How long a session lasts, 900 to 43200.", 900, 43200},
	{"audience", INPUT_TEXT, AT(audience), "",
	 "Audience of the OIDC token. Default: sts.amazonaws.com (sts.amazonaws.com.cn in China)."},
	{"inline-session-policy", INPUT_TEXT, AT(inline_session_policy), "",
	 "Session policy as JSON, or none. Default: only the Bedrock runtime actions that outcrop "
	 "calls."},
	{"managed-session-policies", INPUT_LINES, AT(managed_session_policies), "",
	 "ARNs of managed policies that limit the session, one a line."},
	{"allowed-account-ids", INPUT_LIST, AT(allowed_account_ids), "",
	 "AWS accounts that the credentials may belong to."},
	{"pull-request", INPUT_INT, AT(pull_request), "",
	 "Number of the pull request, for events that carry none.", 1, 9e15},
	{"publish", INPUT_CHOICES, AT(publish), "summary, review",
	 "Where the review goes: any of summary, review, check, annotations, sarif; or none.",
	 .choices = publish_kinds},
	{"min-severity", INPUT_CHOICE, AT(min_severity), "",
	 "Findings below it stay in the report. Default: the configuration's, else low.",
	 .choices = severities},
	{"fail-on", INPUT_CHOICE, AT(fail_on), "never",
	 "Severity from which an open finding fails the step: critical, high, medium, low, info, "
	 "never.",
	 .choices = fail_levels},
	{"max-inline-comments", INPUT_INT, AT(max_inline_comments), "25",
	 "Inline comments at most; the rest go to the summary.", 0, 1000},
	{"max-concurrency", INPUT_INT, AT(max_concurrency), "",
	 "Model calls in flight. Default: the configuration's, else 4.", 1, 1000},
	{"max-calls", INPUT_INT, AT(max_calls), "200", "Model calls of a run.", 1, 100000},
	{"max-cost-usd", INPUT_NUMBER, AT(max_cost_usd), "",
	 "A call starts only if the run stays within this cost, worst case included.", 0},
	{"timeout-minutes", INPUT_NUMBER, AT(timeout_minutes), "15", "Time for the whole run.", 0},
	{"include-paths", INPUT_LIST, AT(include_paths), "",
	 "Globs: only these files are reviewed."},
	{"exclude-paths", INPUT_LIST, AT(exclude_paths), "",
	 "Globs: these files are not reviewed, besides lockfiles, vendored, minified and generated "
	 "ones."},
	{"incremental", INPUT_BOOL, AT(incremental), "true",
	 "Review only what changed since the last review."},
	{"language", INPUT_TEXT, AT(language), "",
	 "Language of the comments. Default: the configuration's, else en."},
	{"dry-run", INPUT_BOOL, AT(dry_run), "false", "Everything but writes to GitHub."},
	{"shards", INPUT_INT, AT(shards), "", "For plan: how many shards at most.", 1, 256},
	{"shard", INPUT_TEXT, AT(shard), "",
	 "One entry of plan's matrix: review only that shard, publish nothing, write the report."},
	{"reports", INPUT_LIST, AT(reports), "",
	 "For merge: globs of shard reports in the workspace."},
	{"report-file", INPUT_TEXT, AT(report_file), "outcrop-report.json",
	 "Where the JSON report is written, relative to the workspace."},
	{"sarif-file", INPUT_TEXT, AT(sarif_file), "outcrop.sarif",
	 "Where the SARIF file is written, relative to the workspace."},
	{"log-level", INPUT_CHOICE, AT(log_level), "",
	 "debug, info, notice, warning or error. Default: info (debug when the runner debugs).",
	 .choices = log_levels},
};
const size_t inputs_len = ARRAY_LEN(inputs_table);

const struct output_name outputs_table[] = {
	{"conclusion", "clean, findings, partial, skipped or failed."},
	{"findings-count", "Findings after merging."},
	{"critical-count", "Findings of severity critical."},
	{"high-count", "Findings of severity high."},
	{"medium-count", "Findings of severity medium."},
	{"low-count", "Findings of severity low."},
	{"info-count", "Findings of severity info."},
	{"highest-severity", "The worst severity; empty without findings."},
	{"comments-planned", "Findings to be shown: posted, unchanged and failed together."},
	{"comments-posted", "Findings posted in this run, inline or in the summary."},
	{"comments-unchanged", "Findings that stood there already."},
	{"comments-failed", "Findings that are visible nowhere."},
	{"summary-url", "Address of the summary comment."},
	{"review-url", "Address of the review."},
	{"report-file", "Path of the JSON report, relative to the workspace."},
	{"sarif-file", "Path of the SARIF file, relative to the workspace."},
	{"matrix", "What plan with shards prints: a value for strategy.matrix."},
	{"input-tokens", "Input tokens, cache not counted."},
	{"output-tokens", "Output tokens."},
	{"cache-read-tokens", "Tokens read from the prompt cache."},
	{"cache-write-tokens", "Tokens written to the prompt cache."},
	{"cost-usd", "Cost in USD; empty when a model's price is unknown."},
};
const size_t outputs_len = ARRAY_LEN(outputs_table);

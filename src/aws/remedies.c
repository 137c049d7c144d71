/* The table of remedies: fixes for the most frequent failures. */
#include "aws/errors.h"

#include <string.h>

#include "base/str.h"

/*
 * The first row whose words all occur in the service's text (and whose code, if given, is the code)
 * is the remedy.  The words avoid apostrophes: the service writes U+2019.
 */
static const struct remedy {
	const char *code;
	const char *words[2];
	const char *what_to_do;
} remedies[] = {
	{NULL,
	 {"on-demand throughput", "supported"},
	 "this model is reached through an inference profile only: put the profile's prefix before the id (us., eu., apac., jp., au. or global.; which ones exist depends on the model)"},
	{NULL,
	 {"model identifier is invalid"},
	 "check the id letter by letter against the Bedrock console in this region: a prefix that this region does not have and a missing or surplus version such as \"-v1:0\" are the usual causes"},
	{NULL,
	 {"aws-marketplace:"},
	 "the account has not enabled the model yet: an administrator must open it once in the Bedrock console (or call it once with Marketplace permissions), then wait 2 to 15 minutes; do not give aws-marketplace:Subscribe to this role"},
	{NULL,
	 {"use case details"},
	 "the account must file Anthropic's use case form once: Bedrock console, Model catalog, any Claude model; it takes effect after some 15 minutes"},
	{NULL,
	 {"explicit deny", "service control policy"},
	 "an organization's policy forbids a region that this inference profile may route to: use a profile whose regions are all allowed, or have the policy except bedrock:InvokeModel* (an empty region in its text means a global. profile)"},
	{NULL,
	 {"explicit deny"},
	 "a policy denies it outright: look for Deny statements in the role's policies, its permission boundary, and the session policy of \"inline-session-policy\""},
	{NULL,
	 {"no session policy allows"},
	 "the session policy is narrower than the call: widen \"inline-session-policy\", or leave it empty for outcrop's own"},
	{NULL,
	 {"no identity-based policy allows", ":project/"},
	 "allow bedrock:InvokeModel and bedrock:InvokeModelWithResponseStream on the project's ARN too (arn:aws:bedrock:REGION:ACCOUNT:project/*)"},
	{NULL,
	 {"no identity-based policy allows", "bedrock:"},
	 "allow bedrock:InvokeModel and bedrock:InvokeModelWithResponseStream on the inference profile's ARN and on the foundation model's ARN in every region that the profile routes to; the policy that `outcrop doctor` prints is enough"},
	{NULL,
	 {"marked by provider as Legacy"},
	 "the provider is retiring this model, and the account has not used it lately: choose a newer one, or an alias (haiku, sonnet, opus)"},
	{NULL,
	 {"end of its life"},
	 "this model no longer exists: choose a newer one, or an alias (haiku, sonnet, opus)"},
	{NULL,
	 {"data retention"},
	 "this model needs data retention: an administrator must choose a retention mode that allows it for this account and region (Bedrock console, Settings, Data retention), or choose another model"},
	{"UnknownOperationException",
	 {NULL},
	 "this address does not serve Bedrock's runtime: check AWS_ENDPOINT_URL_BEDROCK_RUNTIME and AWS_ENDPOINT_URL (the service is bedrock-runtime, not bedrock or bedrock-mantle), and that Bedrock exists in this region"},
	{NULL,
	 {"projectIdentifier"},
	 "check `project`: an active project of this account and region, by id or ARN; the role needs bedrock:InvokeModel on the project's ARN too, and a project does not go together with an application inference profile"},
	{NULL,
	 {"access to the model with the specified model ID"},
	 "open the model once in the Bedrock console of this region (Model catalog), or choose another"},
	{NULL,
	 {"too many tokens per day"},
	 "the account's daily limit is used up: ask for more under Service Quotas, or use another model or region until midnight UTC"},
	{NULL,
	 {"Too many tokens per day"},
	 "the account's daily limit is used up: ask for more under Service Quotas, or use another model or region until midnight UTC"},
	{NULL,
	 {"prompt is too long"},
	 "the request is larger than the model's context: make `chunk.tokens` smaller, or narrow the agent's `context`"},
	{NULL,
	 {"Input is too long"},
	 "the request is larger than the model's context: make `chunk.tokens` smaller, or narrow the agent's `context`"},
	{NULL,
	 {"sts:AssumeRole on resource"},
	 "allow the user or role that the message names first sts:AssumeRole on this role, and name it as principal in this role's trust policy"},
	{NULL,
	 {"resolve host", "bedrock-runtime"},
	 "or the region does not exist, or has no Bedrock: see AWS_REGION or \"aws-region\""},
	{NULL,
	 {"resolve host", "//sts."},
	 "or the region does not exist: see AWS_REGION or \"aws-region\""},
	{"ExpiredTokenException",
	 {NULL},
	 "the session ended: sign in again, or let a role be assumed (input \"role-to-assume\"), which is renewed automatically"},
	{"UnrecognizedClientException",
	 {NULL},
	 "the access key or session token is not known to AWS: check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN (temporary keys need all three), and that the region is of the same partition"},
	{"InvalidClientTokenId",
	 {NULL},
	 "the access key is not known to AWS: check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN (temporary keys need all three)"},
	{NULL,
	 {"Signature expired"},
	 "this machine's clock is wrong by more than five minutes: set it"},
	{NULL,
	 {"Signature not yet current"},
	 "this machine's clock is wrong by more than five minutes: set it"},
	{"InvalidSignatureException",
	 {NULL},
	 "the secret key does not belong to the access key: check AWS_SECRET_ACCESS_KEY for a missing character or surplus white space"},
	{"SignatureDoesNotMatch",
	 {NULL},
	 "the secret key does not belong to the access key: check AWS_SECRET_ACCESS_KEY for a missing character or surplus white space"},
	{NULL,
	 {"Incorrect token audience"},
	 "the identity provider in IAM does not list this audience: add it there, or set the input \"audience\" to the one that is listed"},
	{NULL,
	 {"No OpenIDConnect provider found"},
	 "create the identity provider once in this account: IAM, Identity providers, OpenID Connect, URL https://token.actions.githubusercontent.com, audience sts.amazonaws.com"},
	{NULL,
	 {"DurationSeconds exceeds"},
	 "the role allows shorter sessions: lower \"role-duration-seconds\", or raise the role's maximum session duration (a chained role: one hour at most)"},
	{"ServiceQuotaExceededException",
	 {NULL},
	 "a quota of the account is used up: ask for more under Service Quotas, or set a `fallback:` model"},
	{"PackedPolicyTooLarge",
	 {NULL},
	 "the session policies are too large together: shorten \"inline-session-policy\" or \"managed-session-policies\""},
	{"MalformedPolicyDocument",
	 {NULL},
	 "\"inline-session-policy\" is not a valid IAM policy: check it with IAM's policy editor"},
	{"RegionDisabledException",
	 {NULL},
	 "STS is not switched on in this region for the account: an administrator can do so under IAM, Account settings; or use another region"},
};

static bool applies(const struct remedy *remedy, const struct error *err)
{
	struct str message = str_from(err->message);

	if (remedy->code && !str_eq(str_from(remedy->code), str_from(err->code)))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(remedy->words) && remedy->words[i]; i++) {
		if (!str_contains(message, str_from(remedy->words[i])))
			return false;
	}
	return true;
}

static void append_fact(struct error *err, const char **separator, const char *name,
			struct str value)
{
	if (value.len == 0)
		return;
	error_append(err, "%s%s %.*s", *separator, name, STR_ARG(value));
	*separator = ", ";
}

bool aws_error_explain(struct error *err, const struct aws_error_scene *scene)
{
	const char *separator = " (";
	size_t len = strlen(err->message);

	/* The service ends its sentences with a full stop; more text follows here. */
	while (len && err->message[len - 1] == '.')
		err->message[--len] = '\0';
	for (size_t i = 0; i < ARRAY_LEN(remedies); i++) {
		if (applies(&remedies[i], err)) {
			error_append(err, "; %s", remedies[i].what_to_do);
			break;
		}
	}
	append_fact(err, &separator, "model", scene->model);
	append_fact(err, &separator, "region", scene->region);
	append_fact(err, &separator, "role", scene->role);
	append_fact(err, &separator, "request id", str_from(err->request_id));
	if (str_eq(str_from(separator), STR(", ")))
		error_append(err, ")");
	return false;
}

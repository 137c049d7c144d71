/* Reading the scenario: field tables for what is small, the tree itself for the rest. */
#include "scenario.h"

#include "aws_models.h"
#include "base/file.h"
#include "faults.h"
#include "value/fields.h"
#include "value/yaml.h"

#define AWS(name) offsetof(struct scenario_aws, name)
#define OIDC(name) offsetof(struct scenario_oidc, name)
#define ROOT(name) offsetof(struct root, name)
#define FIELDS_OF(text, array, type)                                                               \
	{.title = (text), .items = (array), .len = ARRAY_LEN(array), .size = sizeof(struct type)}

static const struct field quotas_items[] = {
	{.name = "requests_per_minute",
	 .type = FIELD_INT,
	 .min = 0,
	 .max = 1e6,
	 .offset = offsetof(struct scenario_quotas, requests_per_minute),
	 .help = "How fast the bucket fills; 0: unlimited."},
	{.name = "bucket",
	 .type = FIELD_INT,
	 .min = 0,
	 .max = 1e6,
	 .offset = offsetof(struct scenario_quotas, bucket),
	 .help = "Requests that may come at once."},
	{.name = "tokens_per_minute",
	 .type = FIELD_INT,
	 .min = 0,
	 .max = 1e9,
	 .offset = offsetof(struct scenario_quotas, tokens_per_minute),
	 .help = "Input and max_tokens count when a call begins, what it took when it has ended; 0: unlimited."},
	{.name = "clock_scale",
	 .type = FIELD_INT,
	 .min = 0,
	 .max = 1000,
	 .offset = offsetof(struct scenario_quotas, clock_scale),
	 .help = "How many of the caller's seconds pass in one."},
};
static const struct fields quotas_fields = FIELDS_OF("quotas", quotas_items, scenario_quotas);

static const struct field cache_items[] = {
	{.name = "minimum_tokens",
	 .type = FIELD_INT,
	 .min = 1,
	 .max = 1e6,
	 .offset = offsetof(struct scenario_cache, minimum_tokens),
	 .help = "A shorter prefix is not cached."},
	{.name = "seconds",
	 .type = FIELD_INT,
	 .min = 1,
	 .max = 86400,
	 .offset = offsetof(struct scenario_cache, seconds),
	 .help = "How long a prefix lives after its last use."},
};
static const struct fields cache_fields = FIELDS_OF("a cache", cache_items, scenario_cache);

static const struct field aws_items[] = {
	{.name = "region", .type = FIELD_STRING, .offset = AWS(region), .help = "The region."},
	{.name = "account",
	 .type = FIELD_STRING,
	 .offset = AWS(account),
	 .help = "Twelve digits, in quotes."},
	{.name = "access_key_id",
	 .type = FIELD_STRING,
	 .offset = AWS(access_key_id),
	 .help = "Long-lived keys that are known from the start."},
	{.name = "secret_access_key",
	 .type = FIELD_STRING,
	 .offset = AWS(secret_access_key),
	 .help = "Their secret."},
	{.name = "bearer_token",
	 .type = FIELD_STRING,
	 .offset = AWS(bearer_token),
	 .help = "The API key that Bedrock takes."},
	{.name = "credentials_seconds",
	 .type = FIELD_INT,
	 .min = 1,
	 .max = 43200,
	 .offset = AWS(credentials_seconds),
	 .help = "How long a role's credentials last when the request names no duration."},
	{.name = "clock_skew_seconds",
	 .type = FIELD_INT,
	 .min = 0,
	 .max = 1e9,
	 .offset = AWS(clock_skew_seconds),
	 .help = "How far the date of a signature may be off; 0 is any."},
	{.name = "quotas",
	 .type = FIELD_OBJECT,
	 .offset = AWS(quotas),
	 .fields = &quotas_fields,
	 .help = "Requests that are not throttled."},
	{.name = "cache",
	 .type = FIELD_OBJECT,
	 .offset = AWS(cache),
	 .fields = &cache_fields,
	 .help = "The prompt cache."},
};
static const struct fields aws_fields = FIELDS_OF("aws", aws_items, scenario_aws);

static const struct field oidc_items[] = {
	{.name = "subject",
	 .type = FIELD_STRING,
	 .offset = OIDC(subject),
	 .help = "The sub claim."},
	{.name = "audience",
	 .type = FIELD_STRING,
	 .offset = OIDC(audience),
	 .help = "The audience that STS takes."},
	{.name = "request_token",
	 .type = FIELD_STRING,
	 .offset = OIDC(request_token),
	 .help = "The bearer token of the job."},
	{.name = "issuer", .type = FIELD_STRING, .offset = OIDC(issuer), .help = "The iss claim."},
};
static const struct fields oidc_fields = FIELDS_OF("oidc", oidc_items, scenario_oidc);

struct root {
	struct scenario_aws aws;
	struct scenario_oidc oidc;
	struct value *replies, *models, *faults, *github;
};

static void check_list(struct decoder *decoder, const struct value *value, void *field)
{
	(void)field;
	if (!value_is(value, VALUE_ARRAY)) {
		decoder_error(decoder, value, "must be a list");
		return;
	}
	for (size_t i = 0; i < value_len(value); i++) {
		if (!value_is(value_at(value, i), VALUE_OBJECT))
			decoder_error(decoder, value_at(value, i), "must be a mapping");
	}
}

static const struct field root_items[] = {
	{.name = "aws",
	 .type = FIELD_OBJECT,
	 .offset = ROOT(aws),
	 .fields = &aws_fields,
	 .help = "The account and its service."},
	{.name = "oidc",
	 .type = FIELD_OBJECT,
	 .offset = ROOT(oidc),
	 .fields = &oidc_fields,
	 .help = "The identity of the job."},
	{.name = "replies",
	 .type = FIELD_VALUE,
	 .offset = ROOT(replies),
	 .check = check_list,
	 .help = "What models say; the first that matches."},
	{.name = "models",
	 .type = FIELD_VALUE,
	 .offset = ROOT(models),
	 .check = check_list,
	 .help = "What models refuse, and how they count; the first whose `match` fits."},
	{.name = "faults",
	 .type = FIELD_VALUE,
	 .offset = ROOT(faults),
	 .check = check_list,
	 .help = "What goes wrong, and when."},
	{.name = "github",
	 .type = FIELD_VALUE,
	 .offset = ROOT(github),
	 .help = "Repositories and pull requests."},
};
static const struct fields root_fields = FIELDS_OF("a scenario", root_items, root);

static const struct root defaults = {
	.aws = {.region = STR_INIT("us-east-1"),
		.account = STR_INIT("123456789012"),
		.access_key_id = STR_INIT("AKIAEMULATOREXAMPLE1"),
		.secret_access_key = STR_INIT("emulator/secret/of/the/long/lived/keys"),
		.bearer_token = STR_INIT("bedrock-api-key-emulator"),
		.credentials_seconds = 3600,
		.clock_skew_seconds = 900,
		.cache = {.minimum_tokens = 1024, .seconds = 300}},
	.oidc = {.subject = STR_INIT("repo:acme/widgets:pull_request"),
		 .audience = STR_INIT("sts.amazonaws.com"),
		 .request_token = STR_INIT("emulator-request-token"),
		 .issuer = STR_INIT("https://token.actions.githubusercontent.com")},
};

void scenario_release(struct scenario *scenario)
{
	arena_release(&scenario->arena);
	*scenario = (struct scenario){0};
}

static bool decode(struct scenario *scenario, struct str text, struct str file, struct root *root,
		   struct problems *problems)
{
	struct decoder decoder = {.arena = &scenario->arena, .file = file, .problems = problems};
	struct value *tree = yaml_read(&scenario->arena, text, file, problems);

	scenario->root = tree;
	return tree &&
	       (tree->kind == VALUE_NULL || fields_decode(&decoder, &root_fields, tree, root));
}

bool scenario_read(struct scenario *scenario, const char *path, struct error *err)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	SCOPED(problems) struct problems problems = {0};
	struct root root = defaults;
	const struct value *unknown;
	ptrdiff_t slash;

	*scenario = (struct scenario){0};
	if (path && !file_read(path, YAML_SIZE_MAX, &text, err))
		return error_wrap(err, "the scenario");
	if (!decode(scenario, buf_str(&text), str_from(path ? path : "scenario"), &root,
		    &problems)) {
		scenario_release(scenario);
		return problems_error(&problems, err);
	}
	slash = path ? str_rfind_char(str_from(path), '/') : -1;
	scenario->folder =
		slash < 0 ? "." : arena_text(&scenario->arena, str_of(path, (size_t)slash));
	unknown = faults_unknown(value_get(scenario->root, "faults"));
	if (unknown) {
		struct str name = arena_str(&scenario->arena, value_get_string(unknown, "fault"));

		error_set(err, ERROR_CONFIG, "%s:%d: no fault is called '%.*s'; see emulator.md",
			  path ? path : "scenario", unknown->at.line, STR_ARG(name));
		scenario_release(scenario);
		return false;
	}
	unknown = models_unknown(value_get(scenario->root, "models"));
	if (unknown) {
		struct str name = arena_str(&scenario->arena, value_as_string(unknown));

		error_set(err, ERROR_CONFIG, "%s:%d: no rule or family is called \"%.*s\"",
			  path ? path : "scenario", unknown->at.line, STR_ARG(name));
		scenario_release(scenario);
		return false;
	}
	scenario->aws = root.aws;
	scenario->oidc = root.oidc;
	return true;
}

/* What doctor says: each thing ok, or wrong with the fix to paste. */
#include "bedrock/doctor.h"

#include "../credentials/server.h"
#include "bedrock/model_id.h"
#include "bedrock/policies.h"
#include "frames.h"
#include "unit.h"

static struct str role = STR_INIT("arn:aws:iam::123456789012:role/reviewer");

/* {"sub":"repo:acme/shop:pull_request","aud":"sts.amazonaws.com","iss":"https://issuer"} */
#define TOKEN                                                                                      \
	"e30."                                                                                     \
	"eyJzdWIiOiJyZXBvOmFjbWUvc2hvcDpwdWxsX3JlcXVlc3QiLCJhdWQiOiJzdHMuYW1hem9uYXdzLmNvbSIsImlz" \
	"cyI6Imh0dHBzOi8vaXNzdWVyIn0.c2ln"
#define OIDC_ANSWER {.body = STR_INIT("{\"value\":\"" TOKEN "\"}")}

static void visit(struct credentials_scene *scene, struct arena *arena, bool token,
		  struct aws_checks *checks)
{
	SCOPED(env) struct env env = {0};
	struct aws_doctor_model model = {
		.model = {.alias = STR("sonnet"),
			  .id = STR("eu.anthropic.claude-sonnet-4-5-20250929-v1:0"),
			  .traits = {.family = STR("claude"),
				     .system_text = true,
				     .mixed_turns = true}}};
	struct aws_doctor doctor = {.http = scene->http,
				    .clock = &scene->clock,
				    .env = &env,
				    .options = {.roles = {.items = &role, .len = 1}},
				    .models = &model,
				    .models_len = 1};

	if (token) {
		env_put(&env, STR("ACTIONS_ID_TOKEN_REQUEST_URL"), str_from(scene->server.url));
		env_put(&env, STR("ACTIONS_ID_TOKEN_REQUEST_TOKEN"), STR("request-token"));
	}
	env_put(&env, STR("AWS_REGION"), STR("eu-west-1"));
	env_put(&env, STR("AWS_ENDPOINT_URL"), str_from(scene->server.url));
	aws_doctor(&doctor, arena, checks);
}

static void expect(const struct doctor_check *check, const char *name, enum doctor_state state,
		   const char *text, const char *fix)
{
	ck_assert_str_is(check->name, str_from(name));
	ck_assert_msg(check->state == state, "%.*s", STR_ARG(check->text));
	ck_assert_msg(str_contains(check->text, str_from(text)), "%.*s", STR_ARG(check->text));
	ck_assert_msg(str_contains(check->fix, str_from(fix)), "%.*s", STR_ARG(check->fix));
}

static void act_missing_permission(struct credentials_scene *scene)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct aws_checks checks;

	visit(scene, &arena, false, &checks);
	ck_assert_uint_eq(checks.len, 3);
	expect(&checks.items[0], "identity token", DOCTOR_WRONG, "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
	       "id-token: write");
	expect(&checks.items[1], "role", DOCTOR_NOT_REACHED, "", "");
	expect(&checks.items[2], "model sonnet", DOCTOR_NOT_REACHED, "", "");
}

TEST(names_the_permission_that_the_workflow_lacks)
{
	scene_play(&(struct credentials_scene){0}, NULL, 0, act_missing_permission);
}

static void act_refused_role(struct credentials_scene *scene)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct aws_checks checks;

	visit(scene, &arena, true, &checks);
	ck_assert_uint_eq(checks.len, 3);
	expect(&checks.items[0], "identity token", DOCTOR_OK, "repo:acme/shop:pull_request", "");
	expect(&checks.items[1], "role", DOCTOR_WRONG, "AccessDenied",
	       "\"issuer:sub\": \"repo:acme/shop:pull_request\"");
	expect(&checks.items[1], "role", DOCTOR_WRONG, "",
	       "arn:aws:iam::123456789012:oidc-provider/issuer");
}

TEST(writes_the_trust_policy_for_a_refused_token)
{
	const struct canned_answer answers[] = {
		OIDC_ANSWER,
		OIDC_ANSWER,
		{.status = 403, .body = STR_INIT("{\"Error\":{\"Code\":\"AccessDenied\"}}")}};

	scene_play(&(struct credentials_scene){0}, answers, 3, act_refused_role);
}

static void act_denied_model(struct credentials_scene *scene)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct aws_checks checks;

	visit(scene, &arena, true, &checks);
	ck_assert_uint_eq(checks.len, 4);
	expect(&checks.items[1], "role", DOCTOR_OK, "role/reviewer", "");
	expect(&checks.items[2], "account", DOCTOR_OK, "123456789012", "");
	expect(&checks.items[3], "model sonnet", DOCTOR_WRONG, "AccessDeniedException",
	       "arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.anthropic.");
	expect(&checks.items[3], "model sonnet", DOCTOR_WRONG, "",
	       "arn:aws:bedrock:*::foundation-model/anthropic.claude-sonnet-4-5-20250929-v1:0");
}

TEST(writes_the_permissions_for_a_denied_model)
{
	const struct canned_answer answers[] = {
		OIDC_ANSWER,
		OIDC_ANSWER,
		{.body = STR_INIT(
			 "<R><AccessKeyId>A</AccessKeyId><SecretAccessKey>S</SecretAccessKey><SessionToken>T</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></R>")},
		{.body = STR_INIT(
			 "{\"GetCallerIdentityResponse\":{\"GetCallerIdentityResult\":{\"Account\":\"123456789012\",\"Arn\":\"arn:x\"}}}")},
		{.status = 403, .body = STR_INIT("{\"__type\":\"AccessDeniedException\"}")}};

	scene_play(&(struct credentials_scene){0}, answers, 5, act_denied_model);
}

TEST(knows_the_model_behind_an_identifier)
{
	ck_assert_str_is(model_id_base(STR("us-gov.anthropic.x:0")), STR("anthropic.x:0"));
	ck_assert_str_is(model_id_base(STR("amazon.nova-pro-v1:0")), STR("amazon.nova-pro-v1:0"));
	ck_assert_str_is(
		model_id_base(STR("arn:aws:bedrock:us-east-1:1:inference-profile/us.meta.l")),
		STR("meta.l"));
	ck_assert_str_is(model_id_base(STR("arn:aws:bedrock:us-east-1::foundation-model/meta.l")),
			 STR("meta.l"));
	ck_assert_str_is(model_id_base(STR("arn:aws:bedrock:r:1:application-inference-profile/x")),
			 STR("arn:aws:bedrock:r:1:application-inference-profile/x"));
}

TEST(permits_a_base_model_in_its_region_and_the_guardrail)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct policy_model model = {.id = STR("amazon.nova-pro-v1:0"),
				     .region = STR("cn-north-1"),
				     .account = STR("1"),
				     .guardrail_id = STR("g")};
	struct str policy = policy_model(&arena, &model);

	ck_assert(str_contains(
		policy,
		STR("\"arn:aws-cn:bedrock:cn-north-1::foundation-model/amazon.nova-pro-v1:0\"")));
	ck_assert(str_contains(policy, STR("arn:aws-cn:bedrock:cn-north-1:1:guardrail/g")));
	ck_assert(!str_contains(policy, STR("inference-profile")));
}

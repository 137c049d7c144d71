/* From GitHub's token to a model's answer, against a server that plays all three services. */
#include <string.h>

#include "../credentials/server.h"
#include "bedrock/bedrock.h"
#include "credentials/sign_in.h"
#include "frames.h"
#include "unit.h"

/* {"sub":"repo:acme/shop:pull_request","aud":"sts.amazonaws.com","iss":"https://issuer"} */
#define TOKEN                                                                                      \
	"eyJhbGciOiJSUzI1NiJ9."                                                                    \
	"eyJzdWIiOiJyZXBvOmFjbWUvc2hvcDpwdWxsX3JlcXVlc3QiLCJhdWQiOiJzdHMuYW1hem9uYXdzLmNvbSIsImlz" \
	"cyI6Imh0dHBzOi8vaXNzdWVyIn0.c2ln"
#define OIDC_ANSWER {.body = STR_INIT("{\"value\":\"" TOKEN "\"}")}
#define STS_CREDENTIALS                                                                            \
	"\"Credentials\":{\"AccessKeyId\":\"ASIAEXAMPLE\",\"SecretAccessKey\":\"secretkey\","      \
	"\"SessionToken\":\"sessiontoken\",\"Expiration\":4.1e9}"
#define STS_ANSWER                                                                                 \
	{.body = STR_INIT("{\"AssumeRoleWithWebIdentityResponse\":{"                               \
			  "\"AssumeRoleWithWebIdentityResult\":{" STS_CREDENTIALS "}}}")}
#define EVENTS "application/vnd.amazon.eventstream"

static struct str role = STR_INIT("arn:aws:iam::123456789012:role/reviewer");
static struct str sonnet = STR_INIT("us.anthropic.claude-sonnet-4-5-20250929-v1:0");

static void fill_env(struct env *env, const struct credentials_scene *scene)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct str url = str_from(scene->server.url);

	env_put(env, STR("ACTIONS_ID_TOKEN_REQUEST_URL"),
		arena_printf(&arena, "%.*s/oidc?api-version=2", STR_ARG(url)));
	env_put(env, STR("ACTIONS_ID_TOKEN_REQUEST_TOKEN"), STR("request-token"));
	env_put(env, STR("AWS_REGION"), STR("us-east-1"));
	env_put(env, STR("AWS_ENDPOINT_URL"), url);
	env_put(env, STR("GITHUB_RUN_ID"), STR("42"));
	env_put(env, STR("HOME"), STR("/nonexistent"));
}

static struct model sonnet_model(void)
{
	return (struct model){
		.alias = STR("sonnet"),
		.id = sonnet,
		.traits = {.family = STR("claude"),
			   .tools = TOOLS_FORCED,
			   .streaming_tools = true,
			   .system_text = true,
			   .mixed_turns = true},
		.stream = true,
	};
}

/* Signs in by a role and asks one question. */
static bool ask(struct credentials_scene *scene, struct arena *arena, struct reply *reply,
		struct error *err)
{
	SCOPED(env) struct env env = {0};
	struct strings roles = {.items = &role, .len = 1};
	struct aws_options options = {.roles = roles};
	struct bedrock_settings settings = {0};
	struct model model = sonnet_model();
	struct chat chat = {
		.arena = arena,
		.system = STR("You review."),
		.inference = {.max_tokens = 100, .temperature = -1, .top_p = -1, .top_k = -1},
		.origin = {.agent = STR("security"), .repository = STR("acme/shop")}};

	fill_env(&env, scene);
	OWNED(aws_session)
	struct aws_session *session =
		aws_session_new(scene->http, &scene->clock, &env, &options, err);
	if (!session || !aws_session_sign_in(session, err) ||
	    !bedrock_model_init(session, &model, &settings, err))
		return false;
	ck_assert_str_is(model.region, STR("us-east-1"));
	message_add_text(arena, chat_add(&chat, ROLE_USER), STR("Look at this."));
	return model.ops->ask(model.ctx, &chat, NULL, reply, err);
}

static void add_good_stream(struct buf *out)
{
	frame_event(out, "messageStart", "{\"role\":\"assistant\"}");
	frame_event(out, "contentBlockDelta",
		    "{\"contentBlockIndex\":0,\"delta\":{\"text\":\"Looks \"}}");
	frame_event(out, "contentBlockDelta",
		    "{\"contentBlockIndex\":0,\"delta\":{\"text\":\"fine.\"}}");
	frame_event(out, "contentBlockStop", "{\"contentBlockIndex\":0}");
	frame_event(out, "messageStop", "{\"stopReason\":\"end_turn\"}");
	frame_event(out, "metadata",
		    "{\"usage\":{\"inputTokens\":12,\"outputTokens\":3,\"totalTokens\":15}}");
}

static void act_whole_way(struct credentials_scene *scene)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct reply reply = {0};
	struct error err = {0};
	const struct canned_server *server = &scene->server;

	ck_assert_msg(ask(scene, &arena, &reply, &err), "%s", err.message);
	ck_assert_str_is(reply_text(&arena, &reply), STR("Looks fine."));
	ck_assert_int_eq(reply.stop, STOP_END);
	ck_assert_int_eq(reply.usage.input, 12);
	ck_assert_int_eq(reply.usage.output, 3);
	ck_assert_str_is(reply.request_id, STR("req-1"));

	ck_assert_str_is(server_line(server, 0),
			 STR("GET /oidc?api-version=2&audience=sts.amazonaws.com"));
	ck_assert(server_saw(server, 0, "Authorization: Bearer request-token\r\n"));
	ck_assert_str_is(server_line(server, 1), STR("POST /"));
	ck_assert(!server_saw(server, 1, "Authorization:"));
	ck_assert(server_saw(server, 1, "Action=AssumeRoleWithWebIdentity&Version=2011-06-15"));
	ck_assert(server_saw(server, 1, "RoleSessionName=outcrop-42"));
	ck_assert(server_saw(server, 1, "DurationSeconds=3600"));
	ck_assert(server_saw(server, 1, "bedrock%3AInvokeModelWithResponseStream"));
	ck_assert_str_is(
		server_line(server, 2),
		STR("POST /model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse-stream"));
	ck_assert(server_saw(server, 2, "Authorization: AWS4-HMAC-SHA256 Credential=ASIAEXAMPLE/"));
	ck_assert(server_saw(server, 2, "/us-east-1/bedrock/aws4_request"));
	ck_assert(server_saw(server, 2, "X-Amz-Security-Token: sessiontoken\r\n"));
	ck_assert_str_is(
		server_body(server, 2),
		STR("{\"system\":[{\"text\":\"You review.\"}],\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"Look at this.\"}]}],\"inferenceConfig\":{\"maxTokens\":100},\"requestMetadata\":{\"outcrop.agent\":\"security\",\"outcrop.repository\":\"acme/shop\"}}"));
}

TEST(goes_from_the_job_token_over_a_role_to_a_streamed_answer)
{
	SCOPED(buf) struct buf stream = BUF_INIT;
	struct credentials_scene scene = {0};

	add_good_stream(&stream);
	struct canned_answer answers[] = {
		OIDC_ANSWER, STS_ANSWER, {.type = EVENTS, .body = buf_str(&stream)}};
	scene_play(&scene, answers, ARRAY_LEN(answers), act_whole_way);
}

static struct error expected;

static void act_failing(struct credentials_scene *scene)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct reply reply = {0};
	struct error err = {0};

	ck_assert(!ask(scene, &arena, &reply, &err));
	ck_assert_msg(err.kind == expected.kind, "%s: %s", error_kind_name(err.kind), err.message);
	ck_assert_msg(str_contains(str_from(err.message), str_from(expected.message)),
		      "\"%s\" does not hold \"%s\"", err.message, expected.message);
	ck_assert_msg(!str_contains(str_from(err.message), STR("eyJ")), "%s", err.message);
	expected = err;
}

static void expect_failure(const struct canned_answer *answers, size_t len, enum error_kind kind,
			   const char *text)
{
	struct credentials_scene scene = {0};

	error_set(&expected, kind, "%s", text);
	scene_play(&scene, answers, len, act_failing);
}

TEST(shows_what_a_refused_token_claims_but_never_the_token)
{
	const struct canned_answer answers[] = {
		OIDC_ANSWER,
		{.status = 403,
		 .body = STR_INIT(
			 "{\"Error\":{\"Code\":\"AccessDenied\",\"Message\":\"Not authorized to perform sts:AssumeRoleWithWebIdentity\",\"Type\":\"Sender\"},\"RequestId\":\"abc\"}")}};

	expect_failure(answers, 2, ERROR_CREDENTIALS, "sub \"repo:acme/shop:pull_request\"");
	ck_assert(str_contains(str_from(expected.message), STR("aud \"sts.amazonaws.com\"")));
	ck_assert(str_contains(str_from(expected.message), STR("role/reviewer")));
	ck_assert(str_contains(str_from(expected.message), STR("request id req-1")));
}

TEST(asks_for_a_fresh_token_when_sts_could_not_fetch_the_keys)
{
	const struct canned_answer answers[] = {
		OIDC_ANSWER,
		{.status = 400,
		 .type = "text/xml",
		 .body = STR_INIT(
			 "<ErrorResponse><Error><Code>InvalidIdentityToken</Code><Message>Couldn't retrieve verification key from your identity provider</Message></Error></ErrorResponse>")},
		OIDC_ANSWER,
		{.status = 400,
		 .body = STR_INIT(
			 "{\"Error\":{\"Code\":\"IDPRejectedClaim\",\"Message\":\"no\"}}")},
	};

	expect_failure(answers, 4, ERROR_CREDENTIALS, "IDPRejectedClaim");
}

TEST(fails_when_a_stream_ends_without_its_stop_event)
{
	SCOPED(buf) struct buf stream = BUF_INIT;

	frame_event(&stream, "contentBlockDelta",
		    "{\"contentBlockIndex\":0,\"delta\":{\"text\":\"Looks \"}}");
	const struct canned_answer answers[] = {
		OIDC_ANSWER, STS_ANSWER, {.type = EVENTS, .body = buf_str(&stream)}};
	expect_failure(answers, 3, ERROR_PROTOCOL, "without its stop event");
	ck_assert_str_eq(expected.request_id, "req-1");
}

TEST(takes_an_exception_within_a_stream_for_a_failure)
{
	SCOPED(buf) struct buf stream = BUF_INIT;

	frame_event(&stream, "messageStart", "{\"role\":\"assistant\"}");
	frame_exception(&stream, "throttlingException", "{\"message\":\"Too many tokens\"}");
	const struct canned_answer answers[] = {
		OIDC_ANSWER, STS_ANSWER, {.type = EVENTS, .body = buf_str(&stream)}};
	expect_failure(answers, 3, ERROR_THROTTLED, "ThrottlingException in the stream");
}

TEST(fails_when_the_connection_is_cut_in_a_frame)
{
	SCOPED(buf) struct buf stream = BUF_INIT;

	add_good_stream(&stream);
	const struct canned_answer answers[] = {
		OIDC_ANSWER, STS_ANSWER, {.type = EVENTS, .body = buf_str(&stream), .cut = 200}};
	expect_failure(answers, 3, ERROR_NETWORK, "");
}

TEST(explains_a_denied_model_with_remedy_region_and_role)
{
	const struct canned_answer answers[] = {
		OIDC_ANSWER,
		STS_ANSWER,
		{.status = 403,
		 .headers =
			 "x-amzn-ErrorType: AccessDeniedException:http://internal.amazon.com/x\r\n",
		 .body = STR_INIT(
			 "{\"Message\":\"User: arn:aws:sts::1:assumed-role/x is not authorized to perform: bedrock:InvokeModel because no identity-based policy allows the bedrock:InvokeModel action\"}")}};

	expect_failure(answers, 3, ERROR_DENIED, "foundation model's ARN in every region");
	ck_assert_str_eq(expected.code, "AccessDeniedException");
	ck_assert(str_contains(str_from(expected.message), STR("region us-east-1")));
	ck_assert(str_contains(str_from(expected.message), STR("role/reviewer")));
	ck_assert(str_contains(str_from(expected.message), STR("request id req-1")));
}

TEST(renews_a_session_that_the_service_calls_expired)
{
	const struct canned_answer answers[] = {
		OIDC_ANSWER,
		STS_ANSWER,
		{.status = 403, .body = STR_INIT("{\"__type\":\"ExpiredTokenException\"}")},
		OIDC_ANSWER,
		STS_ANSWER,
		{.status = 400, .body = STR_INIT("{\"__type\":\"ValidationException\"}")},
	};

	expect_failure(answers, 6, ERROR_INVALID, "ValidationException");
}

TEST(calls_a_page_of_a_proxy_by_its_name)
{
	const struct canned_answer answers[] = {OIDC_ANSWER,
						STS_ANSWER,
						{.type = "text/html",
						 .body = STR_INIT("<html>login</html>")}};

	expect_failure(answers, 3, ERROR_PROTOCOL, "check HTTPS_PROXY");
}

#define SECOND_ANSWER                                                                              \
	{.body = STR_INIT("{\"AssumeRoleResponse\":{\"AssumeRoleResult\":{\"Credentials\":{"       \
			  "\"AccessKeyId\":\"ASIASECOND\",\"SecretAccessKey\":\"s\","              \
			  "\"SessionToken\":\"t\",\"Expiration\":4.1e9}}}}")}

static void act_chain_of_roles(struct credentials_scene *scene)
{
	SCOPED(env) struct env env = {0};
	struct str chain[] = {role, STR("arn:aws:iam::210987654321:role/second")};
	struct str accounts[] = {STR("999999999999")};
	struct aws_options options = {.roles = {.items = chain, .len = 2},
				      .allowed_accounts = {.items = accounts, .len = 1}};
	const struct canned_server *server = &scene->server;
	struct error err = {0};

	fill_env(&env, scene);
	OWNED(aws_session)
	struct aws_session *session =
		aws_session_new(scene->http, &scene->clock, &env, &options, &err);
	ck_assert_msg(session != NULL, "%s", err.message);
	ck_assert(!aws_session_sign_in(session, &err));
	ck_assert_int_eq(err.kind, ERROR_CREDENTIALS);
	ck_assert(str_contains(str_from(err.message), STR("210987654321")));

	ck_assert(server_saw(server, 1, "Action=AssumeRoleWithWebIdentity"));
	ck_assert(!server_saw(server, 1, "&Policy="));
	ck_assert(server_saw(server, 2, "Action=AssumeRole&"));
	ck_assert(server_saw(server, 2, "role%2Fsecond"));
	ck_assert(server_saw(server, 2, "&Policy="));
	ck_assert(server_saw(server, 2, "Credential=ASIAEXAMPLE/"));
	ck_assert(server_saw(server, 2, "/us-east-1/sts/aws4_request"));
	ck_assert(server_saw(server, 3, "Action=GetCallerIdentity"));
	ck_assert(server_saw(server, 3, "Credential=ASIASECOND/"));
}

TEST(chains_roles_and_stops_at_an_account_that_is_not_allowed)
{
	const struct canned_answer answers[] = {
		OIDC_ANSWER,
		STS_ANSWER,
		SECOND_ANSWER,
		{.body = STR_INIT(
			 "{\"GetCallerIdentityResponse\":{\"GetCallerIdentityResult\":{\"Account\":\"210987654321\",\"Arn\":\"arn:x\"}}}")}};

	scene_play(&(struct credentials_scene){0}, answers, 4, act_chain_of_roles);
}

static void act_no_permission(struct credentials_scene *scene)
{
	SCOPED(env) struct env env = {0};
	struct aws_options options = {.roles = {.items = &role, .len = 1}};
	struct error err = {0};

	env_put(&env, STR("AWS_REGION"), STR("us-east-1"));
	ck_assert_ptr_null(aws_session_new(scene->http, &scene->clock, &env, &options, &err));
	ck_assert_int_eq(err.kind, ERROR_CREDENTIALS);
	ck_assert(str_contains(str_from(err.message), STR("id-token: write")));
	env_put(&env, STR("AWS_ACCESS_KEY_ID"), STR("AKIARUNNER"));
	env_put(&env, STR("AWS_SECRET_ACCESS_KEY"), STR("s"));
	OWNED(aws_session)
	struct aws_session *session =
		aws_session_new(scene->http, &scene->clock, &env, &options, &err);
	ck_assert_ptr_nonnull(session);
}

TEST(names_the_missing_permission_unless_the_runner_has_keys)
{
	scene_play(&(struct credentials_scene){0}, NULL, 0, act_no_permission);
}

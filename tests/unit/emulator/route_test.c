/* Requests through the router, without a network. */
#include "base/encode.h"
#include "emulator.h"
#include "unit.h"
#include "value/json.h"

enum { NOW_MS = 1700000000 };

struct route_fixture {
	struct scenario scenario;
	struct emulator emulator;
	struct request request;
	struct answer answer;
	uint64_t requests;
};

static void fixture_init(struct route_fixture *fixture)
{
	struct error err = {0};

	*fixture = (struct route_fixture){0};
	ck_assert_msg(scenario_read(&fixture->scenario, NULL, &err), "%s", err.message);
	ck_assert_msg(emulator_init(&fixture->emulator, &fixture->scenario, &err), "%s",
		      err.message);
}

static void request_end(struct route_fixture *fixture)
{
	VEC_RELEASE(&fixture->answer.headers);
	VEC_RELEASE(&fixture->answer.pieces);
	VEC_RELEASE(&fixture->request.headers);
	buf_release(&fixture->request.body);
	arena_release(&fixture->request.arena);
	fixture->request = (struct request){.body = BUF_INIT};
	fixture->answer = (struct answer){0};
}

static void fixture_release(struct route_fixture *fixture)
{
	request_end(fixture);
	emulator_release(&fixture->emulator);
	scenario_release(&fixture->scenario);
}

/* `authorization` may be NULL. The answer lives until the next call. */
static int ask(struct route_fixture *fixture, const char *method, const char *target,
	       struct str body, const char *authorization)
{
	struct request *request = &fixture->request;

	request_end(fixture);
	request->number = ++fixture->requests;
	request->at_ms = NOW_MS;
	request->method = str_from(method);
	request->target = str_from(target);
	if (!str_cut(request->target, STR("?"), &request->path, &request->query))
		request->path = request->target;
	if (authorization)
		VEC_PUSH(&request->headers,
			 (struct header){STR("Authorization"), str_from(authorization)});
	VEC_PUSH(&request->headers, (struct header){STR("Accept"), STR("application/json")});
	buf_add(&request->body, body);
	emulator_route(&fixture->emulator, request, &fixture->answer);
	emulator_done(&fixture->emulator, request, &fixture->answer);
	return fixture->answer.status;
}

static const struct value *answered(struct route_fixture *fixture)
{
	struct error err = {0};
	const struct value *root =
		json_read(&fixture->request.arena, fixture->answer.body, 0, &err);

	ck_assert_msg(root, "%s", err.message);
	return root;
}

TEST(an_identity_token_is_good_for_one_role)
{
	struct route_fixture fixture;
	SCOPED(buf) struct buf form = BUF_INIT;

	fixture_init(&fixture);
	ck_assert_int_eq(ask(&fixture, "GET", "/oidc/token?x=1&audience=sts.amazonaws.com",
			     STR_EMPTY, "Bearer emulator-request-token"),
			 200);
	buf_add(&form,
		STR("Action=AssumeRoleWithWebIdentity&RoleSessionName=outcrop-1&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fone&WebIdentityToken="));
	buf_add(&form, value_get_string(answered(&fixture), "value"));
	ck_assert_int_eq(ask(&fixture, "POST", "/", buf_str(&form), NULL), 200);
	ck_assert_str_is(
		value_as_string(value_at_pointer(
			answered(&fixture),
			STR("/AssumeRoleWithWebIdentityResponse/AssumeRoleWithWebIdentityResult/AssumedRoleUser/Arn"))),
		STR("arn:aws:sts::1:assumed-role/one/outcrop-1"));
	ck_assert_int_eq(ask(&fixture, "POST", "/", buf_str(&form), NULL), 400);
	ck_assert_str_is(value_get_string(value_get(answered(&fixture), "Error"), "Code"),
			 STR("InvalidIdentityToken"));
	fixture_release(&fixture);
}

TEST(a_wrong_bearer_gets_no_identity_token)
{
	struct route_fixture fixture;

	fixture_init(&fixture);
	ck_assert_int_eq(ask(&fixture, "GET", "/oidc/token?audience=x", STR_EMPTY, "Bearer no"),
			 401);
	fixture_release(&fixture);
}

TEST(a_model_call_without_a_signature_is_refused)
{
	struct route_fixture fixture;

	fixture_init(&fixture);
	ck_assert_int_eq(ask(&fixture, "POST", "/model/m/converse", STR("{}"), NULL), 403);
	ck_assert_str_is(
		headers_get(&fixture.answer.headers, STR("x-amzn-errortype")),
		STR("MissingAuthenticationTokenException:http://internal.amazon.com/coral/"));
	fixture_release(&fixture);
}

TEST(a_signature_of_another_service_is_refused)
{
	struct route_fixture fixture;

	fixture_init(&fixture);
	ck_assert_int_eq(
		ask(&fixture, "POST", "/model/m/converse", STR("{}"),
		    "AWS4-HMAC-SHA256 Credential=AKIAEMULATOREXAMPLE1/19700120/us-east-1/sts/aws4_request, SignedHeaders=host;x-amz-date, Signature=00"),
		403);
	fixture_release(&fixture);
}

static const char bearer[] = "Bearer bedrock-api-key-emulator";

TEST(a_prefix_is_written_once_and_read_then)
{
	struct route_fixture fixture;
	SCOPED(buf) struct buf body = BUF_INIT;
	const struct value *usage;

	fixture_init(&fixture);
	buf_add(&body, STR("{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\""));
	buf_add_many(&body, 'x', 8000);
	buf_add(&body, STR("\"},{\"cachePoint\":{\"type\":\"default\"}},{\"text\":\"go\"}]}]}"));
	ck_assert_int_eq(ask(&fixture, "POST", "/model/m/converse", buf_str(&body), bearer), 200);
	usage = value_get(answered(&fixture), "usage");
	ck_assert_int_gt(value_get_int(usage, "cacheWriteInputTokens", -1), 1999);
	ck_assert_int_eq(value_get_int(usage, "cacheReadInputTokens", -1), 0);
	ck_assert_int_eq(ask(&fixture, "POST", "/model/m/converse", buf_str(&body), bearer), 200);
	usage = value_get(answered(&fixture), "usage");
	ck_assert_int_eq(value_get_int(usage, "cacheWriteInputTokens", -1), 0);
	ck_assert_int_gt(value_get_int(usage, "cacheReadInputTokens", -1), 1999);
	ck_assert_int_lt(value_get_int(usage, "inputTokens", -1), 10);
	fixture_release(&fixture);
}

TEST(a_stream_begins_with_a_message_whose_lengths_and_checksum_hold)
{
	static const char body[] =
		"{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"go\"}]}]}";
	SCOPED(buf) struct buf hex = BUF_INIT;
	struct route_fixture fixture;

	fixture_init(&fixture);
	ck_assert_int_eq(ask(&fixture, "POST", "/model/m/converse-stream", str_from(body), bearer),
			 200);
	ck_assert_uint_eq(fixture.answer.pieces.len, 5);
	hex_add(&hex, str_slice(fixture.answer.pieces.items[0].bytes, 0, 8));
	/* 12 of prelude, 82 of headers, 20 of {"role":"assistant"}, 4 of checksum */
	ck_assert_uint_eq(fixture.answer.pieces.items[0].bytes.len, 12 + 82 + 20 + 4);
	ck_assert_str_is(buf_str(&hex), STR("0000007600000052"));
	fixture_release(&fixture);
}

TEST(a_conversation_that_the_service_refuses_is_refused)
{
	struct route_fixture fixture;

	fixture_init(&fixture);
	ck_assert_int_eq(
		ask(&fixture, "POST", "/model/m/converse", STR("{\"messages\":[]}"), bearer), 400);
	ck_assert_int_eq(
		ask(&fixture, "POST", "/model/m/converse",
		    STR("{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"a\"}]}],\"max_tokens\":5}"),
		    bearer),
		400);
	ck_assert_int_eq(ask(&fixture, "POST", "/model/m/invoke", STR("{\"messages\":[]}"), bearer),
			 400);
	fixture_release(&fixture);
}

/* Credentials of where a program runs: instance metadata, containers, IAM Identity Center. */
#include "aws_state.h"
#include "base/clock.h"
#include "value/put.h"

static const char instance_role[] = "emulator-instance";

/* What the portal expects from who has signed in. */
static const struct str sso_token = STR_INIT("emulator-sso-token");

static const struct key_pair *issue(struct aws_state *state, struct request *request,
				    const char *role)
{
	const struct scenario_aws *aws = &state->emulator->scenario->aws;
	struct str arn = arena_printf(&request->arena, "arn:aws:sts::%.*s:assumed-role/%s/session",
				      STR_ARG(aws->account), role);

	return aws_issue(state, arn, request->at_ms, aws->credentials_seconds);
}

static void send_keys(struct aws_state *state, struct request *request, struct answer *answer,
		      const char *role)
{
	const struct key_pair *pair = issue(state, request, role);
	struct arena *arena = &request->arena;
	struct value *keys = value_object(arena);

	put_word(arena, keys, "Code", "Success");
	put_text(arena, keys, "AccessKeyId", pair->id);
	put_text(arena, keys, "SecretAccessKey", pair->secret);
	put_text(arena, keys, "Token", pair->token);
	put_text(arena, keys, "Expiration", time_iso8601(arena, pair->expires_ms));
	answer_json(request, answer, 200, keys);
}

static bool has_fault(struct emulator *emulator, struct request *request, struct answer *answer,
		      struct str operation)
{
	const struct value *fault;

	return emulator_fault(emulator, request, operation, answer, &fault) ||
	       (fault && aws_fault_answer(emulator->aws, request, answer, fault));
}

void aws_metadata(struct emulator *emulator, struct request *request, struct answer *answer)
{
	static const struct str token = STR_INIT("emulator-metadata-token");
	struct str list = STR("/latest/meta-data/iam/security-credentials/");
	struct str rest = str_skip(request->path, list.len);

	if (has_fault(emulator, request, answer, STR("imds")))
		return;
	if (str_eq(request->path, STR("/latest/api/token"))) {
		bool right =
			str_eq(request->method, STR("PUT")) &&
			headers_get(&request->headers, STR("x-aws-ec2-metadata-token-ttl-seconds"))
				.len;

		answer_text(answer, right ? 200 : 400, STR("text/plain"),
			    right ? token : STR("PUT with a life time is expected"));
		return;
	}
	if (!str_eq(headers_get(&request->headers, STR("x-aws-ec2-metadata-token")), token)) {
		answer_text(answer, 401, STR("text/plain"), STR("Unauthorized"));
		return;
	}
	if (str_starts(request->path, list) && rest.len == 0)
		answer_text(answer, 200, STR("text/plain"), str_from(instance_role));
	else if (str_starts(request->path, list) && str_eq(rest, str_from(instance_role)))
		send_keys(emulator->aws, request, answer, instance_role);
	else if (str_eq(request->path, STR("/latest/meta-data/placement/region")))
		answer_text(answer, 200, STR("text/plain"), emulator->scenario->aws.region);
	else
		answer_text(answer, 404, STR("text/plain"), STR("Not Found"));
}

void aws_container(struct emulator *emulator, struct request *request, struct answer *answer)
{
	if (has_fault(emulator, request, answer, STR("container")))
		return;
	if (headers_get(&request->headers, STR("authorization")).len == 0) {
		answer_text(answer, 401, STR("application/json"),
			    STR("{\"code\":\"Unauthorized\",\"message\":\"no token\"}"));
		return;
	}
	send_keys(emulator->aws, request, answer, "emulator-container");
}

void aws_sso(struct emulator *emulator, struct request *request, struct answer *answer)
{
	struct arena *arena = &request->arena;
	struct value *body = value_object(arena), *keys = value_object(arena);
	const struct key_pair *pair;

	if (has_fault(emulator, request, answer, STR("sso")))
		return;
	if (!str_eq(headers_get(&request->headers, STR("x-amz-sso_bearer_token")), sso_token)) {
		aws_refuse(emulator->aws, request, answer, 401, "UnauthorizedException",
			   STR("Session token not found or invalid"));
		return;
	}
	pair = issue(emulator->aws, request, "emulator-sso");
	put_text(arena, keys, "accessKeyId", pair->id);
	put_text(arena, keys, "secretAccessKey", pair->secret);
	put_text(arena, keys, "sessionToken", pair->token);
	put_int(arena, keys, "expiration", pair->expires_ms);
	value_set(arena, body, "roleCredentials", keys);
	answer_json(request, answer, 200, body);
}

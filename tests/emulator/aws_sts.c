/* The Security Token Service: AssumeRoleWithWebIdentity, AssumeRole, GetCallerIdentity. */
#include "aws_sigv4.h"
#include "base/clock.h"
#include "base/encode.h"
#include "value/json.h"
#include "value/put.h"

enum { POLICY_SIZE_MAX = 2048, DURATION_MIN = 900, DURATION_MAX = 43200 };

/* One call: what it is, and what of its answer is known. */
struct sts_call {
	struct aws_state *state;
	struct request *request;
	struct answer *answer;
	struct arena *arena;
	struct str action;
	const struct key_pair *signer; /* NULL for calls without signature */
};

/* A parameter of the form, decoded; empty when it is not there. */
static struct str parameter(const struct sts_call *call, const char *name)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	struct str rest = buf_str(&call->request->body), part, key, value;

	while (str_next_part(&rest, '&', &part)) {
		if (!str_cut(part, STR("="), &key, &value) || !str_eq(key, str_from(name)))
			continue;
		value = arena_str(call->arena, value);
		for (size_t i = 0; i < value.len; i++) { /* forms say a space so */
			if (value.ptr[i] == '+')
				((char *)(uintptr_t)value.ptr)[i] = ' ';
		}
		percent_decode(value, &text);
		return arena_str(call->arena, buf_str(&text));
	}
	return STR_EMPTY;
}

/* ---- Answers in both forms ---- */

static bool wants_json(const struct sts_call *call)
{
	return str_contains(headers_get(&call->request->headers, STR("accept")),
			    STR("application/json"));
}

static void add_xml_text(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '<')
			buf_add(out, STR("&lt;"));
		else if (text.ptr[i] == '&')
			buf_add(out, STR("&amp;"));
		else
			buf_add_char(out, text.ptr[i]);
	}
}

/* Expiration is a number in JSON, and a time in XML. */
static void add_xml(struct arena *arena, struct buf *out, const struct value *value)
{
	for (size_t i = 0; i < value_len(value); i++) {
		const struct member *member = &value->object.members[i];

		buf_addf(out, "<%.*s>", STR_ARG(member->name));
		if (value_is(member->value, VALUE_OBJECT))
			add_xml(arena, out, member->value);
		else if (value_is(member->value, VALUE_INT))
			buf_add(out, time_iso8601(arena, member->value->integer * 1000));
		else
			add_xml_text(out, value_as_string(member->value));
		buf_addf(out, "</%.*s>", STR_ARG(member->name));
	}
}

static void send(const struct sts_call *call, int status, struct value *root)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	if (wants_json(call)) {
		answer_json(call->request, call->answer, status, root);
	} else {
		add_xml(call->arena, &text, root);
		answer_text(call->answer, status, STR("text/xml"),
			    arena_str(call->arena, buf_str(&text)));
	}
	aws_request_id(call->state, call->answer);
}

static void refuse(const struct sts_call *call, int status, const char *code, struct str message)
{
	struct value *root = value_object(call->arena), *error = value_object(call->arena);

	put_word(call->arena, error, "Type", "Sender");
	put_word(call->arena, error, "Code", code);
	put_text(call->arena, error, "Message", message);
	value_set(call->arena, root, "Error", error);
	if (!wants_json(call)) {
		struct value *outer = value_object(call->arena);

		value_set(call->arena, outer, "ErrorResponse", root);
		root = outer;
	}
	send(call, status, root);
}

/* {"ActionResponse": {"ActionResult": {...}}} */
static void send_result(const struct sts_call *call, struct value *result)
{
	struct value *root = value_object(call->arena), *response = value_object(call->arena);
	struct str name = arena_printf(call->arena, "%.*sResult", STR_ARG(call->action));

	value_set_str(call->arena, response, name, result);
	name = arena_printf(call->arena, "%.*sResponse", STR_ARG(call->action));
	value_set_str(call->arena, root, name, response);
	send(call, 200, root);
}

/* ---- Roles ---- */

/* False when it was refused. */
static bool check_role(const struct sts_call *call, int64_t *seconds)
{
	struct str policy = parameter(call, "Policy");
	struct str duration = parameter(call, "DurationSeconds");
	struct error ignored = {0};

	*seconds = call->state->emulator->scenario->aws.credentials_seconds;
	if (!str_starts(parameter(call, "RoleArn"), STR("arn:aws")) ||
	    parameter(call, "RoleSessionName").len < 2) {
		refuse(call, 400, "ValidationError",
		       STR("RoleArn and RoleSessionName (2 to 64 characters) are required"));
		return false;
	}
	if (duration.len && (!str_to_int64(duration, seconds) || *seconds < DURATION_MIN ||
			     *seconds > DURATION_MAX)) {
		refuse(call, 400, "ValidationError", STR("DurationSeconds is out of its range"));
		return false;
	}
	if (policy.len && (policy.len > POLICY_SIZE_MAX ||
			   !value_get(json_read(call->arena, policy, 0, &ignored), "Statement"))) {
		refuse(call, 400, "MalformedPolicyDocument",
		       STR("The session policy is not a policy in JSON"));
		return false;
	}
	return true;
}

/* "arn:aws:iam::ACCOUNT:role/path/NAME" -> "arn:aws:sts::ACCOUNT:assumed-role/NAME/SESSION" */
static struct str session_arn(const struct sts_call *call)
{
	struct str role = parameter(call, "RoleArn"), account = role, part;

	for (int i = 0; i < 5; i++)
		(void)str_next_part(&account, ':', &part);
	return arena_printf(call->arena, "arn:aws:sts::%.*s:assumed-role/%.*s/%.*s", STR_ARG(part),
			    STR_ARG(str_skip(role, (size_t)(str_rfind_char(role, '/') + 1))),
			    STR_ARG(parameter(call, "RoleSessionName")));
}

static void give_role(const struct sts_call *call, int64_t seconds)
{
	const struct key_pair *pair =
		aws_issue(call->state, session_arn(call), call->request->at_ms, seconds);
	struct value *result = value_object(call->arena), *keys = value_object(call->arena);
	struct value *user = value_object(call->arena);

	put_text(call->arena, keys, "AccessKeyId", pair->id);
	put_text(call->arena, keys, "SecretAccessKey", pair->secret);
	put_text(call->arena, keys, "SessionToken", pair->token);
	put_int(call->arena, keys, "Expiration", pair->expires_ms / 1000);
	put_text(call->arena, user, "Arn", pair->arn);
	put_word(call->arena, user, "AssumedRoleId", "AROAEMULATOR:session");
	value_set(call->arena, result, "Credentials", keys);
	value_set(call->arena, result, "AssumedRoleUser", user);
	send_result(call, result);
}

/* A token that we made, for the right audience, not too old, and not used before. */
static const char *take_token(const struct sts_call *call, const char **code)
{
	struct str text = parameter(call, "WebIdentityToken");
	struct str audience = call->state->emulator->scenario->oidc.audience;
	SCOPED(buf) struct buf json = BUF_INIT;
	struct error ignored = {0};
	struct str header, rest, payload, signature;

	*code = "InvalidIdentityToken";
	if (!str_cut(text, STR("."), &header, &rest) ||
	    !str_cut(rest, STR("."), &payload, &signature) || !base64_decode(payload, &json))
		return "The web identity token is not a JWT";
	if (!str_eq(value_get_string(json_read(call->arena, buf_str(&json), 0, &ignored), "aud"),
		    audience))
		return "Incorrect token audience";
	for (size_t i = 0; i < call->state->tokens.len; i++) {
		struct identity_token *token = &call->state->tokens.items[i];

		if (!str_eq(token->text, text))
			continue;
		if (token->is_used)
			return "The web identity token was used before";
		token->is_used = true;
		if (call->request->at_ms < token->expires_ms)
			return NULL;
		*code = "ExpiredTokenException";
		return "Token expired: the current date/time is after its expiry";
	}
	return "The web identity token was not made by this issuer";
}

static void assume_with_token(const struct sts_call *call)
{
	const char *code;
	const char *why;
	int64_t seconds;

	if (!check_role(call, &seconds))
		return;
	why = take_token(call, &code);
	if (why)
		refuse(call, 400, code, str_from(why));
	else
		give_role(call, seconds);
}

static void assume(const struct sts_call *call)
{
	int64_t seconds;

	if (check_role(call, &seconds))
		give_role(call, seconds);
}

static void identity(const struct sts_call *call)
{
	struct value *result = value_object(call->arena);
	struct str account = call->signer->arn, part;

	for (int i = 0; i < 5; i++)
		(void)str_next_part(&account, ':', &part);
	put_text(call->arena, result, "Account", part);
	put_text(call->arena, result, "Arn", call->signer->arn);
	put_word(call->arena, result, "UserId", "AROAEMULATOR:session");
	send_result(call, result);
}

static const struct sts_action {
	struct str name;
	const char *operation;
	bool is_signed;
	void (*run)(const struct sts_call *call);
} actions[] = {
	{STR_INIT("AssumeRole"), "sts-assume-role", true, assume},
	{STR_INIT("AssumeRoleWithWebIdentity"), "sts", false, assume_with_token},
	{STR_INIT("GetCallerIdentity"), "sts-identity", true, identity},
};

static bool has_fault(struct sts_call *call, const struct sts_action *action)
{
	const struct value *fault;
	const struct aws_refusal *refusal;
	struct str message;

	if (emulator_fault(call->state->emulator, call->request, str_from(action->operation),
			   call->answer, &fault))
		return true;
	if (aws_fault_page(call->answer, fault))
		return true;
	refusal = aws_refusal_find(value_get_string(fault, "fault"));
	if (!refusal && !value_get(fault, "code"))
		return false;
	message = value_get_string(fault, "message");
	if (value_get(fault, "code"))
		refuse(call, (int)value_get_int(fault, "status", 400),
		       arena_text(call->arena, value_get_string(fault, "code")), message);
	else
		refuse(call, refusal->status, refusal->code,
		       message.len ? message : str_from(refusal->message));
	return true;
}

static bool check_signature(struct sts_call *call, const struct sts_action *action)
{
	struct sigv4_refusal refusal;

	if (!action->is_signed) {
		if (headers_get(&call->request->headers, STR("authorization")).len == 0)
			return true;
		refuse(call, 403, "AccessDenied", STR("this call is not to be signed"));
		return false;
	}
	call->signer = sigv4_check(call->state, call->request, "sts", &refusal);
	if (!call->signer)
		refuse(call, refusal.status, refusal.code, refusal.message);
	return call->signer;
}

void aws_sts(struct emulator *emulator, struct request *request, struct answer *answer)
{
	struct sts_call call = {.state = emulator->aws,
				.request = request,
				.answer = answer,
				.arena = &request->arena};

	call.action = parameter(&call, "Action");
	for (size_t i = 0; i < ARRAY_LEN(actions); i++) {
		if (!str_eq(actions[i].name, call.action))
			continue;
		if (!has_fault(&call, &actions[i]) && check_signature(&call, &actions[i]))
			actions[i].run(&call);
		return;
	}
	refuse(&call, 400, "InvalidAction", STR("Could not find operation"));
}

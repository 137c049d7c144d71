/* The token service of GitHub Actions: short-lived identity tokens of a job. */
#include "aws_state.h"
#include "base/encode.h"
#include "base/hash.h"
#include "value/json.h"
#include "value/put.h"

enum { TOKEN_SECONDS = 300 };

static void add_base64url(struct buf *out, struct str bytes)
{
	size_t start = out->len;

	base64_add(out, bytes);
	while (out->len > start && out->ptr[out->len - 1] == '=')
		buf_set_len(out, out->len - 1);
	for (size_t i = start; i < out->len; i++) {
		if (out->ptr[i] == '+')
			out->ptr[i] = '-';
		else if (out->ptr[i] == '/')
			out->ptr[i] = '_';
	}
}

static struct value *claims(struct aws_state *state, struct arena *arena, struct str audience,
			    int64_t now_ms)
{
	const struct scenario_oidc *oidc = &state->emulator->scenario->oidc;
	struct value *claims = value_object(arena);

	put_text(arena, claims, "iss", oidc->issuer);
	put_text(arena, claims, "sub", oidc->subject);
	put_text(arena, claims, "aud", audience);
	put_int(arena, claims, "iat", now_ms / 1000);
	put_int(arena, claims, "exp", now_ms / 1000 + TOKEN_SECONDS);
	put_text(arena, claims, "jti", aws_random_id(state, "", 32));
	return claims;
}

/* A token of three parts.  Its signature is a digest that only this program could check. */
static struct str make_token(struct aws_state *state, struct arena *arena, struct str audience,
			     int64_t now_ms)
{
	SCOPED(buf) struct buf json = BUF_INIT;
	SCOPED(buf) struct buf token = BUF_INIT;
	struct sha256 digest;

	json_write(&json, claims(state, arena, audience, now_ms), JSON_COMPACT);
	add_base64url(&token, STR("{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"emulator\"}"));
	buf_add_char(&token, '.');
	add_base64url(&token, buf_str(&json));
	digest = hmac_sha256(STR("emulator"), buf_str(&token));
	buf_add_char(&token, '.');
	add_base64url(&token, sha256_str(&digest));
	return arena_str(&state->arena, buf_str(&token));
}

/* The last "audience" of the query, decoded; the job's URL has other parameters before it. */
static struct str read_audience(struct arena *arena, struct str query)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	struct str part;

	while (str_next_part(&query, '&', &part)) {
		if (!str_starts(part, STR("audience=")))
			continue;
		buf_reset(&text);
		percent_decode(str_skip(part, 9), &text);
	}
	return arena_str(arena, buf_str(&text));
}

void aws_oidc(struct emulator *emulator, struct request *request, struct answer *answer)
{
	struct aws_state *state = emulator->aws;
	struct arena *arena = &request->arena;
	struct str sent = headers_get(&request->headers, STR("authorization"));
	struct str audience = read_audience(arena, request->query);
	const struct value *fault;
	struct value *body;

	if (emulator_fault(emulator, request, STR("oidc"), answer, &fault) ||
	    (fault && aws_fault_answer(state, request, answer, fault)))
		return;
	if (!str_starts(sent, STR("Bearer ")) ||
	    !str_eq(str_skip(sent, 7), emulator->scenario->oidc.request_token)) {
		answer_text(answer, 401, STR("application/json"),
			    STR("{\"message\":\"the bearer token is not this job's\"}"));
		return;
	}
	if (!str_eq(request->method, STR("GET")) || audience.len == 0) {
		answer_text(answer, 400, STR("application/json"),
			    STR("{\"message\":\"GET with an audience is expected\"}"));
		return;
	}
	if (state->tokens.len >= TOKENS_MAX)
		state->tokens.len = 0;
	VEC_PUSH(&state->tokens, (struct identity_token){
					 .text = make_token(state, arena, audience, request->at_ms),
					 .expires_ms = request->at_ms + TOKEN_SECONDS * 1000,
				 });
	body = value_object(arena);
	put_int(arena, body, "count", 1);
	put_text(arena, body, "value", state->tokens.items[state->tokens.len - 1].text);
	answer_json(request, answer, 200, body);
}

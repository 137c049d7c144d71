/* Checking signatures of AWS Signature Version 4. */
#include "aws_sigv4.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/encode.h"
#include "base/hash.h"

/* The parts of the Authorization header. */
struct authorization {
	struct str key_id, date, region, service; /* of the credential scope */
	struct str scope;                         /* DATE/REGION/SERVICE/aws4_request */
	struct str signed_headers, signature;
};

static const struct key_pair *refuse(struct sigv4_refusal *refusal, int status, const char *code,
				     struct str message)
{
	*refusal = (struct sigv4_refusal){status, code, message};
	return NULL;
}

static bool parse(struct str header, struct authorization *to)
{
	struct str rest, part;

	*to = (struct authorization){0};
	if (!str_starts(header, STR("AWS4-HMAC-SHA256 ")))
		return false;
	rest = str_skip(header, 17);
	while (str_next_part(&rest, ',', &part)) {
		part = str_trim(part);
		if (str_starts(part, STR("Credential="))) {
			if (!str_cut(str_skip(part, 11), STR("/"), &to->key_id, &to->scope))
				return false;
		} else if (str_starts(part, STR("SignedHeaders="))) {
			to->signed_headers = str_skip(part, 14);
		} else if (str_starts(part, STR("Signature="))) {
			to->signature = str_skip(part, 10);
		} else {
			return false;
		}
	}
	rest = to->scope;
	return str_next_part(&rest, '/', &to->date) && str_next_part(&rest, '/', &to->region) &&
	       str_next_part(&rest, '/', &to->service) && str_eq(rest, STR("aws4_request")) &&
	       to->region.len && to->signed_headers.len && to->signature.len;
}

static bool is_signed(struct str list, struct str name)
{
	struct str part;

	while (str_next_part(&list, ';', &part)) {
		if (str_eq(part, name))
			return true;
	}
	return false;
}

/* "name:value,value\n" with runs of spaces as one. */
static bool add_header(struct buf *out, const struct request *request, struct str name)
{
	bool found = false;

	buf_add(out, name);
	for (size_t i = 0; i < request->headers.len; i++) {
		struct str value = str_trim(request->headers.items[i].value);

		if (!str_eq_nocase(request->headers.items[i].name, name))
			continue;
		buf_add_char(out, found ? ',' : ':');
		found = true;
		for (size_t c = 0; c < value.len; c++) {
			if (value.ptr[c] != ' ' || value.ptr[c - 1] != ' ')
				buf_add_char(out, value.ptr[c]);
		}
	}
	buf_add_char(out, '\n');
	return found;
}

static void add_query(struct buf *out, struct str query)
{
	struct str parts[64], part;
	size_t len = 0;

	while (len < ARRAY_LEN(parts) && str_next_part(&query, '&', &part))
		parts[len++] = part;
	qsort(parts, len, sizeof(parts[0]), str_compare_items);
	for (size_t i = 0; i < len; i++) {
		if (i)
			buf_add_char(out, '&');
		buf_add(out, parts[i]);
		if (str_find_char(parts[i], '=', 0) < 0)
			buf_add_char(out, '=');
	}
}

/* False, with the name in `missing`, when a signed header is not there. */
static bool add_canonical(struct buf *out, struct request *request,
			  const struct authorization *authorization, struct str *missing)
{
	struct str names = authorization->signed_headers;

	buf_add(out, request->method);
	buf_add_char(out, '\n');
	percent_add(out, request->path, "/");
	buf_add_char(out, '\n');
	add_query(out, request->query);
	buf_add_char(out, '\n');
	while (str_next_part(&names, ';', missing)) {
		if (!add_header(out, request, *missing))
			return false;
	}
	buf_add_char(out, '\n');
	buf_add(out, authorization->signed_headers);
	buf_add_char(out, '\n');
	buf_add(out, sha256_hex(&request->arena, buf_str(&request->body)));
	return true;
}

static struct str sign(struct arena *arena, const struct key_pair *key,
		       const struct authorization *authorization, struct str date,
		       struct str canonical)
{
	SCOPED(buf) struct buf hex = BUF_INIT;
	struct str seed = arena_printf(arena, "AWS4%.*s", STR_ARG(key->secret));
	struct str to_sign =
		arena_printf(arena, "AWS4-HMAC-SHA256\n%.*s\n%.*s\n%.*s", STR_ARG(date),
			     STR_ARG(authorization->scope), STR_ARG(sha256_hex(arena, canonical)));
	struct sha256 digest = hmac_sha256(seed, authorization->date);

	digest = hmac_sha256(sha256_str(&digest), authorization->region);
	digest = hmac_sha256(sha256_str(&digest), authorization->service);
	digest = hmac_sha256(sha256_str(&digest), STR("aws4_request"));
	digest = hmac_sha256(sha256_str(&digest), to_sign);
	hex_add(&hex, sha256_str(&digest));
	return arena_str(arena, buf_str(&hex));
}

/* "20261121T120000Z" */
static bool read_date(struct arena *arena, struct str date, int64_t *wall_ms)
{
	struct str iso;

	if (date.len != 16)
		return false;
	iso = arena_printf(arena, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", date.ptr, date.ptr + 4,
			   date.ptr + 6, date.ptr + 9, date.ptr + 11, date.ptr + 13);
	return time_parse(iso, wall_ms);
}

/* Date, scope and the headers that have to be signed. */
static bool check_form(struct aws_state *state, struct request *request,
		       const struct authorization *authorization, const char *service,
		       struct sigv4_refusal *refusal)
{
	struct arena *arena = &request->arena;
	struct str date = headers_get(&request->headers, STR("x-amz-date"));
	bool has_token = headers_get(&request->headers, STR("x-amz-security-token")).len > 0;
	const char *code = "InvalidSignatureException";
	int64_t skew_ms = state->emulator->scenario->aws.clock_skew_seconds * 1000;
	int64_t at_ms;

	if (!read_date(arena, date, &at_ms))
		return refuse(refusal, 403, code, STR("X-Amz-Date is missing or wrong"));
	if (skew_ms && (at_ms < request->at_ms - skew_ms || at_ms > request->at_ms + skew_ms))
		return refuse(refusal, 403, code,
			      arena_printf(arena, "Signature expired: %.*s is not now",
					   STR_ARG(date)));
	if (!str_starts(date, authorization->date))
		return refuse(refusal, 403, code,
			      STR("the date of the credential scope is not that of X-Amz-Date"));
	if (!str_eq(authorization->service, str_from(service)))
		return refuse(refusal, 403, code,
			      arena_printf(arena,
					   "Credential should be scoped to correct service: '%s'",
					   service));
	if (!is_signed(authorization->signed_headers, STR("host")) ||
	    !is_signed(authorization->signed_headers, STR("x-amz-date")) ||
	    (has_token && !is_signed(authorization->signed_headers, STR("x-amz-security-token"))))
		return refuse(refusal, 403, code,
			      STR("host, x-amz-date and the session token have to be signed"));
	return true;
}

static bool check_key(struct request *request, const struct key_pair *key,
		      struct sigv4_refusal *refusal)
{
	struct str token = headers_get(&request->headers, STR("x-amz-security-token"));

	if (!key || !str_eq(key->token, token))
		return refuse(refusal, 403, "UnrecognizedClientException",
			      STR("The security token included in the request is invalid."));
	if (key->expires_ms && request->at_ms >= key->expires_ms)
		return refuse(refusal, 403, "ExpiredTokenException",
			      STR("The security token included in the request is expired"));
	return true;
}

const struct key_pair *sigv4_check(struct aws_state *state, struct request *request,
				   const char *service, struct sigv4_refusal *refusal)
{
	SCOPED(buf) struct buf canonical = BUF_INIT;
	struct arena *arena = &request->arena;
	struct str header = headers_get(&request->headers, STR("authorization"));
	struct str body_digest = headers_get(&request->headers, STR("x-amz-content-sha256"));
	struct authorization authorization;
	const struct key_pair *key;
	struct str expected, missing;

	if (header.len == 0)
		return refuse(refusal, 403, "MissingAuthenticationTokenException",
			      STR("Missing Authentication Token"));
	if (!parse(header, &authorization))
		return refuse(
			refusal, 403, "IncompleteSignatureException",
			STR("Authorization header is not of the form AWS4-HMAC-SHA256 Credential=ID/DATE/REGION/SERVICE/aws4_request, SignedHeaders=..., Signature=..."));
	key = aws_find_key(state, authorization.key_id);
	if (!check_form(state, request, &authorization, service, refusal) ||
	    !check_key(request, key, refusal))
		return NULL;
	if (body_digest.len && !str_eq(body_digest, sha256_hex(arena, buf_str(&request->body))))
		return refuse(refusal, 403, "InvalidSignatureException",
			      STR("x-amz-content-sha256 is not the digest of the body"));
	if (!add_canonical(&canonical, request, &authorization, &missing))
		return refuse(refusal, 403, "InvalidSignatureException",
			      arena_printf(arena, "the signed header \"%.*s\" is missing",
					   STR_ARG(missing)));
	expected = sign(arena, key, &authorization,
			headers_get(&request->headers, STR("x-amz-date")), buf_str(&canonical));
	if (!str_eq(expected, authorization.signature))
		return refuse(
			refusal, 403, "InvalidSignatureException",
			arena_printf(
				arena,
				"The request signature we calculated does not match the signature you provided. The Canonical String for this request should have been\n'%.*s'",
				STR_ARG(buf_str(&canonical))));
	return key;
}

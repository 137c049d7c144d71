/* Signatures of AWS requests, Signature Version 4, in the Authorization header. */
#ifndef AWS_SIGV4_H
#define AWS_SIGV4_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/common.h"
#include "base/hash.h"
#include "base/str.h"
#include "http/http.h"

/*
 * What is signed: the request as it goes over the wire.  `headers` are those of the caller, Host among
 * them; those that proxies change (such as Connection and User-Agent) are not signed.
 */
struct sigv4_request {
	struct str method;
	struct str path;  /* percent-encoded once; empty counts as "/" */
	struct str query; /* without '?' */
	const struct http_header *headers;
	size_t headers_len;
	struct str body, body_end;        /* in two parts */
	const struct sha256 *body_digest; /* of both; NULL: not known */
};

/* Who signs, for which service, when. The keys are borrowed for the call. */
struct sigv4_signer {
	struct str access_key_id;
	struct str secret_access_key;
	struct str session_token; /* empty: none */
	struct str region;
	struct str service; /* the signing name: "bedrock", "sts" */
	int64_t wall_ms;
	bool keep_path;         /* dot segments and double slashes are kept; only S3 needs it */
	bool sign_content_hash; /* adds and signs x-amz-content-sha256 */
	bool leave_token_unsigned;
};

/* Headers to send besides the caller's; empty ones are not sent.  They live in the arena. */
struct sigv4_headers {
	struct str date;           /* X-Amz-Date */
	struct str security_token; /* X-Amz-Security-Token: a secret */
	struct str content_hash;   /* X-Amz-Content-Sha256 */
	struct str authorization;  /* Authorization */
};

/*
 * Signs.  The whole path is percent-encoded again for the canonical request, as every service but S3
 * requires; so a model id's ':' is "%3A" on the wire and "%253A" in the canonical request.
 * Source: "Create a signed AWS API request" in the IAM user guide.
 */
void sigv4_sign(struct arena *arena, const struct sigv4_signer *signer,
		const struct sigv4_request *request, struct sigv4_headers *headers);

/*
 * Appends the canonical request, the text whose hash is signed.  It contains the session token.  Only tests call it
 * from outside: they compare it with the AWS Signature Version 4 test suite, so that a difference is visible.
 */
void sigv4_canonical_request(struct buf *out, const struct sigv4_signer *signer,
			     const struct sigv4_request *request);

#endif

/* Prepares requests to AWS: signs them, or adds a bearer token. */
#ifndef AWS_CALL_H
#define AWS_CALL_H

#include "aws/credentials.h"
#include "aws/endpoints.h"
#include "base/arena.h"
#include "base/clock.h"
#include "http/http.h"

/* Which attempt of which call; `id` is the same for all attempts. */
struct call_attempt {
	struct str id; /* copied */
	int number;    /* 1-based */
	int max;       /* 0: unknown */
};

/*
 * Adds amz-sdk-invocation-id and amz-sdk-request, by which AWS distinguishes retries from new calls.  Call it
 * before the signature, which covers them as those of the SDKs for JavaScript, Java and Go do.
 */
void call_number(struct arena *arena, struct http_request *request,
		 const struct call_attempt *attempt);

/*
 * Adds the headers that authorize `request` to it: a signature with `credentials`, for the wall time
 * `wall_ms`.  The request's url, headers and body must be complete.  The headers live in the arena.
 * ERROR_USAGE for an invalid URL.
 */
bool call_sign(struct arena *arena, struct http_request *request, const struct endpoint *endpoint,
	       const struct credentials *credentials, int64_t wall_ms, struct error *err) MUST_USE;

/*
 * The same with a Bedrock API key.  Anybody who reads the key can use it, so ERROR_USAGE for a URL without TLS,
 * except on this machine, also with --allow-http.
 */
bool call_bear(struct arena *arena, struct http_request *request, const struct secret *token,
	       struct error *err) MUST_USE;

/*
 * Sends, and turns any status but 2xx into an error (aws_error_read), and an answer that should be
 * JSON or XML and is a web page into ERROR_PROTOCOL.  Waits.
 */
bool call_send(struct http *http, const struct http_request *request,
	       struct http_response *response, struct error *err) MUST_USE;

#endif

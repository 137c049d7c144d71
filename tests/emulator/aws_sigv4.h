/* Checking signatures of AWS Signature Version 4, apart from the code that makes them. */
#ifndef EMULATOR_AWS_SIGV4_H
#define EMULATOR_AWS_SIGV4_H

#include "aws_state.h"

/* Why a request is not let in. */
struct sigv4_refusal {
	int status;
	const char *code;
	struct str message; /* in the request's arena */
};

/*
 * Checks the Authorization header (AWS4-HMAC-SHA256; query signing is not played) of a request for
 * `service`; the canonical URI is the path as sent, encoded once more.  NULL with `refusal` set when it
 * does not hold, else whose key it was.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
 */
const struct key_pair *sigv4_check(struct aws_state *state, struct request *request,
				   const char *service, struct sigv4_refusal *refusal) MUST_USE;

#endif

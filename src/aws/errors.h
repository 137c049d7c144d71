/* Errors of AWS: kinds that callers branch on, and messages that say how to fix them. */
#ifndef AWS_ERRORS_H
#define AWS_ERRORS_H

#include "base/common.h"
#include "base/error.h"
#include "base/str.h"
#include "http/http.h"

/*
 * Fills `err` from an error response; returns false.  The code is taken from the header
 * x-amzn-errortype, else from the body (JSON or XML); kind, request id, retry-after
 * and message are set too.  The kind depends on the code, or on the status when the code is unknown.
 */
bool aws_error_read(int status, const struct http_headers *headers, struct str body,
		    struct error *err);

/*
 * The same for an exception within a stream.  `type` is its name as the stream writes it
 * ("throttlingException"), `message` the service's text.
 */
bool aws_error_stream(struct str type, struct str message, struct error *err);

/* Kind by code and status alone: what aws_error_read() decides, for tests and other readers. */
enum error_kind aws_error_kind(struct str code, struct str message, int status);

/* True when new credentials may help: the session has expired, or the token is no longer valid. */
bool aws_error_is_expiry(const struct error *err);

/* True when asking AWS again may help: throttling, server errors, broken connections. */
bool aws_error_is_transient(const struct error *err);

/* The context of a failed call; empty members are left out. */
struct aws_error_scene {
	struct str model, region, role;
};

/*
 * Appends to the message how to fix the error, then request id, region, model and role, which AWS Support
 * asks for.  Returns false.
 */
bool aws_error_explain(struct error *err, const struct aws_error_scene *scene);

/* The known codes, sorted; for others the status decides. */
struct aws_error_code {
	struct str code;
	enum error_kind kind;
};
extern const struct aws_error_code aws_error_codes[];
extern const size_t aws_error_codes_len;

#endif

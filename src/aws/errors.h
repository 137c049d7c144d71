/* What AWS says went wrong, as kinds that callers act on and messages that say what to do. */
#ifndef AWS_ERRORS_H
#define AWS_ERRORS_H

#include "base/common.h"
#include "base/error.h"
#include "base/str.h"
#include "http/http.h"

/*
 * Fills `err` from an error response; returns false.  The code is taken from the header
 * x-amzn-errortype, else from the body (JSON or XML); kind, request id, what the server says about
 * waiting, and its message follow.  Branches on the code, on the status only when it is unknown.
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

/* True when fresh credentials may cure it: the session ended, or the token is not known any more. */
bool aws_error_is_expiry(const struct error *err);

/* True when asking AWS again may help: throttling, server errors, broken connections. */
bool aws_error_is_transient(const struct error *err);

/* Whom and where a failed call was for; empty members are left out. */
struct aws_error_scene {
	struct str model, region, role;
};

/*
 * Puts the remedy for what the service said behind the message, then request id, region, model and
 * role: what a support thread would ask for.  Returns false.
 */
bool aws_error_explain(struct error *err, const struct aws_error_scene *scene);

/* The codes that are known, sorted; all else is judged by its status. */
struct aws_error_code {
	struct str code;
	enum error_kind kind;
};
extern const struct aws_error_code aws_error_codes[];
extern const size_t aws_error_codes_len;

#endif

/* Errors as plain values: filled where something fails, given more context on the way up. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include "base/common.h"

/* What went wrong, as far as callers distinguish it.  Branch on this, never on the message. */
enum error_kind {
	ERROR_NONE = 0,
	ERROR_USAGE,       /* wrong options or inputs: exit 2 */
	ERROR_CONFIG,      /* wrong configuration or agent definition: exit 2 */
	ERROR_CREDENTIALS, /* no usable AWS credentials: exit 3 */
	ERROR_CANCELLED,   /* the group was cancelled: stop what you do */
	ERROR_TIMEOUT,     /* silence, or a deadline passed */
	ERROR_NETWORK,     /* not resolved, refused, reset, cut */
	ERROR_TLS,         /* certificate or handshake */
	ERROR_PROTOCOL,    /* a server's bytes are not what its protocol says */
	ERROR_SYNTAX,      /* text that does not parse: JSON, YAML, diff */
	ERROR_INVALID,     /* the service says that the request is wrong (400, 422) */
	ERROR_DENIED,      /* the service refuses (401, 403) */
	ERROR_NOT_FOUND,   /* missing (404, ENOENT) */
	ERROR_CONFLICT,    /* it exists already, or changed meanwhile (409) */
	ERROR_THROTTLED,   /* slow down (429, ThrottlingException, secondary rate limit) */
	ERROR_QUOTA,       /* a limit that waiting a minute does not lift (per day) */
	ERROR_SERVER,      /* the service failed (5xx, in-stream server errors) */
	ERROR_LIMIT,       /* a maximum of ours was reached; the message has the number */
	ERROR_MODEL, /* the model's answer cannot be used: stopped early, filtered, wrong shape */
	ERROR_IO,    /* the file system */
};

enum { ERROR_MESSAGE_SIZE = 2048, ERROR_CODE_SIZE = 64, ERROR_REQUEST_ID_SIZE = 80 };

/*
 * A plain value that owns nothing.  Zeroed it is "no error".  `message` reads "what: why", lower
 * case, no full stop; a longer text is cut at a UTF-8 boundary and ends in "...".
 */
struct error {
	enum error_kind kind;
	int http_status;            /* 0: no HTTP answer */
	int64_t retry_after_ms;     /* what the server asked for; 0: it did not */
	char code[ERROR_CODE_SIZE]; /* the service's own code: "ThrottlingException"; or "" */
	char request_id[ERROR_REQUEST_ID_SIZE]; /* the service's id of the request, or "" */
	char message[ERROR_MESSAGE_SIZE];
};

/* Replaces the contents of `err` and returns false, so that a function can `return error_set(...)`. */
bool error_set(struct error *err, enum error_kind kind, const char *fmt, ...) PRINTF(3, 4);

/* Like error_set with ": strerror(errno)" behind it; ERROR_NOT_FOUND for ENOENT, else ERROR_IO. */
bool error_errno(struct error *err, const char *fmt, ...) PRINTF(2, 3);

/* Puts "context: " before the message, keeps the rest, returns false. */
bool error_wrap(struct error *err, const char *fmt, ...) PRINTF(2, 3);

/* Puts text behind the message ("; do this"), keeps the rest, returns false. */
bool error_append(struct error *err, const char *fmt, ...) PRINTF(2, 3);

/* Whether it is a cancellation or a timeout: no fallback applies, so the work ends. */
bool error_ends_work(const struct error *err);

/* "throttled", "not found"...: the kind in words, for logs and reports. */
const char *error_kind_name(enum error_kind kind);

#endif

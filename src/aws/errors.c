/* Errors of AWS, as kinds that callers act on. */
#include "aws/errors.h"

#include <string.h>

#include "aws/xml.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "value/json.h"

enum { MESSAGE_SIZE_MAX = 600, BODY_SIZE_MAX = 1 << 20, RETRY_AFTER_MAX_MS = 300000 };

const struct aws_error_code aws_error_codes[] = {
	{STR_INIT("AccessDenied"), ERROR_DENIED},
	{STR_INIT("AccessDeniedException"), ERROR_DENIED},
	{STR_INIT("BandwidthLimitExceeded"), ERROR_THROTTLED},
	{STR_INIT("ConflictException"), ERROR_CONFLICT},
	{STR_INIT("EC2ThrottledException"), ERROR_THROTTLED},
	{STR_INIT("ExpiredToken"), ERROR_CREDENTIALS},
	{STR_INIT("ExpiredTokenException"), ERROR_CREDENTIALS},
	{STR_INIT("IDPCommunicationError"), ERROR_SERVER},
	{STR_INIT("IDPRejectedClaim"), ERROR_DENIED},
	{STR_INIT("IncompleteSignature"), ERROR_CREDENTIALS},
	{STR_INIT("IncompleteSignatureException"), ERROR_CREDENTIALS},
	{STR_INIT("InternalFailure"), ERROR_SERVER},
	{STR_INIT("InternalServerException"), ERROR_SERVER},
	{STR_INIT("InvalidClientTokenId"), ERROR_CREDENTIALS},
	{STR_INIT("InvalidIdentityToken"), ERROR_DENIED},
	{STR_INIT("InvalidSignatureException"), ERROR_CREDENTIALS},
	{STR_INIT("LimitExceededException"), ERROR_THROTTLED},
	{STR_INIT("MalformedPolicyDocument"), ERROR_INVALID},
	{STR_INIT("MissingAuthenticationToken"), ERROR_CREDENTIALS},
	{STR_INIT("MissingAuthenticationTokenException"), ERROR_CREDENTIALS},
	{STR_INIT("ModelErrorException"), ERROR_SERVER},
	{STR_INIT("ModelNotReadyException"), ERROR_SERVER},
	{STR_INIT("ModelStreamErrorException"), ERROR_SERVER},
	{STR_INIT("ModelTimeoutException"), ERROR_SERVER},
	{STR_INIT("PackedPolicyTooLarge"), ERROR_INVALID},
	{STR_INIT("PriorRequestNotComplete"), ERROR_THROTTLED},
	{STR_INIT("ProvisionedThroughputExceededException"), ERROR_THROTTLED},
	{STR_INIT("RegionDisabledException"), ERROR_DENIED},
	{STR_INIT("RequestLimitExceeded"), ERROR_THROTTLED},
	{STR_INIT("RequestThrottled"), ERROR_THROTTLED},
	{STR_INIT("RequestThrottledException"), ERROR_THROTTLED},
	{STR_INIT("RequestTimeout"), ERROR_SERVER},
	{STR_INIT("RequestTimeoutException"), ERROR_SERVER},
	{STR_INIT("ResourceNotFoundException"), ERROR_NOT_FOUND},
	{STR_INIT("ServiceQuotaExceededException"), ERROR_QUOTA},
	{STR_INIT("ServiceUnavailable"), ERROR_SERVER},
	{STR_INIT("ServiceUnavailableException"), ERROR_SERVER},
	{STR_INIT("SignatureDoesNotMatch"), ERROR_CREDENTIALS},
	{STR_INIT("SlowDown"), ERROR_THROTTLED},
	{STR_INIT("ThrottledException"), ERROR_THROTTLED},
	{STR_INIT("Throttling"), ERROR_THROTTLED},
	{STR_INIT("ThrottlingException"), ERROR_THROTTLED},
	{STR_INIT("TooManyRequestsException"), ERROR_THROTTLED},
	{STR_INIT("TransactionInProgressException"), ERROR_THROTTLED},
	{STR_INIT("UnrecognizedClientException"), ERROR_CREDENTIALS},
	{STR_INIT("ValidationError"), ERROR_INVALID},
	{STR_INIT("ValidationException"), ERROR_INVALID},
};
const size_t aws_error_codes_len = ARRAY_LEN(aws_error_codes);

/* For unknown codes. */
static const struct {
	int status;
	enum error_kind kind;
} statuses[] = {
	{401, ERROR_DENIED},   {403, ERROR_DENIED}, {404, ERROR_NOT_FOUND}, {408, ERROR_SERVER},
	{409, ERROR_CONFLICT}, {424, ERROR_SERVER}, {429, ERROR_THROTTLED},
};

static bool mentions(struct str text, const char *words)
{
	return str_contains(text, str_from(words));
}

static enum error_kind kind_by_status(int status)
{
	for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
		if (statuses[i].status == status)
			return statuses[i].kind;
	}
	if (status >= 500)
		return ERROR_SERVER;
	return status >= 400 ? ERROR_INVALID : ERROR_PROTOCOL;
}

enum error_kind aws_error_kind(struct str code, struct str message, int status)
{
	enum error_kind kind = kind_by_status(status);

	for (size_t i = 0; i < aws_error_codes_len; i++) {
		if (str_eq_nocase(aws_error_codes[i].code,
				  code)) /* streams begin them with a small letter */
			kind = aws_error_codes[i].kind;
	}
	/* Waiting a minute does not lift a daily limit. */
	if (kind == ERROR_THROTTLED && (mentions(message, "per day") || mentions(message, "daily")))
		return ERROR_QUOTA;
	/* STS could not fetch the issuer's keys: this happens to parallel jobs, and is temporary. */
	if (str_eq(code, STR("InvalidIdentityToken")) && mentions(message, "verification key"))
		return ERROR_SERVER;
	return kind;
}

/* "a.b#ThrottlingException:http://..." is ThrottlingException. */
static struct str bare_code(struct str code)
{
	ptrdiff_t hash = str_rfind_char(code, '#');
	ptrdiff_t colon;

	if (hash >= 0)
		code = str_skip(code, (size_t)hash + 1);
	colon = str_find_char(code, ':', 0);
	return str_trim(colon < 0 ? code : str_slice(code, 0, (size_t)colon));
}

static struct str first_of(const struct value *object, const char *const *names)
{
	for (; *names; names++) {
		struct str found = value_get_string(object, *names);

		if (found.len)
			return found;
	}
	return STR_EMPTY;
}

/* Reads the body of an error in any of its forms. */
struct body_facts {
	struct str code, message, request_id;
};

static void read_body(struct arena *arena, struct str body, struct body_facts *facts)
{
	static const char *const code_names[] = {"__type", "code", "Code", NULL};
	static const char *const message_names[] = {"message", "Message", "errorMessage", NULL};
	struct error ignored = {0};
	const struct value *root, *inner;

	body = str_trim(body);
	if (str_starts(body, STR("<"))) {
		facts->code = xml_text(arena, body, STR("Code"));
		facts->message = xml_text(arena, body, STR("Message"));
		facts->request_id = xml_text(arena, body, STR("RequestId"));
		return;
	}
	root = json_read(arena, body, BODY_SIZE_MAX, &ignored);
	inner = value_get(root, "Error"); /* STS wraps it */
	facts->code = first_of(inner ? inner : root, code_names);
	facts->message = first_of(inner ? inner : root, message_names);
	facts->request_id = value_get_string(root, "RequestId");
}

/*
 * The error of a rejected signature contains everything that should have been signed, including
 * the session token.
 */
static struct str without_canonical(struct str message)
{
	ptrdiff_t at = str_find(message, STR("The Canonical String"), 0);

	return at < 0 ? message : str_trim(str_slice(message, 0, (size_t)at));
}

static void keep(char *to, size_t size, struct str text)
{
	text = utf8_cut(text, size - 1);
	memcpy(to, text.len ? text.ptr : "", text.len);
	to[text.len] = '\0';
}

/* Seconds or a date (RFC 9110), or milliseconds in AWS's own header; capped. */
static int64_t read_retry_after(const struct http_headers *headers)
{
	struct str after = http_header_get(headers, "retry-after");
	struct str after_ms = http_header_get(headers, "x-amz-retry-after");
	int64_t wait = 0, at, now;

	if (after_ms.len && str_to_int64(after_ms, &wait))
		return MIN_OF(MAX_OF(wait, 0), RETRY_AFTER_MAX_MS);
	if (str_to_int64(after, &wait))
		return MIN_OF(MAX_OF(wait, 0), RETRY_AFTER_MAX_MS / 1000) * 1000;
	if (time_parse_http(after, &at) &&
	    time_parse_http(http_header_get(headers, "date"), &now) && at > now)
		return MIN_OF(at - now, RETRY_AFTER_MAX_MS);
	return 0;
}

bool aws_error_read(int status, const struct http_headers *headers, struct str body,
		    struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct body_facts facts = {0};
	struct str header_code = bare_code(http_header_get(headers, "x-amzn-errortype"));
	struct str request_id = http_header_get(headers, "x-amzn-requestid");
	struct str code;

	read_body(&arena, body, &facts);
	facts.message = without_canonical(facts.message);
	code = header_code.len ? header_code : bare_code(facts.code);
	if (request_id.len == 0)
		request_id = facts.request_id;
	if (facts.message.len == 0) {
		struct str begin = utf8_cut(str_trim(body), 120);

		facts.message = begin.len ? arena_printf(&arena, "the answer begins with \"%.*s\"",
							 STR_ARG(begin))
					  : STR("no reason was given");
	}
	error_set(err, aws_error_kind(code, facts.message, status), "%.*s%sstatus %d: %.*s",
		  STR_ARG(code), code.len ? ", " : "", status,
		  STR_ARG(utf8_cut(facts.message, MESSAGE_SIZE_MAX)));
	err->http_status = status;
	err->retry_after_ms = read_retry_after(headers);
	keep(err->code, sizeof(err->code), code);
	keep(err->request_id, sizeof(err->request_id), request_id);
	return false;
}

bool aws_error_stream(struct str type, struct str message, struct error *err)
{
	enum error_kind kind = aws_error_kind(type, message, 0);

	for (size_t i = 0; i < aws_error_codes_len; i++) {
		if (str_eq_nocase(aws_error_codes[i].code, type))
			type = aws_error_codes[i].code;
	}
	while (str_ends(message, STR("."))) /* more follows behind the service's sentence */
		message.len--;
	error_set(err, kind, "%.*s in the stream: %.*s", STR_ARG(type),
		  STR_ARG(utf8_cut(message.len ? message : STR("no reason was given"),
				   MESSAGE_SIZE_MAX)));
	keep(err->code, sizeof(err->code), type);
	return false;
}

bool aws_error_is_expiry(const struct error *err)
{
	return strcmp(err->code, "ExpiredTokenException") == 0 ||
	       strcmp(err->code, "ExpiredToken") == 0;
}

bool aws_error_is_transient(const struct error *err)
{
	switch (err->kind) {
	case ERROR_THROTTLED:
	case ERROR_SERVER:
	case ERROR_NETWORK:
	case ERROR_TIMEOUT:
	case ERROR_PROTOCOL:
		return true;
	default:
		return false;
	}
}

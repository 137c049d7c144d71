/* Interprets an answer of GitHub: the error, the missing permission, the wait. */
#include "github/answer.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "github/github.h"

/* A secondary limit is waited out for at least a minute, and longer each time. */
enum { SECONDARY_WAIT_MS = 60000, SECONDARY_WAIT_MAX_MS = 600000 };

static const struct {
	const char *method; /* NULL: any */
	const char *part;   /* is in the path */
	const char *permission;
} permissions[] = {
	/* The first match applies: specific rows come first. */
	{NULL, "/code-scanning/", "security-events: write"},
	{"GET", "/check-runs", "checks: read"},
	{NULL, "/check-runs", "checks: write"},
	{NULL, "/statuses/", "statuses: write"},
	{"GET", "/pulls", "pull-requests: read"},
	{NULL, "/pulls", "pull-requests: write"},
	{"GET", "/issues/", "pull-requests: read"},
	{NULL, "/issues/", "pull-requests: write"},
	{NULL, "/graphql", "contents: write"},
	{NULL, "/repos/", "contents: read"},
};

static const struct {
	const char *text; /* is in GitHub's message or errors, in any case */
	const char *code;
} refusals[] = {
	{"one pending review", GITHUB_CODE_PENDING},
	{"resource not accessible by", GITHUB_CODE_PERMISSION},
	{"must be part of the diff", GITHUB_CODE_UNPLACEABLE},
	{"must be part of the same hunk", GITHUB_CODE_UNPLACEABLE},
	{"could not be resolved", GITHUB_CODE_UNPLACEABLE},
	{"start_line", GITHUB_CODE_UNPLACEABLE},
	{"start line", GITHUB_CODE_UNPLACEABLE},
	{"diff_hunk", GITHUB_CODE_UNPLACEABLE},
	{"diff hunk", GITHUB_CODE_UNPLACEABLE},
	{"thread line", GITHUB_CODE_UNPLACEABLE},
	{"thread path", GITHUB_CODE_UNPLACEABLE},
	{"line is invalid", GITHUB_CODE_UNPLACEABLE},
	{"line must", GITHUB_CODE_UNPLACEABLE},
	{"path is invalid", GITHUB_CODE_UNPLACEABLE},
	{"side is invalid", GITHUB_CODE_UNPLACEABLE},
	{"position is invalid", GITHUB_CODE_UNPLACEABLE},
};

static bool contains_nocase(struct str text, struct str part)
{
	for (size_t i = 0; i + part.len <= text.len; i++) {
		if (str_starts_nocase(str_skip(text, i), part))
			return true;
	}
	return false;
}

static enum error_kind kind_of_status(int status)
{
	static const struct {
		int status;
		enum error_kind kind;
	} kinds[] = {
		{400, ERROR_INVALID},   {401, ERROR_DENIED},    {403, ERROR_DENIED},
		{404, ERROR_NOT_FOUND}, {406, ERROR_INVALID},   {408, ERROR_TIMEOUT},
		{409, ERROR_CONFLICT},  {410, ERROR_NOT_FOUND}, {413, ERROR_INVALID},
		{422, ERROR_INVALID},   {429, ERROR_THROTTLED}, {451, ERROR_DENIED},
	};

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (kinds[i].status == status)
			return kinds[i].kind;
	}
	return status >= 500 ? ERROR_SERVER : ERROR_PROTOCOL;
}

/* Appends GitHub's `errors`: a text, or a list of texts or of objects with resource, field, code, message. */
static void add_errors(struct buf *out, const struct value *errors)
{
	buf_add(out, value_as_string(errors));
	for (size_t i = 0; i < value_len(errors) && i < 5; i++) {
		const struct value *item = value_at(errors, i);
		struct str text = value_as_string(item);

		if (!text.len)
			text = value_get_string(item, "message");
		if (out->len)
			buf_add_text(out, "; ");
		if (text.len) {
			buf_add(out, text);
			continue;
		}
		buf_addf(out, "%.*s.%.*s: %.*s", STR_ARG(value_get_string(item, "resource")),
			 STR_ARG(value_get_string(item, "field")),
			 STR_ARG(value_get_string(item, "code")));
	}
}

static const char *permission_for(const struct asked *asked)
{
	for (size_t i = 0; i < ARRAY_LEN(permissions); i++) {
		if (permissions[i].method && strcmp(permissions[i].method, asked->method) != 0)
			continue;
		if (str_contains(asked->path, str_from(permissions[i].part)))
			return permissions[i].permission;
	}
	return "pull-requests: write";
}

static void set_code(struct error *err, struct str code)
{
	code = str_slice(code, 0, ERROR_CODE_SIZE - 1);
	if (code.len)
		memcpy(err->code, code.ptr, code.len);
	err->code[code.len] = '\0';
}

static void classify(struct error *err, struct str text)
{
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		if (contains_nocase(text, str_from(refusals[i].text))) {
			set_code(err, str_from(refusals[i].code));
			return;
		}
	}
}

static void take_request_id(const struct http_response *response, struct error *err)
{
	struct str id = http_header_get(&response->headers, "x-github-request-id");

	id = str_slice(id, 0, ERROR_REQUEST_ID_SIZE - 1);
	if (id.len)
		memcpy(err->request_id, id.ptr, id.len);
	err->request_id[id.len] = '\0';
}

static void add_remedy(const struct asked *asked, int status, struct error *err)
{
	if (!strcmp(err->code, GITHUB_CODE_PERMISSION)) {
		error_append(
			err, "; add `%s` %s", permission_for(asked),
			log_setting(
				"to the `permissions:` of the workflow's job (a pull request from a fork always gets a read-only token)",
				"to the permissions of the token in GITHUB_TOKEN"));
	} else if (status == 401) {
		error_append(
			err, "; %s",
			log_setting("the token is missing, wrong or expired: check `github-token`",
				    "the token is missing, wrong or expired: check GITHUB_TOKEN"));
	}
}

bool answer_error(const struct asked *asked, const struct http_response *response,
		  const struct value *json, struct error *err)
{
	SCOPED(buf) struct buf detail = BUF_INIT;
	struct str message = value_get_string(json, "message");
	struct str docs = value_get_string(json, "documentation_url");
	enum error_kind kind = kind_of_status(response->status);

	add_errors(&detail, value_get(json, "errors"));
	error_set(err, kind, "%s %.*s: status %d", asked->method, STR_ARG(asked->path),
		  response->status);
	if (message.len)
		error_append(err, ": %.*s", STR_ARG(message));
	if (detail.len)
		error_append(err, ": %s", detail.ptr);
	if (!json && response->body.len)
		error_append(err, ": not JSON: \"%.*s\"",
			     STR_ARG(str_slice(str_trim(buf_str(&response->body)), 0, 120)));
	if (docs.len && kind != ERROR_SERVER)
		error_append(err, " (%.*s)", STR_ARG(docs));
	err->http_status = response->status;
	take_request_id(response, err);
	set_code(err, value_get_string(value_at(value_get(json, "errors"), 0), "code"));
	if (kind == ERROR_INVALID || kind == ERROR_DENIED) {
		classify(err, message);
		classify(err, buf_str(&detail));
	}
	add_remedy(asked, response->status, err);
	return false;
}

/* "RATE_LIMITED" as GraphQL's documentation writes it, "RATE_LIMIT" as GitHub does since 2025. */
static bool says_limit(struct str text)
{
	static const char *const words[] = {"rate limit", "rate_limit", "abuse detection",
					    "submitted too quickly"};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (contains_nocase(text, str_from(words[i])))
			return true;
	}
	return false;
}

static enum error_kind kind_of_graphql(struct str type, struct str message)
{
	if (str_eq(type, STR("FORBIDDEN")) || str_eq(type, STR("INSUFFICIENT_SCOPES")))
		return ERROR_DENIED;
	if (str_eq(type, STR("NOT_FOUND")))
		return ERROR_NOT_FOUND;
	if (says_limit(type) || says_limit(message))
		return ERROR_THROTTLED;
	if (contains_nocase(message, STR("something went wrong")) ||
	    str_eq(type, STR("SERVICE_UNAVAILABLE")) || str_eq(type, STR("INTERNAL")))
		return ERROR_SERVER;
	return ERROR_INVALID;
}

bool answer_graphql_error(const struct asked *asked, const struct http_response *response,
			  const struct value *json, struct error *err)
{
	const struct value *errors = value_get(json, "errors");
	const struct value *first = value_is(errors, VALUE_STRING) ? errors : value_at(errors, 0);
	struct str message = value_get_string(first, "message");
	struct str type = value_get_string(first, "type");

	if (!message.len)
		message = value_as_string(first);
	if (!first) {
		if (value_is(value_get(json, "data"), VALUE_OBJECT))
			return true;
		error_set(err, ERROR_PROTOCOL, "GraphQL: the answer has neither data nor errors");
		return false;
	}
	error_set(err, kind_of_graphql(type, message), "GraphQL: %.*s", STR_ARG(message));
	take_request_id(response, err);
	set_code(err, type);
	classify(err, message);
	if (asked->is_mutation)
		add_remedy(asked, response->status, err);
	return false;
}

bool answer_is_fault(int status)
{
	return status == 408 || status == 500 || status == 502 || status == 503 || status == 504;
}

static bool errors_say_limit(const struct value *errors)
{
	for (size_t i = 0; i < value_len(errors); i++) {
		const struct value *item = value_at(errors, i);

		if (says_limit(value_as_string(item)) ||
		    says_limit(value_get_string(item, "type")) ||
		    says_limit(value_get_string(item, "message")))
			return true;
	}
	return says_limit(value_as_string(errors));
}

/* Of an answer that is an error: GraphQL's have status 200, and content made too fast is answered 422 too. */
static bool is_rate_limited(const struct http_response *response, const struct value *json)
{
	int status = response->status;

	if (status == 429)
		return true;
	if (status != 200 && status != 403 && status != 422)
		return false;
	if (says_limit(value_get_string(json, "message")) ||
	    errors_say_limit(value_get(json, "errors")))
		return true;
	return status == 403 &&
	       (http_header_get(&response->headers, "retry-after").len > 0 ||
		str_eq(http_header_get(&response->headers, "x-ratelimit-remaining"), STR("0")));
}

int64_t answer_rate_wait(const struct http_response *response, const struct value *json, int nth,
			 int64_t now_ms)
{
	struct str after = http_header_get(&response->headers, "retry-after");
	struct str remaining = http_header_get(&response->headers, "x-ratelimit-remaining");
	struct str reset = http_header_get(&response->headers, "x-ratelimit-reset");
	int64_t value;
	int64_t wait_ms;

	if (!is_rate_limited(response, json))
		return 0;
	/* Uses the server's clock if it sends a Date: the clock of a runner can be wrong by minutes. */
	if (time_parse_http(http_header_get(&response->headers, "date"), &value))
		now_ms = value;
	if (str_to_int64(after, &value) && value >= 0 && value < INT32_MAX)
		return MAX_OF(value, 1) * 1000;
	if (time_parse_http(after, &value))
		return MAX_OF(value - now_ms, 1000);
	if (str_eq(remaining, STR("0")) && str_to_int64(reset, &value) && value >= 0 &&
	    value < INT64_MAX / 2000)
		return MAX_OF(value * 1000 - now_ms + 1000, 1000);
	wait_ms = (int64_t)SECONDARY_WAIT_MS << MIN_OF(nth, 4);
	return MIN_OF(wait_ms, SECONDARY_WAIT_MAX_MS);
}

struct str answer_next_link(struct str link)
{
	struct str part;

	/* URLs of GitHub hold no comma, which RFC 8288 would allow inside the angle brackets. */
	while (str_next_part(&link, ',', &part)) {
		ptrdiff_t open = str_find_char(part, '<', 0);
		ptrdiff_t close = str_find_char(part, '>', 0);

		if (open < 0 || close < open)
			continue;
		if (str_contains(str_skip(part, (size_t)close), STR("rel=\"next\"")))
			return str_slice(part, (size_t)open + 1, (size_t)(close - open) - 1);
	}
	return STR_EMPTY;
}

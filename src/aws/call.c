/* Prepares requests to AWS. */
#include "aws/call.h"

#include "aws/errors.h"
#include "aws/sigv4.h"
#include "base/log.h"
#include "base/vec.h"

static void add_header(struct http_request *request, struct str name, struct str value)
{
	if (value.len)
		http_header_add(&request->headers, name, value);
}

void call_number(struct arena *arena, struct http_request *request,
		 const struct call_attempt *attempt)
{
	struct str number = arena_printf(arena, "attempt=%d", attempt->number);

	if (attempt->max)
		number = arena_printf(arena, "%.*s; max=%d", STR_ARG(number), attempt->max);
	add_header(request, STR("amz-sdk-invocation-id"), arena_str(arena, attempt->id));
	add_header(request, STR("amz-sdk-request"), number);
}

bool call_sign(struct arena *arena, struct http_request *request, const struct endpoint *endpoint,
	       const struct credentials *credentials, int64_t wall_ms, struct error *err)
{
	struct sigv4_signer signer = {
		.access_key_id = secret_str(&credentials->access_key_id),
		.secret_access_key = secret_str(&credentials->secret_access_key),
		.session_token = secret_str(&credentials->session_token),
		.region = endpoint->signing_region,
		.service = endpoint->signing_name,
		.wall_ms = wall_ms,
	};
	struct url_parts url;
	struct sigv4_headers signed_headers;
	struct http_header *headers =
		ARENA_ARRAY(arena, struct http_header, request->headers.len + 1);

	if (!url_parse(request->url, &url, err))
		return false;
	/* libcurl writes Host itself; the header is signed nevertheless. */
	for (size_t i = 0; i < request->headers.len; i++)
		headers[i] = request->headers.items[i];
	headers[request->headers.len] = (struct http_header){STR("Host"), url.host_port};
	sigv4_sign(arena, &signer,
		   &(struct sigv4_request){.method = str_from(request->method),
					   .path = url.path,
					   .query = url.query,
					   .headers = headers,
					   .headers_len = request->headers.len + 1,
					   .body = request->body,
					   .body_end = request->body_end,
					   .body_digest = request->body_digest},
		   &signed_headers);
	add_header(request, STR("X-Amz-Date"), signed_headers.date);
	add_header(request, STR("X-Amz-Security-Token"), signed_headers.security_token);
	add_header(request, STR("Authorization"), signed_headers.authorization);
	return true;
}

bool call_bear(struct arena *arena, struct http_request *request, const struct secret *token,
	       struct error *err)
{
	if (!http_url_allowed(request->url, false, err))
		return error_set(
			err, ERROR_USAGE,
			"AWS_BEARER_TOKEN_BEDROCK is sent over https only, and \"%.*s\" is not: use https, or keys or a role instead of the token",
			STR_ARG(request->url));
	add_header(request, STR("Authorization"),
		   arena_printf(arena, "Bearer %.*s", STR_ARG(secret_str(token))));
	return true;
}

bool call_send(struct http *http, const struct http_request *request,
	       struct http_response *response, struct error *err)
{
	SCOPED(http_response) struct http_response answer = {0};

	if (!http_send(http, request, &answer, err))
		return false;
	if (answer.status < 200 || answer.status > 299)
		return aws_error_read(answer.status, &answer.headers, buf_str(&answer.body), err);
	if (str_starts_nocase(http_header_get(&answer.headers, "content-type"), STR("text/html")))
		return error_set(
			err, ERROR_PROTOCOL,
			"status %d with a web page instead of data; a proxy or a login portal may have answered: check HTTPS_PROXY and the endpoint",
			answer.status);
	*response = answer;
	answer = (struct http_response){0};
	return true;
}

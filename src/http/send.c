/* Reads a whole answer, and follows redirects. */
#include <string.h>

#include "http/http_internal.h"

enum { REDIRECTS_MAX = 5 };

void http_response_release(struct http_response *response)
{
	if (!response)
		return;
	http_headers_release(&response->headers);
	if (response->body.ptr)
		buf_release(&response->body);
	arena_release(&response->arena);
	*response = (struct http_response){0};
}

static void take_headers(struct http_response *response, const struct http_stream *stream)
{
	for (size_t i = 0; i < stream->headers.len; i++)
		http_header_add(&response->headers,
				arena_str(&response->arena, stream->headers.items[i].name),
				arena_str(&response->arena, stream->headers.items[i].value));
	response->status = stream->status;
	response->sent_ms = stream->sent_ms;
	response->first_byte_ms = stream->first_byte_ms;
	response->http2 = stream->http2;
	response->url = arena_str(&response->arena, stream->url);
}

static bool send_once(struct http *http, const struct http_request *request,
		      struct http_response *response, struct error *err)
{
	OWNED(http_stream) struct http_stream *stream = http_stream_new(http, request);
	struct buf body;

	buf_init(&body, request->body_size_max ? request->body_size_max : HTTP_BODY_SIZE_MAX);
	if (!stream_read_whole(stream, &body, err))
		return false;
	*response = (struct http_response){.body = body};
	take_headers(response, stream);
	return true;
}

static bool is_redirect(const struct http_response *response)
{
	int status = response->status;

	return (status == 301 || status == 302 || status == 303 || status == 307 ||
		status == 308) &&
	       http_header_get(&response->headers, "location").len;
}

static bool is_host_of(struct str host, const struct str *names, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		struct str name = names[i];
		bool below = str_starts(name, STR("."));

		if (below ? host.len > name.len &&
				    str_eq_nocase(str_skip(host, host.len - name.len), name)
			  : str_eq_nocase(host, name))
			return true;
	}
	return false;
}

static bool is_same_place(const struct url_parts *from, const struct url_parts *to)
{
	return str_eq_nocase(from->host_port, to->host_port) &&
	       str_eq_nocase(from->scheme, to->scheme);
}

/* A response cannot redirect us to a host that the configuration does not imply. */
static bool may_go_to(const struct http_request *request, const struct url_parts *from,
		      const struct url_parts *to, struct error *err)
{
	bool downgraded = !str_eq_nocase(from->scheme, to->scheme) &&
			  !str_eq_nocase(to->scheme, STR("https"));

	if (is_same_place(from, to) || (!downgraded && is_host_of(to->host, request->redirect_hosts,
								  request->redirect_hosts_len)))
		return true;
	return error_set(err, ERROR_PROTOCOL,
			 "\"%.*s\" redirects to another place, \"%.*s://%.*s\": refused",
			 STR_ARG(from->host_port), STR_ARG(to->scheme), STR_ARG(to->host_port));
}

/* Copies the request for another address; without Authorization if the host differs. */
static bool redirected(struct arena *arena, const struct http_request *before, struct str location,
		       struct http_request *after, struct error *err)
{
	struct url_parts from;
	struct url_parts to;

	*after = *before;
	after->headers = (struct http_headers){0};
	if (!url_join(arena, before->url, location, &after->url, err) ||
	    !url_split(before->url, &from, err) || !url_split(after->url, &to, err) ||
	    !may_go_to(before, &from, &to, err))
		return false;
	for (size_t i = 0; i < before->headers.len; i++) {
		const struct http_header *header = &before->headers.items[i];

		if (is_same_place(&from, &to) || !str_eq_nocase(header->name, STR("authorization")))
			http_header_add(&after->headers, header->name, header->value);
	}
	return true;
}

bool http_send(struct http *http, const struct http_request *request,
	       struct http_response *response, struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct http_request current = *request;
	struct http_headers owned = {0};
	bool follow = request->follow_redirects && strcmp(request->method, "GET") == 0;
	bool ok = false;

	for (int hop = 0; hop <= REDIRECTS_MAX; hop++) {
		struct http_response answer = {0};
		struct http_request next;

		if (!send_once(http, &current, &answer, err))
			break;
		if (!follow || !is_redirect(&answer)) {
			*response = answer;
			ok = true;
			break;
		}
		if (hop == REDIRECTS_MAX) {
			error_set(err, ERROR_LIMIT, "more than %d redirects", REDIRECTS_MAX);
			http_response_release(&answer);
			break;
		}
		ok = redirected(&arena, &current, http_header_get(&answer.headers, "location"),
				&next, err);
		http_response_release(&answer);
		http_headers_release(&owned);
		owned = next.headers;
		if (!ok)
			break;
		ok = false;
		current = next;
	}
	http_headers_release(&owned);
	return ok;
}

/* One request: sent, and its answer read piece by piece or as a whole. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "base/memory.h"
#include "http/curl_error.h"
#include "http/pool.h"

enum { RECEIVED_SIZE_MAX = 1 << 20, HEADERS_MAX = 500, REDIRECTS_MAX = 5 };

#define NS_PER_MS INT64_C(1000000)

/* ---- Header lists ---- */

void http_header_add(struct http_headers *headers, struct str name, struct str value)
{
	if (headers->len == headers->cap) {
		headers->cap = headers->cap ? headers->cap * 2 : 16;
		headers->items = memory_grow(headers->items, headers->cap, sizeof(*headers->items));
	}
	headers->items[headers->len++] = (struct http_header){name, value};
}

void http_headers_release(struct http_headers *headers)
{
	if (!headers)
		return;
	free(headers->items);
	*headers = (struct http_headers){0};
}

struct str http_header_get(const struct http_headers *headers, const char *name)
{
	for (size_t i = 0; i < headers->len; i++) {
		if (str_eq_nocase(headers->items[i].name, str_from(name)))
			return headers->items[i].value;
	}
	return STR_EMPTY;
}

static bool is_clean(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '\r' || text.ptr[i] == '\n' || text.ptr[i] == '\0')
			return false;
	}
	return true;
}

/* ---- What libcurl calls: it appends and marks, no more ---- */

static void mark_activity(struct http_stream *stream)
{
	stream->last_activity_ns = clock_ns(loop_clock(stream->http->loop));
	if (stream->waiter)
		task_ready(stream->waiter);
}

static size_t on_body(char *bytes, size_t size, size_t count, void *ctx)
{
	struct http_stream *stream = ctx;
	size_t len = size * count;

	if (stream->received.len >= RECEIVED_SIZE_MAX) {
		stream->paused = true;
		mark_activity(stream);
		return CURL_WRITEFUNC_PAUSE;
	}
	buf_add(&stream->received, str_of(bytes, len));
	mark_activity(stream);
	return len;
}

static void on_status_line(struct http_stream *stream, struct str line)
{
	struct str version;
	struct str rest;
	int64_t status = 0;

	/* A new status line: what came before was a 1xx or a proxy's answer. */
	http_headers_release(&stream->headers);
	if (str_cut(line, STR(" "), &version, &rest) &&
	    str_to_int64(str_slice(str_trim(rest), 0, 3), &status))
		stream->status = (int)status;
	stream->http2 = str_starts(line, STR("HTTP/2"));
	if (stream->http2) {
		stream->host->http2 = true;
		stream->http->counts.http2_requests++;
	}
}

static size_t on_header(char *bytes, size_t size, size_t count, void *ctx)
{
	struct http_stream *stream = ctx;
	struct str line = str_trim(str_of(bytes, size * count));
	struct str name;
	struct str value;

	if (!stream->header_seen)
		stream->first_byte_ms = clock_ms(loop_clock(stream->http->loop));
	stream->header_seen = true;
	if (str_starts(line, STR("HTTP/"))) {
		on_status_line(stream, line);
	} else if (str_cut(line, STR(":"), &name, &value) && stream->headers.len < HEADERS_MAX) {
		char *lower = arena_text(&stream->arena, str_trim(name));

		for (char *c = lower; *c; c++) {
			if (*c >= 'A' && *c <= 'Z')
				*c = (char)(*c - 'A' + 'a');
		}
		http_header_add(&stream->headers, str_from(lower),
				arena_str(&stream->arena, str_trim(value)));
	}
	stream->last_activity_ns = clock_ns(loop_clock(stream->http->loop));
	return size * count;
}

static int on_ready_to_send(void *ctx, char *remote_ip, char *local_ip, int remote_port,
			    int local_port)
{
	struct http_stream *stream = ctx;
	struct http *http = stream->http;

	(void)remote_ip, (void)local_ip, (void)remote_port, (void)local_port;
	stream->sent_ms = clock_ms(loop_clock(http->loop));
	if (!http->counts.first_request_ms)
		http->counts.first_request_ms = stream->sent_ms;
	return CURL_PREREQFUNC_OK;
}

void stream_finish(struct http_stream *stream, CURLcode result)
{
	stream->done = true;
	stream->result = result;
	if (result != CURLE_OK)
		curl_error(&stream->failure, result, stream->host->name, stream->detail);
	if (result == CURLE_HTTP2 || result == CURLE_HTTP2_STREAM) {
		log_debug("http", "%.*s: HTTP/2 broke; HTTP/1.1 from now on",
			  STR_ARG(stream->host->name));
		stream->host->http1_only = true;
	}
	mark_activity(stream);
}

/* ---- Setting a request up ---- */

static void set_proxy(struct http_stream *stream, const struct http_request *request)
{
	const struct http_options *options = stream->http->options;
	bool https = str_starts(request->url, STR("https:"));
	struct str proxy = https ? options->proxy_https : options->proxy_http;
	struct arena *arena = &stream->arena;

	if (request->no_proxy || !proxy.len) {
		curl_easy_setopt(stream->easy, CURLOPT_PROXY, "");
		return;
	}
	curl_easy_setopt(stream->easy, CURLOPT_PROXY, arena_text(arena, proxy));
	curl_easy_setopt(stream->easy, CURLOPT_NOPROXY, arena_text(arena, options->no_proxy));
	curl_easy_setopt(stream->easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
}

static void set_method(const struct http_stream *stream, const struct http_request *request)
{
	if (strcmp(request->method, "GET") == 0) {
		curl_easy_setopt(stream->easy, CURLOPT_HTTPGET, 1L);
		return;
	}
	if (request->body.len || strcmp(request->method, "DELETE") != 0) {
		curl_easy_setopt(stream->easy, CURLOPT_POSTFIELDS,
				 request->body.ptr ? request->body.ptr : "");
		curl_easy_setopt(stream->easy, CURLOPT_POSTFIELDSIZE_LARGE,
				 (curl_off_t)request->body.len);
	}
	curl_easy_setopt(stream->easy, CURLOPT_CUSTOMREQUEST, request->method);
}

static bool set_headers(struct http_stream *stream, const struct http_request *request)
{
	/* Without these libcurl waits a second for "100 Continue", and names a form's type. */
	stream->header_list = curl_slist_append(stream->header_list, "Expect:");
	if (!http_header_get(&request->headers, "content-type").len)
		stream->header_list = curl_slist_append(stream->header_list, "Content-Type:");
	for (size_t i = 0; i < request->headers.len; i++) {
		const struct http_header *header = &request->headers.items[i];
		SCOPED(buf) struct buf line = BUF_INIT;

		if (!is_clean(header->name) || !is_clean(header->value))
			return error_set(&stream->failure, ERROR_USAGE,
					 "header '%.*s' holds a line break", STR_ARG(header->name));
		/* libcurl takes "Name:" for "do not send"; "Name;" sends it empty. */
		buf_addf(&line, header->value.len ? "%.*s: " : "%.*s;", STR_ARG(header->name));
		buf_add(&line, header->value);
		stream->header_list = curl_slist_append(stream->header_list, line.ptr);
		secret_wipe(line.ptr, line.len);
	}
	curl_easy_setopt(stream->easy, CURLOPT_HTTPHEADER, stream->header_list);
	return true;
}

static void set_options(struct http_stream *stream, const struct http_request *request)
{
	CURL *easy = stream->easy;
	bool http1 = stream->http->options->http1_only || stream->host->http1_only;
	int64_t connect_ms =
		request->connect_timeout_ms ? request->connect_timeout_ms : HTTP_CONNECT_TIMEOUT_MS;
	struct str agent = stream->http->options->user_agent;

	curl_easy_setopt(easy, CURLOPT_PRIVATE, stream);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, stream->detail);
	curl_easy_setopt(easy, CURLOPT_URL, arena_text(&stream->arena, request->url));
	curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, arena_text(&stream->arena, agent));
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)connect_ms);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPIDLE, 60L);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPINTVL, 60L);
	curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
			 http1 ? (long)CURL_HTTP_VERSION_1_1 : (long)CURL_HTTP_VERSION_2TLS);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, stream);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, stream);
	curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_ready_to_send);
	curl_easy_setopt(easy, CURLOPT_PREREQDATA, stream);
}

static bool begin(struct http_stream *stream, const struct http_request *request)
{
	struct http *http = stream->http;
	int64_t now = clock_ns(loop_clock(http->loop));

	if (!http_url_allowed(request->url, http->options->allow_http, &stream->failure))
		return false;
	stream->host = http_host_of(http, request->url);
	stream->easy = curl_easy_init();
	if (!stream->easy)
		memory_exhausted();
	set_options(stream, request);
	set_method(stream, request);
	set_proxy(stream, request);
	if (!set_headers(stream, request))
		return false;
	stream->idle_timeout_ms =
		request->idle_timeout_ms ? request->idle_timeout_ms : HTTP_IDLE_TIMEOUT_MS;
	if (request->total_timeout_ms)
		stream->total_deadline_ns = now + request->total_timeout_ms * NS_PER_MS;
	stream->last_activity_ns = now;
	stream->sent_ms = clock_ms(loop_clock(http->loop));
	return http_add(http, stream, &stream->failure);
}

struct http_stream *http_stream_new(struct http *http, const struct http_request *request)
{
	struct http_stream *stream = NEW(struct http_stream);

	stream->http = http;
	buf_init(&stream->received, BUF_SIZE_MAX);
	buf_init(&stream->given, BUF_SIZE_MAX);
	stream->url = arena_str(&stream->arena, request->url);
	if (!begin(stream, request)) {
		stream->done = true;
		if (stream->easy)
			curl_easy_cleanup(steal(&stream->easy));
	}
	return stream;
}

void http_stream_free(struct http_stream *stream)
{
	if (!stream)
		return;
	http_remove(stream->http, stream);
	curl_slist_free_all(stream->header_list);
	http_headers_release(&stream->headers);
	buf_release(&stream->received);
	buf_release(&stream->given);
	arena_release(&stream->arena);
	free(stream);
}

/* ---- Reading ---- */

static int64_t next_deadline(const struct http_stream *stream)
{
	int64_t idle = stream->last_activity_ns + stream->idle_timeout_ms * NS_PER_MS;

	if (stream->total_deadline_ns && stream->total_deadline_ns < idle)
		return stream->total_deadline_ns;
	return idle;
}

/* A long upload is no silence. */
static bool upload_moved(struct http_stream *stream)
{
	curl_off_t uploaded = 0;

	curl_easy_getinfo(stream->easy, CURLINFO_SIZE_UPLOAD_T, &uploaded);
	if (uploaded == stream->uploaded)
		return false;
	stream->uploaded = uploaded;
	stream->last_activity_ns = clock_ns(loop_clock(stream->http->loop));
	return true;
}

static void give_up(struct http_stream *stream, const struct error *cause)
{
	int64_t now = clock_ns(loop_clock(stream->http->loop));
	bool total = stream->total_deadline_ns && now >= stream->total_deadline_ns;

	stream->failure = *cause;
	if (cause->kind == ERROR_TIMEOUT && total)
		error_set(&stream->failure, ERROR_TIMEOUT, "%.*s: no answer within the time given",
			  STR_ARG(stream->host->name));
	else if (cause->kind == ERROR_TIMEOUT && !group_is_cancelled(task_group()))
		error_set(&stream->failure, ERROR_TIMEOUT, "%.*s: silent for %.1f s",
			  STR_ARG(stream->host->name), (double)stream->idle_timeout_ms / 1000);
	stream->done = true;
	http_remove(stream->http, stream);
}

static void wait_for_more(struct http_stream *stream)
{
	struct error err;

	stream->waiter = task_current();
	if (!task_wait(next_deadline(stream), &err)) {
		bool silent = err.kind == ERROR_TIMEOUT && !group_is_cancelled(task_group());
		int64_t now = clock_ns(loop_clock(stream->http->loop));
		bool total = stream->total_deadline_ns && now >= stream->total_deadline_ns;

		if (!silent || total || !upload_moved(stream))
			give_up(stream, &err);
	}
	stream->waiter = NULL;
}

bool stream_next(struct http_stream *stream, struct str *chunk, struct error *err)
{
	while (!stream->received.len && !stream->done) {
		if (stream->paused) {
			stream->paused = false;
			curl_easy_pause(stream->easy, CURLPAUSE_CONT);
			continue;
		}
		wait_for_more(stream);
	}
	if (stream->received.len) {
		struct buf swap = stream->given;

		stream->given = stream->received;
		stream->received = swap;
		buf_reset(&stream->received);
		*chunk = buf_str(&stream->given);
		return true;
	}
	if (stream->failure.kind) {
		*err = stream->failure;
		return false;
	}
	*chunk = STR_EMPTY;
	return true;
}

int stream_status(const struct http_stream *stream)
{
	return stream->status;
}

const struct http_headers *stream_headers(const struct http_stream *stream)
{
	return &stream->headers;
}

int64_t stream_first_byte_ms(const struct http_stream *stream)
{
	return stream->first_byte_ms;
}

/* ---- The whole answer at once ---- */

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
	SCOPED(buf) struct buf body;
	struct str chunk;

	buf_init(&body, request->body_size_max ? request->body_size_max : HTTP_BODY_SIZE_MAX);
	do {
		if (!stream_next(stream, &chunk, err) || !buf_take(&body, chunk, "the answer", err))
			return error_wrap(err, "%s", request->method);
	} while (chunk.len);
	*response = (struct http_response){.body = body};
	buf_init(&body, BUF_SIZE_MAX);
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

/* The request again, for another address; without Authorization when the host is another. */
static bool redirected(struct arena *arena, const struct http_request *before, struct str location,
		       struct http_request *after, struct error *err)
{
	struct url_parts from;
	struct url_parts to;

	*after = *before;
	after->headers = (struct http_headers){0};
	if (!url_join(arena, before->url, location, &after->url, err) ||
	    !url_split(before->url, &from, err) || !url_split(after->url, &to, err))
		return false;
	for (size_t i = 0; i < before->headers.len; i++) {
		const struct http_header *header = &before->headers.items[i];
		bool same = str_eq_nocase(from.host_port, to.host_port) &&
			    str_eq_nocase(from.scheme, to.scheme);

		if (same || !str_eq_nocase(header->name, STR("authorization")))
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
	bool good = false;

	for (int hop = 0; hop <= REDIRECTS_MAX; hop++) {
		struct http_response answer = {0};
		struct http_request next;

		if (!send_once(http, &current, &answer, err))
			break;
		if (!follow || !is_redirect(&answer)) {
			*response = answer;
			good = true;
			break;
		}
		if (hop == REDIRECTS_MAX) {
			error_set(err, ERROR_LIMIT, "more than %d redirects", REDIRECTS_MAX);
			http_response_release(&answer);
			break;
		}
		good = redirected(&arena, &current, http_header_get(&answer.headers, "location"),
				  &next, err);
		http_response_release(&answer);
		http_headers_release(&owned);
		owned = next.headers;
		if (!good)
			break;
		good = false;
		current = next;
	}
	http_headers_release(&owned);
	return good;
}

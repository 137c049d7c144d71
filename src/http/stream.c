/* One request under way: what libcurl appends, what its reader takes. */
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/memory.h"
#include "http/pool.h"

enum { RECEIVED_SIZE_MAX = 1 << 20, HEADERS_MAX = 500, HEADERS_SIZE_MAX = 256 << 10 };

/* ---- What libcurl calls: it appends and marks, no more ---- */

static int64_t now_ns(const struct http_stream *stream)
{
	return clock_ns(loop_clock(stream->http->loop));
}

static void mark_activity(struct http_stream *stream)
{
	stream->last_activity_ns = now_ns(stream);
	if (stream->waiter)
		task_ready(stream->waiter);
}

/* The place for why it ended badly: most streams need none. */
static struct error *failure_of(struct http_stream *stream)
{
	if (!stream->failure)
		stream->failure = NEW(struct error);
	return stream->failure;
}

size_t stream_on_body(char *bytes, size_t size, size_t count, void *ctx)
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

	/* A new status line: what came before was a 1xx. */
	http_headers_release(&stream->headers);
	if (str_cut(line, STR(" "), &version, &rest) &&
	    str_to_int64(str_slice(str_trim(rest), 0, 3), &status))
		stream->status = (int)status;
	stream->http2 = str_starts(line, STR("HTTP/2"));
}

static bool on_header_line(struct http_stream *stream, struct str line)
{
	struct str name;
	struct str value;
	char *lower;

	if (!str_cut(line, STR(":"), &name, &value))
		return true;
	if (stream->headers.len >= HEADERS_MAX || stream->arena.used + line.len > HEADERS_SIZE_MAX)
		return error_set(failure_of(stream), ERROR_LIMIT,
				 "%.*s: more than %d headers, or %d bytes of them",
				 STR_ARG(stream->host->name), HEADERS_MAX, HEADERS_SIZE_MAX);
	lower = arena_text(&stream->arena, str_trim(name));
	for (char *c = lower; *c; c++)
		*c = ascii_to_lower(*c);
	http_header_add(&stream->headers, str_from(lower),
			arena_str(&stream->arena, str_trim(value)));
	return true;
}

size_t stream_on_header(char *bytes, size_t size, size_t count, void *ctx)
{
	struct http_stream *stream = ctx;
	struct str line = str_trim(str_of(bytes, size * count));

	stream->last_activity_ns = now_ns(stream);
	if (!stream->header_seen)
		stream->first_byte_ms = stream->last_activity_ns / NS_PER_MS;
	stream->header_seen = true;
	if (str_starts(line, STR("HTTP/")))
		on_status_line(stream, line);
	else if (!on_header_line(stream, line))
		return 0;
	return size * count;
}

int stream_on_sending(void *ctx, char *remote_ip, char *local_ip, int remote_port, int local_port)
{
	struct http_stream *stream = ctx;
	struct http_counts *counts = &stream->http->counts;

	(void)remote_ip, (void)local_ip, (void)remote_port, (void)local_port;
	if (!stream->sent)
		host_connected(stream->host, stream->easy);
	stream->sent = true;
	stream->last_activity_ns = now_ns(stream);
	stream->sent_ms = stream->last_activity_ns / NS_PER_MS;
	if (!counts->first_request_ms)
		counts->first_request_ms = stream->sent_ms;
	return CURL_PREREQFUNC_OK;
}

/* A long upload is activity, and libcurl reports its progress. */
int stream_on_progress(void *ctx, curl_off_t download_total, curl_off_t downloaded,
		       curl_off_t upload_total, curl_off_t uploaded)
{
	struct http_stream *stream = ctx;

	(void)download_total, (void)downloaded, (void)upload_total;
	if (uploaded > stream->uploaded)
		stream->last_activity_ns = now_ns(stream);
	if (uploaded > stream->uploaded && uploaded == stream->upload_size)
		request_sent(stream);
	stream->uploaded = uploaded;
	return 0;
}

void stream_finish(struct http_stream *stream, CURLcode result)
{
	stream->done = true;
	if (stream->http2)
		stream->http->counts.http2_requests++;
	if (result != CURLE_OK && !stream->failure)
		curl_error(failure_of(stream), result, stream);
	mark_activity(stream);
}

/* ---- Life ---- */

static bool begin(struct http_stream *stream, const struct http_request *request)
{
	struct http *http = stream->http;
	struct error *err = failure_of(stream);

	if (!http_url_allowed(request->url, http->options->allow_http, err))
		return false;
	stream->host = http_host_of(http, request->url, err);
	if (!stream->host || !request_set_up(stream, request, err))
		return false;
	stream->idle_timeout_ms =
		request->idle_timeout_ms ? request->idle_timeout_ms : HTTP_IDLE_TIMEOUT_MS;
	if (request->total_timeout_ms)
		stream->total_deadline_ns = now_ns(stream) + request->total_timeout_ms * NS_PER_MS;
	free(steal(&stream->failure));
	http_post(stream);
	return true;
}

struct http_stream *http_stream_new(struct http *http, const struct http_request *request)
{
	struct http_stream *stream = NEW(struct http_stream);

	stream->http = http;
	http->active++;
	buf_init(&stream->received, BUF_SIZE_MAX);
	buf_init(&stream->given, BUF_SIZE_MAX);
	stream->url = arena_str(&stream->arena, request->url);
	if (!begin(stream, request)) {
		stream->done = true;
		stream->state = STREAM_OVER;
	}
	return stream;
}

void stream_destroy(struct http_stream *stream)
{
	stream->http->active--;
	request_clean_up(stream);
	http_headers_release(&stream->headers);
	buf_release(&stream->received);
	buf_release(&stream->given);
	arena_release(&stream->arena);
	free(stream->failure);
	free(stream);
}

void http_stream_free(struct http_stream *stream)
{
	if (!stream)
		return;
	stream->dropped = true;
	if (stream->state == STREAM_OVER && !stream->has_work)
		stream_destroy(stream);
	else
		http_post(stream); /* libcurl may still have it: the loop takes it off */
}

/* ---- Reading ---- */

/* Silence counts from the moment when the request goes out; before, libcurl's connect limit holds. */
static int64_t next_deadline(const struct http_stream *stream)
{
	int64_t idle_ns = stream->last_activity_ns + stream->idle_timeout_ms * NS_PER_MS;

	if (!stream->sent)
		return stream->total_deadline_ns;
	if (stream->total_deadline_ns && stream->total_deadline_ns < idle_ns)
		return stream->total_deadline_ns;
	return idle_ns;
}

/* Until when to wait: the request may be sent while the reader waits, which does not wake it. */
static int64_t next_look(const struct http_stream *stream)
{
	int64_t idle_ns = now_ns(stream) + stream->idle_timeout_ms * NS_PER_MS;
	int64_t deadline_ns = next_deadline(stream);

	return deadline_ns ? MIN_OF(deadline_ns, idle_ns) : idle_ns;
}

static bool is_over(const struct http_stream *stream)
{
	int64_t deadline_ns = next_deadline(stream);

	return deadline_ns && now_ns(stream) >= deadline_ns;
}

static void give_up(struct http_stream *stream)
{
	bool total = stream->total_deadline_ns && now_ns(stream) >= stream->total_deadline_ns;

	stream->done = true;
	if (total)
		error_set(failure_of(stream), ERROR_TIMEOUT,
			  "%.*s: no answer within the time given", STR_ARG(stream->host->name));
	else
		error_set(failure_of(stream), ERROR_TIMEOUT, "%.*s: silent for %.6g s",
			  STR_ARG(stream->host->name), (double)stream->idle_timeout_ms / 1000);
}

/* False when the task was cancelled. */
static bool wait_for_more(struct http_stream *stream, struct error *err)
{
	bool woken;

	stream->waiter = task_current();
	woken = task_wait(next_look(stream), err);
	stream->waiter = NULL;
	if (woken)
		return true;
	if (group_is_cancelled(task_group()))
		return error_wrap(err, "%.*s", STR_ARG(stream->host->name));
	*err = (struct error){0}; /* give_up() says it better */
	/* What came in the last moment counts. */
	if (!stream->done && !stream->received.len && is_over(stream))
		give_up(stream);
	return true;
}

static void lend(struct http_stream *stream, struct str *chunk)
{
	struct buf swap = stream->given;

	stream->given = stream->received;
	stream->received = swap;
	buf_reset(&stream->received);
	*chunk = buf_str(&stream->given);
}

void stream_set_idle_timeout(struct http_stream *stream, int64_t timeout_ms)
{
	stream->idle_timeout_ms = timeout_ms;
}

bool stream_next(struct http_stream *stream, struct str *chunk, struct error *err)
{
	while (!stream->received.len && !stream->done) {
		if (stream->paused) {
			stream->paused = false;
			stream->resume = true;
			stream->last_activity_ns = now_ns(stream);
			http_post(stream);
		}
		if (!wait_for_more(stream, err))
			return false;
	}
	if (stream->received.len) {
		lend(stream, chunk);
		return true;
	}
	if (stream->failure) {
		*err = *stream->failure;
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

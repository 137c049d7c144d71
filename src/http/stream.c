/* A request in progress: its life, and its reader, which takes the received bytes. */
#include <stdlib.h>
#include <string.h>

#include "http/http_internal.h"

/* ---- Life ---- */

/* Tells the loop to start, resume or drop the stream. */
static void post_work(struct http_stream *stream)
{
	struct http *http = stream->http;

	if (stream->has_work)
		return;
	stream->has_work = true;
	stream->next_work = http->work;
	http->work = stream;
}

static bool begin(struct http_stream *stream, const struct http_request *request)
{
	struct http *http = stream->http;
	struct error *err = stream_failure(stream);

	stream->host = http_host_of(http, request->url, err);
	if (!stream->host || !request_set_up(stream, request, err))
		return false;
	receive_set_up(stream, request);
	stream->idle_timeout_ms =
		request->idle_timeout_ms ? request->idle_timeout_ms : HTTP_IDLE_TIMEOUT_MS;
	if (request->total_timeout_ms)
		stream->total_deadline_ns =
			stream_now_ns(stream) + request->total_timeout_ms * NS_PER_MS;
	free(steal(&stream->failure));
	post_work(stream);
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
		post_work(stream); /* libcurl may still use it: the loop removes it */
}

/* ---- Reading ---- */

/* Silence counts from the moment when the request is sent; before that, the connect limit of libcurl applies. */
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
	int64_t idle_ns = stream_now_ns(stream) + stream->idle_timeout_ms * NS_PER_MS;
	int64_t deadline_ns = next_deadline(stream);

	return deadline_ns ? MIN_OF(deadline_ns, idle_ns) : idle_ns;
}

static bool is_over(const struct http_stream *stream)
{
	int64_t deadline_ns = next_deadline(stream);

	return deadline_ns && stream_now_ns(stream) >= deadline_ns;
}

static void give_up(struct http_stream *stream)
{
	bool total =
		stream->total_deadline_ns && stream_now_ns(stream) >= stream->total_deadline_ns;

	stream->done = true;
	if (total)
		error_set(stream_failure(stream), ERROR_TIMEOUT,
			  "%.*s: no answer within the time given", STR_ARG(stream->host->name));
	else
		error_set(stream_failure(stream), ERROR_TIMEOUT, "%.*s: silent for %.6g s",
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
	*err = (struct error){0}; /* give_up() has a better message */
	/* Data that arrived in the last moment counts. */
	if (!stream->done && (stream->whole || !stream->received.len) && is_over(stream))
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
			stream->last_activity_ns = stream_now_ns(stream);
			post_work(stream);
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

bool stream_read_whole(struct http_stream *stream, struct buf *body, struct error *err)
{
	stream->whole = true;
	stream->received.max = body->max;
	while (!stream->done) {
		if (!wait_for_more(stream, err))
			return false;
	}
	if (stream->failure) {
		*err = *stream->failure;
		return false;
	}
	*body = stream->received;
	buf_init(&stream->received, BUF_SIZE_MAX);
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

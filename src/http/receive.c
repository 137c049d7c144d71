/* What libcurl calls during a transfer: it appends the answer's bytes and marks the reader ready, no more. */
#include "base/ascii.h"
#include "base/memory.h"
#include "http/http_internal.h"

enum {
	RECEIVED_SIZE_MAX = 1 << 20,
	RESERVED_SIZE_MAX = 1 << 20, /* a server may announce any length */
	LONG_RECEIVE_BUFFER = 64 << 10,
	HEADERS_MAX = 500,
	HEADERS_SIZE_MAX = 256 << 10,
};

int64_t stream_now_ns(const struct http_stream *stream)
{
	return clock_ns(loop_clock(stream->http->loop));
}

static void mark_activity(struct http_stream *stream)
{
	stream->last_activity_ns = stream_now_ns(stream);
	if (stream->waiter)
		task_ready(stream->waiter);
}

struct error *stream_failure(struct http_stream *stream)
{
	if (!stream->failure)
		stream->failure = NEW(struct error);
	return stream->failure;
}

/* Makes room for the length that the server announces, so that the buffer does not grow step by step. */
static void reserve_body(struct http_stream *stream)
{
	struct str announced = http_header_get(&stream->headers, "content-length");
	int64_t len;

	if (str_to_int64(announced, &len) && len > 0)
		buf_room(&stream->received, MIN_OF(MIN_OF((size_t)len, stream->received.max),
						   (size_t)RESERVED_SIZE_MAX));
}

/* Keeps bytes for a reader that waits for the end. */
static bool keep_body(struct http_stream *stream, struct str bytes)
{
	struct buf *received = &stream->received;

	if (!received->len)
		reserve_body(stream);
	if (bytes.len > received->max - received->len)
		return error_set(stream_failure(stream), ERROR_LIMIT,
				 "the answer: more than %zu bytes", received->max);
	buf_add(received, bytes);
	stream->last_activity_ns = stream_now_ns(stream);
	return true;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *ctx)
{
	struct http_stream *stream = ctx;
	size_t len = size * count;

	if (stream->whole)
		return keep_body(stream, str_of(bytes, len)) ? len : 0;
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
		return error_set(stream_failure(stream), ERROR_LIMIT,
				 "%.*s: more than %d headers, or %d bytes of them",
				 STR_ARG(stream->host->name), HEADERS_MAX, HEADERS_SIZE_MAX);
	lower = arena_text(&stream->arena, str_trim(name));
	for (char *c = lower; *c; c++)
		*c = ascii_to_lower(*c);
	http_header_add(&stream->headers, str_from(lower),
			arena_str(&stream->arena, str_trim(value)));
	return true;
}

static size_t on_header(char *bytes, size_t size, size_t count, void *ctx)
{
	struct http_stream *stream = ctx;
	struct str line = str_trim(str_of(bytes, size * count));

	stream->last_activity_ns = stream_now_ns(stream);
	if (!stream->header_seen)
		stream->first_byte_ms = stream->last_activity_ns / NS_PER_MS;
	stream->header_seen = true;
	if (str_starts(line, STR("HTTP/")))
		on_status_line(stream, line);
	else if (!on_header_line(stream, line))
		return 0;
	return size * count;
}

static int on_sending(void *ctx, char *remote_ip, char *local_ip, int remote_port, int local_port)
{
	struct http_stream *stream = ctx;
	struct http_counts *counts = &stream->http->counts;

	(void)remote_ip, (void)local_ip, (void)remote_port, (void)local_port;
	if (!stream->sent)
		host_connected(stream->host, stream->easy);
	stream->sent = true;
	stream->last_activity_ns = stream_now_ns(stream);
	stream->sent_ms = stream->last_activity_ns / NS_PER_MS;
	if (!counts->first_request_ms)
		counts->first_request_ms = stream->sent_ms;
	return CURL_PREREQFUNC_OK;
}

/* A long upload is activity, and libcurl reports its progress. */
static int on_progress(void *ctx, curl_off_t download_total, curl_off_t downloaded,
		       curl_off_t upload_total, curl_off_t uploaded)
{
	struct http_stream *stream = ctx;

	(void)download_total, (void)downloaded, (void)upload_total;
	if (uploaded > stream->uploaded)
		stream->last_activity_ns = stream_now_ns(stream);
	if (uploaded > stream->uploaded && uploaded == stream->upload_size)
		request_sent(stream);
	stream->uploaded = uploaded;
	return 0;
}

void receive_set_up(struct http_stream *stream, const struct http_request *request)
{
	CURL *easy = stream->easy;

	if (request->long_answer)
		curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, (long)LONG_RECEIVE_BUFFER);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, stream);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, stream);
	curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(easy, CURLOPT_XFERINFODATA, stream);
	curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_sending);
	curl_easy_setopt(easy, CURLOPT_PREREQDATA, stream);
}

void receive_end(struct http_stream *stream, CURLcode result)
{
	stream->done = true;
	if (stream->http2)
		stream->http->counts.http2_requests++;
	if (result != CURLE_OK && !stream->failure)
		curl_error(stream_failure(stream), result, stream);
	mark_activity(stream);
}

/* A host: its connections, their number, and the queue of streams that wait for one. */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "http/http_internal.h"

enum { STREAMS_PER_CONNECTION = 100, KEPT_MORE = 64 };

/* ---- What libcurl asks for ---- */

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *ctx, void *socket_ctx)
{
	struct http_host *host = ctx;
	struct system_watch *watch = host->http->watch;
	struct system_event wanted = {
		.fd = fd,
		.number = (uint32_t)host->number,
		.readable = what & CURL_POLL_IN,
		.writable = what & CURL_POLL_OUT,
	};

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		system_watch_drop(watch, fd);
		return 0;
	}
	system_watch_set(watch, &wanted, !socket_ctx);
	if (!socket_ctx)
		curl_multi_assign(host->multi, fd, host);
	return 0;
}

static int on_timer(CURLM *multi, long timeout_ms, void *ctx)
{
	struct http_host *host = ctx;

	(void)multi;
	host->timeout_ns = timeout_ms < 0 ? 0 : clock_real_ns() + timeout_ms * NS_PER_MS;
	return 0;
}

/* ---- Life ---- */

static struct http_host *host_new(struct http *http, struct str name, bool is_plain)
{
	struct http_host *host = NEW(struct http_host);

	host->http = http;
	host->name = arena_str(&http->arena, name);
	host->http1_only = is_plain || http->options->http1_only;
	host->protocol = host->http1_only ? HOST_HTTP1 : HOST_UNKNOWN;
	host->multi = curl_multi_init();
	if (!host->multi)
		memory_exhausted();
	curl_multi_setopt(host->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(host->multi, CURLMOPT_SOCKETDATA, host);
	curl_multi_setopt(host->multi, CURLMOPT_TIMERFUNCTION, on_timer);
	curl_multi_setopt(host->multi, CURLMOPT_TIMERDATA, host);
	curl_multi_setopt(host->multi, CURLMOPT_MAX_CONCURRENT_STREAMS,
			  (long)STREAMS_PER_CONNECTION);
	VEC_PUSH(&http->hosts, host);
	host->number = (uint32_t)http->hosts.len;
	map_put(&http->host_names, host->name, host);
	return host;
}

/* The URL up to its path, as it is written. */
static struct str origin_of(struct str url)
{
	ptrdiff_t scheme = str_find(url, STR("://"), 0);
	size_t len = scheme < 0 ? url.len : (size_t)scheme + 3;

	while (len < url.len && url.ptr[len] != '/' && url.ptr[len] != '?' && url.ptr[len] != '#')
		len++;
	return str_slice(url, 0, len);
}

static struct http_host *find_or_make(struct http *http, struct str url, struct error *err)
{
	SCOPED(buf) struct buf name = BUF_INIT;
	struct http_host *host;
	struct url_parts parts;

	if (!http_url_allowed(url, http->options->allow_http, err) || !url_parse(url, &parts, err))
		return NULL;
	buf_addf(&name, "%.*s://%.*s", STR_ARG(parts.scheme), STR_ARG(parts.host_port));
	host = map_get(&http->host_names, buf_str(&name));
	if (host)
		return host;
	if (http->hosts.len >= HTTP_HOSTS_MAX) {
		error_set(err, ERROR_LIMIT, "more than %d hosts are spoken to", HTTP_HOSTS_MAX);
		return NULL;
	}
	return host_new(http, buf_str(&name), str_eq_nocase(parts.scheme, STR("http")));
}

struct http_host *http_host_of(struct http *http, struct str url, struct error *err)
{
	struct str origin = origin_of(url);
	struct http_host *host = map_get(&http->host_names, origin);

	if (host)
		return host;
	host = find_or_make(http, url, err);
	/* Whatever path follows: this way of writing the host has been judged. */
	if (host)
		map_put(&http->host_names, arena_str(&http->arena, origin), host);
	return host;
}

void http_host_free(struct http_host *host)
{
	curl_multi_cleanup(host->multi);
	free(host);
}

/* ---- Who may start ---- */

/*
 * Over HTTP/1.1 each transfer needs a connection, and the options limit their number. Over HTTP/2
 * nothing waits, but libcurl would open a connection for each transfer beyond the first
 * connection's streams: the cap allows only as many as the transfers fill.
 */
static int connections_max(const struct http_host *host)
{
	int allowed = MAX_OF(host->http->options->connections_per_host, 1);

	return host->room ? MIN_OF(host->room, allowed) : allowed;
}

static bool has_room(const struct http_host *host)
{
	switch (host->protocol) {
	case HOST_UNKNOWN:
		return !host->probing;
	case HOST_HTTP1:
		return host->running < connections_max(host);
	case HOST_HTTP2:
		break;
	}
	return true;
}

static void set_connection_cap(const struct http_host *host)
{
	long cap = connections_max(host);

	if (host->protocol == HOST_HTTP2)
		cap = (host->running + STREAMS_PER_CONNECTION - 1) / STREAMS_PER_CONNECTION;
	curl_multi_setopt(host->multi, CURLMOPT_MAX_HOST_CONNECTIONS, MAX_OF(cap, 1));
}

static void start(struct http_host *host, struct http_stream *stream)
{
	CURLMcode code;

	host->probing = host->protocol == HOST_UNKNOWN;
	host->running++;
	set_connection_cap(host);
	stream->state = STREAM_RUNNING;
	stream->answers_before = host->answers;
	curl_easy_setopt(stream->easy, CURLOPT_HTTP_VERSION,
			 host->http1_only ? (long)CURL_HTTP_VERSION_1_1
					  : (long)CURL_HTTP_VERSION_2TLS);
	/* To find a free connection, libcurl checks each one, for each of a thousand calls. */
	if (host->protocol == HOST_HTTP1)
		curl_easy_setopt(stream->easy, CURLOPT_FRESH_CONNECT, host->idle ? 0L : 1L);
	host->idle -= host->idle > 0;
	code = curl_multi_add_handle(host->multi, stream->easy);
	/* The only documented failures are misuse of the handle and lack of memory. */
	if (code != CURLM_OK)
		memory_exhausted();
	host->http->counts.requests++;
}

/*
 * Each task that has not ended may need a connection again, and so may those that begin when some end.  Beyond
 * these, each transfer that ends closes one while others are waited for: else all are closed at the very end.
 */
static void set_kept(const struct http_host *host)
{
	long tasks = (long)loop_tasks(host->http->loop);
	long kept = MIN_OF(tasks + KEPT_MORE, (long)connections_max(host));

	curl_multi_setopt(host->multi, CURLMOPT_MAXCONNECTS, kept);
}

void host_admit(struct http_host *host)
{
	set_kept(host);
	while (host->first && has_room(host)) {
		struct http_stream *stream = host->first;

		host->first = stream->next;
		if (!host->first)
			host->last = NULL;
		start(host, stream);
	}
}

void host_queue(struct http_host *host, struct http_stream *stream)
{
	stream->state = STREAM_QUEUED;
	stream->next = NULL;
	if (host->last)
		host->last->next = stream;
	else
		host->first = stream;
	host->last = stream;
}

static void leave_line(struct http_host *host, const struct http_stream *stream)
{
	struct http_stream *before = NULL;

	for (struct http_stream *item = host->first; item != stream; item = item->next)
		before = item;
	if (before)
		before->next = stream->next;
	else
		host->first = stream->next;
	if (host->last == stream)
		host->last = before;
}

/* The call that probed the protocol of the host failed: the others stop waiting. */
static void stop_probing(struct http_host *host, const struct http_stream *stream)
{
	if (!stream->sent && host->probing) {
		host->probing = false;
		host->protocol = HOST_HTTP1;
	}
}

/* Removes a transfer from libcurl. */
static void stop(struct http_host *host, struct http_stream *stream)
{
	long connections = 0;

	if (curl_easy_getinfo(stream->easy, CURLINFO_NUM_CONNECTS, &connections) == CURLE_OK)
		host->http->counts.connections += connections;
	curl_multi_remove_handle(host->multi, stream->easy);
	host->running--;
	host->idle++;
	host->connected -= stream->sent;
	stop_probing(host, stream);
	/* Assumptions are probed again when the host is called the next time. */
	if (!host->running && !host->first) {
		host->room = 0;
		if (!host->http1_only)
			host->protocol = HOST_UNKNOWN;
	}
	set_connection_cap(host);
}

void host_drop(struct http_host *host, struct http_stream *stream)
{
	if (stream->state == STREAM_QUEUED)
		leave_line(host, stream);
	else if (stream->state == STREAM_RUNNING)
		stop(host, stream);
	stream->state = STREAM_OVER;
}

/*
 * A connection that is refused while others are in use, or after another was answered in the meantime: the
 * host, or its load balancer, has room for those and no more.
 */
static bool was_turned_away(const struct http_host *host, const struct http_stream *stream,
			    CURLcode result)
{
	bool refused = result == CURLE_COULDNT_CONNECT || result == CURLE_SSL_CONNECT_ERROR ||
		       result == CURLE_RECV_ERROR || result == CURLE_SEND_ERROR;

	return refused && !stream->sent && host->protocol == HOST_HTTP1 &&
	       (host->connected || host->answers != stream->answers_before);
}

/*
 * Nothing was sent, so the transfer waits for one of the connections that are left.  After as many answers as
 * there are connections one more is tried.
 */
static void wait_for_room(struct http_host *host, struct http_stream *stream)
{
	host_queue(host, stream);
	stop(host, stream);
	host->room = MAX_OF(host->running, 1);
	host->answers_until_more = host->room;
	set_connection_cap(host);
	host->http->counts.requests--;
	log_debug("http", "%.*s: room for %d connections", STR_ARG(host->name), host->room);
}

/*
 * A connection that the server closed while it was idle: libcurl notices in time over HTTP/1.1 only.  A request
 * that changes nothing is sent again over a new one, once; any other may have been carried out, so its caller
 * decides.
 */
static bool was_closed_idle(const struct http_stream *stream, CURLcode result)
{
	long connections = 1;

	if (!result_is_broken(result) || !stream->is_safe || stream->renewed || stream->header_seen)
		return false;
	return curl_easy_getinfo(stream->easy, CURLINFO_NUM_CONNECTS, &connections) == CURLE_OK &&
	       connections == 0;
}

static void renew(struct http_host *host, struct http_stream *stream)
{
	log_debug("http", "%.*s: a connection was closed while it was idle; opening another",
		  STR_ARG(host->name));
	stop(host, stream);
	stream->renewed = true;
	stream->sent = false;
	curl_easy_setopt(stream->easy, CURLOPT_FRESH_CONNECT, 1L);
	host->http->counts.requests--;
	host_queue(host, stream);
}

static void count_answer(struct http_host *host)
{
	host->answers++;
	if (!host->room || --host->answers_until_more > 0)
		return;
	host->room++;
	host->answers_until_more = host->room;
}

void host_read_results(struct http_host *host)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(host->multi, &left))) {
		CURLcode result = message->data.result;
		struct http_stream *stream = NULL;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &stream);
		if (was_closed_idle(stream, result)) {
			renew(host, stream);
			continue;
		}
		if (was_turned_away(host, stream, result)) {
			wait_for_room(host, stream);
			continue;
		}
		if (host_http2_broke(host, result)) {
			log_debug("http", "%.*s: HTTP/2 broke; HTTP/1.1 from now on",
				  STR_ARG(host->name));
			host->http1_only = true;
			host->protocol = HOST_HTTP1;
		}
		host->http2_works |= result == CURLE_OK && stream->http2;
		stop(host, stream);
		if (result == CURLE_OK)
			count_answer(host);
		stream->state = STREAM_OVER;
		receive_end(stream, result);
	}
}

/* The pool: libcurl's multi handle, driven by epoll from the task loop. */
#include "http/pool.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"

enum { EVENTS_MAX = 256, STREAMS_PER_CONNECTION = 100 };

#define NS_PER_MS INT64_C(1000000)
#define CA_FOLDER "/etc/ssl/certs"
#define CA_BUNDLE "/etc/ssl/certs/ca-certificates.crt"

static int64_t real_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/* ---- What libcurl asks for ---- */

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *ctx, void *socket_ctx)
{
	struct http *http = ctx;
	struct epoll_event event = {.data.fd = fd};

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		epoll_ctl(http->epoll_fd, EPOLL_CTL_DEL, fd, NULL);
		return 0;
	}
	if (what & CURL_POLL_IN)
		event.events |= EPOLLIN;
	if (what & CURL_POLL_OUT)
		event.events |= EPOLLOUT;
	if (!socket_ctx) {
		curl_multi_assign(http->multi, fd, http);
		if (epoll_ctl(http->epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0 || errno != EEXIST)
			return 0;
	}
	epoll_ctl(http->epoll_fd, EPOLL_CTL_MOD, fd, &event);
	return 0;
}

static int on_timer(CURLM *multi, long timeout_ms, void *ctx)
{
	struct http *http = ctx;

	(void)multi;
	http->timeout_ns = timeout_ms < 0 ? 0 : real_ns() + timeout_ms * NS_PER_MS;
	if (!http->timeout_ns && timeout_ms >= 0)
		http->timeout_ns = 1;
	return 0;
}

static void read_messages(struct http *http)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(http->multi, &left))) {
		struct http_stream *stream;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &stream);
		stream_finish(stream, message->data.result);
	}
}

/* ---- What the loop asks for ---- */

/* How long epoll may sleep: until libcurl's timer or the loop's, whichever is first. */
static int sleep_ms(const struct http *http, int timeout_ms)
{
	int64_t left;

	if (!http->timeout_ns)
		return timeout_ms;
	left = (http->timeout_ns - real_ns() + NS_PER_MS - 1) / NS_PER_MS;
	if (left <= 0)
		return 0;
	return timeout_ms < 0 || left < timeout_ms ? (int)left : timeout_ms;
}

static void on_event(struct http *http, const struct epoll_event *event)
{
	int flags = 0;
	int running;

	if (event->data.fd == http->wake_fd)
		return; /* the loop empties it */
	if (event->events & EPOLLIN)
		flags |= CURL_CSELECT_IN;
	if (event->events & EPOLLOUT)
		flags |= CURL_CSELECT_OUT;
	if (event->events & (EPOLLERR | EPOLLHUP))
		flags |= CURL_CSELECT_ERR;
	curl_multi_socket_action(http->multi, event->data.fd, flags, &running);
}

/* The loop's own descriptor ends the wait too. */
static void watch_wake(struct http *http, int wake_fd)
{
	struct epoll_event event = {.events = EPOLLIN, .data.fd = wake_fd};

	if (http->wake_fd == wake_fd)
		return;
	http->wake_fd = wake_fd;
	epoll_ctl(http->epoll_fd, EPOLL_CTL_ADD, wake_fd, &event);
}

static void poll_events(void *ctx, int wake_fd, int timeout_ms)
{
	struct http *http = ctx;
	struct epoll_event events[EVENTS_MAX];
	int count;
	int running;

	watch_wake(http, wake_fd);
	count = epoll_wait(http->epoll_fd, events, EVENTS_MAX, sleep_ms(http, timeout_ms));
	for (int i = 0; i < count; i++)
		on_event(http, &events[i]);
	if (http->timeout_ns && real_ns() >= http->timeout_ns) {
		http->timeout_ns = 0;
		curl_multi_socket_action(http->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	}
	read_messages(http);
}

static bool is_busy(void *ctx)
{
	const struct http *http = ctx;

	return http->active > 0;
}

/* ---- Streams on the pool ---- */

struct http_host *http_host_of(struct http *http, struct str url)
{
	struct url_parts parts;
	struct error err;
	struct str name = url_split(url, &parts, &err) ? parts.host_port : url;
	struct http_host *host = map_get(&http->hosts, name);

	if (host)
		return host;
	host = ARENA_NEW(&http->arena, struct http_host);
	host->name = arena_str(&http->arena, name);
	map_put(&http->hosts, host->name, host);
	return host;
}

/*
 * Over HTTP/2 libcurl opens one more connection for each transfer beyond the first connection's
 * streams, so the cap follows the number of transfers; over HTTP/1.1 each transfer needs its own.
 */
static void set_connection_cap(struct http *http, const struct http_host *host)
{
	int cap = MAX_OF(http->options->connections_per_host, 1);
	int needed = (http->active + STREAMS_PER_CONNECTION - 1) / STREAMS_PER_CONNECTION;

	if (host->http2 && !host->http1_only)
		cap = MIN_OF(cap, MAX_OF(needed, 1));
	curl_multi_setopt(http->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)cap);
}

bool http_add(struct http *http, struct http_stream *stream, struct error *err)
{
	CURLMcode code;

	curl_easy_setopt(stream->easy, CURLOPT_CAPATH, http->ca_path);
	curl_easy_setopt(stream->easy, CURLOPT_CAINFO, http->ca_file);
	http->active++;
	set_connection_cap(http, stream->host);
	code = curl_multi_add_handle(http->multi, stream->easy);
	if (code != CURLM_OK) {
		http->active--;
		return error_set(err, ERROR_NETWORK, "libcurl: %s", curl_multi_strerror(code));
	}
	http->counts.requests++;
	return true;
}

void http_remove(struct http *http, struct http_stream *stream)
{
	long connections = 0;

	if (!stream->easy)
		return;
	if (curl_easy_getinfo(stream->easy, CURLINFO_NUM_CONNECTS, &connections) == CURLE_OK)
		http->counts.connections += connections;
	curl_multi_remove_handle(http->multi, stream->easy);
	curl_easy_cleanup(stream->easy);
	stream->easy = NULL;
	http->active--;
}

/* ---- Life ---- */

/* The hashed folder lets OpenSSL read only what it needs; without it the bundle does. */
static bool choose_certificates(struct http *http, struct error *err)
{
	struct str file = http->options->ca_file;
	DIR *folder;
	bool hashed = false;

	if (file.len) {
		http->ca_file = arena_text(&http->arena, file);
		if (access(http->ca_file, R_OK) != 0)
			return error_errno(err,
					   "certificates '%.*s' (AWS_CA_BUNDLE or SSL_CERT_FILE)",
					   STR_ARG(file));
		return true;
	}
	folder = opendir(CA_FOLDER);
	for (struct dirent *entry; folder && !hashed && (entry = readdir(folder));)
		hashed = str_ends(str_from(entry->d_name), STR(".0"));
	if (folder)
		closedir(folder);
	if (hashed)
		http->ca_path = CA_FOLDER;
	else
		http->ca_file = CA_BUNDLE;
	return true;
}

static bool set_up(struct http *http, struct error *err)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return error_set(err, ERROR_NETWORK, "libcurl cannot start");
	http->multi = curl_multi_init();
	http->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (!http->multi || http->epoll_fd < 0)
		return error_errno(err, "cannot set up the network");
	curl_multi_setopt(http->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(http->multi, CURLMOPT_SOCKETDATA, http);
	curl_multi_setopt(http->multi, CURLMOPT_TIMERFUNCTION, on_timer);
	curl_multi_setopt(http->multi, CURLMOPT_TIMERDATA, http);
	curl_multi_setopt(http->multi, CURLMOPT_MAX_CONCURRENT_STREAMS,
			  (long)STREAMS_PER_CONNECTION);
	return choose_certificates(http, err);
}

struct http *http_new(struct loop *loop, const struct http_options *options, struct error *err)
{
	OWNED(http) struct http *http = NEW(struct http);

	http->loop = loop;
	http->options = options;
	http->epoll_fd = http->wake_fd = -1;
	if (!set_up(http, err))
		return NULL;
	http->poller = (struct poller){poll_events, is_busy, http};
	loop_set_poller(loop, &http->poller);
	return steal(&http);
}

void http_free(struct http *http)
{
	if (!http)
		return;
	assert(!http->active);
	if (http->poller.ctx)
		loop_set_poller(http->loop, NULL);
	if (http->multi)
		curl_multi_cleanup(http->multi);
	if (http->epoll_fd >= 0)
		close(http->epoll_fd);
	map_release(&http->hosts);
	arena_release(&http->arena);
	free(http);
	curl_global_cleanup();
}

struct http_counts http_count(const struct http *http)
{
	return http->counts;
}

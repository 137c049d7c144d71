/* The pool: the connections of all hosts, polled by the task loop. */
#include "http/http_internal.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "http/wipe.h"

/* ---- The list of work ---- */

/* Tasks post in the order in which they want to start; the list is in reverse order. */
static struct http_stream *take_work_list(struct http *http)
{
	struct http_stream *forwards = NULL;

	while (http->work) {
		struct http_stream *stream = http->work;

		http->work = stream->next_work;
		stream->next_work = forwards;
		forwards = stream;
	}
	return forwards;
}

static void do_work(struct http *http)
{
	struct http_stream *stream = take_work_list(http);

	while (stream) {
		struct http_stream *next = stream->next_work;

		stream->has_work = false;
		if (stream->dropped) {
			host_drop(stream->host, stream);
			stream_destroy(stream);
		} else if (stream->state == STREAM_NEW) {
			host_queue(stream->host, stream);
		} else if (stream->resume && stream->state == STREAM_RUNNING) {
			stream->resume = false;
			curl_easy_pause(stream->easy, CURLPAUSE_CONT);
		}
		stream = next;
	}
}

/* ---- Polling ---- */

/* The maximum time to wait: until the first of libcurl's timers or the loop's. */
static int sleep_ms(const struct http *http, int timeout_ms)
{
	int64_t now_ns = clock_real_ns();

	for (size_t i = 0; i < http->hosts.len; i++) {
		int64_t due_ns = http->hosts.items[i]->timeout_ns;
		int64_t left_ms = (due_ns - now_ns + NS_PER_MS - 1) / NS_PER_MS;

		if (due_ns && (timeout_ms < 0 || left_ms < timeout_ms))
			timeout_ms = left_ms > 0 ? (int)left_ms : 0;
	}
	return timeout_ms;
}

static void on_event(struct http *http, const struct system_event *event)
{
	int flags = 0;
	int running;

	if (!event->number)
		return; /* the loop's own descriptor: the loop empties it */
	if (event->readable)
		flags |= CURL_CSELECT_IN;
	if (event->writable)
		flags |= CURL_CSELECT_OUT;
	if (event->broken)
		flags |= CURL_CSELECT_ERR;
	curl_multi_socket_action(http->hosts.items[event->number - 1]->multi, event->fd, flags,
				 &running);
}

/* Starts the streams that have room, and runs libcurl's work; true when that may have made a task ready. */
static bool serve_hosts(struct http *http)
{
	int64_t now_ns = clock_real_ns();
	bool was_due = false;
	int running;

	for (size_t i = 0; i < http->hosts.len; i++) {
		struct http_host *host = http->hosts.items[i];

		if (host->timeout_ns && now_ns >= host->timeout_ns) {
			host->timeout_ns = 0;
			was_due = true;
			curl_multi_socket_action(host->multi, CURL_SOCKET_TIMEOUT, 0, &running);
		}
		host_read_results(host);
		host_admit(host);
	}
	return was_due;
}

/* The loop's own descriptor ends the wait too. */
static void watch_wake(struct http *http, int wake_fd)
{
	if (http->wake_fd == wake_fd)
		return;
	http->wake_fd = wake_fd;
	system_watch_set(http->watch, &(struct system_event){.fd = wake_fd, .readable = true},
			 true);
}

static void poll_events(void *ctx, int wake_fd, int timeout_ms)
{
	struct http *http = ctx;
	struct system_event events[SYSTEM_EVENTS_MAX];
	bool looks_only = http->work;
	int count;

	watch_wake(http, wake_fd);
	do_work(http);
	looks_only |= serve_hosts(http);
	/* A task that is ready now must not wait for what comes next. */
	count = system_watch_wait(http->watch, events, SYSTEM_EVENTS_MAX,
				  looks_only ? 0 : sleep_ms(http, timeout_ms));
	for (int i = 0; i < count; i++)
		on_event(http, &events[i]);
	serve_hosts(http);
}

static bool is_busy(void *ctx)
{
	const struct http *http = ctx;

	return http->active > 0;
}

/* ---- Life ---- */

static bool has_hashed_certificates(const char *path)
{
	DIR *folder = opendir(path);
	bool found = false;

	for (struct dirent *entry; folder && !found && (entry = readdir(folder));)
		found = str_ends(str_from(entry->d_name), STR(".0"));
	if (folder)
		closedir(folder);
	return found;
}

/*
 * From the hashed folder OpenSSL reads only the certificates that it needs; it parses a bundle
 * completely. libcurl gets only one of the two: with both, old versions parse the file for every
 * connection.
 */
static bool choose_certificates(struct http *http, struct error *err)
{
	static const char *const bundles[] = {
		"/etc/ssl/certs/ca-certificates.crt", /* Debian, Alpine */
		"/etc/pki/tls/certs/ca-bundle.crt",   /* Fedora, Amazon Linux */
		"/etc/ssl/cert.pem",
	};
	static const char folder[] = "/etc/ssl/certs";
	struct str file = http->options->ca_file;

	if (file.len) {
		http->ca_file = arena_text(&http->arena, file);
		if (access(http->ca_file, R_OK) == 0)
			return true;
		return error_set(
			err, ERROR_CONFIG,
			"certificates \"%.*s\": %s; AWS_CA_BUNDLE or SSL_CERT_FILE names them",
			STR_ARG(file), strerror(errno));
	}
	if (has_hashed_certificates(folder)) {
		http->ca_path = folder;
		return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(bundles) && !http->ca_file; i++) {
		if (access(bundles[i], R_OK) == 0)
			http->ca_file = bundles[i];
	}
	return true; /* with neither, an address that needs no certificate still works */
}

bool http_use_certificates(struct http *http, struct str file, struct error *err)
{
	const char *path = arena_text(&http->arena, file);

	if (access(path, R_OK) != 0)
		return error_set(err, ERROR_CONFIG, "\"%s\": %s", path, strerror(errno));
	http->ca_file = path;
	http->ca_path = NULL;
	request_forget_tls(http);
	return true;
}

static bool has_openssl(void)
{
	const char *library = curl_version_info(CURLVERSION_NOW)->ssl_version;

	return library && str_starts(str_from(library), STR("OpenSSL/"));
}

static bool set_up(struct http *http, struct error *err)
{
	if (!wipe_init())
		return error_set(err, ERROR_NETWORK, "libcurl cannot start");
	http->has_openssl = has_openssl();
	http->watch = system_watch_new();
	if (!http->watch)
		return error_errno(err, "cannot set up the network");
	return proxy_check(&http->arena, http->options->proxy_https, err) &&
	       proxy_check(&http->arena, http->options->proxy_http, err) &&
	       choose_certificates(http, err);
}

struct http *http_new(struct loop *loop, const struct http_options *options, struct error *err)
{
	OWNED(http) struct http *http = NEW(struct http);
	struct poller poller = {.poll = poll_events, .busy = is_busy, .ctx = http};

	http->options = options;
	http->wake_fd = -1;
	if (!set_up(http, err))
		return NULL;
	http->loop = loop;
	loop_set_poller(loop, &poller);
	return steal(&http);
}

void http_free(struct http *http)
{
	if (!http)
		return;
	do_work(http); /* streams that were dropped and not yet removed */
	assert(!http->active);
	if (http->loop)
		loop_set_poller(http->loop, NULL);
	for (size_t i = 0; i < http->hosts.len; i++)
		http_host_free(http->hosts.items[i]);
	VEC_RELEASE(&http->hosts);
	request_forget_tls(http);
	system_watch_free(http->watch);
	map_release(&http->host_names);
	arena_release(&http->arena);
	free(http);
	curl_global_cleanup();
}

struct http_counts http_count(const struct http *http)
{
	return http->counts;
}

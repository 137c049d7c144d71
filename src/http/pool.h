/* What the files of this folder share: the pool's and a stream's insides. */
#ifndef HTTP_POOL_H
#define HTTP_POOL_H

#include <curl/curl.h>

#include "base/map.h"
#include "http/http.h"

/* What is known of a host. */
struct http_host {
	struct str name; /* "host:port", in the pool's arena */
	bool http1_only; /* its HTTP/2 broke */
	bool http2;      /* it has answered in HTTP/2 */
};

/*
 * libcurl's multi handle, driven by epoll.  Used by one thread at a time: the loop's while it polls, a
 * task's while that holds the turn.
 */
struct http {
	struct loop *loop;
	const struct http_options *options;
	CURLM *multi;
	struct poller poller;
	int epoll_fd;
	int wake_fd; /* the loop's; -1 until the first poll */
	int64_t timeout_ns; /* real monotonic time at which libcurl wants to be called; 0: never */
	int active;         /* streams under way */
	const char *ca_path, *ca_file;
	struct map hosts; /* name -> struct http_host * */
	struct arena arena;
	struct http_counts counts;
};

struct http_stream {
	struct http *http;
	struct http_host *host;
	CURL *easy; /* NULL once it has been taken off the pool */
	struct curl_slist *header_list;
	struct task *waiter;
	struct buf received; /* arrived, not yet read */
	struct buf given;    /* what the last stream_next() lent out */
	struct arena arena;  /* header texts */
	struct http_headers headers;
	int status;
	bool header_seen;
	bool paused;
	bool done;
	CURLcode result;
	struct error failure; /* set when `result` is not CURLE_OK, or we gave up */
	char detail[CURL_ERROR_SIZE];
	struct str url;
	int64_t idle_timeout_ms, total_deadline_ns;
	int64_t last_activity_ns;
	curl_off_t uploaded; /* at the last look */
	int64_t sent_ms, first_byte_ms;
	bool http2;
};

/* The host's record, made when it is new. */
struct http_host *http_host_of(struct http *http, struct str url);

/* Puts a stream's easy handle under way, or takes it off. */
bool http_add(struct http *http, struct http_stream *stream, struct error *err);
void http_remove(struct http *http, struct http_stream *stream);

/* libcurl says that a transfer is over. */
void stream_finish(struct http_stream *stream, CURLcode result);

#endif

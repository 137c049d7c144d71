/* What the files of this folder share: the insides of the pool, a host and a stream.  Lower files come first. */
#ifndef HTTP_HTTP_INTERNAL_H
#define HTTP_HTTP_INTERNAL_H

#include <curl/curl.h>

#include "base/map.h"
#include "base/system.h"
#include "base/vec.h"
#include "http/http.h"

enum { HTTP_HOSTS_MAX = 256 };

/* The protocol that a host has used. */
enum host_protocol {
	HOST_UNKNOWN, /* not known yet: the first request finds out, the others wait for it */
	HOST_HTTP1,   /* one transfer a connection */
	HOST_HTTP2,   /* many */
};

/*
 * A host and port, with separate connections: libcurl's cap on connections counts for a whole multi
 * handle, and hosts need different ones.  Lives as long as the pool.
 */
struct http_host {
	struct http *http;
	struct str name; /* "https://host:port", in the pool's arena */
	uint32_t number; /* in the pool's list, from 1 */
	CURLM *multi;
	int64_t timeout_ns; /* real monotonic time at which libcurl must be called; 0: never */
	enum host_protocol protocol;
	bool http1_only;  /* its HTTP/2 broke, or is not wanted */
	bool http2_works; /* an answer has come over it whole */
	bool probing;     /* the first request is on its way to a connection */
	int running;      /* transfers that libcurl has */
	int idle; /* connections that may be free, at most: transfers over, less those begun since */
	int connected;          /* those of them that have a connection */
	int room;               /* connections that it was seen to have room for; 0: not known */
	int answers_until_more; /* before `room` grows by one */
	int64_t answers;        /* whole ones, of all calls */
	struct http_stream *first, *last; /* the streams that wait, first come first served */
};

/*
 * All hosts under one watch.  libcurl's multi handles are touched by the loop only: tasks add what is
 * to be done (start, resume, drop) to the list `work`, which the next poll processes.
 */
struct http {
	struct loop *loop;
	const struct http_options *options;
	struct system_watch *watch; /* of all hosts' sockets */
	int wake_fd;                /* the loop's; -1 until the first poll */
	int active;                 /* streams that are not freed */
	const char *ca_path, *ca_file;
	bool has_openssl; /* libcurl does TLS by it, so a context of TLS is OpenSSL's */
	struct ssl_ctx_st *tls_context; /* of the first connection: all are set up alike; or NULL */
	struct map host_names; /* its name, and as requests write it -> struct http_host * */
	struct {
		VEC_FIELDS(struct http_host *);
	} hosts;
	struct http_stream *work;
	struct arena arena;
	struct http_counts counts;
};

enum stream_state {
	STREAM_NEW,     /* the loop has not seen it */
	STREAM_QUEUED,  /* in its host's line */
	STREAM_RUNNING, /* libcurl has it */
	STREAM_OVER,
};

struct http_stream {
	struct http *http;
	struct http_host *host;
	CURL *easy;
	enum stream_state state;
	struct http_stream *next;      /* in the host's line */
	struct http_stream *next_work; /* in the pool's list of work */
	bool has_work, resume, dropped;
	bool whole; /* the reader waits for the end: nothing is held back, and nothing wakes it before */
	struct curl_slist *header_list;
	struct task *waiter;
	struct buf received; /* arrived, not yet read */
	struct buf given;    /* what the last stream_next() lent out */
	struct arena arena;  /* texts */
	struct http_headers headers;
	int status;
	bool header_seen;
	bool is_safe;           /* its method changes nothing (RFC 9110, 9.2.1) */
	bool renewed;           /* sent again after its connection turned out to be closed */
	int64_t answers_before; /* the host's, when this one was given to libcurl */
	bool sent;              /* it has a connection and the request is going out */
	bool paused;            /* the reader is slow: libcurl holds the sender back */
	bool done;
	struct error *failure; /* why it ended badly; NULL as long as it did not */
	char detail[CURL_ERROR_SIZE];
	struct str url;
	struct str unsent, unsent_end; /* of the request's body */
	void (*body_sent)(void *ctx);  /* as the request has it; NULL once it was called */
	void *body_sent_ctx;
	int64_t idle_timeout_ms;
	int64_t total_deadline_ns; /* 0: none */
	int64_t last_activity_ns;
	curl_off_t uploaded, upload_size; /* bytes of the request's body */
	int64_t sent_ms, first_byte_ms;
	bool http2;
};

/* ---- proxy.c ---- */

/* Whether libcurl accepts this proxy address (empty: none); ERROR_CONFIG, whose message does not quote it. */
bool proxy_check(struct arena *arena, struct str proxy, struct error *err) MUST_USE;

/* ---- curl_error.c ---- */

/* Fills `err` for a transfer that libcurl ended with `code`: what kind it is, and what to do. */
void curl_error(struct error *err, CURLcode code, const struct http_stream *stream);

/* ---- protocol.c ---- */

/* Notes that a connection to the host exists, which `easy` uses. */
void host_connected(struct http_host *host, CURL *easy);
/* Whether the result shows that HTTP/2 does not work with this host. */
bool host_http2_broke(const struct http_host *host, CURLcode result);
/* Whether the connection ended in the middle of the transfer. */
bool result_is_broken(CURLcode result);

/* ---- request.c ---- */

/* Prepares the easy handle, its callbacks for the answer excepted. */
bool request_set_up(struct http_stream *stream, const struct http_request *request,
		    struct error *err) MUST_USE;
/* Frees what is not needed any more when the request and its body are sent. */
void request_sent(struct http_stream *stream);
void request_clean_up(struct http_stream *stream);
/* Makes further connections set up a context of TLS again. */
void request_forget_tls(struct http *http);

/* ---- receive.c ---- */

/* Sets what libcurl calls while it sends the request and receives the answer. */
void receive_set_up(struct http_stream *stream, const struct http_request *request);
/* The transfer is over; `result` is CURLE_OK or `failure` says more. */
void receive_end(struct http_stream *stream, CURLcode result);
/* The time of the loop's clock. */
int64_t stream_now_ns(const struct http_stream *stream);
/* The place for why the stream failed, made when it is needed: most streams need none. */
struct error *stream_failure(struct http_stream *stream);

/* ---- host.c ---- */

/* The host's record, made when it is new.  ERROR_USAGE when requests to it are not allowed. */
struct http_host *http_host_of(struct http *http, struct str url, struct error *err);
void http_host_free(struct http_host *host);

/* Starts the streams at the head of the queue for which the host has room. */
void host_admit(struct http_host *host);
void host_queue(struct http_host *host, struct http_stream *stream);
/* Takes a stream out of the queue, or off libcurl. */
void host_drop(struct http_host *host, struct http_stream *stream);
/* Reads the results of the transfers that libcurl has finished. */
void host_read_results(struct http_host *host);

/* ---- stream.c ---- */

void stream_destroy(struct http_stream *stream);

/*
 * Waits for the whole body and moves it to `body`, which the caller has set to a released buffer;
 * ERROR_LIMIT when it is larger than body->max.  Before any stream_next().
 */
bool stream_read_whole(struct http_stream *stream, struct buf *body, struct error *err) MUST_USE;

#endif

/* Sets one request up for libcurl: method, headers, proxy, certificates, time limits. */
#include <openssl/ssl.h>
#include <string.h>

#include "base/ascii.h"
#include "base/memory.h"
#include "http/http_internal.h"

enum {
	UPLOAD_BUFFER = 16 << 10, /* the least that libcurl takes */
	UPLOAD_BUFFER_MAX = 64 << 10,
	UPLOAD_STEP = 4 << 10,
	RECEIVE_BUFFER = 4 << 10,
};

static bool is_clean(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '\r' || text.ptr[i] == '\n' || text.ptr[i] == '\0')
			return false;
	}
	return true;
}

/* RFC 9110, 5.6.2: the characters of a header name. */
static bool is_token(struct str name)
{
	static const char marks[] = "!#$%&'*+-.^_`|~";

	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		if (!ascii_is_alnum(c) && !memchr(marks, c, sizeof(marks) - 1))
			return false;
	}
	return name.len > 0;
}

static void set_proxy(struct http_stream *stream, const struct http_request *request)
{
	const struct http *http = stream->http;
	const struct http_options *options = http->options;
	bool https = str_starts_nocase(request->url, STR("https:"));
	struct str proxy = https ? options->proxy_https : options->proxy_http;
	struct arena *arena = &stream->arena;

	/* Set even without a proxy: otherwise libcurl reads the environment. */
	if (request->no_proxy || !proxy.len) {
		curl_easy_setopt(stream->easy, CURLOPT_PROXY, "");
		return;
	}
	curl_easy_setopt(stream->easy, CURLOPT_PROXY, arena_text(arena, proxy));
	curl_easy_setopt(stream->easy, CURLOPT_NOPROXY, arena_text(arena, options->no_proxy));
	curl_easy_setopt(stream->easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	curl_easy_setopt(stream->easy, CURLOPT_PROXY_CAPATH, http->ca_path);
	curl_easy_setopt(stream->easy, CURLOPT_PROXY_CAINFO, http->ca_file);
}

/* Moves as many bytes as there is room for; returns their number. */
static size_t take(struct str *from, char *to, size_t room)
{
	size_t len = MIN_OF(room, from->len);

	if (len)
		memcpy(to, from->ptr, len);
	*from = str_skip(*from, len);
	return len;
}

/*
 * Gives libcurl the next part of the body.  There is deliberately no way back to its start: when a reused
 * connection breaks before an answer, libcurl would send the request again by itself, and a request that
 * was carried out (a comment, a paid model call) would be carried out twice.
 */
static size_t on_send(char *bytes, size_t size, size_t count, void *ctx)
{
	struct http_stream *stream = ctx;
	size_t room = size * count;
	size_t len = take(&stream->unsent, bytes, room);

	len += take(&stream->unsent_end, bytes + len, room - len);
	if (stream->body_sent && !stream->unsent.len && !stream->unsent_end.len) {
		stream->body_sent(stream->body_sent_ctx);
		stream->body_sent = NULL;
	}
	return len;
}

static size_t body_len(const struct http_request *request)
{
	return request->body.len + request->body_end.len;
}

/*
 * Most requests are sent in one piece, with their headers.  libcurl's own default is 64 KiB for each transfer, of
 * which a thousand may wait for their answers: since 8.7 it keeps the buffer until then, unless script/libraries
 * built it.
 */
static void set_buffers(const struct http_stream *stream, const struct http_request *request)
{
	size_t size = (body_len(request) / UPLOAD_STEP + 2) * UPLOAD_STEP;

	size = MIN_OF(MAX_OF(size, (size_t)UPLOAD_BUFFER), (size_t)UPLOAD_BUFFER_MAX);
	curl_easy_setopt(stream->easy, CURLOPT_UPLOAD_BUFFERSIZE, (long)size);
	curl_easy_setopt(stream->easy, CURLOPT_BUFFERSIZE, (long)RECEIVE_BUFFER);
}

static void free_headers(struct http_stream *stream)
{
	/* They include Authorization. */
	for (struct curl_slist *item = stream->header_list; item; item = item->next)
		secret_wipe(item->data, strlen(item->data));
	curl_slist_free_all(steal(&stream->header_list));
}

/*
 * The headers are not needed again: libcurl cannot repeat a request with a body.  Before 8.7 it frees the buffer
 * when its size is set, and takes another one should it need it.
 */
void request_sent(struct http_stream *stream)
{
	curl_easy_setopt(stream->easy, CURLOPT_UPLOAD_BUFFERSIZE, (long)UPLOAD_BUFFER);
	curl_easy_setopt(stream->easy, CURLOPT_HTTPHEADER, NULL);
	free_headers(stream);
}

static void set_method(struct http_stream *stream, const struct http_request *request)
{
	if (strcmp(request->method, "GET") == 0) {
		stream->is_safe = true;
		curl_easy_setopt(stream->easy, CURLOPT_HTTPGET, 1L);
		return;
	}
	if (strcmp(request->method, "HEAD") == 0) {
		stream->is_safe = true;
		curl_easy_setopt(stream->easy, CURLOPT_NOBODY, 1L);
		return;
	}
	if (body_len(request) || strcmp(request->method, "DELETE") != 0) {
		stream->unsent = request->body;
		stream->unsent_end = request->body_end;
		stream->body_sent = request->body_sent;
		stream->body_sent_ctx = request->body_sent_ctx;
		stream->upload_size = (curl_off_t)body_len(request);
		curl_easy_setopt(stream->easy, CURLOPT_POST, 1L);
		curl_easy_setopt(stream->easy, CURLOPT_POSTFIELDSIZE_LARGE, stream->upload_size);
		curl_easy_setopt(stream->easy, CURLOPT_READFUNCTION, on_send);
		curl_easy_setopt(stream->easy, CURLOPT_READDATA, stream);
	}
	curl_easy_setopt(stream->easy, CURLOPT_CUSTOMREQUEST, request->method);
}

static void add_line(struct http_stream *stream, const char *line)
{
	struct curl_slist *list = curl_slist_append(stream->header_list, line);

	if (!list)
		memory_exhausted();
	stream->header_list = list;
}

static bool set_headers(struct http_stream *stream, const struct http_request *request,
			struct error *err)
{
	/* Without these, libcurl waits a second for "100 Continue", and sends the content type of a form. */
	add_line(stream, "Expect:");
	if (!http_header_get(&request->headers, "content-type").len)
		add_line(stream, "Content-Type:");
	for (size_t i = 0; i < request->headers.len; i++) {
		const struct http_header *header = &request->headers.items[i];
		SCOPED(buf) struct buf line = BUF_INIT;

		if (!is_token(header->name))
			return error_set(err, ERROR_USAGE, "\"%.*s\" is not a header name",
					 STR_ARG(header->name));
		if (!is_clean(header->value))
			return error_set(err, ERROR_USAGE, "header \"%.*s\" contains a line break",
					 STR_ARG(header->name));
		/* libcurl takes "Name:" for "do not send"; "Name;" sends it empty. */
		buf_addf(&line, header->value.len ? "%.*s: " : "%.*s;", STR_ARG(header->name));
		buf_add(&line, header->value);
		add_line(stream, line.ptr);
		secret_wipe(line.ptr, line.len);
	}
	curl_easy_setopt(stream->easy, CURLOPT_HTTPHEADER, stream->header_list);
	return true;
}

/*
 * OpenSSL's two buffers of a connection, 16 KiB each, exist while they hold something: most connections wait.  The
 * context, another 17 KiB, is kept for the libcurl of script/libraries, which uses it for further connections.
 */
static CURLcode on_tls_context(CURL *easy, void *context, void *ctx)
{
	SSL_CTX **kept = ctx;

	(void)easy;
	SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
	if (!*kept && SSL_CTX_up_ref(context))
		*kept = context;
	return CURLE_OK;
}

void request_forget_tls(struct http *http)
{
	SSL_CTX_free(steal(&http->tls_context));
}

static void set_connection(const struct http_stream *stream, const struct http_request *request)
{
	struct http *http = stream->http;
	CURL *easy = stream->easy;
	int64_t connect_ms =
		request->connect_timeout_ms ? request->connect_timeout_ms : HTTP_CONNECT_TIMEOUT_MS;

	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)connect_ms);
	/* NAT devices drop a silent connection after some minutes. */
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPIDLE, 60L);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPINTVL, 60L);
	curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);
	curl_easy_setopt(easy, CURLOPT_CAPATH, http->ca_path);
	curl_easy_setopt(easy, CURLOPT_CAINFO, http->ca_file);
	if (!http->has_openssl)
		return;
	curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, on_tls_context);
	curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, &http->tls_context);
}

bool request_set_up(struct http_stream *stream, const struct http_request *request,
		    struct error *err)
{
	struct arena *arena = &stream->arena;

	stream->easy = curl_easy_init();
	if (!stream->easy)
		memory_exhausted();
	curl_easy_setopt(stream->easy, CURLOPT_URL, arena_text(arena, request->url));
	curl_easy_setopt(stream->easy, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(stream->easy, CURLOPT_USERAGENT,
			 arena_text(arena, stream->http->options->user_agent));
	curl_easy_setopt(stream->easy, CURLOPT_PRIVATE, stream);
	curl_easy_setopt(stream->easy, CURLOPT_ERRORBUFFER, stream->detail);
	set_connection(stream, request);
	set_proxy(stream, request);
	set_buffers(stream, request);
	set_method(stream, request);
	return set_headers(stream, request, err);
}

void request_clean_up(struct http_stream *stream)
{
	if (stream->easy)
		curl_easy_cleanup(steal(&stream->easy));
	free_headers(stream);
}

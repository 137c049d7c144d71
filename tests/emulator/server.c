/* A small HTTP server on loopback, by libmicrohttpd; its handlers never sleep. */
#include "server.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include <netinet/in.h>

#include "base/memory.h"
#include "timers.h"

enum { STREAM_BLOCK_SIZE = 64 << 10, CONNECTIONS_MAX = 1000 };

struct server {
	struct server_hooks hooks;
	struct MHD_Daemon *daemon;
	struct timers *timers;
	pthread_mutex_t lock; /* held while a hook runs */
	uint64_t requests;
};

/* One request and its answer, from the first line to the last byte. */
struct exchange {
	struct server *server;
	struct MHD_Connection *connection;
	struct request request;
	struct answer answer;
	bool started, routed, too_large;
	/* How far the answer is. */
	size_t piece, offset, sent;
	bool waited; /* the delay of `piece` is over */
};

static int64_t wall_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The one place where the target is seen as it was sent. */
static void *on_target(void *cls, const char *target, struct MHD_Connection *connection)
{
	struct exchange *exchange = NEW(struct exchange);
	struct request *request = &exchange->request;

	exchange->server = cls;
	exchange->connection = connection;
	buf_init(&request->body, REQUEST_BODY_MAX);
	request->at_ms = wall_ms();
	request->target = arena_str(&request->arena, str_from(target));
	if (!str_cut(request->target, STR("?"), &request->path, &request->query))
		request->path = request->target;
	return exchange;
}

static enum MHD_Result on_header(void *cls, enum MHD_ValueKind kind, const char *name,
				 const char *value)
{
	struct request *request = cls;

	(void)kind;
	VEC_PUSH(&request->headers, (struct header){arena_str(&request->arena, str_from(name)),
						    arena_str(&request->arena, str_from(value))});
	return MHD_YES;
}

/* ---- Answering ---- */

static ssize_t read_pieces(void *cls, uint64_t pos, char *out, size_t max)
{
	struct exchange *exchange = cls;
	struct answer *answer = &exchange->answer;

	(void)pos;
	while (exchange->piece < answer->pieces.len) {
		struct piece piece = answer->pieces.items[exchange->piece];
		size_t len = MIN_OF(max, piece.bytes.len - exchange->offset);

		if (piece.held && !exchange->waited) {
			exchange->waited = true;
			if (timers_hold(exchange->server->timers, exchange->connection))
				return 0;
		}
		if (piece.delay_ms > 0 && !exchange->waited) {
			exchange->waited = true;
			if (!timers_suspend(exchange->server->timers, exchange->connection,
					    piece.delay_ms))
				return MHD_CONTENT_READER_END_WITH_ERROR;
			return 0;
		}
		if (answer->fault == ANSWER_CUT) {
			if (exchange->sent >= answer->cut_after)
				return MHD_CONTENT_READER_END_WITH_ERROR;
			len = MIN_OF(len, answer->cut_after - exchange->sent);
		}
		if (len)
			memcpy(out, piece.bytes.ptr + exchange->offset, len);
		exchange->offset += len;
		exchange->sent += len;
		if (exchange->offset == piece.bytes.len) {
			exchange->piece++;
			exchange->offset = 0;
			exchange->waited = false;
		}
		if (len)
			return (ssize_t)len;
	}
	return answer->fault == ANSWER_CUT ? MHD_CONTENT_READER_END_WITH_ERROR
					   : MHD_CONTENT_READER_END_OF_STREAM;
}

/* Linux answers a connect() to no family by dropping the connection with a reset. */
static void reset_connection(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct sockaddr nowhere = {.sa_family = AF_UNSPEC};

	if (info && connect(info->connect_fd, &nowhere, sizeof(nowhere)) != 0)
		shutdown(info->connect_fd, SHUT_RDWR);
}

static size_t body_len(const struct answer *answer)
{
	size_t len = answer->pieces.len ? 0 : answer->body.len;

	for (size_t i = 0; i < answer->pieces.len; i++)
		len += answer->pieces.items[i].bytes.len;
	return len;
}

static struct MHD_Response *make_response(struct exchange *exchange)
{
	struct answer *answer = &exchange->answer;
	uint64_t size = MHD_SIZE_UNKNOWN;

	if (answer->cut_in_half)
		answer->cut_after = body_len(answer) / 2;
	if (answer->pieces.len == 0 && answer->fault == ANSWER_WHOLE)
		return MHD_create_response_from_buffer(
			answer->body.len,
			answer->body.ptr ? (void *)(uintptr_t)answer->body.ptr : buf_empty,
			MHD_RESPMEM_PERSISTENT);
	if (answer->pieces.len == 0) {
		size = answer->body.len;
		answer_piece(answer, answer->body, 0);
	}
	return MHD_create_response_from_callback(size, STREAM_BLOCK_SIZE, read_pieces, exchange,
						 NULL);
}

static enum MHD_Result send_answer(struct exchange *exchange)
{
	struct answer *answer = &exchange->answer;
	struct MHD_Response *response;
	enum MHD_Result result;

	if (answer->fault == ANSWER_RESET)
		reset_connection(exchange->connection);
	if (answer->fault == ANSWER_RESET || answer->fault == ANSWER_CLOSE)
		return MHD_NO;
	response = make_response(exchange);
	if (!response)
		return MHD_NO;
	for (size_t i = 0; i < answer->headers.len; i++) {
		const struct header *header = &answer->headers.items[i];

		if (MHD_add_response_header(
			    response, arena_text(&exchange->request.arena, header->name),
			    arena_text(&exchange->request.arena, header->value)) != MHD_YES)
			answer->status = 500;
	}
	result = MHD_queue_response(exchange->connection,
				    answer->status ? (unsigned int)answer->status : 200, response);
	MHD_destroy_response(response);
	return result;
}

static void route(struct exchange *exchange)
{
	struct server *server = exchange->server;

	exchange->routed = true;
	if (exchange->too_large) {
		answer_text(&exchange->answer, 413, STR("text/plain"),
			    STR("the request is too large\n"));
		return;
	}
	pthread_mutex_lock(&server->lock);
	exchange->request.number = ++server->requests;
	server->hooks.route(server->hooks.ctx, &exchange->request, &exchange->answer);
	pthread_mutex_unlock(&server->lock);
}

/* Called for the head, for each part of the body, when all is there, and after a wait. */
static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *url,
				  const char *method, const char *version, const char *upload,
				  size_t *upload_len, void **con_cls)
{
	struct exchange *exchange = *con_cls;
	struct request *request = &exchange->request;
	struct error ignored = {0};

	(void)cls;
	(void)url;
	(void)version;
	if (!exchange->started) {
		exchange->started = true;
		request->method = arena_str(&request->arena, str_from(method));
		MHD_get_connection_values(connection, MHD_HEADER_KIND, on_header, request);
		return MHD_YES;
	}
	if (*upload_len) {
		if (!buf_take(&request->body, str_of(upload, *upload_len), "the body", &ignored))
			exchange->too_large = true;
		*upload_len = 0;
		return MHD_YES;
	}
	if (!exchange->routed) {
		route(exchange);
		if (exchange->answer.releases)
			timers_release(exchange->server->timers);
		if (exchange->answer.held && timers_hold(exchange->server->timers, connection))
			return MHD_YES;
		if (exchange->answer.delay_ms > 0)
			return timers_suspend(exchange->server->timers, connection,
					      exchange->answer.delay_ms)
				       ? MHD_YES
				       : MHD_NO;
	}
	return send_answer(exchange);
}

static void on_completed(void *cls, struct MHD_Connection *connection, void **con_cls,
			 enum MHD_RequestTerminationCode code)
{
	struct exchange *exchange = *con_cls;
	struct server *server = cls;

	(void)connection;
	(void)code;
	if (!exchange)
		return;
	if (exchange->request.number) {
		pthread_mutex_lock(&server->lock);
		server->hooks.done(server->hooks.ctx, &exchange->request, &exchange->answer);
		pthread_mutex_unlock(&server->lock);
	}
	VEC_RELEASE(&exchange->answer.headers);
	VEC_RELEASE(&exchange->answer.pieces);
	VEC_RELEASE(&exchange->request.headers);
	buf_release(&exchange->request.body);
	arena_release(&exchange->request.arena);
	free(exchange);
	*con_cls = NULL;
}

/* ---- Life ---- */

struct server *server_new(const struct server_hooks *hooks, const char *certificate,
			  const char *key, struct error *err)
{
	OWNED(server) struct server *server = NEW(struct server);
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct MHD_OptionItem tls[] = {
		{MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)certificate},
		{MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)key},
		{MHD_OPTION_END, 0, NULL},
	};
	unsigned int flags =
		MHD_USE_EPOLL | MHD_USE_INTERNAL_POLLING_THREAD | MHD_ALLOW_SUSPEND_RESUME;

	if (certificate)
		flags |= MHD_USE_TLS;
	server->hooks = *hooks;
	pthread_mutex_init(&server->lock, NULL);
	server->timers = timers_new();
	server->daemon =
		MHD_start_daemon(flags, 0, NULL, NULL, on_request, server, MHD_OPTION_SOCK_ADDR,
				 &address, MHD_OPTION_URI_LOG_CALLBACK, on_target, server,
				 MHD_OPTION_NOTIFY_COMPLETED, on_completed, server,
				 MHD_OPTION_CONNECTION_LIMIT, (unsigned int)CONNECTIONS_MAX,
				 MHD_OPTION_ARRAY, certificate ? tls : tls + 2, MHD_OPTION_END);
	if (!server->daemon) {
		error_set(err, ERROR_NETWORK, "cannot listen on 127.0.0.1%s",
			  certificate ? " with this certificate" : "");
		return NULL;
	}
	return steal(&server);
}

void server_lock(struct server *server)
{
	pthread_mutex_lock(&server->lock);
}

void server_unlock(struct server *server)
{
	pthread_mutex_unlock(&server->lock);
}

uint16_t server_port(const struct server *server)
{
	const union MHD_DaemonInfo *info =
		MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);

	return info ? info->port : 0;
}

void server_free(struct server *server)
{
	if (!server)
		return;
	timers_stop(server->timers);
	if (server->daemon)
		MHD_stop_daemon(server->daemon);
	timers_free(server->timers);
	pthread_mutex_destroy(&server->lock);
	free(server);
}

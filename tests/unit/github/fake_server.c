/* A small HTTP server on loopback, for tests. */
#include "fake_server.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/memory.h"

enum { REQUEST_SIZE_MAX = 8 << 20 };

struct fake_server {
	int fd;
	char url[64];
	pthread_t thread;
	fake_handler *handler;
	void *ctx;
};

struct str fake_header(const struct fake_request *request, const char *name)
{
	struct str rest = request->headers;
	struct str line;

	while (str_next_line(&rest, &line, NULL)) {
		struct str key;
		struct str value;

		if (str_cut(line, STR(":"), &key, &value) &&
		    str_eq_nocase(str_trim(key), str_from(name)))
			return str_trim(value);
	}
	return STR_EMPTY;
}

/* Reads until the body is complete.  False when the client went away. */
static bool read_request(int fd, struct buf *bytes, struct fake_request *request)
{
	for (;;) {
		char piece[16384];
		ptrdiff_t end = str_find(buf_str(bytes), STR("\r\n\r\n"), 0);
		ssize_t len;

		if (end >= 0) {
			struct str head = str_slice(buf_str(bytes), 0, (size_t)end);
			struct str line;
			int64_t body_len = 0;

			str_next_line(&head, &line, NULL);
			str_next_part(&line, ' ', &request->method);
			str_next_part(&line, ' ', &request->target);
			request->headers = head;
			if (!str_to_int64(fake_header(request, "content-length"), &body_len))
				body_len = 0;
			request->body = str_skip(buf_str(bytes), (size_t)end + 4);
			if (request->body.len >= (size_t)body_len)
				return true;
		}
		len = recv(fd, piece, sizeof(piece), 0);
		if (len <= 0 || bytes->len > REQUEST_SIZE_MAX)
			return false;
		buf_add(bytes, str_of(piece, (size_t)len));
	}
}

static void send_all(int fd, struct str bytes)
{
	while (bytes.len) {
		ssize_t len = send(fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);

		if (len <= 0)
			return;
		bytes = str_skip(bytes, (size_t)len);
	}
}

static void serve(struct fake_server *server, int fd)
{
	SCOPED(buf) struct buf bytes = BUF_INIT;
	SCOPED(buf) struct buf out = BUF_INIT;
	struct fake_request request = {0};
	struct fake_answer answer = {.status = 200, .body = BUF_INIT, .headers = BUF_INIT};

	if (read_request(fd, &bytes, &request)) {
		if (str_eq(fake_header(&request, "expect"), STR("100-continue")))
			send_all(fd, STR("HTTP/1.1 100 Continue\r\n\r\n"));
		server->handler(server->ctx, &request, &answer);
		if (!answer.cut) {
			buf_addf(
				&out,
				"HTTP/1.1 %d Status\r\nContent-Length: %zu\r\nConnection: close\r\n"
				"Content-Type: application/json\r\n",
				answer.status, answer.body.len);
			buf_add(&out, buf_str(&answer.headers));
			buf_add_text(&out, "\r\n");
			buf_add(&out, buf_str(&answer.body));
			send_all(fd, buf_str(&out));
		}
	}
	buf_release(&answer.body);
	buf_release(&answer.headers);
	shutdown(fd, SHUT_RDWR);
	close(fd);
}

static void *run(void *arg)
{
	struct fake_server *server = arg;

	for (;;) {
		int fd = accept(server->fd, NULL, NULL);

		if (fd < 0)
			return NULL;
		serve(server, fd);
	}
}

struct fake_server *fake_server_start(fake_handler *handler, void *ctx)
{
	struct fake_server *server = NEW(struct fake_server);
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t len = sizeof(address);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	server->handler = handler;
	server->ctx = ctx;
	server->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (server->fd < 0 || bind(server->fd, (struct sockaddr *)&address, sizeof(address)) ||
	    listen(server->fd, 64) || getsockname(server->fd, (struct sockaddr *)&address, &len)) {
		perror("fake server");
		abort();
	}
	snprintf(server->url, sizeof(server->url), "http://127.0.0.1:%d",
		 (int)ntohs(address.sin_port));
	if (pthread_create(&server->thread, NULL, run, server))
		abort();
	return server;
}

void fake_server_stop(struct fake_server *server)
{
	shutdown(server->fd, SHUT_RDWR);
	pthread_join(server->thread, NULL);
	close(server->fd);
	free(server);
}

struct str fake_server_url(const struct fake_server *server)
{
	return str_from(server->url);
}

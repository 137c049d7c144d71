/* A server that gives scripted answers, one a connection, and keeps what it was asked. */
#include "server.h"

#include <arpa/inet.h>
#include <check.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* How many bytes the request has once its head is there; 0: more are needed. */
static size_t request_size(struct str text)
{
	ptrdiff_t end = str_find(text, STR("\r\n\r\n"), 0);
	ptrdiff_t at = str_find(text, STR("Content-Length: "), 0);
	int64_t size = 0;

	if (end < 0)
		return 0;
	if (at >= 0) {
		struct str number = str_skip(text, (size_t)at + 16);

		number = str_slice(number, 0, (size_t)str_find_char(number, '\r', 0));
		ck_assert(str_to_int64(number, &size));
	}
	return (size_t)end + 4 + (size_t)size;
}

static void read_request(int fd, struct buf *request)
{
	char piece[4096];

	for (;;) {
		size_t wanted = request_size(buf_str(request));
		ssize_t got;

		if (wanted && request->len >= wanted)
			return;
		got = read(fd, piece, sizeof(piece));
		if (got <= 0)
			return;
		buf_add(request, str_of(piece, (size_t)got));
	}
}

static void send_answer(int fd, const struct canned_answer *answer)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	struct str left;

	buf_addf(&text,
		 "HTTP/1.1 %d Status\r\nConnection: close\r\nContent-Type: %s\r\n"
		 "x-amzn-requestid: req-1\r\n%sContent-Length: %zu\r\n\r\n",
		 answer->status ? answer->status : 200,
		 answer->type ? answer->type : "application/json",
		 answer->headers ? answer->headers : "", answer->body.len);
	buf_add(&text, str_slice(answer->body, 0, answer->body.len - answer->cut));
	left = buf_str(&text);
	while (left.len) {
		ssize_t sent = send(fd, left.ptr, left.len, MSG_NOSIGNAL);

		if (sent <= 0)
			return;
		left = str_skip(left, (size_t)sent);
	}
}

static void *serve(void *arg)
{
	struct canned_server *server = arg;

	for (size_t i = 0; i < server->len; i++) {
		int fd = accept(server->fd, NULL, NULL);

		if (fd < 0)
			break;
		read_request(fd, &server->requests[i]);
		if (server->requests[i].len) {
			server->served++;
			send_answer(fd, &server->answers[i]);
		}
		close(fd);
	}
	return NULL;
}

void server_start(struct canned_server *server, const struct canned_answer *answers, size_t len)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(address);

	*server = (struct canned_server){.answers = answers, .len = len};
	ck_assert_uint_le(len, SERVER_ANSWERS_MAX);
	for (size_t i = 0; i < SERVER_ANSWERS_MAX; i++)
		server->requests[i] = (struct buf)BUF_INIT;
	server->fd = socket(AF_INET, SOCK_STREAM, 0);
	ck_assert_int_eq(bind(server->fd, (struct sockaddr *)&address, size), 0);
	ck_assert_int_eq(listen(server->fd, 64), 0);
	ck_assert_int_eq(getsockname(server->fd, (struct sockaddr *)&address, &size), 0);
	snprintf(server->url, sizeof(server->url), "http://127.0.0.1:%d", ntohs(address.sin_port));
	ck_assert_int_eq(pthread_create(&server->thread, NULL, serve, server), 0);
}

void server_stop(struct canned_server *server)
{
	shutdown(server->fd, SHUT_RDWR);
	pthread_join(server->thread, NULL);
	close(server->fd);
	for (size_t i = 0; i < SERVER_ANSWERS_MAX; i++)
		buf_release(&server->requests[i]);
}

struct str server_line(const struct canned_server *server, size_t idx)
{
	struct str text = buf_str(&server->requests[idx]);
	ptrdiff_t end = str_find(text, STR(" HTTP/"), 0);

	return str_slice(text, 0, end < 0 ? 0 : (size_t)end);
}

struct str server_body(const struct canned_server *server, size_t idx)
{
	struct str text = buf_str(&server->requests[idx]);
	ptrdiff_t end = str_find(text, STR("\r\n\r\n"), 0);

	return end < 0 ? STR_EMPTY : str_skip(text, (size_t)end + 4);
}

bool server_saw(const struct canned_server *server, size_t idx, const char *text)
{
	return str_contains(buf_str(&server->requests[idx]), str_from(text));
}

static void scene_task(void *arg)
{
	struct credentials_scene *scene = arg;
	struct http_options options = {.user_agent = STR_INIT("outcrop/test"),
				       .connections_per_host = 8};
	struct error err = {0};

	scene->http = http_new(loop_current(), &options, &err);
	ck_assert_msg(scene->http != NULL, "%s", err.message);
	scene->act(scene);
	http_free(scene->http);
}

void scene_play(struct credentials_scene *scene, const struct canned_answer *answers, size_t len,
		void (*act)(struct credentials_scene *scene))
{
	struct loop *loop;

	scene->act = act;
	server_start(&scene->server, answers, len);
	clock_init_virtual(&scene->clock, (int64_t)time(NULL) * 1000);
	loop = loop_new(&scene->clock);
	loop_run(loop, scene_task, scene);
	loop_free(loop);
	server_stop(&scene->server);
}

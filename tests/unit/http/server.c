/* A server of a few lines. */
#include "server.h"

#include <arpa/inet.h>
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* True when the head has come, and as much body as it announces. */
static bool is_whole(const char *text, size_t len)
{
	const char *end = strstr(text, "\r\n\r\n");
	const char *announced = strcasestr(text, "\r\ncontent-length:");
	size_t body = announced ? strtoul(announced + strlen("\r\ncontent-length:"), NULL, 10) : 0;

	return end && (size_t)(text + len - end) >= strlen("\r\n\r\n") + body;
}

static void read_request(int fd, char *text)
{
	size_t len = 0;

	while (len + 1 < SERVER_REQUEST_SIZE) {
		ssize_t got = read(fd, text + len, SERVER_REQUEST_SIZE - 1 - len);

		if (got <= 0)
			break;
		len += (size_t)got;
		text[len] = '\0';
		if (is_whole(text, len))
			break;
	}
}

static void send_text(int fd, const char *text)
{
	size_t left = strlen(text);

	while (left) {
		ssize_t sent = send(fd, text, left, MSG_NOSIGNAL);

		if (sent <= 0)
			return;
		text += sent;
		left -= (size_t)sent;
	}
}

static void wait_for_close(int fd)
{
	char byte;

	while (read(fd, &byte, 1) > 0) {
	}
}

static void play(int fd, const struct script *script)
{
	struct linger linger = {.l_onoff = 1};

	send_text(fd, script->first);
	if (script->pause_ms)
		usleep((useconds_t)script->pause_ms * 1000);
	if (script->until_closed)
		wait_for_close(fd);
	if (script->second)
		send_text(fd, script->second);
	if (script->reset)
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
}

static void *serve(void *arg)
{
	struct http_server *server = arg;

	for (size_t i = 0; i < server->len; i++) {
		int fd = accept(server->fd, NULL, NULL);

		if (fd < 0)
			break;
		read_request(fd, server->requests[i]);
		server->served++;
		play(fd, &server->scripts[i]);
		close(fd);
	}
	return NULL;
}

void server_start(struct http_server *server, struct script *scripts, size_t len)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(address);

	memset(server, 0, sizeof(*server));
	server->scripts = scripts;
	server->len = len;
	server->fd = socket(AF_INET, SOCK_STREAM, 0);
	ck_assert_int_eq(bind(server->fd, (struct sockaddr *)&address, size), 0);
	ck_assert_int_eq(listen(server->fd, 16), 0);
	ck_assert_int_eq(getsockname(server->fd, (struct sockaddr *)&address, &size), 0);
	server->port = ntohs(address.sin_port);
	ck_assert_int_eq(pthread_create(&server->thread, NULL, serve, server), 0);
}

void server_stop(struct http_server *server)
{
	shutdown(server->fd, SHUT_RDWR);
	pthread_join(server->thread, NULL);
	close(server->fd);
}

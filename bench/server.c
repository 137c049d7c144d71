/* A server for measuring clients: one process, epoll, HTTP/1.1 with chunked answers. */
#include "server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTIONS_MAX = 8192, REQUEST_SIZE = 4096, EVENTS_MAX = 256, TICK_MS = 1 };

static const char head[] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
static const char piece[] =
	"40\r\n{\"text\":\"sixty-four bytes, like one small event of a model's a\"}\r\n";
static const char tail[] = "0\r\n\r\n";

struct bench_connection {
	char request[REQUEST_SIZE];
	size_t len;
	int sent;       /* pieces of the present answer */
	int64_t due_ms; /* when the next is sent; 0: no request */
};

static struct bench_connection *connections[CONNECTIONS_MAX];

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Loopback buffers hold more than one answer: a short write does not happen at these sizes. */
static void send_text(int fd, const char *text)
{
	if (send(fd, text, strlen(text), MSG_NOSIGNAL) < 0 && errno != EPIPE && errno != ECONNRESET)
		perror("bench server");
}

static void drop(int fd)
{
	close(fd);
	free(connections[fd]);
	connections[fd] = NULL;
}

static bool request_is_whole(const struct bench_connection *connection)
{
	const char *end = strstr(connection->request, "\r\n\r\n");
	const char *length = strcasestr(connection->request, "content-length:");
	size_t body = length ? strtoul(length + 15, NULL, 10) : 0;

	return end && connection->len >= (size_t)(end + 4 - connection->request) + body;
}

static void on_readable(const struct bench_server *server, int fd)
{
	struct bench_connection *connection = connections[fd];
	ssize_t got = recv(fd, connection->request + connection->len,
			   sizeof(connection->request) - 1 - connection->len, 0);

	if (got <= 0) {
		drop(fd);
		return;
	}
	connection->len += (size_t)got;
	connection->request[connection->len] = '\0';
	if (!request_is_whole(connection))
		return;
	connection->len = 0;
	connection->sent = 0;
	connection->due_ms = now_ms() + server->interval_ms;
}

static void send_what_is_due(const struct bench_server *server)
{
	int64_t now = now_ms();

	for (int fd = 0; fd < CONNECTIONS_MAX; fd++) {
		struct bench_connection *connection = connections[fd];

		if (!connection || !connection->due_ms || connection->due_ms > now)
			continue;
		if (connection->sent++ == 0)
			send_text(fd, head);
		send_text(fd, piece);
		connection->due_ms += server->interval_ms;
		if (connection->sent < server->pieces)
			continue;
		send_text(fd, tail);
		connection->due_ms = 0;
	}
}

static void accept_all(int listener, int epoll_fd)
{
	int fd;

	while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
		struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};

		if (fd >= CONNECTIONS_MAX) {
			close(fd);
			continue;
		}
		connections[fd] = calloc(1, sizeof(*connections[fd]));
		if (!connections[fd])
			_exit(1);
		epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event);
	}
}

static void serve(const struct bench_server *server, int listener)
{
	struct epoll_event event = {.events = EPOLLIN, .data.fd = listener};
	int epoll_fd = epoll_create1(0);

	epoll_ctl(epoll_fd, EPOLL_CTL_ADD, listener, &event);
	for (;;) {
		struct epoll_event events[EVENTS_MAX];
		int count = epoll_wait(epoll_fd, events, EVENTS_MAX, TICK_MS);

		for (int i = 0; i < count; i++) {
			if (events[i].data.fd == listener)
				accept_all(listener, epoll_fd);
			else
				on_readable(server, events[i].data.fd);
		}
		send_what_is_due(server);
	}
}

bool bench_server_start(struct bench_server *server)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(address);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	if (bind(listener, (struct sockaddr *)&address, size) != 0 ||
	    listen(listener, SOMAXCONN) != 0 ||
	    getsockname(listener, (struct sockaddr *)&address, &size) != 0)
		return false;
	server->port = ntohs(address.sin_port);
	server->pid = fork();
	if (server->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		serve(server, listener);
	}
	close(listener);
	return server->pid > 0;
}

void bench_server_stop(struct bench_server *server)
{
	kill(server->pid, SIGKILL);
	waitpid(server->pid, NULL, 0);
}

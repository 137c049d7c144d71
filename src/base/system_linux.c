/* Linux: epoll, eventfd, getrandom. */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/system.h"

void system_random(void *bytes, size_t size)
{
	if (getrandom(bytes, size, 0) != (ssize_t)size)
		abort(); /* cannot happen for up to 256 bytes: getrandom(2) */
}

void system_wipe(void *ptr, size_t len)
{
	explicit_bzero(ptr, len);
}

size_t system_room(void *ptr)
{
	return malloc_usable_size(ptr);
}

const void *system_last(const void *bytes, int c, size_t len)
{
	return memrchr(bytes, c, len);
}

bool system_pipe(int ends[2])
{
	return pipe2(ends, O_CLOEXEC) == 0;
}

/* ---- Waking a poll ---- */

bool system_wake_open(struct system_wake *wake)
{
	wake->in = wake->out = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return wake->in >= 0;
}

void system_wake_close(struct system_wake *wake)
{
	close(wake->in);
}

void system_wake_send(const struct system_wake *wake)
{
	const uint64_t one = 1;
	int kept_errno = errno;

	/* A full counter means that the reader is woken anyway. */
	if (write(wake->out, &one, sizeof(one)) < 0)
		errno = kept_errno;
}

void system_wake_take(const struct system_wake *wake)
{
	uint64_t count;

	while (read(wake->in, &count, sizeof(count)) < 0 && errno == EINTR) {
	}
}

/* ---- Watching descriptors ---- */

struct system_watch {
	int fd;
};

struct system_watch *system_watch_new(void)
{
	int fd = epoll_create1(EPOLL_CLOEXEC);
	struct system_watch *watch;

	if (fd < 0)
		return NULL;
	watch = NEW(struct system_watch);
	watch->fd = fd;
	return watch;
}

void system_watch_free(struct system_watch *watch)
{
	if (!watch)
		return;
	close(watch->fd);
	free(watch);
}

void system_watch_set(struct system_watch *watch, const struct system_event *wanted, bool is_new)
{
	const int operations[] = {EPOLL_CTL_MOD, EPOLL_CTL_ADD};
	struct epoll_event event = {.data.u64 =
					    (uint64_t)wanted->number << 32 | (uint32_t)wanted->fd};

	if (wanted->readable)
		event.events |= EPOLLIN;
	if (wanted->writable)
		event.events |= EPOLLOUT;
	/* Another system call where the caller was wrong. */
	if (epoll_ctl(watch->fd, operations[is_new], wanted->fd, &event) != 0)
		epoll_ctl(watch->fd, operations[!is_new], wanted->fd, &event);
}

void system_watch_drop(struct system_watch *watch, int fd)
{
	epoll_ctl(watch->fd, EPOLL_CTL_DEL, fd, NULL);
}

int system_watch_wait(struct system_watch *watch, struct system_event *events, int max,
		      int timeout_ms)
{
	struct epoll_event found[SYSTEM_EVENTS_MAX];
	int count = epoll_wait(watch->fd, found, MIN_OF(max, (int)SYSTEM_EVENTS_MAX), timeout_ms);

	for (int i = 0; i < count; i++)
		events[i] = (struct system_event){
			.fd = (int)(uint32_t)found[i].data.u64,
			.number = (uint32_t)(found[i].data.u64 >> 32),
			.readable = found[i].events & EPOLLIN,
			.writable = found[i].events & EPOLLOUT,
			.broken = found[i].events & (EPOLLERR | EPOLLHUP),
		};
	return count;
}

/* Other systems, such as macOS: poll, a pipe; nothing specific to Linux. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if defined(__APPLE__)
#include <malloc/malloc.h>
#else
/* Without <malloc.h>, which macOS does not have: script/check-portable forbids it everywhere. */
size_t malloc_usable_size(void *ptr);
#endif

#include "base/memory.h"
#include "base/system.h"
#include "base/vec.h"

void system_random(void *bytes, size_t size)
{
	if (getentropy(bytes, size) != 0)
		abort(); /* cannot happen for up to 256 bytes */
}

void system_wipe(void *ptr, size_t len)
{
	volatile unsigned char *bytes = ptr;

	while (len--)
		*bytes++ = 0;
}

size_t system_room(void *ptr)
{
#if defined(__APPLE__)
	return malloc_size(ptr);
#else
	return malloc_usable_size(ptr);
#endif
}

const void *system_last(const void *bytes, int c, size_t len)
{
	const unsigned char *first = bytes;

	while (len--) {
		if (first[len] == (unsigned char)c)
			return first + len;
	}
	return NULL;
}

bool system_pipe(int ends[2])
{
	if (pipe(ends) != 0)
		return false;
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	fcntl(ends[1], F_SETFD, FD_CLOEXEC);
	return true;
}

/* ---- Waking a poll ---- */

bool system_wake_open(struct system_wake *wake)
{
	int ends[2];

	if (!system_pipe(ends))
		return false;
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	fcntl(ends[1], F_SETFL, O_NONBLOCK);
	*wake = (struct system_wake){.in = ends[0], .out = ends[1]};
	return true;
}

void system_wake_close(struct system_wake *wake)
{
	close(wake->in);
	close(wake->out);
}

void system_wake_send(const struct system_wake *wake)
{
	int kept_errno = errno;

	/* A full pipe means that the reader is woken anyway. */
	if (write(wake->out, "", 1) < 0)
		errno = kept_errno;
}

void system_wake_take(const struct system_wake *wake)
{
	char bytes[64];
	ssize_t count;

	do {
		count = read(wake->in, bytes, sizeof(bytes));
	} while (count > 0 || (count < 0 && errno == EINTR));
}

/* ---- Watching descriptors ---- */

/* Two lists of the same length: the input of poll(), and the owner of each entry. */
struct system_watch {
	struct {
		VEC_FIELDS(struct pollfd);
	} fds;
	struct {
		VEC_FIELDS(uint32_t);
	} numbers;
	size_t next; /* where the next wait starts, so that every entry gets its turn */
};

struct system_watch *system_watch_new(void)
{
	return NEW(struct system_watch);
}

void system_watch_free(struct system_watch *watch)
{
	if (!watch)
		return;
	VEC_RELEASE(&watch->fds);
	VEC_RELEASE(&watch->numbers);
	free(watch);
}

void system_watch_set(struct system_watch *watch, const struct system_event *wanted,
		      bool is_new UNUSED)
{
	short events = (short)((wanted->readable ? POLLIN : 0) | (wanted->writable ? POLLOUT : 0));

	for (size_t i = 0; i < watch->fds.len; i++) {
		if (watch->fds.items[i].fd == wanted->fd) {
			watch->fds.items[i].events = events;
			watch->numbers.items[i] = wanted->number;
			return;
		}
	}
	VEC_PUSH(&watch->fds, (struct pollfd){.fd = wanted->fd, .events = events});
	VEC_PUSH(&watch->numbers, wanted->number);
}

void system_watch_drop(struct system_watch *watch, int fd)
{
	for (size_t i = 0; i < watch->fds.len; i++) {
		if (watch->fds.items[i].fd != fd)
			continue;
		watch->fds.items[i] = watch->fds.items[--watch->fds.len];
		watch->numbers.items[i] = watch->numbers.items[--watch->numbers.len];
		return;
	}
}

int system_watch_wait(struct system_watch *watch, struct system_event *events, int max,
		      int timeout_ms)
{
	size_t len = watch->fds.len;
	int count = poll(watch->fds.items, (nfds_t)len, timeout_ms);
	int written = 0;

	if (count <= 0 || !len)
		return count;
	for (size_t i = 0; i < len && written < max; i++) {
		size_t at = (watch->next + i) % len;
		const struct pollfd *found = &watch->fds.items[at];

		if (!found->revents)
			continue;
		events[written++] = (struct system_event){
			.fd = found->fd,
			.number = watch->numbers.items[at],
			.readable = found->revents & POLLIN,
			.writable = found->revents & POLLOUT,
			.broken = found->revents & (POLLERR | POLLHUP | POLLNVAL),
		};
	}
	watch->next = (watch->next + 1) % len;
	return written;
}

/* Preloaded by flows: breaks an allocation, moves the wall clock, notes what is connected to. */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* Settings, read before the program clears its environment. */
static long fail_at;    /* which allocation fails; 0: none */
static long jump_s;     /* seconds that the wall clock jumps by */
static long jump_at_ms; /* how long after the start */
static int notes = -1;
static int tasks = -1; /* /proc/self/task */
static atomic_long allocations;
static struct timespec started;

static void *(*real_malloc)(size_t);
static void *(*real_calloc)(size_t, size_t);
static void *(*real_realloc)(void *, size_t);
static int (*real_clock)(clockid_t, struct timespec *);
static int (*real_connect)(int, const struct sockaddr *, socklen_t);
static int (*real_getaddrinfo)(const char *, const char *, const struct addrinfo *,
			       struct addrinfo **);
static int no_names;

static long number(const char *name)
{
	const char *text = getenv(name);

	return text ? strtol(text, NULL, 10) : 0;
}

static void note(const char *kind, const char *text)
{
	char line[300];
	int len = snprintf(line, sizeof(line), "%s %s\n", kind, text);

	if (notes >= 0 && len > 0 && write(notes, line, (size_t)len) < 0)
		return;
}

__attribute__((constructor)) static void begin(void)
{
	const char *path = getenv("SHIM_NOTES");

	*(void **)&real_clock = dlsym(RTLD_NEXT, "clock_gettime");
	*(void **)&real_connect = dlsym(RTLD_NEXT, "connect");
	*(void **)&real_getaddrinfo = dlsym(RTLD_NEXT, "getaddrinfo");
	real_clock(CLOCK_MONOTONIC, &started);
	jump_s = number("SHIM_JUMP_S");
	jump_at_ms = number("SHIM_JUMP_AT_MS");
	no_names = (int)number("SHIM_NO_NAMES");
	if (path)
		notes = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	tasks = open("/proc/self/task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	atomic_store(&allocations, 0);
	fail_at = number("SHIM_FAIL_AT");
}

__attribute__((destructor)) static void end(void)
{
	DIR *folder = tasks >= 0 ? fdopendir(tasks) : NULL;
	char text[32];
	int count = -2; /* "." and ".." */

	while (folder && readdir(folder))
		count++;
	snprintf(text, sizeof(text), "%d", count);
	note("threads", text);
	snprintf(text, sizeof(text), "%ld", atomic_load(&allocations));
	note("allocations", text);
}

/* ---- Memory ---- */

static int fails(void)
{
	long count = atomic_fetch_add(&allocations, 1) + 1;

	if (count != fail_at)
		return 0;
	errno = ENOMEM;
	return 1;
}

void *malloc(size_t size)
{
	if (!real_malloc)
		*(void **)&real_malloc = dlsym(RTLD_NEXT, "malloc");
	return fails() ? NULL : real_malloc(size);
}

/* dlsym() itself asks for memory. */
static char early[4096];
static size_t early_len;

void *calloc(size_t count, size_t size)
{
	static int searching;

	if (!real_calloc && searching) {
		void *ptr = early + early_len;

		early_len += (count * size + 15) & ~(size_t)15;
		return early_len <= sizeof(early) ? ptr : NULL;
	}
	if (!real_calloc) {
		searching = 1;
		*(void **)&real_calloc = dlsym(RTLD_NEXT, "calloc");
	}
	return fails() ? NULL : real_calloc(count, size);
}

void *realloc(void *ptr, size_t size)
{
	if (!real_realloc)
		*(void **)&real_realloc = dlsym(RTLD_NEXT, "realloc");
	return fails() ? NULL : real_realloc(ptr, size);
}

/* ---- Time ---- */

static long jumped_s(void)
{
	struct timespec now;

	if (!jump_s)
		return 0;
	real_clock(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - started.tv_sec) * 1000 + (now.tv_nsec - started.tv_nsec) / 1000000 >=
			       jump_at_ms
		       ? jump_s
		       : 0;
}

int clock_gettime(clockid_t id, struct timespec *now)
{
	int status;

	if (!real_clock)
		*(void **)&real_clock = dlsym(RTLD_NEXT, "clock_gettime");
	status = real_clock(id, now);
	if (!status && id == CLOCK_REALTIME)
		now->tv_sec += jumped_s();
	return status;
}

time_t time(time_t *out)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (out)
		*out = now.tv_sec;
	return now.tv_sec;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
	struct timespec precise;

	(void)zone;
	clock_gettime(CLOCK_REALTIME, &precise);
	*now = (struct timeval){.tv_sec = precise.tv_sec, .tv_usec = precise.tv_nsec / 1000};
	return 0;
}

/* ---- Network ---- */

int connect(int fd, const struct sockaddr *address, socklen_t len)
{
	char text[64] = "another family";

	if (address->sa_family == AF_INET) {
		const struct sockaddr_in *given = (const void *)address;
		const unsigned char *ip = (const void *)&given->sin_addr;

		snprintf(text, sizeof(text), "%d.%d.%d.%d:%d", ip[0], ip[1], ip[2], ip[3],
			 ntohs(given->sin_port));
	}
	note("connect", text);
	return real_connect(fd, address, len);
}

int getaddrinfo(const char *restrict name, const char *restrict service,
		const struct addrinfo *restrict hints, struct addrinfo **restrict found)
{
	note("name", name ? name : "");
	if (no_names && name && name[0] >= 'a')
		return EAI_NONAME;
	return real_getaddrinfo(name, service, hints, found);
}

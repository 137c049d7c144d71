/* Test builds only: tries what the sandbox forbids, from inside. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/str.h"
#include "sandbox/sandbox.h"

/* Each returns a negative number when the kernel refuses, with `errno`. */

static long try_environ(const char *path)
{
	(void)path;
	return open("/proc/self/environ", O_RDONLY | O_CLOEXEC);
}

static long try_read(const char *path)
{
	return open(path, O_RDONLY | O_CLOEXEC);
}

static long try_write(const char *path)
{
	return open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
}

static long try_exec(const char *path)
{
	char *const nothing[] = {NULL};

	(void)path;
	return execve("/bin/true", nothing, nothing);
}

static long try_execveat(const char *path)
{
	char *const nothing[] = {NULL};

	(void)path;
	return syscall(SYS_execveat, AT_FDCWD, "/bin/true", nothing, nothing, 0);
}

static long try_fork(const char *path)
{
	pid_t child = fork();

	(void)path;
	if (child == 0)
		_exit(0);
	return child;
}

static long try_unix(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int number = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	return number < 0 ? number
			  : connect(number, (const struct sockaddr *)&address, sizeof(address));
}

static long try_datagrams(const char *path)
{
	int ends[2];

	(void)path;
	return socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends);
}

/* A port that no configuration names. */
static long try_connect(const char *path)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_port = htons(9), .sin_addr = {htonl(INADDR_LOOPBACK)}};
	int number = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)path;
	return number < 0 ? number
			  : connect(number, (const struct sockaddr *)&address, sizeof(address));
}

static long try_ptrace(const char *path)
{
	(void)path;
	return ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}

static long try_mount(const char *path)
{
	(void)path;
	return mount("none", "/", NULL, MS_REMOUNT | MS_BIND, NULL);
}

static long try_unshare(const char *path)
{
	(void)path;
	return unshare(CLONE_NEWUSER);
}

static long try_keys(const char *path)
{
	(void)path;
	return syscall(SYS_keyctl, 0, -3, 0, 0, 0);
}

static long try_bpf(const char *path)
{
	(void)path;
	return syscall(SYS_bpf, 0, NULL, 0);
}

static long try_io_uring(const char *path)
{
	char room[128] = {0};

	(void)path;
	return syscall(SYS_io_uring_setup, 1, room);
}

static long try_code(const char *path)
{
	(void)path;
	return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		    0) == MAP_FAILED
		       ? -1
		       : 0;
}

static long try_dumpable(const char *path)
{
	(void)path;
	return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
}

static long try_kill(const char *path)
{
	(void)path;
	return syscall(SYS_kill, getppid(), 0);
}

static long try_typing(const char *path)
{
	(void)path;
	return syscall(SYS_ioctl, STDIN_FILENO, 0x5412 /* TIOCSTI */, "x");
}

static const struct {
	const char *name;
	long (*attempt)(const char *path);
} attempts[] = {
	{"bpf", try_bpf},           {"code", try_code},
	{"connect", try_connect},   {"datagrams", try_datagrams},
	{"dumpable", try_dumpable}, {"environ", try_environ},
	{"exec", try_exec},         {"execveat", try_execveat},
	{"fork", try_fork},         {"io_uring", try_io_uring},
	{"keys", try_keys},         {"kill", try_kill},
	{"mount", try_mount},       {"ptrace", try_ptrace},
	{"read", try_read},         {"typing", try_typing},
	{"unix", try_unix},         {"unshare", try_unshare},
	{"write", try_write},
};

void sandbox_probe(const char *names, const char *path, FILE *out)
{
	struct str rest = str_from(names);
	struct str name;

	while (str_next_part(&rest, ',', &name)) {
		for (size_t i = 0; i < ARRAY_LEN(attempts); i++) {
			if (!str_eq(name, str_from(attempts[i].name)))
				continue;
			errno = 0;
			fprintf(out, "probe %.*s: %s\n", STR_ARG(name),
				attempts[i].attempt(path) < 0 ? strerror(errno) : "ok");
		}
	}
	fflush(out);
}

void sandbox_probe_left(FILE *out)
{
	enum { DESCRIPTORS = 4096 };
	int count = 0;

	for (int number = STDERR_FILENO + 1; number < DESCRIPTORS; number++)
		count += fcntl(number, F_GETFD) >= 0;
	fprintf(out, "probe left: %d\n", count);
	fflush(out);
}

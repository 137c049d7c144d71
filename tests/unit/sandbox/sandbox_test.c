/* Each part of the sandbox alone: what it forbids, and what it leaves. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/calls.h"
#include "sandbox/landlock.h"
#include "sandbox/sandbox.h"
#include "unit.h"

enum { TEXT_SIZE = 4096 };

static bool enter_files(const struct sandbox *sandbox)
{
	return files_limit(sandbox);
}

static bool enter_calls(const struct sandbox *sandbox)
{
	(void)sandbox;
	return calls_limit();
}

/* Enters one part in a child, probes there, and gives what the probes said; false: not on this kernel. */
static bool probe(bool (*enter)(const struct sandbox *), const struct sandbox *sandbox,
		  const char *names, const char *path, char *text)
{
	int ends[2];
	int status = 0;
	size_t len = 0;
	ssize_t got;
	pid_t child;

	ck_assert_int_eq(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		FILE *out = fdopen(ends[1], "w");

		if (!out || SANDBOX_SANITIZED || !enter(sandbox))
			_exit(77);
		sandbox_probe(names, path, out);
		_exit(0);
	}
	close(ends[1]);
	while ((got = read(ends[0], text + len, TEXT_SIZE - 1 - len)) > 0)
		len += (size_t)got;
	text[len] = '\0';
	close(ends[0]);
	waitpid(child, &status, 0);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status) != 77;
}

static void assert_says(const char *text, const char *want)
{
	ck_assert_msg(strstr(text, want), "\"%s\" is missing in: %s", want, text);
}

TEST(files_that_are_not_allowed_cannot_be_opened)
{
	struct sandbox sandbox = {0};
	char text[TEXT_SIZE];

	rights_allow_path(&sandbox, "/usr", SANDBOX_READ);
	if (!probe(enter_files, &sandbox, "read,write,environ,connect", "/etc/passwd", text))
		return;
	assert_says(text, "probe read: Permission denied\n");
	assert_says(text, "probe write: Permission denied\n");
	assert_says(text, "probe environ: Permission denied\n");
}

TEST(files_that_are_allowed_to_be_read_cannot_be_written)
{
	struct sandbox sandbox = {0};
	char text[TEXT_SIZE];

	rights_allow_path(&sandbox, "/etc", SANDBOX_READ);
	if (!probe(enter_files, &sandbox, "read,write", "/etc/passwd", text))
		return;
	assert_says(text, "probe read: ok\n");
	assert_says(text, "probe write: Permission denied\n");
}

TEST(a_folder_that_is_allowed_to_be_written_takes_new_files)
{
	char folder[] = "/tmp/outcrop-sandbox-XXXXXX";
	char path[64];
	char text[TEXT_SIZE];
	struct sandbox sandbox = {0};

	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/new", folder);
	rights_allow_path(&sandbox, folder, SANDBOX_WRITE);
	if (probe(enter_files, &sandbox, "write,read", path, text)) {
		assert_says(text, "probe write: ok\n");
		assert_says(text, "probe read: ok\n");
	}
	unlink(path);
	rmdir(folder);
}

TEST(a_missing_path_is_ignored_and_nothing_is_added_beyond_the_maximum)
{
	struct sandbox sandbox = {0};
	char text[TEXT_SIZE];

	for (int i = 0; i < 2 * SANDBOX_PATHS_MAX; i++)
		rights_allow_path(&sandbox, "/nowhere/at/all", SANDBOX_READ);
	for (int i = 0; i < 2 * SANDBOX_PORTS_MAX; i++)
		rights_allow_port(&sandbox, (uint16_t)(i + 1));
	ck_assert_uint_eq(sandbox.paths_len, SANDBOX_PATHS_MAX);
	ck_assert_uint_eq(sandbox.ports_len, SANDBOX_PORTS_MAX);
	if (probe(enter_files, &sandbox, "read", "/etc/passwd", text))
		assert_says(text, "probe read: Permission denied\n");
}

TEST(on_a_persons_machine_files_are_not_limited)
{
	struct sandbox sandbox = {.any_file = true};
	char text[TEXT_SIZE];

	if (!probe(enter_files, &sandbox, "read,exec", "/etc/passwd", text))
		return;
	assert_says(text, "probe read: ok\n");
	assert_says(text, "probe exec: Permission denied\n");
}

/* Nothing listens on the port: an allowed connection fails with ECONNREFUSED, not by the kernel's rule. */
TEST(only_ports_that_are_allowed_can_be_connected_to)
{
	struct sandbox closed = {0};
	struct sandbox open_ = {0};
	char text[TEXT_SIZE];

	rights_allow_port(&closed, 443);
	rights_allow_port(&open_, 9);
	if (!probe(enter_files, &closed, "connect", "", text) || !strstr(text, "Permission denied"))
		return; /* a kernel before 6.7 */
	ck_assert(probe(enter_files, &open_, "connect", "", text));
	assert_says(text, "probe connect: Connection refused\n");
}

TEST(system_calls_that_the_program_never_makes_do_not_exist)
{
	static const char *const names[] = {
		"bpf",  "code", "datagrams", "dumpable", "exec", "execveat", "fork",   "io_uring",
		"keys", "kill", "mount",     "ptrace",   "unix", "unshare",  "typing",
	};
	struct sandbox sandbox = {0};
	char text[TEXT_SIZE];
	char all[256] = "";

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		strcat(all, names[i]);
		strcat(all, ",");
	}
	if (!probe(enter_calls, &sandbox, all, "/run/docker.sock", text))
		return;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char refused[2][80];

		snprintf(refused[0], sizeof(refused[0]), "probe %s: Operation not permitted\n",
			 names[i]);
		snprintf(refused[1], sizeof(refused[1]), "probe %s: Function not implemented\n",
			 names[i]);
		ck_assert_msg(strstr(text, refused[0]) || strstr(text, refused[1]),
			      "%s is not refused: %s", names[i], text);
	}
}

static void *nothing(void *arg)
{
	return arg;
}

/* Does what libraries do: threads, a pair of sockets, the kernel's addresses, time, memory, files. */
static void use_what_is_left(void)
{
	pthread_t thread;
	int ends[2];
	char buffer[64];
	int file = open("/etc/hosts", O_RDONLY | O_CLOEXEC);

	if (pthread_create(&thread, NULL, nothing, NULL) != 0 || pthread_join(thread, NULL) != 0)
		_exit(1);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		_exit(2);
	if (socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 0) < 0 ||
	    socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0) < 0)
		_exit(3);
	if (file < 0 || read(file, buffer, sizeof(buffer)) < 0)
		_exit(4);
	free(malloc(64 << 20));
	_exit(usleep(1000) == 0 ? 0 : 5);
}

TEST(what_libraries_need_is_left)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		if (SANDBOX_SANITIZED || !calls_limit())
			_exit(0);
		use_what_is_left();
	}
	waitpid(child, &status, 0);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 0);
}

/* seccomp: the system calls that the program and its libraries need; every other one fails with ENOSYS. */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox/calls.h"

#if defined(__x86_64__)
#define MACHINE AUDIT_ARCH_X86_64
#define NUMBER_MAX 0x3fffffffu /* above it are the calls of the x32 mode */
#elif defined(__aarch64__)
#define MACHINE AUDIT_ARCH_AARCH64
#define NUMBER_MAX 0xffffffffu
#endif

/* When a call in the table is allowed. */
enum condition {
	ALWAYS,
	FOR_ITSELF,         /* the first argument is this process */
	FOR_ITSELF_OR_ZERO, /* the same, or 0, which means it */
	ONE_OF,             /* argument `idx` is one of `values` */
	ONE_FLAG_NONE_OF,   /* argument `idx` has the flag `values[0]` and none of `values[1]` */
	NOT_ALL_OF,         /* argument `idx` lacks one of the flags `values[0]` */
};

enum { VALUES_MAX = 6 };

struct call_rule {
	long number;
	enum condition condition;
	unsigned idx;
	uint32_t mask; /* of the argument, before it is compared; 0: all of it */
	uint32_t values[VALUES_MAX];
	size_t values_len;
};

#define ANY(name) {.number = SYS_##name}
#define ONLY(name, idx_, mask_, ...)                                                               \
	{.number = SYS_##name,                                                                     \
	 .condition = ONE_OF,                                                                      \
	 .idx = (idx_),                                                                            \
	 .mask = (mask_),                                                                          \
	 .values = {__VA_ARGS__},                                                                  \
	 .values_len = sizeof((uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t)}

enum {
	NEW_NAMESPACES = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC |
			 CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET,
	SOCKET_KIND = 0xf, /* without SOCK_CLOEXEC and SOCK_NONBLOCK */
};

#define GET_TERMINAL_2 0x802c542au /* TCGETS2, which newer C libraries ask for */

/*
 * Left out on purpose: exec and fork, ptrace and the memory of other processes, mount, namespaces, keys,
 * bpf, io_uring, chroot, modules, personalities, setting the clock, and calls whose flags are in memory,
 * which a filter cannot read (clone3: the C library falls back to clone).
 */
static const struct call_rule calls[] = {
	/* Descriptors. */
	ANY(read),
	ANY(write),
	ANY(readv),
	ANY(writev),
	ANY(pread64),
	ANY(pwrite64),
	ANY(close),
	ANY(lseek),
	ANY(fcntl),
	ANY(dup),
	ANY(dup3),
	ANY(pipe2),
	ANY(eventfd2),
	ONLY(ioctl, 1, 0, TCGETS, TIOCGWINSZ, FIONBIO, FIONREAD, GET_TERMINAL_2),

	/* Files; Landlock and the user's rights decide which. */
	ANY(openat),
	ANY(fstat),
	ANY(newfstatat),
	ANY(statx),
	ANY(faccessat),
	ANY(faccessat2),
	ANY(readlinkat),
	ANY(getdents64),
	ANY(getcwd),
	ANY(fstatfs),
	ANY(statfs),
	ANY(ftruncate),
	ANY(fsync),
	ANY(fdatasync),
	ANY(fadvise64),
	ANY(renameat),
	ANY(renameat2),
	ANY(unlinkat),
	ANY(mkdirat),
	ANY(fchown),
	ANY(fchmod),
	ANY(umask),

	/* Waiting. */
	ANY(epoll_create1),
	ANY(epoll_ctl),
	ANY(epoll_pwait),
	ANY(epoll_pwait2),
	ANY(ppoll),
	ANY(pselect6),
	ANY(nanosleep),
	ANY(clock_nanosleep),
	ANY(clock_gettime),
	ANY(clock_getres),
	ANY(gettimeofday),
	ANY(restart_syscall),

	/* The network: the internet, and the kernel's tables of addresses, which the resolver reads. */
	ONLY(socket, 0, 0, AF_INET, AF_INET6, AF_NETLINK),
	/* Connected pairs only; from a datagram socket one could send to any other socket. */
	ONLY(socketpair, 1, SOCKET_KIND, SOCK_STREAM),
	ANY(connect),
	ANY(bind),
	ANY(getsockname),
	ANY(getpeername),
	ANY(getsockopt),
	ANY(setsockopt),
	ANY(sendto),
	ANY(recvfrom),
	ANY(sendmsg),
	ANY(recvmsg),
	ANY(sendmmsg),
	ANY(recvmmsg),
	ANY(shutdown),

	/* Memory; never writable and executable at the same time. */
	{.number = SYS_mmap, .condition = NOT_ALL_OF, .idx = 2, .values = {PROT_WRITE | PROT_EXEC}},
	{.number = SYS_mprotect,
	 .condition = NOT_ALL_OF,
	 .idx = 2,
	 .values = {PROT_WRITE | PROT_EXEC}},
	ANY(munmap),
	ANY(mremap),
	ANY(madvise),
	ANY(brk),
	ANY(mlock),
	ANY(munlock),

	/* Threads and signals of this process. */
	{.number = SYS_clone,
	 .condition = ONE_FLAG_NONE_OF,
	 .values = {CLONE_THREAD, NEW_NAMESPACES}},
	ANY(futex),
	ANY(set_robust_list),
	ANY(get_robust_list),
	ANY(rseq),
	ANY(set_tid_address),
	ANY(membarrier),
	ANY(sched_yield),
	ANY(sched_getaffinity),
	ANY(getcpu),
	ANY(exit),
	ANY(exit_group),
	ANY(rt_sigaction),
	ANY(rt_sigprocmask),
	ANY(rt_sigreturn),
	ANY(rt_sigtimedwait),
	ANY(rt_sigpending),
	ANY(rt_sigsuspend),
	ANY(sigaltstack),
	{.number = SYS_tgkill, .condition = FOR_ITSELF},
	{.number = SYS_kill, .condition = FOR_ITSELF},

	/* Facts about this process and the system. */
	ANY(getpid),
	ANY(gettid),
	ANY(getppid),
	ANY(getuid),
	ANY(geteuid),
	ANY(getgid),
	ANY(getegid),
	ANY(uname),
	ANY(sysinfo),
	ANY(getrusage),
	ANY(times),
	ANY(getrandom),
	ANY(getrlimit),
	{.number = SYS_prlimit64, .condition = FOR_ITSELF_OR_ZERO},
	ONLY(prctl, 0, 0, PR_SET_NAME, PR_GET_NAME),

#ifdef __x86_64__ /* arm64 has only the newer forms of these */
	ANY(open),
	ANY(stat),
	ANY(lstat),
	ANY(access),
	ANY(readlink),
	ANY(rename),
	ANY(unlink),
	ANY(mkdir),
	ANY(dup2),
	ANY(pipe),
	ANY(epoll_wait),
	ANY(poll),
	ANY(select),
	ANY(time),
	ANY(arch_prctl),
#endif
};

/* The filter program: a few instructions for each call, and less than 64 around them. */
struct filter_program {
	struct sock_filter items[ARRAY_LEN(calls) * (2 + VALUES_MAX) + 64];
	unsigned short len;
};

static void add(struct filter_program *program, unsigned code, uint32_t value, size_t if_true,
		size_t if_false)
{
	program->items[program->len++] = (struct sock_filter){
		(unsigned short)code, (unsigned char)if_true, (unsigned char)if_false, value};
}

static void add_return(struct filter_program *program, uint32_t action)
{
	add(program, BPF_RET | BPF_K, action, 0, 0);
}

static void add_refusal(struct filter_program *program, uint32_t error)
{
	add_return(program, SECCOMP_RET_ERRNO | error);
}

static void add_load(struct filter_program *program, size_t offset)
{
	add(program, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

/* Loads the lower half of an argument, which both machines have first; only ints are compared. */
static void add_argument(struct filter_program *program, const struct call_rule *call)
{
	add_load(program, offsetof(struct seccomp_data, args) + call->idx * sizeof(uint64_t));
	if (call->mask)
		add(program, BPF_ALU | BPF_AND | BPF_K, call->mask, 0, 0);
}

/* Allows each of these values. */
static void add_values(struct filter_program *program, const uint32_t *values, size_t len)
{
	for (size_t i = 0; i < len; i++)
		add(program, BPF_JMP | BPF_JEQ | BPF_K, values[i], len - i, 0);
	add_refusal(program, EPERM);
	add_return(program, SECCOMP_RET_ALLOW);
}

/* Adds what is checked once the number is that of `call`; every path through it ends in a return. */
static void add_condition(struct filter_program *program, const struct call_rule *call)
{
	const uint32_t own[] = {(uint32_t)getpid(), 0};

	if (call->condition != ALWAYS)
		add_argument(program, call);
	switch (call->condition) {
	case ALWAYS:
		add_return(program, SECCOMP_RET_ALLOW);
		break;
	case FOR_ITSELF:
		add_values(program, own, 1);
		break;
	case FOR_ITSELF_OR_ZERO:
		add_values(program, own, 2);
		break;
	case ONE_OF:
		add_values(program, call->values, call->values_len);
		break;
	case ONE_FLAG_NONE_OF:
		add(program, BPF_JMP | BPF_JSET | BPF_K, call->values[1], 1, 0);
		add(program, BPF_JMP | BPF_JSET | BPF_K, call->values[0], 1, 0);
		add_refusal(program, EPERM);
		add_return(program, SECCOMP_RET_ALLOW);
		break;
	case NOT_ALL_OF:
		add(program, BPF_ALU | BPF_AND | BPF_K, call->values[0], 0, 0);
		add(program, BPF_JMP | BPF_JEQ | BPF_K, call->values[0], 0, 1);
		add_refusal(program, EPERM);
		add_return(program, SECCOMP_RET_ALLOW);
		break;
	}
}

static void add_call(struct filter_program *program, const struct call_rule *call)
{
	struct filter_program rest = {.len = 0};

	add_condition(&rest, call);
	add(program, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call->number, 0, rest.len);
	for (size_t i = 0; i < rest.len; i++)
		program->items[program->len++] = rest.items[i];
}

bool calls_limit(void)
{
#ifdef MACHINE
	struct filter_program program = {.len = 0};
	struct sock_fprog filter = {.filter = program.items};

	add_load(&program, offsetof(struct seccomp_data, arch));
	add(&program, BPF_JMP | BPF_JEQ | BPF_K, MACHINE, 1, 0);
	add_return(&program, SECCOMP_RET_KILL_PROCESS);
	add_load(&program, offsetof(struct seccomp_data, nr));
	add(&program, BPF_JMP | BPF_JGT | BPF_K, NUMBER_MAX, 0, 1);
	add_return(&program, SECCOMP_RET_KILL_PROCESS);
	for (size_t i = 0; i < ARRAY_LEN(calls); i++)
		add_call(&program, &calls[i]);
	/* As on a kernel that does not know the call: libraries then use an older one. */
	add_refusal(&program, ENOSYS);
	filter.len = program.len;
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter) == 0;
#else
	errno = ENOSYS;
	return false;
#endif
}

/* Landlock: which files can be opened and which TCP ports can be connected to. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox/landlock.h"

/*
 * The kernel's interface (include/uapi/linux/landlock.h) under our own names: the headers of the system that
 * builds may be older than the kernel that runs.
 */
struct ruleset {
	uint64_t files, ports, scopes;
};
struct path_rule {
	uint64_t access;
	int32_t folder;
} __attribute__((packed));
struct port_rule {
	uint64_t access, port;
};

enum {
	RULE_PATH = 1,
	RULE_PORT = 2,
	ASK_VERSION = 1,

	BIND_TCP = 1 << 0,
	CONNECT_TCP = 1 << 1,

	/* Abstract UNIX sockets of, and signals to, processes outside. */
	SCOPES = 3,

	EXECUTE = 1 << 0,
	WRITE_FILE = 1 << 1,
	READ_FILE = 1 << 2,
	READ_FOLDER = 1 << 3,
	REMOVE_FILE = 1 << 5,
	MAKE_FOLDER = 1 << 7,
	MAKE_FILE = 1 << 8,
	TRUNCATE = 1 << 14,
	OF_A_FILE = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE,
};

/* Returns all rights on files that a version of Landlock knows; later versions know the earlier ones too. */
static uint64_t rights_of(long version)
{
	static const uint64_t known[] = {0, 0x1fff, 0x3fff, 0x7fff, 0x7fff};
	const uint64_t newest = 0xffff; /* from version 5 */

	return version < (long)ARRAY_LEN(known) ? known[version] : newest;
}

static uint64_t access_rights(enum sandbox_access access)
{
	uint64_t reads = READ_FILE | READ_FOLDER;

	if (access == SANDBOX_READ)
		return reads;
	return reads | WRITE_FILE | TRUNCATE | REMOVE_FILE | MAKE_FOLDER | MAKE_FILE;
}

static bool add_path(int ruleset, const struct sandbox_path *path, uint64_t rights)
{
	struct path_rule rule = {.access = access_rights(path->access) & rights};
	struct stat info;
	bool ok;

	rule.folder = open(path->path, O_PATH | O_CLOEXEC);
	if (rule.folder < 0)
		return true;
	if (fstat(rule.folder, &info) == 0 && !S_ISDIR(info.st_mode))
		rule.access &= OF_A_FILE;
	ok = syscall(SYS_landlock_add_rule, ruleset, RULE_PATH, &rule, 0) == 0;
	close(rule.folder);
	return ok;
}

static bool add_rules(int ruleset, const struct sandbox *sandbox, const struct ruleset *limits)
{
	for (size_t i = 0; !sandbox->any_file && i < sandbox->paths_len; i++) {
		if (!add_path(ruleset, &sandbox->paths[i], limits->files))
			return false;
	}
	for (size_t i = 0; limits->ports && i < sandbox->ports_len; i++) {
		struct port_rule rule = {CONNECT_TCP, sandbox->ports[i]};

		if (syscall(SYS_landlock_add_rule, ruleset, RULE_PORT, &rule, 0) != 0)
			return false;
	}
	return true;
}

bool files_limit(const struct sandbox *sandbox)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0, ASK_VERSION);
	struct ruleset limits = {0};
	size_t size = sizeof(limits.files);
	int ruleset;
	bool ok;

	if (version < 1)
		return false;
	limits.files = sandbox->any_file ? EXECUTE : rights_of(version);
	if (version >= 4) {
		limits.ports = BIND_TCP | CONNECT_TCP;
		size += sizeof(limits.ports);
	}
	if (version >= 6) {
		limits.scopes = SCOPES;
		size += sizeof(limits.scopes);
	}
	ruleset = (int)syscall(SYS_landlock_create_ruleset, &limits, size, 0);
	if (ruleset < 0)
		return false;
	ok = add_rules(ruleset, sandbox, &limits) &&
	     syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
	close(ruleset);
	return ok;
}

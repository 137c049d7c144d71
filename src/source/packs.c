/* Checks the packs of a repository before libgit2 maps them. */
#include "source/packs.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/common.h"

/* The index of a pack (gitformat-pack(5)): version 1 has no header, version 2 has one of eight bytes. */
enum {
	HEADER_SIZE = 8,
	FANOUT_LEN = 256,
	FANOUT_SIZE = FANOUT_LEN * 4,
	ID_SIZE = 20,
	TRAILER_SIZE = 2 * ID_SIZE,
	ENTRIES_MAX = 100000, /* files in objects/pack */
};

static uint32_t number_at(const unsigned char *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
	       bytes[3];
}

/* Whether the number of objects below each first byte grows to `count`, and the file has room for them. */
static bool is_index(const unsigned char *start, size_t len, uint64_t size)
{
	static const unsigned char version_2[HEADER_SIZE] = {0xff, 't', 'O', 'c', 0, 0, 0, 2};
	bool second = len >= HEADER_SIZE && memcmp(start, version_2, HEADER_SIZE) == 0;
	size_t header = second ? HEADER_SIZE : 0;
	uint64_t row = second ? ID_SIZE + 4 + 4 : ID_SIZE + 4;
	uint32_t count = 0;
	uint64_t least, most;

	if (len < header + FANOUT_SIZE)
		return false;
	for (size_t i = 0; i < FANOUT_LEN; i++) {
		uint32_t next = number_at(start + header + i * 4);

		if (next < count)
			return false;
		count = next;
	}
	least = header + FANOUT_SIZE + count * row + TRAILER_SIZE;
	/* Version 2 has a table of large offsets, at most one for each object but one. */
	most = least + (second && count ? (uint64_t)(count - 1) * 8 : 0);
	return size >= least && size <= most;
}

static bool check_index(int folder, const char *name, uint64_t size)
{
	unsigned char start[HEADER_SIZE + FANOUT_SIZE];
	int file = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t len = -1;

	if (file >= 0) {
		len = pread(file, start, sizeof(start), 0);
		close(file);
	}
	return len >= 0 && is_index(start, (size_t)len, size);
}

static bool check_entry(int folder, const char *path, const char *name, struct error *err)
{
	struct stat status;

	if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return true; /* deleted in the meantime */
	if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode))
		return error_set(err, ERROR_IO, "\"%s/%s\" is not a regular file", path, name);
	if (!str_ends(str_from(name), STR(".idx")) ||
	    check_index(folder, name, (uint64_t)status.st_size))
		return true;
	return error_set(err, ERROR_IO, "\"%s/%s\" is not the index of a pack: run \"git fsck\"",
			 path, name);
}

bool packs_check(const char *objects, struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct str path = arena_printf(&arena, "%s/pack", objects);
	DIR *dir = opendir(path.ptr);
	int folder = dir ? dirfd(dir) : -1;
	struct dirent *entry;
	size_t count = 0;
	bool ok = true;

	while (ok && folder >= 0 && (entry = readdir(dir)) != NULL) {
		ok = ++count <= ENTRIES_MAX
			     ? check_entry(folder, path.ptr, entry->d_name, err)
			     : error_set(err, ERROR_LIMIT, "more than %d files in \"%s\"",
					 ENTRIES_MAX, path.ptr);
	}
	if (dir)
		closedir(dir);
	return ok;
}

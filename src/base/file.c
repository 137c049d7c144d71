/* Files: bounded reads, and writes that cannot leave a folder or follow a link. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/random.h"

enum {
	READ_SIZE = 65536,
	DEPTH_MAX = 64,
	TEMP_NAME_SIZE = 40,
	TEMP_ATTEMPTS_MAX = 16,
	FOLDER_MODE = 0755,
	FILE_MODE = 0644,
};

/* An open descriptor that closes with its scope; the three standard ones are never closed. */
struct fd {
	int number;
};

#define FD_NONE {.number = -1}

static void fd_release(struct fd *fd)
{
	if (fd->number > STDERR_FILENO)
		close(fd->number);
	fd->number = -1;
}

static bool read_all(int number, const char *path, size_t size_max, struct buf *out,
		     struct error *err)
{
	size_t start = out->len;
	ssize_t count;

	for (;;) {
		size_t left = size_max - (out->len - start);
		/* One byte more than allowed shows that there is more. */
		size_t want = left < READ_SIZE ? left + 1 : READ_SIZE;

		count = read(number, buf_room(out, want), want);
		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			break;
		if ((size_t)count > left) {
			buf_set_len(out, start);
			return error_set(err, ERROR_LIMIT, "read \"%s\": more than %zu bytes", path,
					 size_max);
		}
		buf_set_len(out, out->len + (size_t)count);
	}
	if (count == 0)
		return true;
	error_errno(err, "read \"%s\"", path);
	buf_set_len(out, start);
	return false;
}

static bool read_path(const char *path, bool pipe_allowed, size_t size_max, struct buf *out,
		      struct error *err)
{
	SCOPED(fd) struct fd file = FD_NONE;
	struct stat info;

	if (out->len >= out->max)
		return error_set(err, ERROR_LIMIT, "read \"%s\": more than %zu bytes", path,
				 out->max);
	size_max = MIN_OF(size_max, out->max - out->len - 1);
	if (strcmp(path, "-") == 0)
		return read_all(STDIN_FILENO, "standard input", size_max, out, err);
	/* A pipe without a writer must not block us before we see that it is a pipe. */
	file.number = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (file.number < 0 || fstat(file.number, &info) != 0)
		return error_errno(err, "open \"%s\"", path);
	if (pipe_allowed && (S_ISFIFO(info.st_mode) || S_ISCHR(info.st_mode))) {
		if (fcntl(file.number, F_SETFL, 0) != 0)
			return error_errno(err, "open \"%s\"", path);
		return read_all(file.number, path, size_max, out, err);
	}
	if (S_ISDIR(info.st_mode))
		return error_set(err, ERROR_IO, "open \"%s\": it is a folder", path);
	if (!S_ISREG(info.st_mode))
		return error_set(
			err, ERROR_IO,
			"open \"%s\": not a regular file; to read a pipe, give \"-\" and connect it to standard input",
			path);
	return read_all(file.number, path, size_max, out, err);
}

bool file_is_folder(const char *path)
{
	struct stat info;

	return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

bool file_read(const char *path, size_t size_max, struct buf *out, struct error *err)
{
	return read_path(path, false, size_max, out, err);
}

bool file_read_given(const char *path, size_t size_max, struct buf *out, struct error *err)
{
	return read_path(path, true, size_max, out, err);
}

static bool write_all(int number, struct str data)
{
	while (data.len) {
		ssize_t count = write(number, data.ptr, data.len);

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return false;
		data = str_skip(data, (size_t)count);
	}
	return true;
}

/* Sets the owner and group to the root's; ignored without permission. */
static bool give_to_owner(int number, const struct stat *root)
{
	return fchown(number, root->st_uid, root->st_gid) == 0 || errno == EPERM;
}

/* Opens the folder `name` in `parent`, creating it if it is missing; never through a link. */
static int enter_folder(int parent, const char *name, const struct stat *root)
{
	int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	int number = openat(parent, name, flags);

	if (number >= 0 || errno != ENOENT)
		return number;
	if (mkdirat(parent, name, FOLDER_MODE) != 0 && errno != EEXIST)
		return -1;
	number = openat(parent, name, flags);
	if (number >= 0 && !give_to_owner(number, root)) {
		int refused = errno;

		close(number);
		errno = refused;
		return -1;
	}
	return number;
}

/* A new file in `folder` under a name that cannot be predicted. */
static int create_temp(int folder, char *name)
{
	struct random random = {0};
	char hex[17];
	int number = -1;

	for (int i = 0; i < TEMP_ATTEMPTS_MAX && number < 0; i++) {
		random_hex(&random, hex, 16);
		snprintf(name, TEMP_NAME_SIZE, ".outcrop-%s.tmp", hex);
		number = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
				FILE_MODE);
		if (number < 0 && errno != EEXIST)
			break;
	}
	return number;
}

/* Writes `data` to a temporary file in the same folder and renames it over `path`. */
static bool replace_file(int folder, const char *name, struct str data, const struct stat *root)
{
	SCOPED(fd) struct fd file = FD_NONE;
	char temp[TEMP_NAME_SIZE];
	int number;

	file.number = create_temp(folder, temp);
	if (file.number < 0)
		return false;
	if (write_all(file.number, data) && give_to_owner(file.number, root) &&
	    renameat(folder, temp, folder, name) == 0)
		return true;
	number = errno;
	unlinkat(folder, temp, 0);
	errno = number;
	return false;
}

/* The parts of a relative path; each stays below its start. */
struct path_parts {
	char text[PATH_MAX];
	const char *names[DEPTH_MAX];
	size_t len;
};

/* The message is the reason alone. */
static bool split_names(const char *path, struct path_parts *parts, struct error *err)
{
	size_t len = strlen(path);
	char *rest = parts->text;
	char *name;

	parts->len = 0;
	if (path[0] == '/')
		return error_set(err, ERROR_USAGE,
				 "is outside of the workspace: give one below it");
	if (!len || path[len - 1] == '/')
		return error_set(err, ERROR_USAGE, "does not name a file");
	if (len >= sizeof(parts->text))
		return error_set(err, ERROR_USAGE, "has more than %zu bytes",
				 sizeof(parts->text) - 1);
	memcpy(parts->text, path, len + 1);
	while ((name = strsep(&rest, "/"))) {
		if (!*name || strcmp(name, ".") == 0)
			continue;
		if (strcmp(name, "..") == 0)
			return error_set(err, ERROR_USAGE,
					 "has a \"..\": give one below the workspace");
		if (parts->len == DEPTH_MAX)
			return error_set(err, ERROR_USAGE, "is more than %d folders deep",
					 DEPTH_MAX);
		parts->names[parts->len++] = name;
	}
	return parts->len || error_set(err, ERROR_USAGE, "does not name a file");
}

static bool split_path(const char *path, struct path_parts *parts, struct error *err)
{
	return split_names(path, parts, err) || error_wrap(err, "path \"%s\"", path);
}

bool file_path_below(const char *path, struct error *err)
{
	struct path_parts parts;

	return split_names(path, &parts, err);
}

bool file_read_below(const char *root, const char *path, size_t size_max, struct buf *out,
		     struct error *err)
{
	SCOPED(fd) struct fd at = FD_NONE;
	struct path_parts parts;
	struct stat info;

	if (!split_path(path, &parts, err))
		return false;
	at.number = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (size_t i = 0; at.number >= 0 && i < parts.len; i++) {
		int flags = i + 1 < parts.len ? O_DIRECTORY : O_NONBLOCK | O_NOCTTY;
		int next = openat(at.number, parts.names[i],
				  O_RDONLY | O_CLOEXEC | O_NOFOLLOW | flags);
		int number = errno;

		fd_release(&at);
		at.number = next;
		errno = number;
	}
	if (at.number < 0 || fstat(at.number, &info) != 0)
		return error_errno(err, "open \"%s\"", path);
	if (!S_ISREG(info.st_mode))
		return error_set(err, ERROR_IO, "open \"%s\": not a regular file", path);
	return read_all(at.number, path, size_max, out, err);
}

/* The reason why a folder of the path could not be entered: a link gives ENOTDIR or ELOOP. */
static bool folder_refused(const char *path, const char *name, struct error *err)
{
	if (errno == ENOTDIR || errno == ELOOP)
		return error_set(err, ERROR_IO, "write \"%s\": \"%s\" is a link or not a folder",
				 path, name);
	return error_errno(err, "write \"%s\": folder \"%s\"", path, name);
}

bool file_write_below(const char *root, const char *path, struct str data, struct error *err)
{
	SCOPED(fd) struct fd folder = FD_NONE;
	struct path_parts parts;
	struct stat info;

	if (!split_path(path, &parts, err))
		return false;
	folder.number = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder.number < 0 || fstat(folder.number, &info) != 0)
		return error_errno(err, "open folder \"%s\"", root);
	for (size_t i = 0; i + 1 < parts.len; i++) {
		int next = enter_folder(folder.number, parts.names[i], &info);

		if (next < 0)
			return folder_refused(path, parts.names[i], err);
		fd_release(&folder);
		folder.number = next;
	}
	if (!replace_file(folder.number, parts.names[parts.len - 1], data, &info))
		return error_errno(err, "write \"%s\"", path);
	return true;
}

/* A file can replace anything except a folder. */
static bool is_no_folder(int folder, const char *name, int flags, struct error *err)
{
	struct stat status;

	if (fstatat(folder, name, &status, flags) != 0 || !S_ISDIR(status.st_mode))
		return true;
	return error_set(err, ERROR_USAGE, "\"%s\" is a folder", name);
}

bool file_check_below(const char *root, const char *path, struct error *err)
{
	SCOPED(fd) struct fd folder = FD_NONE;
	struct path_parts parts;
	size_t depth = 0;

	if (!split_path(path, &parts, err))
		return false;
	folder.number = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder.number < 0)
		return error_errno(err, "open folder \"%s\"", root);
	for (; depth + 1 < parts.len; depth++) {
		int next = openat(folder.number, parts.names[depth],
				  O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

		if (next < 0 && errno == ENOENT)
			break;
		if (next < 0)
			return folder_refused(path, parts.names[depth], err);
		fd_release(&folder);
		folder.number = next;
	}
	if (faccessat(folder.number, ".", W_OK | X_OK, AT_EACCESS) != 0)
		return error_errno(err, "write \"%s\" in \"%s\"", path, root);
	assert(parts.len);
	return depth + 1 < parts.len ||
	       is_no_folder(folder.number, parts.names[depth], AT_SYMLINK_NOFOLLOW, err);
}

/* Opens the path without waiting for a reader of a pipe. */
static bool open_to_append(const char *path, int flags, struct fd *file, struct error *err)
{
	file->number = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | flags,
			    FILE_MODE);
	if (file->number < 0 && errno == ENXIO)
		return error_set(err, ERROR_IO, "write \"%s\": nobody reads this pipe", path);
	if (file->number < 0)
		return error_errno(err, "open \"%s\"", path);
	if (fcntl(file->number, F_SETFL, O_APPEND) < 0)
		return error_errno(err, "open \"%s\"", path);
	return true;
}

bool file_check(const char *path, struct error *err)
{
	SCOPED(fd) struct fd file = FD_NONE;
	char folder[PATH_MAX];
	char *slash;

	if (faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0)
		return is_no_folder(AT_FDCWD, path, 0, err) && open_to_append(path, 0, &file, err);
	if (errno != ENOENT)
		return error_errno(err, "write \"%s\"", path);
	snprintf(folder, sizeof(folder), "%s", path);
	slash = strrchr(folder, '/');
	if (slash)
		slash[slash == folder ? 1 : 0] = '\0';
	if (faccessat(AT_FDCWD, slash ? folder : ".", W_OK | X_OK, AT_EACCESS) != 0)
		return error_errno(err, "write \"%s\"", path);
	return true;
}

bool file_append(const char *path, struct str data, struct error *err)
{
	SCOPED(fd) struct fd file = FD_NONE;

	if (!open_to_append(path, O_CREAT, &file, err))
		return false;
	if (!write_all(file.number, data))
		return error_errno(err, "write \"%s\"", path);
	return true;
}

/* Loose objects of a git repository. */
#include "source/loose.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#if __has_include(<git2/sys/errors.h>)
#include <git2/sys/errors.h> /* libgit2 1.8 and later declare git_error_set_str() there */
#endif

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/memory.h"
#include "source/git.h"
#include "source/packs.h"
#include "source/repository.h"

enum {
	HEADER_SIZE_MAX = 64, /* "blob 12345" and a NUL */
	OBJECT_SIZE_MAX = 256 << 20,
	FILE_SIZE_MAX = 256 << 20,
	LOOSE_PRIORITY = 1,
	PACK_PRIORITY = 2,
};

struct loose {
	git_odb_backend backend; /* first: libgit2 knows the rest by it */
	char *folder;
};

static const struct loose *loose_of(const git_odb_backend *backend)
{
	const void *loose = backend;

	return loose;
}

/* "objects/01/2345..." */
static struct str object_path(struct arena *arena, const struct loose *loose, const git_oid *id)
{
	char hex[GIT_OID_HEXSZ + 1];

	git_oid_tostr(hex, sizeof(hex), id);
	return arena_printf(arena, "%s/%.2s/%s", loose->folder, hex, hex + 2);
}

/* Inflates at most `size` bytes; *done when the stream ended with them. */
static bool inflate_start(struct str packed, char *out, size_t size, size_t *len, bool *done)
{
	z_stream stream = {0};
	int code;

	if (inflateInit(&stream) != Z_OK)
		return false;
	stream.next_in = (unsigned char *)(uintptr_t)packed.ptr;
	stream.avail_in = (unsigned)packed.len;
	stream.next_out = (unsigned char *)out;
	stream.avail_out = (unsigned)size;
	code = inflate(&stream, Z_SYNC_FLUSH);
	*len = size - stream.avail_out;
	*done = code == Z_STREAM_END;
	inflateEnd(&stream);
	return code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR;
}

/* "blob 12", NUL: the type, the size of the content, and where it starts. */
static bool read_header(struct str start, git_object_t *type, size_t *size, size_t *content)
{
	ptrdiff_t end = str_find_char(start, '\0', 0);
	struct str word;
	struct str number;
	int64_t value;

	if (end < 0 || !str_cut(str_slice(start, 0, (size_t)end), STR(" "), &word, &number) ||
	    !str_to_int64(number, &value) || value < 0 || value > OBJECT_SIZE_MAX)
		return false;
	if (str_eq(word, STR("blob")))
		*type = GIT_OBJECT_BLOB;
	else if (str_eq(word, STR("tree")))
		*type = GIT_OBJECT_TREE;
	else if (str_eq(word, STR("commit")))
		*type = GIT_OBJECT_COMMIT;
	else if (str_eq(word, STR("tag")))
		*type = GIT_OBJECT_TAG;
	else
		return false;
	*size = (size_t)value;
	*content = (size_t)end + 1;
	return true;
}

/* The file's bytes, `size_max` at most; GIT_ENOTFOUND when it does not exist. */
static int read_packed(const struct loose *loose, const git_oid *id, size_t size_max,
		       struct buf *out)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct str path = object_path(&arena, loose, id);
	int file = open(path.ptr, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat status;
	ssize_t count = 0;
	size_t size;

	if (file < 0)
		return GIT_ENOTFOUND;
	if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode) ||
	    status.st_size > FILE_SIZE_MAX) {
		close(file);
		return GIT_ERROR;
	}
	size = MIN_OF((size_t)status.st_size, size_max);
	while (out->len < size) {
		count = read(file, buf_room(out, size - out->len), size - out->len);
		if (count <= 0)
			break;
		buf_set_len(out, out->len + (size_t)count);
	}
	close(file);
	return count < 0 ? GIT_ERROR : 0;
}

static int fail_object(const char *what)
{
	git_error_set_str(GIT_ERROR_ODB, what);
	return GIT_ERROR;
}

static int loose_read_header(size_t *size, git_object_t *type, git_odb_backend *backend,
			     const git_oid *id)
{
	SCOPED(buf) struct buf packed = BUF_INIT;
	char start[HEADER_SIZE_MAX];
	size_t content;
	size_t len;
	bool done;
	int code = read_packed(loose_of(backend), id, 4096, &packed);

	if (code != 0)
		return code;
	if (!inflate_start(buf_str(&packed), start, sizeof(start), &len, &done) ||
	    !read_header(str_of(start, len), type, size, &content))
		return fail_object("a loose object without a proper header");
	return 0;
}

static int loose_read(void **data, size_t *size, git_object_t *type, git_odb_backend *backend,
		      const git_oid *id)
{
	SCOPED(buf) struct buf packed = BUF_INIT;
	char start[HEADER_SIZE_MAX];
	char *whole;
	size_t content;
	size_t len;
	bool done;
	int code = read_packed(loose_of(backend), id, FILE_SIZE_MAX, &packed);

	if (code != 0)
		return code;
	if (!inflate_start(buf_str(&packed), start, sizeof(start), &len, &done) ||
	    !read_header(str_of(start, len), type, size, &content))
		return fail_object("a loose object without a proper header");
	/* One byte over the maximum shows that an object is too long. */
	whole = memory_grow(NULL, content + *size + 1, 1);
	if (!inflate_start(buf_str(&packed), whole, content + *size + 1, &len, &done) || !done ||
	    len != content + *size) {
		free(whole);
		return fail_object("a loose object that is not as long as its header says");
	}
	*data = git_odb_backend_data_alloc(backend, *size + 1);
	if (*data) {
		memcpy(*data, whole + content, *size);
		((char *)*data)[*size] = '\0';
	}
	free(whole);
	return *data ? 0 : GIT_ERROR;
}

static int loose_exists(git_odb_backend *backend, const git_oid *id)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct stat status;

	return lstat(object_path(&arena, loose_of(backend), id).ptr, &status) == 0 &&
	       S_ISREG(status.st_mode);
}

/* The one object whose id starts so. */
static int loose_exists_prefix(git_oid *found, git_odb_backend *backend, const git_oid *start,
			       size_t len)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	char hex[GIT_OID_HEXSZ + 1];
	struct str folder;
	struct dirent *entry;
	size_t count = 0;
	DIR *dir;

	git_oid_tostr(hex, sizeof(hex), start);
	folder = arena_printf(&arena, "%s/%.2s", loose_of(backend)->folder, hex);
	dir = len >= 2 ? opendir(folder.ptr) : NULL;
	while (dir && (entry = readdir(dir)) != NULL) {
		struct str name = arena_printf(&arena, "%.2s%s", hex, entry->d_name);

		if (name.len != GIT_OID_HEXSZ || strncmp(name.ptr, hex, len) != 0 ||
		    git_oid_fromstrn(found, name.ptr, name.len) != 0)
			continue;
		count++;
	}
	if (dir)
		closedir(dir);
	return count == 1 ? 0 : count ? GIT_EAMBIGUOUS : GIT_ENOTFOUND;
}

static int loose_read_prefix(git_oid *found, void **data, size_t *size, git_object_t *type,
			     git_odb_backend *backend, const git_oid *start, size_t len)
{
	int code = loose_exists_prefix(found, backend, start, len);

	return code == 0 ? loose_read(data, size, type, backend, found) : code;
}

static void loose_free(git_odb_backend *backend)
{
	void *memory = backend;
	struct loose *loose = memory;

	free(loose->folder);
	free(loose);
}

static git_odb_backend *loose_new(const char *folder)
{
	struct loose *loose = NEW(struct loose);

	git_odb_init_backend(&loose->backend, GIT_ODB_BACKEND_VERSION);
	loose->folder = memory_grow(NULL, strlen(folder) + 1, 1);
	memcpy(loose->folder, folder, strlen(folder) + 1);
	loose->backend.read = loose_read;
	loose->backend.read_prefix = loose_read_prefix;
	loose->backend.read_header = loose_read_header;
	loose->backend.exists = loose_exists;
	loose->backend.exists_prefix = loose_exists_prefix;
	loose->backend.free = loose_free;
	return &loose->backend;
}

bool objects_add(git_odb *database, const char *folder, struct error *err)
{
	git_odb_backend *packs = NULL;
	struct stat status;
	int code;

	if (lstat(folder, &status) != 0)
		return error_errno(err, "\"%s\"", folder);
	if (!S_ISDIR(status.st_mode))
		return error_set(err, ERROR_IO, "\"%s\" is not a folder", folder);
	if (!packs_check(folder, err))
		return false;
	code = git_odb_add_backend(database, loose_new(folder), LOOSE_PRIORITY);
	if (code == 0)
		code = git_odb_backend_pack(&packs, folder);
	if (code == 0)
		code = git_odb_add_backend(database, packs, PACK_PRIORITY);
	return code == 0 || git_fail(err, code, folder);
}

git_odb *objects_open(const char *folder, struct error *err)
{
	git_odb *database = NULL;
	int code = git_odb_new(&database);

	if (code != 0) {
		git_fail(err, code, "open the objects");
		return NULL;
	}
	if (objects_add(database, folder, err))
		return database;
	git_odb_free(database);
	return NULL;
}

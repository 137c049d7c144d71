/* Files of a plain folder outside of any repository; links are not followed. */
#include "source/folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/vec.h"

enum { FOLDER_DEPTH_MAX = 32 };

/* A tree while it is listed. */
struct listing {
	const char *root;
	struct arena *arena;
	struct {
		VEC_FIELDS(struct source_file);
	} files;
	bool truncated;
};

static void list_below(struct listing *listing, struct str below, int depth);

static void take_entry(struct listing *listing, int folder, const char *name, struct str below,
		       int depth)
{
	struct str path = arena_printf(listing->arena, "%.*s%s", STR_ARG(below), name);
	struct stat info;

	if (fstatat(folder, name, &info, AT_SYMLINK_NOFOLLOW) != 0) {
		listing->truncated = true;
	} else if (S_ISDIR(info.st_mode)) {
		list_below(listing, arena_printf(listing->arena, "%.*s/", STR_ARG(path)),
			   depth + 1);
	} else if (S_ISREG(info.st_mode)) {
		if (listing->files.len >= SOURCE_FILES_MAX)
			listing->truncated = true;
		else
			VEC_PUSH(&listing->files,
				 (struct source_file){path, path, (int64_t)info.st_size});
	}
}

static void list_below(struct listing *listing, struct str below, int depth)
{
	struct str path = arena_printf(listing->arena, "%s/%.*s", listing->root, STR_ARG(below));
	const struct dirent *entry;
	DIR *folder = depth < FOLDER_DEPTH_MAX ? opendir(path.ptr) : NULL;
	int number = folder ? dirfd(folder) : -1;

	if (number < 0) {
		listing->truncated = true;
		if (folder)
			closedir(folder);
		return;
	}
	while (!(listing->truncated && listing->files.len >= SOURCE_FILES_MAX) &&
	       (entry = readdir(folder))) {
		struct str name = str_from(entry->d_name);

		if (!str_eq(name, STR(".")) && !str_eq(name, STR("..")) &&
		    !str_eq(name, STR(".git")))
			take_entry(listing, number, entry->d_name, below, depth);
	}
	closedir(folder);
}

static bool folder_tree(void *ctx, struct arena *arena, struct source_tree *tree, struct error *err)
{
	const struct source_folder *folder = ctx;
	struct listing listing = {.root = folder->path, .arena = arena};

	(void)err;
	list_below(&listing, STR_EMPTY, 0);
	*tree = (struct source_tree){.len = listing.files.len, .truncated = listing.truncated};
	tree->files = ARENA_ARRAY(arena, struct source_file, tree->len);
	for (size_t i = 0; i < tree->len; i++)
		tree->files[i] = listing.files.items[i];
	VEC_RELEASE(&listing.files);
	qsort(tree->files, tree->len, sizeof(*tree->files), source_file_compare);
	return true;
}

static bool folder_blob(void *ctx, struct str id, size_t size_max, struct buf *out,
			struct error *err)
{
	const struct source_folder *folder = ctx;
	SCOPED(arena) struct arena arena = ARENA_INIT;

	return file_read_below(folder->path, arena_text(&arena, id), size_max, out, err);
}

static const struct source_ops folder_ops = {.tree = folder_tree, .blob = folder_blob};

struct source source_from_folder(struct source_folder *folder)
{
	return (struct source){.ops = &folder_ops, .ctx = folder};
}

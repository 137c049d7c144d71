/* Files at a commit: functions for every source. */
#include "source/source.h"

#include "base/utf8.h"

bool source_tree(const struct source *source, struct arena *arena, struct source_tree *tree,
		 struct error *err)
{
	return source->ops->tree(source->ctx, arena, tree, err);
}

bool source_blob(const struct source *source, struct str id, size_t size_max, struct buf *out,
		 struct error *err)
{
	return source->ops->blob(source->ctx, id, size_max, out, err);
}

const struct source_file *source_tree_find(const struct source_tree *tree, struct str path)
{
	size_t low = 0;
	size_t high = tree->len;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = str_cmp(path, tree->files[middle].path);

		if (order == 0)
			return &tree->files[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

const struct source_file *source_tree_find_shown(const struct source_tree *tree, struct str path,
						 bool (*is_shown_as)(struct str path,
								     struct str shown))
{
	const struct source_file *file = source_tree_find(tree, path);

	for (size_t i = 0; is_shown_as && !file && i < tree->len; i++) {
		if (is_shown_as(tree->files[i].path, path))
			file = &tree->files[i];
	}
	return file;
}

bool source_read(const struct source *source, const struct source_tree *tree, struct str path,
		 size_t size_max, struct buf *out, struct error *err)
{
	const struct source_file *file = source_tree_find(tree, path);

	if (!file)
		return error_set(err, ERROR_NOT_FOUND, "there is no file \"%.*s\"",
				 STR_ARG(utf8_cut(path, 300)));
	if (source_blob(source, file->id, size_max, out, err))
		return true;
	return error_wrap(err, "read \"%.*s\"", STR_ARG(utf8_cut(path, 300)));
}

/* ---- Two sources as one ---- */

static bool both_tree(void *ctx, struct arena *arena, struct source_tree *tree, struct error *err)
{
	const struct source_both *both = ctx;

	if (source_tree(&both->first, arena, tree, err))
		return true;
	return err->kind == ERROR_NOT_FOUND && source_tree(&both->second, arena, tree, err);
}

static bool both_blob(void *ctx, struct str id, size_t size_max, struct buf *out, struct error *err)
{
	const struct source_both *both = ctx;
	size_t len = out->len;

	if (source_blob(&both->first, id, size_max, out, err))
		return true;
	if (err->kind != ERROR_NOT_FOUND)
		return false;
	/* The bytes that the first source returned before it failed are not the file. */
	buf_set_len(out, len);
	return source_blob(&both->second, id, size_max, out, err);
}

static const struct source_ops both_ops = {.tree = both_tree, .blob = both_blob};

struct source source_from_both(struct source_both *both)
{
	return (struct source){.ops = &both_ops, .ctx = both};
}

int source_file_compare(const void *a, const void *b)
{
	return str_cmp(((const struct source_file *)a)->path,
		       ((const struct source_file *)b)->path);
}

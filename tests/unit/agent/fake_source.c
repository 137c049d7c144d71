/* A source whose files are in the test. */
#include "fake_source.h"

#include <string.h>

static size_t length(const struct fake_file *file)
{
	return file->len ? file->len : file->text ? strlen(file->text) : 0;
}

static bool give_tree(void *ctx, struct arena *arena, struct source_tree *tree, struct error *err)
{
	struct fake_source *fake = ctx;

	fake->trees++;
	if (fake->tree_error)
		return error_set(err, fake->tree_error, "no tree today");
	tree->files = ARENA_ARRAY(arena, struct source_file, fake->len);
	tree->len = fake->len;
	for (size_t i = 0; i < fake->len; i++)
		tree->files[i] = (struct source_file){
			.path = str_from(fake->files[i].path),
			.id = str_from(fake->files[i].path),
			.size = (int64_t)length(&fake->files[i]),
		};
	return true;
}

static bool give_blob(void *ctx, struct str id, size_t size_max, struct buf *out, struct error *err)
{
	struct fake_source *fake = ctx;

	fake->blobs++;
	for (size_t i = 0; i < fake->len; i++) {
		const struct fake_file *file = &fake->files[i];

		if (!str_eq(id, str_from(file->path)))
			continue;
		if (!file->text)
			return error_set(err, fake->blob_error ? fake->blob_error : ERROR_NOT_FOUND,
					 "no blob today");
		if (length(file) > size_max)
			return error_set(err, ERROR_LIMIT, "too large");
		buf_add(out, str_of(file->text, length(file)));
		return true;
	}
	return error_set(err, ERROR_NOT_FOUND, "no such blob");
}

static const struct source_ops ops = {.tree = give_tree, .blob = give_blob};

struct source fake_source(struct fake_source *fake)
{
	return (struct source){.ops = &ops, .ctx = fake};
}

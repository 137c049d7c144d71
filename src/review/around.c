/* The lines around the hunks: those that fit are shown, the others are named. */
#include "review/around.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/tokens.h"
#include "diff/render.h"
#include "model/model.h"

/* ---- What fits ---- */

struct sized {
	struct around *around;
	size_t size, order;
};

static int compare_sizes(const void *a, const void *b)
{
	const struct sized *left = a;
	const struct sized *right = b;

	if (left->size != right->size)
		return left->size < right->size ? -1 : 1;
	return (left->order > right->order) - (left->order < right->order);
}

static size_t lines_size(const struct str *lines, uint32_t len)
{
	size_t size = 0;

	for (uint32_t i = 0; i < len; i++)
		size += lines[i].len + DIFF_RENDER_EXTRA_SIZE;
	return size;
}

/* The bytes that a hunk's surroundings take when they are shown. */
static size_t around_size(const struct around *around)
{
	return lines_size(around->above, around->above_len) +
	       lines_size(around->below, around->below_len);
}

void around_fit(const struct around_view *view, const struct chunk *chunk, size_t size_max)
{
	struct sized *sized = NEW_ARRAY(struct sized, chunk->len + 1);
	size_t len = 0;
	size_t used = 0;

	for (size_t i = 0; i < chunk->len; i++) {
		const struct chunk_part *part = &chunk->parts[i];
		struct around *around;

		if (!view->files[part->file])
			continue;
		around = &view->files[part->file][part->hunk];
		sized[len] = (struct sized){around, around_size(around), len};
		len++;
	}
	qsort(sized, len, sizeof(*sized), compare_sizes);
	for (size_t i = 0; i < len; i++) {
		used += sized[i].size;
		if (used > size_max && sized[i].size)
			*sized[i].around = (struct around){.left_out = true};
	}
	free(sized);
}

/* ---- What a request shows ---- */

struct around around_part(const struct around_view *view, const struct diff *diff,
			  const struct chunk_part *part)
{
	struct around around;

	if (!view || !view->files[part->file])
		return (struct around){0};
	around = view->files[part->file][part->hunk];
	if (part->first > 0)
		around.above_len = 0;
	if (part->first + part->count < diff->files[part->file].hunks[part->hunk].len)
		around.below_len = 0;
	return around;
}

size_t around_tokens(const struct around_view *view, const struct diff *diff,
		     const struct chunk *chunk)
{
	size_t size = 0;

	for (size_t i = 0; i < chunk->len; i++) {
		struct around around = around_part(view, diff, &chunk->parts[i]);

		size += around_size(&around);
	}
	return tokens_of_bytes(size);
}

void around_left_out(struct buf *out, const struct around_view *view, const struct diff *diff,
		     const struct chunk *chunk)
{
	for (size_t i = 0; i < chunk->len; i++) {
		const struct chunk_part *part = &chunk->parts[i];
		const struct diff_file *file = &diff->files[part->file];

		if (!around_part(view, diff, part).left_out)
			continue;
		diff_render_place(out, file, &file->hunks[part->hunk]);
	}
}

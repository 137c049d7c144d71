/* Packing by folder, file and hunk: next fit over the sorted paths. */
#include "review/chunk.h"

#include <stdlib.h>
#include <string.h>

#include "agent/config.h"
#include "base/tokens.h"
#include "base/vec.h"
#include "diff/render.h"
#include "model/model.h"

enum {
	HEADER_EXTRA_SIZE = 40,
};

struct chunk_parts {
	VEC_FIELDS(struct chunk_part);
};

struct packer {
	struct arena *arena;
	const struct diff *diff;
	size_t size_max; /* bytes of a chunk */
	struct chunk_parts parts;
	size_t size; /* of `parts`, rendered */
	struct {
		VEC_FIELDS(struct chunk);
	} chunks;
};

static size_t header_size(const struct diff_file *file)
{
	return file->path.len + file->old_path.len + HEADER_EXTRA_SIZE;
}

static size_t lines_size(const struct diff_hunk *hunk, size_t first, size_t count)
{
	size_t size = hunk->section.len + HEADER_EXTRA_SIZE;

	for (size_t i = first; i < first + count; i++)
		size += hunk->lines[i].text.len + DIFF_RENDER_EXTRA_SIZE;
	return size;
}

static size_t file_size(const struct diff_file *file)
{
	size_t size = header_size(file);

	for (size_t i = 0; i < file->len; i++)
		size += lines_size(&file->hunks[i], 0, file->hunks[i].len);
	return size;
}

static void flush(struct packer *packer)
{
	struct chunk chunk;

	if (!packer->parts.len)
		return;
	chunk = (struct chunk){
		.parts = ARENA_ARRAY(packer->arena, struct chunk_part, packer->parts.len),
		.len = packer->parts.len,
		.tokens = tokens_of_bytes(packer->size),
	};
	memcpy(chunk.parts, packer->parts.items, chunk.len * sizeof(*chunk.parts));
	VEC_PUSH(&packer->chunks, chunk);
	packer->parts.len = 0;
	packer->size = 0;
}

/* Makes room for `size` more bytes, in a new chunk if this one is too full. */
static void make_room(struct packer *packer, size_t size)
{
	if (packer->size + size > packer->size_max)
		flush(packer);
}

static void add_part(struct packer *packer, struct chunk_part part, size_t size)
{
	const struct diff_file *file = &packer->diff->files[part.file];
	size_t len = packer->parts.len;

	if (!len || packer->parts.items[len - 1].file != part.file)
		packer->size += header_size(file);
	packer->size += size;
	VEC_PUSH(&packer->parts, part);
}

/* Splits a hunk that fits no chunk; each piece starts with the last lines of the previous one. */
static void add_in_pieces(struct packer *packer, uint32_t file_idx, uint32_t hunk_idx)
{
	const struct diff_file *file = &packer->diff->files[file_idx];
	const struct diff_hunk *hunk = &file->hunks[hunk_idx];
	size_t room = packer->size_max - MIN_OF(packer->size_max, header_size(file));
	size_t first = 0;

	flush(packer);
	while (first < hunk->len) {
		size_t count = 1;
		size_t size = lines_size(hunk, first, 1);
		while (first + count < hunk->len) {
			size_t more = hunk->lines[first + count].text.len + DIFF_RENDER_EXTRA_SIZE;
			if (size + more > room)
				break;
			size += more;
			count++;
		}
		add_part(packer,
			 (struct chunk_part){file_idx, hunk_idx, (uint32_t)first, (uint32_t)count},
			 size);
		if (first + count == hunk->len)
			break; /* the next part may be added to the last piece */
		flush(packer);
		first += count > 2 * CHUNK_OVERLAP_LINES ? count - CHUNK_OVERLAP_LINES : count;
	}
}

static void add_hunk(struct packer *packer, uint32_t file_idx, uint32_t hunk_idx)
{
	const struct diff_file *file = &packer->diff->files[file_idx];
	const struct diff_hunk *hunk = &file->hunks[hunk_idx];
	size_t size = lines_size(hunk, 0, hunk->len);

	if (header_size(file) + size > packer->size_max) {
		add_in_pieces(packer, file_idx, hunk_idx);
		return;
	}
	make_room(packer, header_size(file) + size);
	add_part(packer, (struct chunk_part){file_idx, hunk_idx, 0, (uint32_t)hunk->len}, size);
}

static void add_file(struct packer *packer, uint32_t file_idx)
{
	const struct diff_file *file = &packer->diff->files[file_idx];
	size_t size = file_size(file);

	if (size <= packer->size_max)
		make_room(packer, size);
	if (!file->len)
		add_part(packer, (struct chunk_part){.file = file_idx}, 0);
	for (size_t i = 0; i < file->len; i++)
		add_hunk(packer, file_idx, (uint32_t)i);
}

struct sorted_file {
	struct str folder, path;
	uint32_t idx;
};

static int compare_files(const void *a, const void *b)
{
	const struct sorted_file *left = a;
	const struct sorted_file *right = b;
	int order = str_cmp(left->folder, right->folder);

	if (!order)
		order = str_cmp(left->path, right->path);
	return order ? order : (left->idx > right->idx) - (left->idx < right->idx);
}

/* Starts a new chunk before a folder that would be split, if this one is half full already. */
static void keep_folder_whole(struct packer *packer, const struct sorted_file *files, size_t len)
{
	size_t size = 0;

	for (size_t i = 0; i < len && size <= packer->size_max; i++)
		size += file_size(&packer->diff->files[files[i].idx]);
	if (size <= packer->size_max && packer->size * 2 >= packer->size_max)
		make_room(packer, size);
}

struct chunks chunks_pack(struct arena *arena, const struct diff *diff, const uint32_t *files,
			  size_t len, size_t tokens_max)
{
	struct packer packer = {.arena = arena,
				.diff = diff,
				.size_max = MAX_OF(tokens_max, (size_t)CHUNK_TOKENS_MIN) *
					    BYTES_PER_TOKEN};
	struct sorted_file *sorted = NEW_ARRAY(struct sorted_file, len + 1);
	struct chunks chunks;

	for (size_t i = 0; i < len; i++) {
		struct str path = diff->files[files[i]].path;
		sorted[i] = (struct sorted_file){str_folder(path), path, files[i]};
	}
	qsort(sorted, len, sizeof(*sorted), compare_files);
	for (size_t i = 0; i < len;) {
		size_t end = i + 1;
		while (end < len && str_eq(sorted[end].folder, sorted[i].folder))
			end++;
		keep_folder_whole(&packer, sorted + i, end - i);
		for (; i < end; i++)
			add_file(&packer, sorted[i].idx);
	}
	flush(&packer);
	chunks = (struct chunks){.items = ARENA_ARRAY(arena, struct chunk, packer.chunks.len + 1),
				 .len = packer.chunks.len};
	if (chunks.len)
		memcpy(chunks.items, packer.chunks.items, chunks.len * sizeof(*chunks.items));
	VEC_RELEASE(&packer.chunks);
	VEC_RELEASE(&packer.parts);
	free(sorted);
	return chunks;
}

struct chunk chunk_filter(struct arena *arena, const struct diff *diff, const struct chunk *chunk,
			  const bool *sees)
{
	size_t seen = 0;
	struct chunk part;
	size_t size;

	for (size_t i = 0; i < chunk->len; i++)
		seen += sees[chunk->parts[i].file];
	if (seen == chunk->len)
		return *chunk;
	part = (struct chunk){.parts = ARENA_ARRAY(arena, struct chunk_part, seen + 1)};
	size = 0;
	for (size_t i = 0; i < chunk->len; i++) {
		struct chunk_part item = chunk->parts[i];
		const struct diff_file *file;

		if (!sees[item.file])
			continue;
		file = &diff->files[item.file];
		if (!part.len || part.parts[part.len - 1].file != item.file)
			size += header_size(file);
		if (file->len)
			size += lines_size(&file->hunks[item.hunk], item.first, item.count);
		part.parts[part.len++] = item;
	}
	part.tokens = tokens_of_bytes(size);
	return part;
}

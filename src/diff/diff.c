/* Looks up files, hunks and lines in a change. */
#include "diff/diff.h"

#include "base/quote.h"

static const char *const status_names[] = {
	[DIFF_ADDED] = "added",     [DIFF_MODIFIED] = "modified",
	[DIFF_DELETED] = "deleted", [DIFF_RENAMED] = "renamed",
	[DIFF_COPIED] = "copied",   [DIFF_TYPE_CHANGED] = "type changed",
};

void diff_release(struct diff *diff)
{
	if (!diff)
		return;
	arena_release(&diff->arena);
	map_release(&diff->by_path);
	*diff = (struct diff){0};
}

const char *const diff_side_names[] = {[SIDE_RIGHT] = "RIGHT", [SIDE_LEFT] = "LEFT", NULL};

const char *diff_status_name(enum diff_status status)
{
	return status_names[status];
}

char diff_file_executable(const struct diff_file *file)
{
	enum { EXECUTABLE = 0100755 };
	bool was = file->old_mode == EXECUTABLE;
	bool is = file->new_mode == EXECUTABLE;

	if (is && !was)
		return '+';
	return was && !is && file->new_mode ? '-' : ' ';
}

void diff_index_last(struct diff *diff)
{
	struct str path = diff->files[diff->len - 1].path;

	if (!map_get(&diff->by_path, path))
		map_put(&diff->by_path, path, (void *)(uintptr_t)diff->len);
}

void diff_index(struct diff *diff)
{
	size_t len = diff->len;

	map_release(&diff->by_path);
	for (diff->len = 1; diff->len <= len; diff->len++)
		diff_index_last(diff);
	diff->len = len;
}

struct diff_file *diff_find(const struct diff *diff, struct str path)
{
	uintptr_t found = (uintptr_t)map_get(&diff->by_path, path);
	SCOPED(buf) struct buf plain = BUF_INIT;

	if (found)
		return &diff->files[found - 1];
	for (size_t i = 0; !diff->by_path.len && i < diff->len; i++) {
		if (str_eq(diff->files[i].path, path))
			return &diff->files[i];
	}
	if (quote_take(&path, &plain) && !path.len && !str_starts(buf_str(&plain), STR("\"")))
		return diff_find(diff, buf_str(&plain));
	return NULL;
}

uint32_t diff_number(int64_t number)
{
	return number > 0 && number <= UINT32_MAX ? (uint32_t)number : 0;
}

static const struct diff_line *line_in_hunk(const struct diff_hunk *hunk, enum diff_side side,
					    uint32_t line)
{
	uint32_t start = side == SIDE_RIGHT ? hunk->new_start : hunk->old_start;
	uint32_t len = side == SIDE_RIGHT ? hunk->new_len : hunk->old_len;

	if (line < start || line - start >= len)
		return NULL;
	/* The minimum number of lines of that side before it. */
	for (size_t i = line - start; i < hunk->len; i++) {
		if (diff_line_number(&hunk->lines[i], side) == line)
			return &hunk->lines[i];
	}
	return NULL;
}

uint32_t diff_line_number(const struct diff_line *line, enum diff_side side)
{
	return side == SIDE_RIGHT ? line->new_line : line->old_line;
}

const struct diff_line *diff_line_at(const struct diff_file *file, enum diff_side side,
				     uint32_t line, const struct diff_hunk **hunk)
{
	for (size_t i = 0; line && i < file->len; i++) {
		const struct diff_line *found = line_in_hunk(&file->hunks[i], side, line);

		if (found && hunk)
			*hunk = &file->hunks[i];
		if (found)
			return found;
	}
	return NULL;
}

uint32_t diff_hunk_first(const struct diff_hunk *hunk)
{
	/* For a side without lines, the header of a hunk names the line before. */
	return hunk->new_len ? hunk->new_start : hunk->new_start + 1;
}

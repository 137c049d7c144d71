/* The parser against real diffs and what git itself says of them. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "diff/diff.h"
#include "value/json.h"

#include "unit.h"

enum { DATA_SIZE_MAX = 64 << 20 };

static struct value *read_json(struct arena *arena, const char *path)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	struct value *value;
	struct error err;

	ck_assert_msg(file_read(path, DATA_SIZE_MAX, &text, &err), "%s", err.message);
	value = json_read(arena, buf_str(&text), DATA_SIZE_MAX, &err);
	ck_assert_msg(value, "%s: %s", path, err.message);
	return value;
}

static char letter_of(enum diff_status status)
{
	static const char letters[] = {
		[DIFF_ADDED] = 'A',   [DIFF_MODIFIED] = 'M', [DIFF_DELETED] = 'D',
		[DIFF_RENAMED] = 'R', [DIFF_COPIED] = 'C',   [DIFF_TYPE_CHANGED] = 'T',
	};

	return letters[status];
}

static void check_range(const struct value *ranges, size_t *at, uint32_t first, uint32_t last)
{
	const struct value *range = value_at(ranges, (*at)++);

	ck_assert_ptr_nonnull(range);
	ck_assert_int_eq(value_at(range, 0)->integer, first);
	ck_assert_int_eq(value_at(range, 1)->integer, last);
}

/* Runs of lines of one kind, as ranges of numbers. */
static void check_runs(const struct diff_file *file, char kind, const struct value *ranges)
{
	uint32_t first = 0;
	uint32_t last = 0;
	size_t at = 0;

	for (size_t i = 0; i < file->len; i++) {
		for (size_t j = 0; j < file->hunks[i].len; j++) {
			const struct diff_line *line = &file->hunks[i].lines[j];
			uint32_t number = kind == LINE_DELETED ? line->old_line : line->new_line;

			if (line->kind != kind)
				continue;
			if (first && number != last + 1)
				check_range(ranges, &at, first, last);
			if (!first || number != last + 1)
				first = number;
			last = number;
		}
	}
	if (first)
		check_range(ranges, &at, first, last);
	ck_assert_uint_eq(at, value_len(ranges));
}

static void check_hunks(const struct diff_file *file, const struct value *truth)
{
	const struct value *headers = value_get(truth, "hunk_headers");
	const struct value *right = value_get(truth, "right_hunk_ranges");
	size_t at = 0;

	ck_assert_uint_eq(file->len, value_len(headers));
	for (size_t i = 0; i < file->len; i++) {
		const struct diff_hunk *hunk = &file->hunks[i];
		const struct value *header = value_at(headers, i);

		ck_assert_int_eq(hunk->old_start, value_at(header, 0)->integer);
		ck_assert_int_eq(hunk->old_len, value_at(header, 1)->integer);
		ck_assert_int_eq(hunk->new_start, value_at(header, 2)->integer);
		ck_assert_int_eq(hunk->new_len, value_at(header, 3)->integer);
		if (hunk->new_len)
			check_range(right, &at, hunk->new_start,
				    hunk->new_start + hunk->new_len - 1);
	}
	ck_assert_uint_eq(at, value_len(right));
	check_runs(file, LINE_ADDED, value_get(truth, "added_ranges"));
	check_runs(file, LINE_DELETED, value_get(truth, "deleted_ranges"));
}

static uint32_t mode_of(const struct value *truth, const char *name)
{
	struct str text = value_get_string(truth, name);
	uint32_t mode = 0;

	for (size_t i = 0; i < text.len; i++)
		mode = mode * 8 + (uint32_t)(text.ptr[i] - '0');
	return mode;
}

static void check_file(const struct diff_file *file, const struct value *truth)
{
	struct str old_path = value_get_string(truth, "old_path");
	struct str new_path = value_get_string(truth, "new_path");

	ck_assert_str_is(file->path, new_path.len ? new_path : old_path);
	ck_assert_str_is(file->old_path, old_path.len ? old_path : new_path);
	ck_assert_int_eq(letter_of(file->status), value_get_string(truth, "status").ptr[0]);
	ck_assert_uint_eq(file->additions, (uint32_t)value_get_int(truth, "additions", 0));
	ck_assert_uint_eq(file->deletions, (uint32_t)value_get_int(truth, "deletions", 0));
	ck_assert_int_eq(file->binary, value_get_bool(truth, "binary", false));
	if (file->old_mode)
		ck_assert_uint_eq(file->old_mode, mode_of(truth, "old_mode"));
	if (file->new_mode)
		ck_assert_uint_eq(file->new_mode, mode_of(truth, "new_mode"));
	check_hunks(file, truth);
}

static void check_diff(const struct diff *diff, const struct value *truth)
{
	const struct value *files = value_get(truth, "files");

	ck_assert_uint_eq(diff->len, value_len(files));
	for (size_t i = 0; i < diff->len; i++)
		check_file(&diff->files[i], value_at(files, i));
}

/* Calls `check` for each entry of the manifest that has a truth. */
static void each_entry(void (*check)(const char *root, const struct value *entry))
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	const char *data = unit_shared_data();
	char root[512];
	char path[600];
	struct value *manifest;

	if (!data)
		return;
	snprintf(root, sizeof(root), "%s/github/diffs", data);
	snprintf(path, sizeof(path), "%s/manifest.json", root);
	manifest = read_json(&arena, path);
	ck_assert_uint_ge(value_len(manifest), 31);
	for (size_t i = 0; i < value_len(manifest); i++)
		check(root, value_at(manifest, i));
}

static void check_entry(const char *root, const struct value *entry)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(diff) struct diff diff = {0};
	SCOPED(buf) struct buf text = BUF_INIT;
	struct str truth = value_get_string(entry, "truth");
	char path[600];
	struct error err;
	bool parsed;

	snprintf(path, sizeof(path), "%s/%.*s", root, STR_ARG(value_get_string(entry, "file")));
	ck_assert(file_read(path, DATA_SIZE_MAX, &text, &err));
	parsed = diff_parse(buf_str(&text), &diff, &err);
	if (!truth.len) {
		ck_assert(!parsed);
		ck_assert_ptr_nonnull(strstr(err.message, "combined diff"));
		return;
	}
	ck_assert_msg(parsed, "%s: %s", path, err.message);
	snprintf(path, sizeof(path), "%s/%.*s", root, STR_ARG(truth));
	check_diff(&diff, read_json(&arena, path));
}

TEST(agrees_with_git_about_every_real_diff)
{
	each_entry(check_entry);
}

static struct diff_file_source source_of(const struct value *file)
{
	return (struct diff_file_source){
		.path = value_get_string(file, "filename"),
		.old_path = value_get_string(file, "previous_filename"),
		.status = value_get_string(file, "status"),
		.patch = value_get_string(file, "patch"),
		.new_id = value_get_string(file, "sha"),
		.additions = (uint32_t)value_get_int(file, "additions", 0),
		.deletions = (uint32_t)value_get_int(file, "deletions", 0),
	};
}

static void check_api(const char *root, const struct value *entry)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(diff) struct diff diff = {0};
	struct str api = value_get_string(entry, "api_files");
	const struct value *files;
	const struct value *truth;
	char path[600];
	struct error err;

	if (!api.len)
		return;
	snprintf(path, sizeof(path), "%s/%.*s", root, STR_ARG(api));
	files = read_json(&arena, path);
	snprintf(path, sizeof(path), "%s/%.*s", root, STR_ARG(value_get_string(entry, "truth")));
	truth = value_get(read_json(&arena, path), "files");
	for (size_t i = 0; i < value_len(files); i++) {
		struct diff_file_source source = source_of(value_at(files, i));

		ck_assert_msg(diff_add_file(&diff, &source, &err), "%s", err.message);
	}
	for (size_t i = 0; i < diff.len; i++) {
		const struct diff_file *file = &diff.files[i];
		const struct value *expected = value_at(truth, i);

		ck_assert_uint_eq(file->additions,
				  (uint32_t)value_get_int(expected, "additions", 0));
		ck_assert_uint_eq(file->deletions,
				  (uint32_t)value_get_int(expected, "deletions", 0));
		if (file->len)
			check_hunks(file, expected);
	}
}

TEST(agrees_with_git_about_github_file_lists)
{
	each_entry(check_api);
}

/* The parser against what git says about its own diffs. */
#include "diff/diff.h"

#include "unit.h"
#include "vectors.h"

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

static void check_parsed(const char *name, struct str text, const struct value *vector,
			 void *ctx UNUSED)
{
	const struct value *files = value_get(vector, "files");
	SCOPED(diff) struct diff diff = {0};
	struct error err = {0};

	ck_assert_msg(diff_parse(text, &diff, &err), "%s: %s", name, err.message);
	ck_assert_msg(diff.len == value_len(files), "%s: %zu files", name, diff.len);
	for (size_t i = 0; i < diff.len; i++)
		check_file(&diff.files[i], value_at(files, i));
}

TEST(agrees_with_git_about_every_kind_of_change)
{
	vectors_each_diff(check_parsed, NULL);
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

/* The same change as GitHub lists its files. */
static void check_listed(const char *name, struct str text UNUSED, const struct value *vector,
			 void *ctx UNUSED)
{
	const struct value *listed = value_get(vector, "listed");
	const struct value *files = value_get(vector, "files");
	SCOPED(diff) struct diff diff = {0};
	struct error err = {0};

	for (size_t i = 0; i < value_len(listed); i++) {
		struct diff_file_source source = source_of(value_at(listed, i));

		ck_assert_msg(diff_add_file(&diff, &source, &err), "%s: %s", name, err.message);
	}
	for (size_t i = 0; i < diff.len; i++) {
		const struct diff_file *file = &diff.files[i];
		const struct value *expected = value_at(files, i);

		ck_assert_uint_eq(file->additions,
				  (uint32_t)value_get_int(expected, "additions", 0));
		ck_assert_uint_eq(file->deletions,
				  (uint32_t)value_get_int(expected, "deletions", 0));
		if (file->len)
			check_hunks(file, expected);
	}
}

TEST(agrees_with_git_about_lists_of_files)
{
	vectors_each_diff(check_listed, NULL);
}

/* Files as GitHub lists them: a patch without headers, or none. */
#include "diff/entries.h"

static const struct {
	const char *name;
	enum diff_status status;
} api_statuses[] = {
	{"added", DIFF_ADDED},        {"changed", DIFF_TYPE_CHANGED}, {"copied", DIFF_COPIED},
	{"modified", DIFF_MODIFIED},  {"removed", DIFF_DELETED},      {"renamed", DIFF_RENAMED},
	{"unchanged", DIFF_MODIFIED},
};

bool diff_file_set_patch(struct diff *diff, struct diff_file *file, struct str patch,
			 struct error *err)
{
	struct diff_file filled = *file;
	struct hunk_list hunks = {0};
	struct diff_reader reader = {.rest = arena_str(&diff->arena, patch)};
	struct str line;
	bool ok = true;

	filled.additions = filled.deletions = 0;
	filled.hunks = NULL;
	filled.len = 0;
	filled.patch_missing = false;
	while (ok && reader_peek(&reader, &line))
		ok = hunk_read(&reader, &diff->arena, &filled, &hunks, err);
	if (!ok) {
		VEC_RELEASE(&hunks);
		return error_wrap(err, "patch of \"%.*s\"", STR_ARG(file->path));
	}
	hunks_give(&hunks, &diff->arena, &filled);
	*file = filled;
	return true;
}

/*
 * GitHub omits the patch when it is too large, and then counts the lines; for files that it takes for
 * binary, without a count; and where there are no lines.
 */
static bool misses_patch(const struct diff_file_source *source, enum diff_status status)
{
	if (source->additions || source->deletions || status == DIFF_TYPE_CHANGED)
		return true;
	return status != DIFF_RENAMED && status != DIFF_COPIED &&
	       !str_eq(source->status, STR("unchanged")) && source->new_id.len &&
	       !is_empty_blob(source->new_id);
}

bool diff_add_file(struct diff *diff, const struct diff_file_source *source, struct error *err)
{
	struct diff_file file = {
		.path = arena_str(&diff->arena, source->path),
		.old_path = arena_str(&diff->arena,
				      source->old_path.len ? source->old_path : source->path),
		.status = DIFF_MODIFIED,
		.new_id = arena_str(&diff->arena, source->new_id),
		.additions = source->additions,
		.deletions = source->deletions,
	};

	if (!file.path.len)
		return error_set(err, ERROR_PROTOCOL, "a changed file without a name");
	for (size_t i = 0; i < ARRAY_LEN(api_statuses); i++) {
		if (str_eq(source->status, str_from(api_statuses[i].name)))
			file.status = api_statuses[i].status;
	}
	if (source->patch.len) {
		if (!diff_file_set_patch(diff, &file, source->patch, err))
			return false;
	} else {
		file.patch_missing = misses_patch(source, file.status);
	}
	return diff_push(diff, &file, err);
}

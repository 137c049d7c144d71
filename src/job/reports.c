/* The report files of shards. */
#include "job/reports.h"

#include "base/file.h"
#include "base/glob.h"
#include "base/glob_list.h"
#include "base/log.h"
#include "output/report.h"
#include "source/folder.h"

static bool start(struct report_files *reports, size_t len, struct arena *arena, struct error *err)
{
	*reports = (struct report_files){0};
	if (len > SHARDS_MAX)
		return error_set(err, ERROR_USAGE, "more than %d reports", SHARDS_MAX);
	reports->items = ARENA_ARRAY(arena, struct joined_report, len);
	return true;
}

static void take(struct report_files *reports, struct arena *arena, struct str path,
		 const struct buf *text)
{
	reports->items[reports->len++] = (struct joined_report){
		.file = arena_str(arena, path),
		.text = arena_str(arena, buf_str(text)),
	};
}

bool reports_read(const struct str *paths, size_t len, struct arena *arena,
		  struct report_files *reports, struct error *err)
{
	if (!len)
		return error_set(err, ERROR_USAGE,
				 "no report is given: name the files that the shards wrote");
	if (!start(reports, len, arena, err))
		return false;
	for (size_t i = 0; i < len; i++) {
		SCOPED(buf) struct buf text = BUF_INIT;

		if (!file_read(arena_text(arena, paths[i]), REPORT_SIZE_MAX, &text, err)) {
			err->kind = ERROR_USAGE;
			return false;
		}
		take(reports, arena, paths[i], &text);
	}
	return true;
}

/* Finds the files of the tree that match, in order; at most one more than allowed. */
static size_t match(const struct source_tree *tree, const struct strings *globs,
		    const struct source_file **matches)
{
	size_t len = 0;

	for (size_t i = 0; i < tree->len && len <= SHARDS_MAX; i++) {
		if (glob_list_match(globs->items, globs->len, tree->files[i].path))
			matches[len++] = &tree->files[i];
	}
	return len;
}

static bool read_matches(const char *folder, const struct strings *globs, struct arena *arena,
			 struct report_files *reports, struct error *err)
{
	SCOPED(arena) struct arena listed = ARENA_INIT;
	struct source_folder root = {.path = folder};
	const struct source source = source_from_folder(&root);
	const struct source_file *matches[SHARDS_MAX + 1];
	struct source_tree tree;
	size_t len;

	if (!source_tree(&source, &listed, &tree, err))
		return false;
	len = match(&tree, globs, matches);
	if (!start(reports, len, arena, err))
		return false;
	for (size_t i = 0; i < len; i++) {
		SCOPED(buf) struct buf text = BUF_INIT;

		if (!source_blob(&source, matches[i]->id, REPORT_SIZE_MAX, &text, err))
			return false;
		take(reports, arena, matches[i]->path, &text);
	}
	if (len)
		return true;
	return error_set(
		err, ERROR_USAGE,
		"no file of the workspace matches: download the reports of the shards first");
}

bool reports_find(const char *folder, const struct strings *globs, struct arena *arena,
		  struct report_files *reports, struct error *err)
{
	bool ok = globs->len > 0;

	if (!ok)
		error_set(
			err, ERROR_USAGE,
			"missing: give globs of the shards' reports, as downloaded into the workspace");
	for (size_t i = 0; ok && i < globs->len; i++)
		ok = glob_check(globs->items[i], err);
	ok = ok && read_matches(folder, globs, arena, reports, err);
	if (!ok) {
		err->kind = ERROR_USAGE;
		return error_wrap(err, "reports");
	}
	log_info("merge", "%zu %s", reports->len, reports->len == 1 ? "report" : "reports");
	return true;
}

/* Reads the cases of an evaluation from their folders and clones. */
#include "job/evaluation.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/log.h"

void evaluation_release(struct evaluation *evaluation)
{
	if (!evaluation)
		return;
	problems_release(&evaluation->problems);
	clones_release(&evaluation->clones);
	arena_release(&evaluation->arena);
}

bool evaluate_has_files(const struct evaluate_item *item)
{
	return item->has_tree || item->commit.repository;
}

/* Links are not followed: an error may quote what it could not read. */
static bool read_text(struct arena *arena, const char *folder, const char *name, size_t size_max,
		      struct str *text, struct error *err)
{
	SCOPED(buf) struct buf bytes = BUF_INIT;

	if (!file_read_below(folder, name, size_max, &bytes, err))
		return false;
	*text = arena_str(arena, buf_str(&bytes));
	return true;
}

/* Finds the files that a case does not contain. */
static void find_commit(struct evaluation *evaluation, const struct eval_case *read,
			struct evaluate_item *item)
{
	const struct case_origin *origin = &read->origin;
	struct error err;

	if (item->has_tree || !evaluation->clones.paths_len || !origin->head.len)
		return;
	item->commit = (struct repository_commit){
		.repository = clones_find(&evaluation->clones, case_repository(origin->url),
					  &origin->head, 1, &err),
		.commit = origin->head,
	};
	if (!item->commit.repository)
		log_warning("eval", "%.*s: %s", STR_ARG(read->name), err.message);
}

/* Reads one entry; files, and folders without case.yml, are not cases. */
static bool read_case(const struct evaluate_request *request, struct evaluation *evaluation,
		      const char *name, struct error *err)
{
	struct arena *arena = &evaluation->arena;
	struct evaluate_item item = {
		.folder = arena_text(arena, arena_printf(arena, "%s/%s", request->folder, name))};
	struct eval_case *read = &evaluation->cases[evaluation->len];
	struct str file = arena_printf(arena, "%s/case.yml", item.folder);
	struct str text;
	SCOPED(diff) struct diff diff = {0};

	if (!file_is_folder(item.folder))
		return true;
	if (!read_text(arena, item.folder, "case.yml", CASE_SIZE_MAX, &text, err))
		return err->kind == ERROR_NOT_FOUND || error_wrap(err, "%s", item.folder);
	*read = (struct eval_case){.name = arena_str(arena, str_from(name))};
	if (!eval_case_read(arena, text, file, read, &evaluation->problems) ||
	    (request->tuning && read->held_out))
		return true;
	if (!read_text(arena, item.folder, "change.diff", CHANGE_SIZE_MAX, &item.change, err) ||
	    !diff_parse(item.change, &diff, err)) {
		err->kind = ERROR_CONFIG;
		return error_wrap(err, "%s/change.diff", item.folder);
	}
	if (!eval_case_place(read, &diff, file, &evaluation->problems))
		return true;
	item.has_tree = file_is_folder(arena_printf(arena, "%s/tree", item.folder).ptr);
	find_commit(evaluation, read, &item);
	evaluation->items[evaluation->len++] = item;
	return true;
}

static int keep_names(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

bool evaluate_load(const struct evaluate_request *request, struct evaluation *evaluation,
		   struct error *err)
{
	struct dirent **entries = NULL;
	int len = scandir(request->folder, &entries, keep_names, alphasort);
	bool ok = true;

	if (len < 0)
		return error_errno(err, "cases: \"%s\"", request->folder);
	if (len > CASES_MAX)
		ok = error_set(err, ERROR_LIMIT, "cases: \"%s\" has more than %d entries",
			       request->folder, CASES_MAX);
	evaluation->clones.paths = request->clones.items;
	evaluation->clones.paths_len = request->clones.len;
	evaluation->cases = ARENA_ARRAY(&evaluation->arena, struct eval_case, (size_t)len + 1);
	evaluation->items = ARENA_ARRAY(&evaluation->arena, struct evaluate_item, (size_t)len + 1);
	for (int i = 0; i < len; i++) {
		if (ok && strings_allow(&request->only, str_from(entries[i]->d_name)))
			ok = read_case(request, evaluation, entries[i]->d_name, err);
		free(entries[i]);
	}
	free(entries);
	if (!ok)
		return false;
	if (evaluation->problems.errors)
		return problems_error(&evaluation->problems, err);
	if (!evaluation->len)
		return error_set(err, ERROR_NOT_FOUND,
				 "cases: \"%s\" has no folder with a case.yml%s", request->folder,
				 request->only.len ? " of these names" : "");
	return true;
}

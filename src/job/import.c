/* Labels of public review benchmarks as folders of cases, with the changes that they are about. */
#include "job/import.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "diff/unified.h"
#include "eval/case_write.h"
#include "source/clones.h"
#include "value/json.h"

enum { CASES_OF_LABELS_MAX = 5000 };

struct import {
	const struct import_request *request;
	struct runtime *runtime;
	struct import_result *result;
	struct eval_case *cases;
	size_t len;
	struct clones clones;
};

void import_result_release(struct import_result *result)
{
	if (result)
		arena_release(&result->arena);
}

/* ---- Labels ---- */

static struct list join(struct arena *arena, const struct list *a, const struct list *b)
{
	struct expectation *rows = ARENA_ARRAY(arena, struct expectation, a->len + b->len + 1);
	const struct expectation *first = a->items;
	const struct expectation *second = b->items;

	for (size_t i = 0; i < a->len; i++)
		rows[i] = first[i];
	for (size_t i = 0; i < b->len; i++)
		rows[a->len + i] = second[i];
	return (struct list){.items = rows, .len = a->len + b->len};
}

/* The labels of one pull request can be in two files: the valid and the rejected ones. */
static bool add_case(struct import *import, const struct eval_case *item, struct error *err)
{
	for (size_t i = 0; i < import->len; i++) {
		struct eval_case *known = &import->cases[i];

		if (!str_eq(known->name, item->name))
			continue;
		known->expect = join(&import->result->arena, &known->expect, &item->expect);
		known->forbid = join(&import->result->arena, &known->forbid, &item->forbid);
		return true;
	}
	if (import->len == CASES_OF_LABELS_MAX)
		return error_set(err, ERROR_LIMIT, "labels: more than %d pull requests",
				 CASES_OF_LABELS_MAX);
	import->cases[import->len++] = *item;
	return true;
}

static bool read_labels(struct import *import, struct str path, struct error *err)
{
	struct arena *arena = &import->result->arena;
	SCOPED(buf) struct buf text = BUF_INIT;
	bool rejected = str_starts(str_last_part(path), STR("negative"));
	struct label_set set = {0};
	struct value *value;

	if (!file_read(arena_text(arena, path), LABELS_SIZE_MAX, &text, err)) {
		err->kind = ERROR_USAGE;
		return false;
	}
	value = json_read(arena, arena_str(arena, buf_str(&text)), LABELS_SIZE_MAX, err);
	if (!value || !(import->request->kind == LABELS_AACR
				? labels_read_aacr(arena, value, rejected, &set, err)
				: labels_read_martian(arena, value, &set, err))) {
		err->kind = ERROR_CONFIG;
		return error_wrap(err, "\"%.*s\"", STR_ARG(path));
	}
	for (size_t i = 0; i < set.len; i++) {
		if (strings_allow(&import->request->only, set.cases[i].name) &&
		    !add_case(import, &set.cases[i], err))
			return false;
	}
	return true;
}

/* ---- Changes ---- */

static bool compare_in(struct repository *repository, const struct eval_case *item,
		       struct diff *diff, struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct str parted = item->origin.base;
	struct error unrelated;

	/* As GitHub does: from the merge base. */
	if (!repository_merge_base(repository, item->origin.base, item->origin.head, &arena,
				   &parted, &unrelated))
		parted = item->origin.base;
	return repository_diff(repository, parted, item->origin.head, diff, err);
}

static bool change_from_clones(struct import *import, struct str repository,
			       const struct eval_case *item, struct diff *diff, struct error *err)
{
	const struct str commits[] = {item->origin.base, item->origin.head};
	struct repository *clone =
		clones_find(&import->clones, repository, commits, ARRAY_LEN(commits), err);

	return clone && compare_in(clone, item, diff, err);
}

/* Martian's labels do not name commits, so this reads the current pull request. */
static bool change_from_pull(struct github *github, int64_t number, struct eval_case *item,
			     struct arena *arena, struct diff *diff, struct error *err)
{
	struct pull pull = {0};

	if (!pull_read(github, number, arena, &pull, err) ||
	    !pull_diff(github, &pull, NULL, diff, err))
		return false;
	item->origin.base = pull.base_commit;
	item->origin.head = pull.head_commit;
	item->body = pull.body;
	return true;
}

static bool change_from_github(struct import *import, struct str repository, int64_t number,
			       struct eval_case *item, struct diff *diff, struct error *err)
{
	struct forge_options options = import->request->forge;
	struct forge forge = {0};
	bool is_ancestor;
	bool ok;

	options.repository = repository;
	options.http = import->runtime->http;
	options.env = import->runtime->env;
	forge_init(&forge, &options);
	if (!item->origin.head.len)
		ok = change_from_pull(forge.github, number, item, &import->result->arena, diff,
				      err);
	else
		ok = pull_compare(forge.github, item->origin.base, item->origin.head, diff,
				  &is_ancestor, err);
	if (ok && item->origin.head.len && diff->len >= PULL_COMPARED_FILES_MAX)
		ok = error_set(err, ERROR_LIMIT,
			       "%d files or more, of which GitHub lists no more: use --clone",
			       PULL_COMPARED_FILES_MAX);
	forge_release(&forge);
	return ok;
}

/* ---- Cases ---- */

/* A comment on lines cannot match rows about lines outside of the change. */
static size_t count_outside(const struct eval_case *item, const struct diff *diff)
{
	const struct expectation *rows = item->expect.items;
	size_t count = 0;

	for (size_t i = 0; i < item->expect.len; i++) {
		const struct diff_file *file = diff_find(diff, rows[i].path);
		struct str from;
		struct str to;
		int64_t line;

		if (!rows[i].lines.len || !str_cut(rows[i].lines, STR("-"), &from, &to) ||
		    !str_to_int64(to, &line))
			continue;
		count += !file ||
			 !diff_line_at(file, (enum diff_side)rows[i].side, (uint32_t)line, NULL);
	}
	return count;
}

static bool make_folder(const char *path, struct error *err)
{
	if (mkdir(path, 0777) == 0 || errno == EEXIST)
		return true;
	error_errno(err, "\"%s\"", path);
	err->kind = ERROR_USAGE;
	return false;
}

static bool write_case(struct import *import, const struct eval_case *item, const struct diff *diff,
		       struct error *err)
{
	struct arena *arena = &import->result->arena;
	const char *folder = import->request->folder;
	SCOPED(buf) struct buf text = BUF_INIT;
	SCOPED(buf) struct buf change = BUF_INIT;
	struct str name = item->name;

	/* Writes the change first: without case.yml, a folder is not a case. */
	case_write(&text, item);
	diff_unified_add(&change, diff);
	return file_write_below(folder, arena_printf(arena, "%.*s/change.diff", STR_ARG(name)).ptr,
				buf_str(&change), err) &&
	       file_write_below(folder, arena_printf(arena, "%.*s/case.yml", STR_ARG(name)).ptr,
				buf_str(&text), err);
}

static bool ends_import(const struct error *err)
{
	return err->kind == ERROR_CANCELLED || err->kind == ERROR_QUOTA;
}

static bool import_case(struct import *import, struct eval_case *item, struct error *err)
{
	struct arena *arena = &import->result->arena;
	SCOPED(diff) struct diff diff = {0};
	struct str repository = STR_EMPTY;
	struct error failed = {0};
	int64_t number = 0;
	bool ok = labels_pull_request(item->origin.url, &repository, &number);

	if (access(arena_printf(arena, "%s/%.*s/case.yml", import->request->folder,
				STR_ARG(item->name))
			   .ptr,
		   F_OK) == 0) {
		import->result->known++;
		return true;
	}
	if (import->request->clones.len && item->origin.head.len)
		ok = ok && change_from_clones(import, repository, item, &diff, &failed);
	else
		ok = ok && change_from_github(import, repository, number, item, &diff, &failed);
	if (!ok) {
		if (ends_import(&failed)) {
			*err = failed;
			return false;
		}
		log_warning("eval", "%.*s: %s", STR_ARG(item->name), failed.message);
		import->result->missing++;
		return true;
	}
	/* A model could look up the answer with the address of the pull request. */
	item->title = arena_printf(arena, "Change %lld", (long long)number);
	import->result->outside += count_outside(item, &diff);
	import->result->written++;
	return write_case(import, item, &diff, err);
}

static bool import_cases(struct import *import, struct error *err)
{
	const struct import_request *request = import->request;
	struct import_result *result = import->result;

	for (size_t i = 0; i < import->len; i++) {
		if (request->limit && (int64_t)(result->written + result->known) >= request->limit)
			break;
		if (!import_case(import, &import->cases[i], err))
			return false;
	}
	return true;
}

bool import_run(const struct import_request *request, struct runtime *runtime,
		struct import_result *result, struct error *err)
{
	struct import import = {
		.request = request,
		.runtime = runtime,
		.result = result,
		.clones = {.paths = request->clones.items, .paths_len = request->clones.len},
		.cases = ARENA_ARRAY(&result->arena, struct eval_case, CASES_OF_LABELS_MAX),
	};
	bool ok;

	for (size_t i = 0; i < request->files_len; i++) {
		if (!read_labels(&import, request->files[i], err))
			return false;
	}
	result->labels = import.len;
	ok = make_folder(request->folder, err) && import_cases(&import, err);
	clones_release(&import.clones);
	return ok;
}

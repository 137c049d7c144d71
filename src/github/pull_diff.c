/* A pull request's whole change through the API, with what the list of files omits. */
#include <stdlib.h>

#include "base/log.h"
#include "github/pull.h"
#include "github/trees.h"
#include "github/wire.h"
#include "source/repository.h"
#include "task/task.h"

/* Patches of the entries behind the seventieth of a page are left out by GitHub. */
#define FILES_PER_PAGE "60"

/* What completing a diff needs; both trees are read when first asked for. */
struct completion {
	struct github *github;
	const struct pull *pull;
	const struct source *local;
	struct diff *diff;
	struct arena arena;
	int blobs_left;
	struct str base_commit;
	struct source_tree base, head;
	bool has_base, has_head;
};

static bool read_tree(struct completion *completion, struct str commit, struct source_tree *tree,
		      struct error *err)
{
	struct github_commit at = {.github = completion->github, .commit = commit};
	struct source source = source_from_github(&at);

	return source_tree(&source, &completion->arena, tree, err);
}

static bool need_base(struct completion *completion, struct error *err)
{
	if (completion->has_base)
		return true;
	if (!pull_merge_base(completion->github, completion->pull, &completion->arena,
			     &completion->base_commit, err) ||
	    !read_tree(completion, completion->base_commit, &completion->base, err))
		return false;
	completion->has_base = true;
	return true;
}

static bool need_head(struct completion *completion, struct error *err)
{
	if (completion->has_head)
		return true;
	if (!read_tree(completion, completion->pull->head_commit, &completion->head, err))
		return false;
	completion->has_head = true;
	return true;
}

bool pull_add_listed(struct diff *diff, const struct value *item, struct arena *arena,
		     struct error *err)
{
	struct wire_file wire = {0};
	struct diff_file_source source;

	if (!fields_decode_json(arena, &wire_file_fields, item, "files of the pull request", &wire,
				err))
		return false;
	source = (struct diff_file_source){
		.path = wire.filename,
		.old_path = wire.previous_filename,
		.status = wire.status,
		.patch = wire.patch,
		.new_id = wire.sha,
		.additions = diff_number(wire.additions),
		.deletions = diff_number(wire.deletions),
	};
	if (!diff_add_file(diff, &source, err))
		return error_wrap(err, "file \"%.*s\"", STR_ARG(wire.filename));
	return true;
}

static bool add_page(void *ctx, const struct value *page, bool *more, struct error *err)
{
	struct completion *completion = ctx;
	SCOPED(arena) struct arena arena = ARENA_INIT;

	(void)more;
	for (size_t i = 0; i < value_len(page); i++) {
		if (completion->diff->len == DIFF_FILES_MAX)
			return error_set(err, ERROR_LIMIT,
					 "files of the pull request: more than %d", DIFF_FILES_MAX);
		task_breathe();
		if (!pull_add_listed(completion->diff, value_at(page, i), &arena, err))
			return false;
	}
	return true;
}

/* The diff keeps what it needs of a page: thousands of files are never all in memory as JSON. */
static bool list_files(struct completion *completion, struct error *err)
{
	struct str path = arena_printf(&completion->arena,
				       "/repos/%.*s/pulls/%lld/files?per_page=" FILES_PER_PAGE,
				       STR_ARG(github_repository(completion->github)),
				       (long long)completion->pull->number);

	return github_pages(completion->github, path, add_page, completion, err);
}

/* ---- Files that the list leaves out: both trees are compared. ---- */

static bool add_unlisted(struct completion *completion, struct error *err)
{
	if (!need_base(completion, err) || !need_head(completion, err))
		return false;
	if (completion->base.truncated || completion->head.truncated)
		return error_set(
			err, ERROR_LIMIT,
			"the pull request changes %lld files, of which GitHub lists %zu, and its trees are too large to be listed whole; check the repository out with `fetch-depth: 0` in a step before",
			(long long)completion->pull->changed_files, completion->diff->len);
	return trees_compare(&completion->base, &completion->head, completion->diff, err);
}

/* ---- Files whose patch is missing: both blobs are compared. ---- */

static bool read_blob(struct completion *completion, struct str id, struct buf *out,
		      struct error *err)
{
	struct github_commit at = {
		.github = completion->github,
		.shared_left = &completion->blobs_left,
	};
	struct source remote = source_from_github(&at);
	struct error absent = {0};

	if (completion->local &&
	    source_blob(completion->local, id, SOURCE_BLOB_SIZE_MAX, out, &absent))
		return true;
	buf_reset(out);
	return source_blob(&remote, id, SOURCE_BLOB_SIZE_MAX, out, err);
}

/* A file or a link of a tree. */
static const struct source_file *find_any(const struct source_tree *tree, struct str path)
{
	const struct source_tree others = {.files = tree->others, .len = tree->others_len};
	const struct source_file *file = source_tree_find(tree, path);

	return file ? file : source_tree_find(&others, path);
}

/* A file whose bytes did not change has another mode, which only the trees state. */
static bool compare_modes(struct completion *completion, struct diff_file *file,
			  const struct source_file *old_file, struct error *err)
{
	const struct source_file *new_file;

	if (!need_head(completion, err))
		return false;
	new_file = find_any(&completion->head, file->path);
	if (!new_file)
		return error_set(err, ERROR_NOT_FOUND, "it is not in commit %.*s",
				 STR_ARG(completion->pull->head_commit));
	if (old_file->mode == new_file->mode)
		return error_set(err, ERROR_PROTOCOL,
				 "GitHub lists it as changed, and both commits have the same file");
	tree_modes_give(file, old_file, new_file);
	file->patch_missing = false;
	return true;
}

static bool compare_blobs(struct completion *completion, struct diff_file *file, struct error *err)
{
	SCOPED(buf) struct buf old_bytes = BUF_INIT;
	SCOPED(buf) struct buf new_bytes = BUF_INIT;
	SCOPED(buf) struct buf patch = BUF_INIT;
	bool binary = false;

	if (file->status != DIFF_ADDED) {
		const struct source_file *old_file;

		if (!need_base(completion, err))
			return false;
		old_file = find_any(&completion->base,
				    file->old_path.len ? file->old_path : file->path);
		if (!old_file)
			return error_set(err, ERROR_NOT_FOUND, "it is not in commit %.*s",
					 STR_ARG(completion->base_commit));
		if (file->status == DIFF_MODIFIED && str_eq(old_file->id, file->new_id))
			return compare_modes(completion, file, old_file, err);
		if (!read_blob(completion, old_file->id, &old_bytes, err))
			return false;
	}
	if (file->status != DIFF_DELETED && !read_blob(completion, file->new_id, &new_bytes, err))
		return false;
	if (!blob_diff(buf_str(&old_bytes), buf_str(&new_bytes), &patch, &binary, err))
		return false;
	if (!binary && !diff_file_set_patch(completion->diff, file, buf_str(&patch), err))
		return false;
	file->binary = binary;
	file->patch_missing = false;
	return true;
}

static bool add_missing_patches(struct completion *completion, struct error *err)
{
	int left = PULL_OWN_DIFFS_MAX;

	for (size_t i = 0; i < completion->diff->len; i++) {
		struct diff_file *file = &completion->diff->files[i];
		struct error failed = {0};

		if (!file->patch_missing)
			continue;
		if (left-- <= 0) {
			log_warning("github",
				    "more than %d files have no patch: the rest is not reviewed",
				    PULL_OWN_DIFFS_MAX);
			return true;
		}
		if (compare_blobs(completion, file, &failed))
			continue;
		if (error_ends_work(&failed)) {
			*err = failed;
			return false;
		}
		log_warning("github", "\"%.*s\" has no patch and is not reviewed: %s",
			    STR_ARG(file->path), failed.message);
	}
	return true;
}

/* GitHub refuses to compare very large changes; which files differ is then in the two trees. */
static bool is_too_large(const struct error *err)
{
	return err->kind == ERROR_INVALID && (err->http_status == 406 || err->http_status == 422);
}

static bool is_complete(const struct completion *completion)
{
	return completion->pull->changed_files <= (int64_t)completion->diff->len;
}

static bool complete(struct completion *completion, struct error *err)
{
	struct error failed = {0};

	if (completion->pull->changed_files > 0)
		diff_reserve(completion->diff, (size_t)completion->pull->changed_files);
	if (!list_files(completion, &failed)) {
		if (!is_too_large(&failed)) {
			*err = failed;
			return false;
		}
		log_notice("github", "%s; comparing the files of both commits instead",
			   failed.message);
		if (!add_unlisted(completion, err))
			return false;
		return add_missing_patches(completion, err);
	}
	if (!is_complete(completion) && !add_unlisted(completion, &failed)) {
		if (completion->diff->len >= PULL_LISTED_FILES_MAX || error_ends_work(&failed)) {
			*err = failed;
			return false;
		}
		/* The count is outdated when commits are pushed meanwhile. */
		log_warning("github",
			    "the pull request changes %lld files, of which GitHub lists %zu: %s",
			    (long long)completion->pull->changed_files, completion->diff->len,
			    failed.message);
	}
	return add_missing_patches(completion, err);
}

bool pull_diff(struct github *github, const struct pull *pull, const struct source *local,
	       struct diff *diff, struct error *err)
{
	struct diff result = {0};
	struct completion completion = {
		.github = github,
		.pull = pull,
		.local = local,
		.diff = &result,
		.blobs_left = 2 * PULL_OWN_DIFFS_MAX,
	};
	bool ok = complete(&completion, err);

	arena_release(&completion.arena);
	if (!ok) {
		diff_release(&result);
		return error_wrap(err, "read the change of pull request #%lld",
				  (long long)pull->number);
	}
	*diff = result;
	return true;
}

bool pull_compare(struct github *github, struct str from, struct str to, struct diff *diff,
		  bool *is_ancestor, struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct github_answer answer = {0};
	const struct value *files;
	struct github_call call = {
		.method = "GET",
		.path = arena_printf(&arena, "/repos/%.*s/compare/%.*s...%.*s",
				     STR_ARG(github_repository(github)), STR_ARG(from),
				     STR_ARG(to)),
	};

	*diff = (struct diff){0};
	if (!github_send(github, &call, &arena, &answer, err))
		return error_wrap(err, "compare two commits");
	*is_ancestor =
		str_eq(value_get_string(value_get(answer.json, "merge_base_commit"), "sha"), from);
	files = value_get(answer.json, "files");
	for (size_t i = 0; i < value_len(files); i++) {
		if (pull_add_listed(diff, value_at(files, i), &arena, err))
			continue;
		diff_release(diff);
		return false;
	}
	return true;
}

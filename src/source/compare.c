/* Computes changes between trees, the work tree and blobs, with libgit2. */
#include <string.h>

#include "base/charset.h"
#include "base/log.h"
#include "source/git.h"
#include "source/repository.h"
#include "source/untracked.h"

/* Appends one line of a printed change; stops the printing when the text grows beyond its maximum. */
static int add_line(const git_diff_delta *delta, const git_diff_hunk *hunk,
		    const git_diff_line *line, void *payload)
{
	struct buf *out = payload;

	(void)delta;
	(void)hunk;
	if (line->content_len + 1 > out->max - out->len)
		return GIT_EUSER;
	if (line->origin == GIT_DIFF_LINE_CONTEXT || line->origin == GIT_DIFF_LINE_ADDITION ||
	    line->origin == GIT_DIFF_LINE_DELETION)
		buf_add_char(out, line->origin);
	buf_add(out, str_of(line->content, line->content_len));
	return 0;
}

static bool too_large(struct error *err)
{
	return error_set(err, ERROR_LIMIT, "a change of more than %d bytes", DIFF_SIZE_MAX);
}

/* Renames found, then printed as git prints it, then parsed by the one parser. */
static bool read_diff(git_diff *git, struct diff *diff, struct error *err)
{
	git_diff_find_options find = GIT_DIFF_FIND_OPTIONS_INIT;
	SCOPED(buf) struct buf text = BUF_INIT;
	int code;

	find.flags = GIT_DIFF_FIND_RENAMES;
	code = git_diff_find_similar(git, &find);
	if (code == 0)
		code = git_diff_print(git, GIT_DIFF_FORMAT_PATCH, add_line, &text);
	if (code == GIT_EUSER)
		return too_large(err);
	if (code != 0)
		return git_fail(err, code, "compare");
	return diff_parse(buf_str(&text), diff, err);
}

/* The user's configuration for the form of a diff (diff.noprefix...) is ignored. */
static git_diff_options fixed_options(void)
{
	git_diff_options options = GIT_DIFF_OPTIONS_INIT;

	options.old_prefix = "a/";
	options.new_prefix = "b/";
	options.id_abbrev = GIT_OID_HEXSZ;
	options.max_size =
		SOURCE_BLOB_SIZE_MAX; /* no model reads more, and it is listed as left out */
	return options;
}

/* Adds a fix to the error of a comparison that lacks objects. */
static bool fail_compare(const struct repository *repository, int code, struct error *err)
{
	const char *fix = "";

	git_fail(err, code, "compare");
	if (repository->partial && err->kind == ERROR_NOT_FOUND)
		fix = "this is a partial clone: fetch what is missing (git fetch --refetch --no-filter), or ";
	else if (str_contains(str_from(err->message), STR("'sdir'")))
		fix = "the index is sparse: make it whole (git sparse-checkout reapply --no-sparse-index), or ";
	return error_append(
		err, "; %sgive the change itself: git diff BASE | outcrop review --diff -", fix);
}

static bool compare_bytes(struct str old_bytes, struct str new_bytes, struct buf *patch,
			  bool *binary, struct error *err)
{
	SCOPED(buf) struct buf whole = BUF_INIT;
	git_patch *git = NULL;
	ptrdiff_t hunks;
	int code;

	git_libgit2_init();
	code = git_patch_from_buffers(&git, old_bytes.ptr ? old_bytes.ptr : "", old_bytes.len, "a",
				      new_bytes.ptr ? new_bytes.ptr : "", new_bytes.len, "a", NULL);
	if (code == 0)
		code = git_patch_print(git, add_line, &whole);
	if (code == 0)
		*binary = git_patch_get_delta(git)->flags & GIT_DIFF_FLAG_BINARY;
	git_patch_free(git);
	git_libgit2_shutdown();
	if (code == GIT_EUSER)
		return too_large(err);
	if (code != 0)
		return git_fail(err, code, "compare two versions of a file");
	hunks = *binary ? -1 : str_find(buf_str(&whole), STR("\n@@ -"), 0);
	if (hunks >= 0)
		buf_add(patch, str_skip(buf_str(&whole), (size_t)hunks + 1));
	return true;
}

static bool decode(struct str bytes, struct buf *text)
{
	enum charset charset;

	if (!charset_guess(bytes, &charset))
		return false;
	charset_decode(bytes, charset, text);
	return true;
}

bool blob_diff(struct str old_bytes, struct str new_bytes, struct buf *patch, bool *binary,
	       struct error *err)
{
	SCOPED(buf) struct buf old_text = BUF_INIT;
	SCOPED(buf) struct buf new_text = BUF_INIT;

	if (!compare_bytes(old_bytes, new_bytes, patch, binary, err))
		return false;
	/* git treats a comment with one NUL byte, or UTF-16, as binary, but it is text that can be reviewed. */
	if (!*binary || !decode(old_bytes, &old_text) || !decode(new_bytes, &new_text))
		return true;
	return compare_bytes(buf_str(&old_text), buf_str(&new_text), patch, binary, err);
}

/* One side of a comparison: blobs, and the files of the work tree for what is not stored yet. */
struct sides {
	struct source blobs, work;
	struct source_tree files; /* of the work tree; empty where both sides are stored */
};

static bool is_nothing(struct str id)
{
	for (size_t i = 0; i < id.len; i++) {
		if (id.ptr[i] != '0')
			return false;
	}
	return true;
}

/* A side's bytes; empty for the id of no blob.  False when it is not here or too large. */
static bool read_side(const struct sides *sides, struct str id, struct str path, struct buf *out)
{
	const struct source_file *file = source_tree_find(&sides->files, path);
	struct error err;

	if (file && source_blob(&sides->work, file->id, SOURCE_BLOB_SIZE_MAX, out, &err))
		return true;
	return is_nothing(id) || source_blob(&sides->blobs, id, SOURCE_BLOB_SIZE_MAX, out, &err);
}

/*
 * The change can declare in .gitattributes that a text is binary. It must not choose what is
 * reviewed: such a file is compared by its bytes.
 */
static bool show_text(const struct sides *sides, struct diff *diff, struct diff_file *file,
		      struct error *err)
{
	SCOPED(buf) struct buf old_bytes = BUF_INIT;
	SCOPED(buf) struct buf new_bytes = BUF_INIT;
	SCOPED(buf) struct buf patch = BUF_INIT;
	bool binary = true;

	if (!file->binary || !read_side(sides, file->old_id, STR_EMPTY, &old_bytes) ||
	    (file->status != DIFF_DELETED &&
	     !read_side(sides, file->new_id, file->path, &new_bytes)))
		return true;
	if (!blob_diff(buf_str(&old_bytes), buf_str(&new_bytes), &patch, &binary, err))
		return false;
	if (binary)
		return true;
	file->binary = false;
	return diff_file_set_patch(diff, file, buf_str(&patch), err);
}

/* Without the old text, or when it is not wanted, the places stay unknown. */
static void set_places(const struct sides *sides, struct diff_file *file)
{
	SCOPED(buf) struct buf old_bytes = BUF_INIT;

	if (file->len && file->status != DIFF_ADDED && file->status != DIFF_DELETED &&
	    read_side(sides, file->old_id, STR_EMPTY, &old_bytes))
		diff_file_set_places(file, buf_str(&old_bytes));
}

/* Parses what libgit2 found, and shows as text what is text. */
static bool finish(struct repository *repository, git_diff *git, struct sides *sides,
		   struct diff *diff, struct error *err)
{
	struct repository_commit commit = {.repository = repository};
	SCOPED(diff) struct diff read = {0};
	bool ok = read_diff(git, &read, err);

	if (!ok && repository->partial && err->kind == ERROR_NOT_FOUND)
		return fail_compare(repository, GIT_ENOTFOUND, err);
	sides->blobs = source_from_commit(&commit);
	for (size_t i = 0; ok && i < read.len; i++) {
		ok = show_text(sides, &read, &read.files[i], err);
		if (ok)
			set_places(sides, &read.files[i]);
	}
	if (ok) {
		*diff = read;
		read = (struct diff){0};
	}
	return ok;
}

static bool compare_trees(struct repository *repository, git_tree *old_tree, git_tree *new_tree,
			  struct diff *diff, struct error *err)
{
	git_diff_options options = fixed_options();
	struct sides sides = {0};
	git_diff *git = NULL;
	int code = git_diff_tree_to_tree(&git, repository->git, old_tree, new_tree, &options);
	bool ok = code == 0 ? finish(repository, git, &sides, diff, err)
			    : fail_compare(repository, code, err);

	git_diff_free(git);
	return ok;
}

bool repository_diff(struct repository *repository, struct str old_commit, struct str new_commit,
		     struct diff *diff, struct error *err)
{
	git_tree *old_tree = NULL;
	git_tree *new_tree = NULL;
	bool ok = git_tree_of(repository, old_commit, &old_tree, err) &&
		  git_tree_of(repository, new_commit, &new_tree, err) &&
		  compare_trees(repository, old_tree, new_tree, diff, err);

	git_tree_free(new_tree);
	git_tree_free(old_tree);
	return ok;
}

void repository_leave_out(struct repository *repository, const char *path)
{
	const char *workdir = git_repository_workdir(repository->git);
	char *root = workdir ? realpath(workdir, NULL) : NULL;
	char *real = root ? realpath(path, NULL) : NULL;

	if (real && str_is_below(str_from(real), str_from(root)) &&
	    repository->results_len < RESULTS_MAX)
		repository->results[repository->results_len++] =
			arena_str(&repository->arena, str_from(real + strlen(root) + 1));
	free(real);
	free(root);
}

/* Whether the path is one that this program writes, or is below it. */
static bool is_result(const struct repository *repository, struct str path)
{
	for (size_t i = 0; i < repository->results_len; i++) {
		struct str result = repository->results[i];

		if (str_eq(path, result) || str_is_below(path, result))
			return true;
	}
	return false;
}

/* What a comparison with the work tree leaves out. */
struct filter {
	const struct repository *repository;
	git_index *index;
	struct untracked taken, left_out;
};

static void filter_release(struct filter *filter)
{
	untracked_release(&filter->left_out);
	untracked_release(&filter->taken);
	git_index_free(filter->index);
}

/* Positive: the file is left out. */
static int on_delta(const git_diff *diff, const git_diff_delta *delta, const char *matched,
		    void *payload)
{
	struct filter *filter = payload;
	const char *path = delta->new_file.path;
	const git_index_entry *entry;

	(void)diff;
	(void)matched;
	if (delta->status == GIT_DELTA_UNTRACKED && str_ends(str_from(path), STR("/"))) {
		log_notice("source",
			   "\"%s\" is a separate git repository and is not reviewed with this one",
			   path);
		return 1;
	}
	if (delta->status == GIT_DELTA_UNTRACKED) {
		bool secret = untracked_is_secret(str_from(path));

		if (is_result(filter->repository, str_from(path)))
			return 1;
		untracked_add(secret ? &filter->left_out : &filter->taken, str_from(path));
		return secret;
	}
	/* A file outside of the cone of a sparse checkout was not deleted. */
	entry = delta->status == GIT_DELTA_DELETED
			? git_index_get_bypath(filter->index, delta->old_file.path, 0)
			: NULL;
	return entry && (entry->flags_extended & GIT_INDEX_ENTRY_SKIP_WORKTREE);
}

/* libgit2 leaves files in conflict out of what it compares. */
static bool check_conflicts(struct repository *repository, struct error *err)
{
	git_index_conflict_iterator *conflicts = NULL;
	const git_index_entry *entries[3] = {NULL};
	const char *path = NULL;
	git_index *index = NULL;

	if (git_repository_index(&index, repository->git) == 0 && git_index_has_conflicts(index) &&
	    git_index_conflict_iterator_new(&conflicts, index) == 0 &&
	    git_index_conflict_next(&entries[0], &entries[1], &entries[2], conflicts) == 0) {
		for (size_t i = 0; i < ARRAY_LEN(entries) && !path; i++)
			path = entries[i] ? entries[i]->path : NULL;
	}
	if (path)
		error_set(err, ERROR_CONFLICT,
			  "\"%s\" is in conflict: solve it, git add it, and run this again", path);
	git_index_conflict_iterator_free(conflicts);
	git_index_free(index);
	return !path;
}

static bool compare_worktree(struct repository *repository, git_tree *tree, struct diff *diff,
			     struct error *err)
{
	SCOPED(filter)
	struct filter filter = {
		.repository = repository, .taken = UNTRACKED_INIT, .left_out = UNTRACKED_INIT};
	SCOPED(arena) struct arena arena = ARENA_INIT;
	git_diff_options options = fixed_options();
	struct sides sides = {.work = source_from_worktree(repository)};
	git_diff *git = NULL;
	int code = git_repository_index(&filter.index, repository->git);
	bool ok;

	options.flags = GIT_DIFF_INCLUDE_UNTRACKED | GIT_DIFF_RECURSE_UNTRACKED_DIRS |
			GIT_DIFF_SHOW_UNTRACKED_CONTENT;
	options.notify_cb = on_delta;
	options.payload = &filter;
	if (!check_conflicts(repository, err))
		return false;
	if (code == 0)
		code = git_diff_tree_to_workdir_with_index(&git, repository->git, tree, &options);
	if (code != 0)
		return fail_compare(repository, code, err);
	ok = source_tree(&sides.work, &arena, &sides.files, err) &&
	     finish(repository, git, &sides, diff, err);
	git_diff_free(git);
	if (ok)
		untracked_tell(&filter.taken, &filter.left_out);
	return ok;
}

bool repository_diff_worktree(struct repository *repository, struct str old_commit,
			      struct diff *diff, struct error *err)
{
	git_tree *tree = NULL;
	bool ok = git_tree_of(repository, old_commit, &tree, err) &&
		  compare_worktree(repository, tree, diff, err);

	git_tree_free(tree);
	return ok;
}

bool repository_diff_staged(struct repository *repository, struct str old_commit, struct diff *diff,
			    struct error *err)
{
	git_diff_options options = fixed_options();
	struct sides sides = {0};
	git_tree *tree = NULL;
	git_diff *git = NULL;
	bool ok;
	int code;

	if (!check_conflicts(repository, err) || !git_tree_of(repository, old_commit, &tree, err))
		return false;
	code = git_diff_tree_to_index(&git, repository->git, tree, NULL, &options);
	ok = code == 0 ? finish(repository, git, &sides, diff, err)
		       : fail_compare(repository, code, err);
	git_diff_free(git);
	git_tree_free(tree);
	return ok;
}

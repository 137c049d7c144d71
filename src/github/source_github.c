/* A source over GitHub's trees and blobs: a tree in one call, blobs counted. */
#include <stdlib.h>

#include "base/encode.h"
#include "github/pull.h"
#include "github/wire.h"

/* "100644" as a number; 0 if it is not six octal digits. */
static uint32_t mode_of(struct str text)
{
	uint32_t mode = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (text.len != 6 || text.ptr[i] < '0' || text.ptr[i] > '7')
			return 0;
		mode = mode * 8 + (uint32_t)(text.ptr[i] - '0');
	}
	return mode;
}

static bool is_regular(const struct wire_entry *entry, uint32_t mode)
{
	return str_eq(entry->type, STR("blob")) && (mode == 0100644 || mode == 0100755);
}

static bool is_folder(const struct wire_entry *entry)
{
	return str_eq(entry->type, STR("tree"));
}

static bool take_entries(struct arena *arena, const struct value *json, struct source_tree *tree,
			 struct error *err)
{
	const struct value *entries = value_get(json, "tree");
	size_t count = value_len(entries);
	struct source_tree result = {.truncated = value_get_bool(json, "truncated", false)};

	if (!value_is(entries, VALUE_ARRAY))
		return error_set(err, ERROR_PROTOCOL, "the answer has no tree");
	if (count > SOURCE_FILES_MAX) {
		count = SOURCE_FILES_MAX;
		result.truncated = true;
	}
	result.files = ARENA_ARRAY(arena, struct source_file, count);
	for (size_t i = 0; i < count; i++) {
		struct wire_entry entry = {.size = -1};
		struct source_file file;

		if (!fields_decode_json(arena, &wire_entry_fields, value_at(entries, i), "tree",
					&entry, err))
			return false;
		file = (struct source_file){
			.path = entry.path,
			.id = entry.sha,
			.size = entry.size,
			.mode = mode_of(entry.mode),
		};
		/* Files from the start of the array, others from its end. */
		if (is_regular(&entry, file.mode))
			result.files[result.len++] = file;
		else if (!is_folder(&entry))
			result.files[count - ++result.others_len] = file;
	}
	qsort(result.files, result.len, sizeof(*result.files), source_file_compare);
	if (result.others_len) {
		result.others = result.files + (count - result.others_len);
		qsort(result.others, result.others_len, sizeof(*result.others),
		      source_file_compare);
	}
	*tree = result;
	return true;
}

static struct source_file *copy_files(struct arena *arena, const struct source_file *files,
				      size_t len)
{
	struct source_file *copy = ARENA_ARRAY(arena, struct source_file, len);

	for (size_t i = 0; i < len; i++) {
		copy[i] = files[i];
		copy[i].path = arena_str(arena, files[i].path);
		copy[i].id = arena_str(arena, files[i].id);
	}
	return copy;
}

static struct source_tree copy_tree(struct arena *arena, const struct source_tree *tree)
{
	struct source_tree copy = *tree;

	copy.files = copy_files(arena, tree->files, tree->len);
	copy.others = copy_files(arena, tree->others, tree->others_len);
	return copy;
}

static void keep_tree(struct github *github, struct str key, const struct source_tree *tree)
{
	struct source_tree *kept = ARENA_NEW(github_arena(github), struct source_tree);

	*kept = copy_tree(github_arena(github), tree);
	github_keep(github, key, kept);
}

/* A commit's tree cannot change, and several readers want it: it is asked for once. */
static bool read_tree(void *ctx, struct arena *arena, struct source_tree *tree, struct error *err)
{
	struct github_commit *commit = ctx;
	struct github_answer answer = {0};
	struct github_call call = {
		.method = "GET",
		.path = arena_printf(arena, "/repos/%.*s/git/trees/%.*s?recursive=1",
				     STR_ARG(github_repository(commit->github)),
				     STR_ARG(commit->commit)),
	};
	const struct source_tree *kept = github_kept(commit->github, call.path);

	if (kept) {
		*tree = copy_tree(arena, kept);
		return true;
	}
	if (!github_send(commit->github, &call, arena, &answer, err) ||
	    !take_entries(arena, answer.json, tree, err))
		return error_wrap(err, "read the files of commit %.*s", STR_ARG(commit->commit));
	if (str_is_git_id(commit->commit)) /* a branch or tag may move */
		keep_tree(commit->github, call.path, tree);
	return true;
}

static bool decode_blob(const struct value *json, struct buf *out, struct error *err)
{
	SCOPED(buf) struct buf packed = BUF_INIT;
	struct str content = value_get_string(json, "content");
	struct str line;

	if (!str_eq(value_get_string(json, "encoding"), STR("base64"))) {
		buf_add(out, content);
		return true;
	}
	while (str_next_line(&content, &line, NULL))
		buf_add(&packed, str_trim(line));
	return base64_decode(buf_str(&packed), out) ||
	       error_set(err, ERROR_PROTOCOL, "its content is not base64");
}

/*
 * Keeps the blobs that were read, because several readers need them: the reviewer, a tool, the
 * check for removed code.
 */
enum { KEPT_BLOBS_SIZE_MAX = 16 << 20 };

struct kept_blobs {
	size_t size;
};

static void keep_blob(struct github *github, struct str key, struct str text)
{
	static const struct str count_key = STR_INIT("kept blobs");
	struct kept_blobs *count = github_kept(github, count_key);
	struct str *kept;

	if (!count) {
		count = ARENA_NEW(github_arena(github), struct kept_blobs);
		github_keep(github, count_key, count);
	}
	if (text.len > KEPT_BLOBS_SIZE_MAX - count->size || github_kept(github, key))
		return;
	count->size += text.len;
	kept = ARENA_NEW(github_arena(github), struct str);
	*kept = arena_str(github_arena(github), text);
	github_keep(github, key, kept);
}

static bool take_blob(struct str text, size_t size_max, struct buf *out, struct error *err)
{
	if (text.len > size_max)
		return error_set(err, ERROR_LIMIT, "it has %zu bytes, more than %zu", text.len,
				 size_max);
	return buf_take(out, text, "blob", err);
}

static bool read_blob(void *ctx, struct str id, size_t size_max, struct buf *out, struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf bytes = BUF_INIT;
	struct github_commit *commit = ctx;
	int *left = commit->shared_left ? commit->shared_left : &commit->blobs_left;
	const struct str *kept;
	struct github_answer answer = {0};
	struct github_call call = {
		.method = "GET",
		.path = arena_printf(&arena, "/repos/%.*s/git/blobs/%.*s",
				     STR_ARG(github_repository(commit->github)), STR_ARG(id)),
	};

	kept = github_kept(commit->github, call.path);
	if (kept)
		return take_blob(*kept, size_max, out, err) ||
		       error_wrap(err, "read blob %.*s", STR_ARG(id));
	if (*left <= 0)
		return error_set(
			err, ERROR_LIMIT,
			"%d files were read through the API, the most for one run; check the repository out in a step before, and files are read there",
			GITHUB_BLOBS_MAX);
	(*left)--;
	if (!github_send(commit->github, &call, &arena, &answer, err) ||
	    !decode_blob(answer.json, &bytes, err))
		return error_wrap(err, "read blob %.*s", STR_ARG(id));
	keep_blob(commit->github, call.path, buf_str(&bytes));
	return take_blob(buf_str(&bytes), size_max, out, err) ||
	       error_wrap(err, "read blob %.*s", STR_ARG(id));
}

struct source source_from_github(struct github_commit *commit)
{
	static const struct source_ops ops = {.tree = read_tree, .blob = read_blob};

	return (struct source){.ops = &ops, .ctx = commit};
}

bool github_resolve_commit(struct github *github, struct str ref, struct arena *arena,
			   struct str *commit, struct error *err)
{
	SCOPED(buf) struct buf path = BUF_INIT;
	struct github_call call = {.method = "GET", .repeat = GITHUB_REPEAT_SAFE};
	struct github_answer answer = {0};

	buf_addf(&path, "/repos/%.*s/commits/", STR_ARG(github_repository(github)));
	percent_add(&path, ref, "");
	call.path = buf_str(&path);
	if (!github_send(github, &call, arena, &answer, err))
		return false;
	*commit = value_get_string(answer.json, "sha");
	return commit->len || error_set(err, ERROR_PROTOCOL,
					"commit \"%.*s\": the answer has no \"sha\"", STR_ARG(ref));
}

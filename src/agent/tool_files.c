/* The tree, and the texts of its files, decoded and redacted; shared input of the tools. */
#include "agent/tool_files.h"

#include <stdlib.h>
#include <string.h>

#include "base/breathe.h"
#include "base/glob.h"
#include "base/log.h"
#include "redact/path.h"
#include "redact/redact.h"

/* A file's text, decoded and redacted. */
struct tools_blob {
	struct buf text;
	bool binary;
};

static void blob_free(struct tools_blob *blob)
{
	buf_release(&blob->text);
	free(blob);
}

static void forget_blobs(struct tools *tools)
{
	for (size_t i = 0; i < tools->blob_list.len; i++)
		blob_free(tools->blob_list.items[i]);
	VEC_RELEASE(&tools->blob_list);
	map_release(&tools->blobs);
	tools->cached = 0;
}

void tools_release(struct tools *tools)
{
	if (!tools)
		return;
	forget_blobs(tools);
	arena_release(&tools->arena);
	tools->tree = (struct source_tree){0};
	tools->shown = NULL;
	tools->order = NULL;
	tools->loaded = false;
}

/* Files next to changed ones are the most likely to matter, so a source with a limit returns them first. */
static void make_order(struct tools *tools)
{
	SCOPED(map) struct map folders = {0};
	size_t len = 0;

	for (size_t i = 0; i < tools->changed_len; i++)
		map_put(&folders, str_folder(tools->changed[i]), tools);
	tools->order = ARENA_ARRAY(&tools->arena, size_t, tools->tree.len);
	for (int near = 1; near >= 0; near--) {
		for (size_t i = 0; i < tools->tree.len; i++) {
			if (!map_get(&folders, str_folder(tools->tree.files[i].path)) == !near)
				tools->order[len++] = i;
		}
	}
}

bool tool_load_tree(struct tools *tools, struct error *err)
{
	struct source_tree tree = {0};

	if (tools->loaded)
		return true;
	if (!tools->source)
		return error_set(
			err, ERROR_INVALID,
			"the files of this repository are not at hand in this run; judge by the change alone");
	if (!source_tree(tools->source, &tools->arena, &tree, err)) {
		if (error_ends_work(err))
			return false;
		log_warning("tools", "the repository's files cannot be listed: %s", err->message);
		return error_set(
			err, ERROR_INVALID,
			"the files of this repository cannot be listed; judge by the change alone");
	}
	/* Another call may have loaded it while this one waited. */
	if (!tools->loaded) {
		tools->tree = tree;
		tools->shown = ARENA_ARRAY(&tools->arena, struct str, tree.len);
		tools->loaded = true;
		make_order(tools);
	}
	return true;
}

/* Returns the file's kept text; another call may have kept it while this one read. */
static struct tools_blob *keep_blob(struct tools *tools, const struct source_file *file,
				    struct str bytes)
{
	struct tools_blob *blob = NEW(struct tools_blob);
	struct tools_blob *kept;

	buf_init(&blob->text, BUF_SIZE_MAX);
	blob->binary = !redact_add_bytes(&blob->text, bytes);
	kept = map_get(&tools->blobs, file->id);
	if (kept) {
		blob_free(blob);
		return kept;
	}
	if (tools->cached + blob->text.len > TOOL_CACHE_SIZE_MAX)
		forget_blobs(tools);
	tools->cached += blob->text.len;
	VEC_PUSH(&tools->blob_list, blob);
	map_put(&tools->blobs, file->id, blob);
	return blob;
}

bool tool_file_text(struct tools *tools, const struct source_file *file, struct buf *text,
		    struct error *err)
{
	SCOPED(buf) struct buf bytes = BUF_INIT;
	struct tools_blob *blob = map_get(&tools->blobs, file->id);

	if (file->size > TOOL_FILE_SIZE_MAX)
		return error_set(err, ERROR_INVALID,
				 "it is too large: %lld bytes, at most %d are read",
				 (long long)file->size, TOOL_FILE_SIZE_MAX);
	if (!blob) {
		if (!source_blob(tools->source, file->id, TOOL_FILE_SIZE_MAX, &bytes, err)) {
			if (error_ends_work(err))
				return false;
			log_debug("tools", "%.*s: %s", STR_ARG(file->path), err->message);
			return error_set(err, ERROR_INVALID, "it cannot be read in this run");
		}
		blob = keep_blob(tools, file, buf_str(&bytes));
	}
	if (blob->binary)
		return error_set(err, ERROR_INVALID, "it is binary");
	buf_add(text, buf_str(&blob->text));
	return true;
}

/* The path as the model sees it, made when it is first needed: redacting all of a large tree takes long. */
static struct str shown_path(struct tools *tools, size_t idx)
{
	if (!tools->shown[idx].len) {
		tools->shown[idx] = path_shown(&tools->arena, tools->tree.files[idx].path);
		breathe_step();
	}
	return tools->shown[idx];
}

bool tool_glob_match(struct tools *tools, struct str glob, size_t idx)
{
	struct str path = shown_path(tools, idx);
	struct str folder = glob;

	while (str_starts(folder, STR("./")))
		folder = str_skip(folder, 2);
	if (str_starts(folder, STR("/")))
		folder = str_skip(folder, 1);
	if (str_ends(folder, STR("/")))
		folder.len--;
	if (!folder.len || str_eq(folder, STR(".")))
		return true;
	return glob_match(glob, path) || glob_match(folder, path) || str_is_below(path, folder);
}

bool tool_decode(struct tool_work *work, const struct fields *fields, void *input,
		 struct error *err)
{
	if (!work->input)
		return error_set(err, ERROR_INVALID, "%s: its input is missing", fields->title);
	if (fields_decode_json(work->arena, fields, work->input, fields->title, input, err))
		return true;
	err->kind = ERROR_INVALID;
	return false;
}

bool tool_check_glob(struct str glob, struct error *err)
{
	struct error why;

	if (!glob.len || str_eq(glob, STR("/")) || str_eq(glob, STR("./")) ||
	    glob_check(glob, &why))
		return true;
	return error_set(err, ERROR_INVALID, "glob: %s", why.message);
}

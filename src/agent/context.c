/* Files of the base commit, for {{ context }}. */
#include "agent/context.h"

#include "base/glob_list.h"
#include "base/log.h"
#include "redact/redact.h"

enum { ROOM_FOR_NOTES = 4000 };

void context_release(struct context *context)
{
	if (!context)
		return;
	arena_release(&context->arena);
	context->tree = (struct source_tree){0};
	context->loaded = false;
}

/* Without a tree there are no files. An agent can work without its context, so this is a warning. */
static bool load_tree(struct context *context, struct error *err)
{
	struct source_tree tree = {0};

	if (context->loaded || !context->source)
		return true;
	if (!source_tree(context->source, &context->arena, &tree, err)) {
		if (error_ends_work(err))
			return false;
		log_warning("context", "files at the base commit cannot be listed: %s",
			    err->message);
	}
	context->tree = tree;
	context->loaded = true;
	return true;
}

/* The file's text, redacted; *ok is false, with a reason in *why, when it is not available. */
static bool read_text(struct context *context, const struct source_file *file, struct buf *text,
		      const char **why, struct error *err)
{
	SCOPED(buf) struct buf bytes = BUF_INIT;

	*why = NULL;
	if (file->size > CONTEXT_FILE_SIZE_MAX) {
		*why = "too large";
		return true;
	}
	if (!source_blob(context->source, file->id, CONTEXT_FILE_SIZE_MAX, &bytes, err)) {
		if (error_ends_work(err))
			return false;
		log_debug("context", "%.*s: %s", STR_ARG(file->path), err->message);
		*why = "not at hand in this run";
		return true;
	}
	if (!redact_add_bytes(text, buf_str(&bytes)))
		*why = "binary";
	return true;
}

static void add_note(struct buf *notes, struct str path, const char *why)
{
	if (notes->len > ROOM_FOR_NOTES)
		return;
	buf_add_text(notes, "- ");
	log_escape(notes, path);
	buf_addf(notes, ": %s\n", why);
}

bool context_add_files(struct context *context, const struct strings *globs, struct buf *out,
		       struct error *err)
{
	SCOPED(buf) struct buf notes = BUF_INIT;
	size_t start = out->len;
	size_t count = 0;

	if (!load_tree(context, err))
		return false;
	for (size_t i = 0; i < context->tree.len; i++) {
		const struct source_file *file = &context->tree.files[i];
		SCOPED(buf) struct buf text = BUF_INIT;
		const char *why = NULL;

		if (!glob_list_match(globs->items, globs->len, file->path))
			continue;
		if (count++ >= CONTEXT_FILES_MAX)
			why = "too many files";
		else if (!read_text(context, file, &text, &why, err))
			return false;
		if (!why && out->len - start + text.len > CONTEXT_SIZE_MAX)
			why = "no room left";
		if (why) {
			add_note(&notes, file->path, why);
			continue;
		}
		buf_add_text(out, "## File: ");
		log_escape(out, file->path);
		buf_addf(out, "\n%s%s\n", text.ptr,
			 str_ends(buf_str(&text), STR("\n")) ? "" : "\n");
	}
	if (notes.len)
		buf_addf(out, "Left out:\n%s", notes.ptr);
	return true;
}

bool context_paragraphs(struct context *context, const struct strings *globs, struct arena *arena,
			struct paragraphs *paragraphs, struct error *err)
{
	if (!load_tree(context, err))
		return false;
	for (size_t i = 0; i < context->tree.len && paragraphs->len < PARAGRAPHS_MAX; i++) {
		const struct source_file *file = &context->tree.files[i];
		SCOPED(buf) struct buf text = BUF_INIT;
		const char *why;

		if (!glob_list_match(globs->items, globs->len, file->path))
			continue;
		if (!read_text(context, file, &text, &why, err))
			return false;
		if (!why)
			paragraphs_split(arena, file->path, buf_str(&text), paragraphs);
	}
	return true;
}

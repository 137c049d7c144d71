/* Guidance: the files of the base commit that apply to a unit, and as much of them as fits. */
#include "review/guidance.h"

#include <stdlib.h>

#include "base/glob_list.h"
#include "base/log.h"
#include "base/map.h"
#include "base/quote.h"
#include "base/tokens.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "redact/redact.h"

enum {
	GUIDANCE_SIZE_MAX = 256 << 10,
	SIZE_MAX_OF_UNIT = GUIDANCE_TOKENS_MAX * BYTES_PER_TOKEN,
	SIZE_WORTH_SHOWING = 200, /* a shorter part of a file is useless */
	FOLDER_DEPTH_MAX = 64,    /* of folders */
};

struct guidance_reader {
	const struct review *review;
	struct arena arena;
	struct source_tree tree;
	struct map texts; /* blob id -> struct str *, redacted; an empty one cannot be read */
	int files_left;
};

/* One file that applies to a unit. */
struct guide {
	const struct source_file *file;
	size_t depth; /* of its folder */
	size_t order;
};

struct guides {
	VEC_FIELDS(struct guide);
};

/* ---- Which files ---- */

static void add_guide(struct guides *guides, const struct source_file *file, size_t depth,
		      size_t order)
{
	for (size_t i = 0; i < guides->len; i++) {
		if (str_eq(guides->items[i].file->id, file->id))
			return; /* the same file, or a copy of it */
	}
	VEC_PUSH(guides, (struct guide){file, depth, order});
}

/* Adds the guidance files of one folder ("" is the root, else "src/a"). */
static void add_folder(const struct guidance_reader *reader, struct str folder,
		       struct guides *guides)
{
	const struct strings *names = &reader->review->options.guidance;
	SCOPED(buf) struct buf path = BUF_INIT;
	size_t depth = folder.len != 0;

	for (size_t i = 0; i < folder.len; i++)
		depth += folder.ptr[i] == '/';
	for (size_t i = 0; i < names->len; i++) {
		const struct source_file *file;

		buf_reset(&path);
		buf_add(&path, folder);
		buf_add_text(&path, folder.len ? "/" : "");
		buf_add(&path, names->items[i]);
		file = source_tree_find(&reader->tree, buf_str(&path));
		if (file)
			add_guide(guides, file, depth, i);
	}
}

static int compare_guides(const void *a, const void *b)
{
	const struct guide *left = a;
	const struct guide *right = b;

	if (left->depth != right->depth)
		return left->depth > right->depth ? -1 : 1;
	if (left->order != right->order)
		return left->order < right->order ? -1 : 1;
	return str_cmp(left->file->path, right->file->path);
}

/* Finds all that apply to the files of the unit, those of the nearest folders first. */
static void find_guides(const struct guidance_reader *reader, const struct plan *plan,
			const struct unit *unit, struct guides *guides)
{
	SCOPED(map) struct map seen = {0};

	add_folder(reader, STR_EMPTY, guides);
	for (size_t i = 0; i < unit->view.len; i++) {
		struct str folder = str_folder(plan->diff->files[unit->view.parts[i].file].path);

		for (int depth = 0; folder.len && depth < FOLDER_DEPTH_MAX; depth++) {
			if (map_get(&seen, folder))
				break;
			map_put(&seen, folder, guides);
			add_folder(reader, folder, guides);
			folder = str_folder(folder);
		}
	}
	if (guides->len)
		qsort(guides->items, guides->len, sizeof(guides->items[0]), compare_guides);
}

/* ---- Their texts ---- */

/* The file as text without secrets; empty when it cannot be read. */
static bool read_guide(struct guidance_reader *reader, const struct source_file *file,
		       struct str *text, struct error *err)
{
	SCOPED(buf) struct buf bytes = BUF_INIT;
	SCOPED(buf) struct buf redacted = BUF_INIT;
	const struct str *known = map_get(&reader->texts, file->id);
	struct str *kept;

	if (known) {
		*text = *known;
		return true;
	}
	kept = ARENA_NEW(&reader->arena, struct str);
	if (reader->files_left-- <= 0) {
		log_debug("guidance", "%.*s: enough files were read", STR_ARG(file->path));
	} else if (!source_blob(reader->review->change->base, file->id, GUIDANCE_SIZE_MAX, &bytes,
				err)) {
		if (error_ends_work(err))
			return false;
		log_warning("guidance", "%.*s is left out: %s", STR_ARG(file->path), err->message);
	} else if (redact_add_bytes(&redacted, buf_str(&bytes))) {
		*kept = arena_str(&reader->arena, str_trim(buf_str(&redacted)));
	}
	map_put(&reader->texts, arena_str(&reader->arena, file->id), kept);
	*text = *kept;
	return true;
}

/* Appends a part under its name, truncated to the room that is left; counts the rest. */
static void add_part(struct buf *out, const char *kind, struct str name, struct str text,
		     size_t *left_out)
{
	size_t room = SIZE_MAX_OF_UNIT - MIN_OF(out->len, (size_t)SIZE_MAX_OF_UNIT);
	struct str shown = utf8_cut(text, room);

	if (!text.len)
		return;
	if (shown.len < text.len && room < SIZE_WORTH_SHOWING) {
		(*left_out)++;
		return;
	}
	buf_addf(out, "## %s", kind);
	quote_add(out, name);
	buf_addf(out, "\n%.*s\n", STR_ARG(shown));
	if (shown.len < text.len)
		buf_addf(out, "[cut: %zu of %zu bytes are shown]\n", shown.len, text.len);
	buf_add_char(out, '\n');
}

static bool applies(const struct instruction *instruction, const struct plan *plan,
		    const struct unit *unit)
{
	const struct strings *paths = &instruction->paths;

	for (size_t i = 0; paths->len && i < unit->view.len; i++) {
		if (glob_list_match(paths->items, paths->len,
				    plan->diff->files[unit->view.parts[i].file].path))
			return true;
	}
	return !paths->len;
}

static void add_instructions(const struct guidance_reader *reader, const struct plan *plan,
			     const struct unit *unit, struct buf *out, size_t *left_out)
{
	const struct review_options *options = &reader->review->options;

	for (size_t i = 0; i < options->instructions_len; i++) {
		const struct instruction *instruction = &options->instructions[i];
		SCOPED(buf) struct buf paths = BUF_INIT;
		SCOPED(buf) struct buf text = BUF_INIT;

		if (!applies(instruction, plan, unit))
			continue;
		for (size_t j = 0; j < instruction->paths.len; j++)
			buf_addf(&paths, "%s%.*s", j ? ", " : " for ",
				 STR_ARG(instruction->paths.items[j]));
		redact_add(&text, str_trim(instruction->text));
		add_part(out, "Configuration", buf_str(&paths), buf_str(&text), left_out);
	}
}

static bool make_text(struct guidance_reader *reader, struct plan *plan, struct unit *unit,
		      struct error *err)
{
	SCOPED(buf) struct buf out = BUF_INIT;
	struct guides guides = {0};
	size_t left_out = 0;
	bool ok = true;

	add_instructions(reader, plan, unit, &out, &left_out);
	if (reader->review->options.guidance.len)
		find_guides(reader, plan, unit, &guides);
	for (size_t i = 0; ok && i < guides.len; i++) {
		struct str text = STR_EMPTY;

		ok = read_guide(reader, guides.items[i].file, &text, err);
		if (ok)
			add_part(&out, "File: ", guides.items[i].file->path, text, &left_out);
	}
	if (left_out)
		buf_addf(&out, "Left out for lack of room: %zu more\n", left_out);
	VEC_RELEASE(&guides);
	unit->guidance = arena_str(&plan->arena, buf_str(&out));
	return ok;
}

/* Units with one view of one chunk have the same guidance. */
static const struct unit *same_view(const struct plan *plan, size_t idx)
{
	const struct unit *unit = &plan->units[idx];

	for (size_t i = idx; i > 0 && plan->units[i - 1].chunk == unit->chunk; i--) {
		if (plan->units[i - 1].view.parts == unit->view.parts)
			return &plan->units[i - 1];
	}
	return NULL;
}

static bool load_tree(struct guidance_reader *reader, struct error *err)
{
	const struct source *base = reader->review->change->base;

	if (!base || !reader->review->options.guidance.len ||
	    source_tree(base, &reader->arena, &reader->tree, err))
		return true;
	if (error_ends_work(err))
		return false;
	log_warning("guidance", "files at the base commit cannot be listed: %s", err->message);
	reader->tree = (struct source_tree){0};
	return true;
}

bool guidance_read(struct plan *plan, const struct review *review, struct error *err)
{
	struct guidance_reader reader = {.review = review, .files_left = GUIDANCE_FILES_MAX};
	bool ok = !plan->units_len || load_tree(&reader, err);

	for (size_t i = 0; ok && i < plan->units_len; i++) {
		const struct unit *same = same_view(plan, i);

		if (same)
			plan->units[i].guidance = same->guidance;
		else
			ok = make_text(&reader, plan, &plan->units[i], err);
	}
	map_release(&reader.texts);
	arena_release(&reader.arena);
	return ok;
}

static bool is_guidance(const struct strings *names, struct str path)
{
	for (size_t i = 0; i < names->len; i++) {
		struct str name = names->items[i];

		if (str_eq(path, name) || (path.len > name.len && str_ends(path, name) &&
					   path.ptr[path.len - name.len - 1] == '/'))
			return true;
	}
	return false;
}

struct str guidance_edited(const struct review_options *options, const struct diff *diff)
{
	for (size_t i = 0; i < diff->len; i++) {
		if (is_guidance(&options->guidance, diff->files[i].path))
			return diff->files[i].path;
		if (is_guidance(&options->guidance, diff->files[i].old_path))
			return diff->files[i].old_path;
	}
	return STR_EMPTY;
}

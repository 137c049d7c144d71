/* The code around the hunks: which files are read, and how much of them fits. */
#include "review/surroundings.h"

#include <stdlib.h>

#include "base/charset.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/tokens.h"
#include "base/utf8.h"
#include "diff/heading.h"
#include "redact/redact.h"
#include "review/estimate.h"

enum {
	FILE_SIZE_MAX = 1 << 20,
	LINE_SHOWN_MAX = 400, /* bytes of a line around a hunk; the rest is truncated */
};

/* The lines of one file at the head commit. */
struct file_lines {
	struct str *raw;     /* as the file has them */
	struct str *decoded; /* in UTF-8 */
	struct str *shown;   /* and without secrets */
	size_t len;
};

struct surroundings_reader {
	struct plan *plan;
	const struct review *review;
	struct arena arena; /* of one file */
	struct arena tree_arena;
	struct source_tree tree;
	bool has_tree;
	int files_left;
};

/* ---- One file ---- */

/* The lines of a text, without their LF. */
static struct str *split(struct arena *arena, struct str text, size_t *len)
{
	struct str rest = text;
	struct str *lines;
	size_t count = 1;

	for (size_t i = 0; i < text.len; i++)
		count += text.ptr[i] == '\n';
	lines = ARENA_ARRAY(arena, struct str, count);
	*len = 0;
	while (rest.len) {
		ptrdiff_t end = str_find_char(rest, '\n', 0);

		lines[(*len)++] = end < 0 ? rest : str_slice(rest, 0, (size_t)end);
		rest = end < 0 ? STR_EMPTY : str_skip(rest, (size_t)end + 1);
	}
	return lines;
}

/* Fills `lines`; false if the bytes are not text in which each line can be found again. */
static bool make_lines(struct arena *arena, struct str bytes, struct file_lines *lines)
{
	SCOPED(buf) struct buf decoded = BUF_INIT;
	SCOPED(buf) struct buf shown = BUF_INIT;
	size_t decoded_len = 0;
	size_t shown_len = 0;
	enum charset charset;

	if (!charset_guess(bytes, &charset))
		return false;
	charset_decode(bytes, charset, &decoded);
	redact_add(&shown, buf_str(&decoded));
	lines->decoded = split(arena, arena_str(arena, buf_str(&decoded)), &decoded_len);
	lines->shown = split(arena, arena_str(arena, buf_str(&shown)), &shown_len);
	lines->raw = split(arena, arena_str(arena, bytes), &lines->len);
	return lines->len == shown_len && lines->len == decoded_len;
}

static bool agrees(const struct diff_file *file, const struct file_lines *lines)
{
	for (size_t i = 0; i < file->len; i++) {
		for (size_t j = 0; j < file->hunks[i].len; j++) {
			const struct diff_line *line = &file->hunks[i].lines[j];
			size_t at = line->new_line;

			if (line->kind == LINE_DELETED)
				continue;
			if (!at || at > lines->len ||
			    (!str_eq(line->text, lines->raw[at - 1]) &&
			     !str_eq(line->text, lines->decoded[at - 1])))
				return false;
		}
	}
	return true;
}

static bool is_full_id(struct str id)
{
	bool zero = true;

	for (size_t i = 0; i < id.len; i++)
		zero &= id.ptr[i] == '0';
	return !zero && (id.len == 40 || id.len == 64);
}

static bool find_by_path(struct surroundings_reader *reader, struct str path, struct str *id,
			 struct error *err)
{
	const struct source_file *found;

	if (!reader->has_tree &&
	    !source_tree(reader->review->change->head, &reader->tree_arena, &reader->tree, err))
		return false;
	reader->has_tree = true;
	found = source_tree_find(&reader->tree, path);
	if (!found)
		return error_set(err, ERROR_NOT_FOUND, "not in the tree");
	*id = found->id;
	return true;
}

/* Reads the file's bytes: by id if the change names it, else by path. */
static bool read_bytes(struct surroundings_reader *reader, const struct diff_file *file,
		       struct buf *bytes, struct error *err)
{
	const struct source *head = reader->review->change->head;
	struct str id = STR_EMPTY;

	if (is_full_id(file->new_id)) {
		if (source_blob(head, file->new_id, FILE_SIZE_MAX, bytes, err))
			return true;
		if (err->kind != ERROR_NOT_FOUND)
			return false;
		buf_reset(bytes);
	}
	return find_by_path(reader, file->path, &id, err) &&
	       source_blob(head, id, FILE_SIZE_MAX, bytes, err);
}

/* Reads the lines; *found is false, for a logged reason, if there are none. False stops the work. */
static bool read_lines(struct surroundings_reader *reader, const struct diff_file *file,
		       struct file_lines *lines, bool *found, struct error *err)
{
	SCOPED(buf) struct buf bytes = BUF_INIT;
	const char *why = NULL;

	*found = false;
	if (reader->files_left <= 0) {
		why = "enough files were read";
	} else {
		reader->files_left--;
		if (!read_bytes(reader, file, &bytes, err)) {
			if (error_ends_work(err))
				return false;
			why = err->message;
		} else if (!make_lines(&reader->arena, buf_str(&bytes), lines)) {
			why = "not text";
		} else if (!agrees(file, lines)) {
			why = "the file differs from the change";
		}
	}
	*found = !why;
	if (why)
		log_debug("surroundings", "%.*s: %s", STR_ARG(file->path), why);
	return true;
}

/* ---- What is around a hunk ---- */

/* The lines of the new file that a hunk changes; for a deletion, the line after it. */
static struct line_range changed_lines(const struct diff_hunk *hunk, size_t file_len)
{
	struct line_range changed = {0, 0};
	uint32_t next = diff_hunk_first(hunk);

	for (size_t i = 0; i < hunk->len; i++) {
		const struct diff_line *line = &hunk->lines[i];

		if (line->kind != LINE_CONTEXT) {
			uint32_t at = (uint32_t)MIN_OF((size_t)next, file_len);
			changed.first = changed.first ? changed.first : at;
			changed.last = at;
		}
		if (line->kind != LINE_DELETED)
			next = line->new_line + 1;
	}
	return changed;
}

static struct line_range wanted_lines(const struct headings *headings, int64_t setting,
				      const struct file_lines *lines, struct line_range changed)
{
	uint32_t count = (uint32_t)MAX_OF(setting, (int64_t)0);

	if (setting == SURROUNDINGS_FUNCTION)
		return headings_enclosing(headings, lines->decoded, lines->len, changed,
					  SURROUNDINGS_LINES_MAX);
	return (struct line_range){changed.first > count ? changed.first - count : 1,
				   (uint32_t)MIN_OF((size_t)changed.last + count, lines->len)};
}

/* Copies lines `first` to `last`, inclusive; the file's own memory is released. */
static const struct str *copy_lines(struct arena *arena, const struct file_lines *lines,
				    uint32_t first, uint32_t last)
{
	struct str *copy = ARENA_ARRAY(arena, struct str, last - first + 1);

	for (uint32_t line = first; line <= last; line++)
		copy[line - first] =
			arena_str(arena, utf8_cut(lines->shown[line - 1], LINE_SHOWN_MAX));
	return copy;
}

/* The lines of the new file that hunk `idx` shows: none when last < first. */
static struct line_range hunk_lines(const struct diff_file *file, size_t idx)
{
	const struct diff_hunk *hunk = &file->hunks[idx];
	uint32_t first = diff_hunk_first(hunk);

	return (struct line_range){first, first + hunk->new_len - 1};
}

static void fill_file(struct arena *arena, const struct headings *headings, int64_t setting,
		      const struct diff_file *file, const struct file_lines *lines,
		      struct around *around)
{
	uint32_t shown = 0; /* the last line that is shown already */

	for (size_t i = 0; i < file->len && lines->len; i++) {
		struct line_range own = hunk_lines(file, i);
		struct line_range changed = changed_lines(&file->hunks[i], lines->len);
		struct line_range wanted;
		uint32_t next = i + 1 < file->len ? hunk_lines(file, i + 1).first
						  : (uint32_t)lines->len + 1;

		if (!changed.first)
			continue;
		wanted = wanted_lines(headings, setting, lines, changed);
		wanted.first = MAX_OF(wanted.first, shown + 1);
		wanted.last = MIN_OF(wanted.last, next - 1);
		if (wanted.first < own.first) {
			around[i].above_len = own.first - wanted.first;
			around[i].above = copy_lines(arena, lines, wanted.first, own.first - 1);
		}
		if (wanted.last > own.last) {
			around[i].below_len = wanted.last - own.last;
			around[i].below = copy_lines(arena, lines, own.last + 1, wanted.last);
		}
		shown = MAX_OF(wanted.last, own.last);
	}
}

static bool has_new_side(const struct diff_file *file)
{
	return file->len && file->status != DIFF_ADDED && file->status != DIFF_DELETED;
}

static bool wants(int64_t setting, const struct diff_file *file)
{
	return setting == SURROUNDINGS_FUNCTION ? heading_language(file->path) != NULL
						: setting > 3; /* a hunk has three already */
}

/* Fills one file in all views that need it. */
static bool read_file(struct surroundings_reader *reader, size_t idx, const bool *wanting,
		      struct error *err)
{
	struct plan *plan = reader->plan;
	const struct diff_file *file = &reader->review->change->diff->files[idx];
	const struct heading_language *language = heading_language(file->path);
	OWNED(headings) struct headings *headings = language ? headings_new(language) : NULL;
	struct file_lines lines = {0};
	bool found = false;
	bool ok = read_lines(reader, file, &lines, &found, err);

	for (size_t i = 0; ok && i < plan->views_len; i++) {
		struct around_view *view = &plan->views[i];

		if (!wanting[i])
			continue;
		view->files[idx] = ARENA_ARRAY(&plan->arena, struct around, file->len);
		if (found)
			fill_file(&plan->arena, headings, view->setting, file, &lines,
				  view->files[idx]);
		for (size_t j = 0; !found && j < file->len; j++)
			view->files[idx][j].left_out = true;
	}
	arena_release(&reader->arena);
	return ok;
}

/* ---- All of a plan ---- */

static void fit(struct plan *plan, int64_t chunk_tokens)
{
	size_t tokens = chunk_tokens > 0 ? (size_t)chunk_tokens : (size_t)CHUNK_TOKENS_DEFAULT;

	for (size_t i = 0; i < plan->views_len; i++) {
		for (size_t j = 0; j < plan->chunks_len; j++)
			around_fit(&plan->views[i], &plan->chunks[j],
				   tokens * BYTES_PER_TOKEN / SURROUNDINGS_SHARE);
	}
}

static struct around_view *view_for(struct plan *plan, int64_t setting)
{
	struct around_view *view;

	for (size_t i = 0; i < plan->views_len; i++) {
		if (plan->views[i].setting == setting)
			return &plan->views[i];
	}
	view = &plan->views[plan->views_len++];
	*view = (struct around_view){.setting = setting,
				     .files = ARENA_ARRAY(&plan->arena, struct around *,
							  plan->diff->len + 1)};
	return view;
}

/* Makes one view per setting, for the units' agents. */
static void make_views(struct plan *plan)
{
	plan->views = ARENA_ARRAY(&plan->arena, struct around_view, plan->rows_len + 1);
	for (size_t i = 0; i < plan->units_len; i++) {
		struct unit *unit = &plan->units[i];

		unit->around = view_for(plan, unit->agent->surroundings);
	}
}

/* Which views need which file: [file * views + view]. */
static bool *find_wanting(struct plan *plan)
{
	bool *wanting = NEW_ARRAY(bool, plan->diff->len * plan->views_len + 1);

	for (size_t i = 0; i < plan->units_len; i++) {
		const struct unit *unit = &plan->units[i];
		size_t view = (size_t)(unit->around - plan->views);

		for (size_t j = 0; j < unit->view.len; j++) {
			uint32_t file = unit->view.parts[j].file;

			if (has_new_side(&plan->diff->files[file]) &&
			    wants(unit->around->setting, &plan->diff->files[file]))
				wanting[file * plan->views_len + view] = true;
		}
	}
	return wanting;
}

bool surroundings_read(struct plan *plan, const struct review *review, struct error *err)
{
	struct surroundings_reader reader = {
		.plan = plan, .review = review, .files_left = SURROUNDINGS_FILES_MAX};
	bool *wanting;
	bool ok = true;

	if (!review->change->head || !plan->units_len)
		return true;
	make_views(plan);
	wanting = find_wanting(plan);
	for (size_t file = 0; ok && file < plan->diff->len; file++) {
		const bool *views = wanting + file * plan->views_len;
		bool any = false;

		for (size_t i = 0; i < plan->views_len; i++)
			any |= views[i];
		if (any)
			ok = read_file(&reader, file, views, err);
	}
	free(wanting);
	arena_release(&reader.tree_arena);
	if (!ok)
		return false;
	fit(plan, review->options.chunk_tokens);
	return true;
}

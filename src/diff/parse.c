/* Parsing unified diffs as git writes them. */
#include <string.h>

#include "diff/hunks.h"
#include "diff/quoting.h"

enum { TYPE_MASK = 0170000 };

/* The file under way; `open` between its first header and the next file's. */
struct parser {
	struct diff_reader reader;
	struct diff *diff;
	struct diff_file file;
	struct hunk_list hunks;
	bool open;
	bool in_hunks; /* its hunks have begun: headers are over */
	bool is_git;   /* it began with "diff --git" */
	bool renamed, copied, added, deleted;
	struct error *err;
};

static bool fail(struct parser *parser, const char *what)
{
	return error_set(parser->err, ERROR_SYNTAX, "line %zu: %s", parser->reader.number, what);
}

static enum diff_status status_of(const struct parser *parser)
{
	const struct diff_file *file = &parser->file;

	if (parser->added)
		return DIFF_ADDED;
	if (parser->deleted)
		return DIFF_DELETED;
	if (parser->renamed)
		return DIFF_RENAMED;
	if (parser->copied)
		return DIFF_COPIED;
	if (file->old_mode && file->new_mode &&
	    (file->old_mode & TYPE_MASK) != (file->new_mode & TYPE_MASK))
		return DIFF_TYPE_CHANGED;
	return DIFF_MODIFIED;
}

static bool push_file(struct diff *diff, const struct diff_file *file, struct error *err)
{
	if (diff->len >= DIFF_FILES_MAX)
		return error_set(err, ERROR_LIMIT, "a diff of more than %d files", DIFF_FILES_MAX);
	if (diff->len == diff->cap) {
		size_t cap = diff->cap ? diff->cap * 2 : 32;
		struct diff_file *files = ARENA_ARRAY(&diff->arena, struct diff_file, cap);

		if (diff->len)
			memcpy(files, diff->files, diff->len * sizeof(*files));
		diff->files = files;
		diff->cap = cap;
	}
	diff->files[diff->len++] = *file;
	diff_index_last(diff);
	return true;
}

/* A file that became a link, or the other way round, comes as a deletion and an addition of one path. */
static bool joins_last(const struct parser *parser)
{
	const struct diff *diff = parser->diff;
	const struct diff_file *last = diff->len ? &diff->files[diff->len - 1] : NULL;

	return last && last->status == DIFF_DELETED && parser->file.status == DIFF_ADDED &&
	       str_eq(last->path, parser->file.path);
}

static void join_last(struct parser *parser)
{
	struct diff_file *last = &parser->diff->files[parser->diff->len - 1];
	struct hunk_list second = {0};

	for (size_t i = 0; i < parser->file.len; i++)
		VEC_PUSH(&second, parser->file.hunks[i]);
	last->status = DIFF_TYPE_CHANGED;
	last->new_mode = parser->file.new_mode;
	last->new_id = parser->file.new_id;
	last->additions += parser->file.additions;
	last->binary = last->binary || parser->file.binary;
	hunks_give(&second, &parser->diff->arena, last);
}

static bool close_file(struct parser *parser)
{
	struct diff_file *file = &parser->file;

	if (!parser->open)
		return true;
	parser->open = false;
	hunks_give(&parser->hunks, &parser->diff->arena, file);
	file->status = status_of(parser);
	if (!file->path.len)
		file->path = file->old_path;
	if (!file->old_path.len || parser->added)
		file->old_path = file->path;
	if (!file->path.len)
		return fail(parser, "a file without a name ends here");
	if (joins_last(parser)) {
		join_last(parser);
		return true;
	}
	return push_file(parser->diff, file, parser->err);
}

static bool open_file(struct parser *parser, bool is_git)
{
	if (!close_file(parser))
		return false;
	parser->file = (struct diff_file){0};
	parser->open = true;
	parser->is_git = is_git;
	parser->in_hunks = false;
	parser->renamed = parser->copied = parser->added = parser->deleted = false;
	return true;
}

static bool on_diff_git(struct parser *parser, struct str rest)
{
	struct str old_path;
	struct str new_path;

	if (!open_file(parser, true))
		return false;
	if (path_take_pair(&parser->diff->arena, rest, &old_path, &new_path)) {
		parser->file.old_path = path_strip(old_path);
		parser->file.path = path_strip(new_path);
	}
	return true;
}

static bool on_combined(struct parser *parser, struct str rest)
{
	(void)rest;
	return fail(
		parser,
		"a combined diff (of a merge) cannot be reviewed; give the diff against one parent: git diff FIRST_PARENT MERGE");
}

static bool read_mode(struct parser *parser, struct str rest, uint32_t *mode)
{
	uint32_t value = 0;

	for (size_t i = 0; i < rest.len; i++) {
		if (rest.ptr[i] < '0' || rest.ptr[i] > '7' || i > 6)
			return fail(parser, "a file mode is six octal digits");
		value = value * 8 + (uint32_t)(rest.ptr[i] - '0');
	}
	*mode = value;
	return true;
}

static bool on_old_mode(struct parser *parser, struct str rest)
{
	return read_mode(parser, rest, &parser->file.old_mode);
}

static bool on_new_mode(struct parser *parser, struct str rest)
{
	return read_mode(parser, rest, &parser->file.new_mode);
}

static bool on_deleted(struct parser *parser, struct str rest)
{
	parser->deleted = true;
	return read_mode(parser, rest, &parser->file.old_mode);
}

static bool on_added(struct parser *parser, struct str rest)
{
	parser->added = true;
	return read_mode(parser, rest, &parser->file.new_mode);
}

static bool take_path(struct parser *parser, struct str rest, struct str *path)
{
	if (!path_take(&parser->diff->arena, &rest, path))
		return fail(parser, "a quoted path that is not closed, or a wrong escape in it");
	return true;
}

static bool on_rename_from(struct parser *parser, struct str rest)
{
	parser->renamed = true;
	return take_path(parser, rest, &parser->file.old_path);
}

static bool on_copy_from(struct parser *parser, struct str rest)
{
	parser->copied = true;
	return take_path(parser, rest, &parser->file.old_path);
}

static bool on_name_to(struct parser *parser, struct str rest)
{
	return take_path(parser, rest, &parser->file.path);
}

/* "0123..4567 100644" */
static bool on_index(struct parser *parser, struct str rest)
{
	struct str ids = rest;
	struct str mode = STR_EMPTY;

	str_cut(rest, STR(" "), &ids, &mode);
	if (!str_cut(ids, STR(".."), &parser->file.old_id, &parser->file.new_id))
		return fail(parser, "'index' without two ids");
	if (mode.len) {
		if (!read_mode(parser, mode, &parser->file.new_mode))
			return false;
		parser->file.old_mode = parser->file.new_mode;
	}
	return true;
}

static bool on_binary(struct parser *parser, struct str rest)
{
	(void)rest;
	parser->file.binary = true;
	return true;
}

static bool on_nothing(struct parser *parser, struct str rest)
{
	(void)parser;
	(void)rest;
	return true;
}

/* A path behind "--- " or "+++ ": up to a tab (git puts one behind names with blanks; diff a time). */
static bool read_side(struct parser *parser, struct str rest, struct str *path)
{
	ptrdiff_t tab = rest.len && rest.ptr[0] == '"' ? -1 : str_find_char(rest, '\t', 0);

	if (tab >= 0)
		rest = str_slice(rest, 0, (size_t)tab);
	if (rest.len && rest.ptr[rest.len - 1] == '\r')
		rest.len--;
	return take_path(parser, rest, path);
}

/* "--- a/x" with "+++ b/x" behind it. */
static bool on_sides(struct parser *parser, struct str rest)
{
	struct str old_path;
	struct str new_path;
	struct str line;

	if ((!parser->open || parser->in_hunks || !parser->is_git) && !open_file(parser, false))
		return false;
	if (!read_side(parser, rest, &old_path))
		return false;
	if (!reader_next(&parser->reader, &line) || !str_starts(line, STR("+++ ")))
		return fail(parser, "'---' without '+++' behind it; the diff is cut or damaged");
	if (!read_side(parser, str_skip(line, 4), &new_path))
		return false;
	parser->added = parser->added || !path_strip(old_path).len;
	parser->deleted = parser->deleted || !path_strip(new_path).len;
	if (path_strip(old_path).len)
		parser->file.old_path = path_strip(old_path);
	if (path_strip(new_path).len)
		parser->file.path = path_strip(new_path);
	return true;
}

/* The lines that a file's headers are made of.  Only below "diff --git", but for the first three. */
static const struct {
	const char *start;
	bool (*read)(struct parser *parser, struct str rest);
	bool anywhere;
} headers[] = {
	{"diff --git ", on_diff_git, true},
	{"diff --cc ", on_combined, true},
	{"diff --combined ", on_combined, true},
	{"Binary files ", on_binary, false},
	{"GIT binary patch", on_binary, false},
	{"copy from ", on_copy_from, false},
	{"copy to ", on_name_to, false},
	{"deleted file mode ", on_deleted, false},
	{"dissimilarity index ", on_nothing, false},
	{"index ", on_index, false},
	{"new file mode ", on_added, false},
	{"new mode ", on_new_mode, false},
	{"old mode ", on_old_mode, false},
	{"rename from ", on_rename_from, false},
	{"rename to ", on_name_to, false},
	{"similarity index ", on_nothing, false},
};

static bool has_plus_next(const struct parser *parser)
{
	struct str line;

	return reader_peek(&parser->reader, &line) && str_starts(line, STR("+++ "));
}

static bool read_header(struct parser *parser, struct str line)
{
	for (size_t i = 0; i < ARRAY_LEN(headers); i++) {
		struct str start = str_from(headers[i].start);
		bool applies = headers[i].anywhere || (parser->open && !parser->in_hunks);

		if (applies && str_starts(line, start))
			return headers[i].read(parser, str_trim(str_skip(line, start.len)));
	}
	if (str_starts(line, STR("--- ")) &&
	    ((parser->open && !parser->in_hunks) || has_plus_next(parser)))
		return on_sides(parser, str_skip(line, 4));
	/* What a mail puts around a diff: its text before, its signature ("-- ") behind. */
	if (!parser->in_hunks || !line.len)
		return true;
	if (strchr("+- ", line.ptr[0]) && !str_eq(str_trim(line), STR("--")))
		return fail(
			parser,
			"a line of code outside of a hunk; the hunk before it has more lines than its header says");
	parser->in_hunks = false;
	return close_file(parser);
}

static bool read_hunk(struct parser *parser)
{
	if (!parser->open)
		return fail(parser, "a hunk before any file's header");
	parser->in_hunks = true;
	return hunk_read(&parser->reader, &parser->diff->arena, &parser->file, &parser->hunks,
			 parser->err);
}

static bool parse_all(struct parser *parser)
{
	struct str line;

	while (reader_peek(&parser->reader, &line)) {
		if (parser->open && hunk_starts(line)) {
			if (!read_hunk(parser))
				return false;
			continue;
		}
		if (!reader_next(&parser->reader, &line) || !read_header(parser, line))
			return false;
	}
	return close_file(parser);
}

bool diff_parse(struct str text, struct diff *diff, struct error *err)
{
	struct diff parsed = {0};
	struct parser parser = {.diff = &parsed, .err = err};
	struct str start;
	bool good;

	if (text.len > DIFF_SIZE_MAX)
		return error_set(err, ERROR_LIMIT, "a diff of more than %d bytes", DIFF_SIZE_MAX);
	parser.reader.rest = arena_str(&parsed.arena, text);
	good = parse_all(&parser);
	VEC_RELEASE(&parser.hunks);
	start = str_slice(str_trim(text), 0, 40);
	if (good && !parsed.len && start.len)
		good = error_set(err, ERROR_SYNTAX,
				 "line 1: this is not a diff: it begins with '%.*s'",
				 STR_ARG(start));
	if (!good) {
		diff_release(&parsed);
		return false;
	}
	*diff = parsed;
	return true;
}

/* ---- GitHub's file lists ---- */

static const struct {
	const char *name;
	enum diff_status status;
} api_statuses[] = {
	{"added", DIFF_ADDED},        {"changed", DIFF_TYPE_CHANGED}, {"copied", DIFF_COPIED},
	{"modified", DIFF_MODIFIED},  {"removed", DIFF_DELETED},      {"renamed", DIFF_RENAMED},
	{"unchanged", DIFF_MODIFIED},
};

bool diff_file_set_patch(struct diff *diff, struct diff_file *file, struct str patch,
			 struct error *err)
{
	struct diff_file filled = *file;
	struct hunk_list hunks = {0};
	struct diff_reader reader = {.rest = arena_str(&diff->arena, patch)};
	struct str line;
	bool good = true;

	filled.additions = filled.deletions = 0;
	filled.hunks = NULL;
	filled.len = 0;
	filled.patch_missing = false;
	while (good && reader_peek(&reader, &line))
		good = hunk_read(&reader, &diff->arena, &filled, &hunks, err);
	if (!good) {
		VEC_RELEASE(&hunks);
		return error_wrap(err, "patch of '%.*s'", STR_ARG(file->path));
	}
	hunks_give(&hunks, &diff->arena, &filled);
	*file = filled;
	return true;
}

bool diff_add_file(struct diff *diff, const struct diff_file_source *source, struct error *err)
{
	struct diff_file file = {
		.path = arena_str(&diff->arena, source->path),
		.old_path = arena_str(&diff->arena,
				      source->old_path.len ? source->old_path : source->path),
		.status = DIFF_MODIFIED,
		.new_id = arena_str(&diff->arena, source->new_id),
		.additions = source->additions,
		.deletions = source->deletions,
	};

	if (!file.path.len)
		return error_set(err, ERROR_PROTOCOL, "a changed file without a name");
	for (size_t i = 0; i < ARRAY_LEN(api_statuses); i++) {
		if (str_eq(source->status, str_from(api_statuses[i].name)))
			file.status = api_statuses[i].status;
	}
	if (source->patch.len) {
		if (!diff_file_set_patch(diff, &file, source->patch, err))
			return false;
	} else {
		file.patch_missing =
			source->additions || source->deletions || file.status == DIFF_TYPE_CHANGED;
	}
	return push_file(diff, &file, err);
}

/* The files of a parsed diff: started, ended, and given their paths when everything is read. */
#include "diff/entries.h"

#include <string.h>

bool parser_fail(struct diff_parser *parser, const char *fmt, ...)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	va_list args;

	va_start(args, fmt);
	buf_vaddf(&text, fmt, args);
	va_end(args);
	return error_set(parser->err, ERROR_SYNTAX, "line %zu: %s", parser->reader.number,
			 text.ptr);
}

struct entry *entry_last(struct diff_parser *parser)
{
	return &parser->entries.items[parser->entries.len - 1];
}

void entry_close(struct diff_parser *parser)
{
	if (!parser->open)
		return;
	parser->open = parser->in_hunks = parser->is_git = parser->in_binary = false;
	hunks_give(&parser->hunks, &parser->diff->arena, &entry_last(parser)->file);
}

struct entry *entry_open(struct diff_parser *parser, bool is_git)
{
	entry_close(parser);
	VEC_PUSH(&parser->entries, (struct entry){.line = parser->reader.number});
	parser->open = true;
	parser->is_git = is_git;
	parser->text = TEXT_NONE;
	return entry_last(parser);
}

bool is_empty_blob(struct str id)
{
	/* The empty blob in SHA-1 and SHA-256 (git hash-object --stdin </dev/null). */
	static const struct str ids[] = {
		STR_INIT("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"),
		STR_INIT("473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813"),
	};

	return id.len >= 4 && (str_starts(ids[0], id) || str_starts(ids[1], id));
}

static bool has_same_ids(const struct diff_file *file)
{
	size_t len = MIN_OF(file->old_id.len, file->new_id.len);

	return str_eq(str_slice(file->old_id, 0, len), str_slice(file->new_id, 0, len));
}

/* True for a file that must have lines but has none: its diff was made with -w, or truncated between files. */
static bool misses_lines(const struct entry *entry)
{
	const struct diff_file *file = &entry->file;

	if (file->len || file->binary)
		return false;
	if (!file->new_id.len)
		return entry->names.new_name.len && entry->names.old_name.len &&
		       !entry->names.git.len;
	if (entry->added || entry->deleted)
		return !is_empty_blob(entry->added ? file->new_id : file->old_id);
	return !has_same_ids(file);
}

static enum diff_status status_of(const struct entry *entry)
{
	const struct diff_file *file = &entry->file;

	if (entry->added)
		return DIFF_ADDED;
	if (entry->deleted)
		return DIFF_DELETED;
	if (entry->renamed)
		return DIFF_RENAMED;
	if (entry->copied)
		return DIFF_COPIED;
	if (file->old_mode && file->new_mode &&
	    (file->old_mode & DIFF_TYPE_MASK) != (file->new_mode & DIFF_TYPE_MASK))
		return DIFF_TYPE_CHANGED;
	return DIFF_MODIFIED;
}

void diff_reserve(struct diff *diff, size_t files)
{
	size_t cap = MIN_OF(files, (size_t)DIFF_FILES_MAX);
	struct diff_file *larger;

	if (cap <= diff->cap)
		return;
	larger = ARENA_ARRAY(&diff->arena, struct diff_file, cap);
	if (diff->len)
		memcpy(larger, diff->files, diff->len * sizeof(*larger));
	diff->files = larger;
	diff->cap = cap;
}

bool diff_push(struct diff *diff, const struct diff_file *file, struct error *err)
{
	if (diff->len >= DIFF_FILES_MAX)
		return error_set(err, ERROR_LIMIT, "a diff of more than %d files", DIFF_FILES_MAX);
	if (diff->len == diff->cap)
		diff_reserve(diff, diff->cap ? diff->cap * 2 : 32);
	diff->files[diff->len++] = *file;
	diff_index_last(diff);
	return true;
}

/* A file that became a link, or the reverse, is listed as a deletion and an addition of one path. */
static bool join_last(struct diff *diff, const struct diff_file *file)
{
	struct diff_file *last = diff->len ? &diff->files[diff->len - 1] : NULL;
	struct hunk_list second = {0};

	if (!last || last->status != DIFF_DELETED || file->status != DIFF_ADDED ||
	    !str_eq(last->path, file->path))
		return false;
	for (size_t i = 0; i < file->len; i++)
		VEC_PUSH(&second, file->hunks[i]);
	last->status = DIFF_TYPE_CHANGED;
	last->new_mode = file->new_mode;
	last->new_id = file->new_id;
	last->additions += file->additions;
	last->binary = last->binary || file->binary;
	hunks_give(&second, &diff->arena, last);
	return true;
}

/* "Only in new/src: a.c": which of the two folders it is in, as far as other files show. */
static void resolve_alone(const struct prefixes *prefixes, struct entry *entry)
{
	struct str name = entry->names.new_name;
	bool in_new = prefixes->known && str_starts(name, prefixes->new_prefix);

	entry->added = in_new;
	entry->deleted = !in_new && prefixes->known && str_starts(name, prefixes->old_prefix);
	entry->file.path = name;
	if (entry->added || entry->deleted)
		entry->file.path = prefix_strip(name, entry->added ? prefixes->new_prefix
								   : prefixes->old_prefix);
}

static bool fail_entry(struct diff_parser *parser, const struct entry *entry, const char *what)
{
	parser->reader.number = entry->line;
	return parser_fail(parser, "%s", what);
}

/* Both names of the file, and what is known of it beside its lines. */
static void complete_file(struct diff_parser *parser, struct entry *entry)
{
	struct diff_file *file = &entry->file;
	bool has_old_name = entry->names.old_exact.len || entry->names.old_name.len;

	if (entry->alone)
		resolve_alone(&parser->prefixes, entry);
	else
		names_resolve(&entry->names, &parser->prefixes, &file->old_path, &file->path);
	file->status = status_of(entry);
	file->patch_missing = file->patch_missing || misses_lines(entry) ||
			      (entry->named && !file->len && !file->binary);
	if (!file->path.len || entry->names.no_new)
		file->path = file->old_path;
	if (!file->old_path.len || entry->added || !has_old_name)
		file->old_path = file->path;
}

static bool finish_entry(struct diff_parser *parser, struct entry *entry)
{
	struct diff_file *file = &entry->file;
	struct diff_file *same;

	complete_file(parser, entry);
	if (!file->path.len)
		return fail_entry(parser, entry, "a file without a name starts here");
	if (join_last(parser->diff, file))
		return true;
	same = diff_find(parser->diff, file->path);
	if (!same)
		return diff_push(parser->diff, file, parser->err);
	if (same->patch_missing && !same->len) {
		*same = *file; /* "* Unmerged path" or "Index:" comes before the file's lines */
		return true;
	}
	if (entry->named && !file->len)
		return true;
	if (same->status != DIFF_DELETED && file->status != DIFF_DELETED)
		return fail_entry(
			parser, entry,
			"the same file a second time: several diffs in one cannot be reviewed: give all of it as one diff: git diff BASE HEAD");
	return diff_push(parser->diff, file, parser->err);
}

bool entries_finish(struct diff_parser *parser)
{
	entry_close(parser);
	for (size_t i = 0; i < parser->entries.len; i++) {
		struct entry *entry = &parser->entries.items[i];

		if (entry->alone)
			continue;
		if (!names_complete(&entry->names, &parser->diff->arena))
			return fail_entry(parser, entry, "a file without a name starts here");
		prefixes_learn(&parser->prefixes, &entry->names);
	}
	diff_reserve(parser->diff, parser->entries.len);
	for (size_t i = 0; i < parser->entries.len; i++) {
		if (!finish_entry(parser, &parser->entries.items[i]))
			return false;
	}
	return true;
}

/* The headers of one file. */
#include "diff/file_headers.h"

static bool on_diff_git(struct diff_parser *parser, struct str rest)
{
	entry_open(parser, true)->names.git = rest;
	return true;
}

static bool on_combined(struct diff_parser *parser, struct str rest)
{
	(void)rest;
	return parser_fail(
		parser,
		"a combined diff (of a merge or of a conflict) cannot be reviewed: give the diff against one parent: git diff FIRST_PARENT MERGE");
}

static bool read_mode(struct diff_parser *parser, struct str rest, uint32_t *mode)
{
	uint32_t value = 0;

	rest = str_trim(rest);
	for (size_t i = 0; i < rest.len; i++) {
		if (rest.ptr[i] < '0' || rest.ptr[i] > '7' || i > 6)
			return parser_fail(parser, "a file mode is six octal digits");
		value = value * 8 + (uint32_t)(rest.ptr[i] - '0');
	}
	*mode = value;
	return true;
}

static bool on_old_mode(struct diff_parser *parser, struct str rest)
{
	return read_mode(parser, rest, &entry_last(parser)->file.old_mode);
}

static bool on_new_mode(struct diff_parser *parser, struct str rest)
{
	return read_mode(parser, rest, &entry_last(parser)->file.new_mode);
}

static bool on_deleted(struct diff_parser *parser, struct str rest)
{
	entry_last(parser)->deleted = true;
	return on_old_mode(parser, rest);
}

static bool on_added(struct diff_parser *parser, struct str rest)
{
	entry_last(parser)->added = true;
	return on_new_mode(parser, rest);
}

static bool take_name(struct diff_parser *parser, struct str rest, struct str *name)
{
	if (!name_take(&parser->diff->arena, &rest, name))
		return parser_fail(parser,
				   "a quoted path that is not closed, or a wrong escape in it");
	return true;
}

static bool on_rename_from(struct diff_parser *parser, struct str rest)
{
	entry_last(parser)->renamed = true;
	return take_name(parser, rest, &entry_last(parser)->names.old_exact);
}

static bool on_copy_from(struct diff_parser *parser, struct str rest)
{
	entry_last(parser)->copied = true;
	return take_name(parser, rest, &entry_last(parser)->names.old_exact);
}

static bool on_name_to(struct diff_parser *parser, struct str rest)
{
	return take_name(parser, rest, &entry_last(parser)->names.new_exact);
}

/* "0123..4567 100644" */
static bool on_index(struct diff_parser *parser, struct str rest)
{
	struct diff_file *file = &entry_last(parser)->file;
	struct str ids = str_trim(rest);
	struct str mode = STR_EMPTY;

	str_cut(ids, STR(" "), &ids, &mode);
	if (!str_cut(ids, STR(".."), &file->old_id, &file->new_id))
		return parser_fail(parser, "\"index\" without two ids");
	if (str_find_char(file->old_id, ',', 0) >= 0)
		return on_combined(parser, rest);
	if (mode.len) {
		if (!read_mode(parser, mode, &file->new_mode))
			return false;
		file->old_mode = file->new_mode;
	}
	return true;
}

static bool on_binary(struct diff_parser *parser, struct str rest)
{
	(void)rest;
	entry_last(parser)->file.binary = true;
	parser->in_binary = true;
	return true;
}

static bool on_similarity(struct diff_parser *parser, struct str rest)
{
	(void)parser;
	(void)rest;
	return true;
}

/* "Index: path" of Subversion and CVS, which add a line of '='. */
static bool on_index_line(struct diff_parser *parser, struct str rest)
{
	struct entry *entry = entry_open(parser, false);

	parser->is_git = true; /* "---" belongs to this file */
	entry->named = true;
	return take_name(parser, rest, &entry->names.new_exact);
}

/* The lines that a file's headers are made of.  Only below "diff --git", but for those of `anywhere`. */
static const struct {
	struct str start;
	bool (*read)(struct diff_parser *parser, struct str rest);
	bool anywhere;
} headers[] = {
	{STR_INIT("@@@ "), on_combined, false},
	{STR_INIT("GIT binary patch"), on_binary, false},
	{STR_INIT("Index: "), on_index_line, true},
	{STR_INIT("copy from "), on_copy_from, false},
	{STR_INIT("copy to "), on_name_to, false},
	{STR_INIT("deleted file mode "), on_deleted, false},
	{STR_INIT("diff --cc "), on_combined, true},
	{STR_INIT("diff --combined "), on_combined, true},
	{STR_INIT("diff --git "), on_diff_git, true},
	{STR_INIT("dissimilarity index "), on_similarity, false},
	{STR_INIT("index "), on_index, false},
	{STR_INIT("new file mode "), on_added, false},
	{STR_INIT("new mode "), on_new_mode, false},
	{STR_INIT("old mode "), on_old_mode, false},
	{STR_INIT("rename from "), on_rename_from, false},
	{STR_INIT("rename to "), on_name_to, false},
	{STR_INIT("similarity index "), on_similarity, false},
};

/*
 * A name behind "--- " or "+++ ": up to a tab (git adds one to names with blanks, diff a time).  A time at
 * the epoch is diff -N's way to say that the file is not there.
 */
static bool read_side(struct diff_parser *parser, struct str rest, struct str *name, bool *none)
{
	struct str time = STR_EMPTY;

	if (!str_starts(rest, STR("\"")))
		str_cut(rest, STR("\t"), &rest, &time);
	if (!take_name(parser, rest, name))
		return false;
	*none = str_eq(*name, STR("/dev/null"));
	if (*none)
		*name = STR_EMPTY;
	*none = *none || str_starts(time, STR("1970-01-01 ")) ||
		str_starts(time, STR("1969-12-31 "));
	return true;
}

/* "--- a/x" with "+++ b/x" behind it. */
static bool on_sides(struct diff_parser *parser, struct str rest)
{
	bool continues = parser->open && !parser->in_hunks && parser->is_git;
	struct entry *entry = continues ? entry_last(parser) : entry_open(parser, false);
	struct names *names = &entry->names;
	struct str line;

	if (!read_side(parser, rest, &names->old_name, &names->no_old))
		return false;
	if (!reader_next(&parser->reader, &line) || !str_starts(line, STR("+++ ")))
		return parser_fail(
			parser,
			"\"---\" without \"+++\" behind it: the diff is cut or damaged: make it again");
	if (!read_side(parser, str_skip(line, 4), &names->new_name, &names->no_new))
		return false;
	entry->added = entry->added || (names->no_old && !names->no_new);
	entry->deleted = entry->deleted || (names->no_new && !names->no_old);
	return true;
}

static bool has_plus_next(const struct diff_parser *parser)
{
	struct str line;

	return reader_peek(&parser->reader, &line) && str_starts(line, STR("+++ "));
}

bool header_read(struct diff_parser *parser, struct str line, bool *taken)
{
	bool in_headers = parser->open && !parser->in_hunks;
	bool in_message = parser->text == TEXT_MESSAGE;

	*taken = true;
	for (size_t i = 0; i < ARRAY_LEN(headers); i++) {
		bool applies = headers[i].anywhere ? !in_message || headers[i].read != on_index_line
						   : in_headers && parser->is_git;

		if (applies && str_starts(line, headers[i].start))
			return headers[i].read(parser, str_skip(line, headers[i].start.len));
	}
	if (str_starts(line, STR("--- ")) &&
	    ((in_headers && parser->is_git) || has_plus_next(parser)))
		return on_sides(parser, str_skip(line, 4));
	*taken = false;
	return true;
}

/* Lines that name a changed file without showing its change; such a file is listed, never left out. */
#include "diff/mentions.h"

#include "base/ascii.h"
#include "base/utf8.h"

/* A file with names but without lines. */
static struct entry *add_entry(struct diff_parser *parser)
{
	struct entry *entry = entry_open(parser, false);

	entry->file.patch_missing = true;
	return entry;
}

/* "A and B" into two names that share a path, where the blanks around "and" may be part of a name. */
static bool split_and(struct diff_parser *parser, struct str text, struct names *names)
{
	static const struct str nowhere = STR_INIT("/dev/null");
	ptrdiff_t at = -1;
	int tries = 100;

	while ((at = str_find(text, STR(" and "), (size_t)(at + 1))) >= 0 && tries-- > 0) {
		struct str first = str_slice(text, 0, (size_t)at);
		struct str second = str_skip(text, (size_t)at + 5);
		struct prefixes prefixes = {0};

		if (!name_take(&parser->diff->arena, &first, &names->old_name) ||
		    !name_take(&parser->diff->arena, &second, &names->new_name) || first.len ||
		    second.len)
			continue;
		names->no_old = str_eq(names->old_name, nowhere);
		names->no_new = str_eq(names->new_name, nowhere);
		prefixes_learn(&prefixes, names);
		if (names->no_old)
			names->old_name = STR_EMPTY;
		if (names->no_new)
			names->new_name = STR_EMPTY;
		if (prefixes.known || names->no_old || names->no_new)
			return true;
	}
	return false;
}

/* "Binary files A and B differ", "Files A and B differ"; below git's headers, or alone. */
static bool on_differ(struct diff_parser *parser, struct str rest, bool binary, bool *taken)
{
	struct names names = {0};
	struct entry *entry;

	*taken = str_ends(rest, STR(" differ"));
	if (!*taken)
		return true;
	if (binary && parser->open && parser->is_git && !parser->in_hunks) {
		entry_last(parser)->file.binary = true;
		return true;
	}
	if (!split_and(parser, str_slice(rest, 0, rest.len - 7), &names))
		return parser_fail(parser, "the two names of \"%.*s\" cannot be separated",
				   STR_ARG(utf8_cut(rest, 200)));
	entry = add_entry(parser);
	entry->names = names;
	entry->added = names.no_old;
	entry->deleted = names.no_new;
	entry->file.binary = binary;
	entry->file.patch_missing = !binary;
	return true;
}

static bool on_binary_files(struct diff_parser *parser, struct str rest, bool *taken)
{
	return on_differ(parser, rest, true, taken);
}

static bool on_files(struct diff_parser *parser, struct str rest, bool *taken)
{
	return on_differ(parser, rest, false, taken);
}

/* "Only in new/src: a.c" */
static bool on_only(struct diff_parser *parser, struct str rest, bool *taken)
{
	struct str folder;
	struct str name;
	struct entry *entry;

	*taken = str_cut(rest, STR(": "), &folder, &name);
	if (!*taken)
		return true;
	entry = add_entry(parser);
	entry->alone = true;
	entry->names.new_name =
		arena_printf(&parser->diff->arena, "%.*s/%.*s", STR_ARG(folder), STR_ARG(name));
	return true;
}

static bool on_unmerged(struct diff_parser *parser, struct str rest, bool *taken)
{
	struct entry *entry = add_entry(parser);

	*taken = true;
	entry->named = true;
	if (name_take(&parser->diff->arena, &rest, &entry->names.new_exact))
		return true;
	return parser_fail(parser, "a quoted path that is not closed, or a wrong escape in it");
}

static bool is_id(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (!ascii_is_hex(text.ptr[i]))
			return false;
	}
	return text.len >= 4;
}

/* The last word of `text`, which keeps the text before it. */
static struct str take_word_back(struct str *text)
{
	ptrdiff_t blank = str_rfind_char(*text, ' ');
	struct str word = str_skip(*text, (size_t)(blank + 1));

	*text = str_slice(*text, 0, blank < 0 ? 0 : (size_t)blank);
	return word;
}

/*
 * diff.submodule=log: "Submodule lib 5f1e185..e64064e:", "...e64064e (rewind):", "... (new submodule)",
 * "... (commits not present)"; and "Submodule lib contains modified content".  The subjects of the commits
 * behind it are not their change.
 */
static bool on_submodule(struct diff_parser *parser, struct str rest, bool *taken)
{
	struct str text = str_ends(rest, STR(":")) ? str_slice(rest, 0, rest.len - 1) : rest;
	struct str note = STR_EMPTY;
	struct str path;
	struct str old_id;
	struct str new_id;
	struct entry *entry;

	*taken = true;
	if (str_cut(rest, STR(" contains "), &path, &note) &&
	    (str_starts(note, STR("untracked content")) ||
	     str_starts(note, STR("modified content")))) {
		entry = add_entry(parser);
		entry->names.new_exact = path;
		return true;
	}
	if (str_ends(text, STR(")")) && str_find(text, STR(" ("), 0) > 0) {
		ptrdiff_t start = str_rfind_char(text, '(');

		note = str_skip(text, (size_t)start);
		text = str_trim(str_slice(text, 0, (size_t)start));
	}
	path = text;
	if (!str_cut(take_word_back(&path), STR(".."), &old_id, &new_id)) {
		*taken = false;
		return true;
	}
	new_id = prefix_strip(new_id, STR("."));
	*taken = path.len && is_id(old_id) && is_id(new_id);
	if (!*taken)
		return true;
	entry = add_entry(parser);
	entry->names.new_exact = path;
	entry->added = str_eq(note, STR("(new submodule)"));
	entry->deleted = str_eq(note, STR("(submodule deleted)"));
	entry->file.old_mode = entry->added ? 0 : DIFF_TYPE_SUBMODULE;
	entry->file.new_mode = entry->deleted ? 0 : DIFF_TYPE_SUBMODULE;
	entry->file.old_id = old_id;
	entry->file.new_id = new_id;
	parser->text = TEXT_LOG;
	return true;
}

static const struct {
	struct str start;
	bool (*read)(struct diff_parser *parser, struct str rest, bool *taken);
	bool in_message; /* git writes it, also behind a commit's message */
} mentions[] = {
	{STR_INIT("* Unmerged path "), on_unmerged, true},
	{STR_INIT("Binary files "), on_binary_files, false},
	{STR_INIT("Files "), on_files, false},
	{STR_INIT("Only in "), on_only, false},
	{STR_INIT("Submodule "), on_submodule, true},
};

bool mention_read(struct diff_parser *parser, struct str line, bool *taken)
{
	*taken = false;
	for (size_t i = 0; i < ARRAY_LEN(mentions); i++) {
		if (str_starts(line, mentions[i].start) &&
		    (mentions[i].in_message || parser->text != TEXT_MESSAGE))
			return mentions[i].read(parser, str_skip(line, mentions[i].start.len),
						taken);
	}
	return true;
}

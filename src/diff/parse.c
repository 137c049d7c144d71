/* Parses unified diffs: the lines between files, and whole texts. */
#include <string.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "diff/file_headers.h"
#include "diff/mentions.h"

/* ---- Around files ---- */

/* "From 0123... Mon Sep 17" of a mail, "commit 0123..." of git show, "# HG changeset patch". */
static bool starts_patch(struct str line)
{
	struct str word = str_skip(line, str_starts(line, STR("commit ")) ? 7 : 5);
	ptrdiff_t blank = str_find_char(word, ' ', 0);

	if (str_eq(line, STR("# HG changeset patch")))
		return true;
	return (str_starts(line, STR("commit ")) || str_starts(line, STR("From "))) &&
	       str_is_git_id(blank < 0 ? word : str_slice(word, 0, (size_t)blank));
}

/* "Subject: ..." */
static bool is_mail_header(struct str line)
{
	size_t len = 0;

	while (len < line.len && (ascii_is_alnum(line.ptr[len]) || line.ptr[len] == '-'))
		len++;
	return len && ascii_is_upper(line.ptr[0]) && str_starts(str_skip(line, len), STR(": "));
}

static bool on_patch_start(struct diff_parser *parser)
{
	if (parser->entries.len)
		return parser_fail(
			parser,
			"a second patch starts here: a series of patches cannot be reviewed as one change: give all of it as one diff: git diff BASE HEAD");
	parser->is_series = true;
	parser->text = TEXT_MESSAGE;
	return true;
}

/* A line of a binary patch: "literal 5", "delta 5", or a letter for the length and base 85. */
static bool is_binary_line(struct str line)
{
	size_t bytes;

	if (!line.len || str_starts(line, STR("literal ")) || str_starts(line, STR("delta ")))
		return true;
	if (!ascii_is_alnum(line.ptr[0]) || ascii_is_digit(line.ptr[0]))
		return false;
	bytes = (size_t)(ascii_is_upper(line.ptr[0]) ? line.ptr[0] - 'A' + 1
						     : line.ptr[0] - 'a' + 27);
	return line.len == 1 + (bytes + 3) / 4 * 5 && str_find_char(line, ' ', 0) < 0;
}

/* "diff -ru old/a.c new/a.c", and the line below "Index:". */
static bool is_command(struct str line)
{
	return str_starts(line, STR("diff -")) ||
	       (str_starts(line, STR("=====")) && str_find(line, STR("= "), 0) < 0);
}

static bool is_colored(struct str line)
{
	return str_contains(line, STR("\033["));
}

/* Lines that are allowed outside of files; any other could be a changed file that would be missed. */
static bool read_other(struct diff_parser *parser, struct str line)
{
	struct str start = utf8_cut(str_trim(line), 60);

	if (!str_trim(line).len)
		return true;
	if (is_colored(line))
		return parser_fail(
			parser, "the diff is colored: make it without colors: git diff --no-color");
	if (starts_patch(line) || (!parser->entries.len && is_mail_header(line)))
		return on_patch_start(parser);
	if (parser->text == TEXT_MESSAGE)
		return true;
	if (is_command(line)) {
		if (parser->in_hunks)
			entry_close(parser);
		return true;
	}
	if (str_eq(str_trim(line), STR("--")) && parser->entries.len) {
		entry_close(parser);
		parser->text = parser->is_series ? TEXT_MESSAGE : TEXT_SIGNATURE;
		return true;
	}
	if (parser->text == TEXT_SIGNATURE) {
		parser->text = TEXT_NONE;
		return true;
	}
	if (parser->text == TEXT_LOG &&
	    (str_starts(line, STR("  > ")) || str_starts(line, STR("  < "))))
		return true;
	if (parser->in_hunks && strchr("+- ", line.ptr[0]))
		return parser_fail(
			parser,
			"a line of code outside of a hunk: the hunk before it has more lines than its header says");
	if (!parser->entries.len && parser->reader.number == 1)
		return parser_fail(parser, "not a diff: it starts with \"%.*s\"", STR_ARG(start));
	return parser_fail(
		parser,
		"\"%.*s\" is not a line of a diff: give what git diff prints, without other text",
		STR_ARG(start));
}

static bool read_line(struct diff_parser *parser, struct str line)
{
	bool taken = false;

	if (parser->in_binary && is_binary_line(line))
		return true;
	parser->in_binary = false;
	if (!header_read(parser, line, &taken) || (!taken && !mention_read(parser, line, &taken)))
		return false;
	return taken || read_other(parser, line);
}

static bool read_hunk(struct diff_parser *parser)
{
	struct str line;

	if (!parser->open)
		return reader_next(&parser->reader, &line) &&
		       parser_fail(parser, "a hunk before any file's header");
	parser->in_hunks = true;
	return hunk_read(&parser->reader, &parser->diff->arena, &entry_last(parser)->file,
			 &parser->hunks, parser->err);
}

static bool parse_all(struct diff_parser *parser)
{
	struct str line;

	while (reader_peek(&parser->reader, &line)) {
		if (hunk_starts(line) && (parser->open || parser->text != TEXT_MESSAGE)) {
			if (!read_hunk(parser))
				return false;
			continue;
		}
		if (!reader_next(&parser->reader, &line) || !read_line(parser, line))
			return false;
	}
	return entries_finish(parser);
}

/* ---- Whole texts ---- */

/* PowerShell 5 writes UTF-16 behind a byte order mark; without one every second byte is NUL. */
static bool is_utf16(struct str text)
{
	return str_starts(text, STR("\xff\xfe")) || str_starts(text, STR("\xfe\xff")) ||
	       (text.len > 3 && (!text.ptr[0] + !text.ptr[1] == 1) &&
		(!text.ptr[2] + !text.ptr[3] == 1));
}

static bool check_text(struct str text, struct error *err)
{
	if (text.len > DIFF_SIZE_MAX)
		return error_set(err, ERROR_LIMIT, "a diff of more than %d bytes", DIFF_SIZE_MAX);
	if (is_utf16(text))
		return error_set(
			err, ERROR_SYNTAX,
			"line 1: the diff is UTF-16, as PowerShell's > writes it: let git write the file: git diff --output=FILE");
	return true;
}

/* A tool that turned every line end into CR LF turned those of the headers too. */
static bool has_crlf(struct str text)
{
	struct str line;

	while (str_next_line(&text, &line, NULL)) {
		if (str_trim(line).len)
			return str_ends(line, STR("\r"));
	}
	return false;
}

bool diff_parse(struct str text, struct diff *diff, struct error *err)
{
	struct diff parsed = {0};
	struct diff_parser parser = {.diff = &parsed, .err = err};
	bool ok;

	if (!check_text(text, err))
		return false;
	text = utf8_skip_mark(text);
	parser.reader.rest = arena_str(&parsed.arena, text);
	parser.reader.crlf = has_crlf(text);
	ok = parse_all(&parser);
	VEC_RELEASE(&parser.hunks);
	VEC_RELEASE(&parser.entries);
	if (ok && !parsed.len && parser.is_series)
		ok = error_set(err, ERROR_SYNTAX, "no changed file in this patch");
	if (!ok) {
		diff_release(&parsed);
		return false;
	}
	*diff = parsed;
	return true;
}

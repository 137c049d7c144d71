/* list_files and read_file. */
#include "agent/tool_files.h"
#include "agent/tool_input.h"
#include "base/quote.h"
#include "base/utf8.h"
#include "redact/path.h"
#include "redact/redact.h"

bool tool_list_files(struct tool_work *work, struct error *err)
{
	const struct source_tree *tree = &work->tools->tree;
	struct list_input input = {0};
	size_t count = 0;

	if (!tool_decode(work, &list_input_fields, &input, err) ||
	    !tool_check_glob(input.glob, err))
		return false;
	for (size_t i = 0; i < tree->len; i++) {
		const struct source_file *file = &tree->files[i];

		if (!tool_glob_match(work->tools, input.glob, i))
			continue;
		if (count++ >= TOOL_FILES_MAX)
			continue;
		path_add(work->out, file->path);
		if (file->size >= 0)
			buf_addf(work->out, " (%lld bytes)", (long long)file->size);
		buf_add_char(work->out, '\n');
	}
	if (!count)
		buf_add_text(
			work->out,
			"No file matches. Give a folder (\"src\") or a pattern of whole paths (\"src/**/*.c\", \"**/test_*\").\n");
	if (count > TOOL_FILES_MAX)
		buf_addf(work->out, "%zu files match, %d are shown; narrow the glob.\n", count,
			 TOOL_FILES_MAX);
	if (tree->truncated)
		buf_add_text(work->out, "The repository has more files than could be listed.\n");
	return true;
}

/* Lists files with the same name, so that the model can ask again. */
static bool no_such_file(const struct source_tree *tree, struct str path, struct error *err)
{
	SCOPED(buf) struct buf same = BUF_INIT;
	size_t count = 0;

	for (size_t i = 0; i < tree->len && count < 5; i++) {
		if (!str_eq(str_last_part(tree->files[i].path), str_last_part(path)))
			continue;
		buf_add_text(&same, count++ ? ", " : "");
		path_add(&same, tree->files[i].path);
	}
	return error_set(
		err, ERROR_INVALID,
		"there is no file \"%.*s\" at the head of the change%s%s; paths begin at the root of the repository",
		STR_ARG(utf8_cut(path, 300)), count ? "; files of that name: " : "", same.ptr);
}

static size_t count_lines(struct str text)
{
	struct str line;
	size_t count = 0;

	while (str_next_line(&text, &line, NULL))
		count++;
	return count;
}

static void add_lines(struct buf *out, struct str text, int64_t first, int64_t last)
{
	struct str line;

	for (int64_t number = 1; number <= last && str_next_line(&text, &line, NULL); number++) {
		if (number >= first)
			buf_addf(out, "%6lld | %.*s\n", (long long)number, STR_ARG(line));
	}
}

/*
 * Finds the file of a path. Accepts "./" before it, quotes as in an answer, and the form of
 * search results ("src/a.c:12"), whose line is the first line to read.
 */
static const struct source_file *find_file(const struct tool_work *work, struct read_input *input,
					   struct str *path)
{
	const struct source_tree *tree = &work->tools->tree;
	SCOPED(buf) struct buf plain = BUF_INIT;
	struct str quoted = input->path;
	ptrdiff_t colon = str_rfind_char(input->path, ':');
	const struct source_file *file;
	int64_t line;

	*path = str_starts(input->path, STR("./")) ? str_skip(input->path, 2) : input->path;
	if (quote_take(&quoted, &plain) && !quoted.len)
		*path = arena_str(work->arena, buf_str(&plain));
	file = source_tree_find_shown(tree, *path, path_test_for(*path));
	if (file || colon <= 0 || !str_to_int64(str_skip(input->path, (size_t)colon + 1), &line) ||
	    line < 1)
		return file;
	input->path = str_slice(input->path, 0, (size_t)colon);
	if (!input->start_line)
		input->start_line = line;
	return find_file(work, input, path);
}

bool tool_read_file(struct tool_work *work, struct error *err)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	struct read_input input = {0};
	const struct source_file *file;
	int64_t lines, first, last;
	struct str path;

	if (!tool_decode(work, &read_input_fields, &input, err))
		return false;
	file = find_file(work, &input, &path);
	if (!file)
		return no_such_file(&work->tools->tree, path, err);
	if (!tool_file_text(work->tools, file, &text, err))
		return error_wrap(err, "\"%.*s\"", STR_ARG(utf8_cut(path, 300)));
	lines = (int64_t)count_lines(buf_str(&text));
	first = MAX_OF(input.start_line, (int64_t)1);
	last = input.end_line ? MIN_OF(input.end_line, lines) : lines;
	if (first > lines && lines > 0)
		return error_set(err, ERROR_INVALID,
				 "\"%.*s\" has %lld lines; line %lld is not there",
				 STR_ARG(utf8_cut(path, 300)), (long long)lines, (long long)first);
	if (input.end_line && input.end_line < first)
		return error_set(err, ERROR_INVALID, "end_line is before start_line");
	last = MIN_OF(last, first + TOOL_LINES_MAX - 1);
	path_add(work->out, file->path);
	if (lines)
		buf_addf(work->out, ", lines %lld to %lld of %lld:\n", (long long)first,
			 (long long)last, (long long)lines);
	else
		buf_add_text(work->out, " is empty.\n");
	add_lines(work->out, buf_str(&text), first, last);
	return true;
}

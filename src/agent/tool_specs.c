/* The names and inputs of the tools: the tables that decode their input are also their schemas. */
#include "agent/tool_specs.h"

#include "agent/tool_input.h"

static const struct field list_items[] = {
	{.name = "glob",
	 .type = FIELD_STRING,
	 .offset = offsetof(struct list_input, glob),
	 .help = "Only paths that match or are below this folder: \"src\", \"src/**/*.c\", \"**/*test*\". Default: every file."},
};

static const struct field read_items[] = {
	{.name = "path",
	 .type = FIELD_STRING,
	 .offset = offsetof(struct read_input, path),
	 .required = true,
	 .help = "The file, from the root of the repository: \"src/main.c\"."},
	{.name = "start_line",
	 .type = FIELD_INT,
	 .offset = offsetof(struct read_input, start_line),
	 .min = 1,
	 .help = "The first line to read. Default 1."},
	{.name = "end_line",
	 .type = FIELD_INT,
	 .offset = offsetof(struct read_input, end_line),
	 .min = 1,
	 .help = "The last line to read. Default: as many lines as one call gives."},
};

static const struct field search_items[] = {
	{.name = "pattern",
	 .type = FIELD_STRING,
	 .offset = offsetof(struct search_input, pattern),
	 .required = true,
	 .help = "A regular expression (Perl's syntax), matched against each line."},
	{.name = "glob",
	 .type = FIELD_STRING,
	 .offset = offsetof(struct search_input, glob),
	 .help = "Only in files whose path matches. Default: every file."},
	{.name = "ignore_case",
	 .type = FIELD_BOOL,
	 .offset = offsetof(struct search_input, ignore_case),
	 .help = "Whether capitals do not matter. Default false."},
};

const struct fields list_input_fields = {
	.title = "list_files",
	.items = list_items,
	.len = ARRAY_LEN(list_items),
	.size = sizeof(struct list_input),
};

const struct fields read_input_fields = {
	.title = "read_file",
	.items = read_items,
	.len = ARRAY_LEN(read_items),
	.size = sizeof(struct read_input),
};

const struct fields search_input_fields = {
	.title = "search",
	.items = search_items,
	.len = ARRAY_LEN(search_items),
	.size = sizeof(struct search_input),
};

const char *const tool_names[] = {
	[TOOL_LIST_FILES] = "list_files",
	[TOOL_READ_FILE] = "read_file",
	[TOOL_SEARCH] = "search",
	[TOOL_COUNT] = NULL,
};

static const struct tool_row {
	struct str description;
	const struct fields *input;
} rows[TOOL_COUNT] = {
	[TOOL_LIST_FILES] =
		{STR_INIT(
			 "Lists files of the repository at the head of the change, in order of their paths."),
		 &list_input_fields},
	[TOOL_READ_FILE] =
		{STR_INIT(
			 "Reads lines of one file of the repository at the head of the change, each with its number. Ask for the lines that you need rather than for the whole file."),
		 &read_input_fields},
	[TOOL_SEARCH] =
		{STR_INIT(
			 "Finds lines in the files of the repository at the head of the change and gives them as path:line: text. Says when files could not be searched."),
		 &search_input_fields},
};

struct str tool_name(enum tool_kind kind)
{
	assert((size_t)kind < TOOL_COUNT);
	return str_from(tool_names[kind]);
}

bool tool_find(struct str name, enum tool_kind *kind)
{
	for (size_t i = 0; i < TOOL_COUNT; i++) {
		if (str_eq(str_from(tool_names[i]), name)) {
			*kind = (enum tool_kind)i;
			return true;
		}
	}
	return false;
}

struct tool tool_spec(struct arena *arena, enum tool_kind kind)
{
	return (struct tool){
		.name = tool_name(kind),
		.description = rows[kind].description,
		.schema = fields_schema(arena, rows[kind].input),
	};
}

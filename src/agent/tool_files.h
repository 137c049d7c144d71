/* What the tools share: the tree, and the texts of its files. */
#ifndef AGENT_TOOL_FILES_H
#define AGENT_TOOL_FILES_H

#include "agent/tools.h"

/* One call on its way; each tool fills `out`. */
struct tool_work {
	struct tools *tools;
	struct arena *arena;
	const struct value *input;
	struct buf *out;
};

/* A tool: the model gets ERROR_INVALID as the result, ERROR_CANCELLED and ERROR_TIMEOUT end the call. */
typedef bool tool_runner(struct tool_work *work, struct error *err);

tool_runner tool_list_files;
tool_runner tool_read_file;
tool_runner tool_search;

/* True for errors that are no answer to the model but the end of the work. */
bool tool_error_ends(const struct error *err);

/*
 * Appends the file's text, redacted as all that a model is shown must be.  ERROR_INVALID with the reason
 * for a file that is too large, binary or not available.  Waits.
 */
bool tool_file_text(struct tools *tools, const struct source_file *file, struct buf *text,
		    struct error *err) MUST_USE;

/*
 * True for a path that a model asks for with `glob`: one that matches, one below a folder of that name
 * ("src", "./src/", "."), and any for an empty one.
 */
bool tool_glob_match(struct str glob, struct str path);

/* Decodes the input; ERROR_INVALID says what is wrong with it. */
bool tool_decode(struct tool_work *work, const struct fields *fields, void *input,
		 struct error *err) MUST_USE;

/* ERROR_INVALID for a glob that is not well formed; an empty one is fine. */
bool tool_check_glob(struct str glob, struct error *err) MUST_USE;

#endif

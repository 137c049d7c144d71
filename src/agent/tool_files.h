/* What the tools share: the tree, and the texts of its files. */
#ifndef AGENT_TOOL_FILES_H
#define AGENT_TOOL_FILES_H

#include "base/arena.h"
#include "base/common.h"
#include "base/error.h"
#include "base/map.h"
#include "base/vec.h"
#include "source/source.h"
#include "value/fields.h"

enum {
	TOOL_LINES_MAX = 500,         /* of one read_file */
	TOOL_FILES_MAX = 500,         /* of one list_files */
	TOOL_MATCHES_MAX = 100,       /* of one search */
	TOOL_ANSWER_SIZE_MAX = 40000, /* bytes of any answer */
	TOOL_FILE_SIZE_MAX = 2 << 20, /* larger files are neither read nor searched */
	TOOL_CACHE_SIZE_MAX = 64 << 20,
	TOOL_PATTERN_LEN_MAX = 500,
};

struct tools_blob;

/*
 * The files of one run, shared by its agents.  Set `source` (NULL: every call is
 * refused), `changed` (its folders are searched first), `pause` and limits; the rest begins zeroed.  Keeps what
 * it read, up to TOOL_CACHE_SIZE_MAX.  Calls may overlap: a source waits, redaction breathes, and others then
 * get the turn.
 */
struct tools {
	const struct source *source;
	const struct str *changed;
	size_t changed_len;
	bool (*pause)(
		struct error *err); /* gives the turn in long searches (task_yield), or NULL */
	int search_ms_max;          /* CPU time of one search; 0: SEARCH_MS_MAX, five seconds */

	struct arena arena; /* of the tree */
	struct source_tree tree;
	struct str *shown; /* the tree's paths as a model sees them; empty: not made yet */
	size_t *order;     /* indexes of the tree's files, folders of the changed files first */
	bool loaded;
	struct map blobs; /* id -> struct tools_blob * */
	struct {
		VEC_FIELDS(struct tools_blob *);
	} blob_list;   /* owned */
	size_t cached; /* bytes */
};

void tools_release(struct tools *tools);

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

/* Lists the files once; ERROR_INVALID, with the answer for the model, when they cannot be listed.  Waits. */
bool tool_load_tree(struct tools *tools, struct error *err) MUST_USE;

/*
 * Appends the file's text, redacted.  ERROR_INVALID with the reason
 * for a file that is too large, binary or not available.  Waits.
 */
bool tool_file_text(struct tools *tools, const struct source_file *file, struct buf *text,
		    struct error *err) MUST_USE;

/*
 * True for the tree's file `idx` when a model asks for it with `glob`: one that matches, one below a folder of
 * that name ("src", "./src/", "."), and any for an empty one.  Its path is compared as the model sees it: patterns
 * on the real one would tell a secret in it, one character a call.
 */
bool tool_glob_match(struct tools *tools, struct str glob, size_t idx);

/* Decodes the input; ERROR_INVALID says what is wrong with it. */
bool tool_decode(struct tool_work *work, const struct fields *fields, void *input,
		 struct error *err) MUST_USE;

/* ERROR_INVALID for a glob that is not well formed; an empty one is fine. */
bool tool_check_glob(struct str glob, struct error *err) MUST_USE;

#endif

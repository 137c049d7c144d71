/* The read-only tools that an agent may call, over the files of the head commit. */
#ifndef AGENT_TOOLS_H
#define AGENT_TOOLS_H

#include "base/arena.h"
#include "base/common.h"
#include "base/error.h"
#include "base/map.h"
#include "base/vec.h"
#include "model/chat.h"
#include "source/source.h"
#include "value/fields.h"

/* Sorted by name. */
enum tool_kind { TOOL_LIST_FILES, TOOL_READ_FILE, TOOL_SEARCH, TOOL_COUNT };

extern const char *const tool_names[]; /* ended by NULL, for field tables */
struct str tool_name(enum tool_kind kind);
bool tool_find(struct str name, enum tool_kind *kind) MUST_USE;

/* A tool as described to the model; everything lives in `arena` or longer. */
struct tool tool_spec(struct arena *arena, enum tool_kind kind);

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
 * The files of one run, shared by its agents.  Set `source` (NULL: there is none, every call is
 * refused), `changed` (its folders are searched first), `pause` and limits; the rest begins zeroed.  Keeps what
 * it read, up to TOOL_CACHE_SIZE_MAX.  Calls may overlap: a source waits, and others then get
 * the turn.
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
	size_t *order; /* indexes of the tree's files, folders of the changed files first */
	bool loaded;
	struct map blobs; /* id -> struct tools_blob * */
	struct {
		VEC_FIELDS(struct tools_blob *);
	} blob_list;   /* owned */
	size_t cached; /* bytes */
};

void tools_release(struct tools *tools);

/* A tool's answer; an error is one for the model, and counted as refused in the report. */
struct tool_answer {
	struct str text;
	bool is_error;
};

/*
 * Runs one call.  Whatever is wrong with it (no such tool or file, a bad pattern, arguments of the wrong
 * shape) becomes an error answer that says what to do instead; secrets in files are redacted.  False
 * only with ERROR_CANCELLED or ERROR_TIMEOUT.  May wait.
 */
struct tool_call {
	struct str name;
	const struct value *input;
	const struct strings *allowed; /* the agent's tools */
};
bool tools_call(struct tools *tools, struct arena *arena, const struct tool_call *call,
		struct tool_answer *answer, struct error *err) MUST_USE;

#endif

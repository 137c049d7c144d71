/* The files of a diff while it is parsed: begun, ended, and given their paths at the end. */
#ifndef DIFF_ENTRIES_H
#define DIFF_ENTRIES_H

#include "diff/hunks.h"
#include "diff/names.h"

/* A file as it was read; its path is decided at the end, when the prefixes of the diff are known. */
struct entry {
	struct diff_file file;
	struct names names;
	size_t line; /* where it starts */
	bool renamed, copied, added, deleted;
	bool named; /* without its change: one of the same path that has lines replaces it */
	bool alone; /* "Only in": whether it was added or deleted shows in its prefix */
};

struct entry_list {
	VEC_FIELDS(struct entry);
};

/* What may follow outside of files. */
enum parser_text {
	TEXT_NONE,      /* lines of a diff only */
	TEXT_MESSAGE,   /* a commit's or a mail's text, until the first file */
	TEXT_SIGNATURE, /* "-- " was read: a line with a version may follow */
	TEXT_LOG,       /* "Submodule ..." was read: lines with its commits may follow */
};

struct diff_parser {
	struct diff_reader reader;
	struct diff *diff;
	struct entry_list entries;
	struct hunk_list hunks; /* of the file under way */
	struct prefixes prefixes;
	enum parser_text text;
	bool is_series; /* it began with a mail or a commit: there may be a second one */
	bool open; /* the last entry is under way: between its first header and the next file's */
	bool in_hunks;  /* after its headers */
	bool is_git;    /* it began with "diff --git" */
	bool in_binary; /* the lines of a binary patch follow */
	struct error *err;
};

/* ERROR_SYNTAX "line 12: ..."; returns false. */
bool PRINTF(2, 3) parser_fail(struct diff_parser *parser, const char *fmt, ...);

/* Ends the file under way and begins the next one. */
struct entry *entry_open(struct diff_parser *parser, bool is_git);
void entry_close(struct diff_parser *parser);
/* The file under way. */
struct entry *entry_last(struct diff_parser *parser);

/* Moves the entries into the diff, with their paths. */
bool entries_finish(struct diff_parser *parser) MUST_USE;

/* Adds a file; ERROR_LIMIT beyond DIFF_FILES_MAX. */
bool diff_push(struct diff *diff, const struct diff_file *file, struct error *err) MUST_USE;

/* True for the abbreviated or full id of the blob without bytes. */
bool is_empty_blob(struct str id);

#endif

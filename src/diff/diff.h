/* A change: files, hunks and lines, from unified diffs of git or of GitHub's file lists. */
#ifndef DIFF_DIFF_H
#define DIFF_DIFF_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/common.h"
#include "base/error.h"
#include "base/map.h"
#include "base/str.h"

enum diff_status {
	DIFF_ADDED,
	DIFF_MODIFIED,
	DIFF_DELETED,
	DIFF_RENAMED,
	DIFF_COPIED,
	DIFF_TYPE_CHANGED, /* a file became a link, or the like */
};

enum diff_side { SIDE_RIGHT, SIDE_LEFT };
/* "RIGHT", "LEFT": as GitHub and our own files have them; ended by NULL, for field tables. */
extern const char *const diff_side_names[];

enum diff_line_kind { LINE_CONTEXT = ' ', LINE_ADDED = '+', LINE_DELETED = '-' };

/* The last line of a file that a diff can name: no diff of DIFF_SIZE_MAX has as many. */
enum { DIFF_LINE_MAX = (1 << 28) - 1 };

/*
 * One line of a hunk.  `text` has no prefix and no LF; a CR stays.  A number is 0 where the side lacks it.  All but
 * the text is in eight bytes, because a change can have millions of lines.
 */
struct diff_line {
	struct str text;
	uint64_t old_line : 28;
	uint64_t new_line : 28;
	uint64_t kind : 7;       /* enum diff_line_kind */
	uint64_t no_newline : 1; /* "\ No newline at end of file" follows */
};

struct diff_hunk {
	uint32_t old_start, old_len;
	uint32_t new_start, new_len;
	struct str section; /* the text after the second "@@": often the enclosing function */
	struct diff_line *lines;
	size_t len;
	uint32_t
		place; /* which of the places where its old lines are in the old file, from 1; 0: unknown */
};

/* The type of a file within its mode, and the type of a submodule. */
enum { DIFF_TYPE_MASK = 0170000, DIFF_TYPE_SUBMODULE = 0160000 };

struct diff_file {
	struct str path;     /* on the new side; for a deleted file the old one */
	struct str old_path; /* differs from `path` for renames and copies */
	enum diff_status status;
	uint32_t old_mode, new_mode; /* 0100644...; 0: not stated */
	struct str old_id, new_id;   /* blob ids, perhaps abbreviated; or empty */
	bool binary;
	bool decoded; /* its lines were in another encoding than UTF-8, so that no suggestion can be applied */
	bool patch_missing; /* the source names the file but gave no hunks that it must have */
	uint32_t additions, deletions;
	struct diff_hunk *hunks;
	size_t len;
};

/*
 * Owns everything in its arena; texts are copied from the input, which may be freed.  Code that fills a
 * copy calls diff_index() once its paths are set.
 */
struct diff {
	struct arena arena;
	struct diff_file *files;
	size_t len, cap;
	struct map by_path; /* path -> index + 1; empty: not indexed, and searched one by one */
};

void diff_release(struct diff *diff);

/* Indexes the files by path, for diff_find(). */
void diff_index(struct diff *diff);

/* Reported as ERROR_LIMIT beyond. */
enum { DIFF_SIZE_MAX = 256 << 20, DIFF_FILES_MAX = 100000 };

/*
 * Parses the output of `git diff` (or any unified diff with ---/+++ headers): git's extended headers,
 * quoted paths, renames and copies, mode changes, binary files, no newline at the end, CRLF content,
 * combined diffs refused.  ERROR_SYNTAX "line 12: ..." when a hunk's counts do not match its lines (a
 * diff cut off in the middle), or for an invalid header: nothing is skipped silently.
 */
bool diff_parse(struct str text, struct diff *diff, struct error *err) MUST_USE;

/* One file as GitHub's "list pull request files" gives it; `patch` empty when it is absent. */
struct diff_file_source {
	struct str path, old_path,
		status; /* added, removed, modified, renamed, copied, changed, unchanged */
	struct str patch;
	struct str new_id;
	uint32_t additions, deletions;
};
bool diff_add_file(struct diff *diff, const struct diff_file_source *source,
		   struct error *err) MUST_USE;

/* Takes room for so many files at once, DIFF_FILES_MAX at most: a list that grows leaves its old ones behind. */
void diff_reserve(struct diff *diff, size_t files);

/* Adds hunks to a file whose patch was missing.  ERROR_SYNTAX as above. */
bool diff_file_set_patch(struct diff *diff, struct diff_file *file, struct str patch,
			 struct error *err) MUST_USE;

/*
 * Finds each hunk's `place` in the text of the old file.  It stays unknown where the text is not the one
 * that the hunk was made from, or takes too long.
 */
void diff_file_set_places(struct diff_file *file, struct str old_text);

/*
 * The first file of that path on the new side, or NULL; the path may be quoted, as a model sees it.  The time
 * does not depend on the number of files.
 */
struct diff_file *diff_find(const struct diff *diff, struct str path);

/* Finds the hunk and line of line `line` of `side`, or NULL. A context line is on both sides. */
const struct diff_line *diff_line_at(const struct diff_file *file, enum diff_side side,
				     uint32_t line, const struct diff_hunk **hunk);

/* Adds the path of the file that was added last to the index, for parse.c. */
void diff_index_last(struct diff *diff);

/* A line's number on a side; 0 when it is not on it. */
uint32_t diff_line_number(const struct diff_line *line, enum diff_side side);

/* A line number or a count of lines that came from outside; 0 if it is out of range. */
uint32_t diff_number(int64_t number);

/* The first line of the new file that the hunk shows; without any, the line that follows it. */
uint32_t diff_hunk_first(const struct diff_hunk *hunk);

const char *diff_status_name(enum diff_status status); /* "added", "modified"... */

/* '+': the change makes the file executable; '-': it takes that away; ' ': neither, or not known. */
char diff_file_executable(const struct diff_file *file);

#endif

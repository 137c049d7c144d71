/* Borrowed strings: a pointer and a length into memory that somebody else owns. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include "base/common.h"

/*
 * `ptr` may be NULL only when `len` is 0.  The bytes need not end in NUL, need not be UTF-8, and are
 * never freed through a str: it must not outlive their owner.
 */
struct str {
	const char *ptr;
	size_t len;
};

#define STR_EMPTY ((struct str){0})
#define STR(literal) ((struct str){.ptr = "" literal, .len = sizeof(literal) - 1})
/* For tables and other constant initializers. */
#define STR_INIT(literal) {.ptr = "" literal, .len = sizeof(literal) - 1}

/* printf("%.*s", STR_ARG(name)); lengths beyond INT_MAX are cut. */
#define STR_ARG(s) str_printf_len(s), ((s).ptr ? (s).ptr : "")

int str_printf_len(struct str s);

/* NULL gives the empty string. */
struct str str_from(const char *text);
struct str str_of(const char *ptr, size_t len);

bool str_eq(struct str a, struct str b);
bool str_eq_nocase(struct str a, struct str b); /* ASCII letters only */
int str_cmp(struct str a, struct str b);        /* by bytes; negative, 0, positive */
bool str_starts(struct str s, struct str prefix);
bool str_starts_nocase(struct str s, struct str prefix);
/* Whether the path is below the folder and is not the folder itself; the folder ends in no slash. */
bool str_is_below(struct str path, struct str folder);
/* The same for a folder that is anywhere in the path: "a/b/c.c" is within "a", "b" and "a/b". */
bool str_is_within(struct str path, struct str folder);
bool str_contains_nocase(struct str s, struct str part);
bool str_ends(struct str s, struct str suffix);

/* Index of the first occurrence at or after `from`, or -1. */
ptrdiff_t str_find(struct str s, struct str needle, size_t from);
ptrdiff_t str_find_char(struct str s, char c, size_t from);
ptrdiff_t str_rfind_char(struct str s, char c);
bool str_contains(struct str s, struct str needle);

/* The part from `start`, at most `len` bytes; both are clamped to the string. */
struct str str_slice(struct str s, size_t start, size_t len);
struct str str_skip(struct str s, size_t count);

/* Around the last '/' of "src/a/b.c": "src/a" and "b.c".  Without one: empty, and all of it. */
struct str str_folder(struct str path);
struct str str_last_part(struct str path);

/* Without ASCII white space (space, tab, CR, LF, VT, FF) at both ends. */
struct str str_trim(struct str s);

/*
 * Takes the next line off `rest` (without its LF; a CR stays).  False when nothing is left.  A last
 * line without LF is given too; *ended, if not NULL, says whether the line had its LF.
 */
bool str_next_line(struct str *rest, struct str *line, bool *ended);

/* Takes the text before the next `separator` off `rest`.  False when `rest` was used up. */
bool str_next_part(struct str *rest, char separator, struct str *part);

/* Cuts once: true when `separator` was found; `before` and `after` are then set. */
bool str_cut(struct str s, struct str separator, struct str *before, struct str *after);

/* 40 or 64 lower-case hex digits, as git writes the whole id of an object. */
bool str_is_git_id(struct str s);

/* Decimal digits only, optional leading '-'; false on anything else or on overflow. */
bool str_to_int64(struct str s, int64_t *value) MUST_USE;
/* A JSON-like number; false on anything else or a value that is not finite. */
bool str_to_double(struct str s, double *value) MUST_USE;

/* 64-bit FNV-1a: for hash tables, never for anything that an attacker gains by colliding. */
uint64_t str_hash(struct str s);

/* For qsort on arrays of struct str. */
int str_compare_items(const void *a, const void *b);

/* The word of `words` nearest to `word` by edit distance (two changes, or a third of its length), or empty. */
struct str str_nearest(struct str word, const struct str *words, size_t count);

#endif

/* Which lines of a file begin a function, by language. */
#ifndef DIFF_HEADING_H
#define DIFF_HEADING_H

#include "base/common.h"
#include "base/str.h"

/*
 * One language: which files are of it and how its functions begin.  Rows of a table; never freed.
 */
struct heading_language {
	const char *name;     /* as git calls its driver, where git has one */
	const char *suffixes; /* of file names, separated by blanks: ".c .h" */
	const char *begins;   /* PCRE2: a line that begins a function, class or section */
	const char * not;     /* PCRE2: a line that does not, though `begins` matches; or NULL */
	const char *
		/* how a line that ends one begins, at the indentation of its first line; or NULL */
		ends;
};

/* The language of a file by its name, or NULL. */
const struct heading_language *heading_language(struct str path);

/* The rows of the table, for tests. */
const struct heading_language *heading_languages(size_t *len);

/* The patterns of one language, compiled. */
struct headings;
struct headings *headings_new(const struct heading_language *language) MUST_USE;
void headings_free(struct headings *headings);
DEFINE_OWNED(headings);

/* Whether the line begins a function.  Only the first 300 bytes of it are looked at. */
bool headings_match(const struct headings *headings, struct str line);

/* Lines of a file, from 1; both ends are included. */
struct line_range {
	uint32_t first, last;
};

/*
 * The lines of the function around `changed` (which are lines of the file), with the comment
 * directly above it. At most `lines_max` more than `changed`: of a longer function those near to
 * it.  Outside of any function it is `changed` itself.  `lines` are all lines of the file.
 */
struct line_range headings_enclosing(const struct headings *headings, const struct str *lines,
				     size_t len, struct line_range changed, uint32_t lines_max);

#endif

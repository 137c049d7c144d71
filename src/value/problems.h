/* Diagnostics: everything that is wrong with some files, each with its place, found in one pass. */
#ifndef VALUE_PROBLEMS_H
#define VALUE_PROBLEMS_H

#include <stdarg.h>

#include "base/buf.h"
#include "base/common.h"
#include "base/error.h"
#include "base/vec.h"
#include "value/value.h"

enum problem_level { PROBLEM_WARNING, PROBLEM_ERROR };

struct problem {
	struct str file;
	struct position at; /* line 0: the file as a whole */
	enum problem_level level;
	struct str text;
};

/*
 * Zeroed it is empty.  Owns its texts, which are escaped: safe on one line.  More than PROBLEMS_MAX are
 * counted, not kept.
 */
struct problems {
	struct arena arena;
	VEC_FIELDS(struct problem);
	size_t errors; /* how many of level PROBLEM_ERROR, those not kept included */
};

enum { PROBLEMS_MAX = 500 };

void problems_release(struct problems *problems);
void problem_add(struct problems *problems, struct str file, struct position at,
		 enum problem_level level, const char *fmt, ...) PRINTF(5, 6);
void problem_vadd(struct problems *problems, struct str file, struct position at,
		  enum problem_level level, const char *fmt, va_list args) PRINTF(5, 0);

/* "file:line:column: error: text\n" for each, sorted by file and place. */
void problems_write(struct problems *problems, struct buf *out);

/* The first error as an ERROR_CONFIG ("file:line:column: text", "and N more"); false always. */
bool problems_error(const struct problems *problems, struct error *err);

#endif

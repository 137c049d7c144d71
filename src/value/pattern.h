/* Regular expressions that people write into files. */
#ifndef VALUE_PATTERN_H
#define VALUE_PATTERN_H

#include "base/error.h"
#include "base/str.h"

/* ERROR_CONFIG with the place in the pattern, when it is not a regular expression (PCRE2). */
bool pattern_check(struct str pattern, struct error *err) MUST_USE;

/* Whether the pattern matches anywhere in `text`, in any case; never for a pattern that is not valid. */
bool pattern_matches(struct str pattern, struct str text);

#endif

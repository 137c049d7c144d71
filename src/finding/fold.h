/* Comparing code with its white space folded; text_fold() of finding.h folds it. */
#ifndef FINDING_FOLD_H
#define FINDING_FOLD_H

#include "base/common.h"
#include "base/str.h"

/* Whether `raw`, folded, is `folded`.  Stops at the first difference. */
bool fold_equals(struct str raw, struct str folded);

/* ASCII letters and digits, and each character beyond ASCII. */
size_t fold_count_letters(struct str text);

/* A letter, digit, underscore or part of a character beyond ASCII: what names are made of. */
bool fold_is_word(char c);

#endif

/* Letters and words of quoted code; text_fold() of finding.h folds its white space. */
#ifndef FINDING_FOLD_H
#define FINDING_FOLD_H

#include "base/common.h"
#include "base/str.h"

/* ASCII letters and digits, and each character beyond ASCII. */
size_t fold_count_letters(struct str text);

/* A letter, digit, underscore or part of a character beyond ASCII: what names are made of. */
bool fold_is_word(char c);

#endif

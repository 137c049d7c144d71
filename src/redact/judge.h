/* Whether a value looks like a secret: letter pairs, entropy, and what is known to be none. */
#ifndef REDACT_JUDGE_H
#define REDACT_JUDGE_H

#include "base/common.h"
#include "base/str.h"
#include "redact/name.h"

enum { VALUE_LEN_MAX = 4096 }; /* a longer value is never taken for a secret */

/*
 * True when `value`, given to a name of that kind, looks like a secret.  `quoted`: it was between
 * quotes; a bare word may be an identifier and must look more like a secret.
 */
bool value_is_secret(struct str value, enum name_kind kind, bool quoted);

/* True when the characters follow each other as no word or identifier would have them. */
bool value_is_random(struct str value);

#endif

/* Assignments of random-looking values to names such as key, token, secret, password. */
#ifndef REDACT_ASSIGN_H
#define REDACT_ASSIGN_H

#include "base/common.h"
#include "base/str.h"

/*
 * Finds the secret that the name at the start of `text` (a run of name characters) is given on the
 * same line: NAME = "value", name: value, "name": "value", name => 'value', name("value").
 * `value` is part of `text`; it is unchanged without an assignment.
 */
bool assign_find(struct str text, struct str *value);

#endif

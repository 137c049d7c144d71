/* Reads an action's input from the environment, as text or boolean. */
#ifndef ACTION_INPUT_TEXT_H
#define ACTION_INPUT_TEXT_H

#include "base/arena.h"
#include "base/common.h"
#include "base/env.h"
#include "base/str.h"

/*
 * The environment name of an input (docs.github.com, "Metadata syntax": upper case, blanks become
 * underscores, dashes stay): "INPUT_MAX-CALLS"; with `underscore` dashes become underscores too.
 */
struct str action_input_variable(struct arena *arena, const char *name, bool underscore);

/* The value of an input, trimmed; empty when not given.  The spelling with underscores takes precedence. */
struct str action_input(const struct env *env, struct arena *arena, const char *name);

/* YAML 1.2's core schema, as @actions/core reads it: true, True, TRUE, false, False, FALSE. */
bool action_boolean(struct str text, bool *value) MUST_USE;

#endif

/* Reads the action's inputs. */
#ifndef ACTION_INPUTS_H
#define ACTION_INPUTS_H

#include "action/inputs_table.h"
#include "base/arena.h"
#include "base/env.h"
#include "base/error.h"
#include "value/problems.h"

/*
 * Reads INPUT_* (dash or underscore; the underscore form takes precedence), trimmed.  Every wrong input becomes a
 * problem "max-calls: ..."; false when there was one.  Secrets are taken out of `env` and masked.
 */
bool inputs_read(struct env *env, struct arena *arena, struct inputs *inputs,
		 struct problems *problems) MUST_USE;

#endif

/* ${NAME} and ${NAME:-default} in the models of a configuration. */
#ifndef AGENT_EXPAND_H
#define AGENT_EXPAND_H

#include "base/env.h"
#include "value/fields.h"

/* What expanding needs; `text` is the file, for the places of problems. */
struct expansion {
	struct arena *arena;
	struct env *
		env; /* NULL: nothing is replaced, and members that must not be strings are removed */
	struct str text;
	struct str file;
	struct problems *problems;
	bool (*is_secret)(struct str field); /* members whose variables leave the environment */
};

/*
 * Replaces variables in the strings below `value`, an object that `fields` describes.  A number or a
 * boolean of the table that is given as a variable becomes what its text says.  An unset variable
 * without a default, and a "${" that is never closed, are problems.  Empty counts as unset.
 */
void expand_variables(const struct expansion *expansion, const struct fields *fields,
		      struct value *value);

#endif

/* What a GraphQL operation selects: members by name, lists by pages, as GitHub gives them. */
#ifndef EMULATOR_HUB_SELECT_H
#define EMULATOR_HUB_SELECT_H

#include "base/arena.h"
#include "base/str.h"
#include "value/value.h"

/* The one operation of a request; `variables` may be NULL. Texts are borrowed. */
struct hub_operation {
	struct str query;
	const struct value *variables;
	const char *why; /* the first thing that is wrong with it; NULL: nothing yet */
};

/* The name of the operation's first field, and its arguments with the variables put in. */
struct str hub_first_field(struct hub_operation *operation, struct arena *arena,
			   struct value **arguments);
bool hub_is_mutation(const struct hub_operation *operation);

/*
 * The `data` of an answer: of `root` what the operation selects, under its aliases. An object with
 * `nodes` is a connection: `first` (at most 100) entries after the cursor `after`, with `pageInfo`.
 * NULL and `why` when the operation cannot be read or asks for what is not there.
 */
struct value *hub_select(struct hub_operation *operation, const struct value *root,
			 struct arena *arena);

#endif

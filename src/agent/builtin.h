/* Files that are part of the program: the built-in agents and the table of models. */
#ifndef AGENT_BUILTIN_H
#define AGENT_BUILTIN_H

#include "base/common.h"
#include "base/str.h"

struct builtin_file {
	struct str name; /* "security.yml" */
	struct str text;
};

/* What agents/ held when the program was built, sorted by name; written by script/embed. */
extern const struct builtin_file builtin_files[];
extern const size_t builtin_files_len;

/* The file, or NULL. */
const struct builtin_file *builtin_find(struct str name);

/* False for files that are no agents: models.yml. */
bool builtin_is_agent(const struct builtin_file *file);

/* The agents that run when nobody names any: the default pack. */
extern const struct str builtin_pack[];
extern const size_t builtin_pack_len;

#endif

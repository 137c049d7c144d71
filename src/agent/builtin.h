/* The built-in agents, the system text that all agents share, and the table of models. */
#ifndef AGENT_BUILTIN_H
#define AGENT_BUILTIN_H

#include "base/common.h"
#include "base/str.h"

/* Where the files of agents/ are in a release; making one replaces OWNER. */
#define BUILTIN_ADDRESS "https://raw.githubusercontent.com/OWNER/outcrop/v1/agents/"

struct builtin_file {
	struct str name; /* "security.yml" */
	struct str text;
};

/*
 * The files of agents/ at build time, sorted by name; written by script/embed.  models.yml is embedded as
 * models.json.
 */
extern const struct builtin_file builtin_files[];
extern const size_t builtin_files_len;

/* The file, or NULL. */
const struct builtin_file *builtin_find(struct str name);

/* Returns false for files that do not define an agent: models.json, system.md. */
bool builtin_is_agent(const struct builtin_file *file);

/* The agents that run by default. */
extern const struct str builtin_pack[];
extern const size_t builtin_pack_len;

#endif

/* Agent definitions: the table of their YAML, and the checks on one and on several together. */
#ifndef AGENT_DEFINITION_H
#define AGENT_DEFINITION_H

#include "agent/agent.h"

enum { AGENT_FILE_SIZE_MAX = 256 << 10, AGENTS_MAX = 100 };

/*
 * Reads one agent from the text of its file.  False when a problem of level error was added.
 * Everything is copied into `arena`.
 */
bool agent_read(struct arena *arena, const struct agent_source *source, struct problems *problems,
		struct agent *agent) MUST_USE;

/*
 * Checks agents against each other: a duplicate name, a need that does not exist (with the
 * nearest name), a cycle of needs (printed as "a -> b -> a").  False when an error was added.
 */
bool agents_check(const struct agents *agents, struct problems *problems) MUST_USE;

/* The JSON Schema of an agent file, draft 2020-12, with "$schema" and "title": agents/schema.json. */
struct value *agent_schema(struct arena *arena);

/* The table behind all of it, for docs. */
extern const struct fields agent_fields;

#endif

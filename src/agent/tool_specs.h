/* The tools' names, and how each is described to a model. */
#ifndef AGENT_TOOL_SPECS_H
#define AGENT_TOOL_SPECS_H

#include "base/arena.h"
#include "model/chat.h"

/* Sorted by name. */
enum tool_kind { TOOL_LIST_FILES, TOOL_READ_FILE, TOOL_SEARCH, TOOL_COUNT };

extern const char *const tool_names[]; /* ended by NULL, for field tables */
struct str tool_name(enum tool_kind kind);
bool tool_find(struct str name, enum tool_kind *kind) MUST_USE;

/* A tool as described to the model; everything lives in `arena` or longer. */
struct tool tool_spec(struct arena *arena, enum tool_kind kind);

#endif

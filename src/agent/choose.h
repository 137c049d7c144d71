/* Choosing among configured agents, and whether a change edits them. */
#ifndef AGENT_CHOOSE_H
#define AGENT_CHOOSE_H

#include "agent/agent.h"
#include "diff/diff.h"

/*
 * Keeps the agents with these names, and clears their needs.  ERROR_USAGE for an unknown name, with the known
 * ones; nothing is changed then.
 */
bool agents_choose(struct agents *agents, const struct str *names, size_t len,
		   struct error *err) MUST_USE;

/* Whether a change edits the configuration or agents by which it would be reviewed. */
bool agents_edited(const struct diff *diff);

#endif

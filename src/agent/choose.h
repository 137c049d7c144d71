/* Choosing among configured agents, and whether a change edits them. */
#ifndef AGENT_CHOOSE_H
#define AGENT_CHOOSE_H

#include "agent/agent.h"
#include "diff/diff.h"

/*
 * Keeps the agents of these names, without the results that they need of others.  ERROR_USAGE for a name
 * that no agent has, listing those there are; then nothing is changed.
 */
bool agents_choose(struct agents *agents, const struct str *names, size_t len,
		   struct error *err) MUST_USE;

/* Whether a change edits the configuration or agents by which it would be reviewed. */
bool agents_edited(const struct diff *diff);

#endif

/* Checking configuration and agents as a whole: every problem in one pass. */
#ifndef AGENT_CHECK_H
#define AGENT_CHECK_H

#include "agent/load.h"
#include "base/env.h"

/* What is checked together.  All borrowed. */
struct check_request {
	const struct source *base; /* NULL: no repository */
	source_open *open;         /* NULL: agents of other repositories are not looked at */
	void *open_ctx;
	struct str config;     /* a path in `base`; empty: the default, which may be absent */
	struct strings agents; /* instead of the configuration's list; empty: that list */
};

/*
 * Checks the configuration, the agents that it names (or those of `agents`), and every file in the
 * agents' folder.  Adds what is wrong to `problems`; *files counts the definitions that were read.
 * False with `err` only when the files cannot be listed.  May wait.
 */
bool check_run(const struct check_request *request, struct problems *problems, size_t *files,
	       struct error *err) MUST_USE;

/*
 * Checks files by themselves: a configuration (it has none of an agent's keys) or an agent.  Agents are
 * also checked against a configuration when one is among the files.
 */
bool check_files(const struct str *paths, size_t len, struct problems *problems,
		 struct error *err) MUST_USE;

/* "checked 4 files: 1 error, 2 warnings" */
void check_add_sum(struct buf *out, const struct problems *problems, size_t files);

#endif

/* Reads and checks the configuration file. */
#ifndef AGENT_CONFIG_READ_H
#define AGENT_CONFIG_READ_H

#include "agent/config.h"
#include "value/problems.h"

/* What config_read() needs. */
struct config_source {
	struct str text;
	struct str file;
	/* Variables for ${NAME} in `models:`.  NULL (when only checking): they are not replaced. */
	struct env *env;
	const struct model_table *table;
};

/*
 * Reads and checks a configuration: unknown keys, wrong values, models and embedders that do not fit
 * together, variables that are not set.  Keys in the file itself cause a warning.  Values that
 * come from variables whose field is a secret are taken out of the environment.  False when a problem of
 * level error was added.  Everything but keys is copied into `arena`.
 */
bool config_read(struct arena *arena, const struct config_source *source, struct problems *problems,
		 struct config *config) MUST_USE;

/* Checks what agents name in the configuration: embedders, and models that are neither an alias nor an id. */
bool config_check_agents(const struct config *config, const struct model_table *table,
			 const struct agents *agents, struct problems *problems) MUST_USE;

#endif

/* The configuration file: of this repository or another one, under either spelling of its name. */
#ifndef AGENT_CONFIG_FILE_H
#define AGENT_CONFIG_FILE_H

#include "agent/load.h"

/* Where a configuration is read from. */
struct config_place {
	struct arena *arena;
	const struct source *base;      /* this repository; NULL: none */
	const struct source_tree *tree; /* its files, when they are listed already; or NULL */
	source_open *open;              /* NULL: other repositories cannot be read */
	void *open_ctx;
	struct str path; /* empty: the default one, of which both spellings are read */
};

/*
 * Reads the text of a configuration; `file` is its path, for messages.  A missing default file is
 * not an error: `file` is then empty.  A missing file that was named is ERROR_CONFIG.  May wait.
 */
bool config_fetch(const struct config_place *place, struct buf *text, struct str *file,
		  struct error *err) MUST_USE;

#endif

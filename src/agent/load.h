/* Finding agents: by name, by path or glob, in other repositories. */
#ifndef AGENT_LOAD_H
#define AGENT_LOAD_H

#include "agent/agent.h"
#include "agent/config.h"
#include "source/source.h"

/* Where a repository keeps its agents, and outcrop's files as a whole. */
#define OUTCROP_FOLDER ".github/outcrop/"
#define AGENTS_FOLDER OUTCROP_FOLDER "agents/"

/* The files of a repository at one commit. */
struct opened_source {
	struct source source; /* must live at least until loading ends */
	struct str commit;    /* what the ref resolved to */
};

/*
 * Opens "OWNER/REPO" at a ref.  The loader's caller provides it.  The loader explains ERROR_NOT_FOUND and
 * ERROR_DENIED to users.  May wait.
 */
typedef bool source_open(void *ctx, struct str repository, struct str ref,
			 struct opened_source *opened, struct error *err);

/* Set all members above the gap; what is loaded lives in `arena`. */
struct loader {
	struct arena *arena;
	struct problems *
		problems; /* gets everything that is wrong with definitions, each with its position */
	const struct source *base; /* this repository at the base commit; NULL: none */
	source_open *open;         /* NULL: other repositories cannot be read */
	void *open_ctx;
	const struct config *config; /* that names the agents, for messages; or NULL */
	struct str
		list; /* "OWNER/REPO/PATH@REF" of the configuration that has the list; or empty */

	struct source_tree tree; /* of `base` */
	bool loaded;
	size_t files;           /* definitions that were read, wrong ones too */
	struct agents readable; /* the valid ones, also when others are invalid */
};

/*
 * Loads the agents of the list (the built-in pack when it is empty) and checks them together:
 *   NAME                   .github/outcrop/agents/NAME.yml at the base commit, else the built-in agent
 *   ./PATH, DIR/PATH, GLOB files of this repository at the base commit, from its root
 *   ./PATH                 with a list of another repository: files of that repository, at the list's ref
 *   OWNER/REPO/PATH@REF    a file, or a glob, of another repository; a ref that is not a commit causes a notice
 * An agent that another needs is loaded too, with a notice.  False with ERROR_CONFIG (the first problem;
 * all are in `problems`), or what ended the work.  May wait.
 */
bool agents_load(struct loader *loader, const struct strings *names, struct agents *agents,
		 struct error *err) MUST_USE;

/*
 * "OWNER/REPO/PATH@REF" in its parts; false for anything else.  The same form names a configuration
 * file in another repository.
 */
struct remote_path {
	struct str repository, path, ref;
};
bool remote_path_parse(struct str text, struct remote_path *remote) MUST_USE;

#endif

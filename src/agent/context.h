/* What an agent sees besides the change: whole files, and paragraphs similar to the change. */
#ifndef AGENT_CONTEXT_H
#define AGENT_CONTEXT_H

#include "agent/paragraphs.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/common.h"
#include "base/error.h"
#include "source/source.h"
#include "value/strings.h"

enum {
	CONTEXT_SIZE_MAX = 120000, /* bytes of {{ context }}: about 30,000 tokens */
	CONTEXT_FILES_MAX = 200,
	CONTEXT_FILE_SIZE_MAX = 1 << 20,
};

/* The files of the base commit.  Set `source`; the rest begins zeroed. Shared by the agents of a run. */
struct context {
	const struct source *source; /* NULL: the context is empty */
	struct arena arena;
	struct source_tree tree;
	bool loaded;
};

void context_release(struct context *context);

/*
 * Appends whole files that match `globs`, each under a heading with its path, secrets redacted, until
 * CONTEXT_SIZE_MAX; what is left out is named at the end.  Files that are binary or cannot be read are
 * named too.  False only for what ends the work.  May wait.
 */
bool context_add_files(struct context *context, const struct strings *globs, struct buf *out,
		       struct error *err) MUST_USE;

/* The paragraphs of all files that match, redacted, in order of their paths.  May wait. */
bool context_paragraphs(struct context *context, const struct strings *globs, struct arena *arena,
			struct paragraphs *paragraphs, struct error *err) MUST_USE;

#endif

/* What an agent is given besides the change: whole files, and paragraphs near to the change. */
#ifndef AGENT_CONTEXT_H
#define AGENT_CONTEXT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/common.h"
#include "base/error.h"
#include "base/vec.h"
#include "source/source.h"
#include "value/fields.h"

enum {
	CONTEXT_SIZE_MAX = 120000, /* bytes of {{ context }}: about 30,000 tokens */
	CONTEXT_FILES_MAX = 200,
	CONTEXT_FILE_SIZE_MAX = 1 << 20,
	PARAGRAPHS_MAX = 4000,     /* of one agent */
	PARAGRAPH_SIZE_MAX = 2000, /* bytes; longer ones are split between lines */
	PARAGRAPH_SIZE_MIN = 200,  /* shorter ones are joined with what follows */
};

/* The files of the base commit.  Set `source`; the rest begins zeroed. Shared by the agents of a run. */
struct context {
	const struct source *source; /* NULL: there is none, and the context is empty */
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

/* A piece of a document.  Lives in the arena that it was split into. */
struct paragraph {
	struct str path;
	uint32_t line;      /* where it begins */
	struct str heading; /* the Markdown heading above it, or empty */
	struct str text;
};

struct paragraphs {
	VEC_FIELDS(struct paragraph);
};
void paragraphs_release(struct paragraphs *paragraphs);

/*
 * Splits a text at empty lines, so that code fences stay whole where they fit; at most PARAGRAPHS_MAX are
 * kept in all.
 */
void paragraphs_split(struct arena *arena, struct str path, struct str text,
		      struct paragraphs *paragraphs);

/* The paragraphs of all files that match, redacted, in order of their paths.  May wait. */
bool context_paragraphs(struct context *context, const struct strings *globs, struct arena *arena,
			struct paragraphs *paragraphs, struct error *err) MUST_USE;

/* What is embedded for a paragraph: its heading and its text. */
struct str paragraph_text(struct arena *arena, const struct paragraph *paragraph);

/* Appends the paragraph as the model is shown it: "path:line", heading, text. */
void paragraph_add(struct buf *out, const struct paragraph *paragraph);

/* Vectors as an embedder gives them: `len` times `dimensions` numbers. */
struct vectors {
	const float *values;
	size_t len;
	size_t dimensions;
};

/* The cosine of the angle between two vectors; 0 when one of them has no length. */
double vector_cosine(const float *a, const float *b, size_t dimensions);

/*
 * Writes to `nearest` the indexes of the `count` vectors nearest to `query`, nearest first (of equal ones
 * the first); gives how many there are.
 */
size_t vectors_nearest(const struct vectors *vectors, const float *query, size_t count,
		       size_t *nearest);

#endif

/* Splits documents into paragraphs, and compares them. */
#ifndef AGENT_PARAGRAPHS_H
#define AGENT_PARAGRAPHS_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/vec.h"

enum {
	PARAGRAPHS_MAX = 4000,     /* of one agent */
	PARAGRAPH_SIZE_MAX = 2000, /* bytes; longer ones are split between lines */
	PARAGRAPH_SIZE_MIN = 200,  /* shorter ones are joined with what follows */
};

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

#endif

/* A source whose files are in the test. */
#ifndef TESTS_UNIT_AGENT_FAKE_SOURCE_H
#define TESTS_UNIT_AGENT_FAKE_SOURCE_H

#include "source/source.h"

struct fake_file {
	const char *path;
	const char *text; /* NULL: it cannot be had */
	size_t len;       /* 0: strlen(text) */
};

/* Files sorted by path; the id of a file is its path.  Counts what was asked of it. */
struct fake_source {
	const struct fake_file *files;
	size_t len;
	enum error_kind tree_error; /* ERROR_NONE: the tree can be had */
	enum error_kind blob_error; /* of files without a text */
	int trees, blobs;
};

struct source fake_source(struct fake_source *fake);

#endif

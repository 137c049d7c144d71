/* Reading the published vectors that lie beside the checkout. */
#ifndef TESTS_UNIT_AWS_SHARED_H
#define TESTS_UNIT_AWS_SHARED_H

#include "base/arena.h"
#include "base/str.h"
#include "unit.h"
#include "value/value.h"

/* The bytes of a file below the shared data's "aws" folder; the test fails when it is not there. */
struct str shared_file(struct arena *arena, const char *path);
struct value *shared_json(struct arena *arena, const char *path);

/* Names of the files and folders in it, sorted. */
struct shared_names {
	struct str *items;
	size_t len;
};
struct shared_names shared_folder(struct arena *arena, const char *path);

#endif

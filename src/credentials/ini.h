/* The files ~/.aws/config and ~/.aws/credentials: sections of "name = value". */
#ifndef CREDENTIALS_INI_H
#define CREDENTIALS_INI_H

#include "base/arena.h"
#include "base/common.h"
#include "base/error.h"
#include "base/str.h"

enum { INI_SIZE_MAX = 1 << 20, INI_ENTRIES_MAX = 20000 };

/* One setting.  An indented line below "s3 =" has the name "s3.its_name". */
struct ini_entry {
	struct str section, name, value;
};

/* Lives in the arena that it was read into.  Zeroed it is empty. */
struct ini {
	struct ini_entry *items;
	size_t len;
};

/*
 * Reads a text; lines that begin with '#' or ';' are comments.  Names of settings are in lower case.
 * ERROR_CONFIG "FILE:LINE: ..." for what is neither a section nor a setting.
 */
bool ini_read(struct arena *arena, struct str text, struct str file, struct ini *ini,
	      struct error *err) MUST_USE;

/* The last value of that name in that section, or empty. */
struct str ini_get(const struct ini *ini, struct str section, const char *name);
bool ini_has_section(const struct ini *ini, struct str section);

#endif

/* The names of a file in a diff's headers, and the path that they mean. */
#ifndef DIFF_NAMES_H
#define DIFF_NAMES_H

#include "base/arena.h"
#include "base/str.h"

/* As the headers have them, unquoted but with their prefixes; empty where a header is missing. */
struct names {
	struct str git;       /* what follows "diff --git ", still quoted */
	struct str old_name;  /* of "---", or of "Binary files" */
	struct str new_name;  /* of "+++" */
	struct str old_exact; /* of "rename from", "copy from": the path itself */
	struct str new_exact; /* of "rename to", "copy to", "Index:" */
	bool no_old, no_new;  /* the side is /dev/null */
};

/*
 * The prefixes of the paths of a diff: "a/" and "b/" of git by default, nothing with diff.noprefix, "i/"
 * and "w/" with diff.mnemonicPrefix, the values of diff.srcPrefix and diff.dstPrefix, "old/" and "new/" of
 * diff -r.  Only a file with both names shows them, so the first such file of a diff decides for the others.
 */
struct prefixes {
	struct str old_prefix, new_prefix;
	bool known;
};

/* Takes one name off `text`: a quoted one up to its closing quote, else all of it.  False: bad quoting. */
bool name_take(struct arena *arena, struct str *text, struct str *name) MUST_USE;

/* Fills both names from the line "diff --git" where other headers did not; true when both are known. */
bool names_complete(struct names *names, struct arena *arena);

/* Learns the prefixes from a file with both names, unless they are known already. */
void prefixes_learn(struct prefixes *prefixes, const struct names *names);

/* The paths of both sides; empty for a missing side.  The names are complete. */
void names_resolve(const struct names *names, const struct prefixes *prefixes, struct str *old_path,
		   struct str *new_path);

/* Without the prefix in front, if it is there. */
struct str prefix_strip(struct str name, struct str prefix);

#endif

/* Which changed files are not reviewed: built-in rules and the user's globs. */
#ifndef REVIEW_RULES_H
#define REVIEW_RULES_H

#include "diff/diff.h"
#include "review/attributes.h"
#include "value/strings.h"

/* Globs of the user, borrowed.  An empty `include` takes every path. */
struct rules {
	struct strings include;
	struct strings exclude;       /* "!pattern" takes a path back in, built-in rules included */
	struct attributes attributes; /* of the base version */
};

/* The reason of files that match none of the user's globs. */
#define RULE_NOT_INCLUDED "not in include-paths"

/* The reason of files that match the paths of no agent. */
#define RULE_NO_AGENT "no agent's paths match"

struct rule_verdict {
	bool skip;
	bool by_rule;      /* by an exclusion rule: the review still counts as complete */
	struct str reason; /* "lockfile", "excluded by 'docs/x'"; a literal or in the arena */
};

/*
 * Judges one file. Lockfiles and vendored, minified or generated files are skipped by rule: by their name, by
 * the base version's attributes, or by what their base version itself says; so are files of binary formats and
 * files without changed lines. Content that the change itself adds never excludes a file. A file whose patch is
 * missing, one that looks binary without a binary format's name, and one with a line of more than
 * LINE_SIZE_MAX bytes are skipped too, but not by rule. Time is linear in the file's change.
 */
struct rule_verdict rules_judge(const struct rules *rules, const struct diff_file *file,
				struct arena *arena);

enum { LINE_SIZE_MAX = 20000 };

/* One row of the built-in list, for the documentation and its test. */
struct builtin_rule {
	const char *reason;
	struct str pattern; /* a glob */
};

extern const struct builtin_rule builtin_rules[];
extern const size_t builtin_rules_len;

#endif

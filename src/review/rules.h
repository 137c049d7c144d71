/* Which changed files are not worth a model's time: built-in rules and the user's globs. */
#ifndef REVIEW_RULES_H
#define REVIEW_RULES_H

#include "diff/diff.h"
#include "value/fields.h"

/* Globs of the user, borrowed.  An empty `include` takes every path. */
struct rules {
	struct strings include;
	struct strings exclude; /* "!pattern" takes a path back in, built-in rules included */
};

struct rule_verdict {
	bool skip;
	bool by_rule; /* an exclusion rule, not a shortcoming of ours: the review stays whole */
	struct str reason; /* "lockfile", "excluded by 'docs/x'"; a literal or in the arena */
};

/*
 * Judges one file.  Binary files, files without changed lines, and, by name or by what their first
 * lines say, lockfiles, vendored, minified and generated files are skipped by rule.  A file whose
 * patch is missing, or one with a line of more than LINE_SIZE_MAX bytes, is skipped too, but not by
 * rule. Time is linear in the file's change.
 */
struct rule_verdict rules_judge(const struct rules *rules, const struct diff_file *file,
				struct arena *arena);

enum { LINE_SIZE_MAX = 20000 };

/* One row of the built-in list, for the documentation and its test. */
struct builtin_rule {
	const char *reason;
	const char *pattern; /* a glob */
};

extern const struct builtin_rule builtin_rules[];
extern const size_t builtin_rules_len;

#endif

/* Kinds of findings that people dismiss in this repository, by agent and path. */
#ifndef EVAL_LESSONS_H
#define EVAL_LESSONS_H

#include "eval/outcome.h"

enum { LESSON_EXAMPLES_MAX = 5, LESSONS_MAX = 200 };

/* One kind: the same agent and category, in the same folder. */
struct lesson {
	struct str agent, category; /* either may be empty: not known */
	struct str folder;          /* "src/net/"; empty: the root, or no file */
	int64_t posted,
		dismissed;      /* findings of that kind; `dismissed`: by command, deletion or 👎 */
	int64_t changed;        /* of `posted`: their lines changed afterwards */
	struct strings titles;  /* of dismissed ones, the last updated pull requests first */
	struct strings reasons; /* in people's words, or that the comment was deleted */
};

struct lessons {
	struct lesson *items;
	size_t len;
};

/*
 * The kinds of which at least one finding was dismissed: the most dismissals first, LESSONS_MAX at most.
 * Texts are borrowed from `outcomes`; they are people's and models' words and must be treated as data.
 */
struct lessons lessons_make(struct arena *arena, const struct outcomes *outcomes);

/* As the member `lessons` of the JSON of `outcrop outcomes` has it. */
struct value *lessons_value(struct arena *arena, const struct lessons *lessons);

#endif

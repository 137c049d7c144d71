/* Prompt templates: text with {{ variables }}, parsed once, filled for each unit. */
#ifndef AGENT_TEMPLATE_H
#define AGENT_TEMPLATE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/common.h"
#include "base/str.h"

enum variable {
	VARIABLE_CONTEXT,
	VARIABLE_DIFF,
	VARIABLE_FILES,
	VARIABLE_LANGUAGE,
	VARIABLE_NEEDS,
	VARIABLE_PR_AUTHOR,
	VARIABLE_PR_BASE,
	VARIABLE_PR_BODY,
	VARIABLE_PR_HEAD,
	VARIABLE_PR_LABELS,
	VARIABLE_PR_NUMBER,
	VARIABLE_PR_TITLE,
	VARIABLE_REPOSITORY,
	VARIABLE_COUNT,
	VARIABLE_NONE = VARIABLE_COUNT, /* a part that is plain text */
};

/* The name between the braces: "pr.title". */
const char *variable_name(enum variable variable);

struct template_part {
	struct str text;        /* of a plain part */
	enum variable variable; /* VARIABLE_NONE: a plain part */
};

/* Lives in an arena. */
struct template
{
	struct template_part *parts;
	size_t len;
	bool uses[VARIABLE_COUNT];
};

/* Receives what is wrong with a template, and at which byte. */
typedef void template_problem(void *ctx, size_t offset, struct str text);

/*
 * Parses `text`, which is not copied.  "{{ name }}" (spaces are optional) is a variable, "\{{"
 * gives two braces.  Each unknown variable (with the nearest known one) and each "{{"
 * without its "}}" on the same line is reported to `problem`; false when there was one.
 */
bool template_parse(struct arena *arena, struct str text, struct template *template,
		    template_problem *problem, void *ctx) MUST_USE;

/*
 * Appends the text with `values[variable]` for each variable.  Values that come from the pull
 * request, a model or a file of the repository are marked as data (see data_add()); a diff is
 * named, not repeated, because it comes first in the request; an empty value is "(none)",
 * and "this repository" where the name is not known.  Nothing inside a value is expanded.
 */
void template_render(struct buf *out, const struct template *template,
		     const struct str values[VARIABLE_COUNT]);

/*
 * Appends <data-HASH name="NAME">TEXT</data-HASH>, where HASH is the first 32 hex digits of the SHA-256
 * of the text inside: no text can close its own element, and equal text gives equal bytes.  Bytes that are not
 * UTF-8 are replaced first; otherwise not a byte is added inside.
 */
void data_add(struct buf *out, const char *name, struct str text);

#endif

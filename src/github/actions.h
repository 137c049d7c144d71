/* The runner's side: outputs, the step summary, annotations. */
#ifndef GITHUB_ACTIONS_H
#define GITHUB_ACTIONS_H

#include "base/buf.h"
#include "base/common.h"
#include "base/env.h"
#include "base/error.h"
#include "base/log.h"
#include "base/random.h"

/*
 * Sets an output: appends to the file that GITHUB_OUTPUT names, as NAME<<DELIMITER with a random
 * delimiter that the value does not contain.  Without that variable nothing is written.  `value` is
 * made UTF-8.  (GitHub docs, "Workflow commands", "Setting an output parameter".)
 */
bool actions_output(const struct env *env, struct random *random, const char *name,
		    struct str value, struct error *err) MUST_USE;

/* GitHub drops a whole step summary above this size. */
enum { ACTIONS_SUMMARY_SIZE_MAX = (1 << 20) - 1024 };

/*
 * Appends Markdown to the file that GITHUB_STEP_SUMMARY names, cut at the start of a line when it is
 * longer than ACTIONS_SUMMARY_SIZE_MAX, and saying so.  Without that variable nothing is written.
 */
bool actions_summary(const struct env *env, struct str markdown, struct error *err) MUST_USE;

/* The runner keeps this many annotations of each level for a step, and this much of each message. */
enum { ACTIONS_ANNOTATIONS_MAX = 10, ACTIONS_ANNOTATION_SIZE_MAX = 4000 };

struct actions_annotation {
	enum log_level level; /* LOG_NOTICE, LOG_WARNING or LOG_ERROR */
	struct str path;      /* in the repository; empty: none */
	uint32_t line, end_line;
	struct str title, message; /* untrusted */
};

/* Appends "::warning file=...,line=...,title=...::message\n"; nothing in it can be another command. */
void actions_annotation_add(struct buf *out, const struct actions_annotation *annotation);

/* GITHUB_WORKSPACE: the folder that files are written below; empty outside of a workflow. */
struct str actions_workspace(const struct env *env);

#endif

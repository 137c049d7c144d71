/* The read-only tools that an agent may call, over the files of the head commit. */
#ifndef AGENT_TOOLS_H
#define AGENT_TOOLS_H

#include "agent/tool_files.h"
#include "agent/tool_specs.h"
#include "value/strings.h"

/* A tool's answer; an error is one for the model, and counted as refused in the report. */
struct tool_answer {
	struct str text;
	bool is_error;
};

/*
 * Runs one call.  What is wrong with it (an unknown tool or file, an invalid pattern, wrong
 * arguments) becomes an error answer that says what to do instead; secrets in files are redacted.  False
 * only with ERROR_CANCELLED or ERROR_TIMEOUT.  May wait.
 */
struct tool_call {
	struct str name;
	const struct value *input;
	const struct strings *allowed; /* the agent's tools */
};
bool tools_call(struct tools *tools, struct arena *arena, const struct tool_call *call,
		struct tool_answer *answer, struct error *err) MUST_USE;

#endif

/* The input of the tools, and the tables that decode it. */
#ifndef AGENT_TOOL_INPUT_H
#define AGENT_TOOL_INPUT_H

#include "base/str.h"
#include "value/fields.h"

struct list_input {
	struct str glob; /* empty: every file */
};

struct read_input {
	struct str path;
	int64_t start_line, end_line; /* 0: not given */
};

struct search_input {
	struct str pattern;
	struct str glob; /* empty: every file */
	bool ignore_case;
};

extern const struct fields list_input_fields;
extern const struct fields read_input_fields;
extern const struct fields search_input_fields;

#endif

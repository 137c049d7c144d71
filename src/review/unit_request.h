/* The request of one unit, in the order that lets agents share a cached prefix. */
#ifndef REVIEW_UNIT_REQUEST_H
#define REVIEW_UNIT_REQUEST_H

#include "model/chat.h"
#include "review/unit.h"

/* How the agent's answer comes back; depends on its output and on what the model takes. */
enum answer_form {
	ANSWER_TEXT,       /* markdown */
	ANSWER_TOOL,       /* the input of the tool `report_findings` or `report` */
	ANSWER_STRUCTURED, /* structured output */
	ANSWER_JSON_TEXT,  /* the one JSON object of the text */
};

enum answer_form request_answer_form(const struct agent *agent, const struct model *model);

/* The tool that a findings agent, or one with a schema, answers through. */
struct str request_answer_tool(const struct agent *agent);

/* Whether a model that calls `name` means `tool`: also with a namespace in front, "functions.report". */
bool request_means_tool(struct str name, struct str tool);

/* The model can be made to answer through the tool: it knows forcing, and thinking is off. */
bool request_forces_tool(const struct model *model);

/*
 * What each request of an agent and a model has, whatever the chunk: made once and shared, for a run may have
 * thousands under way.
 */
struct row_request {
	struct tool *tools; /* sorted by name */
	size_t tools_len;
	struct value *answer_schema; /* request_answer_schema() */
};
void row_request_build(struct arena *arena, const struct agent *agent, const struct model *model,
		       bool refereed, struct row_request *row);

/* The context of a unit's chunk; all borrowed, already redacted. */
struct request_parts {
	const struct change *change;   /* its diff is redacted */
	struct str files;              /* of the change, a line each: prompt_files() */
	struct str overview;           /* prompt_overview() */
	const struct row_request *row; /* what the units of a row have in common */
	size_t chunks;                 /* of the plan */
	struct str context;            /* of the agent; or empty */
	struct str needs;              /* what the needed agents said of this chunk; or empty */
	struct str language;
	struct str run_id;
};

/*
 * Builds the chat: tools, outcrop's system text, and the user's message (the change as a whole, the chunk, a
 * cache point when the unit is cached, the agent's system text and prompt).  Equal parts give equal bytes;
 * nothing but chat->origin varies between runs.  The parts are borrowed as long as the chat.
 */
void request_build(struct arena *arena, const struct unit *unit, const struct request_parts *parts,
		   struct chat *chat);

/* Agents with equal prefixes (for one model and equal files) can share a cache entry. */
bool request_prefix_equal(const struct agent *a, const struct agent *b, const struct model *model);

/*
 * Estimates, in tokens: of the list of changed files, of tools and system text, of what is the
 * agent's.
 */
int64_t request_list_tokens(const struct change *change);
int64_t request_fixed_tokens(const struct agent *agent, const struct model *model, bool refereed);
int64_t request_own_tokens(const struct agent *agent, const struct change *change);

#endif

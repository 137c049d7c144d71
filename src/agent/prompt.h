/* What the engine sends: one system text for all, the change, then the agent's own words. */
#ifndef AGENT_PROMPT_H
#define AGENT_PROMPT_H

#include "agent/agent.h"
#include "base/buf.h"

/*
 * Request layout: tools, prompt_system(), then one user message of prompt_overview(),
 * prompt_change(), a cache point and prompt_agent().  Agents that see the same files then share everything
 * before the cache point, byte for byte.
 */

/* The system text, the same for every agent and every run. */
struct str prompt_system(void);

/* A list of files, one a line. */
void prompt_files(struct buf *out, const struct str *paths, size_t len);

/* The change as a whole, the same for every agent of a run: so it is made once and shared by all requests. */
struct prompt_overview {
	struct str files;     /* prompt_files() of all changed files, those not shown too */
	size_t files_len;     /* how many there are */
	struct str not_shown; /* why some files are not shown, a line each; or empty */
};
void prompt_overview(struct buf *out, const struct prompt_overview *overview);

/* What is shown of the change, the same for each agent that sees these files. */
struct prompt_change {
	struct str diff;    /* rendered (diff/render.h), redacted */
	size_t part, parts; /* 1-based; one part: 1 of 1 */
	struct str
		/* hunks that are shown without the code around them, a line each; or empty */
		narrow;
};
void prompt_change(struct buf *out, const struct prompt_change *change);

/* How the model is to answer. */
enum prompt_answer {
	PROMPT_ANSWER_TOOL,     /* findings, by calling report_findings */
	PROMPT_ANSWER_VERDICTS, /* verdicts, by calling report_verdicts */
	PROMPT_ANSWER_JSON,     /* one JSON object and nothing else; `schema` says its shape */
	PROMPT_ANSWER_MARKDOWN, /* text */
};

/* The values of an agent's template variables; all are untrusted except repository and language. */
struct prompt_values {
	struct str repository;
	int64_t number; /* 0: no pull request */
	struct str title, body, author, base_ref, head_ref;
	const struct str *labels;
	size_t labels_len;
	struct str files;    /* {{ files }}: prompt_files() of all changed files */
	struct str hints;    /* claims of other tools; or empty */
	struct str said;     /* what was said about this change before; or empty */
	struct str guidance; /* the repository's conventions; or empty */
	struct str context;  /* {{ context }} */
	struct str needs;    /* {{ needs }} */
	struct str language; /* "en" */
	enum prompt_answer answer;
	const struct value *schema; /* with PROMPT_ANSWER_JSON: shown to the model; or NULL */
};
void prompt_agent(struct buf *out, const struct agent *agent, const struct prompt_values *values);

/* Tells a model that its findings have the wrong shape: `why` is the error's message. */
void prompt_correct(struct buf *out, struct str why);

enum { PROMPT_PATHS_MAX = 500 }; /* of a list of files; the rest is counted */

#endif

/* What every page about a review shows besides its result: where it happened and how it is linked. */
#ifndef OUTPUT_VIEW_H
#define OUTPUT_VIEW_H

#include "base/buf.h"
#include "review/result.h"

/* All borrowed.  Empty strings where there is no pull request (a local run). */
struct review_view {
	const struct review_result *result;
	enum conclusion conclusion;
	struct str name; /* the reviewer's, "outcrop" by default */
	struct str version;
	struct str repository; /* OWNER/REPO */
	struct str server_url; /* https://github.com */
	int64_t number;
	struct str base_commit, head_commit;
	struct str run_url;   /* of the workflow run; or empty */
	struct str reviewers; /* a hash of what reviewed: agents, prompts, models; or empty */
	bool incremental;     /* files reviewed earlier were left out */
};

/* "critical", as people see it in a comment: with a mark of its color. */
const char *severity_label(enum severity severity);

/*
 * A link to the finding's lines at the head commit, or its path as code without a server.  `cell`: in
 * a table.
 */
void view_add_place(struct buf *out, const struct review_view *view, const struct finding *finding,
		    bool cell);

/* The address of the place's last line among the files of the pull request: its comment is shown there. */
void view_add_line_url(struct buf *out, const struct review_view *view,
		       const struct finding_place *place);

/* "src/a.c:10-12", as code. */
void view_add_lines_label(struct buf *out, const struct finding_place *place);

/* A path as code, cut in the middle when it is long. */
void view_add_path(struct buf *out, struct str path, bool cell);

/* How many findings are shown. */
size_t view_count(const struct review_result *result);

/* "3 high, 1 low", worst first; "no findings" for none.  Counts what is shown. */
void view_add_counts(struct buf *out, const struct review_result *result);

/* "41,203"; "1.2 s", "3 m 20 s"; "$0.1234", or "unknown" for a negative cost. */
void view_add_number(struct buf *out, int64_t number);
void view_add_duration(struct buf *out, int64_t ms);
void view_add_cost(struct buf *out, double usd);

/*
 * "12,115 tokens in, 9,000 of them read from the cache and 0 written to it, 300 out, $0.0300": of the
 * cache only when it was used.
 */
void view_add_usage(struct buf *out, const struct usage *usage, double cost_usd);

/* Text of ours whose blanks do not break: for narrow cells of tables. */
void view_add_unbroken(struct buf *out, struct str text);

/*
 * "6 of 9 changed files reviewed": by every agent whose paths match.  A sentence when no file was reviewed by all,
 * since agents may have finished nevertheless: their rows show what each saw.
 */
void view_add_coverage(struct buf *out, const struct review_result *result);

/* The agents of a finding, joined: "security, code-quality". */
void view_add_agents(struct buf *out, const struct finding *finding);

/* Agent, model, status, units, time, tokens, cache, cost and findings: a row an agent, as Markdown. */
void view_add_agent_table(struct buf *out, const struct review_result *result);

#endif

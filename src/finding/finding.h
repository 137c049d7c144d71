/* One finding: a problem that an agent reports about a place in the change. */
#ifndef FINDING_FINDING_H
#define FINDING_FINDING_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/common.h"
#include "base/error.h"
#include "base/str.h"
#include "base/vec.h"
#include "diff/diff.h"
#include "value/value.h"

/* In this order, so that a smaller number is worse. */
enum severity {
	SEVERITY_CRITICAL,
	SEVERITY_HIGH,
	SEVERITY_MEDIUM,
	SEVERITY_LOW,
	SEVERITY_INFO,
	SEVERITY_COUNT,
};

const char *severity_name(enum severity severity);
bool severity_parse(struct str name, enum severity *severity) MUST_USE;
extern const char *const severity_names[]; /* ended by NULL, for field tables */

enum placement {
	PLACEMENT_INLINE,  /* on the lines that the agent named */
	PLACEMENT_MOVED,   /* on lines that its evidence proved */
	PLACEMENT_SUMMARY, /* nowhere in the diff: `placement_reason` says why */
};

enum published { PUBLISHED_NOT_PLANNED, PUBLISHED_POSTED, PUBLISHED_UNCHANGED, PUBLISHED_FAILED };

/* Ended by NULL, for field tables. */
extern const char *const placement_names[];
extern const char *const published_names[];

/* The reviewer that reported it: one agent with one model. */
struct finding_source {
	struct str agent;
	struct str model;
	struct str title; /* its own, where the finding's is another source's; or empty */
};

/* A place in the change. */
struct finding_place {
	struct str path;
	uint32_t line, end_line;
	enum diff_side side;
};

/* Strings live in the arena of the findings that hold it. */
struct finding {
	struct str path;
	uint32_t line, end_line; /* 0: about the file or the change; else line <= end_line */
	enum diff_side side;
	enum severity severity;
	struct str category;
	struct str title;      /* one line */
	struct str body;       /* markdown, untrusted */
	struct str suggestion; /* replaces line..end_line on the right side */
	bool has_suggestion;   /* an empty suggestion deletes the lines */
	struct str evidence;   /* quoted code */
	double confidence;     /* 0..1; negative: not given */

	/* Decided in code. */
	struct str id; /* fingerprint: 16 hex digits of the path and the quoted code */
	enum placement placement;
	struct str placement_reason;
	struct str quoted; /* the lines of the diff that it is about, as they are there */
	bool unverified;   /* it quotes code that is not in the diff: shown, but counted nowhere */
	bool pre_existing; /* it is about unchanged lines only: shown, but counted nowhere */
	struct finding_source *sources;
	size_t sources_len;
	int votes;        /* how many distinct models reported it */
	struct str reads; /* files and searches of its reviewer, a line each; untrusted */
	enum published published;
	struct str publish_note; /* why it was not posted, or where it is instead */
	struct str comment_url;  /* of the comment on lines that explains it; empty: unknown */
	struct finding_place explained; /* where that comment is, when it is another finding's */
	struct finding_place *others;   /* of findings that its comment explains too */
	size_t others_len;
	bool carried; /* found in an earlier run, still open, not repeated in this one */
	bool dismissed;
	bool unchecked; /* a referee was to judge it and did not finish */
	bool hidden;    /* less severe than what is shown: it is in the report only */
};

struct findings {
	struct arena arena;
	VEC_FIELDS(struct finding);
};

/* Findings whose strings live elsewhere. */
struct finding_list {
	VEC_FIELDS(struct finding);
};

void findings_release(struct findings *findings);

/* Whether people see it in a summary, a count or a conclusion: open, and not below `min-severity`. */
bool finding_is_shown(const struct finding *finding);

/* What a finding must have to be shown; `confidence` 0: any, and one without a confidence has it. */
struct finding_floor {
	enum severity severity;
	double confidence;
};

/* Hides findings that are below the floor. */
void findings_hide_below(struct findings *findings, const struct finding_floor *floor);

/* Names the input that hides a finding: "below `min-severity`". */
struct str finding_hidden_why(const struct finding *finding, const struct finding_floor *floor);

/* Whether it is in counts and headlines: verified, and about what the change does. */
bool finding_counts(const struct finding *finding);

/* Whether it may fail a run: it is shown, counts and is about a line, not about the change as a whole. */
bool finding_can_fail(const struct finding *finding);

/* Appends `text` with every run of white space as one blank, and none at the ends. */
void text_fold(struct buf *out, struct str text);

/*
 * The id of a finding: 16 hex digits of the SHA-256 of the path and the quoted code, in which every run
 * of white space (line breaks too) counts as one blank, and none at the ends.  Code that searches for it
 * of an earlier finding in a file computes it in the same way.
 */
struct str finding_fingerprint(struct arena *arena, struct str path, struct str quoted);

/* A finding left out, and why: shown in the report. */
struct dropped {
	struct finding finding;
	struct str reason;
	struct str evidence; /* the code that refutes it; empty for those that a rule dropped */
};

#endif

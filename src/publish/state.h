/* What a run remembers for the next one, hidden in the summary comment. */
#ifndef PUBLISH_STATE_H
#define PUBLISH_STATE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/common.h"
#include "base/str.h"
#include "base/vec.h"
#include "diff/diff.h"
#include "finding/finding.h"
#include "value/fields.h"

/* A file, its change against the base and what reviewed it, as one hash. */
struct state_key {
	unsigned char bytes[16];
};

/* A finding that stood when the state was written. */
struct state_finding {
	struct str id; /* fingerprint */
	struct str path;
	struct str title;
	struct str category;
	struct str body; /* of one that stands in the summary only: its words are nowhere else */
	int severity;    /* enum severity */
	struct strings agents;
	int64_t line;  /* at the time; for people */
	int64_t lines; /* of its quoted code that are not blank; 0: it has none */
	bool left;     /* on the left side */
	bool in_line;  /* stands as a comment on lines, else in the summary */
	bool refused;  /* GitHub refused it on its lines: not tried there again */
	bool dismissed;
	struct str dismissed_by; /* login */
};

/*
 * Comes from a comment that anybody with write permission can edit, so it is decoded as untrusted:
 * bounded, checked, and without it everything is simply reviewed again.  Lives in its arena.
 */
struct state {
	struct arena arena;
	struct str head;        /* the head commit that was reviewed last */
	struct state_key *keys; /* sorted */
	size_t keys_len;
	struct state_finding *findings;
	size_t findings_len;
};

/* Of the text in the comment; what does not fit is left out, the least needed first. */
enum { STATE_TEXT_MAX = 24000, STATE_FINDINGS_MAX = 500, STATE_KEYS_MAX = 3000 };

void state_release(struct state *state);

/*
 * The key of a file: its path, its change (without line numbers) and `reviewers`, a text that differs
 * whenever the agents, prompts or models differ that review it.
 */
struct state_key state_key_of(const struct diff_file *file, struct str reviewers);

/* Whether a file with this key was reviewed.  Takes a logarithm of the number of keys. */
bool state_knows(const struct state *state, const struct state_key *key);

/*
 * Appends "<!-- outcrop:state TEXT -->", TEXT being the state as JSON, compressed, in base64.  Until
 * STATE_TEXT_MAX holds, keys are left out, then open findings of the summary, then those on lines (whose
 * comments a later run reads anyway), then dismissals.
 */
void state_add(struct buf *out, const struct state *state);

/* Reads the state out of a comment's body.  False when there is none or it cannot be read. */
bool state_find(struct str body, struct state *state) MUST_USE;

/* The body without its state. */
struct str state_strip(struct str body);

#endif

/* A piece of a state as JSON has it: one table that writes and reads it. */
#ifndef PUBLISH_STATE_RECORD_H
#define PUBLISH_STATE_RECORD_H

#include "base/common.h"
#include "base/str.h"
#include "finding/finding.h"
#include "value/fields.h"

/*
 * A state is written in pieces, one a comment: the first has to share its comment with the summary.
 * Sizes are of the text between the comment's marks; the keys are as many as all pieces have room for.
 */
enum {
	STATE_TEXT_MAX = 24000,
	STATE_PIECE_MAX = 60000,
	STATE_PIECES_MAX = 6,
	STATE_FINDINGS_MAX = 500,
	STATE_KEYS_MAX = 14000,
	STATE_JSON_MAX = 512 << 10, /* a piece before it is compressed */
	STATE_KEY_SIZE_MIN = 16     /* a shorter key could be guessed */
};

/* A finding that was listed when the state was written. */
struct state_finding {
	struct str id; /* fingerprint */
	struct str path;
	struct str title;
	struct str category;
	struct str body; /* of one that is in the summary only: its words are nowhere else */
	int severity;    /* enum severity */
	struct strings agents;
	int64_t line;                  /* at the time; for people */
	int64_t lines;                 /* of its quoted code that are not blank; 0: it has none */
	bool left;                     /* on the left side */
	bool in_line;                  /* posted as a comment on lines, else in the summary */
	bool refused;                  /* GitHub refused it on its lines: not tried there again */
	bool unverified, pre_existing; /* it is listed in the summary, and counts nowhere */
	bool dismissed;
	struct str dismissed_by; /* login; empty: see `reason` */
	struct str reason;       /* why it was dismissed, in a person's words or ours */
};

/* What an agent wrote about the change as a whole: the output of one that reports no findings. */
struct state_text {
	struct str agent, model;
	struct str text;
};

/* Of all texts, with their agents and models; what is longer is not remembered. */
enum { STATE_TEXTS_MAX = 10, STATE_TEXTS_SIZE_MAX = 6000 };

/* The comment that a state belongs to: a copy elsewhere is ignored. */
struct state_owner {
	struct str repository; /* OWNER/REPO */
	int64_t number;        /* of the pull request */
	struct str reviewer;
	int64_t comment; /* the id of the summary comment that holds the first piece */
};

/* Every member is in the digest of a state: what is new must be left out while it is empty. */
struct state_record {
	int64_t version, piece, pieces;
	struct str set, head, keys;
	bool has_owner; /* the first piece */
	struct state_owner owner;
	struct list findings; /* of struct state_finding */
	struct list texts;    /* of struct state_text; in the first piece */
};

extern const struct fields state_record_fields;

#endif

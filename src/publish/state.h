/* What a run remembers for the next one, hidden in the summary comment and those that continue it. */
#ifndef PUBLISH_STATE_H
#define PUBLISH_STATE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/common.h"
#include "base/str.h"
#include "base/vec.h"
#include "diff/diff.h"
#include "finding/finding.h"
#include "output/markdown.h"
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
	struct str body; /* of one that is in the summary only: its words are nowhere else */
	int severity;    /* enum severity */
	struct strings agents;
	int64_t line;                  /* at the time; for people */
	int64_t lines;                 /* of its quoted code that are not blank; 0: it has none */
	bool left;                     /* on the left side */
	bool in_line;                  /* stands as a comment on lines, else in the summary */
	bool refused;                  /* GitHub refused it on its lines: not tried there again */
	bool unverified, pre_existing; /* it is listed in the summary, and counts nowhere */
	bool dismissed;
	struct str dismissed_by; /* login; empty: see `reason` */
	struct str reason;       /* why it was dismissed, in a person's words or ours */
};

/* Whether it is one of those that are listed, and count nowhere. */
bool state_is_uncounted(const struct state_finding *finding);

/* Where a state belongs: a copy of it that turns up elsewhere is worth nothing. */
struct state_owner {
	struct str repository; /* OWNER/REPO */
	int64_t number;        /* of the pull request */
	struct str reviewer;
	int64_t comment; /* the id of the summary comment that holds the first piece */
};

bool state_owner_eq(const struct state_owner *a, const struct state_owner *b);

/*
 * Comes from a comment that anybody with write permission can edit, so it is decoded as untrusted:
 * bounded, checked, and without it everything is reviewed again.  Lives in its arena.
 */
struct state {
	struct arena arena;
	struct state_owner owner;
	struct str key;         /* authenticates the digest; borrowed; empty: nothing does */
	struct str digest;      /* of everything in it, 64 hex digits; what is written gets one */
	bool whole;             /* all pieces were read */
	bool sealed;            /* whole, and the digest is right */
	struct str head;        /* the head commit that was reviewed last */
	struct state_key *keys; /* sorted */
	size_t keys_len;
	struct state_finding *findings;
	size_t findings_len;
};

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

/* The marks around a piece's text; one of another version is not read. */
#define STATE_OPENING "<!-- outcrop:state "
#define STATE_CLOSING " -->"
enum { STATE_VERSION = 2 };

void state_release(struct state *state);

/*
 * The key of a file: its path, its change (without line numbers, but with the place of each hunk among
 * equal ones; where that is unknown, with the whole new version) and `reviewers`, a text that differs
 * whenever the agents, prompts or models differ that review it.
 */
struct state_key state_key_of(const struct diff_file *file, struct str reviewers);

/* Puts the keys into the order that state_knows() needs. */
void state_sort_keys(struct state *state);

/* Whether a file with this key was reviewed.  Takes a logarithm of the number of keys. */
bool state_knows(const struct state *state, const struct state_key *key);

/*
 * Adds the state's pieces, one at least, each "<!-- outcrop:state TEXT -->", TEXT being JSON, compressed,
 * in base64.  First come dismissals, then findings on lines, then those of the summary that count,
 * then the others, then keys.  Keys
 * that have no room are left out; when a finding has none, all keys are: its file must be reviewed again,
 * or it would be lost.  Gives the number of keys left out.  `digest` (in `arena`) gets the digest of what
 * was written.
 */
size_t state_write(struct pages *pieces, const struct state *state, struct arena *arena,
		   struct str *digest);

/* The digest of the whole state as it is, in `arena`: SHA-256, or HMAC-SHA-256 with its key. */
struct str state_digest(const struct state *state, struct arena *arena);

/*
 * Reads the state out of comments' bodies, in the order of their parts.  Pieces of another state (a run
 * that could not write them all) do not count.  A state that is not sealed has no keys: a piece is missing,
 * or the digest is not that of `key` (borrowed; empty: a plain digest).  False when there is no first piece
 * that can be read.
 */
bool state_read(const struct str *bodies, size_t len, struct str key, struct state *state) MUST_USE;

/* Adds a copy of a finding, unless there is one with its id or no room. */
void state_add_unknown(struct state *state, const struct state_finding *finding);

/* The body without its piece of a state. */
struct str state_strip(struct str body);

#endif

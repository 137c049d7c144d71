/* What a run remembers for the next one, hidden in the summary comment and its continuations. */
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
#include "publish/state_record.h"

/* A file, its change against the base and what reviewed it, as one hash. */
struct state_key {
	unsigned char bytes[16];
};

/* Whether it is only listed, and counts nowhere. */
bool state_is_uncounted(const struct state_finding *finding);

bool state_owner_eq(const struct state_owner *a, const struct state_owner *b);

/*
 * Comes from a comment that anybody with write permission can edit, so it is decoded as untrusted:
 * bounded, checked, and without it everything is reviewed again.  Lives in its arena.
 */
struct state {
	struct arena arena;
	struct state_owner owner;
	struct str key;         /* authenticates the digest; borrowed; empty: none */
	struct str digest;      /* of everything in it, 64 hex digits; what is written gets one */
	bool whole;             /* all pieces were read */
	bool sealed;            /* whole, and the digest is right */
	struct str head;        /* the head commit that was reviewed last */
	struct state_key *keys; /* sorted */
	size_t keys_len;
	struct state_finding *findings;
	size_t findings_len;
	struct state_text *texts;
	size_t texts_len;
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

/* The keys of all files, in their order; in `arena`. */
struct state_key *state_keys_of(const struct diff *diff, struct str reviewers, struct arena *arena);

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
 * or the digest is not that of `key` (borrowed; empty: a plain digest).  False when the first piece
 * is missing or cannot be read.
 */
bool state_read(const struct str *bodies, size_t len, struct str key, struct state *state) MUST_USE;

/* Adds a copy of a finding, unless there is one with its id or no room. */
void state_add_unknown(struct state *state, const struct state_finding *finding);

/* The body without its piece of a state. */
struct str state_strip(struct str body);

#endif

/* Inside of this folder: what the steps of publishing share. */
#ifndef PUBLISH_PUBLISHER_H
#define PUBLISH_PUBLISHER_H

#include "publish/order.h"

/* What became of a finding's comment on lines. */
enum comment_fate {
	COMMENT_NONE,     /* not on lines, and not refused there */
	COMMENT_STANDS,   /* on lines, by an earlier run */
	COMMENT_POSTED,   /* on lines, by this run */
	COMMENT_NO_PLACE, /* GitHub refused its place: it is not tried there again */
	COMMENT_FAILED,   /* it could not be posted for another reason: a later run tries again */
};

/* What this run knows of a finding of the result. */
struct finding_record {
	struct previous_finding *match; /* what earlier runs showed of it; or NULL */
	enum comment_fate fate;
	size_t lead; /* index + 1 of the finding whose comment explains this one; 0: none */
};

struct publisher {
	const struct publish_options *options;
	struct previous *previous;
	struct review_result *result;
	struct publish_report *report;
	struct str name;
	struct {
		VEC_FIELDS(struct finding_record);
	} records;               /* of the result's findings, in their order */
	struct pull now;         /* the pull request, read again before posting */
	struct diff now_diff;    /* its change, when the head has moved */
	const struct diff *diff; /* the diff that comments must be in */
	struct state_key *keys;  /* of all files that now count as reviewed; none in a dry run */
	size_t keys_len;
	struct str digest; /* of the state that is being written */
	bool check_posted;
	struct arena arena;
};

/* A comment on lines that is to be made. */
struct planned_comment {
	struct new_comment comment;
	size_t finding_idx;
	struct str url;         /* once it is posted; empty: unknown */
	enum comment_fate fate; /* COMMENT_NONE until it is posted or refused */
	struct str refusal;
};

bool comment_is_on_lines(enum comment_fate fate);

/* The file of a finding's path, which may be redacted; NULL: the change does not have it. */
const struct diff_file *file_shown_as(const struct diff *diff, struct str path);

/* Adds the record of a finding that is `match`, or new when that is NULL. */
void run_add_record(struct publisher *run, struct previous_finding *match);

void run_release(struct publisher *run);

/* Keeps the first error; further ones become warnings of the report, which the caller shows. */
void run_failed(struct publisher *run, const struct error *err);
void run_warn(struct publisher *run, const char *fmt, ...) PRINTF(2, 3);

/* gone.c: sets FATE_GONE of open previous findings whose agents finished and whose code is gone. */
void gone_judge(struct publisher *run);
/* Whether this run read the file of one that does not count again, or the change no longer has it. */
bool gone_uncounted(const struct publisher *run, const struct previous_finding *finding);
/* Resolves their threads, or edits their comments. */
void gone_mark(struct publisher *run);
/* Resolves a finding's thread, or edits its comment to begin with `words`. */
bool gone_close(struct github *github, struct str name, const struct previous_finding *finding,
		const char *words, struct error *err) MUST_USE;

/* place.c: the comment's place, valid in run->diff; false with a reason where it has none. */
bool place_comment(struct publisher *run, const struct finding *finding,
		   struct new_comment *comment, struct str *reason);

/* review_post.c: posts the comments in one review; the others get a fate and a reason. */
void review_post(struct publisher *run, struct planned_comment *comments, size_t len);

/* carry.c: adds what stays open of earlier runs to the findings, as `carried`; once, however often it is called. */
void carry_findings(struct publisher *run);
/* The same for what counts nowhere; once. */
void carry_uncounted(struct publisher *run);
/* Gives agents without files in this run their text of an earlier one. */
void carry_texts(struct publisher *run);
/* Fills the state that the next run reads; memory in run->arena. */
void carry_state(struct publisher *run, struct state *state);

/* The visible text of a comment that contains only a piece of the state. */
#define STATE_PIECE_WORDS "What this review remembers for its next run, continued."

/* summary_post.c: writes the summary and its continuations.  False when a part is missing. */
bool summary_post(struct publisher *run, struct state *state, struct error *err) MUST_USE;

/*
 * check_post.c: makes the check run, once, if it is asked for.  It names run->digest, so it is made before
 * that state is written: no other run sees a state that is not confirmed.
 */
void check_post(struct publisher *run);
void sarif_post(struct publisher *run);

#endif

/* Inside of this folder: what the steps of publishing share. */
#ifndef PUBLISH_RUN_H
#define PUBLISH_RUN_H

#include "publish/publish.h"

struct publish_run {
	const struct publish_options *options;
	struct standing *standing;
	struct review_result *result;
	struct publish_report *report;
	struct str name;
	/* For each finding of the result: the standing one that it is, or NULL. */
	struct {
		VEC_FIELDS(struct standing_finding *);
	} matches;
	/*
	 * For each finding: it stands as a comment on lines; its place was refused for good; its comment
	 * failed for another reason, and a later run is to try again.
	 */
	struct {
		VEC_FIELDS(bool);
	} in_line, refused, unposted;
	struct pull now;         /* the pull request, read again before posting */
	struct diff now_diff;    /* its change, when the head has moved */
	const struct diff *diff; /* what comments must stand in */
	struct arena arena;
};

/* A comment on lines that is to be made. */
struct planned_comment {
	struct new_comment comment;
	size_t finding_idx;
	bool refused;
	bool for_good; /* refused for its place: it is not tried again in later runs */
	struct str refusal;
};

/* Keeps the first error; further ones become warnings of the report, which the caller shows. */
void run_failed(struct publish_run *run, const struct error *err);
void run_warn(struct publish_run *run, const char *fmt, ...) PRINTF(2, 3);

/* gone.c: sets FATE_GONE of open standing findings whose agents finished and whose code is gone. */
void gone_judge(struct publish_run *run);
/* Resolves their threads, or edits their comments. */
void gone_mark(struct publish_run *run);
/* Resolves a finding's thread, or edits its comment to begin with `words`. */
bool gone_close(struct github *github, struct str name, const struct standing_finding *finding,
		const char *words, struct error *err) MUST_USE;

/* place.c: the comment's place, valid in run->diff; false with a reason where it has none. */
bool place_comment(struct publish_run *run, const struct finding *finding,
		   struct new_comment *comment, struct str *reason);

/* review_post.c: posts the comments in one review; those that stand not are `refused`, with a reason. */
void review_post(struct publish_run *run, struct planned_comment *comments, size_t len);

/* carry.c: adds what stays open of earlier runs to the findings, as `carried`. */
void carry_findings(struct publish_run *run);
/* Fills the state that the next run reads; memory in run->arena. */
void carry_state(struct publish_run *run, struct state *state);

/* What a person reads in a comment that holds a piece of the state and nothing else. */
#define STATE_PIECE_WORDS "What this review remembers for its next run, continued."

/* summary_post.c: writes the summary and its continuations.  False when it does not stand whole. */
bool summary_post(struct publish_run *run, struct state *state, struct error *err) MUST_USE;

/* check_post.c */
void check_post(struct publish_run *run);

#endif

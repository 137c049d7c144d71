/* Dismisses a finding: records it in the summary's state, and resolves its thread. */
#include "base/log.h"
#include "publish/marker.h"
#include "publish/publish.h"
#include "publish/publisher.h"
#include "redact/redact.h"

static bool is_answered(const struct publish_dismissal *dismissal,
			const struct previous_finding *finding)
{
	return finding->comment && finding->comment->id == dismissal->reply_to;
}

static bool has_id(const struct publish_dismissal *dismissal,
		   const struct previous_finding *finding)
{
	return !finding->record.dismissed && str_eq(finding->record.id, dismissal->id);
}

static bool is_meant(const struct publish_dismissal *dismissal,
		     const struct previous_finding *finding, bool answered_only)
{
	if (finding->record.dismissed || (answered_only && !is_answered(dismissal, finding)))
		return false;
	return !dismissal->id.len || has_id(dismissal, finding);
}

/*
 * Findings that quote the same code share an id. A reply to a comment means that comment.
 * Anywhere else, an id shared by several comments is ambiguous.
 */
static bool can_tell(const struct publish_dismissal *dismissal, const struct previous *previous,
		     bool *answered_only, struct error *err)
{
	size_t on_lines = 0;

	*answered_only = !dismissal->id.len;

	for (size_t i = 0; i < previous->findings.len; i++) {
		const struct previous_finding *finding = &previous->findings.items[i];

		if (!has_id(dismissal, finding))
			continue;
		on_lines += finding->comment != NULL;
		*answered_only |= is_answered(dismissal, finding);
	}
	if (on_lines <= 1 || *answered_only)
		return true;
	return error_set(
		err, ERROR_NOT_FOUND,
		"%zu comments have the id \"%.*s\", since they quote the same code: reply `/outcrop dismiss` to the one that is meant",
		on_lines, STR_ARG(dismissal->id));
}

static size_t mark_dismissed(const struct publish_dismissal *dismissal, struct previous *previous,
			     bool answered_only)
{
	SCOPED(buf) struct buf reason = BUF_INIT;
	size_t count = 0;

	redact_add(&reason, dismissal->reason);
	for (size_t i = 0; i < previous->findings.len; i++) {
		struct previous_finding *finding = &previous->findings.items[i];

		if (!is_meant(dismissal, finding, answered_only))
			continue;
		finding->record.dismissed = true;
		finding->record.dismissed_by = dismissal->by;
		finding->record.reason = arena_str(&previous->arena, buf_str(&reason));
		finding->fate = FATE_MATCHED; /* the findings that this dismissal names */
		count++;
	}
	return count;
}

/* Merges the state with the findings of previous_read(), which also knows comments whose state was lost. */
static void gather_state(struct previous *previous, struct state *state)
{
	*state = previous->state;
	state->owner = previous->owner;
	state->key = previous->trust.key;
	state->findings = ARENA_ARRAY(&previous->arena, struct state_finding,
				      previous->findings.len + previous->uncounted.len + 1);
	state->findings_len = 0;
	for (size_t i = 0; i < previous->findings.len; i++)
		state->findings[state->findings_len++] = previous->findings.items[i].record;
	for (size_t i = 0; i < previous->uncounted.len; i++)
		state->findings[state->findings_len++] = previous->uncounted.items[i].record;
}

/* Creates a new comment for a piece of the state after the first. */
static bool make_part(const struct publish_dismissal *dismissal, struct previous *previous,
		      int part, struct str piece, struct error *err)
{
	SCOPED(buf) struct buf body = BUF_INIT;
	struct issue_comment made;

	buf_add_text(&body, STATE_PIECE_WORDS "\n\n");
	marker_add(&body,
		   &(struct marker){.kind = "summary", .name = previous->name, .part = part});
	buf_add_char(&body, '\n');
	buf_add(&body, piece);
	return issue_comment_create(dismissal->github, dismissal->number, buf_str(&body),
				    &previous->arena, &made, err);
}

/* Replaces the pieces that are posted, and appends those that are new. */
static bool write_pieces(const struct publish_dismissal *dismissal, struct previous *previous,
			 const struct pages *pieces, struct error *err)
{
	size_t done = 0;
	int part = 0;

	for (size_t i = 0; i < previous->parts.len; i++) {
		SCOPED(buf) struct buf body = BUF_INIT;
		const struct previous_part *stands = &previous->parts.items[i];
		struct str words = state_strip(stands->body);
		bool has_piece = words.len < stands->body.len;

		part = MAX_OF(stands->part, 1);
		if (done == pieces->len || (stands->part && !(done && has_piece)))
			continue;
		buf_add(&body, words);
		if (!str_ends(words, STR("\n")))
			buf_add_char(&body, '\n');
		buf_add(&body, buf_str(&pieces->items[done++]));
		if (!issue_comment_edit(dismissal->github, stands->id, buf_str(&body), err))
			return false;
	}
	for (; done < pieces->len; done++) {
		if (!make_part(dismissal, previous, ++part, buf_str(&pieces->items[done]), err))
			return false;
	}
	return true;
}

static bool write_state(const struct publish_dismissal *dismissal, struct previous *previous,
			struct error *err)
{
	struct pages pieces = {0};
	struct state state;
	bool ok;

	if (!previous->owner.comment &&
	    !previous_make_summary(previous, dismissal->github, STR_EMPTY, err))
		return false;
	gather_state(previous, &state);
	state_write(&pieces, &state, &previous->arena, &previous->trust.written);
	ok = write_pieces(dismissal, previous, &pieces, err);
	pages_release(&pieces);
	return ok;
}

bool publish_dismiss(const struct publish_dismissal *dismissal, struct previous *previous,
		     struct error *err)
{
	bool answered_only;

	if (!can_tell(dismissal, previous, &answered_only, err))
		return false;
	if (!mark_dismissed(dismissal, previous, answered_only)) {
		if (dismissal->id.len)
			return error_set(err, ERROR_NOT_FOUND,
					 "no open finding has the id \"%.*s\"",
					 STR_ARG(dismissal->id));
		return error_set(err, ERROR_NOT_FOUND,
				 "the comment answers no finding: say `/outcrop dismiss <id>`");
	}
	if (!write_state(dismissal, previous, err))
		return error_wrap(err, "remember the dismissal");
	for (size_t i = 0; i < previous->findings.len; i++) {
		const struct previous_finding *finding = &previous->findings.items[i];
		struct error failed = {0};

		/* The dismissal is valid even if the thread cannot be resolved. */
		if (finding->fate == FATE_MATCHED &&
		    !gone_close(dismissal->github, previous->name, finding, "Dismissed.", &failed))
			log_warning("publish", "the dismissed finding's comment is unchanged: %s",
				    failed.message);
	}
	return true;
}

/* Reads the state in the summary comment, and decides whether it can be trusted. */
#include "publish/remembered.h"

#include "base/log.h"
#include "github/checks.h"
#include "output/sanitize.h"

void remembered_heading(struct buf *out, const struct previous *previous)
{
	buf_add_text(out, "## ");
	sanitize_line(out, previous->name);
}

bool remembered_is_copy(const struct previous *previous, const struct issue_comment *comment)
{
	SCOPED(state) struct state state = {0};

	if (!state_read(&comment->body, 1, previous->trust.key, &state) ||
	    state.owner.comment == comment->id)
		return false;
	log_notice("publish",
		   "comment %lld is ignored: what it remembers belongs to another comment",
		   (long long)comment->id);
	return true;
}

/* Text that quotes another user nearly always begins with something else. */
static bool begins_as_summary(const struct previous *previous, struct str body)
{
	SCOPED(buf) struct buf heading = BUF_INIT;

	remembered_heading(&heading, previous);
	return str_starts(body, buf_str(&heading));
}

/* Keeps the parts of a possibly forged state that cannot turn a review green. */
static void distrust(struct state *state)
{
	size_t kept = 0;

	for (size_t i = 0; i < state->findings_len; i++) {
		if (!state->findings[i].in_line && !state->findings[i].dismissed)
			state->findings[kept++] = state->findings[i];
	}
	state->findings_len = kept;
	state->keys_len = 0;
	state->texts_len = 0;
}

/*
 * Finds the state's digest in the check runs that our App created for the commit that the state
 * names. A workflow that repeats a stranger's text in comments cannot put it there.
 */
static bool check_run_vouches(struct github *github, struct previous *previous,
			      const struct state *state, bool *vouched, struct error *err)
{
	struct str app = previous->login;
	struct check_query query = {
		.name = previous->name,
		.commit = state->head,
		.external_id_end = state->digest,
	};

	*vouched = false;
	if (!state->head.len || !str_ends(app, STR("[bot]")))
		return true; /* only Apps can make check runs */
	query.app = str_slice(app, 0, app.len - STR("[bot]").len);
	return check_run_exists(github, &query, &previous->arena, vouched, err);
}

/* Returns what is wrong with a state, judged without asking GitHub; NULL: nothing. */
static const char *fault_of(const struct previous *previous, const struct state_owner *owner,
			    const struct state *state, struct str body)
{
	if (!state_owner_eq(&state->owner, owner) || !begins_as_summary(previous, body))
		return "was not written for this pull request";
	if (previous->trust.key.len && !state->sealed)
		return "was not written with this `state-key`";
	if (state->whole && !state->sealed)
		return "was changed after it was written";
	return NULL;
}

/* Sets `why` to the reason why a state is not trusted, or to NULL. */
static bool judge(struct github *github, struct previous *previous, const struct state *state,
		  struct str body, const char **why, struct error *err)
{
	const struct state_trust *trust = &previous->trust;
	struct error failed = {0};
	bool vouched = false;

	*why = fault_of(previous, &previous->owner, state, body);
	if (*why || !trust->by_check || trust->key.len || str_eq(state->digest, trust->written))
		return true;
	if (state->sealed && !check_run_vouches(github, previous, state, &vouched, &failed)) {
		if (error_ends_work(&failed)) {
			*err = failed;
			return false;
		}
		log_warning("publish", "%s", failed.message);
	}
	if (!vouched)
		*why = "is named by no check run of this reviewer";
	return true;
}

bool remembered_elsewhere(const struct previous *previous, const struct issue_comment *comment,
			  struct state *state)
{
	struct state_owner owner = {
		.repository = previous->owner.repository,
		.number = comment->issue,
		.reviewer = previous->name,
		.comment = comment->id,
	};

	return state_read(&comment->body, 1, previous->trust.key, state) &&
	       !fault_of(previous, &owner, state, comment->body);
}

static bool read_first(struct github *github, struct previous *previous, struct error *err)
{
	struct str *bodies = ARENA_ARRAY(&previous->arena, struct str, previous->parts.len + 1);
	const char *why;

	for (size_t i = 0; i < previous->parts.len; i++)
		bodies[i] = previous->parts.items[i].body;
	if (previous->parts.len && !previous->parts.items[0].part)
		previous->owner.comment = previous->parts.items[0].id;
	previous->has_state =
		state_read(bodies, previous->parts.len, previous->trust.key, &previous->state);
	if (!previous->has_state)
		return true;
	if (!judge(github, previous, &previous->state, bodies[0], &why, err))
		return false;
	if (!why)
		return true;
	log_warning(
		"publish",
		"what the summary comment remembers %s: every file is reviewed again, and its dismissals do not count",
		why);
	distrust(&previous->state);
	return true;
}

/* Adds what a second summary remembers and the first does not: two runs wrote one each at the same time. */
static bool fold_surplus(struct github *github, struct previous *previous, struct error *err)
{
	struct state_owner owner = previous->owner;
	bool ok = true;

	for (size_t i = 0; ok && i < previous->surplus.len; i++) {
		const struct previous_part *part = &previous->surplus.items[i];
		SCOPED(state) struct state state = {0};
		const char *why;

		if (part->part || !state_read(&part->body, 1, previous->trust.key, &state))
			continue;
		previous->owner.comment = part->id;
		ok = judge(github, previous, &state, part->body, &why, err);
		if (!ok || why)
			continue;
		for (size_t j = 0; j < state.findings_len; j++)
			state_add_unknown(&previous->state, &state.findings[j]);
		previous->has_state = true;
	}
	previous->owner = owner;
	return ok;
}

bool remembered_read(struct github *github, struct previous *previous, struct error *err)
{
	return read_first(github, previous, err) && fold_surplus(github, previous, err);
}

/* What the summary comment remembers, and whether it may be believed. */
#include "publish/remembered.h"

#include "base/log.h"
#include "github/checks.h"
#include "output/sanitize.h"

void remembered_heading(struct buf *out, const struct standing *standing)
{
	buf_add_text(out, "## ");
	sanitize_line(out, standing->name);
}

bool remembered_is_copy(const struct standing *standing, const struct issue_comment *comment)
{
	SCOPED(state) struct state state = {0};

	if (!state_read(&comment->body, 1, standing->trust.key, &state) ||
	    state.owner.comment == comment->id)
		return false;
	log_notice("publish",
		   "comment %lld is ignored: what it remembers belongs to another comment",
		   (long long)comment->id);
	return true;
}

/* Text that quotes a stranger nearly always begins with something else. */
static bool begins_as_summary(const struct standing *standing, struct str body)
{
	SCOPED(buf) struct buf heading = BUF_INIT;

	remembered_heading(&heading, standing);
	return str_starts(body, buf_str(&heading));
}

/* Keeps of a state that may be forged what cannot turn a review green. */
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
 * Looks for the state's digest in the check runs that our App made for the commit that the state names.  A
 * workflow that repeats a stranger's text in comments cannot put it there.
 */
static bool check_run_vouches(struct github *github, struct standing *standing,
			      const struct state *state, bool *vouched, struct error *err)
{
	struct str app = standing->login;
	struct check_query query = {
		.name = standing->name,
		.commit = state->head,
		.external_id_end = state->digest,
	};

	*vouched = false;
	if (!state->head.len || !str_ends(app, STR("[bot]")))
		return true; /* only Apps can make check runs */
	query.app = str_slice(app, 0, app.len - STR("[bot]").len);
	return check_run_exists(github, &query, &standing->arena, vouched, err);
}

/* Returns what is wrong with a state, judged without asking GitHub; NULL: nothing. */
static const char *fault_of(const struct standing *standing, const struct state_owner *owner,
			    const struct state *state, struct str body)
{
	if (!state_owner_eq(&state->owner, owner) || !begins_as_summary(standing, body))
		return "was not written for this pull request";
	if (standing->trust.key.len && !state->sealed)
		return "was not written with this `state-key`";
	if (state->whole && !state->sealed)
		return "was changed after it was written";
	return NULL;
}

/* Sets `why` to the reason for which a state is not believed, or to NULL. */
static bool judge(struct github *github, struct standing *standing, const struct state *state,
		  struct str body, const char **why, struct error *err)
{
	const struct state_trust *trust = &standing->trust;
	struct error failed = {0};
	bool vouched = false;

	*why = fault_of(standing, &standing->owner, state, body);
	if (*why || !trust->by_check || trust->key.len || str_eq(state->digest, trust->written))
		return true;
	if (state->sealed && !check_run_vouches(github, standing, state, &vouched, &failed)) {
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

bool remembered_elsewhere(const struct standing *standing, const struct issue_comment *comment,
			  struct state *state)
{
	struct state_owner owner = {
		.repository = standing->owner.repository,
		.number = comment->issue,
		.reviewer = standing->name,
		.comment = comment->id,
	};

	return state_read(&comment->body, 1, standing->trust.key, state) &&
	       !fault_of(standing, &owner, state, comment->body);
}

static bool read_first(struct github *github, struct standing *standing, struct error *err)
{
	struct str *bodies = ARENA_ARRAY(&standing->arena, struct str, standing->parts.len + 1);
	const char *why;

	for (size_t i = 0; i < standing->parts.len; i++)
		bodies[i] = standing->parts.items[i].body;
	if (standing->parts.len && !standing->parts.items[0].part)
		standing->owner.comment = standing->parts.items[0].id;
	standing->has_state =
		state_read(bodies, standing->parts.len, standing->trust.key, &standing->state);
	if (!standing->has_state)
		return true;
	if (!judge(github, standing, &standing->state, bodies[0], &why, err))
		return false;
	if (!why)
		return true;
	log_warning(
		"publish",
		"what the summary comment remembers %s: every file is reviewed again, and its dismissals do not count",
		why);
	distrust(&standing->state);
	return true;
}

/* What a second summary remembers, and the first does not: two runs wrote one each at the same time. */
static bool fold_surplus(struct github *github, struct standing *standing, struct error *err)
{
	struct state_owner owner = standing->owner;
	bool ok = true;

	for (size_t i = 0; ok && i < standing->surplus.len; i++) {
		const struct standing_part *part = &standing->surplus.items[i];
		SCOPED(state) struct state state = {0};
		const char *why;

		if (part->part || !state_read(&part->body, 1, standing->trust.key, &state))
			continue;
		standing->owner.comment = part->id;
		ok = judge(github, standing, &state, part->body, &why, err);
		if (!ok || why)
			continue;
		for (size_t j = 0; j < state.findings_len; j++)
			state_add_unknown(&standing->state, &state.findings[j]);
		standing->has_state = true;
	}
	standing->owner = owner;
	return ok;
}

bool remembered_read(struct github *github, struct standing *standing, struct error *err)
{
	return read_first(github, standing, err) && fold_surplus(github, standing, err);
}

/* Reads which findings people dismissed on other pull requests of the repository. */
#include "publish/recent.h"

#include "base/clock.h"
#include "publish/marker.h"
#include "publish/remembered.h"

static bool is_known(const struct dismissals *dismissals, const struct state_finding *finding)
{
	for (size_t i = 0; i < dismissals->len; i++) {
		if (str_eq(dismissals->items[i].title, finding->title) &&
		    str_eq(dismissals->items[i].path, finding->path))
			return true;
	}
	return false;
}

static void take_state(const struct state *state, struct arena *arena,
		       struct dismissals *dismissals)
{
	for (size_t i = 0; i < state->findings_len && dismissals->len < DISMISSALS_MAX; i++) {
		const struct state_finding *finding = &state->findings[i];

		if (!finding->dismissed || !finding->title.len || is_known(dismissals, finding))
			continue;
		dismissals->items[dismissals->len++] = (struct state_finding){
			.path = arena_str(arena, finding->path),
			.title = arena_str(arena, finding->title),
			.reason = arena_str(arena, finding->reason),
			.severity = finding->severity,
			.dismissed = true,
		};
	}
}

static bool is_summary(const struct previous *previous, const struct issue_comment *comment,
		       struct arena *arena)
{
	struct marker mark;

	return comment->issue && comment->issue != previous->owner.number &&
	       previous_is_ours(previous, comment->author, comment->author_type) &&
	       marker_find(comment->body, "summary", previous->name, arena, &mark) && !mark.part;
}

bool recent_dismissals(struct github *github, const struct previous *previous, int64_t now_ms,
		       struct arena *arena, struct dismissals *dismissals, struct error *err)
{
	SCOPED(arena) struct arena pages = ARENA_INIT;
	int64_t since_ms = now_ms - (int64_t)DISMISSALS_DAYS * DAY_MS;
	struct issue_comments comments;

	if (!issue_comments_recent(github, time_iso8601(&pages, since_ms), &pages, &comments, err))
		return error_wrap(err, "read what was dismissed on other pull requests");
	*dismissals = (struct dismissals){0};
	for (size_t i = 0; i < comments.len; i++) {
		SCOPED(state) struct state state = {0};

		if (is_summary(previous, &comments.items[i], &pages) &&
		    remembered_elsewhere(previous, &comments.items[i], &state))
			take_state(&state, arena, dismissals);
	}
	return true;
}

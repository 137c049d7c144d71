/* Reads everything that was posted on a pull request, for figures. */
#include "publish/posted.h"

#include "base/log.h"
#include "github/comment_command.h"
#include "publish/about.h"
#include "publish/comment_text.h"
#include "publish/marker.h"

void posted_release(struct posted *posted)
{
	if (!posted)
		return;
	VEC_RELEASE(&posted->findings);
	state_release(&posted->state);
	arena_release(&posted->arena);
	*posted = (struct posted){0};
}

static bool counts(const struct posted_request *request, struct str author, struct str author_type)
{
	return request->author.len ? str_eq_nocase(author, request->author)
				   : str_eq(author_type, STR("Bot"));
}

/* Continuations of a summary have the numbers 2 to this one at most. */
enum { PARTS_MAX = 20 };

/* The oldest comment with that part of the summary, or NULL. */
static const struct issue_comment *find_part(const struct posted_request *request,
					     const struct issue_comments *comments,
					     struct arena *arena, int part)
{
	for (size_t i = 0; i < comments->len; i++) {
		const struct issue_comment *comment = &comments->items[i];
		struct marker mark;

		if (counts(request, comment->author, comment->author_type) &&
		    marker_find(comment->body, "summary", request->name, arena, &mark) &&
		    mark.part == part)
			return comment;
	}
	return NULL;
}

static void read_state(const struct posted_request *request, const struct issue_comments *comments,
		       struct posted *posted, struct str *written_at)
{
	const struct issue_comment *first = find_part(request, comments, &posted->arena, 0);
	struct str bodies[PARTS_MAX];
	size_t len = 0;
	struct state_owner owner = {
		.repository = github_repository(request->github),
		.number = request->number,
		.reviewer = request->name.len ? request->name : STR(MARKER_DEFAULT_NAME),
	};

	if (!first)
		return;
	bodies[len++] = first->body;
	for (int part = 2; part <= PARTS_MAX; part++) {
		const struct issue_comment *comment =
			find_part(request, comments, &posted->arena, part);

		if (comment)
			bodies[len++] = comment->body;
	}
	/* The seal matters for what is posted, not for figures. */
	if (!state_read(bodies, len, STR_EMPTY, &posted->state))
		return;
	owner.comment = first->id;
	*written_at = first->created_at;
	if (!state_owner_eq(&posted->state.owner, &owner)) {
		log_notice("outcomes",
			   "#%lld: what the summary remembers was not written for it: ignored",
			   (long long)request->number);
		posted->state.findings_len = 0;
	}
}

/* Two findings on the same code share an id: then the title decides. */
static const struct state_finding *take_record(const struct state *state, struct str id,
					       struct str body, bool *taken)
{
	size_t best = state->findings_len;

	for (size_t i = 0; i < state->findings_len; i++) {
		const struct state_finding *record = &state->findings[i];

		if (!taken[i] && record->in_line && str_eq(record->id, id) &&
		    (best == state->findings_len || str_contains(body, record->title)))
			best = i;
	}
	if (best == state->findings_len)
		return NULL;
	taken[best] = true;
	return &state->findings[best];
}

/*
 * Counts replies of people. The state forgets a dismissal when the code is gone, so the command
 * in a resolved thread is read too.
 */
static void take_replies(struct posted *posted, struct posted_finding *finding, bool closed)
{
	const struct review_comments *comments = &posted->comments;

	for (size_t i = 0; i < comments->len; i++) {
		const struct review_comment *reply = &comments->items[i];
		struct comment_command command = {0};

		if (reply->in_reply_to != finding->comment->id ||
		    str_eq(reply->author_type, STR("Bot")))
			continue;
		finding->replies++;
		if (!closed || finding->record.dismissed ||
		    !str_starts_nocase(str_trim(reply->body), STR("/outcrop")))
			continue;
		comment_command_parse(reply->body, true, &posted->arena, &command);
		if (command.kind != COMMENT_DISMISS)
			continue;
		finding->record.dismissed = true;
		finding->record.dismissed_by = reply->author;
		finding->record.reason = command.reason;
	}
}

static void take_comment(const struct posted_request *request, struct posted *posted,
			 const struct review_comment *comment, bool *taken)
{
	const struct state_finding *record;
	struct comment_about about;
	struct marker mark;
	struct posted_finding finding = {
		.confidence = -1,
		.comment = comment,
		.posted_at = comment->created_at,
	};
	bool gone;

	if (!counts(request, comment->author, comment->author_type) ||
	    !marker_find(comment->body, "finding", request->name, &posted->arena, &mark) ||
	    !mark.id.len)
		return;
	finding.record = (struct state_finding){.id = mark.id, .severity = SEVERITY_MEDIUM};
	comment_text_read(comment->body, &posted->arena, &finding.record);
	record = take_record(&posted->state, mark.id, comment->body, taken);
	if (record)
		finding.record = *record;
	if (about_read(comment->body, &posted->arena, &about)) {
		finding.record.agents = about.agents;
		finding.record.category = about.category;
		finding.record.severity = about.severity;
		finding.confidence = about.confidence;
	}
	finding.record.path = comment->path;
	finding.record.in_line = true;
	finding.record.left = comment->side == SIDE_LEFT;
	gone = marker_find(comment->body, "gone", request->name, &posted->arena, &mark);
	take_replies(posted, &finding, gone || comment->resolved);
	finding.gone = gone && !finding.record.dismissed;
	VEC_PUSH(&posted->findings, finding);
}

static void take_rest(struct posted *posted, const bool *taken, struct str written_at)
{
	for (size_t i = 0; i < posted->state.findings_len; i++) {
		struct posted_finding finding = {
			.record = posted->state.findings[i],
			.confidence = -1,
			.posted_at = written_at,
		};

		if (taken[i] || state_is_uncounted(&finding.record))
			continue;
		/* Only users with write access can delete a comment of a bot. */
		if (finding.record.in_line && !finding.record.dismissed) {
			finding.record.dismissed = true;
			finding.record.reason = STR("its comment was deleted");
		}
		VEC_PUSH(&posted->findings, finding);
	}
}

static bool read_threads(const struct posted_request *request, struct posted *posted,
			 struct error *err)
{
	struct error failed = {0};
	struct str viewer;
	struct marker mark;
	bool any = false;

	for (size_t i = 0; i < posted->comments.len && !any; i++)
		any = marker_find(posted->comments.items[i].body, "finding", request->name,
				  &posted->arena, &mark);
	if (!any || review_threads_read(request->github, request->number, &posted->arena,
					&posted->comments, &viewer, &failed))
		return true;
	if (error_ends_work(&failed) || failed.kind == ERROR_QUOTA) {
		*err = failed;
		return false;
	}
	log_warning("outcomes", "#%lld: resolved threads are not counted: %s",
		    (long long)request->number, failed.message);
	return true;
}

bool posted_read(const struct posted_request *request, struct posted *posted, struct error *err)
{
	struct posted result = {0};
	struct issue_comments conversation;
	struct str written_at = STR_EMPTY;
	bool *taken;

	if (!issue_comments_list(request->github, request->number, &result.arena, &conversation,
				 err) ||
	    !review_comments_list(request->github, request->number, &result.arena, &result.comments,
				  err) ||
	    !read_threads(request, &result, err)) {
		posted_release(&result);
		return error_wrap(err, "read what was posted on pull request #%lld",
				  (long long)request->number);
	}
	read_state(request, &conversation, &result, &written_at);
	taken = ARENA_ARRAY(&result.arena, bool, result.state.findings_len + 1);
	for (size_t i = 0; i < result.comments.len; i++)
		take_comment(request, &result, &result.comments.items[i], taken);
	take_rest(&result, taken, written_at);
	*posted = result;
	return true;
}

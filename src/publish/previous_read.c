/* Reads the comments, threads and parts of the summary that are already on the pull request. */
#include "publish/previous.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "finding/similar.h"
#include "publish/comment_text.h"
#include "publish/marker.h"
#include "publish/remembered.h"
#include "redact/path.h"

void previous_release(struct previous *previous)
{
	if (!previous)
		return;
	VEC_RELEASE(&previous->findings);
	VEC_RELEASE(&previous->uncounted);
	VEC_RELEASE(&previous->parts);
	VEC_RELEASE(&previous->surplus);
	VEC_RELEASE(&previous->duplicates);
	state_release(&previous->state);
	arena_release(&previous->arena);
	*previous = (struct previous){0};
}

bool previous_is_ours(const struct previous *previous, struct str author, struct str author_type)
{
	return author.len && (str_eq_nocase(author, previous->login) ||
			      (previous->any_bot && str_eq(author_type, STR("Bot"))));
}

/*
 * The login that REST gives our comments.  GraphQL may leave "[bot]" out, but a person may have an App's
 * name without it.
 */
static bool settle_login(const struct github *github, struct previous *previous, struct error *err)
{
	enum github_actor actor = github_actor(github);

	if (!previous->login.len && actor == GITHUB_ACTOR_PERSON && !previous->any_bot)
		return error_set(
			err, ERROR_PROTOCOL,
			"GitHub does not name the owner of the token, so our comments cannot be distinguished from others; run it again");
	if (!previous->login.len)
		previous->login = STR("github-actions[bot]");
	else if (actor == GITHUB_ACTOR_APP && !str_ends(previous->login, STR("[bot]")))
		previous->login =
			arena_printf(&previous->arena, "%.*s[bot]", STR_ARG(previous->login));
	return true;
}

static int compare_parts(const void *a, const void *b)
{
	const struct previous_part *first = a;
	const struct previous_part *second = b;

	if (first->part != second->part)
		return first->part < second->part ? -1 : 1;
	return first->id < second->id ? -1 : first->id > second->id;
}

static bool has_part(const struct previous *previous, int part)
{
	for (size_t i = 0; i < previous->parts.len; i++) {
		if (previous->parts.items[i].part == part)
			return true;
	}
	return false;
}

/* The oldest comment of each part is used; GitHub lists the oldest first. */
static void take_parts(struct previous *previous, const struct issue_comments *comments)
{
	for (size_t i = 0; i < comments->len; i++) {
		const struct issue_comment *comment = &comments->items[i];
		struct previous_part part;
		struct marker mark;

		if (!previous_is_ours(previous, comment->author, comment->author_type) ||
		    !marker_find(comment->body, "summary", previous->name, &previous->arena,
				 &mark) ||
		    (!mark.part && remembered_is_copy(previous, comment)))
			continue;
		part = (struct previous_part){
			.id = comment->id,
			.part = mark.part,
			.body = comment->body,
			.url = comment->url,
		};
		if (has_part(previous, mark.part))
			VEC_PUSH(&previous->surplus, part);
		else
			VEC_PUSH(&previous->parts, part);
	}
	if (previous->parts.len)
		qsort(previous->parts.items, previous->parts.len, sizeof(*previous->parts.items),
		      compare_parts);
}

bool previous_make_summary(struct previous *previous, struct github *github, struct str words,
			   struct error *err)
{
	SCOPED(buf) struct buf body = BUF_INIT;
	struct issue_comment made;

	if (words.len)
		buf_add(&body, words);
	else
		remembered_heading(&body, previous);
	if (body.ptr[body.len - 1] != '\n')
		buf_add_char(&body, '\n');
	buf_add_char(&body, '\n');
	marker_add(&body, &(struct marker){.kind = "summary", .name = previous->name});
	buf_add_char(&body, '\n');
	if (!issue_comment_create(github, previous->owner.number, buf_str(&body), &previous->arena,
				  &made, err))
		return false;
	previous->owner.comment = made.id;
	VEC_PUSH(&previous->parts, (struct previous_part){
					   .id = made.id,
					   .body = arena_str(&previous->arena, buf_str(&body)),
					   .url = made.url,
				   });
	qsort(previous->parts.items, previous->parts.len, sizeof(*previous->parts.items),
	      compare_parts);
	return true;
}

void previous_forget_summary(struct previous *previous)
{
	struct previous_part *parts = previous->parts.items;

	if (!previous->owner.comment)
		return;
	previous->owner.comment = 0;
	previous->parts.len--;
	memmove(parts, parts + 1, previous->parts.len * sizeof(*parts));
}

static const struct state_finding *take_record(const struct state *state, struct str id,
					       struct str text, bool *taken)
{
	const struct state_finding *best = NULL;
	size_t best_idx = 0;

	/* Two findings on the same code share an id: use the one whose title the comment shows. */
	for (size_t i = 0; i < state->findings_len; i++) {
		const struct state_finding *record = &state->findings[i];

		if (taken[i] || !record->in_line || !str_eq(record->id, id))
			continue;
		if (best && !str_contains(text, record->title))
			continue;
		best = record;
		best_idx = i;
	}
	if (best)
		taken[best_idx] = true;
	return best;
}

static uint32_t line_count(const struct review_comment *comment)
{
	if (comment->original_start_line && comment->original_line > comment->original_start_line)
		return comment->original_line - comment->original_start_line + 1;
	return comment->original_line ? 1 : 0;
}

/*
 * A comment that is not in the state, on the code of one that is, and with a similar text: two
 * runs at the same time posted one each.
 */
static bool is_duplicate(const struct previous *previous, const struct previous_finding *finding)
{
	if (finding->known || !previous->has_state || finding->comment->resolved)
		return false;
	for (size_t i = 0; i < previous->findings.len; i++) {
		const struct previous_finding *other = &previous->findings.items[i];

		if (other->comment && other->known && !other->comment->resolved &&
		    str_eq(other->record.id, finding->record.id) &&
		    str_eq(other->record.path, finding->record.path) &&
		    text_similarity(other->record.title, finding->record.title) >= MATCH_SIMILAR)
			return true;
	}
	return false;
}

static void take_inline(struct previous *previous, const struct review_comment *comment,
			bool *taken)
{
	const struct state_finding *record;
	struct marker mark;
	struct marker gone;
	struct previous_finding finding = {.comment = comment, .text = comment->body};

	if (!previous_is_ours(previous, comment->author, comment->author_type) ||
	    !marker_find(comment->body, "finding", previous->name, &previous->arena, &mark) ||
	    !mark.id.len)
		return;
	record = take_record(&previous->state, mark.id, comment->body, taken);
	/* Findings that we resolved are left out; dismissed findings are kept. */
	if ((comment->resolved && !record) ||
	    (marker_find(comment->body, "gone", previous->name, &previous->arena, &gone) &&
	     !(record && record->dismissed)))
		return;
	finding.record = (struct state_finding){
		.id = mark.id,
		.severity = SEVERITY_MEDIUM,
		.lines = line_count(comment),
		.line = comment->original_start_line ? comment->original_start_line
						     : comment->original_line,
	};
	if (record) {
		finding.record = *record;
		finding.known = true;
	} else {
		comment_text_read(comment->body, &previous->arena, &finding.record);
	}
	finding.record.path = path_shown(&previous->arena, comment->path);
	finding.record.in_line = true;
	finding.record.left = comment->side == SIDE_LEFT;
	finding.last_line = comment->line;
	finding.first_line = comment->start_line ? comment->start_line : comment->line;
	if (comment->line)
		finding.record.line = finding.first_line;
	if (is_duplicate(previous, &finding))
		VEC_PUSH(&previous->duplicates, comment);
	else
		VEC_PUSH(&previous->findings, finding);
}

static void take_findings(struct previous *previous)
{
	const struct state *state = &previous->state;
	bool *taken = ARENA_ARRAY(&previous->arena, bool, state->findings_len + 1);

	for (size_t i = 0; i < previous->comments.len; i++)
		take_inline(previous, &previous->comments.items[i], taken);
	for (size_t i = 0; i < state->findings_len; i++) {
		const struct state_finding *record = &state->findings[i];
		struct previous_finding finding;

		if (taken[i])
			continue;
		finding = (struct previous_finding){
			.record = *record,
			.text = record->title,
			.known = true,
		};
		if (state_is_uncounted(record)) {
			VEC_PUSH(&previous->uncounted, finding);
			continue;
		}
		/* Only users with write access can delete our comments. */
		if (record->in_line && !record->dismissed) {
			finding.record.dismissed = true;
			finding.record.reason = STR("its comment was deleted");
		}
		VEC_PUSH(&previous->findings, finding);
	}
}

bool previous_is_closed(const struct previous_finding *finding)
{
	return finding->record.dismissed || (finding->comment && finding->comment->resolved);
}

struct str previous_closed_why(const struct previous_finding *finding, struct arena *arena)
{
	const struct state_finding *record = &finding->record;

	if (!record->dismissed)
		return STR("its thread was resolved");
	return arena_printf(arena, "dismissed%s%.*s%s%.*s", record->dismissed_by.len ? " by " : "",
			    STR_ARG(record->dismissed_by), record->reason.len ? ": " : "",
			    STR_ARG(record->reason));
}

/* Threads are optional: without them nothing can be resolved, but everything else works. */
static bool read_threads(struct github *github, int64_t number, struct previous *previous,
			 struct error *err)
{
	struct error failed = {0};

	if (review_threads_read(github, number, &previous->arena, &previous->comments,
				&previous->login, &failed))
		return true;
	if (error_ends_work(&failed)) {
		*err = failed;
		return false;
	}
	if (previous->any_bot)
		log_notice("publish", "%s; threads that people resolved count as open",
			   failed.message);
	else
		log_warning("publish",
			    "%s; threads of findings that are gone are edited, not resolved",
			    failed.message);
	return true;
}

/* Dismisses a finding if a user with write access disliked its comment. */
static bool take_vote(struct github *github, struct previous_finding *finding, struct arena *arena,
		      struct error *err)
{
	struct strings logins;

	if (!review_comment_down_voters(github, finding->comment->id, arena, &logins, err))
		return false;
	for (size_t i = 0; i < logins.len && !finding->record.dismissed; i++) {
		if (!github_user_may_write(github, logins.items[i], arena,
					   &finding->record.dismissed, err))
			return false;
		if (finding->record.dismissed) {
			finding->record.dismissed_by = logins.items[i];
			finding->record.reason = STR("thumbs down");
		}
	}
	return true;
}

/* If the votes cannot be read, nothing is dismissed: the finding stays open. */
static void take_votes(struct github *github, struct previous *previous)
{
	for (size_t i = 0; i < previous->findings.len; i++) {
		struct previous_finding *finding = &previous->findings.items[i];
		struct error err = {0};

		if (finding->comment && finding->comment->down_votes &&
		    !finding->record.dismissed &&
		    !take_vote(github, finding, &previous->arena, &err))
			log_warning("publish", "%s", err.message);
	}
}

bool previous_read(struct github *github, const struct previous_request *request,
		   struct previous *previous, struct error *err)
{
	struct previous result = {.trust = request->trust, .any_bot = request->any_bot};
	struct issue_comments comments;
	int64_t number = request->number;

	result.name = arena_str(&result.arena,
				request->name.len ? request->name : STR(MARKER_DEFAULT_NAME));
	result.trust.written = arena_str(&result.arena, request->trust.written);
	result.owner = (struct state_owner){
		.repository = arena_str(&result.arena, github_repository(github)),
		.number = number,
		.reviewer = result.name,
	};
	if (!issue_comments_list(github, number, &result.arena, &comments, err) ||
	    !review_comments_list(github, number, &result.arena, &result.comments, err) ||
	    !read_threads(github, number, &result, err) || !settle_login(github, &result, err))
		goto failed;
	take_parts(&result, &comments);
	if (!remembered_read(github, &result, err))
		goto failed;
	take_findings(&result);
	take_votes(github, &result);
	*previous = result;
	return true;
failed:
	previous_release(&result);
	return error_wrap(err, "read what is posted on pull request #%lld", (long long)number);
}

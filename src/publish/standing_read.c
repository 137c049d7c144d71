/* Reads what is on the pull request already: comments, threads, parts of the summary. */
#include "publish/standing.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "finding/similar.h"
#include "publish/comment_text.h"
#include "publish/marker.h"
#include "publish/remembered.h"
#include "redact/path.h"

void standing_release(struct standing *standing)
{
	if (!standing)
		return;
	VEC_RELEASE(&standing->findings);
	VEC_RELEASE(&standing->uncounted);
	VEC_RELEASE(&standing->parts);
	VEC_RELEASE(&standing->surplus);
	VEC_RELEASE(&standing->duplicates);
	state_release(&standing->state);
	arena_release(&standing->arena);
	*standing = (struct standing){0};
}

bool standing_is_ours(const struct standing *standing, struct str author, struct str author_type)
{
	return author.len && (str_eq_nocase(author, standing->login) ||
			      (standing->any_bot && str_eq(author_type, STR("Bot"))));
}

/*
 * The login that REST gives our comments.  GraphQL may leave "[bot]" out, but a person may have an App's
 * name without it.
 */
static bool settle_login(const struct github *github, struct standing *standing, struct error *err)
{
	enum github_actor actor = github_actor(github);

	if (!standing->login.len && actor == GITHUB_ACTOR_PERSON && !standing->any_bot)
		return error_set(
			err, ERROR_PROTOCOL,
			"GitHub does not name the owner of the token, so our comments cannot be distinguished from others; run it again");
	if (!standing->login.len)
		standing->login = STR("github-actions[bot]");
	else if (actor == GITHUB_ACTOR_APP && !str_ends(standing->login, STR("[bot]")))
		standing->login =
			arena_printf(&standing->arena, "%.*s[bot]", STR_ARG(standing->login));
	return true;
}

static int compare_parts(const void *a, const void *b)
{
	const struct standing_part *first = a;
	const struct standing_part *second = b;

	if (first->part != second->part)
		return first->part < second->part ? -1 : 1;
	return first->id < second->id ? -1 : first->id > second->id;
}

static bool has_part(const struct standing *standing, int part)
{
	for (size_t i = 0; i < standing->parts.len; i++) {
		if (standing->parts.items[i].part == part)
			return true;
	}
	return false;
}

/* The oldest comment of each part is the one; GitHub lists them oldest first. */
static void take_parts(struct standing *standing, const struct issue_comments *comments)
{
	for (size_t i = 0; i < comments->len; i++) {
		const struct issue_comment *comment = &comments->items[i];
		struct standing_part part;
		struct marker mark;

		if (!standing_is_ours(standing, comment->author, comment->author_type) ||
		    !marker_find(comment->body, "summary", standing->name, &standing->arena,
				 &mark) ||
		    (!mark.part && remembered_is_copy(standing, comment)))
			continue;
		part = (struct standing_part){
			.id = comment->id,
			.part = mark.part,
			.body = comment->body,
			.url = comment->url,
		};
		if (has_part(standing, mark.part))
			VEC_PUSH(&standing->surplus, part);
		else
			VEC_PUSH(&standing->parts, part);
	}
	if (standing->parts.len)
		qsort(standing->parts.items, standing->parts.len, sizeof(*standing->parts.items),
		      compare_parts);
}

bool standing_make_summary(struct standing *standing, struct github *github, struct str words,
			   struct error *err)
{
	SCOPED(buf) struct buf body = BUF_INIT;
	struct issue_comment made;

	if (words.len)
		buf_add(&body, words);
	else
		remembered_heading(&body, standing);
	if (body.ptr[body.len - 1] != '\n')
		buf_add_char(&body, '\n');
	buf_add_char(&body, '\n');
	marker_add(&body, &(struct marker){.kind = "summary", .name = standing->name});
	buf_add_char(&body, '\n');
	if (!issue_comment_create(github, standing->owner.number, buf_str(&body), &standing->arena,
				  &made, err))
		return false;
	standing->owner.comment = made.id;
	VEC_PUSH(&standing->parts, (struct standing_part){
					   .id = made.id,
					   .body = arena_str(&standing->arena, buf_str(&body)),
					   .url = made.url,
				   });
	qsort(standing->parts.items, standing->parts.len, sizeof(*standing->parts.items),
	      compare_parts);
	return true;
}

void standing_forget_summary(struct standing *standing)
{
	struct standing_part *parts = standing->parts.items;

	if (!standing->owner.comment)
		return;
	standing->owner.comment = 0;
	standing->parts.len--;
	memmove(parts, parts + 1, standing->parts.len * sizeof(*parts));
}

static const struct state_finding *take_record(const struct state *state, struct str id,
					       struct str text, bool *taken)
{
	const struct state_finding *best = NULL;
	size_t best_idx = 0;

	/* Two findings on one code share an id: the one whose title the comment shows. */
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
 * A comment that the state does not know, on the code of one that it knows and with similar words: two runs
 * at the same time posted one each.
 */
static bool is_duplicate(const struct standing *standing, const struct standing_finding *finding)
{
	if (finding->known || !standing->has_state || finding->comment->resolved)
		return false;
	for (size_t i = 0; i < standing->findings.len; i++) {
		const struct standing_finding *other = &standing->findings.items[i];

		if (other->comment && other->known && !other->comment->resolved &&
		    str_eq(other->record.id, finding->record.id) &&
		    str_eq(other->record.path, finding->record.path) &&
		    text_similarity(other->record.title, finding->record.title) >= MATCH_SIMILAR)
			return true;
	}
	return false;
}

static void take_inline(struct standing *standing, const struct review_comment *comment,
			bool *taken)
{
	const struct state_finding *record;
	struct marker mark;
	struct marker gone;
	struct standing_finding finding = {.comment = comment, .text = comment->body};

	if (!standing_is_ours(standing, comment->author, comment->author_type) ||
	    !marker_find(comment->body, "finding", standing->name, &standing->arena, &mark) ||
	    !mark.id.len)
		return;
	record = take_record(&standing->state, mark.id, comment->body, taken);
	/* What is closed by us is left out; dismissed findings are remembered nevertheless. */
	if ((comment->resolved && !record) ||
	    (marker_find(comment->body, "gone", standing->name, &standing->arena, &gone) &&
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
		comment_text_read(comment->body, &standing->arena, &finding.record);
	}
	finding.record.path = path_shown(&standing->arena, comment->path);
	finding.record.in_line = true;
	finding.record.left = comment->side == SIDE_LEFT;
	finding.last_line = comment->line;
	finding.first_line = comment->start_line ? comment->start_line : comment->line;
	if (comment->line)
		finding.record.line = finding.first_line;
	if (is_duplicate(standing, &finding))
		VEC_PUSH(&standing->duplicates, comment);
	else
		VEC_PUSH(&standing->findings, finding);
}

static void take_findings(struct standing *standing)
{
	const struct state *state = &standing->state;
	bool *taken = ARENA_ARRAY(&standing->arena, bool, state->findings_len + 1);

	for (size_t i = 0; i < standing->comments.len; i++)
		take_inline(standing, &standing->comments.items[i], taken);
	for (size_t i = 0; i < state->findings_len; i++) {
		const struct state_finding *record = &state->findings[i];
		struct standing_finding finding;

		if (taken[i])
			continue;
		finding = (struct standing_finding){
			.record = *record,
			.text = record->title,
			.known = true,
		};
		if (state_is_uncounted(record)) {
			VEC_PUSH(&standing->uncounted, finding);
			continue;
		}
		/* Only users with write access can delete a comment of ours. */
		if (record->in_line && !record->dismissed) {
			finding.record.dismissed = true;
			finding.record.reason = STR("its comment was deleted");
		}
		VEC_PUSH(&standing->findings, finding);
	}
}

bool standing_is_closed(const struct standing_finding *finding)
{
	return finding->record.dismissed || (finding->comment && finding->comment->resolved);
}

struct str standing_closed_why(const struct standing_finding *finding, struct arena *arena)
{
	const struct state_finding *record = &finding->record;

	if (!record->dismissed)
		return STR("its thread was resolved");
	return arena_printf(arena, "dismissed%s%.*s%s%.*s", record->dismissed_by.len ? " by " : "",
			    STR_ARG(record->dismissed_by), record->reason.len ? ": " : "",
			    STR_ARG(record->reason));
}

/* Threads are a comfort: without them nothing is resolved, but all else works. */
static bool read_threads(struct github *github, int64_t number, struct standing *standing,
			 struct error *err)
{
	struct error failed = {0};

	if (review_threads_read(github, number, &standing->arena, &standing->comments,
				&standing->login, &failed))
		return true;
	if (error_ends_work(&failed)) {
		*err = failed;
		return false;
	}
	if (standing->any_bot)
		log_notice("publish", "%s; threads that people resolved count as open",
			   failed.message);
	else
		log_warning("publish",
			    "%s; threads of findings that are gone are edited, not resolved",
			    failed.message);
	return true;
}

/* Dismisses a finding for the first of those who disliked its comment and may write to the repository. */
static bool take_vote(struct github *github, struct standing_finding *finding, struct arena *arena,
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

/* A vote that cannot be read dismisses nothing: the finding stays open. */
static void take_votes(struct github *github, struct standing *standing)
{
	for (size_t i = 0; i < standing->findings.len; i++) {
		struct standing_finding *finding = &standing->findings.items[i];
		struct error err = {0};

		if (finding->comment && finding->comment->down_votes &&
		    !finding->record.dismissed &&
		    !take_vote(github, finding, &standing->arena, &err))
			log_warning("publish", "%s", err.message);
	}
}

bool standing_read(struct github *github, const struct standing_request *request,
		   struct standing *standing, struct error *err)
{
	struct standing result = {.trust = request->trust, .any_bot = request->any_bot};
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
	*standing = result;
	return true;
failed:
	standing_release(&result);
	return error_wrap(err, "read what is posted on pull request #%lld", (long long)number);
}

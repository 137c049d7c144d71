/* Posts one review with all new comments: once, searched for if its answer is lost, corrected if it is refused. */
#include <string.h>

#include "base/log.h"
#include "publish/marker.h"
#include "publish/publisher.h"

enum { ATTEMPTS_MAX = 4 };

/* The comments that are still to be posted, as the API takes them. */
struct batch {
	struct publisher *run;
	struct planned_comment *items;
	size_t len;
};

/* The outcome of sending a review. */
enum sent { SENT_POSTED, SENT_REFUSED_PLACE, SENT_FAILED };

static bool is_refused(const struct planned_comment *comment)
{
	return comment->fate == COMMENT_NO_PLACE || comment->fate == COMMENT_FAILED;
}

static void set_posted(struct batch *batch)
{
	for (size_t i = 0; i < batch->len; i++) {
		if (!is_refused(&batch->items[i]))
			batch->items[i].fate = COMMENT_POSTED;
	}
}

static size_t gather(const struct batch *batch, size_t first, size_t count,
		     struct new_comment *comments)
{
	size_t len = 0;

	for (size_t i = first; i < first + count; i++) {
		if (!is_refused(&batch->items[i]))
			comments[len++] = batch->items[i].comment;
	}
	return len;
}

/* Comments that are not already refused get that fate. */
static void refuse(struct batch *batch, size_t first, size_t count, enum comment_fate fate,
		   const char *why)
{
	struct str reason = arena_str(&batch->run->arena, str_from(why));

	for (size_t i = first; i < first + count; i++) {
		if (is_refused(&batch->items[i]))
			continue;
		batch->items[i].fate = fate;
		batch->items[i].refusal = reason;
	}
}

/* ---- Pending reviews, of which a user can have one. ---- */

static bool is_our_pending(struct publisher *run, const struct review_record *review, bool *ours,
			   struct error *err)
{
	struct review_comments comments;
	struct marker mark;
	size_t marked = 0;

	if (marker_find(review->body, "review", run->name, &run->arena, &mark)) {
		*ours = true;
		return true;
	}
	if (!review_comments_of(run->options->github, run->options->pull->number, review->id,
				&run->arena, &comments, err))
		return false;
	for (size_t i = 0; i < comments.len; i++)
		marked += marker_find(comments.items[i].body, "finding", run->name, &run->arena,
				      &mark);
	*ours = comments.len > 0 && marked == comments.len;
	return true;
}

/* Deletes our own pending review. Another user's pending review is an error that names it. */
static bool clear_pending(struct publisher *run, struct error *err)
{
	struct github *github = run->options->github;
	int64_t number = run->options->pull->number;
	struct review_records reviews;

	if (!reviews_list(github, number, &run->arena, &reviews, err))
		return false;
	for (size_t i = 0; i < reviews.len; i++) {
		const struct review_record *review = &reviews.items[i];
		bool ours = false;

		if (!str_eq(review->state, STR("PENDING")))
			continue;
		if (!is_our_pending(run, review, &ours, err))
			return false;
		if (!ours)
			return error_set(
				err, ERROR_CONFLICT,
				"\"%.*s\" has a pending review on this pull request (review %lld, %.*s), and GitHub allows one a user: submit or discard it, or give outcrop a separate token",
				STR_ARG(review->author), (long long)review->id,
				STR_ARG(review->url));
		if (!review_delete(github, number, review->id, err))
			return error_wrap(err, "delete our pending review %lld",
					  (long long)review->id);
	}
	return true;
}

/* ---- Lost answers ---- */

static bool was_known(const struct publisher *run, int64_t id)
{
	for (size_t i = 0; i < run->previous->comments.len; i++) {
		if (run->previous->comments.items[i].id == id)
			return true;
	}
	return false;
}

/* GitHub stores a review completely or not at all: one new comment of ours at any place proves that it exists. */
static bool review_exists(struct batch *batch, const struct new_comment *comments, size_t len,
			  bool *exists, struct str *url, struct error *err)
{
	struct publisher *run = batch->run;
	struct review_comments now;

	if (!review_comments_list(run->options->github, run->options->pull->number, &run->arena,
				  &now, err))
		return false;
	*exists = false;
	for (size_t i = 0; i < now.len; i++) {
		const struct review_comment *comment = &now.items[i];
		struct marker mark;

		if (was_known(run, comment->id) ||
		    !previous_is_ours(run->previous, comment->author, comment->author_type) ||
		    !marker_find(comment->body, "finding", run->name, &run->arena, &mark))
			continue;
		for (size_t j = 0; j < len; j++) {
			struct marker sent;

			if (!marker_find(comments[j].body, "finding", run->name, &run->arena,
					 &sent) ||
			    !str_eq(sent.id, mark.id) || !str_eq(comments[j].path, comment->path))
				continue;
			*exists = true;
			*url = comment->url;
			return true;
		}
	}
	return true;
}

static bool wait_before(int attempt, struct error *err)
{
	return task_sleep((int64_t)attempt * attempt * 1000, err);
}

/* Sends a review of the comments until it exists or is refused. */
static enum sent send_review(struct batch *batch, const struct new_review *review,
			     struct review_record *made, struct error *err)
{
	struct publisher *run = batch->run;

	for (int attempt = 1;; attempt++) {
		struct error failed = {0};
		bool exists = false;

		if (review_create(run->options->github, review, &run->arena, made, &failed))
			return SENT_POSTED;
		*err = failed;
		if (!strcmp(failed.code, GITHUB_CODE_UNPLACEABLE) && failed.kind == ERROR_INVALID)
			return SENT_REFUSED_PLACE;
		if (attempt == ATTEMPTS_MAX)
			return SENT_FAILED;
		if (!strcmp(failed.code, GITHUB_CODE_PENDING)) {
			if (!clear_pending(run, err))
				return SENT_FAILED;
			continue;
		}
		if (!github_answer_lost(&failed) || !wait_before(attempt, err))
			return SENT_FAILED;
		log_info("publish", "%s; looking whether the review exists", failed.message);
		if (!review->pending &&
		    !review_exists(batch, review->comments, review->len, &exists, &made->url, err))
			return SENT_FAILED;
		if (exists)
			return SENT_POSTED;
	}
}

/* ---- Refused places: halved by pending reviews, until the refused ones are known. ---- */

static bool probe(struct batch *batch, size_t first, size_t count, bool *accepted,
		  struct error *err)
{
	struct publisher *run = batch->run;
	SCOPED(buf) struct buf body = BUF_INIT;
	struct new_comment *comments = ARENA_ARRAY(&run->arena, struct new_comment, count);
	struct review_record made = {0};
	struct new_review review = {
		.number = run->options->pull->number,
		.commit = run->now.head_commit,
		.pending = true,
		.comments = comments,
		.len = gather(batch, first, count, comments),
	};
	enum sent sent;

	marker_add(&body, &(struct marker){
				  .kind = "review",
				  .name = run->name,
				  .id = run->options->run_id,
			  });
	review.body = buf_str(&body);
	sent = send_review(batch, &review, &made, err);
	*accepted = sent == SENT_POSTED;
	if (sent == SENT_POSTED)
		return review_delete(run->options->github, review.number, made.id, err);
	return sent == SENT_REFUSED_PLACE;
}

/* `known_bad`: a review of exactly these was refused.  Depth: the logarithm of the comments. */
static bool bisect(struct batch *batch, size_t first, size_t count, bool known_bad,
		   struct error *err)
{
	bool accepted = false;
	size_t half = count / 2;

	if (!count)
		return true;
	if (!known_bad) {
		if (!probe(batch, first, count, &accepted, err))
			return false;
		if (accepted)
			return true;
	}
	if (count == 1) {
		refuse(batch, first, 1, COMMENT_NO_PLACE, err->message);
		return true;
	}
	/* When all of the first half is accepted, the second holds what was refused. */
	if (!probe(batch, first, half, &accepted, err))
		return false;
	if (!accepted && !bisect(batch, first, half, true, err))
		return false;
	return bisect(batch, first + half, count - half, accepted, err);
}

static void add_review_body(struct buf *body, struct publisher *run, size_t count)
{
	buf_addf(body, "%.*s: %zu new %s.\n\n", STR_ARG(run->name), count,
		 count == 1 ? "finding" : "findings");
	marker_add(body, &(struct marker){
				 .kind = "review",
				 .name = run->name,
				 .id = run->options->run_id,
			 });
}

static void take_url(struct batch *batch, const struct review_comment *comment, struct str id)
{
	for (size_t i = 0; i < batch->len; i++) {
		struct planned_comment *planned = &batch->items[i];
		struct marker mark;

		if (!planned->url.len && !is_refused(planned) &&
		    str_eq(planned->comment.path, comment->path) &&
		    planned->comment.line == comment->line &&
		    marker_find(planned->comment.body, "finding", batch->run->name,
				&batch->run->arena, &mark) &&
		    str_eq(mark.id, id)) {
			planned->url = comment->url;
			return;
		}
	}
}

/* The summary links to the comments.  Without their addresses it links to their lines. */
static void find_urls(struct batch *batch, int64_t review_id)
{
	struct publisher *run = batch->run;
	struct review_comments made;
	struct error err = {0};

	if (!review_comments_of(run->options->github, run->options->pull->number, review_id,
				&run->arena, &made, &err)) {
		log_debug("publish", "addresses of the comments: %s", err.message);
		return;
	}
	for (size_t i = 0; i < made.len; i++) {
		struct marker mark;

		if (marker_find(made.items[i].body, "finding", run->name, &run->arena, &mark))
			take_url(batch, &made.items[i], mark.id);
	}
}

static enum sent submit(struct batch *batch, struct error *err)
{
	struct publisher *run = batch->run;
	SCOPED(buf) struct buf body = BUF_INIT;
	struct new_comment *comments = ARENA_ARRAY(&run->arena, struct new_comment, batch->len);
	struct review_record made = {0};
	struct new_review review = {
		.number = run->options->pull->number,
		.commit = run->now.head_commit,
		.comments = comments,
		.len = gather(batch, 0, batch->len, comments),
	};
	enum sent sent;

	if (!review.len)
		return SENT_POSTED;
	add_review_body(&body, run, review.len);
	review.body = buf_str(&body);
	sent = send_review(batch, &review, &made, err);
	if (sent == SENT_POSTED)
		run->report->review_url = arena_str(&run->report->arena, made.url);
	if (sent == SENT_POSTED && made.id && run->options->summary)
		find_urls(batch, made.id);
	return sent;
}

void review_post(struct publisher *run, struct planned_comment *comments, size_t len)
{
	struct batch batch = {.run = run, .items = comments, .len = len};
	struct error err = {0};
	enum sent sent = submit(&batch, &err);

	if (sent == SENT_REFUSED_PLACE) {
		log_warning("publish", "%s; looking for the comments that are refused",
			    err.message);
		if (bisect(&batch, 0, len, true, &err))
			sent = submit(&batch, &err);
		else
			sent = SENT_FAILED;
	}
	if (sent == SENT_POSTED) {
		set_posted(&batch);
		return;
	}
	refuse(&batch, 0, len, COMMENT_FAILED, err.message);
	/* They go to the summary; a pending review of another user must affect the exit status too. */
	if (err.kind == ERROR_CONFLICT)
		run_failed(run, &err);
	else
		run_warn(run, "the comments on lines could not be posted: %s", err.message);
}

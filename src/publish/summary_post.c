/* Posts the summary comment and its continuations: edits them in place, and writes each once. */
#include "base/log.h"
#include "output/markdown.h"
#include "publish/marker.h"
#include "publish/publisher.h"

/* Room on the first page for the mark and the state. */
enum { RESERVE = STATE_TEXT_MAX + 512 };

static const struct previous_part *find_part(const struct previous *previous, int part)
{
	for (size_t i = 0; i < previous->parts.len; i++) {
		if (previous->parts.items[i].part == part)
			return &previous->parts.items[i];
	}
	return NULL;
}

static void add_mark(struct buf *body, struct publisher *run, int part)
{
	if (body->len && body->ptr[body->len - 1] != '\n')
		buf_add_char(body, '\n');
	buf_add_char(body, '\n');
	marker_add(body, &(struct marker){.kind = "summary", .name = run->name, .part = part});
	buf_add_char(body, '\n');
}

/*
 * Edits the existing part, or creates it; a continuation that was deleted in the meantime is
 * created again. If the summary itself was deleted, the state needs another comment's id:
 * ERROR_NOT_FOUND.
 */
static bool write_part(struct publisher *run, int part, struct str body, struct str *url,
		       struct error *err)
{
	const struct previous_part *previous = find_part(run->previous, part);
	struct github *github = run->options->github;
	struct issue_comment made = {0};

	if (previous) {
		struct error failed = {0};

		*url = previous->url;
		if (str_eq(previous->body, body) ||
		    issue_comment_edit(github, previous->id, body, &failed))
			return true;
		if (failed.kind != ERROR_NOT_FOUND || !part) {
			*err = failed;
			return error_wrap(err, "edit the summary comment");
		}
	}
	if (!issue_comment_create(github, run->options->pull->number, body, &run->arena, &made,
				  err))
		return error_wrap(err, "make the summary comment");
	*url = made.url;
	return true;
}

/* Removes parts that this summary no longer needs, and second summaries. */
static void delete_rest(struct publisher *run, int parts)
{
	struct previous *previous = run->previous;
	struct error err = {0};

	for (size_t i = 0; i < previous->parts.len; i++) {
		if (previous->parts.items[i].part > parts &&
		    !issue_comment_delete(run->options->github, previous->parts.items[i].id, &err))
			run_warn(run, "an old part of the summary stays: %s", err.message);
	}
	for (size_t i = 0; i < previous->surplus.len; i++) {
		if (!issue_comment_delete(run->options->github, previous->surplus.items[i].id,
					  &err))
			run_warn(run, "a second summary stays: %s", err.message);
	}
}

/* The first comment contains a page and the state's first piece; the other pieces follow the pages. */
static bool write_pages(struct publisher *run, const struct pages *pages,
			const struct pages *pieces, struct error *err)
{
	size_t pages_len = MAX_OF(pages->len, (size_t)1);

	for (size_t i = 0; i < pages_len + pieces->len - 1; i++) {
		SCOPED(buf) struct buf body = BUF_INIT;
		struct str url = STR_EMPTY;

		if (i < pages->len)
			buf_add(&body, buf_str(&pages->items[i]));
		else if (i >= pages_len)
			buf_add_text(&body, STATE_PIECE_WORDS);
		add_mark(&body, run, i ? (int)i + 1 : 0);
		if (!i)
			buf_add(&body, buf_str(&pieces->items[0]));
		else if (i >= pages_len)
			buf_add(&body, buf_str(&pieces->items[i - pages_len + 1]));
		if (!write_part(run, i ? (int)i + 1 : 0, buf_str(&body), &url, err))
			return false;
		if (!i)
			run->report->summary_url = arena_str(&run->report->arena, url);
	}
	return true;
}

/* The state names its comment, so the comment is created before the state is written. */
static bool write_summary(struct publisher *run, struct state *state, const struct pages *pages,
			  size_t *comments, struct error *err)
{
	struct pages pieces = {0};
	bool ok;

	if (!run->previous->owner.comment &&
	    !previous_make_summary(run->previous, run->options->github,
				   pages->len ? buf_str(&pages->items[0]) : STR_EMPTY, err))
		return error_wrap(err, "make the summary comment");
	state->owner = run->previous->owner;
	state_write(&pieces, state, &run->arena, &run->digest);
	check_post(run);
	*comments = MAX_OF(pages->len, (size_t)1) + pieces.len - 1;
	ok = write_pages(run, pages, &pieces, err);
	pages_release(&pieces);
	return ok;
}

static size_t count_forgotten(struct publisher *run, const struct state *state)
{
	struct pages pieces = {0};
	struct str digest;
	size_t forgotten = state_write(&pieces, state, &run->arena, &digest);

	pages_release(&pieces);
	return forgotten;
}

bool summary_post(struct publisher *run, struct state *state, struct error *err)
{
	struct review_view view = run->options->view;
	struct pages pages = {0};
	size_t forgotten = count_forgotten(run, state);
	struct error failed = {0};
	size_t comments = 0;
	bool ok;

	if (forgotten)
		review_result_notice(
			run->result,
			"%zu of the files that now count as reviewed cannot be remembered: the next run reviews them again.",
			forgotten);
	view.result = run->result;
	view.conclusion = review_conclude(run->result);
	markdown_summary(&pages, &view, RESERVE);
	ok = write_summary(run, state, &pages, &comments, &failed);
	if (!ok && failed.kind == ERROR_NOT_FOUND) {
		/* It was deleted after it was read. */
		previous_forget_summary(run->previous);
		ok = write_summary(run, state, &pages, &comments, &failed);
	}
	if (ok)
		delete_rest(run, comments > 1 ? (int)comments : 0);
	else
		*err = failed;
	pages_release(&pages);
	return ok;
}

/* The steps of publishing, from pairing with earlier comments to the counts of the report. */
#include "publish/publish.h"

#include "base/log.h"
#include "base/utf8.h"
#include "finding/place.h"
#include "output/markdown.h"
#include "output/report.h"
#include "publish/about.h"
#include "publish/alike.h"
#include "publish/marker.h"
#include "publish/match.h"
#include "publish/publisher.h"
#include "task/beside.h"

struct planned_comments {
	VEC_FIELDS(struct planned_comment);
};

/* The posted finding is the same, so the id in its comment is kept. */
static void take_over(struct arena *arena, struct finding *finding,
		      const struct previous_finding *previous)
{
	finding->dismissed = previous_is_closed(previous);
	finding->hidden = false; /* it is posted already */
	finding->id = arena_str(arena, previous->record.id);
}

static void match(struct publisher *run)
{
	struct findings *findings = &run->result->findings;
	struct previous_finding **matches =
		ARENA_ARRAY(&run->arena, struct previous_finding *, findings->len);

	match_findings(findings, run->previous, matches);
	for (size_t i = 0; i < findings->len; i++) {
		run_add_record(run, matches[i]);
		if (matches[i])
			take_over(&findings->arena, &findings->items[i], matches[i]);
	}
}

size_t publish_recall(struct findings *findings, struct previous *previous)
{
	struct previous_finding **matches =
		ARENA_ARRAY(&findings->arena, struct previous_finding *, findings->len);
	size_t dismissed = 0;

	match_findings(findings, previous, matches);
	for (size_t i = 0; i < findings->len; i++) {
		struct finding *finding = &findings->items[i];

		if (!matches[i])
			continue;
		take_over(&findings->arena, finding, matches[i]);
		if (!finding->dismissed)
			continue;
		finding->publish_note = previous_closed_why(matches[i], &findings->arena);
		dismissed++;
	}
	return dismissed;
}

struct second_read {
	struct github *github;
	struct previous_request request;
	struct previous now;
};

static bool run_second_read(void *ctx, struct error *err)
{
	struct second_read *second = ctx;

	return previous_read(second->github, &second->request, &second->now, err);
}

/* A dry run writes no state. */
static void make_keys(struct publisher *run)
{
	const struct publish_options *options = run->options;

	if (options->remembered && !github_is_dry_run(options->github))
		reviewed_keys(options->remembered, &run->arena, &run->keys, &run->keys_len);
}

/*
 * Another run may have posted, and people may have replied, during the model calls. What the state of earlier
 * runs is needed for is done meanwhile.
 */
static void read_again(struct publisher *run)
{
	struct previous *previous = run->previous;
	struct second_read second = {
		.github = run->options->github,
		.request = {.number = run->options->pull->number,
			    .name = previous->name,
			    .trust = previous->trust},
	};
	struct beside beside = {0};
	struct error err = {0};
	bool ok;

	if (!previous->login.len) {
		make_keys(run);
		return;
	}
	beside_begin(&beside, run_second_read, &second);
	(void)!task_yield(&err); /* sends the first request */
	make_keys(run);
	ok = beside_end(&beside, &err);
	beside_release(&beside);
	if (!ok) {
		previous_release(&second.now);
		run_warn(run, "what was posted meanwhile is not known: %s", err.message);
		return;
	}
	previous_release(previous);
	*previous = second.now;
	run->name = previous->name;
}

/* Reads the pull request again: it may have new commits since the model calls started. */
static void look_at_head(struct publisher *run)
{
	const struct publish_options *options = run->options;
	struct error err = {0};
	struct pull now = {0};

	if (!pull_read(options->github, options->pull->number, &run->arena, &now, &err)) {
		run_warn(run, "whether the pull request has new commits is not known: %s",
			 err.message);
		return;
	}
	if (str_eq(now.head_commit, options->pull->head_commit))
		return;
	run->report->head_moved = true;
	log_notice(
		"publish",
		"the pull request got new commits during the review: comments go to commit %.*s where their lines are unchanged",
		STR_ARG(now.head_commit));
	if (!pull_diff(options->github, &now, NULL, &run->now_diff, &err)) {
		run_warn(run, "the new commits cannot be read, comments stay on commit %.*s: %s",
			 STR_ARG(options->pull->head_commit), err.message);
		return;
	}
	run->now = now;
	run->diff = &run->now_diff;
}

/* Counts comments on lines that stay open, without those of this run. */
static int64_t count_open_inline(const struct previous *previous)
{
	int64_t count = 0;

	for (size_t i = 0; i < previous->findings.len; i++) {
		const struct previous_finding *finding = &previous->findings.items[i];

		count += finding->comment && !finding->comment->resolved &&
			 finding->fate != FATE_GONE && !finding->record.dismissed;
	}
	return count;
}

static void to_summary(struct publisher *run, struct finding *finding, struct str reason)
{
	if (finding->placement != PLACEMENT_SUMMARY)
		finding->placement_reason = arena_str(&run->result->findings.arena, reason);
	finding->placement = PLACEMENT_SUMMARY;
}

static void add_comment_body(struct publisher *run, const struct finding *finding,
			     struct new_comment *comment)
{
	SCOPED(buf) struct buf body = BUF_INIT;

	markdown_comment(&body, finding);
	buf_set_len(&body, utf8_cut(buf_str(&body), COMMENT_SIZE_MAX).len);
	if (body.len && body.ptr[body.len - 1] != '\n')
		buf_add_char(&body, '\n');
	buf_add_char(&body, '\n');
	about_add(&body, finding);
	marker_add(&body, &(struct marker){
				  .kind = "finding",
				  .name = run->name,
				  .id = finding->id,
			  });
	comment->body = arena_str(&run->arena, buf_str(&body));
}

/* Tries to plan a comment on lines. False: the finding goes to the summary, with the reason. */
static bool plan_inline(struct alike *alike, size_t idx, int64_t *room,
			struct planned_comments *planned)
{
	struct publisher *run = alike->run;
	struct finding *finding = &run->result->findings.items[idx];
	struct planned_comment comment = {.finding_idx = idx};
	struct str reason = STR_EMPTY;

	if (finding->placement == PLACEMENT_SUMMARY)
		return false;
	if (!run->options->review)
		reason = STR("comments on lines are not asked for");
	else if (run->records.items[idx].fate == COMMENT_NO_PLACE)
		reason = STR("GitHub refused it on these lines");
	else if (finding->severity > run->options->inline_severity)
		reason = STR(PLACE_BELOW_INLINE);
	else if (run->options->summary && alike_join(alike, idx))
		reason = STR("the comment on a similar finding explains it");
	else if (*room <= 0)
		reason = STR("beyond `max-inline-comments`");
	else if (place_comment(run, finding, &comment.comment, &reason)) {
		VEC_PUSH(planned, comment);
		alike_add(alike, idx);
		(*room)--;
		return true;
	}
	to_summary(run, finding, reason);
	return false;
}

/* Its comment stays where an earlier run posted it, even if this run would place it elsewhere. */
static void stay_on_lines(struct finding *finding, const struct previous_finding *previous)
{
	if (finding->placement != PLACEMENT_SUMMARY)
		return;
	finding->placement = PLACEMENT_INLINE;
	finding->placement_reason = STR_EMPTY;
	if (!previous->last_line)
		return;
	finding->line = previous->first_line;
	finding->end_line = previous->last_line;
}

/* Comments of earlier runs explain new findings too, in the summary's table. */
static void add_posted(struct alike *alike, size_t first)
{
	const struct publisher *run = alike->run;

	for (size_t i = first; i < run->records.len; i++) {
		const struct previous_finding *previous = run->records.items[i].match;

		if (!previous || !previous->comment || run->result->findings.items[i].dismissed)
			continue;
		run->result->findings.items[i].comment_url =
			arena_str(&run->result->findings.arena, previous->comment->url);
		alike_add(alike, i);
	}
}

/* Adds findings of earlier runs that stay open, besides those known when comments were planned. */
static void carry(struct alike *alike)
{
	size_t len = alike->run->records.len;

	carry_findings(alike->run);
	carry_uncounted(alike->run);
	carry_texts(alike->run);
	add_posted(alike, len);
	alike_join_carried(alike);
	alike_link(alike);
}

/* Decides the fate of each finding; findings are ranked, worst first. */
static void plan(struct alike *alike, struct planned_comments *planned)
{
	struct publisher *run = alike->run;
	const struct publish_options *options = run->options;
	int64_t room = options->max_inline_comments - count_open_inline(run->previous);
	size_t len = run->result->findings.len;

	carry_findings(run); /* their comments explain new findings too */
	add_posted(alike, 0);
	for (size_t i = 0; i < len; i++) {
		struct finding *finding = &run->result->findings.items[i];
		const struct previous_finding *previous = run->records.items[i].match;

		task_breathe();
		finding->published = PUBLISHED_NOT_PLANNED;
		if (finding->dismissed) {
			finding->publish_note =
				previous_closed_why(previous, &run->result->findings.arena);
		} else if (previous && previous->comment) {
			finding->published = PUBLISHED_UNCHANGED;
			stay_on_lines(finding, previous);
		} else if (finding->hidden) {
			finding->publish_note = finding_hidden_why(finding, &options->floor);
		} else if (plan_inline(alike, i, &room, planned)) {
			finding->published = PUBLISHED_POSTED;
		} else if (options->summary) {
			finding->published = previous ? PUBLISHED_UNCHANGED : PUBLISHED_POSTED;
		} else {
			finding->publish_note = STR(
				"it has no place on lines, and `publish` does not ask for the summary");
		}
	}
}

/* Why a comment that was planned for lines is in the summary. */
static struct str refusal_reason(struct publisher *run, const struct planned_comment *comment)
{
	if (comment->fate == COMMENT_NO_PLACE)
		return STR("GitHub refused it on these lines");
	return arena_printf(&run->result->findings.arena,
			    "it could not be posted on its lines: %.*s", STR_ARG(comment->refusal));
}

static void post_comments(struct publisher *run, struct planned_comments *planned)
{
	if (!planned->len)
		return;
	for (size_t i = 0; i < planned->len; i++)
		add_comment_body(run, &run->result->findings.items[planned->items[i].finding_idx],
				 &planned->items[i].comment);
	review_post(run, planned->items, planned->len);
	for (size_t i = 0; i < planned->len; i++) {
		const struct planned_comment *comment = &planned->items[i];
		struct finding *finding = &run->result->findings.items[comment->finding_idx];

		run->records.items[comment->finding_idx].fate = comment->fate;
		finding->comment_url = arena_str(&run->result->findings.arena, comment->url);
		if (comment->fate == COMMENT_POSTED)
			continue;
		finding->publish_note = arena_str(&run->result->findings.arena, comment->refusal);
		to_summary(run, finding, refusal_reason(run, comment));
		if (comment->fate == COMMENT_NO_PLACE)
			run_warn(run, "%.*s:%u is in the summary only: %.*s",
				 STR_ARG(finding->path), finding->line, STR_ARG(comment->refusal));
		if (!run->options->summary)
			finding->published = PUBLISHED_FAILED;
	}
}

/* Findings that were planned only for the summary are not posted if the summary cannot be written. */
static void fail_summary_findings(struct publisher *run, const struct error *err)
{
	struct findings *findings = &run->result->findings;

	for (size_t i = 0; i < findings->len; i++) {
		struct finding *finding = &findings->items[i];

		if (comment_is_on_lines(run->records.items[i].fate) || finding->carried ||
		    finding->published == PUBLISHED_NOT_PLANNED ||
		    finding->published == PUBLISHED_UNCHANGED)
			continue;
		finding->published = PUBLISHED_FAILED;
		finding->publish_note = arena_str(&findings->arena, str_from(err->message));
	}
}

static void post_summary(struct publisher *run)
{
	struct state state;
	struct error err = {0};

	if (!run->options->summary ||
	    (run->options->silent_when_clean && !run->previous->owner.comment &&
	     review_conclude(run->result) == CONCLUSION_CLEAN))
		return;
	carry_state(run, &state);
	if (summary_post(run, &state, &err))
		return;
	fail_summary_findings(run, &err);
	run_failed(run, &err);
}

/* Does everything except the writes. */
static void pretend(struct alike *alike)
{
	struct publisher *run = alike->run;
	struct findings *findings = &run->result->findings;

	for (size_t i = 0; i < findings->len; i++) {
		if (findings->items[i].published != PUBLISHED_POSTED)
			continue;
		run->report->would_post++;
		findings->items[i].published = PUBLISHED_NOT_PLANNED;
		findings->items[i].publish_note = STR("dry run");
	}
	carry(alike);
	log_notice("publish", "dry run: %lld findings would be posted",
		   (long long)run->report->would_post);
}

static struct str first_failure(const struct publisher *run)
{
	const struct findings *findings = &run->result->findings;

	for (size_t i = 0; i < findings->len; i++) {
		if (findings->items[i].published == PUBLISHED_FAILED)
			return findings->items[i].publish_note;
	}
	return STR_EMPTY;
}

static void count(struct publisher *run)
{
	struct published_counts counts = published_count(&run->result->findings);

	run->report->planned = counts.planned;
	run->report->posted = counts.posted;
	run->report->unchanged = counts.unchanged;
	run->report->failed = counts.failed;
	if (counts.failed && !run->report->error.kind)
		error_set(&run->report->error, ERROR_INVALID,
			  "%lld finding%s could not be posted: %.*s", (long long)counts.failed,
			  counts.failed == 1 ? "" : "s", STR_ARG(first_failure(run)));
}

void publish_run(const struct publish_options *options, struct previous *previous,
		 struct review_result *result, struct publish_report *report)
{
	struct publisher run = {
		.options = options,
		.previous = previous,
		.result = result,
		.report = report,
		.name = previous->name,
		.now = *options->pull,
		.diff = options->diff,
	};
	struct alike alike = {.run = &run};
	struct planned_comments planned = {0};

	findings_hide_below(&result->findings, &options->floor);
	read_again(&run);
	match(&run);
	if (options->review)
		look_at_head(&run);
	gone_judge(&run);
	plan(&alike, &planned);
	if (github_is_dry_run(options->github)) {
		pretend(&alike);
	} else {
		post_comments(&run, &planned);
		if (options->review)
			gone_mark(&run);
		carry(&alike);
		if (options->review)
			alike_relist(&alike);
		post_summary(&run);
		check_post(&run);
		sarif_post(&run);
	}
	count(&run);
	VEC_RELEASE(&planned);
	alike_release(&alike);
	run_release(&run);
}

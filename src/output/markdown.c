/* The summary, as Markdown: in comments on the pull request, and as a document. */
#include "output/markdown.h"

#include <string.h>

#include "base/utf8.h"
#include "output/folded.h"
#include "output/pages.h"
#include "output/sanitize.h"
#include "output/texts.h"

enum {
	NOTICE_SIZE_MAX = 2000,
	TEXT_SIZE_MAX = 30000, /* of an agent with other output */
};

static void add_json(struct buf *out, struct str text)
{
	struct str kept = utf8_cut(text, TEXT_SIZE_MAX);

	sanitize_block(out, "json", kept);
	text_add_cut(out, text.len - kept.len);
}

static const char *const headlines[] = {
	[CONCLUSION_CLEAN] = "nothing to report",
	[CONCLUSION_FINDINGS] = NULL, /* the counts say it */
	[CONCLUSION_PARTIAL] = "review incomplete",
	[CONCLUSION_SKIPPED] = "review skipped",
	[CONCLUSION_FAILED] = "review failed",
};

/* Every summary starts with this; publish accepts no other comment as one. */
static void add_name(struct buf *out, const struct review_view *view)
{
	buf_add_text(out, "## ");
	sanitize_line(out, view->name.len ? view->name : STR("outcrop"));
	buf_add_text(out, ": ");
}

/* The verdict, in one sentence. */
static void add_headline(struct page_writer *writer, const struct review_view *view)
{
	struct buf *out = page_text(writer);
	size_t open = view_count(view->result);

	add_name(out, view);
	if (headlines[view->conclusion])
		buf_add_text(out, headlines[view->conclusion]);
	if (headlines[view->conclusion] && open)
		buf_add_text(out, ", ");
	if (open) {
		buf_addf(out, "%zu finding%s (", open, open == 1 ? "" : "s");
		view_add_counts(out, view->result);
		buf_add_char(out, ')');
	}
	buf_add_text(out, "\n\n");
	page_end(writer);
}

static const char *const stop_texts[] = {
	[STOPPED_NOT] = NULL,
	[STOPPED_TIME] = "The time limit of the run was reached.",
	[STOPPED_COST] = "The cost limit of the run was reached.",
	[STOPPED_CALLS] = "The limit of model calls was reached.",
	[STOPPED_SIGNAL] = "The run was stopped from outside.",
};

static bool fails_alike(const struct agent_result *a, const struct agent_result *b)
{
	return agent_has_failed(a) && agent_has_failed(b) &&
	       text_same_failure(text_agent_error(a), text_agent_error(b));
}

/* Whether an earlier agent failed with the same error, which is then shown for both. */
static bool is_told(const struct review_result *result, size_t idx)
{
	for (size_t i = 0; i < idx; i++) {
		if (fails_alike(&result->agents.items[i], &result->agents.items[idx]))
			return true;
	}
	return false;
}

/* One error, and every agent that it ended. */
static void add_failure(struct buf *out, const struct review_result *result, size_t first)
{
	struct str message = text_agent_error(&result->agents.items[first]);

	buf_add_text(out, "> [!WARNING]\n> ");
	for (size_t i = first; i < result->agents.len; i++) {
		const struct agent_result *agent = &result->agents.items[i];

		if (!fails_alike(agent, &result->agents.items[first]))
			continue;
		buf_add_text(out, i > first ? ", **" : "**");
		sanitize_line(out, agent->agent);
		buf_addf(out, "** did not finish (%d of %d part%s)", agent->units_done,
			 agent->units, agent->units == 1 ? "" : "s");
	}
	if (message.len) {
		buf_add_text(out, ": ");
		text_add_reason(out, message, false);
	}
	buf_add_text(out, "\n\n");
}

/* Lists everything that makes the result incomplete, so that silence is not mistaken for a clean review. */
static void add_warnings(struct page_writer *writer, const struct review_view *view)
{
	const struct review_result *result = view->result;

	if (stop_texts[result->stopped]) {
		buf_addf(page_text(writer),
			 "> [!WARNING]\n> %s What was finished by then is shown.\n\n",
			 stop_texts[result->stopped]);
		page_end(writer);
	}
	for (size_t i = 0; i < result->agents.len; i++) {
		if (!agent_has_failed(&result->agents.items[i]) || is_told(result, i))
			continue;
		add_failure(page_text(writer), result, i);
		page_end(writer);
	}
	for (size_t i = 0; i < result->notices_len; i++) {
		struct buf *out = page_text(writer);

		buf_add_text(out, "> [!NOTE]\n> ");
		sanitize_line(out, utf8_cut(result->notices[i], NOTICE_SIZE_MAX));
		buf_add_text(out, "\n\n");
		page_end(writer);
	}
}

/* Only what can end no link early; GitHub's addresses of comments hold nothing else. */
static bool is_plain_url(struct str url)
{
	for (size_t i = 0; i < url.len; i++) {
		if (url.ptr[i] <= ' ' || url.ptr[i] > '~' || strchr("()<>|\\`\"", url.ptr[i]))
			return false;
	}
	return str_starts(url, STR("https://")) || str_starts(url, STR("http://"));
}

/* The title, linked to the comment that explains it, or to the line where that is. */
static void add_linked_title(struct buf *out, const struct review_view *view,
			     const struct finding *finding)
{
	struct finding_place place = finding->explained;
	bool known = is_plain_url(finding->comment_url);
	bool linked;

	if (!place.path.len && finding->placement != PLACEMENT_SUMMARY)
		place = (struct finding_place){finding->path, finding->line, finding->end_line,
					       finding->side};
	linked = view->number > 0 && view->server_url.len && (known || place.line);
	if (linked)
		buf_add_char(out, '[');
	text_add_title(out, finding, true);
	if (!linked)
		return;
	buf_add_text(out, "](");
	if (known)
		buf_add(out, finding->comment_url);
	else
		view_add_line_url(out, view, &place);
	buf_add_char(out, ')');
}

static void add_table_row(struct buf *out, const struct review_view *view,
			  const struct finding *finding)
{
	buf_add_text(out, "| ");
	view_add_unbroken(out, str_from(severity_label(finding->severity)));
	buf_add_text(out, " | ");
	add_linked_title(out, view, finding);
	if (finding->carried)
		buf_add_text(out, " *(from an earlier review, still open)*");
	buf_add_text(out, " | ");
	if (finding->path.len)
		view_add_place(out, view, finding, true);
	else
		buf_add_text(out, "the whole change");
	buf_add_text(out, " |\n");
}

static bool has_no_comment(const struct finding *finding)
{
	return finding_is_shown(finding) && finding->placement == PLACEMENT_SUMMARY &&
	       !finding->explained.path.len;
}

#define TABLE_HEAD "| severity | finding | place |\n|---|---|---|\n"

/* All findings, worst first: most have their own comment, the others follow in full. */
static void add_findings_table(struct page_writer *writer, const struct review_view *view)
{
	const struct findings *findings = &view->result->findings;

	page_frame(writer, STR(TABLE_HEAD), "");
	for (size_t i = 0; i < findings->len; i++) {
		const struct finding *finding = &findings->items[i];

		if (!finding_is_shown(finding))
			continue;
		add_table_row(page_text(writer), view, finding);
		page_end(writer);
	}
	page_frame_end(writer);
}

static bool is_minor(const struct finding *finding)
{
	return finding->severity > SEVERITY_MEDIUM;
}

/* Low and info findings that have no comment on lines, in full, folded. */
static void add_minor_findings(struct page_writer *writer, const struct review_view *view)
{
	const struct findings *findings = &view->result->findings;
	SCOPED(buf) struct buf head = BUF_INIT;
	size_t count = 0;

	for (size_t i = 0; i < findings->len; i++)
		count += has_no_comment(&findings->items[i]) && is_minor(&findings->items[i]);
	buf_addf(&head, "\n<details><summary>Low and info (%zu)</summary>\n\n", count);
	page_frame(writer, buf_str(&head), "</details>\n");
	for (size_t i = 0; i < findings->len; i++) {
		if (!has_no_comment(&findings->items[i]) || !is_minor(&findings->items[i]))
			continue;
		text_add_finding(page_text(writer), view, &findings->items[i]);
		page_end(writer);
	}
	page_frame_end(writer);
}

/* The findings with a place or those without, in full below a heading. */
static void add_full_findings(struct page_writer *writer, const struct review_view *view,
			      bool placed, bool minor)
{
	const struct findings *findings = &view->result->findings;
	bool any = false;

	for (size_t i = 0; i < findings->len; i++) {
		const struct finding *finding = &findings->items[i];

		if (!finding_is_shown(finding) || placed == has_no_comment(finding) ||
		    (!minor && is_minor(finding)))
			continue;
		if (!any)
			buf_addf(page_text(writer), "\n### %s\n\n",
				 placed ? "In the diff" : "Without a comment in the diff");
		any = true;
		text_add_finding(page_text(writer), view, finding);
		page_end(writer);
	}
}

/* The agent that describes the change: folded, above everything else. */
static bool is_walkthrough(const struct agent_result *agent)
{
	return str_eq(agent->agent, STR("walkthrough"));
}

static void add_agent_texts(struct page_writer *writer, const struct review_view *view,
			    bool walkthrough)
{
	for (size_t i = 0; i < view->result->agents.len; i++) {
		const struct agent_result *agent = &view->result->agents.items[i];
		struct buf *out = page_text(writer);

		if (!agent->text.len || is_walkthrough(agent) != walkthrough)
			continue;
		if (walkthrough) {
			buf_add_text(out, "<details><summary>What this change does</summary>\n\n");
		} else {
			buf_add_text(out, "\n### ");
			sanitize_line(out, agent->agent);
			buf_add_text(out, "\n\n");
		}
		/* An answer with a schema is shown as data. */
		if (str_starts(agent->text, STR("{")))
			add_json(out, agent->text);
		else
			text_add(out, agent->text, TEXT_SIZE_MAX);
		buf_add_text(out, walkthrough ? "\n</details>\n\n" : "\n");
		page_end(writer);
	}
}

/* Version, commit, time and cost, on one line. */
static void add_footer(struct buf *out, const struct review_view *view)
{
	const struct review_result *result = view->result;

	buf_addf(out, "<sub>outcrop %.*s", STR_ARG(view->version));
	if (view->head_commit.len)
		buf_addf(out, " · commit <code>%.*s</code>",
			 STR_ARG(str_slice(view->head_commit, 0, 10)));
	buf_add_text(out, " · ");
	view_add_duration(out, result->seconds_ms);
	buf_add_text(out, " · cost ");
	view_add_cost(out, result->cost_usd);
	if (result->secrets_redacted)
		buf_addf(out, " · %zu secret%s redacted", result->secrets_redacted,
			 result->secrets_redacted == 1 ? "" : "s");
	if (view->run_url.len)
		buf_addf(out, " · <a href=\"%.*s\">run</a>", STR_ARG(view->run_url));
	buf_add_text(out, " · <code>/outcrop help</code></sub>\n");
}

/* Whether one line says everything. */
static bool is_plain(const struct review_view *view)
{
	const struct review_result *result = view->result;

	if (view->conclusion != CONCLUSION_CLEAN || result->notices_len || result->stopped ||
	    result->unverified.len || result->pre_existing.len)
		return false;
	if (view_count(view->result))
		return false;
	for (size_t i = 0; i < result->agents.len; i++) {
		if (agent_has_failed(&result->agents.items[i]) || result->agents.items[i].text.len)
			return false;
	}
	return true;
}

static void add_plain(struct page_writer *writer, const struct review_view *view)
{
	const struct coverage *coverage = &view->result->coverage;
	struct buf *out = page_text(writer);

	add_name(out, view);
	buf_addf(out, "%s in %lld of %lld changed file%s\n\n", headlines[CONCLUSION_CLEAN],
		 (long long)coverage->reviewed, (long long)coverage->files,
		 coverage->files == 1 ? "" : "s");
	add_footer(out, view);
	page_end(writer);
}

/* `alone`: nothing else shows the findings, so each is listed here in full. */
static void add_sections(struct page_writer *writer, const struct review_view *view, bool alone)
{
	if (!alone && is_plain(view)) {
		add_plain(writer, view);
		return;
	}
	add_headline(writer, view);
	add_warnings(writer, view);
	add_agent_texts(writer, view, true);
	add_findings_table(writer, view);
	if (alone)
		add_full_findings(writer, view, true, true);
	add_full_findings(writer, view, false, alone);
	if (!alone)
		add_minor_findings(writer, view);
	add_agent_texts(writer, view, false);
	folded_findings(writer, view);
	folded_skipped(writer, view);
	folded_agents(writer, view);
	buf_add_char(page_text(writer), '\n');
	add_footer(page_text(writer), view);
	page_end(writer);
}

void markdown_summary(struct pages *pages, const struct review_view *view, size_t reserve)
{
	SCOPED(page) struct page_writer writer;

	page_init(&writer, pages, COMMENT_SIZE_MAX, reserve);
	add_sections(&writer, view, false);
}

void markdown_document_within(struct buf *out, const struct review_view *view, size_t size_max)
{
	SCOPED(pages) struct pages pages = {0};
	SCOPED(page) struct page_writer writer;

	page_init(&writer, &pages, size_max, 200);
	writer.single = true;
	add_sections(&writer, view, true);
	for (size_t i = 0; i < pages.len; i++)
		buf_add(out, buf_str(&pages.items[i]));
	if (writer.left_out)
		buf_addf(out, "\n_%zu more parts are in the report: this page is full._\n",
			 writer.left_out);
}

void markdown_document(struct buf *out, const struct review_view *view)
{
	markdown_document_within(out, view, BUF_SIZE_MAX);
}

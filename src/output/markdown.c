/* What stands on the pull request, as Markdown: the comment on lines and the summary. */
#include "output/markdown.h"

#include "base/utf8.h"
#include "output/disclose.h"
#include "output/pages.h"
#include "output/sanitize.h"

/* What a reader of one finding still takes in; the report has the rest. */
enum {
	TITLE_SIZE_MAX = 400,
	CATEGORY_SIZE_MAX = 60,
	BODY_SIZE_MAX = 20000,
	SUGGESTION_SIZE_MAX = 30000,
	SKIPPED_ROWS_MAX = 400,
	REASON_SIZE_MAX = 300,
	SUMMARY_SIZE_MAX = 2000,
	TEXT_SIZE_MAX = 30000, /* of an agent with other output */
};

static void add_title(struct buf *out, const struct finding *finding, bool cell)
{
	struct str title = utf8_cut(finding->title, TITLE_SIZE_MAX);

	if (cell)
		sanitize_cell(out, title);
	else
		sanitize_line(out, title);
	if (finding->title.len > TITLE_SIZE_MAX)
		buf_add_text(out, "…");
}

/* Says so where `left` bytes of a text were left out. */
static void add_cut(struct buf *out, size_t left)
{
	if (left)
		buf_addf(out, "\n_Cut here: the report has %zu more bytes._\n", left);
}

static void add_text(struct buf *out, struct str text, size_t size_max)
{
	size_t left = sanitize_markdown_within(out, text, size_max);

	buf_add_char(out, '\n');
	add_cut(out, left);
}

static void add_json(struct buf *out, struct str text)
{
	struct str kept = utf8_cut(text, TEXT_SIZE_MAX);

	sanitize_block(out, "json", kept);
	add_cut(out, text.len - kept.len);
}

static void add_body(struct buf *out, struct str body)
{
	add_text(out, body, BODY_SIZE_MAX);
}

/* Why something failed, for everybody to read. */
static void add_reason(struct buf *out, struct str reason)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	disclose_add(&text, reason);
	sanitize_line(out, utf8_cut(buf_str(&text), REASON_SIZE_MAX));
}

static void add_origin(struct buf *out, const struct finding *finding)
{
	SCOPED(buf) struct buf agents = BUF_INIT;

	view_add_agents(&agents, finding);
	buf_add_text(out, "<sub>");
	sanitize_line(out, buf_str(&agents));
	if (finding->category.len) {
		buf_add_text(out, " · ");
		sanitize_line(out, utf8_cut(finding->category, CATEGORY_SIZE_MAX));
	}
	if (finding->votes > 1)
		buf_addf(out, " · %d models agree", finding->votes);
	if (finding->placement == PLACEMENT_MOVED)
		buf_add_text(out, " · line found by the quoted code");
	if (finding->id.len)
		buf_addf(out, " · <code>/outcrop dismiss %.*s</code>", STR_ARG(finding->id));
	buf_add_text(out, "</sub>\n");
}

/* Only a comment on lines can offer one to be applied. */
static void add_suggestion(struct buf *out, const struct finding *finding, bool applicable)
{
	if (!finding->has_suggestion)
		return;
	if (finding->suggestion.len > SUGGESTION_SIZE_MAX) {
		buf_add_text(out,
			     "\n*(the suggestion is too long for a comment; the report has it)*\n");
		return;
	}
	if (applicable && sanitize_can_suggest(finding->suggestion)) {
		buf_add_char(out, '\n');
		sanitize_suggestion(out, finding->suggestion);
		return;
	}
	buf_add_text(out, "\nSuggested instead:\n\n");
	sanitize_block(out, "", finding->suggestion);
}

void markdown_comment(struct buf *out, const struct finding *finding)
{
	buf_addf(out, "**%s: ", severity_label(finding->severity));
	add_title(out, finding, false);
	buf_add_text(out, "**\n\n");
	add_body(out, finding->body);
	add_suggestion(out, finding, finding->placement != PLACEMENT_SUMMARY);
	buf_add_char(out, '\n');
	add_origin(out, finding);
}

static const char *const headlines[] = {
	[CONCLUSION_CLEAN] = "nothing to report",
	[CONCLUSION_FINDINGS] = NULL, /* the counts say it */
	[CONCLUSION_PARTIAL] = "review incomplete",
	[CONCLUSION_SKIPPED] = "review skipped",
	[CONCLUSION_FAILED] = "review failed",
};

static void add_headline(struct paging *paging, const struct review_view *view)
{
	struct buf *out = paging_text(paging);

	buf_add_text(out, "## ");
	sanitize_line(out, view->name.len ? view->name : STR("outcrop"));
	buf_add_text(out, ": ");
	if (headlines[view->conclusion])
		buf_add_text(out, headlines[view->conclusion]);
	if (view->conclusion == CONCLUSION_PARTIAL && view->result->findings.len)
		buf_add_text(out, ", ");
	if (view->conclusion == CONCLUSION_FINDINGS ||
	    (view->conclusion == CONCLUSION_PARTIAL && view->result->findings.len))
		view_add_counts(out, view->result);
	buf_add_text(out, "\n\n");
	paging_end(paging);
}

static const char *const stop_texts[] = {
	[STOPPED_NOT] = NULL,
	[STOPPED_TIME] = "The time limit of the run was reached.",
	[STOPPED_COST] = "The cost limit of the run was reached.",
	[STOPPED_CALLS] = "The limit of model calls was reached.",
	[STOPPED_SIGNAL] = "The run was stopped from outside.",
};

static bool agent_failed(const struct agent_result *agent)
{
	return agent->status == AGENT_FAILED || agent->status == AGENT_STOPPED;
}

/* Whatever makes the result less than whole, so that nobody takes silence for a clean pass. */
static void add_warnings(struct paging *paging, const struct review_view *view)
{
	const struct review_result *result = view->result;

	if (stop_texts[result->stopped]) {
		buf_addf(paging_text(paging),
			 "> [!WARNING]\n> %s What was finished by then is shown.\n\n",
			 stop_texts[result->stopped]);
		paging_end(paging);
	}
	for (size_t i = 0; i < result->agents.len; i++) {
		const struct agent_result *agent = &result->agents.items[i];
		struct buf *out = paging_text(paging);

		if (!agent_failed(agent))
			continue;
		buf_add_text(out, "> [!WARNING]\n> **");
		sanitize_line(out, agent->agent);
		buf_addf(out, "** has no complete result (%d of %d parts)", agent->units_done,
			 agent->units);
		if (agent->error.message[0]) {
			buf_add_text(out, ": ");
			add_reason(out, str_from(agent->error.message));
		}
		buf_add_text(out, "\n\n");
		paging_end(paging);
	}
	for (size_t i = 0; i < result->notices_len; i++) {
		struct buf *out = paging_text(paging);

		buf_add_text(out, "> [!NOTE]\n> ");
		sanitize_line(out, utf8_cut(result->notices[i], SUMMARY_SIZE_MAX));
		buf_add_text(out, "\n\n");
		paging_end(paging);
	}
}

static void add_table_row(struct buf *out, const struct review_view *view,
			  const struct finding *finding)
{
	SCOPED(buf) struct buf agents = BUF_INIT;

	view_add_agents(&agents, finding);
	buf_add_text(out, "| ");
	view_add_unbroken(out, str_from(severity_label(finding->severity)));
	buf_add_text(out, " | ");
	add_title(out, finding, true);
	if (finding->carried)
		buf_add_text(out, " *(from an earlier review, still open)*");
	buf_add_text(out, " | ");
	if (finding->path.len)
		view_add_place(out, view, finding, true);
	else
		buf_add_text(out, "the whole change");
	buf_add_text(out, " | ");
	sanitize_cell(out, buf_str(&agents));
	buf_add_text(out, " |\n");
}

#define TABLE_HEAD "| severity | finding | where | agent |\n|---|---|---|---|\n"

/* All findings, worst first: most have a comment of their own, the others stand in full below. */
static void add_findings_table(struct paging *paging, const struct review_view *view)
{
	const struct findings *findings = &view->result->findings;

	paging_frame(paging, STR(TABLE_HEAD), "");
	for (size_t i = 0; i < findings->len; i++) {
		const struct finding *finding = &findings->items[i];

		if (!finding_is_shown(finding))
			continue;
		add_table_row(paging_text(paging), view, finding);
		paging_end(paging);
	}
	paging_frame_end(paging);
}

static void add_full_finding(struct buf *out, const struct review_view *view,
			     const struct finding *finding)
{
	buf_add_text(out, "#### ");
	buf_addf(out, "%s: ", severity_label(finding->severity));
	add_title(out, finding, false);
	buf_add_text(out, "\n\n");
	if (finding->path.len) {
		view_add_place(out, view, finding, false);
		if (finding->placement_reason.len) {
			buf_add_text(out, " (");
			add_reason(out, finding->placement_reason);
			buf_add_char(out, ')');
		}
		buf_add_text(out, "\n\n");
	}
	add_body(out, finding->body);
	add_suggestion(out, finding, false);
	buf_add_char(out, '\n');
	add_origin(out, finding);
	buf_add_char(out, '\n');
}

/* The findings with a place or those without, in full below a heading. */
static void add_full_findings(struct paging *paging, const struct review_view *view, bool placed)
{
	const struct findings *findings = &view->result->findings;
	bool any = false;

	for (size_t i = 0; i < findings->len; i++) {
		const struct finding *finding = &findings->items[i];

		if (!finding_is_shown(finding) ||
		    placed != (finding->placement != PLACEMENT_SUMMARY))
			continue;
		if (!any)
			buf_addf(paging_text(paging), "\n### %s\n\n",
				 placed ? "In the diff" : "Without a comment in the diff");
		any = true;
		add_full_finding(paging_text(paging), view, finding);
		paging_end(paging);
	}
}

/* What quotes code that is not in the change: folded, and never in a count. */
static void add_unverified(struct paging *paging, const struct review_view *view)
{
	const struct review_result *result = view->result;

	if (!result->unverified.len)
		return;
	buf_addf(paging_text(paging), "\n<details><summary>Unverified (%zu)</summary>\n\n",
		 result->unverified.len);
	buf_add_text(paging_text(paging),
		     "The code that these findings quote is not in the change.\n\n");
	paging_end(paging);
	for (size_t i = 0; i < result->unverified.len; i++) {
		add_full_finding(paging_text(paging), view, &result->unverified.items[i]);
		paging_end(paging);
	}
	buf_add_text(paging_text(paging), "</details>\n");
	paging_end(paging);
}

static void add_agent_texts(struct paging *paging, const struct review_view *view)
{
	for (size_t i = 0; i < view->result->agents.len; i++) {
		const struct agent_result *agent = &view->result->agents.items[i];
		struct buf *out = paging_text(paging);

		if (!agent->text.len)
			continue;
		buf_add_text(out, "\n### ");
		sanitize_line(out, agent->agent);
		buf_add_text(out, "\n\n");
		/* What follows a schema is data. */
		if (str_starts(agent->text, STR("{")))
			add_json(out, agent->text);
		else
			add_text(out, agent->text, TEXT_SIZE_MAX);
		buf_add_char(out, '\n');
		paging_end(paging);
	}
}

static void add_summaries(struct paging *paging, const struct review_view *view)
{
	bool any = false;

	for (size_t i = 0; i < view->result->agents.len; i++) {
		const struct agent_result *agent = &view->result->agents.items[i];
		struct buf *out = paging_text(paging);

		if (!agent->summary.len)
			continue;
		if (!any)
			buf_add_char(out, '\n');
		any = true;
		buf_add_text(out, "**");
		sanitize_line(out, agent->agent);
		buf_add_text(out, "**: ");
		sanitize_line(out, utf8_cut(agent->summary, SUMMARY_SIZE_MAX));
		buf_add_text(out, "\n\n");
		paging_end(paging);
	}
}

static void add_skipped(struct paging *paging, const struct coverage *coverage)
{
	SCOPED(buf) struct buf head = BUF_INIT;

	buf_addf(
		&head,
		"\n<details><summary>%zu file%s not reviewed</summary>\n\n| file | why |\n|---|---|\n",
		coverage->skipped_len, coverage->skipped_len == 1 ? "" : "s");
	paging_frame(paging, buf_str(&head), "\n</details>\n");
	for (size_t i = 0; i < MIN_OF(coverage->skipped_len, (size_t)SKIPPED_ROWS_MAX); i++) {
		struct buf *out = paging_text(paging);

		buf_add_text(out, "| ");
		view_add_path(out, coverage->skipped[i].path, true);
		buf_add_text(out, " | ");
		sanitize_cell(out, utf8_cut(coverage->skipped[i].reason, REASON_SIZE_MAX));
		buf_add_text(out, " |\n");
		paging_end(paging);
	}
	if (coverage->skipped_len > SKIPPED_ROWS_MAX) {
		buf_addf(paging_text(paging), "| and %zu more | the report lists them |\n",
			 coverage->skipped_len - SKIPPED_ROWS_MAX);
		paging_end(paging);
	}
	paging_frame_end(paging);
}

static void add_coverage(struct paging *paging, const struct review_view *view)
{
	const struct coverage *coverage = &view->result->coverage;
	struct buf *out = paging_text(paging);

	buf_addf(out, "\n%lld of %lld changed file%s reviewed", (long long)coverage->reviewed,
		 (long long)coverage->files, coverage->files == 1 ? "" : "s");
	if (view->incremental)
		buf_add_text(
			out,
			"; files that did not change since the last review were not reviewed again");
	buf_add_text(out, ".\n");
	paging_end(paging);
	if (coverage->skipped_len)
		add_skipped(paging, coverage);
}

static void add_figures(struct paging *paging, const struct review_view *view)
{
	const struct review_result *result = view->result;
	struct buf *out = paging_text(paging);

	buf_add_text(out, "\n<details><summary>Agents, time and tokens</summary>\n\n");
	view_add_agent_table(out, result);
	buf_add_text(out, "\n</details>\n\n<sub>");
	buf_addf(out, "outcrop %.*s", STR_ARG(view->version));
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
	paging_end(paging);
}

/* `alone`: nothing else shows the findings, so each stands here in full. */
static void add_sections(struct paging *paging, const struct review_view *view, bool alone)
{
	add_headline(paging, view);
	add_warnings(paging, view);
	add_findings_table(paging, view);
	if (alone)
		add_full_findings(paging, view, true);
	add_full_findings(paging, view, false);
	add_unverified(paging, view);
	add_summaries(paging, view);
	add_agent_texts(paging, view);
	add_coverage(paging, view);
	add_figures(paging, view);
}

void markdown_summary(struct pages *pages, const struct review_view *view, size_t reserve)
{
	SCOPED(paging) struct paging paging;

	paging_init(&paging, pages, COMMENT_SIZE_MAX, reserve);
	add_sections(&paging, view, false);
}

void markdown_document_within(struct buf *out, const struct review_view *view, size_t size_max)
{
	SCOPED(pages) struct pages pages = {0};
	SCOPED(paging) struct paging paging;

	paging_init(&paging, &pages, size_max, 200);
	paging.single = true;
	add_sections(&paging, view, true);
	for (size_t i = 0; i < pages.len; i++)
		buf_add(out, buf_str(&pages.items[i]));
	if (paging.left_out)
		buf_addf(out, "\n_%zu more parts are in the report: this page is full._\n",
			 paging.left_out);
}

void markdown_document(struct buf *out, const struct review_view *view)
{
	markdown_document_within(out, view, BUF_SIZE_MAX);
}

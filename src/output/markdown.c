/* What stands on the pull request, as Markdown: the comment on lines and the summary. */
#include "output/markdown.h"

#include "base/utf8.h"
#include "output/pages.h"
#include "output/sanitize.h"

/* What a reader of one finding still takes in; the report has the rest. */
enum {
	TITLE_SIZE_MAX = 400,
	CATEGORY_SIZE_MAX = 60,
	BODY_SIZE_MAX = 20000,
	SUGGESTION_SIZE_MAX = 30000,
	SKIPPED_ROWS_MAX = 400,
};

static void add_title(struct buf *out, const struct finding *finding)
{
	sanitize_line(out, utf8_cut(finding->title, TITLE_SIZE_MAX));
	if (finding->title.len > TITLE_SIZE_MAX)
		buf_add_text(out, "…");
}

static void add_body(struct buf *out, struct str body)
{
	SCOPED(buf) struct buf safe = BUF_INIT;

	sanitize_markdown(&safe, body);
	pages_add_cut(out, buf_str(&safe), BODY_SIZE_MAX);
	if (out->len && out->ptr[out->len - 1] != '\n')
		buf_add_char(out, '\n');
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
	buf_add_text(out, applicable ? "\n" : "\nSuggested instead:\n\n");
	sanitize_block(out, applicable ? "suggestion" : "", finding->suggestion);
}

void markdown_comment(struct buf *out, const struct finding *finding)
{
	buf_addf(out, "**%s: ", severity_label(finding->severity));
	add_title(out, finding);
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
			sanitize_line(out, str_from(agent->error.message));
		}
		buf_add_text(out, "\n\n");
		paging_end(paging);
	}
	for (size_t i = 0; i < result->notices_len; i++) {
		struct buf *out = paging_text(paging);

		buf_add_text(out, "> [!NOTE]\n> ");
		sanitize_line(out, result->notices[i]);
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
	add_title(out, finding);
	if (finding->carried)
		buf_add_text(out, " *(from an earlier review, still open)*");
	buf_add_text(out, " | ");
	if (finding->path.len)
		view_add_place(out, view, finding);
	else
		buf_add_text(out, "the whole change");
	buf_add_text(out, " | ");
	sanitize_line(out, buf_str(&agents));
	buf_add_text(out, " |\n");
}

static const char table_head[] = "| severity | finding | where | agent |\n|---|---|---|---|\n";

/* All findings, worst first: most have a comment of their own, the others stand in full below. */
static void add_findings_table(struct paging *paging, const struct review_view *view)
{
	const struct findings *findings = &view->result->findings;

	paging_head(paging, table_head);
	for (size_t i = 0; i < findings->len; i++) {
		const struct finding *finding = &findings->items[i];

		if (finding->dismissed)
			continue;
		add_table_row(paging_text(paging), view, finding);
		paging_end(paging);
	}
	paging_head(paging, NULL);
}

static void add_full_finding(struct buf *out, const struct review_view *view,
			     const struct finding *finding)
{
	buf_add_text(out, "#### ");
	buf_addf(out, "%s: ", severity_label(finding->severity));
	add_title(out, finding);
	buf_add_text(out, "\n\n");
	if (finding->path.len) {
		view_add_place(out, view, finding);
		if (finding->placement_reason.len) {
			buf_add_text(out, " (");
			sanitize_line(out, finding->placement_reason);
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

		if (finding->dismissed || placed != (finding->placement != PLACEMENT_SUMMARY))
			continue;
		if (!any)
			buf_addf(paging_text(paging), "\n### %s\n\n",
				 placed ? "In the diff" : "Without a comment in the diff");
		any = true;
		add_full_finding(paging_text(paging), view, finding);
		paging_end(paging);
	}
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
			sanitize_block(out, "json", agent->text);
		else
			sanitize_markdown(out, agent->text);
		buf_add_text(out, "\n\n");
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
		sanitize_line(out, agent->summary);
		buf_add_text(out, "\n\n");
		paging_end(paging);
	}
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
	if (!coverage->skipped_len)
		return;
	buf_addf(paging_text(paging), "\n<details><summary>%zu file%s not reviewed</summary>\n\n",
		 coverage->skipped_len, coverage->skipped_len == 1 ? "" : "s");
	paging_end(paging);
	paging_head(paging, "| file | why |\n|---|---|\n");
	for (size_t i = 0; i < MIN_OF(coverage->skipped_len, (size_t)SKIPPED_ROWS_MAX); i++) {
		out = paging_text(paging);
		buf_add_text(out, "| ");
		sanitize_code(out, coverage->skipped[i].path);
		buf_add_text(out, " | ");
		sanitize_line(out, coverage->skipped[i].reason);
		buf_add_text(out, " |\n");
		paging_end(paging);
	}
	paging_head(paging, NULL);
	out = paging_text(paging);
	if (coverage->skipped_len > SKIPPED_ROWS_MAX)
		buf_addf(out, "\n%zu more are listed in the report.\n",
			 coverage->skipped_len - SKIPPED_ROWS_MAX);
	buf_add_text(out, "\n</details>\n");
	paging_end(paging);
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

void markdown_document(struct buf *out, const struct review_view *view)
{
	struct pages pages = {0};
	SCOPED(paging) struct paging paging;

	paging_init(&paging, &pages, BUF_SIZE_MAX, 0);
	add_sections(&paging, view, true);
	for (size_t i = 0; i < pages.len; i++)
		buf_add(out, buf_str(&pages.items[i]));
	pages_release(&pages);
}

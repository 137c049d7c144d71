/* The folded parts of the summary: findings that do not count, files that were not reviewed, the agents. */
#include "output/folded.h"

#include "base/utf8.h"
#include "output/sanitize.h"
#include "output/texts.h"

enum { SKIPPED_ROWS_MAX = 400, SUMMARY_SIZE_MAX = 2000 };

static void fold(struct page_writer *writer, const struct review_view *view, const char *title,
		 const char *meaning, const struct finding_list *findings)
{
	SCOPED(buf) struct buf head = BUF_INIT;

	buf_addf(&head, "\n<details><summary>%s (%zu)</summary>\n\n%s\n\n", title, findings->len,
		 meaning);
	page_frame(writer, buf_str(&head), "</details>\n");
	for (size_t i = 0; i < findings->len; i++) {
		text_add_finding(page_text(writer), view, &findings->items[i]);
		buf_add_char(page_text(writer), '\n');
		page_end(writer);
	}
	page_frame_end(writer);
}

void folded_findings(struct page_writer *writer, const struct review_view *view)
{
	fold(writer, view, "Pre-existing",
	     "These findings are about lines that this change does not touch.",
	     &view->result->pre_existing);
	fold(writer, view, "Unverified", "The code that these findings quote is not in the change.",
	     &view->result->unverified);
}

void folded_skipped(struct page_writer *writer, const struct review_view *view)
{
	const struct coverage *coverage = &view->result->coverage;
	SCOPED(buf) struct buf head = BUF_INIT;

	buf_addf(
		&head,
		"\n<details><summary>%zu file%s not reviewed</summary>\n\n| file | why |\n|---|---|\n",
		coverage->skipped_len, coverage->skipped_len == 1 ? "" : "s");
	page_frame(writer, buf_str(&head), "\n</details>\n");
	for (size_t i = 0; i < MIN_OF(coverage->skipped_len, (size_t)SKIPPED_ROWS_MAX); i++) {
		struct buf *out = page_text(writer);

		buf_add_text(out, "| ");
		view_add_path(out, coverage->skipped[i].path, true);
		buf_add_text(out, " | ");
		text_add_reason(out, coverage->skipped[i].reason, true);
		buf_add_text(out, " |\n");
		page_end(writer);
	}
	if (coverage->skipped_len > SKIPPED_ROWS_MAX) {
		buf_addf(page_text(writer), "| and %zu more | the report lists them |\n",
			 coverage->skipped_len - SKIPPED_ROWS_MAX);
		page_end(writer);
	}
	page_frame_end(writer);
}

static void add_summaries(struct page_writer *writer, const struct review_view *view)
{
	for (size_t i = 0; i < view->result->agents.len; i++) {
		const struct agent_result *agent = &view->result->agents.items[i];
		struct buf *out = page_text(writer);

		if (!agent->summary.len)
			continue;
		buf_add_text(out, "\n**");
		sanitize_line(out, agent->agent);
		buf_add_text(out, "**: ");
		sanitize_line(out, utf8_cut(agent->summary, SUMMARY_SIZE_MAX));
		buf_add_char(out, '\n');
		page_end(writer);
	}
}

void folded_agents(struct page_writer *writer, const struct review_view *view)
{
	struct buf *out = page_text(writer);

	if (!view->result->agents.len && !view->result->coverage.files)
		return; /* nothing changed: there is nothing to list */
	buf_add_text(out, "\n<details><summary>Agents, time and tokens</summary>\n\n");
	view_add_coverage(out, view->result);
	if (view->incremental)
		buf_add_text(
			out,
			"; files that did not change since the last review were not reviewed again");
	buf_add_text(out, ".\n\n");
	view_add_agent_table(out, view->result);
	page_end(writer);
	add_summaries(writer, view);
	buf_add_text(page_text(writer), "\n</details>\n");
	page_end(writer);
}

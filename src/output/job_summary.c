/* The job summary: the review as one page, with the figures and a timeline. */
#include "output/job_summary.h"

#include "base/ascii.h"
#include "base/utf8.h"
#include "output/markdown.h"
#include "output/sanitize.h"
#include "output/texts.h"

/* Of each text that says why a finding was dropped. */
enum { REFUTED_SIZE_MAX = 2000 };

/* Mermaid's own words and punctuation end a task's name early, so only plain characters are kept. */
static void add_task_name(struct buf *out, const struct agent_result *agent)
{
	struct str parts[] = {agent->agent, agent->model};

	/* A name that begins with one of Mermaid's keywords ("call", "click") is a syntax error. */
	buf_add_text(out, "    ▸ ");
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		if (i)
			buf_add_char(out, ' ');
		for (size_t j = 0; j < parts[i].len; j++) {
			char c = parts[i].ptr[j];
			bool plain = ascii_is_alnum(c) || c == '-' || c == '.' || c == '_';

			buf_add_char(out, plain ? c : ' ');
		}
	}
}

static const char *task_style(enum agent_status status)
{
	if (status == AGENT_FAILED || status == AGENT_STOPPED)
		return "crit, ";
	return status == AGENT_DONE ? "done, " : "";
}

/* The timeline alone. Empty when no agent ran. */
static void timeline_add(struct buf *out, const struct review_result *result)
{
	bool any = false;

	for (size_t i = 0; i < result->agents.len; i++)
		any = any || result->agents.items[i].ended_ms > result->agents.items[i].started_ms;
	if (!any)
		return;
	buf_add_text(out, "```mermaid\ngantt\n    dateFormat x\n    axisFormat %M:%S\n");
	for (size_t i = 0; i < result->agents.len; i++) {
		const struct agent_result *agent = &result->agents.items[i];

		if (agent->ended_ms <= agent->started_ms)
			continue;
		add_task_name(out, agent);
		buf_addf(out, " :%sa%zu, %lld, %lld\n", task_style(agent->status), i,
			 (long long)agent->started_ms, (long long)agent->ended_ms);
	}
	buf_add_text(out, "```\n");
}

/* The findings that the referee refuted, for readers who look for a missing finding. */
static void add_refuted(struct buf *out, const struct review_view *view)
{
	const struct review_result *result = view->result;
	size_t count = 0;

	for (size_t i = 0; i < result->dropped.len; i++)
		count += result->dropped.items[i].evidence.len > 0;
	if (!count)
		return;
	buf_addf(out, "\n<details><summary>Dropped by the referee (%zu)</summary>\n\n", count);
	for (size_t i = 0; i < result->dropped.len; i++) {
		const struct dropped *dropped = &result->dropped.items[i];

		if (!dropped->evidence.len || out->len > JOB_SUMMARY_SIZE_MAX / 4 * 3)
			continue;
		buf_add_text(out, "**");
		text_add_title(out, &dropped->finding, false);
		buf_add_text(out, "**, ");
		view_add_place(out, view, &dropped->finding, false);
		buf_add_text(out, ": ");
		sanitize_line(out, utf8_cut(dropped->reason, REFUTED_SIZE_MAX));
		buf_add_text(out, "\n\n");
		sanitize_block(out, "", utf8_cut(dropped->evidence, REFUTED_SIZE_MAX));
		buf_add_char(out, '\n');
	}
	buf_add_text(out, "</details>\n");
}

void job_summary(struct buf *out, const struct review_view *view)
{
	SCOPED(buf) struct buf timeline = BUF_INIT;

	markdown_document_within(out, view, JOB_SUMMARY_SIZE_MAX / 2);
	add_refuted(out, view);
	timeline_add(&timeline, view->result);
	buf_add_char(out, '\n');
	if (timeline.len < JOB_SUMMARY_SIZE_MAX / 4)
		buf_add(out, buf_str(&timeline));
}

/* The check run with its annotations, and the SARIF upload. */
#include "github/checks.h"
#include "output/markdown.h"
#include "output/plain_text.h"
#include "output/sanitize.h"
#include "publish/publisher.h"
#include "redact/redact.h"
#include "task/task.h"

static const char *const levels[] = {
	[SEVERITY_CRITICAL] = "failure", [SEVERITY_HIGH] = "failure", [SEVERITY_MEDIUM] = "warning",
	[SEVERITY_LOW] = "warning",      [SEVERITY_INFO] = "notice",
};

/* Same rule as for the exit status: if the run fails there, the check run fails too. */
static bool fails(const struct publisher *run)
{
	const struct findings *findings = &run->result->findings;

	for (size_t i = 0; i < run->result->agents.len; i++) {
		const struct agent_result *agent = &run->result->agents.items[i];

		if (agent->required && agent->status != AGENT_DONE &&
		    agent->status != AGENT_SKIPPED)
			return true;
	}
	for (size_t i = 0; run->options->has_fail_on && i < findings->len; i++) {
		if (finding_can_fail(&findings->items[i]) &&
		    findings->items[i].severity <= run->options->fail_on)
			return true;
	}
	return false;
}

static const char *conclusion_of(const struct publisher *run)
{
	if (fails(run))
		return "failure";
	switch (review_conclude(run->result)) {
	case CONCLUSION_CLEAN:
		return "success";
	case CONCLUSION_SKIPPED:
		return "skipped";
	case CONCLUSION_FAILED:
		return "failure";
	case CONCLUSION_FINDINGS:
	case CONCLUSION_PARTIAL:
		break;
	}
	return "neutral";
}

/* Annotations show no markup. */
static struct str plain(struct publisher *run, struct str markdown)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	plain_text(&text, markdown);
	return arena_str(&run->arena, buf_str(&text));
}

/* Annotations are on lines of the head commit, so findings on deleted lines have none. */
static size_t collect(struct publisher *run, struct check_annotation *annotations)
{
	const struct findings *findings = &run->result->findings;
	size_t len = 0;

	for (size_t i = 0; i < findings->len; i++) {
		const struct finding *finding = &findings->items[i];

		if (!finding_is_shown(finding) || !finding->line || !finding->path.len ||
		    finding->side == SIDE_LEFT || redact_has_placeholder(finding->path))
			continue;
		/* An unverified line may not exist. */
		if (finding->placement == PLACEMENT_SUMMARY && !finding->quoted.len)
			continue;
		task_breathe();
		annotations[len++] = (struct check_annotation){
			.path = finding->path,
			.start_line = finding->line,
			.end_line = MAX_OF(finding->end_line, finding->line),
			.level = levels[finding->severity],
			.title = plain(run, finding->title),
			.message = plain(run, finding->body.len ? finding->body : finding->title),
		};
	}
	return len;
}

/* Names this run and the state of the summary: see check_run_vouches(). */
static struct str external_id(struct publisher *run)
{
	if (!run->digest.len)
		return run->options->run_id;
	return arena_printf(&run->arena, "%.*s:%.*s", STR_ARG(run->options->run_id),
			    STR_ARG(run->digest));
}

void check_post(struct publisher *run)
{
	SCOPED(buf) struct buf summary = BUF_INIT;
	SCOPED(buf) struct buf title = BUF_INIT;
	struct review_view view = run->options->view;
	struct check_annotation *annotations;
	struct check_run check;
	struct str url = STR_EMPTY;
	struct error err = {0};

	if (!run->options->check || run->check_posted)
		return;
	run->check_posted = true;
	annotations =
		ARENA_ARRAY(&run->arena, struct check_annotation, run->result->findings.len + 1);
	check = (struct check_run){
		.name = run->name,
		.commit = run->options->pull->head_commit,
		.external_id = external_id(run),
		.conclusion = conclusion_of(run),
		.annotations = annotations,
		.annotations_len = collect(run, annotations),
	};

	view.result = run->result;
	view.conclusion = review_conclude(run->result);
	markdown_document_within(&summary, &view, COMMENT_SIZE_MAX);
	view_add_counts(&title, run->result);
	check.summary = buf_str(&summary);
	check.title = buf_str(&title);
	if (check_run_create(run->options->github, &check, &run->arena, &url, &err)) {
		run->report->check_url = arena_str(&run->report->arena, url);
		return;
	}
	error_wrap(&err, "check run \"%.*s\"", STR_ARG(run->name));
	run_failed(run, &err);
}

void sarif_post(struct publisher *run)
{
	struct error err = {0};
	struct str id;
	struct sarif_upload upload = {
		.sarif = run->options->sarif,
		.commit = run->options->pull->head_commit,
		.ref = arena_printf(&run->arena, "refs/pull/%lld/head",
				    (long long)run->options->pull->number),
	};

	if (run->options->sarif.len &&
	    !sarif_send(run->options->github, &upload, &run->arena, &id, &err))
		run_failed(run, &err);
}

/* Explains a finding, for `/outcrop explain`. */
#include "publish/explain.h"

#include "output/sanitize.h"
#include "output/texts.h"
#include "publish/marker.h"

#define WHY_FOOT "</details>"

static const struct previous_finding *find(const struct previous *previous, struct str id,
					   int64_t reply_to)
{
	for (size_t i = 0; i < previous->findings.len; i++) {
		const struct previous_finding *finding = &previous->findings.items[i];

		if (id.len ? str_eq(finding->record.id, id)
			   : finding->comment && finding->comment->id == reply_to)
			return finding;
	}
	return NULL;
}

/*
 * The text below the title of one of our comments, without its suggestion: a suggestion can be
 * applied only once.
 */
static struct str shown_of(struct str body)
{
	ptrdiff_t end = str_find(body, STR("\n```suggestion\n"), 0);
	ptrdiff_t title_end = str_find_char(body, '\n', 0);

	if (end < 0)
		end = str_find(body, STR(COMMENT_WHY), 0);
	return end < title_end || title_end < 0
		       ? STR_EMPTY
		       : str_trim(str_slice(body, (size_t)title_end, (size_t)(end - title_end)));
}

/* The folded part of one of our comments; empty if an edit removed it. */
static struct str why_of(struct str body)
{
	ptrdiff_t head = str_find(body, STR(COMMENT_WHY), 0);
	ptrdiff_t foot = -1;

	if (head < 0)
		return STR_EMPTY;
	body = str_skip(body, (size_t)head + STR(COMMENT_WHY).len);
	for (ptrdiff_t at = str_find(body, STR(WHY_FOOT), 0); at >= 0;
	     at = str_find(body, STR(WHY_FOOT), (size_t)at + 1))
		foot = at;
	return foot < 0 ? STR_EMPTY : str_trim(str_slice(body, 0, (size_t)foot));
}

static void add_agents(struct buf *out, const struct strings *agents)
{
	if (!agents->len)
		return;
	buf_add_text(out, "\n" COMMENT_REPORTED);
	for (size_t i = 0; i < agents->len; i++) {
		buf_add_text(out, i ? ", " : "");
		sanitize_line(out, agents->items[i]);
	}
	buf_add_text(out, ".\n");
}

bool explain_add(struct buf *out, const struct previous *previous, struct str id, int64_t reply_to,
		 struct error *err)
{
	const struct previous_finding *finding = find(previous, id, reply_to);
	struct str why = STR_EMPTY;

	if (!finding && id.len)
		return error_set(err, ERROR_NOT_FOUND, "no finding has the id \"%.*s\"",
				 STR_ARG(id));
	if (!finding)
		return error_set(
			err, ERROR_NOT_FOUND,
			"the comment is not a reply to a finding: write `/outcrop explain ID`");
	buf_add_text(out, "**");
	sanitize_line(out, finding->record.title);
	buf_add_text(out, "**\n\n");
	if (finding->comment)
		why = why_of(marker_strip(finding->comment->body));
	if (why.len) {
		buf_add(out, shown_of(finding->comment->body));
		buf_add_text(out, "\n\n");
		buf_add(out, why);
		buf_add_char(out, '\n');
	} else {
		text_add(out, finding->record.body, BODY_SIZE_MAX);
		add_agents(out, &finding->record.agents);
	}
	buf_add_text(
		out,
		"\nThe report of the run, `outcrop-report.json`, has the finding with the code that it quotes.\n");
	return true;
}

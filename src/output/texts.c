/* Parts of a finding's text that the comment on lines and the summary share. */
#include "output/texts.h"

#include "base/utf8.h"
#include "finding/place.h"
#include "output/disclose.h"
#include "output/sanitize.h"

void text_add_title(struct buf *out, const struct finding *finding, bool cell)
{
	struct str title = utf8_cut(finding->title, TITLE_SIZE_MAX);

	if (cell)
		sanitize_cell(out, title);
	else
		sanitize_line(out, title);
	if (finding->title.len > TITLE_SIZE_MAX)
		buf_add_text(out, "…");
}

struct str text_agent_error(const struct agent_result *agent)
{
	struct str message = str_from(agent->error.message);
	struct str part, model, rest;

	if (str_cut(message, STR(": "), &part, &rest) && str_cut(part, STR("/"), &part, &model) &&
	    str_eq(part, agent->agent) && str_starts(model, agent->model))
		return rest;
	return message;
}

bool text_same_failure(struct str a, struct str b)
{
	SCOPED(buf) struct buf first = BUF_INIT;
	SCOPED(buf) struct buf second = BUF_INIT;

	disclose_add(&first, a);
	disclose_add(&second, b);
	return str_eq(buf_str(&first), buf_str(&second));
}

void text_add_reason(struct buf *out, struct str reason, bool cell)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	disclose_add(&text, reason);
	if (cell)
		sanitize_cell(out, utf8_cut(buf_str(&text), REASON_SIZE_MAX));
	else
		sanitize_line(out, utf8_cut(buf_str(&text), REASON_SIZE_MAX));
}

void text_add_cut(struct buf *out, size_t left)
{
	if (left)
		buf_addf(out, "\n_Cut here: the report has %zu more bytes._\n", left);
}

void text_add(struct buf *out, struct str text, size_t size_max)
{
	size_t left = sanitize_markdown_within(out, text, size_max);

	buf_add_char(out, '\n');
	text_add_cut(out, left);
}

void text_add_suggestion(struct buf *out, const struct finding *finding, bool applicable)
{
	if (!finding->has_suggestion)
		return;
	if (finding->suggestion.len > SUGGESTION_SIZE_MAX) {
		buf_add_text(out,
			     "\n_The suggestion is too long for a comment; the report has it._\n");
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

void text_add_others(struct buf *out, const struct finding *finding)
{
	size_t shown = MIN_OF(finding->others_len, (size_t)OTHERS_MAX);

	if (!shown)
		return;
	buf_add_text(out, "\n" COMMENT_OTHERS);
	for (size_t i = 0; i < shown; i++) {
		buf_add_text(out, i ? ", " : "");
		view_add_lines_label(out, &finding->others[i]);
	}
	if (finding->others_len > shown)
		buf_addf(out, " and %zu more places", finding->others_len - shown);
	buf_add_text(out, ".\n");
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
	/* Findings that do not count cannot be dismissed. */
	if (finding->id.len && finding_counts(finding))
		buf_addf(out, " · <code>/outcrop dismiss %.*s</code>", STR_ARG(finding->id));
	buf_add_text(out, "</sub>\n");
}

void text_add_finding(struct buf *out, const struct review_view *view,
		      const struct finding *finding)
{
	buf_add_text(out, "#### ");
	buf_addf(out, "%s: ", severity_label(finding->severity));
	text_add_title(out, finding, false);
	buf_add_text(out, "\n\n");
	if (finding->path.len) {
		view_add_place(out, view, finding, false);
		if (finding->placement_reason.len &&
		    !str_eq(finding->placement_reason, STR(PLACE_BELOW_INLINE))) {
			buf_add_text(out, " (");
			text_add_reason(out, finding->placement_reason, false);
			buf_add_char(out, ')');
		}
		buf_add_text(out, "\n\n");
	}
	text_add(out, finding->body, BODY_SIZE_MAX);
	text_add_suggestion(out, finding, false);
	text_add_others(out, finding);
	buf_add_char(out, '\n');
	add_origin(out, finding);
	buf_add_char(out, '\n');
}

/* The findings as instructions for a coding agent: what it needs to fix each of them, nothing else. */
#include "output/agent_text.h"

#include "base/log.h"

/* A line of untrusted text behind `prefix`, so that none can look like a heading of ours; tabs are code. */
static void add_line(struct buf *out, const char *prefix, struct str line)
{
	struct str part;
	bool first = true;

	if (!line.len) {
		buf_add(out, str_trim(str_from(prefix)).len ? str_from(prefix) : STR_EMPTY);
		buf_add_char(out, '\n');
		return;
	}
	buf_add_text(out, prefix);
	while (str_next_part(&line, '\t', &part)) {
		if (!first)
			buf_add_char(out, '\t');
		log_escape(out, part);
		first = false;
	}
	buf_add_char(out, '\n');
}

static void add_lines(struct buf *out, const char *prefix, struct str text)
{
	struct str line;

	while (str_next_line(&text, &line, NULL))
		add_line(out, prefix, line);
}

static void add_code(struct buf *out, const char *head, struct str code)
{
	if (!code.len)
		return;
	buf_addf(out, "  %s\n", head);
	add_lines(out, "    | ", code);
}

static void add_finding(struct buf *out, const struct finding *finding)
{
	if (finding->path.len)
		log_escape(out, finding->path);
	else
		buf_add_text(out, "(the whole change)");
	if (finding->line)
		buf_addf(out, ":%u", finding->line);
	if (finding->end_line > finding->line)
		buf_addf(out, "-%u", finding->end_line);
	buf_addf(out, "%s %s: ", finding->side == SIDE_LEFT ? " (deleted lines)" : "",
		 severity_name(finding->severity));
	log_escape(out, finding->title);
	buf_add_char(out, '\n');
	add_lines(out, "    ", str_trim(finding->body));
	add_code(out, "the code:", finding->quoted.len ? finding->quoted : finding->evidence);
	if (finding->has_suggestion && !finding->suggestion.len)
		buf_add_text(out, "  delete these lines\n");
	else if (finding->has_suggestion)
		add_code(out, "replace it with:", finding->suggestion);
	buf_add_char(out, '\n');
}

void agent_text(struct buf *out, const struct review_view *view)
{
	const struct review_result *result = view->result;

	for (size_t i = 0; i < result->findings.len; i++) {
		if (finding_is_shown(&result->findings.items[i]))
			add_finding(out, &result->findings.items[i]);
	}
}

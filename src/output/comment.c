/* The comment on lines: the problem, the suggestion, and the reason, folded. */
#include "base/utf8.h"
#include "output/markdown.h"
#include "output/sanitize.h"
#include "output/texts.h"

/* The length that a reader reads before deciding; the rest is folded. */
enum { WORDS_MAX = 80, OTHER_TITLES_MAX = 3 };

/* The titles that other sources of a merged finding gave it. */
static void add_other_titles(struct buf *out, const struct finding *finding)
{
	size_t shown = 0;

	for (size_t i = 0; i < finding->sources_len && shown < OTHER_TITLES_MAX; i++) {
		const struct finding_source *source = &finding->sources[i];
		bool seen = !source->title.len;

		for (size_t j = 0; j < i; j++)
			seen = seen || str_eq(source->title, finding->sources[j].title);
		if (seen)
			continue;
		buf_add_text(out, shown++ ? "; " : "\nAlso reported as: ");
		sanitize_line(out, utf8_cut(source->title, TITLE_SIZE_MAX));
	}
	if (shown)
		buf_add_char(out, '\n');
}

/* The agents that reported it, and the evidence. */
static void add_reasons(struct buf *out, const struct finding *finding)
{
	SCOPED(buf) struct buf agents = BUF_INIT;

	view_add_agents(&agents, finding);
	buf_add_text(out, COMMENT_REPORTED);
	if (agents.len)
		sanitize_line(out, buf_str(&agents));
	else
		buf_add_text(out, "outcrop");
	if (finding->votes > 1)
		buf_addf(out, " (%d models agree)", finding->votes);
	if (finding->confidence >= 0)
		buf_addf(out, ", confidence %.0f %%", finding->confidence * 100);
	if (finding->placement == PLACEMENT_MOVED)
		buf_add_text(out, ", line found by the quoted code");
	if (finding->category.len) {
		buf_add_text(out, ", category ");
		sanitize_line(out, utf8_cut(finding->category, CATEGORY_SIZE_MAX));
	}
	if (finding->unchecked)
		buf_add_text(out, ", not double-checked");
	buf_add_text(out, ".\n");
	add_other_titles(out, finding);
}

/* Files and searches, as code. */
static void add_reads(struct buf *out, struct str reads)
{
	struct str line;
	bool first = true;

	while (str_next_line(&reads, &line, NULL)) {
		if (!str_trim(line).len)
			continue;
		buf_add_text(out, first ? "Read besides the change: " : ", ");
		sanitize_code(out, line);
		first = false;
	}
	if (!first)
		buf_add_text(out, ".\n");
}

void markdown_comment(struct buf *out, const struct finding *finding)
{
	SCOPED(buf) struct buf first = BUF_INIT;
	SCOPED(buf) struct buf rest = BUF_INIT;
	size_t left;

	left = sanitize_markdown_split(&first, &rest, finding->body, BODY_SIZE_MAX, WORDS_MAX);

	buf_addf(out, "**%s: ", severity_label(finding->severity));
	text_add_title(out, finding, false);
	buf_add_text(out, "**\n\n");
	if (first.len)
		buf_addf(out, "%s\n", first.ptr);
	text_add_suggestion(out, finding, finding->placement != PLACEMENT_SUMMARY);
	text_add_others(out, finding);
	buf_add_text(out, "\n" COMMENT_WHY "\n\n");
	if (rest.len)
		buf_addf(out, "%s\n\n", rest.ptr);
	text_add_cut(out, left);
	add_reasons(out, finding);
	add_reads(out, finding->reads);
	buf_add_text(out, "\n</details>\n");
	if (finding->id.len)
		buf_addf(out, "\n<sub><code>/outcrop dismiss %.*s</code></sub>\n",
			 STR_ARG(finding->id));
}

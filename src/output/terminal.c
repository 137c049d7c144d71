/* Prints the result of a review as plain text. */
#include "output/terminal.h"

#include <string.h>

#include "base/ascii.h"
#include "base/log.h"
#include "base/utf8.h"
#include "output/colors.h"
#include "output/texts.h"
#include "output/wrap.h"

static const char *const severity_colors[SEVERITY_COUNT] = {
	[SEVERITY_CRITICAL] = COLOR_RED_BOLD, [SEVERITY_HIGH] = COLOR_RED,
	[SEVERITY_MEDIUM] = COLOR_YELLOW,     [SEVERITY_LOW] = COLOR_BLUE,
	[SEVERITY_INFO] = COLOR_FAINT,
};

enum { TAB_COLUMNS = 4 };

/* The layout of the page. */
struct layout {
	struct buf *out;
	bool color;
	size_t width;
};

/* The length of what begins a list's item, or of a quote: "- ", "12. ", "> ", with the blanks before it. */
static size_t marker_length(struct str line)
{
	size_t len = 0;
	size_t digits;

	while (len < line.len && line.ptr[len] == ' ')
		len++;
	digits = len;
	while (digits < line.len && ascii_is_digit(line.ptr[digits]))
		digits++;
	if (digits < line.len && strchr(digits > len ? ".)" : "-*+>", line.ptr[digits]) &&
	    str_starts(str_skip(line, digits + 1), STR(" ")))
		return digits + 2;
	return len;
}

/* One paragraph of untrusted text behind `indent` blanks; an item of a list hangs from its sign. */
static void add_folded(const struct layout *layout, struct str line, size_t indent)
{
	const struct wrap wrap = {indent, indent + MIN_OF(marker_length(line), (size_t)12),
				  layout->width};

	if (str_trim(line).len) {
		buf_add_many(layout->out, ' ', indent);
		wrap_add(layout->out, line, &wrap);
	}
	buf_add_char(layout->out, '\n');
}

/* Text with its original line breaks: code keeps its columns. */
static void add_verbatim(struct buf *out, struct str text, const char *prefix)
{
	struct str line;

	while (str_next_line(&text, &line, NULL)) {
		struct str part;

		buf_add_text(out, prefix);
		for (bool first = true; str_next_part(&line, '\t', &part); first = false) {
			buf_add_many(out, ' ', first ? 0 : TAB_COLUMNS);
			log_escape(out, part);
		}
		buf_add_char(out, '\n');
	}
}

static void add_body(const struct layout *layout, struct str body)
{
	struct str rest = str_trim(body);
	struct str line;
	bool code = false;

	while (str_next_line(&rest, &line, NULL)) {
		if (str_starts(str_trim(line), STR("```"))) {
			code = !code;
			continue;
		}
		if (code)
			add_verbatim(layout->out, line, "      ");
		else
			add_folded(layout, line, 4);
	}
}

static void add_place(struct buf *out, const struct finding *finding)
{
	log_escape(out, finding->path);
	if (finding->line)
		buf_addf(out, ":%u", finding->line);
	if (finding->end_line > finding->line)
		buf_addf(out, "-%u", finding->end_line);
}

/* `before`: the columns that are taken already. */
static void add_finding(const struct layout *layout, const struct finding *finding, size_t before)
{
	struct wrap title = {.indent = 6, .width = layout->width};
	struct buf *out = layout->out;
	bool color = layout->color;
	SCOPED(buf) struct buf agents = BUF_INIT;
	size_t taken = 2;

	view_add_agents(&agents, finding);
	color_add(out, color, severity_colors[finding->severity]);
	buf_addf(out, "%s", severity_name(finding->severity));
	color_add(out, color, COLOR_RESET);
	buf_add_text(out, "  ");
	color_add(out, color, COLOR_BOLD);
	title.column = strlen(severity_name(finding->severity)) + 2 + before;
	wrap_add(out, finding->title, &title);
	color_add(out, color, COLOR_RESET);
	buf_add_text(out, "\n  ");
	if (finding->path.len) {
		size_t start = out->len;

		add_place(out, finding);
		taken += utf8_count(str_skip(buf_str(out), start)) + 2;
		buf_add_text(out, taken + agents.len + 2 > layout->width ? "\n    " : "  ");
	}
	color_add(out, color, COLOR_FAINT);
	buf_add_char(out, '[');
	log_escape(out, buf_str(&agents));
	buf_add_char(out, ']');
	color_add(out, color, COLOR_RESET);
	buf_add_char(out, '\n');
	if (finding->placement == PLACEMENT_SUMMARY && finding->placement_reason.len)
		add_folded(layout, finding->placement_reason, 2);
	buf_add_char(out, '\n');
	add_body(layout, finding->body);
	if (finding->has_suggestion) {
		buf_add_text(out, "\n    suggested instead:\n");
		color_add(out, color, COLOR_GREEN);
		add_verbatim(out, finding->suggestion, "    + ");
		color_add(out, color, COLOR_RESET);
	}
	buf_add_char(out, '\n');
}

/* Whether an agent above it failed with the same error: it is printed once. */
static bool is_told(const struct review_result *result, size_t idx)
{
	struct str error = text_agent_error(&result->agents.items[idx]);

	for (size_t i = 0; i < idx; i++) {
		if (agent_has_failed(&result->agents.items[i]) &&
		    text_same_failure(error, text_agent_error(&result->agents.items[i])))
			return true;
	}
	return false;
}

/* The effort: "1 of 1 part, 2.5 s, 3,218 tokens in (0 cached), 388 out, $0.0125". */
static void add_figures(struct buf *out, const struct agent_result *agent)
{
	buf_addf(out, ", %d of %d part%s, ", agent->units_done, agent->units,
		 agent->units == 1 ? "" : "s");
	view_add_duration(out, agent->ended_ms - agent->started_ms);
	buf_add_text(out, ", ");
	view_add_number(out,
			agent->usage.input + agent->usage.cache_read + agent->usage.cache_write);
	buf_add_text(out, " tokens in (");
	view_add_number(out, agent->usage.cache_read);
	buf_add_text(out, " cached), ");
	view_add_number(out, agent->usage.output);
	buf_add_text(out, " out, ");
	if (agent->cost_usd < 0)
		buf_add_text(out, "cost ");
	view_add_cost(out, agent->cost_usd);
}

/* Name, model and status in columns, then what it took. */
static void add_agent(const struct layout *layout, const struct agent_result *agent)
{
	const struct wrap wrap = {.indent = 4, .width = layout->width};
	SCOPED(buf) struct buf text = BUF_INIT;

	buf_addf(&text, "%-18.*s %-10.*s %s", STR_ARG(agent->agent), STR_ARG(agent->model),
		 agent_status_name(agent->status));
	if (agent->status != AGENT_SKIPPED)
		add_figures(&text, agent);
	color_add(layout->out, layout->color, agent_has_failed(agent) ? COLOR_RED : COLOR_FAINT);
	wrap_add(layout->out, buf_str(&text), &wrap);
	color_add(layout->out, layout->color, COLOR_RESET);
	buf_add_char(layout->out, '\n');
}

static void add_agents(const struct layout *layout, const struct review_result *result)
{
	for (size_t i = 0; i < result->agents.len; i++) {
		const struct agent_result *agent = &result->agents.items[i];

		add_agent(layout, agent);
		if (agent_has_failed(agent) && agent->error.message[0] && !is_told(result, i))
			add_folded(layout, text_agent_error(agent), 4);
		else if (!agent_has_failed(agent) && agent->summary.len)
			add_folded(layout, agent->summary, 4);
	}
}

static void add_texts(const struct layout *layout, const struct review_result *result)
{
	for (size_t i = 0; i < result->agents.len; i++) {
		const struct agent_result *agent = &result->agents.items[i];

		if (!agent->text.len)
			continue;
		log_escape(layout->out, agent->agent);
		buf_add_text(layout->out, ":\n\n");
		add_body(layout, agent->text);
		buf_add_char(layout->out, '\n');
	}
}

static void add_coverage(const struct layout *layout, const struct review_result *result)
{
	const struct wrap wrap = {2, 4, layout->width};
	const struct coverage *coverage = &result->coverage;
	struct buf *out = layout->out;

	view_add_coverage(out, result);
	buf_add_char(out, '\n');
	for (size_t i = 0; i < coverage->skipped_len; i++) {
		SCOPED(buf) struct buf text = BUF_INIT;

		buf_addf(&text, "not reviewed: %.*s: %.*s", STR_ARG(coverage->skipped[i].path),
			 STR_ARG(coverage->skipped[i].reason));
		buf_add_text(out, "  ");
		wrap_add(out, buf_str(&text), &wrap);
		buf_add_char(out, '\n');
	}
}

void terminal_add(struct buf *out, const struct review_view *view, bool color, int width)
{
	const struct review_result *result = view->result;
	const struct layout layout = {out, color, (size_t)width};
	const struct wrap wrap = {.indent = 4, .width = layout.width};
	SCOPED(buf) struct buf verdict = BUF_INIT;

	for (size_t i = 0; i < result->findings.len; i++) {
		if (finding_is_shown(&result->findings.items[i]))
			add_finding(&layout, &result->findings.items[i], 0);
	}
	for (size_t i = 0; i < result->pre_existing.len; i++) {
		buf_add_text(out, "pre-existing: ");
		add_finding(&layout, &result->pre_existing.items[i], strlen("pre-existing: "));
	}
	for (size_t i = 0; i < result->unverified.len; i++) {
		buf_add_text(out, "unverified: ");
		add_finding(&layout, &result->unverified.items[i], strlen("unverified: "));
	}
	add_texts(&layout, result);
	add_agents(&layout, result);
	for (size_t i = 0; i < result->notices_len; i++) {
		buf_add_text(out, "note:\n");
		add_folded(&layout, result->notices[i], 4);
	}
	add_coverage(&layout, result);
	buf_addf(&verdict, "%s: ", conclusion_name(view->conclusion));
	view_add_counts(&verdict, result);
	buf_add_text(&verdict, ", ");
	view_add_duration(&verdict, result->seconds_ms);
	buf_add_text(&verdict, ", cost ");
	view_add_cost(&verdict, result->cost_usd);
	color_add(out, color, COLOR_BOLD);
	wrap_add(out, buf_str(&verdict), &wrap);
	color_add(out, color, COLOR_RESET);
	buf_add_char(out, '\n');
}

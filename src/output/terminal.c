/* The result of a review as plain text. */
#include "output/terminal.h"

#include "base/log.h"
#include "base/utf8.h"
#include "output/colours.h"

static const char *const severity_colours[SEVERITY_COUNT] = {
	[SEVERITY_CRITICAL] = COLOUR_RED_BOLD, [SEVERITY_HIGH] = COLOUR_RED,
	[SEVERITY_MEDIUM] = COLOUR_YELLOW,     [SEVERITY_LOW] = COLOUR_BLUE,
	[SEVERITY_INFO] = COLOUR_FAINT,
};

/* How the page is laid out. */
struct layout {
	struct buf *out;
	bool colour;
	size_t width;
};

/* One paragraph of untrusted text, each line behind `indent`; folded between words only. */
static void add_folded(const struct layout *layout, struct str line, const char *indent)
{
	SCOPED(buf) struct buf safe = BUF_INIT;
	struct buf *out = layout->out;
	size_t start = str_from(indent).len;
	size_t column = start;
	struct str rest, word;

	log_escape(&safe, line);
	rest = buf_str(&safe);
	if (rest.len)
		buf_add_text(out, indent);
	while (str_next_part(&rest, ' ', &word)) {
		size_t len = utf8_count(word);

		if (column > start && column + len + 1 > layout->width) {
			buf_addf(out, "\n%s", indent);
			column = start;
		} else if (column > start) {
			buf_add_char(out, ' ');
			column++;
		}
		buf_add(out, word);
		column += len;
	}
	buf_add_char(out, '\n');
}

/* Text as it was written: code keeps its columns. */
static void add_verbatim(struct buf *out, struct str text, const char *prefix)
{
	struct str line;

	while (str_next_line(&text, &line, NULL)) {
		buf_add_text(out, prefix);
		log_escape(out, line);
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
			add_folded(layout, line, "    ");
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

static void add_finding(const struct layout *layout, const struct finding *finding)
{
	struct buf *out = layout->out;
	bool colour = layout->colour;
	SCOPED(buf) struct buf agents = BUF_INIT;

	view_add_agents(&agents, finding);
	colour_add(out, colour, severity_colours[finding->severity]);
	buf_addf(out, "%s", severity_name(finding->severity));
	colour_add(out, colour, COLOUR_RESET);
	buf_add_text(out, "  ");
	colour_add(out, colour, COLOUR_BOLD);
	log_escape(out, finding->title);
	colour_add(out, colour, COLOUR_RESET);
	buf_add_text(out, "\n  ");
	if (finding->path.len) {
		add_place(out, finding);
		buf_add_text(out, "  ");
	}
	colour_add(out, colour, COLOUR_FAINT);
	buf_add_char(out, '[');
	log_escape(out, buf_str(&agents));
	buf_add_char(out, ']');
	if (finding->placement == PLACEMENT_SUMMARY && finding->placement_reason.len) {
		buf_add_text(out, " (");
		log_escape(out, finding->placement_reason);
		buf_add_char(out, ')');
	}
	colour_add(out, colour, COLOUR_RESET);
	buf_add_text(out, "\n\n");
	add_body(layout, finding->body);
	if (finding->has_suggestion) {
		buf_add_text(out, "\n    suggested instead:\n");
		colour_add(out, colour, COLOUR_GREEN);
		add_verbatim(out, finding->suggestion, "    + ");
		colour_add(out, colour, COLOUR_RESET);
	}
	buf_add_char(out, '\n');
}

static bool is_bad(const struct agent_result *agent)
{
	return agent->status == AGENT_FAILED || agent->status == AGENT_STOPPED;
}

/* Whether an agent above it failed with the same error: it is printed once. */
static bool is_told(const struct review_result *result, size_t idx)
{
	struct str message = str_from(result->agents.items[idx].error.message);

	for (size_t i = 0; i < idx; i++) {
		if (is_bad(&result->agents.items[i]) &&
		    str_eq(message, str_from(result->agents.items[i].error.message)))
			return true;
	}
	return false;
}

/* Name, model, status and parts: one line; what it took: the next one where the terminal is narrow. */
static void add_agent(const struct layout *layout, const struct agent_result *agent)
{
	struct buf *out = layout->out;
	SCOPED(buf) struct buf names = BUF_INIT;

	buf_addf(&names, "%-18.*s %-10.*s", STR_ARG(agent->agent), STR_ARG(agent->model));
	colour_add(out, layout->colour, is_bad(agent) ? COLOUR_RED : COLOUR_FAINT);
	log_escape(out, buf_str(&names));
	buf_addf(out, " %s", agent_status_name(agent->status));
	if (agent->status != AGENT_SKIPPED) {
		buf_addf(out, ", %d of %d part%s,", agent->units_done, agent->units,
			 agent->units == 1 ? "" : "s");
		buf_add_text(out, layout->width < 110 ? "\n    " : " ");
		view_add_duration(out, agent->ended_ms - agent->started_ms);
		buf_add_text(out, ", ");
		view_add_number(out, agent->usage.input + agent->usage.cache_read +
					     agent->usage.cache_write);
		buf_add_text(out, " tokens in (");
		view_add_number(out, agent->usage.cache_read);
		buf_add_text(out, " cached), ");
		view_add_number(out, agent->usage.output);
		buf_add_text(out, " out, ");
		if (agent->cost_usd < 0)
			buf_add_text(out, "cost ");
		view_add_cost(out, agent->cost_usd);
	}
	colour_add(out, layout->colour, COLOUR_RESET);
	buf_add_char(out, '\n');
}

static void add_agents(const struct layout *layout, const struct review_result *result)
{
	for (size_t i = 0; i < result->agents.len; i++) {
		const struct agent_result *agent = &result->agents.items[i];

		add_agent(layout, agent);
		if (is_bad(agent) && agent->error.message[0] && !is_told(result, i))
			add_folded(layout, str_from(agent->error.message), "    ");
		else if (!is_bad(agent) && agent->summary.len)
			add_folded(layout, agent->summary, "    ");
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
	const struct coverage *coverage = &result->coverage;
	struct buf *out = layout->out;

	view_add_coverage(out, result);
	buf_add_char(out, '\n');
	for (size_t i = 0; i < coverage->skipped_len; i++) {
		buf_add_text(out, "  not reviewed: ");
		log_escape(out, coverage->skipped[i].path);
		buf_add_text(out, ": ");
		log_escape(out, coverage->skipped[i].reason);
		buf_add_char(out, '\n');
	}
}

void terminal_add(struct buf *out, const struct review_view *view, bool colour, int width)
{
	const struct review_result *result = view->result;
	const struct layout layout = {out, colour, (size_t)width};

	for (size_t i = 0; i < result->findings.len; i++) {
		if (finding_is_shown(&result->findings.items[i]))
			add_finding(&layout, &result->findings.items[i]);
	}
	for (size_t i = 0; i < result->pre_existing.len; i++) {
		buf_add_text(out, "pre-existing: ");
		add_finding(&layout, &result->pre_existing.items[i]);
	}
	for (size_t i = 0; i < result->unverified.len; i++) {
		buf_add_text(out, "unverified: ");
		add_finding(&layout, &result->unverified.items[i]);
	}
	add_texts(&layout, result);
	add_agents(&layout, result);
	for (size_t i = 0; i < result->notices_len; i++) {
		buf_add_text(out, "note:\n");
		add_folded(&layout, result->notices[i], "    ");
	}
	add_coverage(&layout, result);
	colour_add(out, colour, COLOUR_BOLD);
	buf_addf(out, "%s: ", conclusion_name(view->conclusion));
	view_add_counts(out, result);
	colour_add(out, colour, COLOUR_RESET);
	buf_add_text(out, ", ");
	view_add_duration(out, result->seconds_ms);
	buf_add_text(out, ", cost ");
	view_add_cost(out, result->cost_usd);
	buf_add_char(out, '\n');
}

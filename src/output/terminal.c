/* The result of a review as plain text. */
#include "output/terminal.h"

#include "base/log.h"
#include "output/colours.h"

enum { TEXT_WIDTH = 96 };

static const char *const severity_colours[SEVERITY_COUNT] = {
	[SEVERITY_CRITICAL] = COLOUR_RED_BOLD, [SEVERITY_HIGH] = COLOUR_RED,
	[SEVERITY_MEDIUM] = COLOUR_YELLOW,     [SEVERITY_LOW] = COLOUR_BLUE,
	[SEVERITY_INFO] = COLOUR_FAINT,
};

/* One paragraph of untrusted text, folded at TEXT_WIDTH, each line behind four blanks. */
static void add_folded(struct buf *out, struct str line)
{
	SCOPED(buf) struct buf safe = BUF_INIT;
	struct str rest;
	struct str word;
	size_t column = 4;

	log_escape(&safe, line);
	rest = buf_str(&safe);
	if (rest.len)
		buf_add_text(out, "    ");
	while (str_next_part(&rest, ' ', &word)) {
		if (column > 4 && column + word.len + 1 > TEXT_WIDTH) {
			buf_add_text(out, "\n    ");
			column = 4;
		} else if (column > 4) {
			buf_add_char(out, ' ');
			column++;
		}
		buf_add(out, word);
		column += word.len;
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

static void add_body(struct buf *out, struct str body)
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
			add_verbatim(out, line, "      ");
		else
			add_folded(out, line);
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

static void add_finding(struct buf *out, const struct finding *finding, bool colour)
{
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
	add_body(out, finding->body);
	if (finding->has_suggestion) {
		buf_add_text(out, "\n    suggested instead:\n");
		colour_add(out, colour, COLOUR_GREEN);
		add_verbatim(out, finding->suggestion, "    + ");
		colour_add(out, colour, COLOUR_RESET);
	}
	buf_add_char(out, '\n');
}

static void add_agents(struct buf *out, const struct review_result *result, bool colour)
{
	for (size_t i = 0; i < result->agents.len; i++) {
		const struct agent_result *agent = &result->agents.items[i];
		bool bad = agent->status == AGENT_FAILED || agent->status == AGENT_STOPPED;

		colour_add(out, colour, bad ? COLOUR_RED : COLOUR_FAINT);
		buf_addf(out, "%-18.*s %-10.*s %-8s %2d/%-2d ", STR_ARG(agent->agent),
			 STR_ARG(agent->model), agent_status_name(agent->status), agent->units_done,
			 agent->units);
		view_add_duration(out, agent->ended_ms - agent->started_ms);
		buf_add_text(out, ", ");
		view_add_number(out, agent->usage.input + agent->usage.cache_read +
					     agent->usage.cache_write);
		buf_add_text(out, " tokens in (");
		view_add_number(out, agent->usage.cache_read);
		buf_add_text(out, " cached), ");
		view_add_number(out, agent->usage.output);
		buf_add_text(out, " out, ");
		view_add_cost(out, agent->cost_usd);
		colour_add(out, colour, COLOUR_RESET);
		buf_add_char(out, '\n');
		if (bad && agent->error.message[0])
			add_folded(out, str_from(agent->error.message));
		else if (agent->summary.len)
			add_folded(out, agent->summary);
	}
}

static void add_texts(struct buf *out, const struct review_result *result)
{
	for (size_t i = 0; i < result->agents.len; i++) {
		const struct agent_result *agent = &result->agents.items[i];

		if (!agent->text.len)
			continue;
		buf_addf(out, "%.*s:\n\n", STR_ARG(agent->agent));
		add_body(out, agent->text);
		buf_add_char(out, '\n');
	}
}

static void add_coverage(struct buf *out, const struct coverage *coverage)
{
	buf_addf(out, "%lld of %lld changed file%s reviewed\n", (long long)coverage->reviewed,
		 (long long)coverage->files, coverage->files == 1 ? "" : "s");
	for (size_t i = 0; i < coverage->skipped_len; i++) {
		buf_add_text(out, "  not reviewed: ");
		log_escape(out, coverage->skipped[i].path);
		buf_add_text(out, ": ");
		log_escape(out, coverage->skipped[i].reason);
		buf_add_char(out, '\n');
	}
}

void terminal_add(struct buf *out, const struct review_view *view, bool colour)
{
	const struct review_result *result = view->result;

	for (size_t i = 0; i < result->findings.len; i++) {
		if (finding_is_shown(&result->findings.items[i]))
			add_finding(out, &result->findings.items[i], colour);
	}
	for (size_t i = 0; i < result->unverified.len; i++) {
		buf_add_text(out, "unverified: ");
		add_finding(out, &result->unverified.items[i], colour);
	}
	add_texts(out, result);
	add_agents(out, result, colour);
	for (size_t i = 0; i < result->notices_len; i++)
		add_verbatim(out, result->notices[i], "note: ");
	add_coverage(out, &result->coverage);
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

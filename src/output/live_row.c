/* The line of one agent on a terminal, while a review runs. */
#include "output/live_row.h"

#include "base/log.h"
#include "base/utf8.h"
#include "output/colors.h"
#include "output/view.h"

static const char *status_mark(enum agent_status status, int64_t now_ms)
{
	static const char *const spinner[] = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧"};

	switch (status) {
	case AGENT_DONE:
		return "✓";
	case AGENT_FAILED:
		return "✗";
	case AGENT_STOPPED:
		return "■";
	case AGENT_SKIPPED:
		return "-";
	case AGENT_RUNNING:
		return spinner[now_ms / 100 % (int64_t)ARRAY_LEN(spinner)];
	case AGENT_WAITING:
		break;
	}
	return "·";
}

static const char *status_color(enum agent_status status)
{
	if (status == AGENT_DONE)
		return COLOR_GREEN;
	if (status == AGENT_FAILED || status == AGENT_STOPPED)
		return COLOR_RED;
	return status == AGENT_RUNNING ? COLOR_BOLD : COLOR_FAINT;
}

/* "812", "42.5k", "1.3M": few columns. */
static void add_short(struct buf *out, int64_t number)
{
	if (number < 10000)
		buf_addf(out, "%lld", (long long)number);
	else if (number < 1000000)
		buf_addf(out, "%.1fk", (double)number / 1e3);
	else
		buf_addf(out, "%.1fM", (double)number / 1e6);
}

static void add_figures(struct buf *out, const struct live_row *row)
{
	const struct agent_result *agent = row->agent;
	bool running = agent->status == AGENT_RUNNING;
	int64_t ended = running ? row->now_ms - row->began_ms : agent->ended_ms;

	if (!running && agent->ended_ms <= agent->started_ms)
		return;
	buf_addf(out, " %d/%d, %d found, ", agent->units_done, agent->units,
		 MAX_OF(row->findings, agent->findings));
	add_short(out, agent->usage.input + agent->usage.cache_read + agent->usage.cache_write);
	buf_add_text(out, " in ");
	add_short(out, agent->usage.output);
	buf_add_text(out, " out, ");
	view_add_duration(out, MAX_OF(ended - agent->started_ms, (int64_t)0));
}

/* Appends those of the figures, in their order, that still fit whole. */
static void add_fitting(struct buf *out, struct str figures, size_t room)
{
	const struct str comma = STR(", ");
	struct str part;

	for (bool first = true; figures.len; first = false) {
		if (!str_cut(figures, comma, &part, &figures)) {
			part = figures;
			figures = STR_EMPTY;
		}
		if (utf8_count(buf_str(out)) + part.len + comma.len > room)
			break;
		if (!first)
			buf_add(out, comma);
		buf_add(out, part);
	}
}

void live_row_add(struct buf *out, const struct live_row *row)
{
	const struct agent_result *agent = row->agent;
	size_t room = (size_t)MAX_OF(row->width - 4, 10);
	SCOPED(buf) struct buf text = BUF_INIT;
	SCOPED(buf) struct buf name = BUF_INIT;
	SCOPED(buf) struct buf figures = BUF_INIT;

	buf_addf(&name, "%.*s/%.*s", STR_ARG(agent->agent), STR_ARG(agent->model));
	buf_addf(&text, "%-22s %-7s", name.ptr, agent_status_name(agent->status));
	add_figures(&figures, row);
	add_fitting(&text, buf_str(&figures), room);
	if (row->note[0] && agent->status != AGENT_DONE) {
		buf_add_text(&text, "  ");
		log_escape(&text, str_from(row->note));
	}
	color_add(out, row->color, status_color(agent->status));
	buf_addf(out, "%s ", status_mark(agent->status, row->now_ms));
	buf_add(out, utf8_cut(buf_str(&text), room));
	color_add(out, row->color, COLOR_RESET);
	buf_add_text(out, "\033[K\n");
}

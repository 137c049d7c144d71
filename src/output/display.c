/* Progress while a review runs: live on a terminal, lines in a log, groups in a workflow's log. */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "base/log.h"
#include "base/utf8.h"
#include "output/live_row.h"
#include "output/terminal.h"
#include "output/texts.h"

enum { WIDTH_DEFAULT = 100, REDRAW_MS = 80, TOLD_MAX = 20 };

/* The display state of one agent with one model. */
struct display_row {
	struct str agent, model; /* borrowed from the result */
	int findings;
	char note[160]; /* its current step, or its latest finding */
	/* DISPLAY_GROUPS, until it has ended: what units did since one ended, and log lines before. */
	struct buf lines, logged;
	bool has_lines;
};

struct display {
	enum display_kind kind;
	FILE *file;
	bool color;
	const struct clock *clock;
	const struct review_result *result;
	struct {
		VEC_FIELDS(struct display_row *);
	} rows;
	struct arena arena;
	struct {
		VEC_FIELDS(struct str);
	} told;    /* failures that were already printed, the first few */
	int drawn; /* lines on the screen now */
	int64_t drawn_ms;
	int64_t began_ms; /* when the run began, about */
};

static struct display_row *row_of(struct display *display, const struct agent_result *agent)
{
	struct display_row *row;

	for (size_t i = 0; i < display->rows.len; i++) {
		row = display->rows.items[i];
		if (str_eq(row->agent, agent->agent) && str_eq(row->model, agent->model))
			return row;
	}
	row = NEW(struct display_row);
	row->agent = agent->agent;
	row->model = agent->model;
	buf_init(&row->lines, BUF_SIZE_MAX);
	buf_init(&row->logged, BUF_SIZE_MAX);
	VEC_PUSH(&display->rows, row);
	return row;
}

/* Columns of the screen, or `otherwise` without one. */
static int columns_of(FILE *file, int otherwise)
{
	struct winsize size;
	int fd = fileno(file);

	if (fd >= 0 && ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 20)
		return size.ws_col;
	return otherwise;
}

int terminal_width(FILE *file)
{
	return MIN_OF(MAX_OF(columns_of(file, TERMINAL_WIDTH), 40), 120);
}

static void put(struct display *display, struct str text)
{
	fwrite(text.ptr, 1, text.len, display->file);
	fflush(display->file);
}

/*
 * Removes the block of lines from the screen; the next drawing appears below text that is written
 * in the meantime.
 */
static void erase(void *ctx)
{
	struct display *display = ctx;
	SCOPED(buf) struct buf out = BUF_INIT;

	if (!display->drawn)
		return;
	buf_addf(&out, "\033[%dA\033[J", display->drawn);
	put(display, buf_str(&out));
	display->drawn = 0;
}

/* Draws the block of lines over what it drew before; not more often than people can see. */
static void redraw(struct display *display, bool now)
{
	SCOPED(buf) struct buf out = BUF_INIT;
	int64_t now_ms = clock_ms(display->clock);
	int width;

	if (display->kind != DISPLAY_LIVE || !display->result)
		return;
	if (!now && display->drawn && now_ms - display->drawn_ms < REDRAW_MS)
		return;
	if (display->drawn)
		buf_addf(&out, "\033[%dA", display->drawn);
	width = columns_of(display->file, WIDTH_DEFAULT);
	for (size_t i = 0; i < display->result->agents.len; i++) {
		const struct agent_result *agent = &display->result->agents.items[i];
		const struct display_row *row = row_of(display, agent);

		live_row_add(&out, &(struct live_row){.agent = agent,
						      .findings = row->findings,
						      .note = row->note,
						      .began_ms = display->began_ms,
						      .now_ms = now_ms,
						      .color = display->color,
						      .width = width});
	}
	display->drawn = (int)display->result->agents.len;
	display->drawn_ms = now_ms;
	put(display, buf_str(&out));
}

/* A line about one agent: printed immediately, or when its group is shown. */
static void line(struct display *display, struct display_row *row, struct str who, const char *fmt,
		 ...) PRINTF(4, 5);

static void line(struct display *display, struct display_row *row, struct str who, const char *fmt,
		 ...)
{
	SCOPED(buf) struct buf raw = BUF_INIT;
	va_list args;

	if (display->kind == DISPLAY_LIVE)
		return;
	/* A task's log lines carry its name, which is the unit's, already. */
	if (display->kind == DISPLAY_GROUPS || !str_starts(str_from(log_flow()), who))
		buf_addf(&raw, "%.*s: ", STR_ARG(who));
	va_start(args, fmt);
	buf_vaddf(&raw, fmt, args);
	va_end(args);
	if (display->kind == DISPLAY_LINES) {
		log_info("review", "%s", raw.ptr);
	} else {
		buf_add(&row->lines, buf_str(&raw));
		buf_add_char(&row->lines, '\n');
		row->has_lines = true;
	}
}

/* The first line of an error, without the unit's name. */
static struct str without_unit(const struct error *err, struct str unit)
{
	struct str rest = str_from(err->message);
	struct str message = STR_EMPTY;

	if (!str_next_line(&rest, &message, NULL))
		return message;

	if (str_starts(message, unit) && str_starts(str_skip(message, unit.len), STR(": ")))
		return str_skip(message, unit.len + 2);
	return message;
}

/* Whether an earlier line printed it: then it is not repeated for each agent. */
static bool is_told(struct display *display, struct str why)
{
	struct str *told;

	for (size_t i = 0; i < display->told.len; i++) {
		if (text_same_failure(display->told.items[i], why))
			return true;
	}
	if (display->told.len < TOLD_MAX) {
		VEC_PUSH(&display->told, STR_EMPTY);
		told = &display->told.items[display->told.len - 1];
		*told = arena_str(&display->arena, why);
	}
	return false;
}

/* An ensemble is one agent with several adjacent rows. */
static size_t count_agents(const struct review_result *result)
{
	size_t count = 0;

	for (size_t i = 0; i < result->agents.len; i++)
		count += i == 0 ||
			 !str_eq(result->agents.items[i].agent, result->agents.items[i - 1].agent);
	return count;
}

/* One call a part of the change; tools and repaired answers take more. */
static void on_planned(void *ctx, const struct review_result *result, int units)
{
	struct display *display = ctx;
	size_t agents = count_agents(result);

	display->result = result;
	display->began_ms = clock_ms(display->clock);
	if (display->kind != DISPLAY_LIVE)
		log_info("review", "%zu agent%s, at least %d model call%s", agents,
			 agents == 1 ? "" : "s", units, units == 1 ? "" : "s");
	redraw(display, true);
}

static void on_unit_started(void *ctx, const struct agent_result *agent, struct str unit)
{
	struct display *display = ctx;
	struct display_row *row = row_of(display, agent);

	snprintf(row->note, sizeof(row->note), "reading");
	line(display, row, unit, "started");
	redraw(display, false);
}

static void on_unit_waiting(void *ctx, const struct agent_result *agent, struct str unit,
			    struct str why, int64_t wait_ms)
{
	struct display *display = ctx;
	struct display_row *row = row_of(display, agent);

	snprintf(row->note, sizeof(row->note), "waiting %.1f s: %.*s", (double)wait_ms / 1000,
		 STR_ARG(why));
	line(display, row, unit, "waits %.1f s: %.*s", (double)wait_ms / 1000, STR_ARG(why));
	redraw(display, false);
}

static void on_finding_seen(void *ctx, const struct agent_result *agent, struct str title)
{
	struct display *display = ctx;
	struct display_row *row = row_of(display, agent);

	row->findings++;
	snprintf(row->note, sizeof(row->note), "%.*s", STR_ARG(utf8_cut(title, 120)));
	line(display, row, agent->agent, "found: %.*s", STR_ARG(title));
	redraw(display, false);
}

static void log_usage(struct str what, const struct usage *usage, double cost_usd)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	view_add_usage(&text, usage, cost_usd);
	log_info("review", "%.*s: %s", STR_ARG(what), text.ptr);
}

/*
 * Makes log lines while others are waited for: with a thousand units, this would take longer than
 * all else at the end. Each line names its part, which need not be the one that ended last.
 */
static void make_log_lines(struct display_row *row)
{
	struct str rest = buf_str(&row->lines);
	struct str text;
	const char *flow = log_flow();

	log_flow_set("");
	while (str_next_line(&rest, &text, NULL))
		log_add(&row->logged, LOG_INFO, "review", "%.*s", STR_ARG(text));
	log_flow_set(flow);
	buf_reset(&row->lines);
}

/* Under Actions: one group an agent, when its last part has ended. */
static void show_group(struct display *display, const struct agent_result *agent,
		       struct display_row *row)
{
	const char *flow = log_flow();

	make_log_lines(row);
	if (display->kind != DISPLAY_GROUPS || agent->status == AGENT_RUNNING ||
	    agent->status == AGENT_WAITING || !row->has_lines)
		return;
	log_group_begin("%.*s (%.*s): %s, %d finding%s", STR_ARG(agent->agent),
			STR_ARG(agent->model), agent_status_name(agent->status), agent->findings,
			agent->findings == 1 ? "" : "s");
	log_put(&row->logged);
	row->has_lines = false;
	log_flow_set("");
	log_usage(agent->agent, &agent->usage, agent->cost_usd);
	log_flow_set(flow);
	log_group_end();
}

static void on_unit_ended(void *ctx, const struct agent_result *agent, struct str unit,
			  const struct error *err)
{
	struct display *display = ctx;
	struct display_row *row = row_of(display, agent);

	if (err) {
		struct str why = without_unit(err, unit);
		struct str rest;

		snprintf(row->note, sizeof(row->note), "%.*s", STR_ARG(utf8_cut(why, 150)));
		if (is_told(display, why))
			why = STR("as above");
		/* The remedy is printed once, at the end. */
		if (display->kind == DISPLAY_LINES)
			(void)str_cut(why, STR("; "), &why, &rest);
		line(display, row, unit, "failed: %.*s", STR_ARG(why));
	} else {
		line(display, row, unit, "done, %d finding%s so far", agent->findings,
		     agent->findings == 1 ? "" : "s");
	}
	show_group(display, agent, row);
	redraw(display, true);
}

static void on_ended(void *ctx, const struct review_result *result)
{
	struct display *display = ctx;

	display->result = result;
	for (size_t i = 0; i < result->agents.len; i++)
		show_group(display, &result->agents.items[i],
			   row_of(display, &result->agents.items[i]));
	redraw(display, true);
	if (display->kind != DISPLAY_LIVE)
		log_usage(STR("all agents"), &result->usage, result->cost_usd);
	/* The last drawing stays on the screen. */
	display->result = NULL;
	display->drawn = 0;
}

static const struct progress_ops display_ops = {
	.planned = on_planned,
	.unit_started = on_unit_started,
	.unit_waiting = on_unit_waiting,
	.finding_seen = on_finding_seen,
	.unit_ended = on_unit_ended,
	.ended = on_ended,
};

struct display *display_new(enum display_kind kind, FILE *file, bool color,
			    const struct clock *clock)
{
	struct display *display = NEW(struct display);

	*display = (struct display){.kind = kind, .file = file, .color = color, .clock = clock};
	if (kind == DISPLAY_LIVE)
		log_before(erase, display);
	return display;
}

void display_free(struct display *display)
{
	if (!display)
		return;
	if (display->kind == DISPLAY_LIVE)
		log_before(NULL, NULL);
	for (size_t i = 0; i < display->rows.len; i++) {
		buf_release(&display->rows.items[i]->lines);
		buf_release(&display->rows.items[i]->logged);
		free(display->rows.items[i]);
	}
	VEC_RELEASE(&display->rows);
	VEC_RELEASE(&display->told);
	arena_release(&display->arena);
	free(display);
}

struct progress display_progress(struct display *display)
{
	return (struct progress){.ops = &display_ops, .ctx = display};
}

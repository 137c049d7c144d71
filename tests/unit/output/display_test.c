/* Progress as it is shown, on a terminal and in logs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "output/terminal.h"

#include "sample.h"
#include "unit.h"

enum { START_MS = 1000 };

/* Plays a short review to a display and gives what it wrote. */
static void play(enum display_kind kind, bool color, struct buf *out)
{
	SCOPED(review_result) struct review_result result = {0};
	struct error failed = {.kind = ERROR_THROTTLED, .message = "throttled"};
	char *text = NULL;
	size_t size = 0;
	FILE *file = open_memstream(&text, &size);
	struct clock clock;
	struct display *display;
	struct progress progress;
	struct agent_result *agent;

	clock_init_virtual(&clock, START_MS);
	display = display_new(kind, file, color, &clock);
	progress = display_progress(display);
	sample_fill(&result);
	agent = &result.agents.items[0];
	agent->status = AGENT_RUNNING;
	progress.ops->planned(progress.ctx, &result, 7);
	progress.ops->unit_started(progress.ctx, agent, STR("code-quality/haiku 1/3"));
	clock_advance(&clock, 1000000000);
	progress.ops->unit_waiting(progress.ctx, agent, STR("code-quality/haiku 1/3"),
				   STR("throttled"), 1500);
	clock_advance(&clock, 1000000000);
	progress.ops->finding_seen(progress.ctx, agent,
				   STR("A title with \033[31mcolor\n::error::x"));
	clock_advance(&clock, 1000000000);
	progress.ops->unit_ended(progress.ctx, agent, STR("code-quality/haiku 1/3"), &failed);
	agent->status = AGENT_FAILED;
	progress.ops->ended(progress.ctx, &result);
	display_free(display);
	fclose(file);
	buf_add_text(out, text);
	free(text);
}

TEST(a_terminal_shows_one_line_an_agent)
{
	SCOPED(buf) struct buf out = BUF_INIT;
	const char *last;

	play(DISPLAY_LIVE, false, &out);
	ck_assert_msg(strstr(out.ptr, "code-quality"), "%s", out.ptr);
	ck_assert_ptr_nonnull(strstr(out.ptr, "waiting 1.5 s: throttled"));
	ck_assert_ptr_nonnull(strstr(out.ptr, "A title with"));
	/* Nothing of a model's title acts on the terminal. */
	ck_assert_ptr_null(strstr(out.ptr, "\033[31m"));
	ck_assert_ptr_null(strstr(out.ptr, "\n::error"));
	/* Each drawing goes up over the one before, four lines high. */
	last = strstr(out.ptr, "\033[4A");
	ck_assert_ptr_nonnull(last);
	ck_assert_ptr_nonnull(strstr(last, "failed"));
}

TEST(a_log_line_appears_above_the_drawn_lines)
{
	SCOPED(review_result) struct review_result result = {0};
	char *text = NULL;
	size_t size = 0;
	FILE *file = open_memstream(&text, &size);
	struct clock clock;
	struct display *display;
	struct progress progress;

	clock_init_virtual(&clock, START_MS);
	display = display_new(DISPLAY_LIVE, file, false, &clock);
	progress = display_progress(display);
	sample_fill(&result);
	progress.ops->planned(progress.ctx, &result, 7);
	log_warning("test", "something is slow");
	ck_assert_msg(str_ends(str_of(text, size), STR("\033[4A\033[J")), "%s", text);
	progress.ops->ended(progress.ctx, &result);
	/* The last lines stay. */
	size = 0;
	log_warning("test", "afterwards");
	ck_assert_uint_eq(size, 0);
	display_free(display);
	fclose(file);
	free(text);
}

TEST(colors_only_when_asked)
{
	SCOPED(buf) struct buf plain = BUF_INIT;
	SCOPED(buf) struct buf colored = BUF_INIT;

	play(DISPLAY_LIVE, false, &plain);
	play(DISPLAY_LIVE, true, &colored);
	ck_assert_ptr_null(strstr(plain.ptr, "m✗"));
	ck_assert_ptr_nonnull(strstr(colored.ptr, "m✗"));
}

TEST(a_log_gets_no_drawing)
{
	SCOPED(buf) struct buf out = BUF_INIT;

	play(DISPLAY_LINES, false, &out);
	play(DISPLAY_GROUPS, false, &out);
	ck_assert_uint_eq(out.len, 0);
}

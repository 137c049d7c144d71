/* Outcomes as people and machines read them: text, Markdown and JSON. */
#include "eval/outcome_page.h"

#include <math.h>

#include "eval/text_report.h"
#include "value/put.h"

enum { BAR_CELLS = 10, LESSONS_SHOWN_MAX = 10 };

struct outcome_page {
	struct buf *out;
	enum table_style style;
	struct arena arena;
};

static struct str day(struct str iso8601)
{
	return str_slice(iso8601, 0, 10);
}

static void add_heading(struct outcome_page *page, const char *text)
{
	buf_addf(page->out, page->style == TABLE_MARKDOWN ? "\n### %s\n\n" : "\n%s\n", text);
}

static const char *plural(int64_t count)
{
	return count == 1 ? "" : "s";
}

/* ---- Sentences ---- */

static void add_head(struct outcome_page *page, const struct outcomes *outcomes)
{
	buf_addf(page->out, "%s", page->style == TABLE_MARKDOWN ? "## " : "");
	buf_add_text(page->out, "Outcomes of ");
	plain_add(page->out, page->style, outcomes->reviewer);
	buf_add_text(page->out, " in ");
	plain_add(page->out, page->style, outcomes->repository);
	buf_addf(page->out, ", %.*s to %.*s\n\n", STR_ARG(day(outcomes->since)),
		 STR_ARG(day(outcomes->until)));
}

static void add_words(struct outcome_page *page, const struct outcomes *outcomes,
		      const struct outcome_figures *all)
{
	double control = outcomes_control(outcomes);

	buf_addf(page->out, "%lld finding%s on %lld of %lld pull request%s%s",
		 (long long)all->findings, plural(all->findings),
		 (long long)outcomes->pulls_reviewed, (long long)outcomes->pulls,
		 plural(outcomes->pulls),
		 outcomes->cut ? " (there are older ones; give a shorter time)" : "");
	if (all->open)
		buf_addf(page->out, "; %lld finding%s on pull requests that are still open",
			 (long long)all->open, plural(all->open));
	buf_add_text(page->out, ".\n");
	if (!all->judged) {
		buf_add_text(
			page->out,
			"No finding on lines of a closed pull request: what changed afterwards is not known yet.\n");
		return;
	}
	buf_addf(
		page->out,
		"After %lld of %lld findings on closed pull requests, the lines changed: %.0f %% [%.0f, %.0f].\n",
		(long long)all->changed, (long long)all->judged, all->changed_share.value * 100,
		all->changed_share.low * 100, all->changed_share.high * 100);
	if (all->lines)
		buf_addf(page->out, "By line: %.0f %% of %lld lines with a finding changed",
			 (double)all->lines_changed / (double)all->lines * 100,
			 (long long)all->lines);
	if (!isnan(control))
		buf_addf(page->out, ", and %.0f %% of %lld other added lines of the same files",
			 control * 100, (long long)outcomes->control_lines);
	buf_add_text(page->out, ".\n");
}

/* ---- Tables ---- */

static void add_bar(struct table *table, const struct outcome_figures *figures)
{
	SCOPED(buf) struct buf bar = BUF_INIT;
	int filled;

	if (!figures->judged) {
		table_add(table, "-");
		return;
	}
	filled = (int)lround(figures->changed_share.value * BAR_CELLS);
	for (int i = 0; i < BAR_CELLS; i++)
		buf_add_text(&bar, i < filled ? "█" : "░");
	/* No-break spaces keep it on one line of a narrow page. */
	table_add(table, "%.0f\u00a0%%\u00a0%s", figures->changed_share.value * 100, bar.ptr);
}

static void add_row(struct outcome_page *page, struct table *table, struct str name,
		    const struct outcome_figures *figures)
{
	struct str plain = plain_cell(&page->arena, page->style, name);
	const int64_t counts[] = {figures->findings,
				  figures->judged,
				  figures->changed,
				  figures->fixed,
				  figures->resolved_by_people,
				  figures->dismissed,
				  figures->up,
				  figures->down,
				  figures->replied};

	table_add(table, "%.*s", STR_ARG(plain));
	add_bar(table, figures);
	for (size_t i = 0; i < ARRAY_LEN(counts); i++)
		table_add(table, "%lld", (long long)counts[i]);
}

static void add_columns(struct table *table, const char *first)
{
	/* The chart comes first: a page cuts wide tables off at the right. */
	static const char *const columns[] = {"lines changed", "findings", "judged",
					      "changed",       "fixed",    "resolved",
					      "dismissed",     "+1",       "-1",
					      "answered"};

	table_add(table, "%s", first);
	for (size_t i = 0; i < ARRAY_LEN(columns); i++)
		table_add(table, "%s", columns[i]);
}

static void add_dimension(struct outcome_page *page, const struct outcomes *outcomes,
			  enum outcome_dimension dimension)
{
	SCOPED(table) struct table table = {.arena = &page->arena, .columns = 11};
	struct outcome_row *rows;
	size_t len = outcome_rows(&page->arena, outcomes, dimension, &rows);

	if (!len)
		return;
	add_heading(page,
		    arena_printf(&page->arena, "By %s", outcome_dimension_names[dimension]).ptr);
	add_columns(&table, outcome_dimension_names[dimension]);
	for (size_t i = 0; i < len; i++) {
		struct outcome_figures figures = outcome_figures(outcomes, &rows[i].part);

		add_row(page, &table, rows[i].name, &figures);
	}
	table_write(&table, page->style, page->out);
}

static void add_all(struct outcome_page *page, const struct outcome_figures *all)
{
	SCOPED(table) struct table table = {.arena = &page->arena, .columns = 11};

	buf_add_char(page->out, '\n');
	add_columns(&table, "");
	add_row(page, &table, STR("all"), all);
	table_write(&table, page->style, page->out);
}

/* ---- Lessons ---- */

static void add_quoted(struct outcome_page *page, const char *before, const struct strings *texts)
{
	for (size_t i = 0; i < texts->len; i++) {
		buf_add_text(page->out, i ? "; " : before);
		buf_add_char(page->out, '"');
		plain_add(page->out, page->style, texts->items[i]);
		buf_add_char(page->out, '"');
	}
}

static void add_lessons(struct outcome_page *page, const struct outcomes *outcomes)
{
	struct lessons lessons = lessons_make(&page->arena, outcomes);

	if (!lessons.len)
		return;
	add_heading(page, "Kinds of findings that were dismissed or got a -1");
	for (size_t i = 0; i < MIN_OF(lessons.len, (size_t)LESSONS_SHOWN_MAX); i++) {
		const struct lesson *lesson = &lessons.items[i];

		buf_add_text(page->out, page->style == TABLE_MARKDOWN ? "- " : "  ");
		plain_add(page->out, page->style,
			  lesson->agent.len ? lesson->agent : STR("unknown agent"));
		buf_add_text(page->out, ", ");
		plain_add(page->out, page->style,
			  lesson->category.len ? lesson->category : STR("no category"));
		buf_add_text(page->out, ", in ");
		plain_add(page->out, page->style, lesson->folder.len ? lesson->folder : STR("/"));
		buf_addf(page->out, ": %lld of %lld", (long long)lesson->dismissed,
			 (long long)lesson->posted);
		add_quoted(page, ": ", &lesson->titles);
		add_quoted(page, ". Reasons: ", &lesson->reasons);
		buf_add_char(page->out, '\n');
	}
}

void outcomes_page(struct buf *out, const struct outcomes *outcomes, enum table_style style)
{
	struct outcome_page page = {.out = out, .style = style};
	struct outcome_part part = OUTCOME_PART_ALL;
	struct outcome_figures all = outcome_figures(outcomes, &part);

	add_head(&page, outcomes);
	if (!all.findings) {
		buf_addf(out, "No finding was posted; %lld pull request%s looked at.\n",
			 (long long)outcomes->pulls, outcomes->pulls == 1 ? " was" : "s were");
	} else {
		add_words(&page, outcomes, &all);
		add_all(&page, &all);
		for (int i = 0; i < OUTCOME_DIMENSION_COUNT; i++)
			add_dimension(&page, outcomes, (enum outcome_dimension)i);
		add_lessons(&page, outcomes);
	}
	arena_release(&page.arena);
}

/* ---- JSON ---- */

static struct value *share_value(struct arena *arena, double share)
{
	return isnan(share) ? value_null(arena) : value_real(arena, share);
}

static struct value *figures_value(struct arena *arena, const struct outcome_figures *figures)
{
	struct value *object = value_object(arena);
	struct value *interval = value_object(arena);
	const struct {
		const char *name;
		int64_t count;
	} rows[] = {
		{"findings", figures->findings},
		{"in_open_pull_requests", figures->open},
		{"judged", figures->judged},
		{"changed", figures->changed},
		{"lines", figures->lines},
		{"lines_changed", figures->lines_changed},
		{"fixed", figures->fixed},
		{"resolved", figures->resolved},
		{"resolved_by_people", figures->resolved_by_people},
		{"dismissed", figures->dismissed},
		{"thumbs_up", figures->up},
		{"thumbs_down", figures->down},
		{"answered", figures->replied},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		put_int(arena, object, rows[i].name, rows[i].count);
	value_set(arena, interval, "value", share_value(arena, figures->changed_share.value));
	value_set(arena, interval, "low", share_value(arena, figures->changed_share.low));
	value_set(arena, interval, "high", share_value(arena, figures->changed_share.high));
	value_set(arena, object, "changed_share", interval);
	return object;
}

struct value *outcomes_value(struct arena *arena, const struct outcomes *outcomes)
{
	struct value *root = outcomes_record(arena, outcomes);
	struct value *by = value_object(arena);
	struct outcome_part part = OUTCOME_PART_ALL;
	struct outcome_figures all = outcome_figures(outcomes, &part);
	struct lessons lessons = lessons_make(arena, outcomes);

	value_set(arena, root, "figures", figures_value(arena, &all));
	for (int i = 0; i < OUTCOME_DIMENSION_COUNT; i++) {
		struct value *object = value_object(arena);
		struct outcome_row *rows;
		size_t len = outcome_rows(arena, outcomes, (enum outcome_dimension)i, &rows);

		for (size_t j = 0; j < len; j++) {
			struct outcome_figures figures = outcome_figures(outcomes, &rows[j].part);

			value_set_str(arena, object, rows[j].name, figures_value(arena, &figures));
		}
		value_set(arena, by, outcome_dimension_names[i], object);
	}
	value_set(arena, root, "by", by);
	value_set(arena, root, "lessons", lessons_value(arena, &lessons));
	return root;
}

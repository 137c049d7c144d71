/* Parts that several pages share: places, counts, figures, the table of agents. */
#include "output/view.h"

#include "base/encode.h"
#include "base/hash.h"
#include "base/quote.h"
#include "base/utf8.h"
#include "finding/place.h"
#include "output/sanitize.h"

static const char *const labels[SEVERITY_COUNT] = {
	[SEVERITY_CRITICAL] = "🔴 critical", [SEVERITY_HIGH] = "🟠 high",
	[SEVERITY_MEDIUM] = "🟡 medium",     [SEVERITY_LOW] = "🔵 low",
	[SEVERITY_INFO] = "⚪ info",
};

const char *severity_label(enum severity severity)
{
	return labels[severity];
}

static void add_lines(struct buf *out, const struct finding *finding, const char *prefix,
		      const char *range)
{
	if (!finding->line)
		return;
	buf_addf(out, "%s%u", prefix, finding->line);
	if (finding->end_line > finding->line)
		buf_addf(out, "%s%u", range, finding->end_line);
}

enum { PATH_SIZE_MAX = 160 };

/* The path as git quotes it, shortened in the middle: people recognize a file by its last part. */
static void add_short_path(struct buf *out, struct str path)
{
	SCOPED(buf) struct buf cut = BUF_INIT;
	struct str tail;

	if (path.len <= PATH_SIZE_MAX) {
		quote_add(out, path);
		return;
	}
	buf_add(&cut, utf8_cut(path, PATH_SIZE_MAX / 4));
	buf_add_text(&cut, "…");
	tail = str_skip(path, path.len - PATH_SIZE_MAX * 3 / 4);
	while (tail.len && ((unsigned char)tail.ptr[0] & 0xc0) == 0x80)
		tail = str_skip(tail, 1);
	buf_add(&cut, tail);
	quote_add(out, buf_str(&cut));
}

static void add_label(struct buf *out, struct str label, bool cell)
{
	if (cell)
		sanitize_code_cell(out, label);
	else
		sanitize_code(out, label);
}

void view_add_path(struct buf *out, struct str path, bool cell)
{
	SCOPED(buf) struct buf label = BUF_INIT;

	add_short_path(&label, path);
	add_label(out, buf_str(&label), cell);
}

void view_add_lines_label(struct buf *out, const struct finding_place *place)
{
	const struct finding finding = {.line = place->line, .end_line = place->end_line};
	SCOPED(buf) struct buf label = BUF_INIT;

	add_short_path(&label, place->path);
	add_lines(&label, &finding, ":", "-");
	sanitize_code(out, buf_str(&label));
}

void view_add_place(struct buf *out, const struct review_view *view, const struct finding *finding,
		    bool cell)
{
	SCOPED(buf) struct buf label = BUF_INIT;
	bool left = finding->side == SIDE_LEFT;
	struct str commit = left ? view->base_commit : view->head_commit;

	add_short_path(&label, finding->path);
	add_lines(&label, finding, ":", "-");
	/* A file that the model made up has no page. */
	if (!view->server_url.len || !commit.len || finding->path.len > PATH_SIZE_MAX ||
	    str_eq(finding->placement_reason, STR(PLACE_NO_FILE))) {
		add_label(out, buf_str(&label), cell);
		return;
	}
	buf_add_char(out, '[');
	add_label(out, buf_str(&label), cell);
	buf_addf(out, "](%.*s/", STR_ARG(view->server_url));
	percent_add(out, view->repository, "/");
	buf_addf(out, "/blob/%.*s/", STR_ARG(commit));
	percent_add(out, finding->path, "/");
	add_lines(out, finding, "#L", "-L");
	buf_add_char(out, ')');
}

void view_add_line_url(struct buf *out, const struct review_view *view,
		       const struct finding_place *place)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	const char *side = place->side == SIDE_LEFT ? "L" : "R";

	buf_addf(out, "%.*s/", STR_ARG(view->server_url));
	percent_add(out, view->repository, "/");
	buf_addf(out, "/pull/%lld/files#diff-%.*s%s%u", (long long)view->number,
		 STR_ARG(sha256_hex(&arena, place->path)), side,
		 MAX_OF(place->line, place->end_line));
}

size_t view_count(const struct review_result *result)
{
	size_t count = 0;

	for (size_t i = 0; i < result->findings.len; i++)
		count += finding_is_shown(&result->findings.items[i]);
	return count;
}

void view_add_counts(struct buf *out, const struct review_result *result)
{
	int counts[SEVERITY_COUNT] = {0};
	bool any = false;

	for (size_t i = 0; i < result->findings.len; i++) {
		const struct finding *finding = &result->findings.items[i];

		if (finding_is_shown(finding))
			counts[finding->severity]++;
	}
	for (int i = 0; i < SEVERITY_COUNT; i++) {
		if (counts[i])
			buf_addf(out, "%s%d %s", any ? ", " : "", counts[i], severity_names[i]);
		any = any || counts[i];
	}
	if (!any)
		buf_add_text(out, "no findings");
}

void view_add_number(struct buf *out, int64_t number)
{
	SCOPED(buf) struct buf digits = BUF_INIT;

	buf_addf(&digits, "%lld", (long long)number);
	for (size_t i = 0; i < digits.len; i++) {
		size_t left = digits.len - i;

		buf_add_char(out, digits.ptr[i]);
		if (left > 1 && left % 3 == 1 && digits.ptr[i] != '-')
			buf_add_char(out, ',');
	}
}

void view_add_duration(struct buf *out, int64_t ms)
{
	if (ms < 60000)
		buf_addf(out, "%.1f s", (double)ms / 1000);
	else
		buf_addf(out, "%lld m %02lld s", (long long)(ms / 60000),
			 (long long)(ms / 1000 % 60));
}

void view_add_cost(struct buf *out, double usd)
{
	if (usd < 0)
		buf_add_text(out, "unknown");
	else
		buf_addf(out, usd < 1 ? "$%.4f" : "$%.2f", usd);
}

void view_add_agents(struct buf *out, const struct finding *finding)
{
	for (size_t i = 0; i < finding->sources_len; i++) {
		bool seen = false;

		for (size_t j = 0; j < i; j++)
			seen = seen || str_eq(finding->sources[j].agent, finding->sources[i].agent);
		if (!seen)
			buf_addf(out, "%s%.*s", i ? ", " : "", STR_ARG(finding->sources[i].agent));
	}
}

void view_add_usage(struct buf *out, const struct usage *usage, double cost_usd)
{
	view_add_number(out, usage->input + usage->cache_read + usage->cache_write);
	buf_add_text(out, " tokens in, ");
	if (usage->cache_read || usage->cache_write) {
		view_add_number(out, usage->cache_read);
		buf_add_text(out, " of them read from the cache and ");
		view_add_number(out, usage->cache_write);
		buf_add_text(out, " written to it, ");
	}
	view_add_number(out, usage->output);
	buf_add_text(out, " out, ");
	if (cost_usd < 0)
		buf_add_text(out, "cost ");
	view_add_cost(out, cost_usd);
}

void view_add_coverage(struct buf *out, const struct review_result *result)
{
	const struct coverage *coverage = &result->coverage;
	bool any_seen = false;

	for (size_t i = 0; i < result->agents.len; i++)
		any_seen = any_seen || result->agents.items[i].units_done > 0;
	if (coverage->files && !coverage->reviewed && any_seen)
		buf_add_text(out, "No changed file was reviewed by all of its agents");
	else
		buf_addf(out, "%lld of %lld changed file%s reviewed", (long long)coverage->reviewed,
			 (long long)coverage->files, coverage->files == 1 ? "" : "s");
}

void view_add_unbroken(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == ' ')
			buf_add_text(out, "&nbsp;");
		else
			buf_add_char(out, text.ptr[i]);
	}
}

static void add_cache(struct buf *out, const struct usage *usage)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	view_add_number(&text, usage->cache_read);
	buf_add_text(&text, " / ");
	view_add_number(&text, usage->cache_write);
	view_add_unbroken(out, buf_str(&text));
}

static void add_agent_row(struct buf *out, const struct agent_result *agent)
{
	SCOPED(buf) struct buf time = BUF_INIT;

	buf_add_text(out, "| ");
	sanitize_cell(out, agent->agent);
	buf_add_text(out, " | ");
	sanitize_cell(out, agent->model);
	buf_addf(out, " | %s", agent_status_name(agent->status));
	if (agent->status == AGENT_SKIPPED) {
		buf_add_text(out, " | | | | | | |\n");
		return;
	}
	if (agent->files)
		buf_addf(out, "&nbsp;%d/%d", agent->files_seen, agent->files);
	buf_add_text(out, " | ");
	view_add_duration(&time, agent->ended_ms - agent->started_ms);
	view_add_unbroken(out, buf_str(&time));
	buf_add_text(out, " | ");
	view_add_number(out, agent->usage.input);
	buf_add_text(out, " | ");
	add_cache(out, &agent->usage);
	buf_add_text(out, " | ");
	view_add_number(out, agent->usage.output);
	buf_add_text(out, " | ");
	view_add_cost(out, agent->cost_usd);
	buf_addf(out, " | %d |\n", agent->findings);
}

/* The model that answered under each alias: too long for a column. */
static void add_model_ids(struct buf *out, const struct review_result *result)
{
	bool any = false;

	for (size_t i = 0; i < result->agents.len; i++) {
		const struct agent_result *agent = &result->agents.items[i];
		bool seen = !agent->model_id.len || str_eq(agent->model_id, agent->model);

		for (size_t j = 0; j < i; j++)
			seen = seen || (str_eq(result->agents.items[j].model, agent->model) &&
					str_eq(result->agents.items[j].model_id, agent->model_id));
		if (seen)
			continue;
		buf_add_text(out, any ? ", " : "\n");
		sanitize_line(out, agent->model);
		buf_add_text(out, " is ");
		sanitize_code(out, agent->model_id);
		any = true;
	}
	if (any)
		buf_add_char(out, '\n');
}

void view_add_agent_table(struct buf *out, const struct review_result *result)
{
	buf_add_text(
		out,
		"| agent | model | status, files | time | tokens in | cache read / written | out | cost | found |\n"
		"|---|---|---|--:|--:|--:|--:|--:|--:|\n");
	for (size_t i = 0; i < result->agents.len; i++)
		add_agent_row(out, &result->agents.items[i]);
	add_model_ids(out, result);
}

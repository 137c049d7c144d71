/* The names of outcomes, and the release of a result. */
#include "review/result.h"

#include <stdarg.h>
#include <string.h>

#include "base/buf.h"
#include "base/log.h"
#include "redact/path.h"
#include "redact/redact.h"

const char *const agent_status_names[] = {
	[AGENT_WAITING] = "waiting",
	[AGENT_RUNNING] = "running",
	[AGENT_DONE] = "done",
	[AGENT_FAILED] = "failed",
	[AGENT_STOPPED] = "stopped",
	[AGENT_SKIPPED] = "skipped",
	NULL,
};

const char *const conclusion_names[] = {
	[CONCLUSION_CLEAN] = "clean",     [CONCLUSION_FINDINGS] = "findings",
	[CONCLUSION_PARTIAL] = "partial", [CONCLUSION_SKIPPED] = "skipped",
	[CONCLUSION_FAILED] = "failed",   NULL,
};

const char *const stop_cause_names[] = {
	[STOPPED_NOT] = "not",     [STOPPED_TIME] = "time",     [STOPPED_COST] = "cost",
	[STOPPED_CALLS] = "calls", [STOPPED_SIGNAL] = "signal", NULL,
};

const char *stop_cause_text(enum stop_cause cause)
{
	switch (cause) {
	case STOPPED_TIME:
		return log_setting("time limit reached (timeout-minutes)",
				   "time limit reached (--timeout-minutes)");
	case STOPPED_COST:
		return log_setting("cost limit reached (max-cost-usd)",
				   "cost limit reached (--max-cost-usd)");
	case STOPPED_CALLS:
		return log_setting("max-calls reached", "--max-calls reached");
	case STOPPED_SIGNAL:
		return "stopped by a signal";
	case STOPPED_NOT:
		break;
	}
	return "not stopped";
}

const char *agent_status_name(enum agent_status status)
{
	return agent_status_names[status];
}

const char *conclusion_name(enum conclusion conclusion)
{
	return conclusion_names[conclusion];
}

/* Doubles the array in the arena when it is full. */
static void *with_room(struct arena *arena, void *items, size_t len, size_t *cap, size_t size)
{
	void *grown;

	if (len < *cap)
		return items;
	*cap = *cap ? *cap * 2 : 8;
	grown = arena_alloc(arena, *cap, size);
	if (len)
		memcpy(grown, items, len * size);
	return grown;
}

void review_result_notice(struct review_result *result, const char *fmt, ...)
{
	SCOPED(buf) struct buf raw = BUF_INIT;
	SCOPED(buf) struct buf text = BUF_INIT;
	struct arena *arena = &result->findings.arena;
	va_list args;

	va_start(args, fmt);
	buf_vaddf(&raw, fmt, args);
	va_end(args);
	redact_add(&text, buf_str(&raw));
	for (size_t i = 0; i < result->notices_len; i++) {
		if (str_eq(result->notices[i], buf_str(&text)))
			return;
	}
	result->notices = with_room(arena, result->notices, result->notices_len,
				    &result->notices_cap, sizeof(*result->notices));
	result->notices[result->notices_len++] = arena_str(arena, buf_str(&text));
}

void coverage_skip(struct arena *arena, struct coverage *coverage, struct str path,
		   struct str reason, bool by_rule)
{
	SCOPED(buf) struct buf clean = BUF_INIT;

	redact_add(&clean, reason);
	coverage->skipped = with_room(arena, coverage->skipped, coverage->skipped_len,
				      &coverage->skipped_cap, sizeof(*coverage->skipped));
	coverage->skipped[coverage->skipped_len++] =
		(struct skipped_file){.path = arena_str(arena, path_shown(arena, path)),
				      .reason = arena_str(arena, buf_str(&clean)),
				      .by_rule = by_rule};
}

void review_result_release(struct review_result *result)
{
	if (!result)
		return;
	VEC_RELEASE(&result->unverified);
	VEC_RELEASE(&result->pre_existing);
	VEC_RELEASE(&result->dropped);
	VEC_RELEASE(&result->agents);
	findings_release(&result->findings);
}

void review_result_split(struct review_result *result)
{
	struct findings *findings = &result->findings;
	size_t kept = 0;

	for (size_t i = 0; i < findings->len; i++) {
		if (findings->items[i].unverified)
			VEC_PUSH(&result->unverified, findings->items[i]);
		else if (findings->items[i].pre_existing)
			VEC_PUSH(&result->pre_existing, findings->items[i]);
		else
			findings->items[kept++] = findings->items[i];
	}
	findings->len = kept;
}

static bool skipped_without_rule(const struct coverage *coverage)
{
	for (size_t i = 0; i < coverage->skipped_len; i++) {
		if (!coverage->skipped[i].by_rule)
			return true;
	}
	return false;
}

static bool has_open_finding(const struct findings *findings)
{
	for (size_t i = 0; i < findings->len; i++) {
		if (finding_is_shown(&findings->items[i]))
			return true;
	}
	return false;
}

enum conclusion review_conclude(const struct review_result *result)
{
	size_t failed = 0;
	size_t done = 0;

	for (size_t i = 0; i < result->agents.len; i++) {
		enum agent_status status = result->agents.items[i].status;

		failed += status != AGENT_DONE && status != AGENT_SKIPPED;
		done += status == AGENT_DONE || result->agents.items[i].units_done > 0;
	}
	if (failed && !done && !has_open_finding(&result->findings))
		return CONCLUSION_FAILED;
	if (failed || result->incomplete || result->stopped != STOPPED_NOT ||
	    skipped_without_rule(&result->coverage))
		return CONCLUSION_PARTIAL;
	if (has_open_finding(&result->findings))
		return CONCLUSION_FINDINGS;
	return result->coverage.reviewed ? CONCLUSION_CLEAN : CONCLUSION_SKIPPED;
}

bool agent_has_failed(const struct agent_result *agent)
{
	return agent->status == AGENT_FAILED || agent->status == AGENT_STOPPED;
}

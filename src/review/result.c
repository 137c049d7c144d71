/* The names of what a review can come to, and the end of its result. */
#include "review/result.h"

const char *const agent_status_names[] = {
	[AGENT_WAITING] = "waiting",
	[AGENT_RUNNING] = "running",
	[AGENT_DONE] = "done",
	[AGENT_FAILED] = "failed",
	[AGENT_STOPPED] = "stopped",
	[AGENT_SKIPPED] = "skipped",
	NULL,
};

static const char *const conclusion_names[] = {
	[CONCLUSION_CLEAN] = "clean",     [CONCLUSION_FINDINGS] = "findings",
	[CONCLUSION_PARTIAL] = "partial", [CONCLUSION_SKIPPED] = "skipped",
	[CONCLUSION_FAILED] = "failed",
};

const char *const stop_cause_names[] = {
	[STOPPED_NOT] = "not",     [STOPPED_TIME] = "time",     [STOPPED_COST] = "cost",
	[STOPPED_CALLS] = "calls", [STOPPED_SIGNAL] = "signal", NULL,
};

const char *agent_status_name(enum agent_status status)
{
	return agent_status_names[status];
}

const char *conclusion_name(enum conclusion conclusion)
{
	return conclusion_names[conclusion];
}

void review_result_release(struct review_result *result)
{
	if (!result)
		return;
	VEC_RELEASE(&result->dropped);
	VEC_RELEASE(&result->agents);
	findings_release(&result->findings);
}

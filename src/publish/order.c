/* What is published, and the outcome. */
#include "publish/order.h"

void publish_report_release(struct publish_report *report)
{
	if (!report)
		return;
	VEC_RELEASE(&report->warnings);
	arena_release(&report->arena);
	*report = (struct publish_report){0};
}

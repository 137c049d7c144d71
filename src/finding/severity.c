/* The scale of severities, worst first. */
#include "finding/finding.h"

const char *const severity_names[] = {
	[SEVERITY_CRITICAL] = "critical", [SEVERITY_HIGH] = "high", [SEVERITY_MEDIUM] = "medium",
	[SEVERITY_LOW] = "low",           [SEVERITY_INFO] = "info", [SEVERITY_COUNT] = NULL,
};

const char *severity_name(enum severity severity)
{
	assert((size_t)severity < SEVERITY_COUNT);
	return severity_names[severity];
}

bool severity_parse(struct str name, enum severity *severity)
{
	for (int i = 0; i < SEVERITY_COUNT; i++) {
		if (str_eq(name, str_from(severity_names[i]))) {
			*severity = (enum severity)i;
			return true;
		}
	}
	return false;
}

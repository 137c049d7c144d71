/* The report files of shards. */
#ifndef JOB_REPORTS_H
#define JOB_REPORTS_H

#include "job/join.h"
#include "value/strings.h"

/* What was read; lives in the arena of the call. */
struct report_files {
	struct joined_report *items;
	size_t len;
};

/* Reads the files of these paths; ERROR_USAGE for one that cannot be read, and for none or too many. */
bool reports_read(const struct str *paths, size_t len, struct arena *arena,
		  struct report_files *reports, struct error *err) MUST_USE;

/*
 * Reads the files below `folder` that match one of the globs; links are not followed.  ERROR_USAGE when
 * no glob is given, one is wrong, or none or too many files match.
 */
bool reports_find(const char *folder, const struct strings *globs, struct arena *arena,
		  struct report_files *reports, struct error *err) MUST_USE;

#endif

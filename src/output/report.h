/* The report: one review as JSON, for machines and for joining shards. */
#ifndef OUTPUT_REPORT_H
#define OUTPUT_REPORT_H

#include "output/view.h"
#include "value/value.h"

enum { REPORT_SIZE_MAX = 64 << 20 };

/* What became of the findings to be shown: planned = posted + unchanged + failed. */
struct published_counts {
	int64_t planned, posted, unchanged, failed;
};

struct published_counts published_count(const struct findings *findings);

/*
 * The report as a value tree (`schema_version`, `tool`, `pull_request`, `agents`, `findings`,
 * `coverage`, `dropped`, `published`, `usage`, `cost_usd`, `conclusion`).  `shard` is empty, or "2/4".
 */
struct value *report_value(struct arena *arena, const struct review_view *view, struct str shard);

/*
 * Reads reports back: adds what one holds to `result`, whose arena keeps it.  Every structure is checked;
 * ERROR_CONFIG names the place for a report that outcrop did not write.  `shard` and `commits` (as
 * "HEAD..BASE") are set to what the report says.
 */
bool report_read(const struct value *report, struct review_result *result, struct str *shard,
		 struct str *commits, struct error *err) MUST_USE;

#endif

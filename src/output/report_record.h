/* A report in the form of its file: one table reads and writes each structure. */
#ifndef OUTPUT_REPORT_RECORD_H
#define OUTPUT_REPORT_RECORD_H

#include "value/fields.h"

enum { REPORT_SCHEMA_VERSION = 1 };

/* Numbers stay wide until they are converted. */
struct record_usage {
	int64_t input, output, cache_read, cache_write, cache_write_hour;
};

struct record_error {
	struct str kind, message, code, request_id;
};

struct record_agent {
	struct str name, model, model_id, file, summary, text;
	int status;
	bool required, has_error;
	struct record_error error;
	int64_t files, files_reviewed, units, units_done, calls, attempts, tool_calls,
		tool_calls_refused, refusals, findings;
	double started_seconds, seconds, cost_usd;
	struct record_usage usage;
};

struct record_source {
	struct str agent, model, title;
};

struct record_finding {
	struct str id, path, category, title, body, suggestion, evidence, quoted, placement_reason,
		reason, counter_evidence;
	struct str publish_note, comment_url, reads;
	int64_t line, end_line, votes;
	int side, severity, placement, published;
	bool has_side, has_suggestion, unverified, pre_existing, unchecked, carried, dismissed;
	double confidence;
	struct strings agents, models;
	struct list sources;
};

struct record_skipped {
	struct str path, reason;
	bool by_rule;
};

struct record_coverage {
	int64_t files, reviewed;
	struct list skipped;
};

struct record_pull {
	struct str repository, base, head;
	int64_t number;
};

struct record_tool {
	struct str name, version, reviewer;
};

struct record_counts {
	int64_t planned, posted, unchanged, failed;
};

struct record_report {
	int64_t schema_version, secrets_redacted;
	struct record_tool tool;
	struct record_pull pull_request;
	struct str shard, reviewers;
	int conclusion, stopped;
	bool incomplete;
	struct list agents, findings, dropped;
	struct record_coverage coverage;
	struct record_counts published;
	struct record_usage usage;
	double cost_usd, seconds;
	struct strings notices;
};

extern const struct fields record_report_fields;

#endif

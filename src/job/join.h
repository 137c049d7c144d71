/* Joins the reports of shards into one result. */
#ifndef JOB_JOIN_H
#define JOB_JOIN_H

#include "base/arena.h"
#include "review/result.h"
#include "review/shard.h"

/* One report as its file has it. */
struct joined_report {
	struct str file; /* for messages */
	struct str text;
};

/* The origin of the reports.  Strings live in the arena of join_reports(). */
struct joined {
	struct str name; /* of the reviewer */
	struct str repository;
	int64_t number; /* 0: no pull request */
	struct str head, base;
	struct str reviewers; /* a hash of what reviewed; empty when the reports differ in it */
	int missing;          /* how many shards have no report: the result is then `incomplete` */
};

/*
 * Joins `len` reports, at least one, into `result`, which is zeroed before.  Files of a missing shard are
 * listed as not reviewed, and a notice names the shards.  ERROR_CONFIG for a file that is not a report of outcrop,
 * for a duplicate shard, and for reports of different commits, plans or reviewers.
 */
bool join_reports(const struct joined_report *reports, size_t len, struct arena *arena,
		  struct review_result *result, struct joined *joined, struct error *err) MUST_USE;

#endif

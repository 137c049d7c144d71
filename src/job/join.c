/* Joins the reports of shards into one result. */
#include "job/join.h"

#include "job/settle.h"
#include "output/report.h"
#include "review/coverage.h"
#include "review/redacted.h"
#include "review/shard_merge.h"
#include "value/json.h"

/* The reports during joining. */
struct join {
	const struct joined_report *reports;
	struct review_result *results;
	size_t len;
	struct arena *arena;
	struct str commits, shard; /* of the first report */
	struct shard_name first;   /* len 0: the reports have no shards */
	size_t owner[SHARDS_MAX];  /* 1-based index of the report of each shard; 0: missing */
	struct joined *joined;
};

static struct str reviewer_of(const struct value *report)
{
	struct str name = value_get_string(value_get(report, "tool"), "reviewer");

	return name.len ? name : STR(JOB_NAME_DEFAULT);
}

static void take_place(struct join *pass, const struct value *report)
{
	const struct value *pull = value_get(report, "pull_request");
	struct joined *joined = pass->joined;

	joined->name = reviewer_of(report);
	joined->repository = value_get_string(pull, "repository");
	joined->number = value_get_int(pull, "number", 0);
	joined->head = value_get_string(pull, "head");
	joined->base = value_get_string(pull, "base");
	joined->reviewers = value_get_string(report, "reviewers");
}

/* Notes which shard a report is of; all must be of one plan. */
static bool take_shard(struct join *pass, size_t idx, struct str shard, struct error *err)
{
	const char *other = "a report of a whole review and one of a shard cannot be joined";
	struct shard_name name = {0};
	size_t *owner;

	if (shard.len && !shard_name_parse(shard, &name))
		return error_set(err, ERROR_CONFIG,
				 "shard \"%.*s\" is not an entry of a plan's matrix",
				 STR_ARG(shard));
	if (!idx)
		pass->first = name;
	if (name.len != pass->first.len)
		return error_set(err, ERROR_CONFIG, "%s",
				 name.len && pass->first.len
					 ? "it is of another plan than the first report"
					 : other);
	if (!name.len)
		return true;
	owner = &pass->owner[name.idx - 1];
	if (*owner)
		return error_set(err, ERROR_CONFIG, "shard %d/%d is already in \"%.*s\"", name.idx,
				 name.len, STR_ARG(pass->reports[*owner - 1].file));
	*owner = idx + 1;
	return true;
}

static bool take_report(struct join *pass, size_t idx, struct error *err)
{
	struct value *report =
		json_read(pass->arena, pass->reports[idx].text, REPORT_SIZE_MAX, err);
	struct str shard, commits;
	size_t replaced = 0;

	/* Another job wrote it, perhaps with an older outcrop, or another program. */
	if (report)
		value_redact(pass->arena, report, &replaced);
	if (!report || !report_read(report, &pass->results[idx], &shard, &commits, err)) {
		err->kind = ERROR_CONFIG;
		return false;
	}
	if (!idx) {
		pass->commits = commits;
		take_place(pass, report);
	} else if (!str_eq(commits, pass->commits)) {
		return error_set(
			err, ERROR_CONFIG,
			"it is for other commits (%.*s) than \"%.*s\" (%.*s); run plan and all shards again",
			STR_ARG(commits), STR_ARG(pass->reports[0].file), STR_ARG(pass->commits));
	} else if (!str_eq(reviewer_of(report), pass->joined->name)) {
		return error_set(
			err, ERROR_CONFIG,
			"it is of the reviewer \"%.*s\", \"%.*s\" is of \"%.*s\": merge the reports of each separately",
			STR_ARG(reviewer_of(report)), STR_ARG(pass->reports[0].file),
			STR_ARG(pass->joined->name));
	} else if (!str_eq(value_get_string(report, "reviewers"), pass->joined->reviewers)) {
		pass->joined->reviewers = STR_EMPTY;
	}
	return take_shard(pass, idx, shard, err);
}

static bool in_other_shard(const struct review_result *result, struct str path)
{
	for (size_t i = 0; i < result->coverage.skipped_len; i++) {
		const struct skipped_file *file = &result->coverage.skipped[i];

		if (str_eq(file->path, path))
			return str_eq(file->reason, STR(COVERAGE_OTHER_SHARD));
	}
	return false;
}

static bool in_no_report(const struct join *pass, struct str path)
{
	for (size_t i = 0; i < pass->len; i++) {
		if (!in_other_shard(&pass->results[i], path))
			return false;
	}
	return true;
}

/* Files that every report left to another shard belong to a shard without a report. */
static void miss_files(const struct join *pass, struct review_result *result)
{
	const struct coverage *first = &pass->results[0].coverage;

	for (size_t i = 0; i < first->skipped_len; i++) {
		if (!in_no_report(pass, first->skipped[i].path))
			continue;
		coverage_skip(&result->findings.arena, &result->coverage, first->skipped[i].path,
			      STR("its shard has no report"), false);
		result->coverage.reviewed--;
	}
}

static void note_missing(struct join *pass, struct review_result *result)
{
	SCOPED(buf) struct buf names = BUF_INIT;
	int missing = 0;

	for (int i = 0; i < pass->first.len; i++) {
		if (!pass->owner[i])
			buf_addf(&names, "%s%d/%d", missing++ ? ", " : "", i + 1, pass->first.len);
	}
	pass->joined->missing = missing;
	if (!missing)
		return;
	result->incomplete = true;
	review_result_notice(result, "No report of %s %s: that part of the change is not reviewed.",
			     missing == 1 ? "shard" : "shards", names.ptr);
	miss_files(pass, result);
}

static void join(struct join *pass, struct review_result *result)
{
	const struct review_result **all =
		ARENA_ARRAY(pass->arena, const struct review_result *, pass->len);

	for (size_t i = 0; i < pass->len; i++)
		all[i] = &pass->results[i];
	review_merge(all, pass->len, result);
	note_missing(pass, result);
}

bool join_reports(const struct joined_report *reports, size_t len, struct arena *arena,
		  struct review_result *result, struct joined *joined, struct error *err)
{
	struct join pass = {
		.reports = reports,
		.results = ARENA_ARRAY(arena, struct review_result, len),
		.len = len,
		.arena = arena,
		.joined = joined,
	};
	bool ok = true;

	for (size_t i = 0; ok && i < len; i++)
		ok = take_report(&pass, i, err) ||
		     error_wrap(err, "report \"%.*s\"", STR_ARG(reports[i].file));
	if (ok)
		join(&pass, result);
	for (size_t i = 0; i < len; i++)
		review_result_release(&pass.results[i]);
	return ok;
}

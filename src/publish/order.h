/* What is to be published, and what became of it. */
#ifndef PUBLISH_ORDER_H
#define PUBLISH_ORDER_H

#include "base/buf.h"
#include "base/common.h"
#include "base/error.h"
#include "diff/diff.h"
#include "github/github.h"
#include "github/pull.h"
#include "output/view.h"
#include "publish/previous.h"
#include "publish/reviewed.h"
#include "review/result.h"
#include "source/source.h"

/* All borrowed. */
struct publish_options {
	struct github *github;
	const struct pull *pull;     /* as it was reviewed */
	const struct diff *diff;     /* its whole change at pull->head_commit */
	const struct diff *reviewed; /* the files that this run reviewed; NULL: all of `diff` */
	const struct source *head;   /* files at the head commit; NULL: nothing is found gone */
	struct str run_id;           /* distinguishes this run's review and check run from others */
	bool summary, review, check; /* what the input `publish` asks for */
	struct str sarif;            /* to be uploaded; empty: not */
	struct finding_floor floor;  /* findings below it are not planned */
	enum severity inline_severity; /* less severe ones are in the summary only */
	bool silent_when_clean;      /* no summary of a clean review, unless there is one already */
	int64_t max_inline_comments; /* that are open at a time, those of earlier runs too */
	const struct reviewed *remembered; /* the files that later runs can leave out; NULL: none */
	struct review_view view; /* for the summary; `conclusion` and `result` are filled in */
	bool has_fail_on;
	enum severity fail_on; /* findings as severe as this one fail the check run */
};

/* What was planned, and what became of it: planned = posted + unchanged + failed, always. */
struct publish_report {
	struct arena arena;
	int64_t planned, posted, unchanged, failed;
	int64_t resolved;   /* findings that are gone and were marked so */
	int64_t would_post; /* dry run: what would have been posted */
	bool head_moved;    /* the pull request got new commits during the run */
	struct str summary_url, review_url, check_url;
	struct error error; /* the first thing that could not be posted; kind 0: none */
	struct {
		VEC_FIELDS(struct str);
	} warnings; /* comments that GitHub refused, and the like */
};

void publish_report_release(struct publish_report *report);

#endif

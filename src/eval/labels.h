/* Labels of public review benchmarks, as cases. */
#ifndef EVAL_LABELS_H
#define EVAL_LABELS_H

#include "eval/case.h"

struct label_set {
	struct eval_case *cases; /* without change; `origin` says where it is */
	size_t len;
};

enum { LABELS_SIZE_MAX = 64 << 20 };

/*
 * AACR-Bench (github.com/alibaba/aacr-bench, positive_samples.json and negative_samples.json): valid
 * comments become `expect`, with their category and context; rejected ones become `forbid`.  There,
 * `source_commit` is the base and `target_commit` the reviewed head.  ERROR_PROTOCOL names the place.
 */
bool labels_read_aacr(struct arena *arena, const struct value *value, bool rejected,
		      struct label_set *out, struct error *err) MUST_USE;

/*
 * Martian's golden comments (github.com/withmartian/code-review-benchmark): problems in words, with a
 * severity and without a place, so that only a judge or their words can match them.
 */
bool labels_read_martian(struct arena *arena, const struct value *value, struct label_set *out,
			 struct error *err) MUST_USE;

/* "OWNER/REPO" and the number of a pull request's URL. */
bool labels_pull_request(struct str url, struct str *repository, int64_t *number);

#endif

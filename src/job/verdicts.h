/* Asks a model about findings whose lines match an expected problem but whose words do not. */
#ifndef JOB_VERDICTS_H
#define JOB_VERDICTS_H

#include "job/ask.h"
#include "job/evaluate.h"

enum { JUDGE_PAIRS_MAX = 200 }; /* of one reply; the others stay undecided, which is logged */

/* All borrowed. */
struct judge_request {
	struct ask_request ask; /* the model, and the settings for AWS */
	const char *folder;     /* of the cases; exchanges are kept in its folder ".judge" */
	enum evaluate_mode mode;
	double max_cost_usd; /* of the judge; negative: no limit */
};

struct judge_result {
	size_t pairs, same;
	double cost_usd; /* negative: a price is unknown */
	bool limited;    /* the cost ended it: some pairs are undecided */
};

/*
 * Asks about each undecided pair (see match_undecided()) and adds the verdicts to the replies.  The first call
 * that fails ends it: figures with half of the verdicts would favor the cases that were judged.  ERROR_CONFIG
 * when a recorded exchange is missing.  Waits.
 */
bool judge_run(const struct judge_request *request, struct runtime *runtime,
	       struct evaluation *evaluation, struct judge_result *result,
	       struct error *err) MUST_USE;

#endif

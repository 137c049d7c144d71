/* Estimates a plan's units: tokens, shared prefixes and cost. */
#ifndef REVIEW_ESTIMATE_H
#define REVIEW_ESTIMATE_H

#include "review/unit.h"

/* Estimates all units, forms cohorts and adds up; again when what units are shown has changed. */
void plan_estimate(struct plan *plan, const struct review *review);

/*
 * Under so many tokens of prefix a cohort does not wait for its leader: what reading the cache
 * would save is not worth a model's time to its first byte.  Nor is it written to the cache then,
 * which would cost a quarter more: but by agents with tools, whose next turn reads it.
 */
enum { CACHE_WAIT_TOKENS_MIN = 4096 };

/* What an answer of a findings agent is taken to cost, in tokens, for estimates only. */
enum { ANSWER_TOKENS_ESTIMATE = 600 };

/* The worst that one call can cost in USD: no cache hit, all of max_tokens; negative: unknown. */
double plan_call_cost_max(const struct model *model, int64_t input_tokens, int64_t max_tokens);

#endif

/* Runs the tools that a model calls. */
#ifndef REVIEW_TOOLUSE_H
#define REVIEW_TOOLUSE_H

#include "review/review_run.h"

/* More calls in one turn are refused with a result that says so. */
enum { TOOLUSE_CALLS_MAX = 16 };

/* The reply calls tools that the unit has and does not hold its answer. */
bool tooluse_wanted(const struct unit *unit, const struct reply *reply);

/* How many calls a reply makes of which tooluse_wanted() says false; 0 when it holds the unit's answer. */
size_t tooluse_count_invented(const struct unit *unit, const struct reply *reply);

/*
 * Runs the calls of the reply together, and adds the reply and their results to the chat, with a
 * cache point behind them when the unit is cached.  What is wrong with a call becomes its result;
 * false only when the unit is cancelled.  Waits.
 */
bool tooluse_run(struct review_run *run, const struct unit *unit, struct chat *chat,
		 const struct reply *reply, struct error *err) MUST_USE;

#endif

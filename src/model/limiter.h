/* The pace that a service allows, learned from its refusals. */
#ifndef MODEL_LIMITER_H
#define MODEL_LIMITER_H

#include "base/common.h"

/*
 * One for each (region, model).  It has no clock and does not wait: times are milliseconds that the
 * caller gives, and never decrease.
 *
 * Until the first refusal nothing is limited, but that a burst is sent a little apart at first, so
 * that a refusal can stop its rest.  A refusal says that the service's bucket is empty; from one
 * refusal to a later one, then, the service took exactly what it refilled, so requests accepted
 * over time passed is its rate, and the longer that time, the better it is known.  The pace follows that
 * measurement, a little above it while it is uncertain; after each refusal a pause lets the service
 * gather a token to spare, so that jitter costs no further one.  When nothing was refused for long,
 * the pace grows, and halves when even single requests are refused, down to one a minute.
 */
struct limiter {
	double rate;     /* requests a second; 0: not limited */
	double rate_max; /* configured; 0: none */
	double burst;    /* configured: how many may go at once */
	double level;    /* of the configured bucket */
	double level_at;
	double tokens_rate; /* configured model tokens a millisecond; 0: none */
	double tokens_level;
	double next_at;     /* when the next request may go */
	double first_at;    /* when the first one went; negative: none did */
	double sent;        /* requests not refused so far, those in flight included */
	double cut_at;      /* time of the last refusal that was acted on; negative: none */
	int refused_in_row; /* acted on, without an answer between them */
	bool measured;      /* `rate` is a measurement, not a guess */
	double grown_at;
	struct limiter_mark { /* moments at which the service's bucket was empty */
		double at, sent;
	} marks[8];
	size_t marks_len;
};

/* What the configuration says; 0: nothing. */
void limiter_init(struct limiter *limiter, int64_t requests_per_minute, int64_t tokens_per_minute);

/*
 * How long the next request must still wait; 0: it may go now. `tokens`: of its input and answer.
 */
int64_t limiter_wait_ms(struct limiter *limiter, int64_t now_ms, int64_t tokens);

/* A request goes now. */
void limiter_sent(struct limiter *limiter, int64_t now_ms, int64_t tokens);

/*
 * The request that went at `sent_ms` was refused.  Refusals of requests that were sent before the last
 * cut do not cut again.  `retry_after_ms`: what the service asked for, or 0.
 */
void limiter_refused(struct limiter *limiter, int64_t sent_ms, int64_t now_ms, int64_t tokens,
		     int64_t retry_after_ms);

/* A request was answered; `unused` of its tokens are given back. */
void limiter_answered(struct limiter *limiter, int64_t unused);

#endif

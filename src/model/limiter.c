/* Measures a service's rate between the moments at which its bucket was seen empty. */
#include "model/limiter.h"

#include <math.h>
#include <string.h>

static const double second_ms = 1000;
static const double minute_ms = 60000;

/*
 * Before anything is known this many go at once, and then e times as many in each of these times.
 * What is in flight when the first refusal arrives is then a share of the bucket, however large
 * that is, and a thousand go within 55 ms.
 */
static const double burst_free = 10;
static const double burst_growth_ms = 12;

/* The first guess takes a service's bucket to hold what it refills in this time. */
static const double guessed_bucket_ms = 8000;
static const double guessed_sent_min = 4;

static const double rate_floor = 1.0 / 60; /* requests a second */
static const double guess_growth = 1.25;   /* a request, until the first measurement */
static const double probe_requests = 1.5;  /* how uncertain a count of requests is */
static const double probe_max = 0.25;
static const double spare_requests = 2;  /* the pause after a refusal, in requests */
static const double cut_factor = 0.5;    /* when a refusal measures nothing */
static const double quiet_requests = 30; /* without a refusal for so many: grow */
static const double quiet_growth = 1.1;
static const double mark_age_ms = 180000;

static double gap_ms(const struct limiter *limiter)
{
	return second_ms / limiter->rate;
}

void limiter_init(struct limiter *limiter, int64_t requests_per_minute, int64_t tokens_per_minute)
{
	*limiter = (struct limiter){.first_at = -1, .cut_at = -1};
	if (requests_per_minute > 0) {
		limiter->rate_max = (double)requests_per_minute / 60;
		limiter->rate = limiter->rate_max;
		limiter->burst = MAX_OF((double)requests_per_minute / 6, 1.0);
		limiter->level = limiter->burst;
		limiter->measured = true;
	}
	if (tokens_per_minute > 0) {
		limiter->tokens_rate = (double)tokens_per_minute / minute_ms;
		limiter->tokens_level = (double)tokens_per_minute;
	}
}

/* Refills the configured buckets. */
static void refill(struct limiter *limiter, double now)
{
	double passed = MAX_OF(now - limiter->level_at, 0.0);

	limiter->level_at = now;
	limiter->level =
		MIN_OF(limiter->level + passed * limiter->rate / second_ms, limiter->burst);
	limiter->tokens_level = MIN_OF(limiter->tokens_level + passed * limiter->tokens_rate,
				       limiter->tokens_rate * minute_ms);
}

/* Nothing was refused for a long time: the service may allow more than before. */
static void grow_when_quiet(struct limiter *limiter, double now)
{
	double quiet_ms = quiet_requests * gap_ms(limiter);

	if (limiter->cut_at < 0 || now - limiter->grown_at < quiet_ms)
		return;
	limiter->grown_at = now - quiet_ms * 0.8;
	limiter->rate *= quiet_growth;
	if (limiter->rate_max > 0)
		limiter->rate = MIN_OF(limiter->rate, limiter->rate_max);
}

/* The current interval between requests. */
static double pace_ms(const struct limiter *limiter)
{
	double known = limiter->marks_len ? limiter->sent - limiter->marks[0].sent : 0;
	double probe = MIN_OF(probe_requests / MAX_OF(known, 1.0), probe_max);

	if (limiter->rate_max > 0 && limiter->cut_at < 0)
		return 0; /* the configured bucket paces */
	return gap_ms(limiter) / (1 + probe);
}

int64_t limiter_wait_ms(struct limiter *limiter, int64_t now_ms, int64_t tokens)
{
	double now = (double)now_ms;
	double wait = limiter->next_at - now;

	refill(limiter, now);
	if (limiter->rate_max > 0 && limiter->level < 1)
		wait = MAX_OF(wait, (1 - limiter->level) * gap_ms(limiter));
	if (limiter->tokens_rate > 0) {
		double need = MIN_OF((double)tokens, limiter->tokens_rate * minute_ms);
		wait = MAX_OF(wait, (need - limiter->tokens_level) / limiter->tokens_rate);
	}
	return wait <= 0 ? 0 : (int64_t)ceil(wait);
}

void limiter_sent(struct limiter *limiter, int64_t now_ms, int64_t tokens)
{
	double now = (double)now_ms;
	double from = MAX_OF(now, limiter->next_at);

	if (limiter->first_at < 0)
		limiter->first_at = now;
	limiter->sent++;
	limiter->level -= 1;
	limiter->tokens_level -= (double)tokens;
	if (limiter->rate <= 0) {
		double burst_from = MAX_OF(limiter->next_at, now - 1); /* waits end on whole ms */
		limiter->next_at = limiter->sent < burst_free
					   ? now
					   : burst_from + burst_growth_ms / limiter->sent;
		return;
	}
	grow_when_quiet(limiter, now);
	limiter->next_at = from + pace_ms(limiter);
	if (!limiter->measured)
		limiter->rate *= guess_growth;
}

static void add_mark(struct limiter *limiter, double now)
{
	size_t drop = limiter->marks_len == ARRAY_LEN(limiter->marks);

	while (drop < limiter->marks_len && now - limiter->marks[drop].at > mark_age_ms)
		drop++;
	limiter->marks_len -= drop;
	memmove(limiter->marks, limiter->marks + drop,
		limiter->marks_len * sizeof(*limiter->marks));
	limiter->marks[limiter->marks_len++] = (struct limiter_mark){now, limiter->sent};
}

/* The rate for a service that refused for the first time. */
static double guess(const struct limiter *limiter, double now)
{
	double passed = limiter->first_at < 0 ? 0 : now - limiter->first_at;

	return MAX_OF(limiter->sent, guessed_sent_min) / (passed + guessed_bucket_ms) * second_ms;
}

static void cut(struct limiter *limiter, double now)
{
	const struct limiter_mark *oldest = limiter->marks;
	double accepted = limiter->marks_len ? limiter->sent - oldest->sent : 0;
	double last = limiter->marks_len
			      ? limiter->sent - limiter->marks[limiter->marks_len - 1].sent
			      : 0;

	if (limiter->rate <= 0) {
		limiter->rate = guess(limiter, now);
	} else if (last < 1 || accepted < 3) {
		limiter->rate *= cut_factor;
	} else {
		limiter->rate = accepted / (now - oldest->at) * second_ms;
		limiter->measured = true;
	}
	limiter->rate = MAX_OF(limiter->rate, rate_floor);
}

static double pause_ms(const struct limiter *limiter)
{
	double doubled_ms = second_ms * exp2(MIN_OF(limiter->refused_in_row - 1, 10));

	if (limiter->measured && limiter->refused_in_row <= 1)
		return spare_requests * gap_ms(limiter);
	return MIN_OF(doubled_ms, minute_ms);
}

/* A request that the marks counted as accepted, because it was in flight, was not. */
static void forget(struct limiter *limiter, double sent_at)
{
	limiter->sent--;
	for (size_t i = 0; i < limiter->marks_len; i++) {
		if (limiter->marks[i].at >= sent_at)
			limiter->marks[i].sent--;
	}
}

void limiter_refused(struct limiter *limiter, int64_t sent_ms, int64_t now_ms, int64_t tokens,
		     int64_t retry_after_ms)
{
	double now = (double)now_ms;

	limiter->tokens_level += (double)tokens;
	limiter->next_at = MAX_OF(limiter->next_at, now + (double)retry_after_ms);
	forget(limiter, (double)sent_ms);
	if (limiter->cut_at >= 0 && (double)sent_ms <= limiter->cut_at)
		return;
	limiter->refused_in_row++;
	cut(limiter, now);
	add_mark(limiter, now);
	limiter->cut_at = now;
	limiter->grown_at = now;
	limiter->next_at = MAX_OF(limiter->next_at, now + pause_ms(limiter));
}

void limiter_answered(struct limiter *limiter, int64_t unused)
{
	limiter->refused_in_row = 0;
	limiter->tokens_level += (double)MAX_OF(unused, (int64_t)0);
}

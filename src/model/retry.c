/* The retry loop, and the SDKs' published formulas for its waits and its quota. */
#include "model/retry.h"

#include <math.h>
#include <string.h>

#include "base/log.h"

static const double fault_base_ms = 50;
static const double slow_base_ms = 1000;
static const double patient_least = 0.75, patient_spread = 0.5;
static const double delay_max_ms = 20000;
static const int64_t hint_extra_ms = 5000;

enum {
	COST_FAULT = 14,
	COST_THROTTLED = 5,
	COST_LEGACY = 5,
	COST_LEGACY_TIMEOUT = 10,
	GIVEN_BACK_UNTRIED = 1, /* a call that needed no retry gives back so much */
};

static const struct {
	struct str name;
	enum retry_mode mode;
} mode_names[] = {
	{STR_INIT("adaptive"), RETRY_2_1},
	{STR_INIT("legacy"), RETRY_LEGACY},
	{STR_INIT("standard"), RETRY_2_1},
};

bool retry_mode_parse(struct str name, enum retry_mode *mode)
{
	for (size_t i = 0; i < ARRAY_LEN(mode_names); i++) {
		if (str_eq_nocase(name, mode_names[i].name)) {
			*mode = mode_names[i].mode;
			return true;
		}
	}
	return false;
}

void retry_quota_init(struct retry_quota *quota)
{
	quota->left = RETRY_QUOTA_INITIAL;
}

/* What happens after a failed attempt. */
enum retry_class {
	RETRY_NEVER,
	RETRY_FAULT,     /* resets, 408, 424, 5xx, cut streams... */
	RETRY_THROTTLED, /* slow down */
};

static enum retry_class retry_classify(const struct error *err)
{
	switch (err->kind) {
	case ERROR_THROTTLED:
		return RETRY_THROTTLED;
	case ERROR_SERVER:
	case ERROR_NETWORK:
	case ERROR_TIMEOUT:
	case ERROR_PROTOCOL:
		return RETRY_FAULT;
	default:
		return RETRY_NEVER;
	}
}

int retry_cost(enum retry_mode mode, const struct error *err)
{
	if (mode == RETRY_LEGACY)
		return err->kind == ERROR_TIMEOUT ? COST_LEGACY_TIMEOUT : COST_LEGACY;
	return err->kind == ERROR_THROTTLED ? COST_THROTTLED : COST_FAULT;
}

int64_t retry_delay_ms(enum retry_mode mode, const struct error *err, int retry, double unit)
{
	bool slow = mode != RETRY_2_1 || err->kind == ERROR_THROTTLED;
	double base = slow ? slow_base_ms : fault_base_ms;
	double ceiling = MIN_OF(base * exp2(MIN_OF(retry - 1, 30)), delay_max_ms);
	double factor = mode == RETRY_PATIENT ? patient_least + unit * patient_spread : unit;
	int64_t delay = (int64_t)(factor * ceiling);

	if (mode != RETRY_LEGACY && err->retry_after_ms > delay)
		delay = MIN_OF(err->retry_after_ms, delay + hint_extra_ms);
	return delay;
}

/* The network, or the server by its status: what passes within seconds. */
static bool passes(const struct error *err)
{
	return err->kind == ERROR_NETWORK || err->kind == ERROR_TIMEOUT ||
	       (err->kind == ERROR_SERVER && (err->http_status == 0 || err->http_status >= 500));
}

static int faults_max(enum retry_mode mode, const struct error *err)
{
	return mode == RETRY_PATIENT && passes(err) ? RETRY_ATTEMPTS_PATIENT
						    : RETRY_ATTEMPTS_DEFAULT;
}

/* One call with its attempts. */
struct retried_call {
	const struct retried_model *model;
	const struct watch *watch;
	int attempt; /* of the one that ends, 1-based */
	int faults;
	int cost; /* what the last retry took from the quota */
	char id[RANDOM_UUID_LEN + 1];
};

static void call_begin(struct retried_call *call, const struct retried_model *model)
{
	*call = (struct retried_call){.model = model};
	random_uuid(model->random, call->id);
}

/* The next attempt, in the SDKs' terms. Waiting for the end of throttling has no limit of attempts. */
static struct chat_attempt next_attempt(struct retried_call *call)
{
	int usual = call->model->mode == RETRY_PATIENT ? RETRY_ATTEMPTS_PATIENT
						       : RETRY_ATTEMPTS_DEFAULT;
	int max = call->model->attempts_max ? call->model->attempts_max : usual;
	struct chat_attempt attempt = {.number = ++call->attempt};

	attempt.max = attempt.number <= max ? max : 0;
	memcpy(attempt.invocation_id, call->id, sizeof(call->id));
	return attempt;
}

static bool attempts_left(const struct retried_call *call, enum retry_class class,
			  const struct error *err)
{
	int max = call->model->attempts_max;

	if (max > 0)
		return call->attempt < max;
	if (call->model->has_fallback && class == RETRY_THROTTLED)
		return call->model->gate->limiter.refused_in_row < RETRY_REFUSALS_MAX;
	return class == RETRY_THROTTLED || call->faults < faults_max(call->model->mode, err);
}

static bool take_quota(struct retried_call *call, const struct error *err)
{
	int cost = retry_cost(call->model->mode, err);

	if (call->model->quota->left < cost)
		return false;
	call->model->quota->left -= cost;
	call->cost = cost;
	return true;
}

static void give_back(const struct retried_call *call)
{
	struct retry_quota *quota = call->model->quota;

	quota->left += call->cost ? call->cost : GIVEN_BACK_UNTRIED;
	quota->left = MIN_OF(quota->left, (int)RETRY_QUOTA_INITIAL);
}

static bool is_final(const struct retried_call *call)
{
	const struct watch *watch = call->watch;

	return group_is_cancelled(task_group()) ||
	       (watch && watch->committed && watch->committed(watch->ctx));
}

/*
 * After a failed attempt: waits and returns true when another is due.  False leaves the error unchanged, except
 * that the number of attempts is put in front when there were several; or it is why the wait was cut short.
 */
static bool again(struct retried_call *call, struct error *err)
{
	const struct retried_model *model = call->model;
	enum retry_class class = retry_classify(err);
	int64_t delay;
	bool may;

	call->faults += class == RETRY_FAULT;
	may = class != RETRY_NEVER && !is_final(call) && attempts_left(call, class, err);
	if (may && (class == RETRY_FAULT || model->attempts_max > 0))
		may = take_quota(call, err);
	if (!may) {
		if (call->attempt > 1)
			error_wrap(err, "after %d attempts", call->attempt);
		return false;
	}
	delay = class == RETRY_THROTTLED
			? gate_wait_ms(model->gate) /* the gate itself keeps the call waiting */
			: retry_delay_ms(model->mode, err, call->faults,
					 random_unit(model->random));
	log_debug("model", "attempt %d failed, the next in %lld ms: %s", call->attempt,
		  (long long)delay, err->message);
	if (call->watch && call->watch->attempt)
		call->watch->attempt(call->watch->ctx, call->attempt, err, delay);
	return class != RETRY_FAULT || task_sleep(delay, err);
}

static bool retry_ask(void *ctx, const struct chat *chat, const struct watch *watch,
		      struct reply *reply, struct error *err)
{
	struct chat tried = *chat;
	struct retried_call call;

	call_begin(&call, ctx);
	call.watch = watch;
	for (;;) {
		tried.origin.attempt = next_attempt(&call);
		if (model_ask(call.model->inner, &tried, watch, reply, err)) {
			give_back(&call);
			reply->attempts = call.attempt;
			return true;
		}
		if (!again(&call, err))
			return false;
		*err = (struct error){0};
	}
}

static bool retry_embed(void *ctx, struct arena *arena, const struct embed_request *request,
			struct embed_reply *reply, struct error *err)
{
	struct embed_request tried = *request;
	struct retried_call call;

	call_begin(&call, ctx);
	for (;;) {
		tried.origin.attempt = next_attempt(&call);
		if (model_embed(call.model->inner, arena, &tried, reply, err)) {
			give_back(&call);
			return true;
		}
		if (!again(&call, err))
			return false;
		*err = (struct error){0};
	}
}

static bool retry_count(void *ctx, const struct chat *chat, int64_t *tokens, bool *estimated,
			struct error *err)
{
	struct chat tried = *chat;
	struct retried_call call;

	call_begin(&call, ctx);
	for (;;) {
		tried.origin.attempt = next_attempt(&call);
		if (model_count(call.model->inner, &tried, tokens, estimated, err)) {
			give_back(&call);
			return true;
		}
		if (!again(&call, err))
			return false;
		*err = (struct error){0};
	}
}

const struct model_ops retry_ops = {.ask = retry_ask, .embed = retry_embed, .count = retry_count};

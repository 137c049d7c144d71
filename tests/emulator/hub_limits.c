/* GitHub's limits: requests an hour, content a minute, and the headers that tell of them. */
#include "hub_limits.h"

enum { LIMIT = 5000, HOUR_S = 3600, MINUTE_S = 60, CREATIONS = 80 };

void hub_limits_init(struct hub_limits *limits, const struct value *scenario)
{
	const struct value *primary = value_get(scenario, "rate_limit");
	const struct value *secondary = value_get(scenario, "secondary_limit");
	int64_t scale = MAX_OF(value_get_int(scenario, "clock_scale", 1), 1);
	int64_t window_ms = value_get_int(primary, "reset_seconds", HOUR_S) * 1000 / scale;

	*limits = (struct hub_limits){
		.core = {.resource = "core",
			 .limit = value_get_int(primary, "limit", LIMIT),
			 .window_ms = window_ms},
		.graphql = {.resource = "graphql",
			    .limit = value_get_int(primary, "graphql", LIMIT),
			    .window_ms = window_ms},
		.creations = {.limit = value_get_int(secondary, "creations", CREATIONS),
			      .window_ms =
				      value_get_int(secondary, "seconds", MINUTE_S) * 1000 / scale},
		.scale = scale,
		.retry_after = value_get_int(secondary, "retry_after", 0),
		.status = (int)value_get_int(primary, "status", 403),
	};
}

static void header(struct request *request, struct answer *answer, const char *name, int64_t value)
{
	answer_header(answer, str_from(name),
		      arena_printf(&request->arena, "%lld", (long long)value));
}

/* Counts against a budget; false when it was used up before. */
static bool take(struct hub_budget *budget, int64_t now_ms)
{
	if (budget->ends_ms && now_ms >= budget->ends_ms) {
		budget->ends_ms = 0;
		budget->used = 0;
	}
	if (budget->used < budget->limit) {
		budget->used++;
		return true;
	}
	if (!budget->ends_ms)
		budget->ends_ms = now_ms + budget->window_ms;
	return false;
}

/* The same, and tells of it in headers. */
static bool spend(struct hub_limits *limits, struct hub_budget *budget, struct request *request,
		  struct answer *answer)
{
	int64_t now_ms = request->at_ms;
	bool passes = take(budget, now_ms);
	int64_t left_ms = budget->ends_ms ? budget->ends_ms - now_ms : budget->window_ms;

	header(request, answer, "x-ratelimit-limit", budget->limit);
	header(request, answer, "x-ratelimit-remaining", budget->limit - budget->used);
	header(request, answer, "x-ratelimit-used", budget->used);
	header(request, answer, "x-ratelimit-reset", (now_ms + left_ms * limits->scale) / 1000);
	answer_header(answer, STR("x-ratelimit-resource"), str_from(budget->resource));
	return passes;
}

static bool makes_content(const struct request *request)
{
	return str_eq(request->method, STR("POST")) &&
	       (str_contains(request->path, STR("/comments")) ||
		str_contains(request->path, STR("/reviews")));
}

/* False when as much content was made as may be. */
static bool create(struct hub_limits *limits, const struct request *request)
{
	return !limits->creations.limit || !makes_content(request) ||
	       take(&limits->creations, request->at_ms);
}

static void refuse(struct answer *answer, int status, const char *body)
{
	answer_text(answer, status, STR("application/json; charset=utf-8"), str_from(body));
}

bool hub_limits_admit(struct hub_limits *limits, struct request *request, bool is_graphql,
		      struct answer *answer)
{
	if (is_graphql) {
		if (spend(limits, &limits->graphql, request, answer))
			return true;
		refuse(answer, 200,
		       "{\"errors\":[{\"type\":\"RATE_LIMIT\",\"code\":\"graphql_rate_limit\",\"message\":\"API rate limit already exceeded for installation ID 1.\"}]}");
		return false;
	}
	if (!spend(limits, &limits->core, request, answer)) {
		refuse(answer, limits->status,
		       "{\"message\":\"API rate limit exceeded for installation ID 1.\",\"documentation_url\":\"https://docs.github.com/rest/overview/rate-limits-for-the-rest-api\"}");
		return false;
	}
	if (create(limits, request))
		return true;
	if (limits->retry_after)
		header(request, answer, "retry-after", limits->retry_after);
	refuse(answer, 403,
	       "{\"message\":\"You have exceeded a secondary rate limit. Please wait a few minutes before you try again.\",\"documentation_url\":\"https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits\"}");
	return false;
}

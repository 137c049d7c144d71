/* Inside of the client: turns GitHub's answers into errors or waits. */
#ifndef GITHUB_ANSWER_H
#define GITHUB_ANSWER_H

#include "base/arena.h"
#include "base/error.h"
#include "http/http.h"
#include "value/value.h"

/* What was asked, for messages and for the permission that it needs. */
struct asked {
	const char *method;
	struct str path;  /* without the API's own prefix; "/graphql" for GraphQL */
	bool is_mutation; /* GraphQL */
};

/* Fills `err` for a status that is neither 2xx nor 304.  `json` may be NULL.  Always false. */
bool answer_error(const struct asked *asked, const struct http_response *response,
		  const struct value *json, struct error *err);

/* The same for a GraphQL answer with `errors`; false when there are some. */
bool answer_graphql_error(const struct asked *asked, const struct http_response *response,
			  const struct value *json, struct error *err) MUST_USE;

/*
 * How long the server asks to wait before the request is sent again, in ms; 0 when this is not a rate
 * limit.  `nth` counts the waits of this call so far.  `now_ms` is wall time, for an answer without a
 * Date.  Sources: GitHub docs, "Rate limits for the REST API", "Exceeding the rate limit".
 */
int64_t answer_rate_wait(const struct http_response *response, const struct value *json, int nth,
			 int64_t now_ms);

/* Whether a status is transient (408, 500, 502, 503, 504). */
bool answer_is_fault(int status);

/* The URL of rel="next" in a Link header (RFC 8288), or empty; borrowed from `link`. */
struct str answer_next_link(struct str link);

#endif

/* Reads from the service when a model retires. */
#include "bedrock/lifecycle.h"

#include "aws/call.h"
#include "base/encode.h"
#include "bedrock/model_id.h"
#include "value/json.h"

enum { CONNECT_TIMEOUT_MS = 3000, TOTAL_TIMEOUT_MS = 10000, DATE_LEN = 10 };

bool lifecycle_can_read(const struct aws_session *session)
{
	return !session->bedrock_url.len || session->control_url.len;
}

/* "2027-04-08T00:00:00Z": people plan by days. */
static struct str day_of(struct str time)
{
	return time.len >= DATE_LEN ? str_slice(time, 0, DATE_LEN) : STR_EMPTY;
}

static bool take_answer(struct str text, struct arena *arena, struct model_lifecycle *lifecycle,
			struct error *err)
{
	const struct value *answer = json_read(arena, text, 0, err);
	const struct value *found;

	if (!answer)
		return false;
	found = value_get(value_get(answer, "modelDetails"), "modelLifecycle");
	*lifecycle = (struct model_lifecycle){
		.legacy = str_eq(value_get_string(found, "status"), STR("LEGACY")),
		.end_of_life = day_of(value_get_string(found, "endOfLifeTime")),
	};
	return true;
}

bool lifecycle_read(struct bedrock *bedrock, struct arena *arena, struct model_lifecycle *lifecycle,
		    struct error *err)
{
	SCOPED(buf) struct buf url = BUF_INIT;
	SCOPED(http_response) struct http_response response = {0};
	const struct aws_session *session = bedrock->session;
	struct str base = model_id_base(bedrock->model.id);
	const struct endpoint_options options = {
		.region = bedrock->endpoint.signing_region,
		.custom_url = session->control_url,
		.fips = session->fips,
		.dual_stack = session->dual_stack,
	};
	struct http_request request = {
		.method = "GET",
		.connect_timeout_ms = CONNECT_TIMEOUT_MS,
		.total_timeout_ms = TOTAL_TIMEOUT_MS,
	};
	struct endpoint endpoint;
	bool ok;

	if (str_starts(base, STR("arn:")))
		return error_set(err, ERROR_NOT_FOUND, "\"%.*s\" does not name its model",
				 STR_ARG(base));
	if (!endpoint_resolve(arena, AWS_BEDROCK, &options, &endpoint, err))
		return false;
	buf_addf(&url, "%.*s/foundation-models/", STR_ARG(endpoint.url));
	percent_add(&url, base, NULL);
	request.url = buf_str(&url);
	http_header_add(&request.headers, STR("Accept"), STR("application/json"));
	ok = bedrock_authorize(bedrock, &endpoint, arena, &request, err) &&
	     call_send(session->http, &request, &response, err) &&
	     take_answer(buf_str(&response.body), arena, lifecycle, err);
	http_headers_release(&request.headers);
	return ok;
}

/* Signatures, held to those of botocore. */
#include "aws/sigv4.h"

#include "base/clock.h"
#include "unit.h"
#include "vectors.h"

enum { HEADERS_MAX = 16 };

/* A request of the vectors, without its scheme. */
static void read_request(const struct value *vector, struct http_header *headers,
			 struct sigv4_request *request)
{
	const struct value *given = value_get(vector, "headers");
	struct str rest = str_skip(value_get_string(vector, "url"), STR("https://").len);
	size_t slash = (size_t)str_find_char(rest, '/', 0);

	*request = (struct sigv4_request){
		.method = value_get_string(vector, "method"),
		.path = str_skip(rest, slash),
		.headers = headers,
		.body = value_get_string(vector, "body"),
	};
	headers[request->headers_len++] =
		(struct http_header){STR("Host"), str_slice(rest, 0, slash)};
	for (size_t i = 0; i < value_len(given); i++) {
		ck_assert_uint_lt(request->headers_len, HEADERS_MAX);
		headers[request->headers_len++] =
			(struct http_header){given->object.members[i].name,
					     value_as_string(given->object.members[i].value)};
	}
	str_cut(str_skip(rest, slash), STR("?"), &request->path, &request->query);
}

/* Requests of general use, and paths of models, which are encoded once on the wire and again when signing. */
TEST(signs_as_botocore_does)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	const struct value *vectors = value_get(vectors_json(&arena, "sigv4.json"), "vectors");

	ck_assert_uint_ge(value_len(vectors), 26);
	for (size_t i = 0; i < value_len(vectors); i++) {
		const struct value *vector = value_at(vectors, i);
		struct str name = value_get_string(vector, "name");
		SCOPED(buf) struct buf canonical = BUF_INIT;
		struct http_header given[HEADERS_MAX];
		struct sigv4_request request;
		struct sigv4_headers headers;
		struct sigv4_signer signer = {
			.access_key_id = value_get_string(vector, "access_key_id"),
			.secret_access_key = value_get_string(vector, "secret_access_key"),
			.session_token = value_get_string(vector, "token"),
			.region = value_get_string(vector, "region"),
			.service = value_get_string(vector, "service"),
		};

		ck_assert(time_parse(value_get_string(vector, "timestamp"), &signer.wall_ms));
		read_request(vector, given, &request);
		sigv4_canonical_request(&canonical, &signer, &request);
		ck_assert_msg(str_eq(buf_str(&canonical),
				     value_get_string(vector, "canonical_request")),
			      "%.*s: %s", STR_ARG(name), canonical.ptr);
		sigv4_sign(&arena, &signer, &request, &headers);
		ck_assert_msg(str_eq(headers.authorization,
				     value_get_string(vector, "authorization")),
			      "%.*s: %.*s", STR_ARG(name), STR_ARG(headers.authorization));
		ck_assert_str_is(headers.security_token, signer.session_token);
	}
}

TEST(leaves_out_headers_that_proxies_change)
{
	SCOPED(buf) struct buf canonical = BUF_INIT;
	const struct http_header headers[] = {
		{STR("Host"), STR("h")},
		{STR("Connection"), STR("keep-alive")},
		{STR("User-Agent"), STR("x")},
		{STR("Proxy-Authorization"), STR("x")},
		{STR("X-Amzn-Trace-Id"), STR("x")},
		{STR("baggage"), STR("x")},
		{STR("traceparent"), STR("x")},
		{STR("TraceState"), STR("x")},
	};
	struct sigv4_request request = {
		.method = STR("GET"), .headers = headers, .headers_len = ARRAY_LEN(headers)};
	struct sigv4_signer signer = {.region = STR("r"), .service = STR("s")};

	sigv4_canonical_request(&canonical, &signer, &request);
	ck_assert(str_contains(buf_str(&canonical), STR("\nhost;x-amz-date\n")));
}

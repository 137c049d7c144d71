/* Signatures, held to the official vectors and to some of Bedrock's own paths. */
#include "aws/sigv4.h"

#include "base/clock.h"
#include "shared.h"
#include "unit.h"

enum { HEADERS_MAX = 16 };

/* One request as its file writes it. */
struct sample {
	struct http_header headers[HEADERS_MAX];
	struct sigv4_request request;
};

/* "GET /path?query HTTP/1.1", headers, an empty line, the body. */
static void sample_read(struct arena *arena, struct str text, struct sample *sample)
{
	struct str line, head, target;

	ck_assert(str_next_line(&text, &line, NULL));
	line = str_trim(line);
	ck_assert(str_cut(line, STR(" "), &sample->request.method, &head));
	target = str_slice(head, 0, (size_t)str_rfind_char(head, ' '));
	sample->request.path = target;
	str_cut(target, STR("?"), &sample->request.path, &sample->request.query);

	while (str_next_line(&text, &line, NULL) && line.len) {
		struct http_header *header = &sample->headers[sample->request.headers_len];

		if (line.ptr[0] == ' ') { /* the header goes on */
			header--;
			header->value = arena_printf(arena, "%.*s\n%.*s", STR_ARG(header->value),
						     STR_ARG(line));
			continue;
		}
		ck_assert(str_cut(line, STR(":"), &header->name, &header->value));
		ck_assert(++sample->request.headers_len < HEADERS_MAX);
	}
	sample->request.headers = sample->headers;
	sample->request.body = text;
}

static struct sigv4_signer signer_read(const struct value *context)
{
	const struct value *keys = value_get(context, "credentials");
	struct sigv4_signer signer = {
		.access_key_id = value_get_string(keys, "access_key_id"),
		.secret_access_key = value_get_string(keys, "secret_access_key"),
		.session_token = value_get_string(keys, "token"),
		.region = value_get_string(context, "region"),
		.service = value_get_string(context, "service"),
		.keep_path = !value_get_bool(context, "normalize", true),
		.sign_content_hash = value_get_bool(context, "sign_body", false),
		.leave_token_unsigned = value_get_bool(context, "omit_session_token", false),
	};

	ck_assert(time_parse(value_get_string(context, "timestamp"), &signer.wall_ms));
	return signer;
}

static struct str case_file(struct arena *arena, struct str name, const char *file)
{
	struct str path = arena_printf(arena, "sigv4/v4/%.*s/%s", STR_ARG(name), file);

	return shared_file(arena, path.ptr);
}

TEST(agrees_with_the_official_vectors)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct shared_names names;

	if (!unit_shared_data())
		return;
	names = shared_folder(&arena, "sigv4/v4");
	ck_assert_uint_eq(names.len, 38);
	for (size_t i = 0; i < names.len; i++) {
		SCOPED(arena) struct arena memory = ARENA_INIT;
		SCOPED(buf) struct buf canonical = BUF_INIT;
		struct str context = arena_printf(&memory, "sigv4/v4/%.*s/context.json",
						  STR_ARG(names.items[i]));
		struct sigv4_signer signer = signer_read(shared_json(&memory, context.ptr));
		struct sample sample = {0};
		struct sigv4_headers headers;
		struct str signature = case_file(&memory, names.items[i], "header-signature.txt");

		sample_read(&memory, case_file(&memory, names.items[i], "request.txt"), &sample);
		sigv4_canonical_request(&canonical, &signer, &sample.request);
		ck_assert_str_is(buf_str(&canonical), case_file(&memory, names.items[i],
								"header-canonical-request.txt"));
		sigv4_sign(&memory, &signer, &sample.request, &headers);
		ck_assert_msg(str_ends(headers.authorization, str_trim(signature)), "%.*s",
			      STR_ARG(names.items[i]));
		ck_assert_str_is(headers.security_token, signer.session_token);
		ck_assert_int_eq(headers.content_hash.len == 64, signer.sign_content_hash);
	}
}

TEST(encodes_the_path_of_a_model_once_on_the_wire_and_again_when_signing)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct value *vectors;

	if (!unit_shared_data())
		return;
	vectors = value_get(shared_json(&arena, "sigv4/bedrock-derived/vectors.json"), "vectors");
	ck_assert_uint_eq(value_len(vectors), 13);
	for (size_t i = 0; i < value_len(vectors); i++) {
		const struct value *vector = value_at(vectors, i);
		const struct value *given = value_get(vector, "headers_in");
		struct str url = value_get_string(vector, "url"), host, scheme;
		SCOPED(buf) struct buf canonical = BUF_INIT;
		struct sample sample = {0};
		struct sigv4_headers headers;
		struct sigv4_signer signer = {
			.access_key_id = value_get_string(vector, "access_key_id"),
			.secret_access_key = value_get_string(vector, "secret_access_key"),
			.session_token = value_get_string(vector, "session_token"),
			.region = value_get_string(vector, "region"),
			.service = value_get_string(vector, "service"),
		};
		struct str stamp = value_get_string(vector, "timestamp");
		struct str iso = arena_printf(&arena, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", stamp.ptr,
					      stamp.ptr + 4, stamp.ptr + 6, stamp.ptr + 9,
					      stamp.ptr + 11, stamp.ptr + 13);

		ck_assert(time_parse(iso, &signer.wall_ms));
		ck_assert(str_cut(url, STR("://"), &scheme, &host));
		sample.request.path = str_skip(host, (size_t)str_find_char(host, '/', 0));
		host = str_slice(host, 0, (size_t)str_find_char(host, '/', 0));
		sample.request.method = value_get_string(vector, "method");
		sample.request.body = value_get_string(vector, "body");
		sample.request.headers = sample.headers;
		sample.headers[sample.request.headers_len++] =
			(struct http_header){STR("Host"), host};
		for (size_t j = 0; j < value_len(given); j++)
			sample.headers[sample.request.headers_len++] = (struct http_header){
				given->object.members[j].name,
				value_as_string(given->object.members[j].value)};

		sigv4_canonical_request(&canonical, &signer, &sample.request);
		ck_assert_str_is(buf_str(&canonical),
				 value_get_string(vector, "canonical_request"));
		sigv4_sign(&arena, &signer, &sample.request, &headers);
		ck_assert_str_is(headers.authorization, value_get_string(vector, "authorization"));
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

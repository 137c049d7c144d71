/* Signatures of AWS requests, Signature Version 4, in the Authorization header. */
#include "aws/sigv4.h"

#include <stdlib.h>

#include "base/ascii.h"
#include "base/clock.h"
#include "base/encode.h"
#include "base/hash.h"
#include "base/secret.h"
#include "base/vec.h"

/* Headers that proxies change, add or remove, so they are never signed. Sorted. */
static const struct str unsigned_headers[] = {
	STR_INIT("baggage"),    STR_INIT("connection"), STR_INIT("expect"),
	STR_INIT("keep-alive"), STR_INIT("te"),         STR_INIT("traceparent"),
	STR_INIT("tracestate"), STR_INIT("trailer"),    STR_INIT("transfer-encoding"),
	STR_INIT("upgrade"),    STR_INIT("user-agent"), STR_INIT("x-amzn-trace-id"),
};

/* A header or a parameter of the query, ready to be sorted. */
struct sigv4_pair {
	struct str name, value;
	size_t place; /* equal names stay in the order of the request */
};

struct sigv4_pairs {
	VEC_FIELDS(struct sigv4_pair);
};

static int compare_headers(const void *a, const void *b)
{
	const struct sigv4_pair *left = a, *right = b;
	int order = str_cmp(left->name, right->name);

	if (order)
		return order;
	return left->place < right->place ? -1 : left->place > right->place;
}

static int compare_parameters(const void *a, const void *b)
{
	const struct sigv4_pair *left = a, *right = b;
	int order = str_cmp(left->name, right->name);

	return order ? order : str_cmp(left->value, right->value);
}

static bool is_signed(struct str lower_name)
{
	if (str_starts(lower_name, STR("proxy-")))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(unsigned_headers); i++) {
		if (str_eq(lower_name, unsigned_headers[i]))
			return false;
	}
	return true;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Trimmed, with each run of white space as one space. */
static void add_header_value(struct buf *out, struct str value)
{
	value = str_trim(value);
	for (size_t i = 0; i < value.len; i++) {
		if (!is_space(value.ptr[i]))
			buf_add_char(out, value.ptr[i]);
		else if (!is_space(value.ptr[i - 1]))
			buf_add_char(out, ' ');
	}
}

/* RFC 3986, 5.2.4, and empty segments dropped as well. */
static void add_normal_path(struct buf *out, struct str path)
{
	struct str rest = path, segment;
	bool ends_open = true; /* the last segment names a folder: a '/' follows it */

	while (str_next_part(&rest, '/', &segment)) {
		ends_open =
			segment.len == 0 || str_eq(segment, STR(".")) || str_eq(segment, STR(".."));
		if (str_eq(segment, STR(".."))) {
			ptrdiff_t slash = str_rfind_char(buf_str(out), '/');

			buf_set_len(out, slash < 0 ? 0 : (size_t)slash);
		} else if (!ends_open) {
			buf_add_char(out, '/');
			buf_add(out, segment);
		}
	}
	if (ends_open)
		buf_add_char(out, '/');
}

static void add_canonical_path(struct buf *out, const struct sigv4_signer *signer, struct str path)
{
	SCOPED(buf) struct buf normal = BUF_INIT;

	if (signer->keep_path)
		buf_add(&normal, path.len ? path : STR("/"));
	else
		add_normal_path(&normal, path);
	percent_add(out, buf_str(&normal), "/");
}

/* Decodes and encodes again, so that both spellings give the same signature. */
static struct str encode_again(struct arena *arena, struct str text)
{
	SCOPED(buf) struct buf decoded = BUF_INIT;
	SCOPED(buf) struct buf encoded = BUF_INIT;

	percent_decode(text, &decoded);
	percent_add(&encoded, buf_str(&decoded), NULL);
	return arena_str(arena, buf_str(&encoded));
}

static void add_canonical_query(struct buf *out, struct arena *arena, struct str query)
{
	struct sigv4_pairs pairs = {0};
	struct str rest = query, part;

	while (str_next_part(&rest, '&', &part)) {
		struct str name = part, value = STR_EMPTY;

		if (part.len == 0)
			continue;
		if (!str_cut(part, STR("="), &name, &value))
			name = part;
		VEC_PUSH(&pairs, (struct sigv4_pair){.name = encode_again(arena, name),
						     .value = encode_again(arena, value)});
	}
	if (pairs.len)
		qsort(pairs.items, pairs.len, sizeof(pairs.items[0]), compare_parameters);
	for (size_t i = 0; i < pairs.len; i++) {
		if (i)
			buf_add_char(out, '&');
		buf_add(out, pairs.items[i].name);
		buf_add_char(out, '=');
		buf_add(out, pairs.items[i].value);
	}
	VEC_RELEASE(&pairs);
}

static struct str body_hash(struct arena *arena, const struct sigv4_request *request)
{
	SCOPED(buf) struct buf hex = BUF_INIT;
	struct sha256 digest = request->body_digest
				       ? *request->body_digest
				       : sha256_of_both(request->body, request->body_end);

	hex_add(&hex, sha256_str(&digest));
	return arena_str(arena, buf_str(&hex));
}

/* Those of the caller and those that signing adds, sorted. */
static void collect_headers(struct sigv4_pairs *pairs, struct arena *arena,
			    const struct sigv4_signer *signer, const struct sigv4_request *request)
{
	for (size_t i = 0; i < request->headers_len; i++) {
		struct str name = arena_lower(arena, request->headers[i].name);

		if (is_signed(name))
			VEC_PUSH(pairs,
				 (struct sigv4_pair){name, request->headers[i].value, pairs->len});
	}
	VEC_PUSH(pairs, (struct sigv4_pair){STR("x-amz-date"), time_basic(arena, signer->wall_ms),
					    pairs->len});
	if (signer->session_token.len && !signer->leave_token_unsigned)
		VEC_PUSH(pairs, (struct sigv4_pair){STR("x-amz-security-token"),
						    signer->session_token, pairs->len});
	if (signer->sign_content_hash)
		VEC_PUSH(pairs, (struct sigv4_pair){STR("x-amz-content-sha256"),
						    body_hash(arena, request), pairs->len});
	qsort(pairs->items, pairs->len, sizeof(pairs->items[0]), compare_headers);
}

static void add_header_lines(struct buf *out, const struct sigv4_pairs *pairs)
{
	for (size_t i = 0; i < pairs->len; i++) {
		bool again = i && str_eq(pairs->items[i].name, pairs->items[i - 1].name);

		if (again) {
			/* Replaces the line break: values of one name are joined. */
			buf_set_len(out, out->len - 1);
			buf_add_char(out, ',');
		} else {
			buf_add(out, pairs->items[i].name);
			buf_add_char(out, ':');
		}
		add_header_value(out, pairs->items[i].value);
		buf_add_char(out, '\n');
	}
}

static void add_header_names(struct buf *out, const struct sigv4_pairs *pairs)
{
	for (size_t i = 0; i < pairs->len; i++) {
		if (i && str_eq(pairs->items[i].name, pairs->items[i - 1].name))
			continue;
		if (i)
			buf_add_char(out, ';');
		buf_add(out, pairs->items[i].name);
	}
}

static void add_canonical_request(struct buf *out, struct arena *arena,
				  const struct sigv4_signer *signer,
				  const struct sigv4_request *request,
				  const struct sigv4_pairs *pairs)
{
	buf_add(out, request->method);
	buf_add_char(out, '\n');
	add_canonical_path(out, signer, request->path);
	buf_add_char(out, '\n');
	add_canonical_query(out, arena, request->query);
	buf_add_char(out, '\n');
	add_header_lines(out, pairs);
	buf_add_char(out, '\n');
	add_header_names(out, pairs);
	buf_add_char(out, '\n');
	buf_add(out, body_hash(arena, request));
}

void sigv4_canonical_request(struct buf *out, const struct sigv4_signer *signer,
			     const struct sigv4_request *request)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct sigv4_pairs pairs = {0};

	collect_headers(&pairs, &arena, signer, request);
	add_canonical_request(out, &arena, signer, request, &pairs);
	VEC_RELEASE(&pairs);
}

/* The key of one day, region and service, derived from the secret one. */
static struct sha256 signing_key(const struct sigv4_signer *signer, struct str day)
{
	SCOPED(secret) struct secret start = {0};
	SCOPED(buf) struct buf text = BUF_INIT;
	const struct str steps[] = {day, signer->region, signer->service, STR("aws4_request")};
	struct sha256 key;

	buf_add(&text, STR("AWS4"));
	buf_add(&text, signer->secret_access_key);
	secret_set(&start, buf_str(&text));
	secret_wipe(text.ptr, text.len);
	key = hmac_sha256(secret_str(&start), steps[0]);
	for (size_t i = 1; i < ARRAY_LEN(steps); i++)
		key = hmac_sha256(sha256_str(&key), steps[i]);
	return key;
}

void sigv4_sign(struct arena *arena, const struct sigv4_signer *signer,
		const struct sigv4_request *request, struct sigv4_headers *headers)
{
	SCOPED(buf) struct buf canonical = BUF_INIT;
	SCOPED(buf) struct buf names = BUF_INIT;
	SCOPED(buf) struct buf signature = BUF_INIT;
	struct sigv4_pairs pairs = {0};
	struct str date = time_basic(arena, signer->wall_ms);
	struct str day = str_slice(date, 0, 8);
	struct str scope = arena_printf(arena, "%.*s/%.*s/%.*s/aws4_request", STR_ARG(day),
					STR_ARG(signer->region), STR_ARG(signer->service));
	struct sha256 key = signing_key(signer, day);
	struct sha256 digest;
	struct str text;

	collect_headers(&pairs, arena, signer, request);
	add_canonical_request(&canonical, arena, signer, request, &pairs);
	add_header_names(&names, &pairs);
	VEC_RELEASE(&pairs);

	text = sha256_hex(arena, buf_str(&canonical));
	secret_wipe(canonical.ptr, canonical.len);
	text = arena_printf(arena, "AWS4-HMAC-SHA256\n%.*s\n%.*s\n%.*s", STR_ARG(date),
			    STR_ARG(scope), STR_ARG(text));
	digest = hmac_sha256(sha256_str(&key), text);
	secret_wipe(&key, sizeof(key));
	hex_add(&signature, sha256_str(&digest));

	*headers = (struct sigv4_headers){.date = date};
	headers->authorization = arena_printf(
		arena, "AWS4-HMAC-SHA256 Credential=%.*s/%.*s, SignedHeaders=%.*s, Signature=%.*s",
		STR_ARG(signer->access_key_id), STR_ARG(scope), STR_ARG(buf_str(&names)),
		STR_ARG(buf_str(&signature)));
	if (signer->session_token.len)
		headers->security_token = arena_str(arena, signer->session_token);
	if (signer->sign_content_hash)
		headers->content_hash = body_hash(arena, request);
}

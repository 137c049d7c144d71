/* What answers mean: links and waits. */
#include "github/answer.h"
#include "github/body.h"
#include "unit.h"
#include "value/json.h"

TEST(finds_the_next_link)
{
	ck_assert_str_is(
		answer_next_link(
			STR("<https://a/x?page=2>; rel=\"next\", <https://a/x>; rel=\"last\"")),
		STR("https://a/x?page=2"));
	ck_assert_str_is(
		answer_next_link(STR("<https://a/1>; rel=\"prev\", <https://a/3>; rel=\"next\"")),
		STR("https://a/3"));
	ck_assert_uint_eq(answer_next_link(STR("<https://a/1>; rel=\"prev\"")).len, 0);
	ck_assert_uint_eq(answer_next_link(STR("rel=\"next\"")).len, 0);
	ck_assert_uint_eq(answer_next_link(STR("> < rel=\"next\"")).len, 0);
	ck_assert_uint_eq(answer_next_link(STR_EMPTY).len, 0);
}

TEST(an_escaped_nul_in_a_body_is_replaced)
{
	static const struct {
		struct str body, text;
	} cases[] = {
		{STR_INIT("{\"a\":\"x\"}"), STR_INIT("x")},
		{STR_INIT("{\"a\":\"x\\u0000y\\u0000\"}"), STR_INIT("x\xef\xbf\xbdy\xef\xbf\xbd")},
		/* A backslash that is escaped, and no NUL. */
		{STR_INIT("{\"a\":\"x\\\\u0000\"}"), STR_INIT("x\\u0000")},
		{STR_INIT("{\"a\":\"\\\\\\u0000\\\\u0000\"}"), STR_INIT("\\\xef\xbf\xbd\\u0000")},
	};
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct error err = {0};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct value *value = body_read(&arena, cases[i].body, 1000, &err);

		ck_assert_msg(value, "%s", err.message);
		ck_assert_str_is(value_get_string(value, "a"), cases[i].text);
	}
	ck_assert_int_eq(err.kind, ERROR_NONE);
	ck_assert_ptr_null(body_read(&arena, STR("{\"a\":\"\\u0000"), 1000, &err));
	ck_assert_int_eq(err.kind, ERROR_SYNTAX);
	ck_assert_ptr_null(body_read(&arena, cases[1].body, 5, &err));
	ck_assert_int_eq(err.kind, ERROR_LIMIT);
}

TEST(waits_longer_each_time_for_a_secondary_limit)
{
	const struct http_response response = {.status = 429};

	ck_assert_int_eq(answer_rate_wait(&response, NULL, 0, 0), 60000);
	ck_assert_int_eq(answer_rate_wait(&response, NULL, 1, 0), 120000);
	ck_assert_int_eq(answer_rate_wait(&response, NULL, 9, 0), 600000);
}

TEST(does_not_wait_for_a_plain_refusal)
{
	const struct http_response denied = {.status = 403};
	const struct http_response missing = {.status = 404};

	ck_assert_int_eq(answer_rate_wait(&denied, NULL, 0, 0), 0);
	ck_assert_int_eq(answer_rate_wait(&missing, NULL, 0, 0), 0);
}

TEST(knows_a_refused_place)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	const struct http_response response = {.status = 422, .body = BUF_INIT};
	const struct asked asked = {.method = "POST",
				    .path = STR("/repos/line/diff/pulls/1/reviews")};
	struct value *json = value_object(&arena);
	struct value *errors = value_array(&arena);
	struct error err = {0};

	value_set(&arena, json, "message", value_text(&arena, "Unprocessable Entity"));
	answer_error(&asked, &response, json, &err);
	ck_assert_str_eq(err.code, "");
	value_append(&arena, errors,
		     value_text(&arena,
				"Pull request review thread line must be part of the diff"));
	value_set(&arena, json, "errors", errors);
	answer_error(&asked, &response, json, &err);
	ck_assert_str_eq(err.code, "unplaceable");
	ck_assert_int_eq(err.kind, ERROR_INVALID);
}

static struct error error_of(int status, const char *text)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	const struct http_response response = {.status = status};
	const struct asked asked = {.method = "POST", .path = STR("/repos/o/r/check-runs")};
	struct error err = {0};
	const struct value *json = json_read(&arena, str_from(text), 0, &err);

	ck_assert_ptr_nonnull(json);
	err = (struct error){0};
	if (status == 200)
		ck_assert(!answer_graphql_error(&asked, &response, json, &err));
	else
		answer_error(&asked, &response, json, &err);
	return err;
}

TEST(knows_each_form_of_a_limit)
{
	static const struct {
		int status;
		const char *text;
		bool limited;
	} rows[] = {
		{200,
		 "{\"errors\":[{\"type\":\"RATE_LIMITED\",\"message\":\"API rate limit exceeded\"}]}",
		 true},
		{200,
		 "{\"errors\":[{\"type\":\"RATE_LIMIT\",\"code\":\"graphql_rate_limit\",\"message\":\"Over.\"}]}",
		 true},
		{200,
		 "{\"data\":null,\"errors\":[{\"type\":\"X\"},{\"message\":\"was submitted too quickly\"}]}",
		 true},
		{200, "{\"errors\":\"You have exceeded a secondary rate limit.\"}", true},
		{200, "{\"errors\":[{\"type\":\"NOT_FOUND\",\"message\":\"Could not resolve\"}]}",
		 false},
		{403, "{\"message\":\"You have exceeded a secondary rate limit.\"}", true},
		{403, "{\"message\":\"You have triggered an abuse detection mechanism.\"}", true},
		{403, "{\"message\":\"Resource not accessible by integration\"}", false},
		{422,
		 "{\"message\":\"Validation Failed\",\"errors\":[{\"message\":\"was submitted too quickly\"}]}",
		 true},
		{422, "{\"message\":\"Validation Failed\",\"errors\":[{\"field\":\"line\"}]}",
		 false},
		{404, "{\"message\":\"rate limit\"}", false},
	};
	struct error err;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		SCOPED(arena) struct arena arena = ARENA_INIT;
		const struct http_response response = {.status = rows[i].status};
		const struct value *json = json_read(&arena, str_from(rows[i].text), 0, &err);

		ck_assert_ptr_nonnull(json);
		ck_assert_msg((answer_rate_wait(&response, json, 0, 0) > 0) == rows[i].limited,
			      "%s", rows[i].text);
	}
}

TEST(reads_errors_that_are_plain_text)
{
	struct error rest = error_of(422, "{\"message\":\"Invalid\",\"errors\":\"Not a commit\"}");
	struct error graphql = error_of(200, "{\"data\":{},\"errors\":\"Try later\"}");
	struct error list = error_of(200, "{\"data\":{},\"errors\":[\"Try later\"]}");

	ck_assert(str_contains(str_from(rest.message), STR("Invalid: Not a commit")));
	ck_assert(str_contains(str_from(graphql.message), STR("Try later")));
	ck_assert(str_contains(str_from(list.message), STR("Try later")));
}

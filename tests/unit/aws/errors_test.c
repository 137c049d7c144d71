/* Errors: kinds by code and status, remedies, and XML. */
#include "aws/errors.h"

#include "aws/xml.h"
#include "unit.h"

static const struct {
	int status;
	const char *code;
	const char *message;
	enum error_kind kind;
} cases[] = {
	{429, "ThrottlingException", "slow down", ERROR_THROTTLED},
	{429, "ThrottlingException", "Too many tokens per day, please wait", ERROR_QUOTA},
	{429, "ModelNotReadyException", "", ERROR_SERVER},
	{429, "", "", ERROR_THROTTLED},
	{503, "ServiceUnavailableException", "", ERROR_SERVER},
	{500, "InternalServerException", "", ERROR_SERVER},
	{408, "ModelTimeoutException", "", ERROR_SERVER},
	{424, "ModelErrorException", "", ERROR_SERVER},
	{400, "ServiceQuotaExceededException", "", ERROR_QUOTA},
	{400, "ValidationException", "", ERROR_INVALID},
	{403, "AccessDeniedException", "", ERROR_DENIED},
	{404, "ResourceNotFoundException", "", ERROR_NOT_FOUND},
	{403, "ExpiredTokenException", "", ERROR_CREDENTIALS},
	{403, "UnrecognizedClientException", "", ERROR_CREDENTIALS},
	{400, "IDPCommunicationError", "", ERROR_SERVER},
	{400, "InvalidIdentityToken", "No OpenIDConnect provider found", ERROR_DENIED},
	{400, "InvalidIdentityToken", "Couldn't retrieve verification key", ERROR_SERVER},
	{400, "SomethingNew", "", ERROR_INVALID},
	{502, "", "", ERROR_SERVER},
	{504, "", "", ERROR_SERVER},
	{302, "", "", ERROR_PROTOCOL},
};

TEST(classifies_by_code_and_by_status_only_when_the_code_is_unknown)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		enum error_kind kind = aws_error_kind(str_from(cases[i].code),
						      str_from(cases[i].message), cases[i].status);

		ck_assert_msg(kind == cases[i].kind, "%d %s: %s", cases[i].status, cases[i].code,
			      error_kind_name(kind));
	}
}

TEST(takes_the_code_out_of_the_header_and_out_of_every_body)
{
	struct http_header items[] = {
		{STR("x-amzn-errortype"), STR("ThrottlingException:http://internal.amazon.com/c/")},
		{STR("x-amzn-requestid"), STR("r-1")},
		{STR("retry-after"), STR("7")},
	};
	struct http_headers headers = {.items = items, .len = 3};
	struct http_headers none = {0};
	struct error err = {0};

	ck_assert(!aws_error_read(429, &headers, STR("{\"message\":\"later\"}"), &err));
	ck_assert_str_eq(err.code, "ThrottlingException");
	ck_assert_str_eq(err.request_id, "r-1");
	ck_assert_int_eq(err.retry_after_ms, 7000);
	ck_assert_int_eq(err.kind, ERROR_THROTTLED);
	ck_assert(str_contains(str_from(err.message), STR("later")));

	aws_error_read(400, &none, STR("{\"__type\":\"com.amazon#ValidationException\"}"), &err);
	ck_assert_str_eq(err.code, "ValidationException");
	aws_error_read(
		403, &none,
		STR("<E xmlns=\"x\"><Error><Code>AccessDenied</Code><Message>a &lt; b</Message></Error><RequestId>r-2</RequestId></E>"),
		&err);
	ck_assert_str_eq(err.code, "AccessDenied");
	ck_assert_str_eq(err.request_id, "r-2");
	ck_assert(str_contains(str_from(err.message), STR("a < b")));
	aws_error_read(502, &none, STR("<html>Bad gateway</html>"), &err);
	ck_assert_int_eq(err.kind, ERROR_SERVER);
	ck_assert(str_contains(str_from(err.message), STR("<html>Bad gateway")));
}

TEST(keeps_its_codes_sorted)
{
	for (size_t i = 1; i < aws_error_codes_len; i++)
		ck_assert_msg(str_cmp(aws_error_codes[i - 1].code, aws_error_codes[i].code) < 0,
			      "%.*s", STR_ARG(aws_error_codes[i].code));
}

/* What the service says, and a word of what outcrop adds. */
static const struct {
	const char *code, *text, *remedy;
} remedies[] = {
	{"ValidationException",
	 "Invocation of model ID x with on-demand throughput isn\xe2\x80\x99t supported.",
	 "us., eu."},
	{"ValidationException", "The provided model identifier is invalid.", "letter by letter"},
	{"AccessDeniedException",
	 "... to perform aws-marketplace:ViewSubscriptions, aws-marketplace:Subscribe",
	 "wait 2 to 15"},
	{"ResourceNotFoundException", "Model use case details have not been submitted",
	 "use case form"},
	{"AccessDeniedException", "with an explicit deny in a service control policy",
	 "whose regions are all allowed"},
	{"AccessDeniedException",
	 "because no identity-based policy allows the bedrock:InvokeModel action",
	 "foundation model's ARN in every region"},
	{"ResourceNotFoundException", "Access denied. This Model is marked by provider as Legacy",
	 "choose a newer one"},
	{"ResourceNotFoundException", "This model version has reached the end of its life.",
	 "choose a newer one"},
	{"ThrottlingException", "Too many tokens per day, please wait", "Service Quotas"},
	{"InvalidIdentityToken", "No OpenIDConnect provider found in your account",
	 "token.actions.githubusercontent.com"},
	{"InvalidIdentityToken", "Incorrect token audience", "\"audience\""},
	{"InvalidSignatureException", "Signature expired: 2026", "clock"},
	{"InvalidSignatureException", "does not match", "AWS_SECRET_ACCESS_KEY"},
};

TEST(leaves_out_what_was_signed)
{
	struct http_headers none = {0};
	struct error err = {0};

	aws_error_read(
		403, &none,
		STR("{\"code\":\"InvalidSignatureException\",\"message\":\"It does not match. The Canonical String for this request should have been\\n'POST\\nx-amz-security-token:TOKEN'\"}"),
		&err);
	ck_assert_str_eq(err.message, "InvalidSignatureException, status 403: It does not match.");
}

TEST(ends_every_known_failure_with_what_to_do)
{
	struct aws_error_scene scene = {
		.model = STR("m-1"), .region = STR("eu-west-1"), .role = STR("r")};

	for (size_t i = 0; i < ARRAY_LEN(remedies); i++) {
		SCOPED(buf) struct buf body = BUF_INIT;
		struct http_headers none = {0};
		struct error err = {0};

		buf_addf(&body, "{\"code\":\"%s\",\"message\":\"%s\"}", remedies[i].code,
			 remedies[i].text);
		aws_error_read(400, &none, buf_str(&body), &err);
		ck_assert(!aws_error_explain(&err, &scene));
		ck_assert_msg(str_contains(str_from(err.message), str_from(remedies[i].remedy)),
			      "%s", err.message);
		ck_assert(str_ends(str_from(err.message),
				   STR(" (model m-1, region eu-west-1, role r)")));
	}
}

TEST(reads_the_text_of_an_element)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;

	ck_assert_str_is(xml_text(&arena, STR("<a><b x=\"1\"> y&amp;&#233;&bad; </b></a>"),
				  STR("b")),
			 STR("y&\xc3\xa9&bad;"));
	ck_assert_str_is(xml_text(&arena, STR("<a><b>"), STR("b")), STR(""));
	ck_assert_str_is(xml_text(&arena, STR("<bb>1</bb><b/><b>2</b>"), STR("b")), STR("2"));
	ck_assert_str_is(xml_text(&arena, STR("<a><b>1</b></a>"), STR("a")), STR(""));
}

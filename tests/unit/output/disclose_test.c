/* What strangers may read of an error. */
#include "output/disclose.h"
#include "unit.h"

TEST(leaves_out_whose_account_it_is)
{
	static const struct {
		const char *text, *shown;
	} cases[] = {
		{"User: arn:aws:sts::123456789012:assumed-role/reviewer/outcrop-42 is not authorized to perform: bedrock:InvokeModel; allow it",
		 "User: [ARN] is not authorized to perform: bedrock:InvokeModel; allow it"},
		{"the account 123456789012 is not allowed", "the account [account] is not allowed"},
		{"throttled (model m, region us-east-1, role arn:aws-cn:iam::123456789012:role/x, request id 7a1b2c3d-0000-4000-8000-123456789abc)",
		 "throttled (model m, region us-east-1, role [ARN], request id in the log)"},
		{"7a1b2c3d-0000-4000-8000-123456789abc", "[id]"},
		{"status 429, 1234567890123 bytes, v123456789012",
		 "status 429, 1234567890123 bytes, v123456789012"},
		{"", ""},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		SCOPED(buf) struct buf out = BUF_INIT;

		disclose_add(&out, str_from(cases[i].text));
		ck_assert_str_is(buf_str(&out), str_from(cases[i].shown));
	}
}

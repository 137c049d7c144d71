/* Answers of STS, in both forms. */
#include "credentials/sts.h"

#include "unit.h"

TEST(reads_credentials_as_json_and_as_xml)
{
	static const char json[] =
		"{\"AssumeRoleResponse\":{\"AssumeRoleResult\":{\"Credentials\":{\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"S\",\"SessionToken\":\"T\",\"Expiration\":1.514869445E9}}}}";
	static const char xml[] =
		"<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>A</AccessKeyId><SecretAccessKey>S</SecretAccessKey><SessionToken>T</SessionToken><Expiration>2018-01-02T05:04:05Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>";
	const char *const texts[] = {json, xml};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		SCOPED(credentials) struct credentials credentials = {0};
		struct error err = {0};

		ck_assert_msg(sts_read_credentials(str_from(texts[i]), "AssumeRole", &credentials,
						   &err),
			      "%s", err.message);
		ck_assert_str_is(secret_str(&credentials.access_key_id), STR("A"));
		ck_assert_str_is(secret_str(&credentials.secret_access_key), STR("S"));
		ck_assert_str_is(secret_str(&credentials.session_token), STR("T"));
		ck_assert_int_eq(credentials.expires_ms, 1514869445000);
	}
}

TEST(names_the_member_that_an_answer_of_sts_lacks)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(credentials) struct credentials credentials = {0};
	struct identity identity;
	struct error err = {0};

	ck_assert(!sts_read_credentials(
		STR("{\"AssumeRoleResponse\":{\"AssumeRoleResult\":{\"Credentials\":{\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"S\",\"SessionToken\":\"T\",\"Expiration\":\"soon\"}}}}"),
		"AssumeRole", &credentials, &err));
	ck_assert_int_eq(err.kind, ERROR_PROTOCOL);
	ck_assert(str_contains(str_from(err.message), STR("\"Expiration\"")));
	ck_assert(!secret_is_set(&credentials.access_key_id));
	ck_assert(!sts_read_identity(STR("<html>hello"), &arena, &identity, &err));
	ck_assert(sts_read_identity(STR("<R><Account>123</Account><Arn>arn:x</Arn></R>"), &arena,
				    &identity, &err));
	ck_assert_str_is(identity.account, STR("123"));
}

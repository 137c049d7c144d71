/* The forms in which people write ~/.aws/config. */
#include "credentials/ini.h"

#include "unit.h"

TEST(names_in_quotes_and_colons_are_read_as_the_cli_reads_them)
{
	static const char text[] = "[profile \"my team\"]\nregion: us-east-1\n"
				   "role_arn = arn:aws:iam::1:role/x\n"
				   "[sso-session 'corp']\nsso_start_url: https://x.test/start=1\n"
				   "[profile   plain]\nregion=eu-west-1\n"
				   "[profile \"a]b\"]\nregion = ap-south-1\n";
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct ini ini = {0};
	struct error err;

	ck_assert(ini_read(&arena, str_from(text), STR("config"), &ini, &err));
	ck_assert_str_is(ini_get(&ini, STR("profile my team"), "region"), STR("us-east-1"));
	ck_assert_str_is(ini_get(&ini, STR("profile my team"), "role_arn"),
			 STR("arn:aws:iam::1:role/x"));
	ck_assert_str_is(ini_get(&ini, STR("sso-session corp"), "sso_start_url"),
			 STR("https://x.test/start=1"));
	ck_assert_str_is(ini_get(&ini, STR("profile plain"), "region"), STR("eu-west-1"));
	ck_assert_str_is(ini_get(&ini, STR("profile a]b"), "region"), STR("ap-south-1"));
}

TEST(a_byte_order_mark_and_windows_line_ends_are_no_part_of_the_text)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct ini ini = {0};
	struct error err;

	ck_assert(ini_read(&arena, STR("\xef\xbb\xbf[default]\r\nregion = us-east-1\r\n"),
			   STR("config"), &ini, &err));
	ck_assert_str_is(ini_get(&ini, STR("default"), "region"), STR("us-east-1"));
}

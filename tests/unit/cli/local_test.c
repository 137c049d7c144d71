/* Options of local runs. */
#include "cli/local.h"

#include "unit.h"

TEST(pull_requests_are_named_in_three_ways)
{
	static const struct {
		const char *text, *repository; /* NULL: wrong */
		int64_t number;
		const char *host;
	} rows[] = {
		{"o/r#7", "o/r", 7},
		{"https://github.com/o/r/pull/7", "o/r", 7, "github.com"},
		{"https://github.example.com/o/r/pull/7/files?w=1", "o/r", 7, "github.example.com"},
		{"https://github.com/o/r/pull/7#discussion_r1", "o/r", 7, "github.com"},
		{"7", "", 7},
		{"#7", NULL, 0},
		{"o/r", NULL, 0},
		{"o/r#x", NULL, 0},
		{"o/r/s#7", NULL, 0},
		{"https://github.com/o/r/issues/7", NULL, 0},
		{"https://github.com/o/r/pull/7x", NULL, 0},
		{"0", NULL, 0},
		{"-7", NULL, 0},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct pull_name name;
		struct error err;
		bool ok = local_split_pull(str_from(rows[i].text), &name, &err);

		ck_assert_msg(ok == (rows[i].repository != NULL), "%s", rows[i].text);
		if (!ok)
			continue;
		ck_assert_str_is(name.repository, str_from(rows[i].repository));
		ck_assert_str_is(name.host, str_from(rows[i].host ? rows[i].host : ""));
		ck_assert_int_eq(name.number, rows[i].number);
	}
}

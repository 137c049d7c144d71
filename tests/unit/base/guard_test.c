/* Untrusted text on stdout. */
#include "base/guard.h"

#include "unit.h"

static void expect(const char *const *pieces, const char *expected)
{
	SCOPED(buf) struct buf out = BUF_INIT;
	struct guard guard = {0};

	for (; *pieces; pieces++)
		guard_add(&guard, &out, str_from(*pieces));
	ck_assert_str_eq(out.ptr, expected);
}

TEST(plain_text_stays_as_it_is)
{
	expect((const char *const[]){"a: b::c\n\tif (x) [1] # [2]\nä€😀\n", NULL},
	       "a: b::c\n\tif (x) [1] # [2]\nä€😀\n");
}

TEST(commands_are_broken_wherever_pieces_end)
{
	expect((const char *const[]){"::error::x\n", " \t::", "debug::\n", ":", ":a", NULL},
	       ":\\:error::x\n \t:\\:debug::\n:\\:a");
	expect((const char *const[]){"\xc2\xa0\xe3\x80\x80::x", NULL}, "\xc2\xa0\xe3\x80\x80:\\:x");
	expect((const char *const[]){"a##[group]b", "#", "#", "[x", NULL}, "a##\\[group]b##\\[x");
	expect((const char *const[]){"###[x]", NULL}, "###\\[x]");
}

TEST(controls_and_bidirectional_marks_are_shown)
{
	expect((const char *const[]){"\x1b[31m\r\xe2\x80\xae\n", NULL}, "\\x1b[31m\\r\\u202e\n");
	expect((const char *const[]){"\r::x", NULL}, "\\r::x");
}

TEST(json_keeps_its_values)
{
	SCOPED(buf) struct buf out = BUF_INIT;

	guard_add_json(&out, STR("{\"a\":\"##[x] ###[y]\",\"b\":[1]}"));
	ck_assert_str_eq(out.ptr, "{\"a\":\"##\\u005bx] ###\\u005by]\",\"b\":[1]}");
}

/* Errors as plain values. */
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "base/utf8.h"
#include "unit.h"

TEST(context_is_put_in_front_and_the_rest_is_kept)
{
	struct error err = {0};

	ck_assert(!error_set(&err, ERROR_THROTTLED, "slow down %d", 3));
	err.http_status = 429;
	err.retry_after_ms = 1500;
	ck_assert(!error_wrap(&err, "ask \"%s\"", "model"));
	ck_assert(!error_append(&err, "; wait"));
	ck_assert_str_eq(err.message, "ask \"model\": slow down 3; wait");
	ck_assert(err.kind == ERROR_THROTTLED);
	ck_assert_int_eq(err.http_status, 429);
	ck_assert_int_eq(err.retry_after_ms, 1500);
	error_set(&err, ERROR_IO, "other");
	ck_assert_int_eq(err.http_status, 0);
}

TEST(the_message_may_be_made_of_the_one_before)
{
	struct error err = {0};

	error_set(&err, ERROR_IO, "first");
	error_set(&err, ERROR_IO, "again %s", err.message);
	ck_assert_str_eq(err.message, "again first");
	error_wrap(&err, "%s", err.message);
	ck_assert_str_eq(err.message, "again first: again first");
}

TEST(errno_becomes_a_kind_and_words)
{
	struct error err = {0};

	errno = ENOENT;
	ck_assert(!error_errno(&err, "open \"%s\"", "x"));
	ck_assert(err.kind == ERROR_NOT_FOUND);
	ck_assert_str_eq(err.message, "open \"x\": No such file or directory");
	errno = EACCES;
	ck_assert(!error_errno(&err, "open"));
	ck_assert(err.kind == ERROR_IO);
}

TEST(a_message_too_long_is_cut_between_characters)
{
	struct error err = {0};
	char text[ERROR_MESSAGE_SIZE + 100];

	for (size_t shift = 0; shift < 4; shift++) {
		memset(text, 'x', shift);
		for (size_t i = shift; i + 4 <= sizeof(text); i += 3)
			memcpy(text + i, "\xe2\x82\xac", 4);
		error_set(&err, ERROR_IO, "%s", text);
		ck_assert_uint_lt(strlen(err.message), sizeof(err.message));
		ck_assert(utf8_valid(str_from(err.message)));
		ck_assert(str_ends(str_from(err.message), STR("...")));
		error_wrap(&err, "%s", text);
		ck_assert(utf8_valid(str_from(err.message)));
		ck_assert(str_ends(str_from(err.message), STR("...")));
	}
}

TEST(every_kind_has_a_name)
{
	for (int kind = ERROR_NONE; kind <= ERROR_IO; kind++)
		ck_assert(error_kind_name((enum error_kind)kind)[0]);
	ck_assert_str_eq(error_kind_name(ERROR_NOT_FOUND), "not found");
}

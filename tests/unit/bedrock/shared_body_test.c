/* What bodies share, and for how long. */
#include "bedrock/shared_body.h"

#include "unit.h"

static void take(struct shared_body *body, const char *text, struct shared_start **last)
{
	struct buf whole = BUF_INIT;

	buf_add_text(&whole, text);
	shared_body_take(body, &whole, last);
	ck_assert_uint_eq(whole.cap, 0);
}

static void check_text(const struct shared_body *body, const char *text)
{
	SCOPED(buf) struct buf joined = BUF_INIT;

	buf_add(&joined, body->begin);
	buf_add(&joined, buf_str(&body->end));
	ck_assert_str_is(buf_str(&joined), str_from(text));
}

TEST(bodies_that_begin_alike_keep_the_beginning_once)
{
	struct shared_start *last = NULL;
	struct shared_body first, second, same;

	take(&first, "tools system one", &last);
	take(&second, "tools system two", &last);
	take(&same, "tools system one", &last);
	check_text(&first, "tools system one");
	check_text(&second, "tools system two");
	check_text(&same, "tools system one");
	ck_assert_ptr_eq(second.begin.ptr, first.begin.ptr);
	ck_assert_str_is(buf_str(&second.end), STR("two"));
	ck_assert_uint_eq(same.end.len, 0);
	shared_body_release(&first);
	check_text(&second, "tools system two");
	shared_body_release(&second);
	shared_body_release(&same);
	ck_assert_ptr_null(last);
}

TEST(a_body_that_begins_otherwise_is_the_next_start)
{
	struct shared_start *last = NULL;
	struct shared_body first, other, again;

	take(&first, "one thing", &last);
	take(&other, "another thing", &last);
	ck_assert_uint_eq(other.end.len, 0);
	shared_body_release(&first);
	ck_assert_ptr_nonnull(last);
	take(&again, "another think", &last);
	ck_assert_ptr_eq(again.begin.ptr, other.begin.ptr);
	shared_body_release(&other);
	check_text(&again, "another think");
	shared_body_release(&again);
	ck_assert_ptr_null(last);
}

TEST(an_empty_body_is_fine)
{
	struct shared_start *last = NULL;
	struct shared_body first, second;

	take(&first, "", &last);
	take(&second, "", &last);
	check_text(&second, "");
	shared_body_release(&second);
	shared_body_release(&first);
	shared_body_release(&first);
	shared_body_release(NULL);
	ck_assert_ptr_null(last);
}

/* What bodies share, and for how long. */
#include "bedrock/shared_body.h"

#include "value/put.h"

#include "unit.h"

static struct shared_starts starts;

static void write_text(struct shared_body *body, const char *text)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;

	shared_body_write(body, value_string(&arena, str_from(text)), &starts);
}

static void check_text(const struct shared_body *body, const char *text)
{
	SCOPED(buf) struct buf joined = BUF_INIT;
	SCOPED(buf) struct buf expected = BUF_INIT;
	struct sha256 digest;

	buf_add(&joined, body->begin);
	buf_add(&joined, buf_str(&body->end));
	buf_addf(&expected, "\"%s\"", text);
	ck_assert_str_is(buf_str(&joined), buf_str(&expected));
	digest = sha256_of(buf_str(&expected));
	ck_assert_str_is(sha256_str(&body->digest), sha256_str(&digest));
}

static void check_nothing_is_kept(void)
{
	ck_assert_uint_eq(starts.bodies, 0);
	ck_assert_ptr_null(starts.items[0]);
	ck_assert_ptr_null(starts.texts);
	ck_assert_uint_eq(starts.room.cap, 0);
}

TEST(bodies_that_begin_alike_keep_the_beginning_once)
{
	struct shared_body first, second, same, shorter;

	write_text(&first, "tools system one");
	write_text(&second, "tools system two");
	write_text(&same, "tools system one");
	write_text(&shorter, "tools systole");
	check_text(&first, "tools system one");
	check_text(&second, "tools system two");
	check_text(&same, "tools system one");
	check_text(&shorter, "tools systole");
	ck_assert_ptr_eq(second.begin.ptr, first.begin.ptr);
	ck_assert_str_is(buf_str(&second.end), STR("two\""));
	ck_assert_uint_eq(same.end.len, 0);
	ck_assert_str_is(buf_str(&shorter.end), STR("ole\""));
	shared_body_release(&first);
	check_text(&second, "tools system two");
	shared_body_release(&second);
	shared_body_release(&same);
	shared_body_release(&shorter);
	check_nothing_is_kept();
}

TEST(agents_take_turns_and_each_finds_its_start)
{
	struct shared_body first, other, again, other_again;

	write_text(&first, "one thing");
	write_text(&other, "another thing");
	write_text(&again, "one think");
	write_text(&other_again, "another think");
	ck_assert_ptr_eq(again.begin.ptr, first.begin.ptr);
	ck_assert_ptr_eq(other_again.begin.ptr, other.begin.ptr);
	shared_body_release(&first);
	shared_body_release(&again);
	check_text(&other_again, "another think");
	write_text(&first, "one thing");
	check_text(&first, "one thing");
	shared_body_release(&other_again);
	shared_body_release(&first);
	shared_body_release(&other);
	check_nothing_is_kept();
}

TEST(a_start_that_is_no_longer_among_the_newest_still_serves_its_bodies)
{
	static const char *const texts[] = {"a one",  "b two",  "c three",
					    "d four", "e five", "f six"};
	struct shared_body bodies[ARRAY_LEN(texts)];

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		write_text(&bodies[i], texts[i]);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		check_text(&bodies[i], texts[i]);
		shared_body_release(&bodies[i]);
	}
	check_nothing_is_kept();
}

TEST(an_empty_body_is_fine)
{
	struct shared_body first, second;

	write_text(&first, "");
	write_text(&second, "");
	check_text(&second, "");
	shared_body_release(&second);
	shared_body_release(&first);
	shared_body_release(&first);
	shared_body_release(NULL);
	check_nothing_is_kept();
}

/* What a comment carries of its finding comes back, and nothing in it can be another mark. */
#include "publish/about.h"
#include "publish/marker.h"
#include "unit.h"

TEST(what_a_comment_carries_comes_back)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf body = BUF_INIT;
	SCOPED(buf) struct buf copy = BUF_INIT;
	struct finding_source sources[] = {
		{.agent = STR("a, b -->")}, {.agent = STR("a, b -->")}, {.agent = STR("c")}};
	struct finding finding = {
		.category = STR("race & more"),
		.severity = SEVERITY_HIGH,
		.confidence = 0.85,
		.sources = sources,
		.sources_len = ARRAY_LEN(sources),
	};
	struct comment_about about;
	struct marker mark;

	buf_add_text(&body, "Words.\n\n");
	ck_assert(!about_read(buf_str(&body), &arena, &about));
	about_add(&body, &finding);
	marker_add(&body, &(struct marker){.kind = "finding", .id = STR("0123456789abcdef")});
	ck_assert(marker_find(buf_str(&body), "finding", STR("outcrop"), &arena, &mark));
	ck_assert_str_is(marker_strip(buf_str(&body)), STR("Words."));
	ck_assert(about_read(buf_str(&body), &arena, &about));
	ck_assert_uint_eq(about.agents.len, 2);
	ck_assert_str_is(about.agents.items[0], STR("a, b -->"));
	ck_assert_str_is(about.category, STR("race & more"));
	ck_assert_int_eq(about.severity, SEVERITY_HIGH);
	ck_assert_double_eq_tol(about.confidence, 0.85, 1e-9);
	about_copy(&copy, buf_str(&body));
	ck_assert(str_contains(buf_str(&body), buf_str(&copy)));
}

TEST(a_mark_with_nonsense_is_read_as_far_as_it_makes_sense)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct comment_about about;

	ck_assert(
		about_read(STR("x\n\n<!-- outcrop:about agents=,, severity=bad confidence=900 -->"),
			   &arena, &about));
	ck_assert_uint_eq(about.agents.len, 0);
	ck_assert_int_eq(about.severity, SEVERITY_MEDIUM);
	ck_assert(about.confidence < 0);
}

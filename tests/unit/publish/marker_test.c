/* Marks are found again, by their reviewer only. */
#include "publish/marker.h"
#include "unit.h"

TEST(finds_what_it_wrote)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf body = BUF_INIT;
	struct marker found;

	buf_add_text(&body, "text <!-- something --> <!-- outcrop:broken\n\n");
	marker_add(&body, &(struct marker){.kind = "finding", .id = STR("0123456789abcdef")});
	ck_assert(str_ends(buf_str(&body), STR("<!-- outcrop:finding id=0123456789abcdef -->")));
	ck_assert(marker_find(buf_str(&body), "finding", STR("outcrop"), &arena, &found));
	ck_assert_str_is(found.id, STR("0123456789abcdef"));
	ck_assert(!marker_find(buf_str(&body), "find", STR("outcrop"), &arena, &found));
	ck_assert(!marker_find(buf_str(&body), "summary", STR("outcrop"), &arena, &found));
	ck_assert(!marker_find(buf_str(&body), "finding", STR("other"), &arena, &found));
}

TEST(leaves_the_default_name_out)
{
	SCOPED(buf) struct buf body = BUF_INIT;

	marker_add(&body, &(struct marker){.kind = "summary", .name = STR("outcrop")});
	ck_assert_str_is(buf_str(&body), STR("<!-- outcrop:summary -->"));
	buf_reset(&body);
	marker_add(&body, &(struct marker){.kind = "summary", .name = STR("sec"), .part = 3});
	ck_assert_str_is(buf_str(&body), STR("<!-- outcrop:summary name=sec part=3 -->"));
}

TEST(takes_only_the_last_lines_for_marks)
{
	static const char *const quoted[] = {
		"<!-- outcrop:gone -->\nmore words\n",
		"```\n<!-- outcrop:gone -->\n```\n",
		"words <!-- outcrop:gone -->",
		"    <!-- outcrop:gone -->",
		"<!-- outcrop:gone --> words",
		"<!-- outcrop:gone -->\n\n<!-- outcrop:finding id=0123456789abcdef -->",
		"<!-- x --> <!-- outcrop:gone -->",
		"<!-- outcrop:finding --> <!-- outcrop:gone -->",
	};
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct marker found;

	for (size_t i = 0; i < ARRAY_LEN(quoted); i++)
		ck_assert_msg(!marker_find(str_from(quoted[i]), "gone", STR("outcrop"), &arena,
					   &found),
			      "%s", quoted[i]);
	/* As a browser sends a body that somebody edited. */
	ck_assert(marker_find(STR("words\r\n\r\n<!-- outcrop:gone -->\r\n"
				  "<!-- outcrop:finding id=0123456789abcdef -->\r\n"),
			      "gone", STR("outcrop"), &arena, &found));
	ck_assert_str_is(marker_strip(STR("words\n\n<!-- outcrop:gone -->\n<!-- outcrop:x -->\n")),
			 STR("words"));
}

TEST(keeps_hostile_names_inside)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf body = BUF_INIT;
	struct marker found;
	struct str name = STR("x --> <script> id=1 part=9");

	marker_add(&body, &(struct marker){.kind = "summary", .name = name});
	ck_assert_int_eq((int)str_find(buf_str(&body), STR("-->"), 0), (int)body.len - 3);
	ck_assert(marker_find(buf_str(&body), "summary", name, &arena, &found));
	ck_assert_str_is(found.name, name);
	ck_assert_int_eq(found.part, 0);
}

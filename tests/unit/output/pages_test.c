/* Laying text out on pages of limited size. */
#include "output/pages.h"

#include "unit.h"

/* Puts `count` copies of an item on pages of `size_max` bytes. */
static void fill(struct pages *pages, size_t size_max, size_t reserve, const char *item, int count)
{
	SCOPED(paging) struct paging paging;

	paging_init(&paging, pages, size_max, reserve);
	for (int i = 0; i < count; i++) {
		buf_add_text(paging_text(&paging), item);
		paging_end(&paging);
	}
}

TEST(keeps_items_whole_and_pages_within_their_size)
{
	SCOPED(pages) struct pages pages = {0};

	fill(&pages, 100, 40, "0123456789012345678\n", 10);
	ck_assert_uint_eq(pages.len, 3);
	ck_assert_uint_eq(pages.items[0].len, 60);
	ck_assert_uint_eq(pages.items[1].len, 100);
	ck_assert_uint_eq(pages.items[2].len, 40);
}

TEST(repeats_a_tables_head_on_each_page)
{
	SCOPED(pages) struct pages pages = {0};
	SCOPED(paging) struct paging paging;

	paging_init(&paging, &pages, 60, 0);
	paging_head(&paging, "| head |\n");
	for (int i = 0; i < 8; i++) {
		buf_add_text(paging_text(&paging), "| row number |\n");
		paging_end(&paging);
	}
	ck_assert_uint_gt(pages.len, 2);
	for (size_t i = 0; i < pages.len; i++) {
		ck_assert(str_starts(buf_str(&pages.items[i]), STR("| head |\n")));
		ck_assert_uint_le(pages.items[i].len, 60);
	}
}

TEST(loses_nothing_of_an_item_longer_than_a_page)
{
	SCOPED(pages) struct pages pages = {0};
	SCOPED(buf) struct buf item = BUF_INIT;
	size_t lines = 0;

	buf_add_text(&item, "```c\n");
	for (int i = 0; i < 400; i++)
		buf_addf(&item, "line %03d\n", i);
	buf_add_text(&item, "```\n");
	fill(&pages, 2000, 0, item.ptr, 1);
	ck_assert_uint_gt(pages.len, 1);
	for (size_t i = 0; i < pages.len; i++) {
		struct str rest = buf_str(&pages.items[i]);
		struct str line;
		int fences = 0;

		ck_assert_uint_le(pages.items[i].len, 2000);
		while (str_next_line(&rest, &line, NULL)) {
			lines += str_starts(line, STR("line "));
			fences += str_starts(line, STR("```"));
		}
		ck_assert_int_eq(fences, 2);
	}
	ck_assert_uint_eq(lines, 400);
}

TEST(says_what_was_cut)
{
	SCOPED(buf) struct buf out = BUF_INIT;

	pages_add_cut(&out, STR("one\ntwo\nthree\n"), 8);
	ck_assert_str_eq(out.ptr, "one\ntwo\n\n\n*(cut here: 6 more bytes stand in the report)*\n");
}

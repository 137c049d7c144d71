/* Laying text out on pages of limited size. */
#include "output/pages.h"

#include "unit.h"

/* Puts `count` copies of an item on pages of `size_max` bytes. */
static void fill(struct pages *pages, size_t size_max, size_t reserve, const char *item, int count)
{
	SCOPED(page) struct page_writer writer;

	page_init(&writer, pages, size_max, reserve);
	for (int i = 0; i < count; i++) {
		buf_add_text(page_text(&writer), item);
		page_end(&writer);
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

TEST(repeats_a_frame_on_each_page)
{
	SCOPED(pages) struct pages pages = {0};
	SCOPED(page) struct page_writer writer;

	page_init(&writer, &pages, 60, 0);
	page_frame(&writer, STR("| head |\n"), "foot\n");
	for (int i = 0; i < 8; i++) {
		buf_add_text(page_text(&writer), "| row number |\n");
		page_end(&writer);
	}
	page_frame_end(&writer);
	ck_assert_uint_gt(pages.len, 2);
	for (size_t i = 0; i < pages.len; i++) {
		ck_assert(str_starts(buf_str(&pages.items[i]), STR("| head |\n")));
		ck_assert(str_ends(buf_str(&pages.items[i]), STR("foot\n")));
		ck_assert_uint_le(pages.items[i].len, 60);
	}
}

TEST(never_cuts_an_item)
{
	SCOPED(pages) struct pages pages = {0};
	SCOPED(buf) struct buf item = BUF_INIT;

	buf_add_many(&item, 'x', 3000);
	fill(&pages, 2000, 0, item.ptr, 1);
	ck_assert_uint_eq(pages.len, 2);
	ck_assert_str_eq(pages.items[1].ptr,
			 "_Left out: too long for a comment. The report has it._\n");
}

TEST(a_single_page_counts_what_it_leaves_out)
{
	SCOPED(pages) struct pages pages = {0};
	SCOPED(page) struct page_writer writer;

	page_init(&writer, &pages, 100, 0);
	writer.single = true;
	for (int i = 0; i < 8; i++) {
		buf_add_text(page_text(&writer), "0123456789012345678\n");
		page_end(&writer);
	}
	ck_assert_uint_eq(pages.len, 1);
	ck_assert_uint_eq(writer.left_out, 3);
}

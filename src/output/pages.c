/* Lays text out on pages of limited size, split at suitable places. */
#include "output/pages.h"

void pages_release(struct pages *pages)
{
	if (!pages)
		return;
	for (size_t i = 0; i < pages->len; i++)
		buf_release(&pages->items[i]);
	VEC_RELEASE(pages);
}

void page_init(struct page_writer *writer, struct pages *pages, size_t size_max, size_t reserve)
{
	*writer = (struct page_writer){.pages = pages, .size_max = size_max, .reserve = reserve};
	buf_init(&writer->item, BUF_SIZE_MAX);
	buf_init(&writer->head, BUF_SIZE_MAX);
}

void page_release(struct page_writer *writer)
{
	buf_release(&writer->item);
	buf_release(&writer->head);
}

struct buf *page_text(struct page_writer *writer)
{
	return &writer->item;
}

static struct buf *last_page(struct page_writer *writer)
{
	return &writer->pages->items[writer->pages->len - 1];
}

static void close_frame(struct page_writer *writer)
{
	if (writer->is_open)
		buf_add_text(last_page(writer), writer->foot);
	writer->is_open = false;
}

void page_frame(struct page_writer *writer, struct str head, const char *foot)
{
	close_frame(writer);
	buf_reset(&writer->head);
	buf_add(&writer->head, head);
	writer->foot = foot;
}

void page_frame_end(struct page_writer *writer)
{
	page_frame(writer, STR_EMPTY, "");
}

static void new_page(struct page_writer *writer)
{
	struct buf page;

	if (writer->pages->len)
		close_frame(writer);
	buf_init(&page, BUF_SIZE_MAX);
	VEC_PUSH(writer->pages, page);
}

/* Whether the item under way fits on the last page, with its frame around it. */
static bool fits(struct page_writer *writer)
{
	size_t reserve = writer->pages->len == 1 || writer->single ? writer->reserve : 0;
	size_t need = last_page(writer)->len + reserve + writer->item.len;

	if (writer->head.len)
		need += str_from(writer->foot).len + (writer->is_open ? 0 : writer->head.len);
	return need <= writer->size_max;
}

void page_end(struct page_writer *writer)
{
	struct buf *page;

	if (!writer->item.len)
		return;
	if (!writer->pages->len)
		new_page(writer);
	if (!fits(writer) && writer->single) {
		writer->left_out++;
		buf_reset(&writer->item);
		return;
	}
	if (!fits(writer))
		new_page(writer);
	if (!fits(writer)) {
		buf_reset(&writer->item);
		buf_add_text(&writer->item,
			     "_Left out: too long for a comment. The report has it._\n");
	}
	page = last_page(writer);
	if (writer->head.len && !writer->is_open) {
		buf_add(page, buf_str(&writer->head));
		writer->is_open = true;
	}
	buf_add(page, buf_str(&writer->item));
	buf_reset(&writer->item);
}

/* Laying text out on pages of limited size, cut at sensible places. */
#include "output/pages.h"

void pages_release(struct pages *pages)
{
	if (!pages)
		return;
	for (size_t i = 0; i < pages->len; i++)
		buf_release(&pages->items[i]);
	VEC_RELEASE(pages);
}

void paging_init(struct paging *paging, struct pages *pages, size_t size_max, size_t reserve)
{
	*paging = (struct paging){.pages = pages, .size_max = size_max, .reserve = reserve};
	buf_init(&paging->item, BUF_SIZE_MAX);
	buf_init(&paging->head, BUF_SIZE_MAX);
}

void paging_release(struct paging *paging)
{
	buf_release(&paging->item);
	buf_release(&paging->head);
}

struct buf *paging_text(struct paging *paging)
{
	return &paging->item;
}

static struct buf *last_page(struct paging *paging)
{
	return &paging->pages->items[paging->pages->len - 1];
}

static void close_frame(struct paging *paging)
{
	if (paging->is_open)
		buf_add_text(last_page(paging), paging->foot);
	paging->is_open = false;
}

void paging_frame(struct paging *paging, struct str head, const char *foot)
{
	close_frame(paging);
	buf_reset(&paging->head);
	buf_add(&paging->head, head);
	paging->foot = foot;
}

void paging_frame_end(struct paging *paging)
{
	paging_frame(paging, STR_EMPTY, "");
}

static void new_page(struct paging *paging)
{
	struct buf page;

	if (paging->pages->len)
		close_frame(paging);
	buf_init(&page, BUF_SIZE_MAX);
	VEC_PUSH(paging->pages, page);
}

/* Whether the item under way fits on the last page, with its frame around it. */
static bool fits(struct paging *paging)
{
	size_t reserve = paging->pages->len == 1 || paging->single ? paging->reserve : 0;
	size_t need = last_page(paging)->len + reserve + paging->item.len;

	if (paging->head.len)
		need += str_from(paging->foot).len + (paging->is_open ? 0 : paging->head.len);
	return need <= paging->size_max;
}

void paging_end(struct paging *paging)
{
	struct buf *page;

	if (!paging->item.len)
		return;
	if (!paging->pages->len)
		new_page(paging);
	if (!fits(paging) && paging->single) {
		paging->left_out++;
		buf_reset(&paging->item);
		return;
	}
	if (!fits(paging))
		new_page(paging);
	if (!fits(paging)) {
		buf_reset(&paging->item);
		buf_add_text(&paging->item,
			     "_Left out: too long for a comment. The report has it._\n");
	}
	page = last_page(paging);
	if (paging->head.len && !paging->is_open) {
		buf_add(page, buf_str(&paging->head));
		paging->is_open = true;
	}
	buf_add(page, buf_str(&paging->item));
	buf_reset(&paging->item);
}

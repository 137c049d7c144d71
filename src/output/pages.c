/* Laying text out on pages of limited size, cut at sensible places. */
#include "output/pages.h"

#include "base/utf8.h"

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
}

void paging_release(struct paging *paging)
{
	buf_release(&paging->item);
}

struct buf *paging_text(struct paging *paging)
{
	return &paging->item;
}

void paging_head(struct paging *paging, const char *head)
{
	paging->head = head;
	paging->head_written = false;
}

static struct buf *new_page(struct paging *paging)
{
	struct buf page;

	buf_init(&page, BUF_SIZE_MAX);
	VEC_PUSH(paging->pages, page);
	paging->head_written = false;
	return &paging->pages->items[paging->pages->len - 1];
}

static size_t room(const struct paging *paging)
{
	size_t used = paging->pages->items[paging->pages->len - 1].len;
	size_t reserve = paging->pages->len == 1 ? paging->reserve : 0;

	return paging->size_max > used + reserve ? paging->size_max - used - reserve : 0;
}

/* The fence line when `text` ends inside a code block, else empty. */
static struct str open_fence(struct str text)
{
	struct str fence = STR_EMPTY;
	struct str line;

	while (str_next_line(&text, &line, NULL)) {
		size_t len = 0;

		while (len < line.len && line.ptr[len] == '`')
			len++;
		if (len < 3)
			continue;
		/* With backticks behind it, it is code in a line. */
		if (!fence.len && str_find_char(line, '`', len) < 0)
			fence = str_of(line.ptr, len);
		else if (fence.len && len >= fence.len && len == line.len)
			fence = STR_EMPTY;
	}
	return fence;
}

/* How much of `text` fits into `len` bytes when cut behind a line, else at a character. */
static size_t cut_point(struct str text, size_t len)
{
	ptrdiff_t line_end;

	if (text.len <= len)
		return text.len;
	line_end = str_rfind_char(str_slice(text, 0, len), '\n');
	if (line_end > 0 && (size_t)line_end > len / 2)
		return (size_t)line_end + 1;
	return utf8_cut(text, len).len;
}

enum { FENCE_ROOM = 200 };

/* Adds an item that is longer than a page, piece by piece. */
static void add_long(struct paging *paging, struct str text)
{
	SCOPED(buf) struct buf again = BUF_INIT;

	while (text.len) {
		size_t space = room(paging);
		struct buf *page = &paging->pages->items[paging->pages->len - 1];
		size_t cut;
		struct str fence;

		if (space < again.len + FENCE_ROOM + 1000) {
			page = new_page(paging);
			space = room(paging);
		}
		cut = cut_point(text, space - again.len - FENCE_ROOM);
		buf_add(page, buf_str(&again));
		buf_add(&again, str_slice(text, 0, cut));
		fence = open_fence(buf_str(&again));
		buf_add(page, str_slice(text, 0, cut));
		text = str_skip(text, cut);
		if (fence.len && text.len) {
			SCOPED(buf) struct buf copy = BUF_INIT;

			buf_add(&copy, fence);
			buf_addf(page, "\n%s\n", copy.ptr);
			buf_reset(&again);
			buf_addf(&again, "%s\n", copy.ptr);
		} else {
			buf_reset(&again);
		}
	}
}

void paging_end(struct paging *paging)
{
	size_t head_len = paging->head ? str_from(paging->head).len : 0;
	struct buf *page;

	if (!paging->item.len)
		return;
	if (!paging->pages->len)
		new_page(paging);
	if (paging->item.len + head_len > room(paging) &&
	    paging->item.len + head_len <= paging->size_max)
		new_page(paging);
	page = &paging->pages->items[paging->pages->len - 1];
	if (paging->head && !paging->head_written)
		buf_add_text(page, paging->head);
	paging->head_written = true;
	if (paging->item.len <= room(paging))
		buf_add(page, buf_str(&paging->item));
	else
		add_long(paging, buf_str(&paging->item));
	buf_reset(&paging->item);
}

void pages_add_cut(struct buf *out, struct str text, size_t size_max)
{
	size_t cut = cut_point(text, size_max);
	struct str kept = str_slice(text, 0, cut);
	struct str fence;

	buf_add(out, kept);
	if (cut == text.len)
		return;
	fence = open_fence(kept);
	if (fence.len)
		buf_addf(out, "\n%.*s", STR_ARG(fence));
	buf_addf(out, "\n\n*(cut here: %zu more bytes stand in the report)*\n", text.len - cut);
}

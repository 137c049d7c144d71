/* Laying text out on pages of limited size, cut at sensible places. */
#ifndef OUTPUT_PAGES_H
#define OUTPUT_PAGES_H

#include "base/buf.h"
#include "output/markdown.h"

/*
 * Text is added item by item: paging_text() gives the buffer of the item under way, paging_end() puts it
 * on the page, or on a new one where it does not fit.  An item larger than a page is cut at lines.
 */
struct paging {
	struct pages *pages;
	size_t size_max;
	size_t reserve; /* of the first page */
	struct buf item;
	const char *head; /* stands above the next item, and again on each new page; or NULL */
	bool head_written;
};

void paging_init(struct paging *paging, struct pages *pages, size_t size_max, size_t reserve);
void paging_release(struct paging *paging);
struct buf *paging_text(struct paging *paging);
void paging_end(struct paging *paging);

/* From now on each page's first item stands below `head` (a table's); NULL ends that. Borrowed. */
void paging_head(struct paging *paging, const char *head);

/*
 * Appends `text`, at most about `size_max` bytes of it: cut behind a line, an open code block closed, and
 * a sentence that says so.
 */
void pages_add_cut(struct buf *out, struct str text, size_t size_max);

#endif

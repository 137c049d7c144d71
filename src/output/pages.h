/* Text on pages of limited size, item by item. */
#ifndef OUTPUT_PAGES_H
#define OUTPUT_PAGES_H

#include "base/buf.h"
#include "base/str.h"
#include "base/vec.h"

/* Texts of comments, in order: the first one and what continues it. */
struct pages {
	VEC_FIELDS(struct buf);
};

void pages_release(struct pages *pages);

/*
 * Writes items on pages.  page_text() returns the buffer of the current item; page_end() adds it to the page, or to
 * a new one if it does not fit.  Items are never cut, because half of a block may mean something else than the
 * whole: one that fits on no page is replaced by a sentence.
 */
struct page_writer {
	struct pages *pages;
	size_t size_max;
	size_t reserve; /* of the first page */
	bool single;    /* only one page: items that do not fit are counted and left out */
	size_t left_out;
	struct buf item;
	struct buf head; /* of the frame; empty: none */
	const char *foot;
	bool is_open; /* the head is on the last page, its foot is not */
};

void page_init(struct page_writer *writer, struct pages *pages, size_t size_max, size_t reserve);
void page_release(struct page_writer *writer);
struct buf *page_text(struct page_writer *writer);
void page_end(struct page_writer *writer);

/*
 * From now on the items are between `head` (copied) and `foot` (borrowed), on each page again: a table's
 * head, a folded part.  Without items neither is written.
 */
void page_frame(struct page_writer *writer, struct str head, const char *foot);
void page_frame_end(struct page_writer *writer);

#endif

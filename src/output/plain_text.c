/* Markdown as plain text: for annotations and code scanning, which show no markup. */
#include "output/plain_text.h"

#include <cmark-gfm.h>
#include <stdlib.h>

#include "base/breathe.h"
#include "base/utf8.h"
#include "output/sanitize_parts.h"
#include "redact/redact.h"

enum { NUMBERED_ITEMS_MAX = 100, DEPTH_MAX = 32 };

static bool is_long_numbered_list(cmark_node *node)
{
	cmark_node *item;
	int count = 0;

	if (cmark_node_get_type(node) != CMARK_NODE_LIST ||
	    cmark_node_get_list_type(node) != CMARK_ORDERED_LIST)
		return false;
	for (item = cmark_node_first_child(node); item && count <= NUMBERED_ITEMS_MAX;
	     item = cmark_node_next(item))
		count++;
	return count > NUMBERED_ITEMS_MAX;
}

/*
 * cmark writes the indentation of all levels for each level, and counts an item's predecessors for its number: the
 * square of the length for a text made for it.
 */
static bool renders_fast(cmark_node *document)
{
	cmark_iter *iter = cmark_iter_new(document);
	cmark_event_type event;
	bool fast = true;
	int depth = 0;

	while (fast && (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *node = cmark_iter_get_node(iter);

		if (!cmark_node_first_child(node))
			continue;
		depth += event == CMARK_EVENT_ENTER ? 1 : -1;
		fast = depth <= DEPTH_MAX && !is_long_numbered_list(node);
	}
	cmark_iter_free(iter);
	return fast;
}

void plain_text(struct buf *out, struct str markdown)
{
	SCOPED(buf) struct buf readable = BUF_INIT;
	SCOPED(buf) struct buf shown = BUF_INIT;
	cmark_node *document;
	char *text = NULL;

	breathe();
	utf8_add_repaired(&readable, utf8_cut(markdown, PLAIN_SIZE_MAX));
	if (markdown.len > PLAIN_SIZE_MAX)
		buf_add_text(&readable, "\n\n…");
	document = markdown_parse(buf_str(&readable), false);
	breathe();
	if (renders_fast(document))
		text = cmark_render_plaintext(document, CMARK_OPT_DEFAULT, 0);
	add_prose(&shown, str_trim(text ? str_from(text) : buf_str(&readable)));
	/* Without its markup, a text may have a secret that was in pieces. */
	redact_add(out, buf_str(&shown));
	free(text);
	cmark_node_free(document);
}

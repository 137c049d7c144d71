/* Markdown as plain text: for annotations and code scanning, which show no markup. */
#include "output/plain_text.h"

#include <cmark-gfm.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "output/sanitize.h"
#include "output/sanitize_parts.h"

void plain_text(struct buf *out, struct str markdown)
{
	SCOPED(buf) struct buf readable = BUF_INIT;
	cmark_node *document;
	char *text;

	utf8_add_repaired(&readable, utf8_cut(markdown, SANITIZE_SIZE_MAX));
	document = markdown_parse(buf_str(&readable), false);
	text = cmark_render_plaintext(document, CMARK_OPT_DEFAULT, 0);
	add_prose(out, str_trim(str_from(text)));
	free(text);
	cmark_node_free(document);
}

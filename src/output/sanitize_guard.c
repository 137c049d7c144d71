/* The final check of sanitized Markdown: parsed again, it must not contain active elements. */
#include <string.h>

#include "base/breathe.h"
#include "output/sanitize_parts.h"

static bool text_is_safe(struct str text)
{
	struct str rest = text;

	while (rest.len) {
		size_t len = 0;

		while (len < rest.len && !strchr(" \t\n\r", rest.ptr[len]))
			len++;
		if (len && word_acts(str_slice(rest, 0, len)))
			return false;
		rest = str_skip(rest, len + 1);
	}
	return true;
}

static bool node_is_safe(cmark_node *node)
{
	switch ((int)cmark_node_get_type(node)) {
	case CMARK_NODE_IMAGE:
	case CMARK_NODE_HTML_BLOCK:
	case CMARK_NODE_HTML_INLINE:
		return false;
	case CMARK_NODE_LINK:
		return link_is_allowed(str_from(cmark_node_get_url(node)));
	case CMARK_NODE_TEXT:
		return text_is_safe(str_from(cmark_node_get_literal(node)));
	case CMARK_NODE_CODE_BLOCK: {
		struct str info = str_from(cmark_node_get_fence_info(node));

		return !info.len || language_allowed(info).len;
	}
	default:
		return true;
	}
}

bool markdown_is_safe(struct str markdown)
{
	cmark_node *document;
	cmark_iter *nodes;
	bool safe = true;

	for (size_t i = 0; i < markdown.len; i++) {
		if (is_marker_at(markdown, i))
			return false;
	}
	document = markdown_parse(markdown, true);
	breathe();
	nodes = cmark_iter_new(document);
	while (safe && cmark_iter_next(nodes) != CMARK_EVENT_DONE)
		safe = node_is_safe(cmark_iter_get_node(nodes));
	cmark_iter_free(nodes);
	cmark_node_free(document);
	return safe;
}

static size_t run_length(struct str text, size_t at)
{
	size_t end = at;

	while (end < text.len && text.ptr[end] == '`')
		end++;
	return end - at;
}

bool line_closes_code(struct str line)
{
	for (size_t i = 0; i < line.len;) {
		size_t len = run_length(line, i);
		size_t end;

		if (!len) {
			i += line.ptr[i] == '\\' ? 2 : 1;
			continue;
		}
		end = i + len;
		while (end < line.len && run_length(line, end) != len)
			end += MAX_OF(run_length(line, end), (size_t)1);
		if (end >= line.len)
			return false;
		i = end + len;
	}
	return true;
}

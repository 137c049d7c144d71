/* What GitHub's own parser makes of Markdown that was sanitized. */
#include "rendered.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm-extension_api.h>
#include <cmark-gfm.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"

void rendered_html(struct buf *html, struct str markdown)
{
	static const char *const names[] = {"autolink", "strikethrough", "table", "tasklist"};
	cmark_parser *parser;
	cmark_node *document;
	char *text;

	cmark_gfm_core_extensions_ensure_registered();
	parser = cmark_parser_new(CMARK_OPT_UNSAFE | CMARK_OPT_FOOTNOTES);
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension(names[i]));
	cmark_parser_feed(parser, markdown.ptr ? markdown.ptr : "", markdown.len);
	document = cmark_parser_finish(parser);
	text = cmark_render_html(document, CMARK_OPT_UNSAFE | CMARK_OPT_FOOTNOTES,
				 cmark_parser_get_syntax_extensions(parser));
	buf_add_text(html, text);
	free(text);
	cmark_node_free(document);
	cmark_parser_free(parser);
}

static bool tag_is(struct str tag, const char *name)
{
	struct str word = str_from(name);

	if (str_starts(tag, STR("/")))
		tag = str_skip(tag, 1);
	return str_starts(tag, word) &&
	       (tag.len == word.len || tag.ptr[word.len] == ' ' || tag.ptr[word.len] == '/');
}

static bool tag_is_ours(struct str tag)
{
	static const char *const ours[] = {"details", "summary", "sub", "h2", "h3"};

	for (size_t i = 0; i < ARRAY_LEN(ours); i++) {
		if (tag_is(tag, ours[i]))
			return true;
	}
	return str_starts(tag, STR("a href=\"https://github.com/acme/shop/")) ||
	       str_contains(tag, STR("language-suggestion")) ||
	       str_contains(tag, STR("language-json")) || str_contains(tag, STR("language-python"));
}

static const char *tag_fault(struct str tag)
{
	static const char *const plain[] = {
		"blockquote", "br",    "code", "del", "em",    "h4",  "h5",
		"h6",         "hr",    "li",   "ol",  "p",     "pre", "strong",
		"table",      "tbody", "td",   "th",  "thead", "tr",  "ul",
	};
	/* What GitHub draws, runs or offers to commit.
	 * https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting */
	static const char *const acting[] = {"geojson", "math",       "mermaid",
					     "stl",     "suggestion", "topojson"};
	static const char *const hosts[] = {"https://cwe.mitre.org/", "https://owasp.org/"};
	struct str lang;

	if (tag_is(tag, "a")) {
		if (tag.ptr[0] == '/')
			return NULL;
		for (size_t i = 0; i < ARRAY_LEN(hosts); i++) {
			if (str_starts(str_skip(tag, 8), str_from(hosts[i])))
				return NULL;
		}
		return "a link to a host that is not allowed";
	}
	if (str_cut(tag, STR("language-"), &tag, &lang)) {
		for (size_t i = 0; i < ARRAY_LEN(acting); i++) {
			if (str_starts(lang, str_from(acting[i])))
				return "a language that acts";
		}
	}
	for (size_t i = 0; i < ARRAY_LEN(plain); i++) {
		if (tag_is(tag, plain[i]))
			return NULL;
	}
	return "a tag that Markdown does not make";
}

/* Costs are ours: a formula does not end in a dollar sign before a digit. */
static const char *text_fault(struct str text, bool page)
{
	for (size_t i = 0; i < text.len; i++) {
		struct str rest = str_skip(text, i);
		char next = rest.len > 1 ? rest.ptr[1] : '\0';

		if (rest.ptr[0] == '@' && ascii_is_alnum(next))
			return "a mention";
		if (rest.ptr[0] == '#' && ascii_is_digit(next) && (!i || text.ptr[i - 1] != '&'))
			return "a reference";
		if (rest.ptr[0] == '$' && !(page && ascii_is_digit(next)))
			return "a formula";
		if (str_starts(rest, STR("://")) || str_starts(rest, STR("www.")))
			return "a bare address";
		if ((!i || !ascii_is_alnum(text.ptr[i - 1])) &&
		    (str_starts(rest, STR("GH-1")) || str_starts(rest, STR("0123abcd"))) &&
		    !ascii_is_alnum(rest.len > 8 ? rest.ptr[8] : ' '))
			return "a reference";
	}
	return NULL;
}

static const char *find_fault(struct str markdown, bool page)
{
	SCOPED(buf) struct buf html = BUF_INIT;
	struct str rest;
	const char *fault = NULL;
	int quiet = 0; /* inside code, where GitHub looks for nothing */

	rendered_html(&html, markdown);
	rest = buf_str(&html);
	while (rest.len && !fault) {
		ptrdiff_t at = str_find_char(rest, '<', 0);
		size_t len = at < 0 ? rest.len : (size_t)at;
		struct str tag;

		if (!quiet)
			fault = text_fault(str_slice(rest, 0, len), page);
		rest = str_skip(rest, len);
		if (fault || !rest.len)
			break;
		at = str_find_char(rest, '>', 0);
		if (at < 0)
			return "an open tag";
		tag = str_slice(rest, 1, (size_t)at - 1);
		rest = str_skip(rest, (size_t)at + 1);
		fault = page && tag_is_ours(tag) ? NULL : tag_fault(tag);
		if (tag_is(tag, "code"))
			quiet += tag.ptr[0] == '/' ? -1 : 1;
	}
	if (!fault && str_contains(markdown, STR("<!-- outcrop")))
		fault = "a marker";
	return fault;
}

const char *rendered_fault(struct str markdown)
{
	return find_fault(markdown, false);
}

const char *rendered_page_fault(struct str markdown)
{
	return find_fault(markdown, true);
}

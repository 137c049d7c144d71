/* Splits a document after the words that a reader reads first; the rest is folded. */
#include <cmark-gfm.h>
#include <string.h>

#include "base/ascii.h"
#include "output/sanitize_parts.h"

/* CommonMark takes nine digits. */
enum { LIST_START_MAX = 900000000 };

struct word_counter {
	size_t words;
	bool in_word;
};

/* Where a paragraph is split: after `at` bytes of a text, or at a line break. */
struct cut {
	cmark_node *node;
	size_t at;
};

static void count_char(struct word_counter *counter, char c)
{
	bool blank = c == ' ' || c == '\n' || c == '\t';

	counter->words += !blank && !counter->in_word;
	counter->in_word = !blank;
}

/* Whether two words beside it are two. */
static bool parts_words(cmark_node *node)
{
	cmark_node_type type = cmark_node_get_type(node);

	return type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK ||
	       (type & CMARK_NODE_TYPE_MASK) != (CMARK_NODE_TYPE_INLINE & CMARK_NODE_TYPE_MASK);
}

static void count_node(struct word_counter *counter, cmark_node *node)
{
	cmark_iter *iter = cmark_iter_new(node);
	cmark_event_type event;

	while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *inner = cmark_iter_get_node(iter);
		const char *text = cmark_node_get_literal(inner);

		if (event == CMARK_EVENT_ENTER && text) {
			while (*text)
				count_char(counter, *text++);
		}
		if (parts_words(inner))
			counter->in_word = false;
	}
	cmark_iter_free(iter);
}

/* Whether a sentence ends before the blank at `at`: abbreviations have two full stops or go on in lower case. */
static bool ends_sentence(const char *text, size_t at)
{
	return at > 0 && strchr(".!?", text[at - 1]) && (at < 3 || text[at - 3] != '.') &&
	       !ascii_is_lower(text[at + 1]);
}

/* Reads a text up to the first word too many; false: there is one. */
static bool read_text(cmark_node *node, struct word_counter *counter, size_t words_max,
		      struct cut *sentence, struct cut *word)
{
	const char *text = cmark_node_get_literal(node);

	for (size_t i = 0; text[i]; i++) {
		count_char(counter, text[i]);
		if (counter->words > words_max)
			return false;
		if (text[i] != ' ' || !i)
			continue;
		*word = (struct cut){node, i};
		if (ends_sentence(text, i))
			*sentence = *word;
	}
	return true;
}

static bool is_line_break(cmark_node *node)
{
	return cmark_node_get_type(node) == CMARK_NODE_SOFTBREAK ||
	       cmark_node_get_type(node) == CMARK_NODE_LINEBREAK;
}

static void read_line_break(cmark_node *node, struct word_counter *counter, struct cut *sentence,
			    struct cut *word)
{
	cmark_node *before = cmark_node_previous(node);
	const char *text = before ? cmark_node_get_literal(before) : NULL;

	counter->in_word = false;
	*word = (struct cut){node, 0};
	if (text && *text && strchr(".!?", text[strlen(text) - 1]))
		*sentence = *word;
}

/* The last end of a sentence within `words_max` words, else of a word. */
static struct cut find_cut(cmark_node *paragraph, size_t words_max, bool *in_sentence)
{
	struct word_counter counter = {0};
	struct cut sentence = {0}, word = {0};
	bool fits = true;

	for (cmark_node *node = cmark_node_first_child(paragraph); node && fits;
	     node = cmark_node_next(node)) {
		if (cmark_node_get_type(node) == CMARK_NODE_TEXT) {
			fits = read_text(node, &counter, words_max, &sentence, &word);
		} else if (is_line_break(node)) {
			read_line_break(node, &counter, &sentence, &word);
		} else {
			count_node(&counter, node);
			fits = counter.words <= words_max;
		}
	}
	*in_sentence = !sentence.node;
	return sentence.node ? sentence : word;
}

static cmark_node *text_node(struct str text, const char *more)
{
	SCOPED(buf) struct buf copy = BUF_INIT;
	cmark_node *node = cmark_node_new(CMARK_NODE_TEXT);

	buf_addf(&copy, "%.*s%s", STR_ARG(text), more);
	cmark_node_set_literal(node, copy.ptr);
	return node;
}

/* Moves what is behind the cut to a paragraph that follows. */
static bool cut_paragraph(cmark_node *paragraph, size_t words_max)
{
	bool in_sentence;
	struct cut cut = find_cut(paragraph, words_max, &in_sentence);
	cmark_node *rest, *node;
	struct str text;

	if (!cut.node)
		return false;
	text = cut.at ? str_from(cmark_node_get_literal(cut.node)) : STR_EMPTY;
	rest = cmark_node_new(CMARK_NODE_PARAGRAPH);
	cmark_node_insert_after(paragraph, rest);
	if (text.len > cut.at + 1)
		cmark_node_append_child(rest, text_node(str_skip(text, cut.at + 1), ""));
	while ((node = cmark_node_next(cut.node)))
		cmark_node_append_child(rest, node);
	node = text_node(str_slice(text, 0, cut.at), in_sentence ? "…" : "");
	cmark_node_replace(cut.node, node);
	cmark_node_free(cut.node);
	return true;
}

/* Moves the items beyond the words to a list that follows. */
static bool cut_list(cmark_node *list, size_t words_max)
{
	struct word_counter counter = {0};
	cmark_node *item = cmark_node_first_child(list);
	cmark_node *rest, *next;
	int before = 0;

	for (; item; item = cmark_node_next(item), before++) {
		counter.in_word = false;
		count_node(&counter, item);
		if (counter.words > words_max)
			break;
	}
	if (!item || !before)
		return false;
	rest = cmark_node_new(CMARK_NODE_LIST);
	cmark_node_set_list_type(rest, cmark_node_get_list_type(list));
	cmark_node_set_list_tight(rest, cmark_node_get_list_tight(list));
	if (cmark_node_get_list_type(list) == CMARK_ORDERED_LIST)
		cmark_node_set_list_start(
			rest, MIN_OF(cmark_node_get_list_start(list), LIST_START_MAX) + before);
	cmark_node_insert_after(list, rest);
	for (; item; item = next) {
		next = cmark_node_next(item);
		cmark_node_append_child(rest, item);
	}
	return true;
}

bool markdown_cut_first(cmark_node *document, size_t words_max)
{
	cmark_node *first = cmark_node_first_child(document);
	struct word_counter counter = {0};

	if (!first || words_max == SIZE_MAX)
		return true;
	count_node(&counter, first);
	if (counter.words <= words_max)
		return true;
	if (cmark_node_get_type(first) == CMARK_NODE_PARAGRAPH)
		return cut_paragraph(first, words_max);
	return cmark_node_get_type(first) == CMARK_NODE_LIST && cut_list(first, words_max);
}

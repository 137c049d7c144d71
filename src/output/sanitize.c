/* Model text made safe to stand in a comment. */
#include "output/sanitize.h"

#include <string.h>

#include "base/utf8.h"

enum { FENCE_LEN_MIN = 3, INFO_LEN_MAX = 20 };

/* Characters that nobody sees but that change what is seen. */
static bool is_hidden(uint32_t c)
{
	return (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7f && c < 0xa0) || c == 0xad ||
	       c == 0x061c || c == 0x180e || (c >= 0x200b && c <= 0x200f) ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
	       (c >= 0xe0000 && c <= 0xe007f);
}

/* UTF-8 without hidden characters; CR LF and lone CR become LF. */
static void add_visible(struct buf *out, struct str text)
{
	uint32_t before = 0;
	uint32_t c;

	while (utf8_next(&text, &c)) {
		if (c == '\r')
			buf_add_char(out, '\n');
		else if (!(c == '\n' && before == '\r') && !is_hidden(c))
			utf8_add(out, c);
		before = c;
	}
}

static size_t run_length(struct str text, size_t at)
{
	size_t len = 0;

	while (at + len < text.len && text.ptr[at + len] == text.ptr[at])
		len++;
	return len;
}

static size_t longest_run(struct str text, char c)
{
	size_t longest = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == c) {
			size_t len = run_length(text, i);

			longest = MAX_OF(longest, len);
			i += len - 1;
		}
	}
	return longest;
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

static bool is_punctuation(char c)
{
	return c > ' ' && c < 0x7f && !is_word(c);
}

/* Where the run of `len` backticks that closes a code span begins, or 0. */
static size_t span_end(struct str line, size_t from, size_t len)
{
	for (size_t i = from; i < line.len; i++) {
		if (line.ptr[i] == '`') {
			size_t run = run_length(line, i);

			if (run == len)
				return i;
			i += run - 1;
		}
	}
	return 0;
}

/*
 * A table splits its cells at '|' before it looks for code, so a span that holds one may not be code
 * after all: then it may not hold anything that acts either.
 */
static bool span_is_safe(struct str span)
{
	if (str_find_char(span, '|', 0) < 0)
		return true;
	return str_find_char(span, '@', 0) < 0 && str_find_char(span, '<', 0) < 0 &&
	       str_find_char(span, '&', 0) < 0 && !str_contains(span, STR("!["));
}

/* Backticks at `at`: a whole code span, or escaped ones that can pair with nothing. */
static size_t add_backticks(struct buf *out, struct str line, size_t at)
{
	size_t len = run_length(line, at);
	size_t end = span_end(line, at + len, len);
	struct str span = str_slice(line, at + len, end ? end - at - len : 0);

	if (end && span_is_safe(span)) {
		buf_add(out, str_slice(line, at, end + len - at));
		return end + len;
	}
	for (size_t i = 0; i < len; i++)
		buf_add_text(out, "\\`");
	return at + len;
}

/* "@name" would notify somebody; as inline code it is only a word. */
static size_t add_mention(struct buf *out, struct str line, size_t at)
{
	size_t end = at + 1;

	while (end < line.len &&
	       (is_word(line.ptr[end]) || line.ptr[end] == '-' || line.ptr[end] == '/'))
		end++;
	while (line.ptr[end - 1] == '_')
		end--;
	/* In an address a letter stands before it; '_' may be emphasis, which leaves nothing there. */
	if (end == at + 1 || (at && is_word(line.ptr[at - 1]) && line.ptr[at - 1] != '_')) {
		buf_add_char(out, '@');
		return at + 1;
	}
	buf_add_char(out, '`');
	buf_add(out, str_slice(line, at, end - at));
	buf_add_char(out, '`');
	return end;
}

/* One line of running text. */
static void add_inline(struct buf *out, struct str line)
{
	for (size_t i = 0; i < line.len;) {
		char c = line.ptr[i];
		char next = i + 1 < line.len ? line.ptr[i + 1] : '\0';

		if (c == '`') {
			i = add_backticks(out, line, i);
		} else if (c == '@') {
			i = add_mention(out, line, i);
		} else if (c == '\\' && is_punctuation(next) && !strchr("@<&`!", next)) {
			buf_add(out, str_slice(line, i, 2));
			i += 2;
		} else {
			if (c == '\\' && next && strchr("@<&`!", next))
				buf_add_text(out, "\\\\");
			else if (c == '<')
				buf_add_text(out, "&lt;");
			else if (c == '&')
				buf_add_text(out, "&amp;");
			else if (c == '!' && next == '[')
				buf_add_text(out, "&#33;");
			else
				buf_add_char(out, c);
			i++;
		}
	}
}

/* A line that opens a code block: its character, its length, and what stands behind it. */
struct fence {
	char character;
	size_t len;
	struct str info;
};

static bool fence_opens(struct str line, struct fence *fence)
{
	size_t indent = 0;

	while (indent < line.len && line.ptr[indent] == ' ')
		indent++;
	if (indent > 3 || indent == line.len)
		return false;
	line = str_skip(line, indent);
	fence->character = line.ptr[0];
	if (fence->character != '`' && fence->character != '~')
		return false;
	fence->len = run_length(line, 0);
	fence->info = str_trim(str_skip(line, fence->len));
	if (fence->character == '`' && str_find_char(fence->info, '`', 0) >= 0)
		return false;
	return fence->len >= FENCE_LEN_MIN;
}

static bool fence_closes(struct str line, const struct fence *open)
{
	struct fence fence;

	return fence_opens(line, &fence) && fence.character == open->character &&
	       fence.len >= open->len && !fence.info.len;
}

/* A language's name; "suggestion" would offer a change that nobody has checked. */
static struct str safe_info(struct str info)
{
	size_t len = 0;

	while (len < info.len && len < INFO_LEN_MAX &&
	       (is_word(info.ptr[len]) || strchr("+#-.", info.ptr[len])))
		len++;
	info = str_slice(info, 0, len);
	if (str_starts_nocase(info, STR("suggestion")) || str_starts_nocase(info, STR("mermaid")))
		return STR("text");
	return info;
}

static void add_fenced(struct buf *out, struct str info, struct str text)
{
	size_t len = MAX_OF(longest_run(text, '`') + 1, (size_t)FENCE_LEN_MIN);

	buf_add_many(out, '`', len);
	buf_add(out, info);
	buf_add_char(out, '\n');
	buf_add(out, text);
	if (text.len && text.ptr[text.len - 1] != '\n')
		buf_add_char(out, '\n');
	buf_add_many(out, '`', len);
	buf_add_char(out, '\n');
}

/* Takes the lines of a code block off `rest`, up to its closing fence or the end. */
static struct str take_block(struct str *rest, const struct fence *open)
{
	const char *start = rest->ptr;
	size_t len = 0;
	struct str line;
	bool ended;

	while (str_next_line(rest, &line, &ended)) {
		if (fence_closes(line, open))
			break;
		len += line.len + ended;
	}
	return str_of(start, len);
}

void sanitize_markdown(struct buf *out, struct str text)
{
	SCOPED(buf) struct buf visible = BUF_INIT;
	struct str rest;
	struct str line;
	struct fence fence;

	add_visible(&visible, text);
	rest = str_trim(buf_str(&visible));
	while (str_next_line(&rest, &line, NULL)) {
		if (fence_opens(line, &fence)) {
			add_fenced(out, safe_info(fence.info), take_block(&rest, &fence));
		} else {
			add_inline(out, line);
			if (rest.len)
				buf_add_char(out, '\n');
		}
	}
}

void sanitize_line(struct buf *out, struct str text)
{
	SCOPED(buf) struct buf visible = BUF_INIT;
	SCOPED(buf) struct buf safe = BUF_INIT;
	struct str line;

	add_visible(&visible, text);
	for (size_t i = 0; i < visible.len; i++) {
		if (visible.ptr[i] == '\n' || visible.ptr[i] == '\t')
			visible.ptr[i] = ' ';
	}
	add_inline(&safe, str_trim(buf_str(&visible)));
	line = buf_str(&safe);
	for (size_t i = 0; i < line.len; i++) {
		if (line.ptr[i] == '|')
			buf_add_char(out, '\\');
		buf_add_char(out, line.ptr[i]);
	}
}

/*
 * A table splits its cells at '|' even in code, and what escapes it there stands in the code elsewhere.  As
 * HTML, with every sign as a number, it is the same everywhere.
 */
static void add_code_as_html(struct buf *out, struct str text)
{
	buf_add_text(out, "<code>");
	for (size_t i = 0; i < text.len; i++) {
		if (is_punctuation(text.ptr[i]) || text.ptr[i] == '_')
			buf_addf(out, "&#%d;", text.ptr[i]);
		else
			buf_add_char(out, text.ptr[i]);
	}
	buf_add_text(out, "</code>");
}

void sanitize_code(struct buf *out, struct str text)
{
	SCOPED(buf) struct buf visible = BUF_INIT;
	size_t len;

	add_visible(&visible, text);
	for (size_t i = 0; i < visible.len; i++) {
		if (visible.ptr[i] == '\n')
			visible.ptr[i] = ' ';
	}
	if (!visible.len)
		return;
	if (str_find_char(buf_str(&visible), '|', 0) >= 0) {
		add_code_as_html(out, buf_str(&visible));
		return;
	}
	len = longest_run(buf_str(&visible), '`') + 1;
	buf_add_many(out, '`', len);
	if (len > 1)
		buf_add_char(out, ' ');
	buf_add(out, buf_str(&visible));
	if (len > 1)
		buf_add_char(out, ' ');
	buf_add_many(out, '`', len);
}

void sanitize_block(struct buf *out, const char *info, struct str text)
{
	SCOPED(buf) struct buf visible = BUF_INIT;

	add_visible(&visible, text);
	add_fenced(out, str_from(info), buf_str(&visible));
}

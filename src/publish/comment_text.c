/* Reads the finding from one of our comments on lines, for a run that lost the state. */
#include "publish/comment_text.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "output/texts.h"

enum { TITLE_READ_MAX = 400, REFERENCE_LEN_MAX = 10 };

static bool is_punctuation(char c)
{
	return (c > ' ' && c < '0') || (c > '9' && c < 'A') || (c > 'Z' && c < 'a') ||
	       (c > 'z' && c < 0x7f);
}

/* Returns the length of a character reference as the sanitizer writes it, or 0. */
static size_t add_reference(struct buf *out, struct str text)
{
	static const struct {
		struct str reference;
		char character;
	} named[] = {
		{STR_INIT("&lt;"), '<'},
		{STR_INIT("&gt;"), '>'},
		{STR_INIT("&amp;"), '&'},
		{STR_INIT("&quot;"), '"'},
	};
	ptrdiff_t end = str_find_char(str_slice(text, 0, REFERENCE_LEN_MAX), ';', 0);
	int64_t number;

	for (size_t i = 0; i < ARRAY_LEN(named); i++) {
		if (!str_starts(text, named[i].reference))
			continue;
		buf_add_char(out, named[i].character);
		return named[i].reference.len;
	}
	if (end < 3 || text.ptr[1] != '#' ||
	    !str_to_int64(str_slice(text, 2, (size_t)end - 2), &number) || number <= ' ' ||
	    number >= 0x7f)
		return 0;
	buf_add_char(out, (char)number);
	return (size_t)end + 1;
}

/* Turns sanitized Markdown back into the plain text that it was made from. */
static struct str plain(struct arena *arena, struct str text)
{
	SCOPED(buf) struct buf out = BUF_INIT;

	for (size_t i = 0; i < text.len;) {
		size_t len = text.ptr[i] == '&' ? add_reference(&out, str_skip(text, i)) : 0;

		if (text.ptr[i] == '\\' && i + 1 < text.len && is_punctuation(text.ptr[i + 1]))
			i++;
		if (!len)
			buf_add_char(&out, text.ptr[i]);
		i += len ? len : 1;
	}
	return arena_str(arena, buf_str(&out));
}

void comment_text_read(struct str body, struct arena *arena, struct state_finding *record)
{
	struct str line = STR_EMPTY;

	if (!str_next_line(&body, &line, NULL))
		return;
	line = str_trim(line);
	if (str_starts(line, STR("**")))
		line = str_skip(line, 2);
	if (str_ends(line, STR("**")))
		line.len -= 2;
	for (int i = 0; i < SEVERITY_COUNT; i++) {
		struct str label = str_from(severity_label((enum severity)i));

		if (!str_starts(line, label) || !str_starts(str_skip(line, label.len), STR(": ")))
			continue;
		record->severity = i;
		line = str_skip(line, label.len + 2);
		break;
	}
	record->title = plain(arena, utf8_cut(line, TITLE_READ_MAX));
}

/* Returns the text before the first of these. */
static struct str before(struct str text, struct str mark)
{
	ptrdiff_t at = str_find(text, mark, 0);

	return at < 0 ? text : str_slice(text, 0, (size_t)at);
}

struct str comment_text_body(struct str comment, struct arena *arena)
{
	struct str shown, folded;
	struct str title = STR_EMPTY;

	if (!str_next_line(&comment, &title, NULL))
		return STR_EMPTY;
	if (!str_cut(comment, STR(COMMENT_WHY), &shown, &folded)) {
		shown = comment;
		folded = STR_EMPTY;
	}
	shown = before(before(shown, STR("\n```suggestion\n")), STR(COMMENT_OTHERS));
	return plain(arena, arena_printf(arena, "%.*s %.*s", STR_ARG(shown),
					 STR_ARG(before(folded, STR(COMMENT_REPORTED)))));
}

/* Finds a part of a YAML string in its file. */
#include "base/utf8.h"
#include "value/yaml.h"

/* The text from the position on. */
static struct str text_from(struct str text, struct position at)
{
	struct str line;
	uint32_t character;

	for (int number = 1; number < at.line; number++) {
		if (!str_next_line(&text, &line, NULL))
			return STR_EMPTY;
	}
	for (int column = 1; column < at.column; column++) {
		if (!utf8_next(&text, &character))
			return STR_EMPTY;
	}
	return text;
}

static size_t leading_spaces(struct str line)
{
	size_t count = 0;

	while (count < line.len && line.ptr[count] == ' ')
		count++;
	return count;
}

/* The indentation of a literal block: that of its first line with text.  `rest` begins at the "|". */
static size_t block_indent(struct str rest)
{
	struct str line;

	if (!str_next_line(&rest, &line, NULL))
		return 0;
	while (str_next_line(&rest, &line, NULL)) {
		if (str_trim(line).len)
			return leading_spaces(line);
	}
	return 0;
}

static struct position place_in_block(struct str rest, struct position at, struct str before)
{
	struct position place = {.line = at.line + 1};
	struct str line = before;

	for (ptrdiff_t end; (end = str_find_char(line, '\n', 0)) >= 0;) {
		place.line++;
		line = str_of(line.ptr + end + 1, line.len - (size_t)end - 1);
	}
	place.column = (int)(block_indent(rest) + utf8_count(line)) + 1;
	return place;
}

struct position yaml_place(struct str text, const struct value *string, size_t offset)
{
	struct position at = string->at;
	struct str decoded = value_as_string(string);
	struct str before = str_slice(decoded, 0, offset);
	struct str rest = text_from(text, at);
	bool quoted;

	if (!at.line || !rest.len)
		return at;
	if (rest.ptr[0] == '|')
		return place_in_block(rest, at, before);
	quoted = rest.ptr[0] == '"' || rest.ptr[0] == '\'';
	if (str_starts(str_skip(rest, quoted), decoded) && str_find_char(decoded, '\n', 0) < 0)
		at.column += (int)(quoted + utf8_count(before));
	return at;
}

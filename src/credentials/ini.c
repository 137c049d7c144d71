/* The files ~/.aws/config and ~/.aws/credentials. */
#include "credentials/ini.h"

#include <string.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "base/vec.h"

struct entries {
	VEC_FIELDS(struct ini_entry);
};

/* The position of the reader. */
struct ini_reader {
	struct arena *arena;
	struct entries entries;
	struct str section;
	struct str parent; /* a setting without value, whose settings are indented below it */
	struct str file;
	int line;
};

static bool wrong(struct ini_reader *reader, struct error *err, const char *why)
{
	return error_set(err, ERROR_CONFIG, "%.*s:%d: %s", STR_ARG(reader->file), reader->line,
			 why);
}

/* The next word of a section's name, as a shell splits words: "..." and '...' may hold blanks. */
static bool next_word(struct str *rest, struct buf *word)
{
	char quote = '\0';

	*rest = str_trim(*rest);
	if (!rest->len)
		return false;
	/* Not strchr(): it finds a NUL too, and then nothing would be taken. */
	while (rest->len && (quote || (rest->ptr[0] != ' ' && rest->ptr[0] != '\t'))) {
		char c = rest->ptr[0];

		*rest = str_skip(*rest, 1);
		if (quote ? c == quote : c == '"' || c == '\'')
			quote = quote ? '\0' : c;
		else
			buf_add_char(word, c);
	}
	return true;
}

static bool read_section(struct ini_reader *reader, struct str line, struct error *err)
{
	ptrdiff_t end = str_rfind_char(line, ']');
	SCOPED(buf) struct buf name = BUF_INIT;
	struct str words;

	if (end < 0)
		return wrong(reader, err, "the name of a section has no \"]\"");
	words = str_slice(line, 1, (size_t)end - 1);
	while (str_trim(words).len) { /* "profile   x" is "profile x" */
		if (name.len)
			buf_add_char(&name, ' ');
		if (!next_word(&words, &name))
			break;
	}
	reader->section = arena_str(reader->arena, buf_str(&name));
	reader->parent = STR_EMPTY;
	VEC_PUSH(&reader->entries, (struct ini_entry){.section = reader->section});
	return true;
}

/* "name = value" and "name: value": whichever delimiter comes first. */
static bool cut_setting(struct str line, struct str *name, struct str *value)
{
	for (size_t i = 0; i < line.len; i++) {
		if (line.ptr[i] == '=' || line.ptr[i] == ':') {
			*name = str_slice(line, 0, i);
			*value = str_skip(line, i + 1);
			return true;
		}
	}
	return false;
}

static bool read_setting(struct ini_reader *reader, struct str line, bool indented,
			 struct error *err)
{
	struct str name, value;

	if (!cut_setting(line, &name, &value))
		return wrong(reader, err, "neither a section nor \"name = value\"");
	if (reader->section.len == 0)
		return wrong(reader, err, "a setting before the first section");
	name = arena_lower(reader->arena, str_trim(name));
	value = str_trim(value);
	if (indented && reader->parent.len)
		name = arena_printf(reader->arena, "%.*s.%.*s", STR_ARG(reader->parent),
				    STR_ARG(name));
	else
		reader->parent = value.len ? STR_EMPTY : name;
	VEC_PUSH(&reader->entries, (struct ini_entry){.section = reader->section,
						      .name = name,
						      .value = arena_str(reader->arena, value)});
	return true;
}

static bool read_line(struct ini_reader *reader, struct str line, struct error *err)
{
	bool indented = line.len && (line.ptr[0] == ' ' || line.ptr[0] == '\t');

	line = str_trim(line);
	if (line.len == 0 || line.ptr[0] == '#' || line.ptr[0] == ';')
		return true;
	if (reader->entries.len >= INI_ENTRIES_MAX)
		return error_set(err, ERROR_LIMIT, "%.*s: more than %d settings",
				 STR_ARG(reader->file), INI_ENTRIES_MAX);
	if (line.ptr[0] == '[')
		return read_section(reader, line, err);
	return read_setting(reader, line, indented, err);
}

bool ini_read(struct arena *arena, struct str text, struct str file, struct ini *ini,
	      struct error *err)
{
	struct ini_reader reader = {.arena = arena, .file = file};
	struct str line;
	bool ok = true;

	text = utf8_skip_mark(text);
	while (ok && str_next_line(&text, &line, NULL)) {
		reader.line++;
		ok = read_line(&reader, line, err);
	}
	if (ok) {
		ini->items = ARENA_ARRAY(arena, struct ini_entry, reader.entries.len);
		ini->len = reader.entries.len;
		if (ini->len)
			memcpy(ini->items, reader.entries.items, ini->len * sizeof(*ini->items));
	}
	VEC_RELEASE(&reader.entries);
	return ok;
}

struct str ini_get(const struct ini *ini, struct str section, const char *name)
{
	struct str wanted = str_from(name);

	for (size_t i = ini->len; i-- > 0;) {
		if (str_eq(ini->items[i].name, wanted) && str_eq(ini->items[i].section, section))
			return ini->items[i].value;
	}
	return STR_EMPTY;
}

bool ini_has_section(const struct ini *ini, struct str section)
{
	for (size_t i = 0; i < ini->len; i++) {
		if (str_eq(ini->items[i].section, section))
			return true;
	}
	return false;
}

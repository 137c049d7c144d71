/* Assignments of random-looking values to names such as key, token, secret, password. */
#include "redact/assign.h"

#include <string.h>

#include "base/ascii.h"
#include "redact/judge.h"
#include "redact/name.h"

enum { TYPE_LEN_MAX = 40 }; /* of a type between a name and its operator */

static size_t skip_blanks(struct str text, size_t at)
{
	while (at < text.len && (text.ptr[at] == ' ' || text.ptr[at] == '\t'))
		at++;
	return at;
}

static bool is_quote(char c)
{
	return c == '"' || c == '\'' || c == '`';
}

/* Skips characters that can close a name: quotes (escaped ones too), brackets, the bounds of an array. */
static size_t skip_closers(struct str text, size_t at)
{
	while (at < text.len && (is_quote(text.ptr[at]) || text.ptr[at] == ']' ||
				 text.ptr[at] == '[' || text.ptr[at] == '\\'))
		at++;
	return skip_blanks(text, at);
}

/*
 * The place behind a type between the name and '=': `: &str`, ` string`.  Else `at`.  A type has no
 * blanks, so that whichever name within it is asked, the same '=' is found.
 */
static size_t skip_type(struct str text, size_t at)
{
	size_t end = at;
	size_t start;

	if (end < text.len && text.ptr[end] == ':')
		end = skip_blanks(text, end + 1);
	start = end;
	while (end < text.len && end - start < TYPE_LEN_MAX &&
	       (ascii_is_alnum(text.ptr[end]) ||
		(text.ptr[end] && strchr("&_<>'|?*.[]", text.ptr[end]))))
		end++;
	if (end == start)
		return at;
	end = skip_blanks(text, end);
	return end < text.len && text.ptr[end] == '=' ? end : at;
}

/* Returns the index behind the operator at `at` (= := : => == ( ), or 0. */
static size_t skip_operator(struct str text, size_t at)
{
	size_t end = at;

	if (at >= text.len || !text.ptr[at] || !strchr("=:(", text.ptr[at]))
		return 0;
	if (text.ptr[at] == '(')
		return at + 1;
	while (end < text.len && end - at < 3 && strchr(":=>", text.ptr[end]) && text.ptr[end])
		end++;
	return end;
}

/* The text between quotes at `at`; it must close on the same line, by the quote or an escaped one. */
static bool take_quoted(struct str text, size_t at, struct str *value)
{
	char quote;
	size_t end;

	if (at < text.len && text.ptr[at] == '\\')
		at++;
	if (at >= text.len || !is_quote(text.ptr[at]))
		return false;
	quote = text.ptr[at++];
	end = at;
	while (end < text.len && end - at <= VALUE_LEN_MAX && text.ptr[end] != quote &&
	       text.ptr[end] != '\n' && text.ptr[end] != ' ')
		end++;
	if (end >= text.len || text.ptr[end] != quote)
		return false;
	if (end > at && text.ptr[end - 1] == '\\')
		end--;
	*value = str_slice(text, at, end - at);
	return true;
}

/* Text without quotes, up to white space or the end of an item in YAML, shells, connection strings. */
static bool take_bare(struct str text, size_t at, struct str *value)
{
	size_t end = at;

	while (end < text.len && end - at <= VALUE_LEN_MAX &&
	       (ascii_is_alnum(text.ptr[end]) ||
		(text.ptr[end] && strchr("+/_-~.!@#%^*", text.ptr[end]))))
		end++;
	/* Only padding: a '=' in the middle would make every name of a long chain scan all of it. */
	for (int padding = 0; padding < 3 && end < text.len && text.ptr[end] == '='; padding++)
		end++;
	if (end == at || (end < text.len && !strchr(" \t\r\n\"';,&)}]\\`", text.ptr[end])))
		return false;
	*value = str_slice(text, at, end - at);
	return true;
}

/* `Authorization: Bearer VALUE`: the scheme is the name and a blank the operator. */
static bool find_scheme(struct str name, struct str text, struct str *value)
{
	struct str found;

	if (!str_eq_nocase(name, STR("bearer")) && !str_eq_nocase(name, STR("basic")))
		return false;
	if (text.len <= name.len + 1 || text.ptr[name.len] != ' ' ||
	    !take_bare(text, name.len + 1, &found))
		return false;
	if (!value_is_secret(found, NAME_SECRET, false))
		return false;
	*value = found;
	return true;
}

bool assign_find(struct str text, struct str *value)
{
	struct str name;
	struct str found;
	enum name_kind kind;
	size_t len = 0;
	size_t at;
	bool call;

	while (len < text.len && len <= NAME_LEN_MAX && name_has_char(text.ptr[len]))
		len++;
	if (len > NAME_LEN_MAX)
		return false;
	name = str_slice(text, 0, len);
	if (find_scheme(name, text, value))
		return true;
	at = skip_closers(text, skip_blanks(text, len));
	at = skip_operator(text, skip_type(text, at));
	if (!at)
		return false;
	kind = name_judge(name);
	if (kind == NAME_PLAIN)
		return false;
	call = text.ptr[at - 1] == '(';
	at = skip_blanks(text, at);
	/* String prefixes of Python, Rust, C and C#. */
	if (at + 1 < text.len && strchr("rbfuL@", text.ptr[at]) && is_quote(text.ptr[at + 1]))
		at++;
	if (take_quoted(text, at, &found)) {
		if (!value_is_secret(found, kind, true))
			return false;
	} else if (call || !take_bare(text, at, &found) || !value_is_secret(found, kind, false)) {
		return false;
	}
	*value = found;
	return true;
}

/* Words of running text that GitHub acts on: mentions, references, addresses, formulas. */
#include "base/ascii.h"
#include "output/sanitize_parts.h"

enum { COMMIT_LEN_MIN = 7, COMMIT_LEN_MAX = 64 };

static bool is_hex(char c)
{
	return ascii_is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* A commit's id, whole or short: hex digits with both letters and digits among them. */
static bool has_commit(struct str word)
{
	for (size_t i = 0; i < word.len;) {
		size_t start = i;
		bool hex = true, digit = false, letter = false;

		for (; i < word.len && ascii_is_alnum(word.ptr[i]); i++) {
			hex = hex && is_hex(word.ptr[i]);
			digit = digit || ascii_is_digit(word.ptr[i]);
			letter = letter || !ascii_is_digit(word.ptr[i]);
		}
		if (hex && digit && letter && i - start >= COMMIT_LEN_MIN &&
		    i - start <= COMMIT_LEN_MAX)
			return true;
		i += i == start;
	}
	return false;
}

/* "GH-12" is an issue, as "#12" is. */
static bool is_issue_at(struct str word, size_t i)
{
	struct str rest = str_skip(word, i);

	if (rest.len > 1 && rest.ptr[0] == '#')
		return ascii_is_digit(rest.ptr[1]);
	return rest.len > 3 && str_starts_nocase(rest, STR("gh-")) && ascii_is_digit(rest.ptr[3]);
}

bool word_acts(struct str word)
{
	for (size_t i = 0; i < word.len; i++) {
		struct str rest = str_skip(word, i);

		/* A lone dollar sign may belong to a formula whose other end is in another word. */
		if (rest.ptr[0] == '$' || (rest.ptr[0] == '@' && rest.len > 1))
			return true;
		if (is_issue_at(word, i) || str_starts(rest, STR("://")) ||
		    str_starts_nocase(rest, STR("www.")) ||
		    str_starts_nocase(rest, STR("mailto:")) ||
		    str_starts_nocase(rest, STR("xmpp:")))
			return true;
	}
	return has_commit(word);
}

/* Words of running text that GitHub turns into links or formulas: mentions, references, addresses. */
#include "base/ascii.h"
#include "output/sanitize_parts.h"

enum { COMMIT_LEN_MIN = 7, COMMIT_LEN_MAX = 64 };

/* A commit's id, whole or short: hex digits with both letters and digits among them. */
static bool has_commit(struct str word)
{
	for (size_t i = 0; i < word.len;) {
		size_t start = i;
		bool hex = true, digit = false, letter = false;

		for (; i < word.len && ascii_is_alnum(word.ptr[i]); i++) {
			hex = hex && ascii_is_hex(word.ptr[i]);
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

/* "OWNER/REPO/KIND/NUMBER" behind the host of an address: its parts. */
static bool split_path(struct str path, struct str parts[4])
{
	for (size_t i = 0; i < 4; i++) {
		if (!str_next_part(&path, '/', &parts[i]) || !parts[i].len)
			return false;
	}
	return path.len == 0;
}

static bool is_number(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (!ascii_is_digit(text.ptr[i]))
			return false;
	}
	return text.len > 0;
}

void add_address(struct buf *out, struct str address)
{
	static const struct str numbered[] = {STR_INIT("issues"), STR_INIT("pull"),
					      STR_INIT("discussions")};
	struct str path = address;
	struct str parts[4];

	if (str_starts_nocase(path, STR("https://")))
		path = str_skip(path, 8);
	if (str_starts_nocase(path, STR("www.")))
		path = str_skip(path, 4);
	if (str_starts_nocase(path, STR("github.com/")) &&
	    split_path(str_skip(path, STR("github.com/").len), parts) && is_number(parts[3])) {
		for (size_t i = 0; i < ARRAY_LEN(numbered); i++) {
			if (!str_eq(parts[2], numbered[i]))
				continue;
			buf_addf(out, "%.*s/%.*s#%.*s", STR_ARG(parts[0]), STR_ARG(parts[1]),
				 STR_ARG(parts[3]));
			return;
		}
	}
	buf_add(out, address);
}

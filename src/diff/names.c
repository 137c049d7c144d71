/* The names of a file in a diff's headers. */
#include "diff/names.h"

#include "base/quote.h"

/* Bounds on guessing where one name ends and the other starts: a header of hostile length costs nothing. */
enum { TEXT_LEN_MAX = 16384, BLANKS_MAX = 100 };

bool name_take(struct arena *arena, struct str *text, struct str *name)
{
	SCOPED(buf) struct buf plain = BUF_INIT;

	if (!str_starts(*text, STR("\""))) {
		*name = *text;
		*text = STR_EMPTY;
		return true;
	}
	if (!quote_take(text, &plain))
		return false;
	*name = arena_str(arena, buf_str(&plain));
	return true;
}

struct str prefix_strip(struct str name, struct str prefix)
{
	return str_starts(name, prefix) ? str_skip(name, prefix.len) : name;
}

/* The length of the longest end that both names share and that begins behind a '/'; all of equal names. */
static size_t common_path(struct str a, struct str b)
{
	size_t len = 0;
	size_t path = 0;

	if (str_eq(a, b))
		return a.len;
	while (len < a.len && len < b.len && a.ptr[a.len - 1 - len] == b.ptr[b.len - 1 - len]) {
		if (a.ptr[a.len - 1 - len] == '/')
			path = len;
		len++;
	}
	return path;
}

/* True when two names are of git's default form, in either direction (diff -R). */
static bool is_conventional(struct str old_name, struct str new_name)
{
	return (str_starts(old_name, STR("a/")) && str_starts(new_name, STR("b/"))) ||
	       (str_starts(old_name, STR("b/")) && str_starts(new_name, STR("a/")));
}

/* Both names of one path, without their prefixes.  False when they do not share a path. */
static bool split_prefixes(struct str old_name, struct str new_name, struct prefixes *prefixes)
{
	size_t path = common_path(old_name, new_name);

	if (!str_eq(old_name, new_name) && is_conventional(old_name, new_name)) {
		prefixes->old_prefix = str_slice(old_name, 0, 2);
		prefixes->new_prefix = str_slice(new_name, 0, 2);
	} else if (path) {
		prefixes->old_prefix = str_slice(old_name, 0, old_name.len - path);
		prefixes->new_prefix = str_slice(new_name, 0, new_name.len - path);
	} else {
		return false;
	}
	prefixes->known = true;
	return true;
}

/* "diff --git" with a quoted name on one side at least. */
static bool split_quoted(struct arena *arena, struct str text, struct str *old_name,
			 struct str *new_name)
{
	ptrdiff_t quote;
	struct str rest;

	if (str_starts(text, STR("\"")))
		return name_take(arena, &text, old_name) && str_starts(text, STR(" ")) &&
		       (text = str_skip(text, 1), name_take(arena, &text, new_name)) && !text.len;
	quote = str_find(text, STR(" \""), 0);
	if (quote < 0)
		return false;
	rest = str_skip(text, (size_t)quote + 1);
	*old_name = str_slice(text, 0, (size_t)quote);
	return name_take(arena, &rest, new_name) && !rest.len;
}

/* True when the parts on both sides of a blank are one path behind their prefixes. */
static bool is_pair(struct str text, size_t blank)
{
	struct str first = str_slice(text, 0, blank);
	struct str second = str_skip(text, blank + 1);
	struct prefixes prefixes;

	return text.ptr[blank] == ' ' && split_prefixes(first, second, &prefixes) &&
	       str_eq(str_skip(first, prefixes.old_prefix.len),
		      str_skip(second, prefixes.new_prefix.len));
}

/*
 * "diff --git" without quotes: both names may hold blanks.  They are one path, since a rename names its
 * sides itself; so the middle decides where the prefixes are equally long, else the only blank at which
 * both sides share their path.
 */
static bool split_plain(struct str text, struct str *old_name, struct str *new_name)
{
	size_t at = text.len / 2;
	size_t found = text.len % 2 == 1 && is_pair(text, at);
	size_t blanks = 0;

	if (!found && text.len <= TEXT_LEN_MAX) {
		for (size_t i = 0; i < text.len && blanks <= BLANKS_MAX && found < 2; i++) {
			blanks += text.ptr[i] == ' ';
			if (is_pair(text, i)) {
				found++;
				at = i;
			}
		}
	}
	if (found != 1 || blanks > BLANKS_MAX)
		return false;
	*old_name = str_slice(text, 0, at);
	*new_name = str_skip(text, at + 1);
	return true;
}

static bool split_git(const struct names *names, struct arena *arena, struct str *old_name,
		      struct str *new_name)
{
	struct str text = names->git;
	struct str known = names->new_name;

	if (str_find_char(text, '"', 0) >= 0)
		return split_quoted(arena, text, old_name, new_name);
	if (known.len && text.len > known.len && str_ends(text, known)) {
		*old_name = str_slice(text, 0, text.len - known.len - 1);
		*new_name = known;
		return true;
	}
	known = names->old_name;
	if (known.len && text.len > known.len && str_starts(text, known)) {
		*old_name = known;
		*new_name = str_skip(text, known.len + 1);
		return true;
	}
	return split_plain(text, old_name, new_name);
}

bool names_complete(struct names *names, struct arena *arena)
{
	struct str old_name;
	struct str new_name;

	if ((names->old_exact.len && names->new_exact.len) ||
	    (names->old_name.len && names->new_name.len))
		return true;
	if (names->git.len && split_git(names, arena, &old_name, &new_name)) {
		names->old_name = old_name;
		names->new_name = new_name;
		return true;
	}
	return names->new_exact.len ||
	       (!names->git.len && (names->old_name.len || names->new_name.len));
}

void prefixes_learn(struct prefixes *prefixes, const struct names *names)
{
	if (!prefixes->known && names->old_name.len && names->new_name.len)
		(void)split_prefixes(names->old_name, names->new_name, prefixes);
}

void names_resolve(const struct names *names, const struct prefixes *prefixes, struct str *old_path,
		   struct str *new_path)
{
	struct prefixes own = {0};
	bool both = names->old_name.len && names->new_name.len;

	if (!both || !split_prefixes(names->old_name, names->new_name, &own))
		own = *prefixes;
	if (!both && !own.known)
		own = (struct prefixes){STR("a/"), STR("b/"), true};
	*old_path = names->old_exact.len ? names->old_exact
					 : prefix_strip(names->old_name, own.old_prefix);
	*new_path = names->new_exact.len ? names->new_exact
					 : prefix_strip(names->new_name, own.new_prefix);
}

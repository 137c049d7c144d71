/* Lists of path patterns, and patterns that name folders. */
#include "base/glob_list.h"

#include <string.h>

#include "base/glob.h"

static bool is_plain(struct str pattern)
{
	for (size_t i = 0; i < pattern.len; i++) {
		if (strchr("*?[{\\", pattern.ptr[i]))
			return false;
	}
	return true;
}

bool glob_covers(struct str pattern, struct str path)
{
	bool whole;

	if (glob_match(pattern, path))
		return true;
	if (!is_plain(pattern))
		return false;
	whole = str_find_char(pattern, '/', 0) >= 0;
	if (str_starts(pattern, STR("./")))
		pattern = str_skip(pattern, 1);
	pattern = str_skip(pattern, str_starts(pattern, STR("/")));
	if (!pattern.len)
		return false;
	return whole ? str_is_below(path, pattern) : str_is_within(path, pattern);
}

bool glob_list_match(const struct str *patterns, size_t count, struct str path)
{
	bool matches = count && str_starts(patterns[0], STR("!"));

	for (size_t i = 0; i < count; i++) {
		bool negated = str_starts(patterns[i], STR("!"));

		if (glob_covers(str_skip(patterns[i], negated), path))
			matches = !negated;
	}
	return matches;
}

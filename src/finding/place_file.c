/* The file that a finding means, in the forms in which models write paths. */
#include <string.h>

#include "base/ascii.h"
#include "finding/place_file.h"

/* Without back-ticks or quotes around it, a header's words in front or a line's number behind. */
static struct str unwrap_path(struct str path)
{
	ptrdiff_t colon;

	if (str_starts(path, STR("## File: ")))
		path = str_skip(path, strlen("## File: "));
	while (path.len > 2 && path.ptr[0] && strchr("`\"'", path.ptr[0]) &&
	       path.ptr[0] == path.ptr[path.len - 1])
		path = str_slice(path, 1, path.len - 2);
	colon = str_rfind_char(path, ':');
	for (size_t i = (size_t)(colon + 1); colon > 0 && i < path.len; i++) {
		if (!ascii_is_digit(path.ptr[i]) && path.ptr[i] != '-')
			return path;
	}
	return colon > 0 ? str_slice(path, 0, (size_t)colon) : path;
}

/* Forms in which models write a path besides the path itself. */
static struct str strip_path(struct str path)
{
	static const struct str starts[] = {STR_INIT("./"), STR_INIT("a/"), STR_INIT("b/"),
					    STR_INIT("/")};

	for (size_t i = 0; i < ARRAY_LEN(starts); i++) {
		if (str_starts(path, starts[i]))
			return str_skip(path, starts[i].len);
	}
	return path;
}

static const struct diff_file *find_by_old_path(const struct diff *diff, struct str path)
{
	for (size_t i = 0; i < diff->len; i++) {
		if (diff->files[i].status == DIFF_RENAMED && str_eq(diff->files[i].old_path, path))
			return &diff->files[i];
	}
	return NULL;
}

const struct diff_file *place_find_file(const struct diff *diff, struct str path)
{
	struct str trimmed = str_trim(path);
	const struct str forms[] = {path, trimmed, strip_path(trimmed), unwrap_path(trimmed),
				    strip_path(unwrap_path(trimmed))};

	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		const struct diff_file *file = diff_find(diff, forms[i]);

		if (!file)
			file = find_by_old_path(diff, forms[i]);
		if (file)
			return file;
	}
	return NULL;
}

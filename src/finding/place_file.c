/* Finds the file of a finding, in the forms in which models write paths. */
#include <string.h>

#include "base/ascii.h"
#include "finding/place_file.h"

/* Removes backticks or quotes around the path, words of a header before it, and a line number after it. */
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

/* Normalizes a path to git's form: "src\\a.c", "src//a.c", "src/./a.c" and "file:src/a.c" become src/a.c. */
static struct str normalize(struct str path, struct buf *out)
{
	struct str rest;
	struct str part;

	if (str_starts(path, STR("file:")))
		path = str_skip(path, strlen("file:"));
	buf_add(out, path);
	for (size_t i = 0; i < out->len; i++) {
		if (out->ptr[i] == '\\')
			out->ptr[i] = '/';
	}
	rest = buf_str(out);
	path = STR_EMPTY;
	while (str_next_part(&rest, '/', &part)) {
		if (!part.len || str_eq(part, STR(".")))
			continue;
		if (path.len)
			out->ptr[path.len++] = '/';
		memmove(out->ptr + path.len, part.ptr, part.len);
		path = str_of(out->ptr, path.len + part.len);
	}
	return path;
}

/* The only file that an absolute path ends with: "/github/workspace/src/a.c". */
static const struct diff_file *find_by_end(const struct diff *diff, struct str path)
{
	const struct diff_file *found = NULL;

	if (!str_starts(path, STR("/")))
		return NULL;
	for (size_t i = 0; i < diff->len; i++) {
		struct str name = diff->files[i].path;

		if (!str_ends(path, name) || path.ptr[path.len - name.len - 1] != '/')
			continue;
		/* If both "a.c" and "src/a.c" match, the longer one is used. */
		if (!found || name.len > found->path.len)
			found = &diff->files[i];
	}
	return found;
}

const struct diff_file *place_find_file(const struct diff *diff, struct str path)
{
	SCOPED(buf) struct buf normal = BUF_INIT;
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
	trimmed = unwrap_path(trimmed);
	path = normalize(trimmed, &normal);
	if (diff_find(diff, path))
		return diff_find(diff, path);
	return find_by_end(diff, trimmed);
}

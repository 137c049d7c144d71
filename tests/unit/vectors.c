/* Reads tests/vectors. */
#include "vectors.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "unit.h"
#include "value/json.h"

enum { VECTOR_SIZE_MAX = 8 << 20 };

struct str vectors_file(struct arena *arena, const char *name)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	struct str path = arena_printf(arena, OUTCROP_SOURCE_ROOT "/tests/vectors/%s", name);
	struct error err = {0};

	ck_assert_msg(file_read(path.ptr, VECTOR_SIZE_MAX, &text, &err), "%s", err.message);
	return arena_str(arena, buf_str(&text));
}

struct value *vectors_json(struct arena *arena, const char *name)
{
	struct error err = {0};
	struct value *value = json_read(arena, vectors_file(arena, name), VECTOR_SIZE_MAX, &err);

	ck_assert_msg(value != NULL, "%s: %s", name, err.message);
	return value;
}

static int digit_of(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *found = c ? strchr(digits, c) : NULL;

	ck_assert_msg(found != NULL, "\"%c\" is not a hex digit", c);
	return (int)(found - digits);
}

void vectors_bytes(struct buf *out, struct str hex)
{
	ck_assert_uint_eq(hex.len % 2, 0);
	for (size_t i = 0; i < hex.len; i += 2)
		buf_add_char(out, (char)(digit_of(hex.ptr[i]) << 4 | digit_of(hex.ptr[i + 1])));
}

static int is_diff(const struct dirent *entry)
{
	return str_ends(str_from(entry->d_name), STR(".diff"));
}

void vectors_each_diff(void (*check)(const char *name, struct str diff, const struct value *truth,
				     void *ctx),
		       void *ctx)
{
	struct dirent **entries;
	int len = scandir(OUTCROP_SOURCE_ROOT "/tests/vectors/diffs", &entries, is_diff, alphasort);

	ck_assert_int_ge(len, 16);
	for (int i = 0; i < len; i++) {
		SCOPED(arena) struct arena arena = ARENA_INIT;
		struct str name = str_from(entries[i]->d_name);
		struct str stem = str_slice(name, 0, name.len - STR(".diff").len);
		struct str diff = arena_printf(&arena, "diffs/%.*s", STR_ARG(name));
		struct str truth = arena_printf(&arena, "diffs/%.*s.json", STR_ARG(stem));

		check(arena_text(&arena, stem), vectors_file(&arena, diff.ptr),
		      vectors_json(&arena, truth.ptr), ctx);
		free(entries[i]);
	}
	free(entries);
}

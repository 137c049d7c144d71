/* GitHub's hash of a line, against what GitHub's own code computes. */
#include <stdio.h>

#include "base/file.h"
#include "output/line_hash.h"
#include "value/json.h"

#include "unit.h"

enum { VECTORS_SIZE_MAX = 1 << 20 };

TEST(agrees_with_githubs_own_about_every_line)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf text = BUF_INIT;
	const char *data = unit_shared_data();
	size_t lines = 0;
	struct value *vectors;
	struct error err;
	char path[600];

	if (!data)
		return;
	snprintf(path, sizeof(path), "%s/github/schemas/vectors/sarif-primaryLocationLineHash.json",
		 data);
	ck_assert_msg(file_read(path, VECTORS_SIZE_MAX, &text, &err), "%s", err.message);
	vectors = json_read(&arena, buf_str(&text), 0, &err);
	ck_assert_msg(vectors, "%s", err.message);
	for (size_t i = 0; i < value_len(vectors); i++) {
		const struct value *vector = value_at(vectors, i);
		const struct value *hashes = value_get(vector, "hashes");

		for (size_t j = 0; j < value_len(hashes); j++, lines++) {
			const struct value *pair = value_at(hashes, j);
			uint32_t line = (uint32_t)value_at(pair, 0)->integer;

			ck_assert_str_is(sarif_line_hash(&arena, value_get_string(vector, "text"),
							 line),
					 value_as_string(value_at(pair, 1)));
		}
	}
	ck_assert_uint_gt(lines, 10);
}

TEST(a_line_beyond_the_file_has_none)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;

	ck_assert_uint_eq(sarif_line_hash(&arena, STR("one\n"), 9).len, 0);
}

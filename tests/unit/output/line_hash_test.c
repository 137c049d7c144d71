/* GitHub's hash of a line, against a second implementation of it. */
#include "output/line_hash.h"

#include "unit.h"
#include "vectors.h"

TEST(agrees_with_a_second_implementation_about_every_line)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	const struct value *vectors = vectors_json(&arena, "linehash.json");
	size_t lines = 0;

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
	ck_assert_uint_gt(lines, 50);
}

TEST(a_line_beyond_the_file_has_none)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;

	ck_assert_uint_eq(sarif_line_hash(&arena, STR("one\n"), 9).len, 0);
}

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

TEST(many_lines_of_a_file_have_the_hashes_that_each_has_alone)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct str file = STR("same\nother\n  same\n\n\nsame\r\nlast \xF0\x9F\x98\x80");
	static const uint32_t lines[] = {6, 1, 3, 99, 7, 0, 1, 5};
	struct line_hash hashes[ARRAY_LEN(lines)] = {0};
	struct line_hash *wanted[ARRAY_LEN(lines)];

	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		hashes[i].line = lines[i];
		wanted[i] = &hashes[i];
	}
	line_hashes(&arena, file, wanted, ARRAY_LEN(lines));
	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		ck_assert(str_eq(hashes[i].text, sarif_line_hash(&arena, file, lines[i])));
}

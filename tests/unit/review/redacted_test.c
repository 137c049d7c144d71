/* What is replaced in a change before a model sees it. */
#include "review/redacted.h"

#include "unit.h"

TEST(a_secret_in_a_files_name_is_replaced)
{
	SCOPED(diff) struct diff diff = {0};
	SCOPED(diff) struct diff clean = {0};
	/* In two pieces, so that no scanner takes it for a real one. */
	struct diff_file_source source = {.path = STR_INIT("keys/AKIA"
							   "Q3EGRIVMZT5WXC7N.txt"),
					  .old_path = STR_INIT("AKIA"
							       "Q3EGRIVMZT5WXC7N"),
					  .status = STR_INIT("renamed")};
	struct error err;

	ck_assert(diff_add_file(&diff, &source, &err));
	ck_assert_uint_gt(diff_redact(&clean, &diff), 0);
	ck_assert(!str_contains(clean.files[0].path, STR("Q3EGRIVMZT5WXC7N")));
	ck_assert(!str_contains(clean.files[0].old_path, STR("Q3EGRIVMZT5WXC7N")));
	ck_assert(str_starts(clean.files[0].path, STR("keys/")));
	ck_assert_str_is(diff.files[0].path, source.path);
}

/* A key as a model may write it, in two pieces, so that no scanner takes it for a real one. */
#define HALF "AKIAQ3EG"
#define REST "RIVMZT5WXC7N"
#define TOKEN_KIND                                                                                 \
	"gh"                                                                                       \
	"p"

TEST(a_secret_that_a_comment_would_join_is_replaced)
{
	static const char *const texts[] = {
		"k " HALF "\xE2\x80\x8B" REST,
		"k " HALF "\xC2\xAD" REST,
		"k " HALF "\xE2\x80\x8D" REST,
		"k " HALF "&#82;IVMZT5WXC7N",
		"k " HALF "&#x52;IVMZT5WXC7N",
		"k " HALF "&#8203;" REST,
		"k " HALF "&#xAD;" REST,
		"k " HALF "&ZeroWidthSpace;" REST,
		"k " HALF "&shy;" REST,
		"k " HALF "\xCD\x8F" REST,
		"k " HALF "\xE3\x85\xA4" REST,
		"k " HALF "\xEF\xB8\x8F" REST,
		TOKEN_KIND "&lowbar;A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8",
		TOKEN_KIND "\\_A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8",
	};
	static const char *const kept[] = {"\xD9\x85\xDB\x8C\xE2\x80\x8C\xD8\xAE",
					   "a &#82; \\_ b\xE2\x80\x8B",
					   "&#x;&#99999999;&shy &nothing;"};
	SCOPED(arena) struct arena arena = ARENA_INIT;

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		size_t replaced = 0;
		struct str text = answer_redact(&arena, str_from(texts[i]), &replaced);

		ck_assert_msg(replaced == 1 && str_contains(text, STR("[redacted:")), "%s",
			      texts[i]);
	}
	for (size_t i = 0; i < ARRAY_LEN(kept); i++) {
		size_t replaced = 0;

		ck_assert_str_is(answer_redact(&arena, str_from(kept[i]), &replaced),
				 str_from(kept[i]));
	}
}

TEST(a_secret_that_only_one_way_of_reading_finds_hides_no_other)
{
	static const char *const texts[] = {
		/* The first key needs the hidden character to begin a word; the second is split. */
		"x\xE2\x80\x8B" HALF REST " and " HALF "\xE2\x80\x8B" REST,
		/* The rest of a value of which a part is replaced. */
		"secret = \"" HALF "b8Kx2\xE2\x80\x8B" REST "q9Zt7wLm4\"",
		HALF "\xC2\xAD" REST " x\xC2\xAD" HALF REST,
		/* The text as it is seen has an entity again. */
		HALF "&shy;" REST " and " HALF "&amp;shy;" REST,
	};
	SCOPED(arena) struct arena arena = ARENA_INIT;

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		size_t replaced = 0;
		struct str text = answer_redact(&arena, str_from(texts[i]), &replaced);

		ck_assert_msg(replaced > 0 && !str_contains(text, STR(HALF)) &&
				      !str_contains(text, STR(REST)),
			      "%s: %.*s", texts[i], STR_ARG(text));
	}
}

TEST(what_is_replaced_alike_both_ways_keeps_its_escapes)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	size_t replaced = 0;

	ck_assert_str_is(answer_redact(&arena, STR("k " HALF REST " \\_"), &replaced),
			 STR("k [redacted:aws-access-key] \\_"));
	ck_assert_uint_eq(replaced, 1);
}

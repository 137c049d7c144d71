/* Shown paths: without secrets, still different from each other, and the same everywhere. */
#include "redact/path.h"
#include "redact/redact.h"
#include "unit.h"

/* In two pieces, so that no scanner takes it for a real one. */
#define KEY(end)                                                                                   \
	"AKIA"                                                                                     \
	"Q3EGRIVMZT5WXC7" end

TEST(a_path_without_secrets_is_itself)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct str path = STR("src/keys/token.c");

	ck_assert_ptr_eq(path_shown(&arena, path).ptr, path.ptr);
	ck_assert(path_is(path, path));
}

TEST(paths_that_differ_in_a_secret_only_stay_apart)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct str first = path_shown(&arena, STR("src/" KEY("N") ".c"));
	struct str second = path_shown(&arena, STR("src/" KEY("M") ".c"));

	ck_assert(str_starts(first, STR("src/[redacted:aws-access-key]-")));
	ck_assert(str_ends(first, STR(".c")));
	ck_assert(!str_eq(first, second));
	ck_assert(path_is(STR("src/" KEY("N") ".c"), first));
	ck_assert(!path_is(STR("src/" KEY("M") ".c"), first));
	ck_assert(!path_is(STR("src/other.c"), first));
}

TEST(a_path_that_is_shown_stays_as_it_is)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct str shown = path_shown(&arena, STR(KEY("N") "/" KEY("M") ".c"));

	ck_assert_str_is(path_shown(&arena, shown), shown);
	ck_assert(redact_has_placeholder(shown));
}

TEST(a_path_cannot_break_the_line_that_shows_it)
{
	SCOPED(buf) struct buf out = BUF_INIT;

	path_add(&out, STR("a\n## File: b " KEY("N")));
	ck_assert(str_starts(buf_str(&out), STR("\"a\\n## File: b [redacted:aws-access-key]-")));
	ck_assert_int_eq(str_find_char(buf_str(&out), '\n', 0), -1);
}

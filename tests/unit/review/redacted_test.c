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

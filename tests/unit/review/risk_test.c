/* Tests of the rules that tell trivial and sensitive changes. */
#include "review/risk.h"

#include "unit.h"

static enum risk judge(const struct tiers *tiers, const char *path, const char *old_path,
		       uint32_t lines)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct diff_file files[] = {{.path = str_from(path),
				     .old_path = str_from(old_path),
				     .status = DIFF_MODIFIED,
				     .len = 1,
				     .hunks = &(struct diff_hunk){0},
				     .additions = lines},
				    {.path = STR("package-lock.json"),
				     .len = 1,
				     .hunks = &(struct diff_hunk){0},
				     .additions = 5000}};
	const struct diff diff = {.files = files, .len = 2};
	const struct rules rules = {0};
	struct risk_verdict verdict = risk_judge(tiers, &rules, &diff, &arena);

	ck_assert_uint_gt(verdict.why.len, 0);
	return verdict.risk;
}

TEST(without_tiers_size_and_well_known_folders_decide)
{
	const struct tiers none = {0};

	ck_assert_int_eq(judge(&none, "src/a.c", "src/a.c", 10), RISK_TRIVIAL);
	ck_assert_int_eq(judge(&none, "src/a.c", "src/a.c", 11), RISK_STANDARD);
	ck_assert_int_eq(judge(&none, "src/a.c", "src/a.c", 800), RISK_SENSITIVE);
	ck_assert_int_eq(judge(&none, "src/auth/a.c", "src/auth/a.c", 1), RISK_SENSITIVE);
	ck_assert_int_eq(judge(&none, ".github/workflows/ci.yml", "", 1), RISK_SENSITIVE);
	ck_assert_int_eq(judge(&none, "src/a.c", "src/auth/a.c", 1), RISK_SENSITIVE);
}

TEST(tiers_have_their_own_sizes_and_paths)
{
	struct str paths[] = {STR("pay/**")};
	const struct tiers tiers = {.trivial = {.lines_max = 3},
				    .sensitive = {.paths = {.items = paths, .len = 1},
						  .has_paths = true,
						  .lines_min = 50}};

	ck_assert_int_eq(judge(&tiers, "src/auth/a.c", "", 3), RISK_TRIVIAL);
	ck_assert_int_eq(judge(&tiers, "src/a.c", "", 4), RISK_STANDARD);
	ck_assert_int_eq(judge(&tiers, "src/a.c", "", 50), RISK_SENSITIVE);
	ck_assert_int_eq(judge(&tiers, "pay/a.c", "", 1), RISK_SENSITIVE);
}

TEST(a_standard_change_has_no_tier)
{
	const struct tiers tiers = {0};

	ck_assert_ptr_null(risk_tier(&tiers, RISK_STANDARD));
	ck_assert_ptr_eq(risk_tier(&tiers, RISK_TRIVIAL), &tiers.trivial);
	ck_assert_ptr_eq(risk_tier(&tiers, RISK_SENSITIVE), &tiers.sensitive);
}

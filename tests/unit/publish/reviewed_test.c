/* Which files count as reviewed: those that a run saw whole, and those that did not change since. */
#include "publish/reviewed.h"
#include "redact/path.h"
#include "unit.h"

static const char change[] = "diff --git a/a.c b/a.c\n--- a/a.c\n+++ b/a.c\n@@ -1 +1 @@\n-a\n+b\n"
			     "diff --git a/b.c b/b.c\n--- a/b.c\n+++ b/b.c\n@@ -1 +1 @@\n-c\n+d\n"
			     "diff --git a/AKIAQYLPMN5HHHFPZAM2.c b/AKIAQYLPMN5HHHFPZAM2.c\n"
			     "--- a/AKIAQYLPMN5HHHFPZAM2.c\n+++ b/AKIAQYLPMN5HHHFPZAM2.c\n"
			     "@@ -1 +1 @@\n-e\n+f\n";

struct reviewed_case {
	struct arena arena;
	struct diff diff, rest;
	struct state before;
	struct coverage coverage;
	const struct state_key *file_keys; /* from reviewed_rest() */
	struct state_key *keys;
	size_t keys_len;
};

static void case_init(struct reviewed_case *it)
{
	struct error err = {0};

	*it = (struct reviewed_case){0};
	ck_assert_msg(diff_parse(str_from(change), &it->diff, &err), "%s", err.message);
}

static void case_release(struct reviewed_case *it)
{
	diff_release(&it->diff);
	arena_release(&it->arena);
}

static size_t leave_out(struct reviewed_case *it, struct str reviewers)
{
	return reviewed_rest(&it->diff, &it->before, reviewers, &it->arena, &it->rest,
			     &it->file_keys);
}

static void find_keys(struct reviewed_case *it, struct str reviewers)
{
	const struct reviewed reviewed = {
		.diff = &it->diff,
		.file_keys = it->file_keys,
		.coverage = &it->coverage,
		.before = &it->before,
		.reviewers = reviewers,
	};

	reviewed_keys(&reviewed, &it->arena, &it->keys, &it->keys_len);
}

static void know(struct reviewed_case *it, size_t file, struct str reviewers)
{
	it->before.keys = ARENA_ARRAY(&it->arena, struct state_key, 1);
	it->before.keys[0] = state_key_of(&it->diff.files[file], reviewers);
	it->before.keys_len = 1;
}

TEST(a_first_run_reviews_all_files_and_remembers_them)
{
	struct reviewed_case it;

	case_init(&it);
	ck_assert_uint_eq(leave_out(&it, STR("x")), 0);
	ck_assert_uint_eq(it.rest.len, 3);
	ck_assert_ptr_null(it.file_keys);
	find_keys(&it, STR("x"));
	ck_assert_uint_eq(it.keys_len, 3);
	for (size_t i = 0; i < it.keys_len; i++) {
		struct state_key key = state_key_of(&it.diff.files[i], STR("x"));

		ck_assert_mem_eq(&it.keys[i], &key, sizeof(key));
	}
	case_release(&it);
}

TEST(a_later_run_leaves_out_what_is_known)
{
	struct reviewed_case it;

	case_init(&it);
	know(&it, 1, STR("x"));
	ck_assert_uint_eq(leave_out(&it, STR("x")), 1);
	ck_assert_uint_eq(it.rest.len, 2);
	ck_assert(str_eq(it.rest.files[0].path, STR("a.c")));
	ck_assert_ptr_nonnull(it.file_keys);
	find_keys(&it, STR("x"));
	ck_assert_uint_eq(it.keys_len, 3);
	ck_assert_mem_eq(&it.keys[1], it.before.keys, sizeof(it.keys[1]));
	/* Other reviewers know nothing. */
	ck_assert_uint_eq(leave_out(&it, STR("y")), 0);
	case_release(&it);
}

TEST(skipped_files_do_not_count_unless_by_a_rule)
{
	struct reviewed_case it;
	struct skipped_file skipped[] = {
		{.path = STR("a.c"), .reason = STR("too large")},
		{.path = STR("b.c"), .reason = STR("vendored"), .by_rule = true},
		{.reason = STR("the model failed")},
	};
	struct diff seen;

	case_init(&it);
	skipped[2].path = path_shown(&it.arena, it.diff.files[2].path);
	ck_assert(!str_eq(skipped[2].path, it.diff.files[2].path));
	it.coverage = (struct coverage){.skipped = skipped, .skipped_len = ARRAY_LEN(skipped)};
	find_keys(&it, STR("x"));
	ck_assert_uint_eq(it.keys_len, 1);
	reviewed_seen(&it.diff, &it.coverage, &it.arena, &seen);
	ck_assert_uint_eq(seen.len, 1);
	ck_assert(str_eq(seen.files[0].path, STR("b.c")));
	/* What an earlier run reviewed stays reviewed. */
	know(&it, 0, STR("x"));
	find_keys(&it, STR("x"));
	ck_assert_uint_eq(it.keys_len, 2);
	find_keys(&it, STR_EMPTY);
	ck_assert_uint_eq(it.keys_len, 0);
	case_release(&it);
}

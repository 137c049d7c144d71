/* Which request a fault strikes. */
#include "base/arena.h"
#include "faults.h"
#include "unit.h"
#include "value/json.h"

static void read_faults(struct faults *faults, struct arena *arena, const char *json)
{
	struct error err = {0};
	struct value *list = json_read(arena, str_from(json), 0, &err);

	ck_assert_msg(list, "%s", err.message);
	faults_init(faults, arena, list);
}

TEST(a_fault_strikes_from_the_nth_request_on_as_often_as_it_says)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct faults faults;

	read_faults(&faults, &arena,
		    "[{\"on\":\"converse\",\"nth\":2,\"times\":2,\"fault\":\"x\"}]");
	ck_assert_ptr_null(faults_take(&faults, STR("converse")));
	ck_assert_ptr_null(faults_take(&faults, STR("converse-stream")));
	ck_assert_ptr_nonnull(faults_take(&faults, STR("converse")));
	ck_assert_ptr_nonnull(faults_take(&faults, STR("converse")));
	ck_assert_ptr_null(faults_take(&faults, STR("converse")));
}

TEST(paths_are_patterns_and_a_star_is_any_method)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct faults faults;

	read_faults(&faults, &arena,
		    "[{\"on\":\"github * /repos/*/*/pulls/**\",\"times\":9,\"fault\":\"x\"}]");
	ck_assert_ptr_nonnull(faults_take(&faults, STR("github GET /repos/a/b/pulls/1/files")));
	ck_assert_ptr_nonnull(faults_take(&faults, STR("github POST /repos/a/b/pulls/1/reviews")));
	ck_assert_ptr_null(faults_take(&faults, STR("github GET /repos/a/b/issues/1")));
	ck_assert_ptr_null(faults_take(&faults, STR("github GET")));
	ck_assert_ptr_null(faults_take(&faults, STR("converse")));
}

/* Labels of public benchmarks. */
#include "eval/labels.h"
#include "unit.h"
#include "value/json.h"

static const char aacr[] =
	"[{\"change_line_count\": 8, \"project_main_language\": \"C\", \"source_commit\": \"aaaa\", "
	"\"target_commit\": \"bbbb\", \"githubPrUrl\": \"https://github.com/Acme/My.Shop/pull/7\", "
	"\"comments\": [{\"is_ai_comment\": true, \"note\": \"n\", \"path\": \"src/a.c\", \"side\": \"left\", "
	"\"from_line\": 9, \"to_line\": 4, \"category\": \"Code Defect\", \"context\": \"Diff Level\"}]}]";

static const char martian[] =
	"[{\"pr_title\": \"T\", \"url\": \"https://github.com/acme/shop/pull/1\", "
	"\"comments\": [{\"comment\": \"c\", \"severity\": \"Critical\"}, {\"comment\": \"d\"}]}]";

static struct value *read_json(struct arena *arena, struct str text)
{
	struct error err = {0};
	struct value *value = json_read(arena, text, 0, &err);

	ck_assert_msg(value != NULL, "%s", err.message);
	return value;
}

TEST(reads_valid_and_rejected_comments)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct label_set set = {0};
	struct error err = {0};
	const struct expectation *row;

	ck_assert(labels_read_aacr(&arena, read_json(&arena, str_from(aacr)), false, &set, &err));
	ck_assert_uint_eq(set.len, 1);
	ck_assert_str_is(set.cases[0].name, STR("my-shop-7"));
	ck_assert_str_is(set.cases[0].origin.base, STR("aaaa"));
	ck_assert_str_is(set.cases[0].origin.head, STR("bbbb"));
	row = set.cases[0].expect.items;
	ck_assert_str_is(row->lines, STR("4-9"));
	ck_assert_int_eq(row->side, SIDE_LEFT);
	ck_assert_str_is(row->category.items[0], STR("Code Defect"));
	ck_assert(labels_read_aacr(&arena, read_json(&arena, str_from(aacr)), true, &set, &err));
	ck_assert_uint_eq(set.cases[0].expect.len, 0);
	ck_assert_uint_eq(set.cases[0].forbid.len, 1);
}

TEST(reads_comments_without_a_place)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct label_set set = {0};
	struct error err = {0};
	const struct expectation *rows;

	ck_assert(labels_read_martian(&arena, read_json(&arena, str_from(martian)), &set, &err));
	rows = set.cases[0].expect.items;
	ck_assert_int_eq(rows[0].severity, SEVERITY_CRITICAL);
	ck_assert_int_eq(rows[1].severity, -1);
	ck_assert_str_is(rows[1].text, STR("d"));
}

TEST(names_the_place_of_a_wrong_label)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct label_set set = {0};
	struct error err = {0};

	ck_assert(!labels_read_martian(&arena, read_json(&arena, STR("[{\"pr_title\": 1}]")), &set,
				       &err));
	ck_assert(str_starts(str_from(err.message), STR("pull request 1: labels: /pr_title")));
	ck_assert(!labels_read_aacr(&arena, read_json(&arena, STR("{}")), false, &set, &err));
}

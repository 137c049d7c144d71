/* The state survives a round trip, stays within its size, and nothing hostile gets in. */
#include <stdio.h>
#include <string.h>

#include "base/encode.h"
#include "publish/state.h"
#include "suites.h"

static struct state_finding sample(const char *id)
{
	return (struct state_finding){
		.id = str_from(id),
		.path = STR("src/a.c"),
		.title = STR("A title with \"quotes\" and --> an end"),
		.severity = SEVERITY_HIGH,
		.line = 12,
		.lines = 2,
	};
}

START_TEST(comes_back_as_it_was)
{
	SCOPED(buf) struct buf body = BUF_INIT;
	SCOPED(state) struct state found = {0};
	struct str agents[] = {STR("security"), STR("architect")};
	struct state_finding findings[2] = {sample("0123456789abcdef"), sample("fedcba9876543210")};
	struct state_key keys[2] = {{{1, 2, 3}}, {{9, 9, 9}}};
	struct state_key unknown = {{7}};
	const struct state state = {
		.head = STR("0123456789012345678901234567890123456789"),
		.keys = keys,
		.keys_len = 2,
		.findings = findings,
		.findings_len = 2,
	};

	findings[0].agents = (struct strings){.items = agents, .len = 2};
	findings[1].dismissed = true;
	findings[1].dismissed_by = STR("ann");
	buf_add_text(&body, "before ");
	state_add(&body, &state);
	ck_assert(state_find(buf_str(&body), &found));
	ck_assert_str_is(state_strip(buf_str(&body)), STR("before "));
	ck_assert_str_is(found.head, state.head);
	ck_assert_uint_eq(found.findings_len, 2);
	/* Dismissed ones are written first. */
	ck_assert(found.findings[0].dismissed);
	ck_assert_str_is(found.findings[0].dismissed_by, STR("ann"));
	ck_assert_str_is(found.findings[1].agents.items[1], STR("architect"));
	ck_assert_str_is(found.findings[1].title, findings[0].title);
	ck_assert_int_eq(found.findings[1].severity, SEVERITY_HIGH);
	ck_assert(state_knows(&found, &keys[0]));
	ck_assert(state_knows(&found, &keys[1]));
	ck_assert(!state_knows(&found, &unknown));
}
END_TEST

START_TEST(stays_within_its_size_and_keeps_dismissals)
{
	static struct state_key keys[STATE_KEYS_MAX];
	static struct state_finding findings[400];
	static char ids[400][17];
	static char paths[400][40];
	SCOPED(buf) struct buf body = BUF_INIT;
	SCOPED(state) struct state found = {0};
	struct state state = {.keys = keys, .keys_len = STATE_KEYS_MAX, .findings = findings};
	uint64_t noise = 1;

	for (size_t i = 0; i < STATE_KEYS_MAX; i++) {
		for (size_t j = 0; j < sizeof(keys[i].bytes); j++) {
			noise = noise * 6364136223846793005u + 1442695040888963407u;
			keys[i].bytes[j] = (unsigned char)(noise >> 56);
		}
	}
	for (size_t i = 0; i < ARRAY_LEN(findings); i++) {
		snprintf(ids[i], sizeof(ids[i]), "%016zx", i * 7919);
		snprintf(paths[i], sizeof(paths[i]), "src/some/folder/file-%zu.c", i * 31);
		findings[i] = sample(ids[i]);
		findings[i].path = str_from(paths[i]);
		findings[i].dismissed = i >= 395;
	}
	state.findings_len = ARRAY_LEN(findings);
	state_add(&body, &state);
	ck_assert_uint_le(body.len, STATE_TEXT_MAX + 64);
	ck_assert(state_find(buf_str(&body), &found));
	ck_assert(found.findings[0].dismissed && found.findings[4].dismissed);
	ck_assert_uint_lt(found.keys_len, STATE_KEYS_MAX);
}
END_TEST

START_TEST(reads_nothing_hostile)
{
	static const char *const bodies[] = {
		"",
		"<!-- outcrop:state ",
		"<!-- outcrop:state  -->",
		"<!-- outcrop:state !!!! -->",
		"<!-- outcrop:state AAAA -->",
		"<!-- outcrop:state eJxLTi3OBAAESwGL -->",
	};
	struct state found = {0};

	for (size_t i = 0; i < ARRAY_LEN(bodies); i++)
		ck_assert_msg(!state_find(str_from(bodies[i]), &found), "%s", bodies[i]);
}
END_TEST

START_TEST(refuses_wrong_ids_and_versions)
{
	SCOPED(buf) struct buf body = BUF_INIT;
	struct state_finding finding = sample("not-an-id-at-all");
	const struct state state = {.findings = &finding, .findings_len = 1};
	struct state found = {0};

	state_add(&body, &state);
	ck_assert(!state_find(buf_str(&body), &found));
}
END_TEST

START_TEST(keys_differ_by_path_content_and_reviewers)
{
	const struct diff_file a = {.path = STR("a.c")};
	const struct diff_file b = {.path = STR("b.c")};
	struct state_key first = state_key_of(&a, STR("x"));
	struct state_key same = state_key_of(&a, STR("x"));
	struct state_key other_path = state_key_of(&b, STR("x"));
	struct state_key other_reviewers = state_key_of(&a, STR("y"));

	ck_assert(!memcmp(&first, &same, sizeof(first)));
	ck_assert(memcmp(&first, &other_path, sizeof(first)));
	ck_assert(memcmp(&first, &other_reviewers, sizeof(first)));
}
END_TEST

Suite *state_suite(void)
{
	Suite *suite = suite_create("state");
	TCase *tests = tcase_create("state");

	tcase_add_test(tests, comes_back_as_it_was);
	tcase_add_test(tests, stays_within_its_size_and_keeps_dismissals);
	tcase_add_test(tests, reads_nothing_hostile);
	tcase_add_test(tests, refuses_wrong_ids_and_versions);
	tcase_add_test(tests, keys_differ_by_path_content_and_reviewers);
	suite_add_tcase(suite, tests);
	return suite;
}

/* Pairing: one to one, same code first, most similar words first. */
#include "publish/match.h"
#include "unit.h"

static struct finding finding_on(const char *id, uint32_t line, const char *title)
{
	return (struct finding){
		.path = STR("a.c"),
		.id = str_from(id),
		.line = line,
		.end_line = line,
		.title = str_from(title),
	};
}

static struct previous_finding previous_on(const char *id, uint32_t line, const char *title)
{
	return (struct previous_finding){
		.record = {.id = str_from(id), .path = STR("a.c"), .title = str_from(title)},
		.first_line = line,
		.last_line = line,
	};
}

TEST(takes_a_single_pair_for_the_same_however_worded)
{
	SCOPED(findings) struct findings findings = {0};
	SCOPED(previous) struct previous previous = {0};
	struct previous_finding *matches[1];

	VEC_PUSH(&findings, finding_on("1", 5, "entirely different words"));
	VEC_PUSH(&previous.findings, previous_on("1", 90, "a leak of memory"));
	match_findings(&findings, &previous, matches);
	ck_assert_ptr_eq(matches[0], &previous.findings.items[0]);
	ck_assert_int_eq(previous.findings.items[0].fate, FATE_MATCHED);
}

TEST(pairs_the_most_similar_first_and_leaves_the_rest_new)
{
	SCOPED(findings) struct findings findings = {0};
	SCOPED(previous) struct previous previous = {0};
	struct previous_finding *matches[2];

	VEC_PUSH(&findings, finding_on("1", 5, "the lock is never released"));
	VEC_PUSH(&findings, finding_on("1", 5, "a leak of memory here"));
	VEC_PUSH(&previous.findings, previous_on("1", 5, "memory leak"));
	match_findings(&findings, &previous, matches);
	ck_assert_ptr_null(matches[0]);
	ck_assert_ptr_eq(matches[1], &previous.findings.items[0]);
}

TEST(pairs_overlapping_lines_of_one_side)
{
	SCOPED(findings) struct findings findings = {0};
	SCOPED(previous) struct previous previous = {0};
	struct previous_finding *matches[3];

	VEC_PUSH(&findings, finding_on("1", 5, "x"));
	VEC_PUSH(&findings, finding_on("2", 50, "x"));
	VEC_PUSH(&findings, finding_on("3", 70, "x"));
	findings.items[2].side = SIDE_LEFT;
	VEC_PUSH(&previous.findings, previous_on("9", 5, "y"));
	previous.findings.items[0].last_line = 7;
	VEC_PUSH(&previous.findings, previous_on("8", 70, "y"));
	match_findings(&findings, &previous, matches);
	ck_assert_ptr_eq(matches[0], &previous.findings.items[0]);
	ck_assert_ptr_null(matches[1]);
	ck_assert_ptr_null(matches[2]);
}

TEST(prefers_equal_code_to_overlapping_lines)
{
	SCOPED(findings) struct findings findings = {0};
	SCOPED(previous) struct previous previous = {0};
	struct previous_finding *matches[2];

	VEC_PUSH(&findings, finding_on("1", 5, "same words"));
	VEC_PUSH(&findings, finding_on("2", 5, "others"));
	VEC_PUSH(&previous.findings, previous_on("2", 5, "same words"));
	match_findings(&findings, &previous, matches);
	ck_assert_ptr_null(matches[0]);
	ck_assert_ptr_eq(matches[1], &previous.findings.items[0]);
}

/* Merging what several agents and models say, and the order of what stays. */
#include "finding/merge.h"

#include "unit.h"

/* Each of ten defects as three reviewers describe it. */
static const struct {
	const char *title[3], *body[3];
} defects[] = {
	{{"Unchecked return value of read", "Return value of read() is not checked",
	  "read() result ignored"},
	 {"If read fails, the return value -1 is used as a length.",
	  "A failing read returns -1, which is then used as the length of the buffer.",
	  "The return value of read is ignored; on failure -1 is used as a length."}},
	{{"SQL injection through user name", "SQL injection via the user name",
	  "Query built from unsanitized user name"},
	 {"The user name is concatenated into the SQL query.",
	  "The query concatenates the user name, so SQL injection is possible.",
	  "User name is concatenated into the SQL query, which allows injection."}},
	{{"Off-by-one in the loop bound", "Loop runs one past the end", "Off-by-one loop bound"},
	 {"The loop bound uses <= and reads one element past the end of the array.",
	  "The loop condition <= reads one element past the array's end.",
	  "With <= the loop reads one element past the end of the array."}},
	{{"Missing unlock on the error path", "Mutex is not unlocked on error",
	  "Lock leaked when validation fails"},
	 {"The mutex stays locked when the function returns early with an error.",
	  "On the error path the function returns early and the mutex stays locked.",
	  "The early return on error leaves the mutex locked."}},
	{{"Use after free of the session", "session is used after it was freed",
	  "Use-after-free: session"},
	 {"The session is freed above and its name is read here.",
	  "session was freed above; reading its name here is a use after free.",
	  "The name is read from the session that was freed above."}},
	{{"Password is written to the log", "Logs the password in clear text",
	  "Secret leaked to log"},
	 {"The password of the user ends up in the log file.",
	  "The user's password is written to the log file in clear text.",
	  "The log file will contain the password of the user."}},
	{{"Quadratic string concatenation", "String concatenation in a loop is quadratic",
	  "O(n^2) string building"},
	 {"Each iteration copies the whole string; use a builder.",
	  "Concatenation copies the whole string in each iteration: use a builder.",
	  "Use a builder: each iteration copies the whole string."}},
	{{"Timeout is in seconds, not milliseconds", "Timeout unit mismatch",
	  "Wrong unit for the timeout"},
	 {"The API takes the timeout in milliseconds, this passes seconds.",
	  "Seconds are passed where the API takes a timeout in milliseconds.",
	  "The API expects a timeout in milliseconds but gets seconds."}},
	{{"Nil map is written to", "Write to a nil map panics", "Assignment to nil map"},
	 {"The map is declared but never made, so the write panics.",
	  "The map is never made; the write will panic.",
	  "A write to this map panics because it was declared but never made."}},
	{{"Missing test for the empty input", "No test covers empty input",
	  "Empty input is untested"},
	 {"There is no test of an empty input, which takes another branch.",
	  "An empty input takes another branch, and no test covers it.",
	  "No test covers the branch that an empty input takes."}},
};

static struct finding_source sources[] = {
	{.agent = STR_INIT("code-quality"), .model = STR_INIT("sonnet")},
	{.agent = STR_INIT("security"), .model = STR_INIT("haiku")},
	{.agent = STR_INIT("architect"), .model = STR_INIT("sonnet")},
};

/* Defect `defect` in the words of reviewer `who`, at one of three places of one line number. */
static struct finding said(struct findings *findings, size_t defect, size_t who, const char *path,
			   uint32_t line)
{
	struct arena *arena = &findings->arena;
	struct finding finding = {
		.path = str_from(path),
		.line = line,
		.end_line = line + (uint32_t)who,
		.severity = SEVERITY_LOW - (unsigned)who,
		.title = str_from(defects[defect].title[who]),
		.body = str_from(defects[defect].body[who]),
		.quoted = arena_printf(arena, "line %u", line),
		.confidence = 0.1 * (double)(who + 1),
		.sources = &sources[who],
		.sources_len = 1,
		.placement = PLACEMENT_INLINE,
	};

	finding.id = finding_fingerprint(arena, finding.path, finding.quoted);
	return finding;
}

TEST(of_ninety_findings_thirty_stay_with_all_their_sources)
{
	static const char *const paths[] = {"a.c", "b.go", "c.py"};
	SCOPED(findings) struct findings findings = {0};

	for (size_t who = 0; who < 3; who++) {
		for (size_t path = 0; path < 3; path++) {
			for (size_t i = 0; i < ARRAY_LEN(defects); i++)
				/* There are two different defects on each line. */
				VEC_PUSH(&findings, said(&findings, i, who, paths[path],
							 10 + 5 * (uint32_t)(i / 2)));
		}
	}
	ck_assert_uint_eq(findings.len, 90);
	findings_merge(&findings, NULL);
	ck_assert_uint_eq(findings.len, 30);
	for (size_t i = 0; i < findings.len; i++) {
		const struct finding *finding = &findings.items[i];

		ck_assert_msg(finding->sources_len == 3, "%.*s: %zu sources",
			      STR_ARG(finding->title), finding->sources_len);
		ck_assert_int_eq(finding->votes, 2);
		ck_assert_int_eq(finding->severity, SEVERITY_LOW - 2);
		ck_assert(finding->confidence > 0.29);
		/* The text of the most severe one is shown. */
		ck_assert_str_is(finding->title, str_from(defects[i % 10].title[2]));
	}
}

TEST(equal_words_at_other_places_are_other_findings)
{
	SCOPED(findings) struct findings findings = {0};

	VEC_PUSH(&findings, said(&findings, 0, 0, "a.c", 10));
	VEC_PUSH(&findings, said(&findings, 0, 0, "a.c", 90));
	VEC_PUSH(&findings, said(&findings, 0, 0, "b.c", 10));
	VEC_PUSH(&findings, said(&findings, 0, 0, "a.c", 10));
	findings.items[3].side = SIDE_LEFT;
	findings_merge(&findings, NULL);
	ck_assert_uint_eq(findings.len, 4);
}

TEST(the_best_place_stays)
{
	SCOPED(findings) struct findings findings = {0};

	VEC_PUSH(&findings, said(&findings, 3, 0, "a.c", 10));
	VEC_PUSH(&findings, said(&findings, 3, 0, "a.c", 12));
	findings.items[0].placement = PLACEMENT_SUMMARY;
	findings.items[0].line = findings.items[0].end_line = 0;
	findings.items[1].sources = &sources[1];
	findings_merge(&findings, NULL);
	ck_assert_uint_eq(findings.len, 1);
	ck_assert_uint_eq(findings.items[0].line, 12);
	ck_assert_int_eq(findings.items[0].placement, PLACEMENT_INLINE);
	ck_assert_int_eq(findings.items[0].votes, 2);
}

TEST(near_vectors_join_what_words_do_not)
{
	static const float vectors[] = {1.0F, 0.1F, 0.9F, 0.2F, 0.0F, 1.0F};
	const struct finding_vectors given = {vectors, 2};
	SCOPED(findings) struct findings findings = {0};

	VEC_PUSH(&findings, said(&findings, 0, 0, "a.c", 10));
	VEC_PUSH(&findings, said(&findings, 1, 0, "a.c", 10));
	VEC_PUSH(&findings, said(&findings, 2, 0, "a.c", 10));
	findings_merge(&findings, &given);
	ck_assert_uint_eq(findings.len, 2);
	ck_assert_str_is(findings.items[1].title, str_from(defects[2].title[0]));
}

TEST(ranks_by_severity_then_votes_then_confidence)
{
	SCOPED(findings) struct findings findings = {0};

	for (size_t i = 0; i < 5; i++) {
		VEC_PUSH(&findings, said(&findings, i, 0, "a.c", 10));
		findings.items[i].severity = SEVERITY_MEDIUM;
		findings.items[i].votes = 1;
		findings.items[i].confidence = 0.5;
	}
	findings.items[4].severity = SEVERITY_CRITICAL;
	findings.items[3].votes = 2;
	findings.items[2].confidence = 0.9;
	findings_rank(&findings);
	for (size_t i = 0; i < 5; i++) {
		static const size_t order[] = {4, 3, 2, 0, 1};

		ck_assert_str_is(findings.items[i].title, str_from(defects[order[i]].title[0]));
	}
}

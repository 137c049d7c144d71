/* Merging and ranking. */
#include "finding/merge.h"

#include <stdio.h>

#include "unit.h"

static void add(struct findings *findings, uint32_t line, const char *title, const char *agent,
		const char *model)
{
	struct finding_source *source = ARENA_NEW(&findings->arena, struct finding_source);

	*source = (struct finding_source){.agent = str_from(agent), .model = str_from(model)};
	VEC_PUSH(findings, (struct finding){
				   .path = STR("a.c"),
				   .line = line,
				   .end_line = line,
				   .severity = SEVERITY_MEDIUM,
				   .title = arena_printf(&findings->arena, "%s", title),
				   .body = arena_printf(&findings->arena, "Because: %s", title),
				   .confidence = 0.5,
				   .id = arena_printf(&findings->arena, "id%u", line),
				   .sources = source,
				   .sources_len = 1,
				   .votes = 1,
			   });
}

TEST(joins_what_says_the_same_and_keeps_what_differs)
{
	SCOPED(findings) struct findings findings = {0};

	add(&findings, 10, "The buffer may overflow when len exceeds its size", "security",
	    "sonnet");
	add(&findings, 10, "Buffer overflow: len may exceed the size of the buffer", "quality",
	    "sonnet");
	add(&findings, 10, "The lock is never released on this path", "quality", "sonnet");
	add(&findings, 99, "The buffer may overflow when len exceeds its size", "security",
	    "sonnet");
	findings_merge(&findings, NULL);
	ck_assert_uint_eq(findings.len, 3);
	ck_assert_uint_eq(findings.items[0].sources_len, 2);
	ck_assert_int_eq(findings.items[0].votes, 1);
	ck_assert_str_is(findings.items[1].title, STR("The lock is never released on this path"));
}

TEST(counts_one_vote_a_model)
{
	SCOPED(findings) struct findings findings = {0};

	add(&findings, 10, "Use after free of the connection", "security", "sonnet");
	add(&findings, 10, "Use after free of the connection", "security", "haiku");
	add(&findings, 10, "Connection used after free", "quality", "haiku");
	findings.items[2].severity = SEVERITY_CRITICAL;
	findings.items[1].confidence = 0.9;
	findings_merge(&findings, NULL);
	ck_assert_uint_eq(findings.len, 1);
	ck_assert_int_eq(findings.items[0].votes, 2);
	ck_assert_uint_eq(findings.items[0].sources_len, 3);
	ck_assert_int_eq(findings.items[0].severity, SEVERITY_CRITICAL);
	ck_assert(findings.items[0].confidence > 0.89);
}

TEST(ninety_findings_of_thirty_things_become_thirty)
{
	static const char *const wordings[] = {"Value %d is used before it is set in step%d",
					       "In step%2$d, value %1$d is used before set",
					       "value %d used before it is set (step%d)"};
	static const char *const agents[] = {"security", "quality", "architect"};
	SCOPED(findings) struct findings findings = {0};

	for (int wording = 0; wording < 3; wording++) {
		for (int i = 0; i < 30; i++) {
			char title[96];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
			snprintf(title, sizeof(title), wordings[wording], i, i);
#pragma GCC diagnostic pop
			add(&findings, (uint32_t)(i * 10 + 1), title, agents[wording], "sonnet");
		}
	}
	findings_merge(&findings, NULL);
	ck_assert_uint_eq(findings.len, 30);
	for (size_t i = 0; i < findings.len; i++)
		ck_assert_uint_eq(findings.items[i].sources_len, 3);
}

TEST(joins_by_meaning_when_there_are_vectors)
{
	static const float vectors[] = {1, 0, 0.98F, 0.05F, 0, 1};
	struct finding_vectors by_meaning = {vectors, 2};
	SCOPED(findings) struct findings findings = {0};

	add(&findings, 10, "alpha beta gamma", "a", "m");
	add(&findings, 11, "completely other words", "b", "m");
	add(&findings, 11, "third one here", "c", "m");
	findings_merge(&findings, &by_meaning);
	ck_assert_uint_eq(findings.len, 2);
	ck_assert_uint_eq(findings.items[0].sources_len, 2);
}

TEST(takes_the_place_of_the_one_that_has_one)
{
	SCOPED(findings) struct findings findings = {0};

	add(&findings, 10, "The index is not checked", "a", "m");
	add(&findings, 10, "The index is not checked", "b", "m");
	findings.items[0].placement = PLACEMENT_SUMMARY;
	findings.items[1].placement = PLACEMENT_INLINE;
	findings.items[1].suggestion = STR("if (i < n)");
	findings.items[1].has_suggestion = true;
	findings_merge(&findings, NULL);
	ck_assert_uint_eq(findings.len, 1);
	ck_assert_int_eq(findings.items[0].placement, PLACEMENT_INLINE);
	ck_assert(findings.items[0].has_suggestion);
}

TEST(what_one_agent_quotes_from_changed_lines_is_not_pre_existing)
{
	SCOPED(findings) struct findings findings = {0};

	add(&findings, 10, "The index is not checked", "a", "m");
	add(&findings, 11, "The index is not checked", "b", "m");
	add(&findings, 11, "The index is not checked here", "c", "m");
	findings.items[0].end_line = 11;
	findings.items[0].pre_existing = true;
	findings.items[2].pre_existing = true;
	findings_merge(&findings, NULL);
	ck_assert_uint_eq(findings.len, 1);
	ck_assert(!findings.items[0].pre_existing);
	ck_assert_uint_eq(findings.items[0].line, 11);
}

TEST(what_lacks_a_place_does_not_make_unchanged_lines_count)
{
	SCOPED(findings) struct findings findings = {0};

	add(&findings, 10, "The index is not checked", "a", "m");
	add(&findings, 10, "The index is not checked", "b", "m");
	findings.items[0].placement = PLACEMENT_SUMMARY;
	findings.items[0].unverified = true;
	findings.items[1].pre_existing = true;
	findings_merge(&findings, NULL);
	ck_assert_uint_eq(findings.len, 1);
	ck_assert(findings.items[0].pre_existing);
	ck_assert(!findings.items[0].unverified);
	ck_assert_int_eq(findings.items[0].placement, PLACEMENT_INLINE);
}

TEST(a_decoy_does_not_name_a_critical_finding)
{
	SCOPED(findings) struct findings findings = {0};
	struct finding *merged;

	add(&findings, 10, "The query name is a bit long in this statement", "decoy", "m");
	add(&findings, 10, "This statement builds the query from user input", "security", "m");
	add(&findings, 10, "The query in this statement is a bit long", "quality", "m");
	findings.items[0].severity = SEVERITY_INFO;
	findings.items[0].confidence = 1;
	findings.items[0].evidence = STR("name = long;");
	findings.items[1].severity = SEVERITY_CRITICAL;
	findings.items[1].body = STR("The query name is a bit long in this statement: injection.");
	findings.items[1].evidence = STR("query = input;");
	findings.items[1].id = STR("id11");
	findings.items[2].severity = SEVERITY_CRITICAL;
	findings.items[2].confidence = 0.1;
	findings_merge(&findings, NULL);
	ck_assert_uint_eq(findings.len, 1);
	merged = &findings.items[0];
	ck_assert_int_eq(merged->severity, SEVERITY_CRITICAL);
	ck_assert_str_is(merged->title, STR("This statement builds the query from user input"));
	ck_assert_str_is(merged->evidence, STR("query = input;"));
	ck_assert_str_is(merged->id, STR("id11"));
	ck_assert(str_ends(merged->body, STR("injection.")));
	/* The other sources are listed after the one whose text is shown, with their texts. */
	ck_assert_uint_eq(merged->sources_len, 3);
	ck_assert_str_is(merged->sources[0].agent, STR("security"));
	ck_assert_uint_eq(merged->sources[0].title.len, 0);
	ck_assert_str_is(merged->sources[1].title,
			 STR("The query name is a bit long in this statement"));
	ck_assert_str_is(merged->sources[2].title,
			 STR("The query in this statement is a bit long"));
}

TEST(a_worse_finding_without_a_place_speaks_at_the_place_of_the_other)
{
	SCOPED(findings) struct findings findings = {0};

	add(&findings, 10, "The index is not checked", "a", "m");
	add(&findings, 10, "The index is not checked at all", "b", "m");
	findings.items[1].severity = SEVERITY_HIGH;
	findings.items[1].placement = PLACEMENT_SUMMARY;
	findings.items[0].evidence = STR("here");
	findings_merge(&findings, NULL);
	ck_assert_uint_eq(findings.len, 1);
	ck_assert_int_eq(findings.items[0].placement, PLACEMENT_INLINE);
	ck_assert_str_is(findings.items[0].evidence, STR("here"));
	ck_assert_str_is(findings.items[0].title, STR("The index is not checked at all"));
}

TEST(ranks_by_severity_votes_and_confidence)
{
	SCOPED(findings) struct findings findings = {0};

	add(&findings, 1, "a", "x", "m");
	add(&findings, 2, "b", "x", "m");
	add(&findings, 3, "c", "x", "m");
	add(&findings, 4, "d", "x", "m");
	findings.items[1].severity = SEVERITY_HIGH;
	findings.items[2].votes = 2;
	findings.items[3].confidence = 0.9;
	findings_rank(&findings);
	ck_assert_str_is(findings.items[0].title, STR("b"));
	ck_assert_str_is(findings.items[1].title, STR("c"));
	ck_assert_str_is(findings.items[2].title, STR("d"));
	ck_assert_str_is(findings.items[3].title, STR("a"));
}

/* Tests of whole reviews: what goes in, what comes out. */
#include "harness.h"
#include "unit.h"

static const char small_diff[] = "diff --git a/src/pool.c b/src/pool.c\n"
				 "--- a/src/pool.c\n"
				 "+++ b/src/pool.c\n"
				 "@@ -10,3 +10,4 @@ void pool_put(struct pool *pool)\n"
				 " \tlock(pool);\n"
				 "-\tfree(conn);\n"
				 "+\tconn->busy = 0;\n"
				 "+\tpool->count--;\n"
				 " \tunlock(pool);\n";

static const char plain_agent[] = "prompt: Review this. {{ diff }}\n";

#define FINDING(line, evidence, title)                                                             \
	"{\"path\": \"src/pool.c\", \"line\": " #line                                              \
	", \"severity\": \"high\", \"title\": \"" title                                            \
	"\", \"body\": \"Because.\", \"evidence\": \"" evidence "\"}"

static bool answer_one(struct harness *harness UNUSED, const struct chat *chat, struct reply *reply,
		       struct error *err UNUSED)
{
	return reply_report(chat, reply,
			    "{\"summary\": \"One problem.\", \"findings\": [" FINDING(
				    14, "conn->busy = 0;", "A race") "]}");
}

TEST(a_finding_is_placed_by_its_evidence)
{
	struct harness *harness = harness_new(small_diff);

	harness_agent(harness, "code", plain_agent);
	harness->answer = answer_one;
	harness_run(harness);
	ck_assert_msg(harness->ok, "%s", harness->error.message);
	ck_assert_uint_eq(harness->result.findings.len, 1);
	const struct finding *finding = &harness->result.findings.items[0];
	ck_assert_uint_eq(finding->line, 11);
	ck_assert_int_eq(finding->placement, PLACEMENT_MOVED);
	ck_assert_uint_eq(finding->sources_len, 1);
	ck_assert_str_is(finding->sources[0].agent, STR("code"));
	ck_assert_str_is(finding->sources[0].model, STR("sonnet"));
	const struct agent_result *row = harness_row(harness, "code");
	ck_assert_int_eq(row->status, AGENT_DONE);
	ck_assert_int_eq(row->calls, 1);
	ck_assert_str_is(row->summary, STR("One problem."));
	ck_assert_int_eq(row->findings, 1);
	ck_assert(row->cost_usd > 0);
	ck_assert_int_eq(harness->result.coverage.reviewed, 1);
	ck_assert_int_eq(review_conclude(&harness->result), CONCLUSION_FINDINGS);
	harness_free(harness);
}

TEST(agents_that_say_the_same_make_one_finding_with_both_as_sources)
{
	struct harness *harness = harness_new(small_diff);

	harness_agent(harness, "code", plain_agent);
	harness_agent(harness, "security", plain_agent);
	harness->answer = answer_one;
	harness_run(harness);
	ck_assert_uint_eq(harness->result.findings.len, 1);
	ck_assert_uint_eq(harness->result.findings.items[0].sources_len, 2);
	harness_free(harness);
}

/* Only one of two models reports it. */
static bool answer_by_model(struct harness *harness, const struct chat *chat, struct reply *reply,
			    struct error *err)
{
	if (str_eq(reply->model, STR("haiku")))
		return answer_nothing(harness, chat, reply, err);
	return answer_one(harness, chat, reply, err);
}

TEST(what_too_few_models_report_is_dropped_with_the_reason)
{
	struct harness *harness = harness_new(small_diff);

	harness_model(harness, "haiku");
	harness_agent(harness, "code",
		      "prompt: Review. {{ diff }}\nmodel: [sonnet, haiku]\nvotes: 2\n");
	harness->answer = answer_by_model;
	harness_run(harness);
	ck_assert_uint_eq(harness->result.findings.len, 0);
	ck_assert_uint_eq(harness->result.dropped.len, 1);
	ck_assert(str_contains(harness->result.dropped.items[0].reason, STR("too few")));
	ck_assert_uint_eq(harness->result.agents.len, 2);
	harness_free(harness);
}

TEST(what_enough_models_report_stays_with_their_votes)
{
	struct harness *harness = harness_new(small_diff);

	harness_model(harness, "haiku");
	harness_agent(harness, "code",
		      "prompt: Review. {{ diff }}\nmodel: [sonnet, haiku]\nvotes: 2\n");
	harness->answer = answer_one;
	harness_run(harness);
	ck_assert_uint_eq(harness->result.findings.len, 1);
	ck_assert_int_eq(harness->result.findings.items[0].votes, 2);
	harness_free(harness);
}

TEST(a_finding_below_the_agents_floor_is_dropped)
{
	struct harness *harness = harness_new(small_diff);

	harness_agent(harness, "code", "prompt: Review. {{ diff }}\nmin_severity: critical\n");
	harness->answer = answer_one;
	harness_run(harness);
	ck_assert_uint_eq(harness->result.findings.len, 0);
	ck_assert_uint_eq(harness->result.dropped.len, 1);
	harness_free(harness);
}

/* Two low, one high, three medium; the second of the medium ones is the surest. */
static bool answer_six(struct harness *harness UNUSED, const struct chat *chat, struct reply *reply,
		       struct error *err UNUSED)
{
#define ABOUT(line, severity, title, confidence)                                                   \
	"{\"path\":\"src/pool.c\",\"line\":" line ",\"severity\":\"" severity                      \
	"\",\"title\":\"" title "\",\"body\":\"" title "\",\"confidence\":" confidence "}"
	return reply_report(
		chat, reply,
		"{\"findings\": [" ABOUT("10", "low", "Alpha leaks", "0.9") "," ABOUT(
			"11", "medium", "Bravo wraps",
			"0.3") "," ABOUT("12", "medium", "Charlie races",
					 "0.8") "," ABOUT("10", "high", "Delta crashes",
							  "0.1") "," ABOUT("11", "medium",
									   "Echo hangs",
									   "0.5") "," ABOUT("12",
											    "low",
											    "Foxtrot drifts",
											    "0.9") "]}");
#undef ABOUT
}

TEST(the_most_severe_findings_are_kept_and_the_rest_stay_in_the_report)
{
	struct harness *harness = harness_new(small_diff);

	harness_agent(harness, "code", "prompt: Review. {{ diff }}\nmax_findings: 2\n");
	harness->answer = answer_six;
	harness_run(harness);
	const struct review_result *result = &harness->result;
	ck_assert_uint_eq(result->findings.len, 2);
	ck_assert_str_is(result->findings.items[0].title, STR("Delta crashes"));
	ck_assert_str_is(result->findings.items[1].title, STR("Charlie races"));
	ck_assert_uint_eq(result->dropped.len, 4);
	ck_assert_str_is(result->dropped.items[0].reason,
			 STR("more than the agent's max_findings (2)"));
	harness_free(harness);
}

static bool answer_three_high(struct harness *harness UNUSED, const struct chat *chat,
			      struct reply *reply, struct error *err UNUSED)
{
	return reply_report(
		chat, reply,
		"{\"findings\": ["
		"{\"path\":\"src/pool.c\",\"severity\":\"high\",\"title\":\"Alpha leaks\",\"body\":\"It leaks.\"},"
		"{\"path\":\"src/pool.c\",\"severity\":\"critical\",\"title\":\"Bravo wraps\",\"body\":\"It wraps.\"},"
		"{\"path\":\"src/pool.c\",\"severity\":\"high\",\"title\":\"Charlie races\",\"body\":\"A race.\"}]}");
}

TEST(critical_and_high_findings_are_always_kept)
{
	struct harness *harness = harness_new(small_diff);

	harness_agent(harness, "code", "prompt: Review. {{ diff }}\nmax_findings: 1\n");
	harness->answer = answer_three_high;
	harness_run(harness);
	ck_assert_uint_eq(harness->result.findings.len, 3);
	ck_assert_uint_eq(harness->result.dropped.len, 0);
	harness_free(harness);
}

/* ---- Failures. ---- */

static bool fail_security(struct harness *harness, const struct chat *chat, struct reply *reply,
			  struct error *err)
{
	if (str_eq(chat->origin.agent, STR("security")))
		return error_set(err, ERROR_DENIED, "access denied");
	return answer_one(harness, chat, reply, err);
}

TEST(a_failed_agent_keeps_the_others_work_and_is_never_clean)
{
	struct harness *harness = harness_new(small_diff);

	harness_agent(harness, "code", plain_agent);
	harness_agent(harness, "security", plain_agent);
	harness->answer = fail_security;
	harness_run(harness);
	ck_assert(harness->ok);
	ck_assert_uint_eq(harness->result.findings.len, 1);
	ck_assert_int_eq(harness_row(harness, "security")->status, AGENT_FAILED);
	ck_assert(str_contains(str_from(harness_row(harness, "security")->error.message),
			       STR("security/sonnet 1/1: access denied")));
	ck_assert(harness->result.incomplete);
	ck_assert_int_eq(review_conclude(&harness->result), CONCLUSION_PARTIAL);
	ck_assert_int_eq(harness->result.coverage.reviewed, 0);
	ck_assert_uint_eq(harness->result.coverage.skipped_len, 1);
	harness_free(harness);
}

static bool no_credentials(struct harness *harness UNUSED, const struct chat *chat UNUSED,
			   struct reply *reply UNUSED, struct error *err)
{
	return error_set(err, ERROR_CREDENTIALS, "no usable credentials");
}

TEST(a_run_without_credentials_fails_as_a_whole)
{
	struct harness *harness = harness_new(small_diff);

	harness_agent(harness, "code", plain_agent);
	harness_agent(harness, "security", plain_agent);
	harness->answer = no_credentials;
	harness_run(harness);
	ck_assert(!harness->ok);
	ck_assert_int_eq(harness->error.kind, ERROR_CREDENTIALS);
	harness_free(harness);
}

TEST(an_unknown_model_fails_before_any_call)
{
	struct harness *harness = harness_new(small_diff);

	harness_agent(harness, "code", "prompt: Review. {{ diff }}\nmodel: nobody\n");
	harness_run(harness);
	ck_assert(!harness->ok);
	ck_assert_int_eq(harness->error.kind, ERROR_CONFIG);
	ck_assert_uint_eq(harness->calls_len, 0);
	harness_free(harness);
}

TEST(a_cost_limit_with_a_model_of_unknown_price_fails_before_any_call)
{
	struct harness *harness = harness_new(small_diff);

	harness->models[0].model.price.input = -1;
	harness->review.options.max_cost_usd = 1;
	harness_agent(harness, "code", plain_agent);
	harness_run(harness);
	ck_assert(!harness->ok);
	ck_assert_int_eq(harness->error.kind, ERROR_CONFIG);
	ck_assert_uint_eq(harness->calls_len, 0);
	harness_free(harness);
}

TEST(an_unknown_price_is_never_a_number)
{
	struct harness *harness = harness_new(small_diff);

	harness->models[0].model.price = (struct price){-1, -1, -1, -1};
	harness_agent(harness, "code", plain_agent);
	harness_run(harness);
	ck_assert(harness->ok);
	ck_assert(harness->result.cost_usd < 0);
	harness_free(harness);
}

/* ---- What a request holds. ---- */

TEST(secrets_of_the_change_never_reach_a_model)
{
	struct harness *harness = harness_new("diff --git a/a.env b/a.env\n"
					      "--- a/a.env\n"
					      "+++ b/a.env\n"
					      "@@ -1,1 +1,2 @@\n"
					      " HOST=x\n"
					      "+AWS_KEY=AKIAIOSFODNN7EXAMPLQ\n");

	harness->change.body = STR("use AKIAIOSFODNN7EXAMPLQ please");
	harness_agent(harness, "code", "prompt: \"{{ pr.body }} {{ diff }}\"\n");
	harness_run(harness);
	ck_assert_uint_eq(harness->calls_len, 1);
	ck_assert(!str_contains(harness->calls[0].user_text, STR("AKIAIOSFODNN7EXAMPLQ")));
	ck_assert(str_contains(harness->calls[0].user_text, STR("[redacted:")));
	ck_assert_uint_ge(harness->result.secrets_redacted, 2);
	harness_free(harness);
}

TEST(requests_of_two_runs_are_equal_byte_for_byte)
{
	struct str texts[2] = {0};
	struct harness *runs[2];

	for (int i = 0; i < 2; i++) {
		runs[i] = harness_new(small_diff);
		runs[i]->review.options.run_id = i ? STR("run-two") : STR("run-one");
		harness_agent(runs[i], "code", plain_agent);
		harness_run(runs[i]);
		texts[i] = runs[i]->calls[0].user_text;
	}
	ck_assert_str_is(texts[0], texts[1]);
	harness_free(runs[0]);
	harness_free(runs[1]);
}

/* The second agent sees the answer of the first one. */
TEST(an_agent_reads_what_those_that_it_needs_said_of_the_same_chunk)
{
	struct harness *harness = harness_new(small_diff);

	harness_agent(harness, "judge",
		      "prompt: \"Judge {{ needs }} {{ diff }}\"\nneeds: [code]\n");
	harness_agent(harness, "code", plain_agent);
	harness->answer = answer_one;
	harness_run(harness);
	ck_assert_uint_eq(harness->calls_len, 2);
	ck_assert_str_is(harness->calls[0].agent, STR("code"));
	ck_assert_str_is(harness->calls[1].agent, STR("judge"));
	ck_assert_int_ge(harness->calls[1].sent_ms, harness->calls[0].ended_ms);
	ck_assert(str_contains(harness->calls[1].user_text, STR("A race")));
	harness_free(harness);
}

TEST(an_agent_sees_only_files_that_its_paths_match)
{
	struct harness *harness = harness_new("diff --git a/a.c b/a.c\n--- a/a.c\n+++ b/a.c\n"
					      "@@ -1 +1,2 @@\n x\n+in_c\n"
					      "diff --git a/b.py b/b.py\n--- a/b.py\n+++ b/b.py\n"
					      "@@ -1 +1,2 @@\n x\n+in_python\n");

	harness_agent(harness, "snake", "prompt: Review. {{ diff }}\npaths: ['*.py']\n");
	harness_agent(harness, "fortran", "prompt: Review. {{ diff }}\npaths: ['*.f90']\n");
	harness_run(harness);
	ck_assert_uint_eq(harness->calls_len, 1);
	ck_assert(str_contains(harness->calls[0].user_text, STR("in_python")));
	ck_assert(!str_contains(harness->calls[0].user_text, STR("in_c")));
	ck_assert_int_eq(harness_row(harness, "fortran")->status, AGENT_SKIPPED);
	ck_assert_int_eq(harness->result.coverage.reviewed, 1);
	ck_assert_str_is(harness->result.coverage.skipped[0].path, STR("a.c"));
	ck_assert_int_eq(review_conclude(&harness->result), CONCLUSION_CLEAN);
	harness_free(harness);
}

/* ---- Many findings. ---- */

/* Thirty distinct findings, each of which three agents report in their own order. */
static bool answer_thirty(struct harness *harness UNUSED, const struct chat *chat,
			  struct reply *reply, struct error *err UNUSED)
{
	SCOPED(buf) struct buf json = BUF_INIT;
	int shift = (int)chat->origin.agent.len;

	buf_add_text(&json, "{\"summary\": \"\", \"findings\": [");
	for (int i = 0; i < 30; i++) {
		int at = (i * 7 + shift) % 30;
		buf_addf(
			&json,
			"%s{\"path\": \"dir0/file0.c\", \"line\": %d, \"severity\": \"low\", \"title\": \"Wrong start of value number %d\", \"body\": \"It begins with %d.\", \"evidence\": \"int value_0_%d = compute_something(%d);\"}",
			i ? "," : "", at * 3 + 1, at, at * 17, at * 3, at * 3);
	}
	buf_add_text(&json, "]}");
	return reply_report(chat, reply, json.ptr);
}

TEST(ninety_findings_of_which_thirty_are_distinct_end_as_thirty)
{
	struct harness *harness = harness_new(NULL);

	harness_big_diff(harness, 1, 100);
	harness_agent(harness, "a", plain_agent);
	harness_agent(harness, "bb", plain_agent);
	harness_agent(harness, "ccc", plain_agent);
	harness->answer = answer_thirty;
	harness_run(harness);
	ck_assert_uint_eq(harness->result.findings.len, 30);
	for (size_t i = 0; i < 30; i++)
		ck_assert_uint_eq(harness->result.findings.items[i].sources_len, 3);
	harness_free(harness);
}

/* ---- Nothing to review is not a clean pass. ---- */

static void expect_skipped(const char *diff, const char *include, const char *agent,
			   const char *reason)
{
	struct harness *harness = harness_new(diff);
	struct str globs[] = {str_from(include)};

	harness_agent(harness, "code", agent);
	if (*include)
		harness->review.options.include = (struct strings){.items = globs, .len = 1};
	harness->answer = answer_one;
	harness_run(harness);
	ck_assert_msg(harness->ok, "%s", harness->error.message);
	ck_assert_uint_eq(harness->calls_len, 0);
	ck_assert_int_eq(review_conclude(&harness->result), CONCLUSION_SKIPPED);
	ck_assert_uint_eq(harness->result.notices_len, 1);
	ck_assert_msg(str_contains(harness->result.notices[0], str_from(reason)), "%.*s",
		      STR_ARG(harness->result.notices[0]));
	harness_free(harness);
}

TEST(a_review_of_no_file_is_skipped_and_names_the_patterns)
{
	expect_skipped(small_diff, "docs/**", plain_agent, "include-paths (\"docs/**\")");
	expect_skipped(small_diff, "", "prompt: Review.\npaths: [\"web/**\", \"!web/x\"]\n",
		       "(code: \"web/**\", \"!web/x\")");
	expect_skipped("--- a/go.sum\n+++ b/go.sum\n@@ -1 +1 @@\n-a\n+b\n", "", plain_agent,
		       "lockfile");
	expect_skipped("diff --git a/a.png b/a.png\nindex 1111111..2222222 100644\n"
		       "Binary files a/a.png and b/a.png differ\n",
		       "", plain_agent, "binary");
}

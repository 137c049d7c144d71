/* Tests of one unit's conversation: tools, corrected answers, limits, and models that lack something. */
#include <stdio.h>
#include <string.h>

#include "harness.h"
#include "review/scan.h"
#include "unit.h"

static const char diff_text[] = "diff --git a/src/a.c b/src/a.c\n"
				"--- a/src/a.c\n"
				"+++ b/src/a.c\n"
				"@@ -1,1 +1,2 @@\n"
				" int a;\n"
				"+int b = 1 / 0;\n";

static const char plain_agent[] = "prompt: Review this. {{ diff }}\n";
static const char tool_agent[] =
	"prompt: Review this. {{ diff }}\ntools: [read_file]\nlimits: { turns: 3 }\n";

static const char good_report[] =
	"{\"summary\": \"s\", \"findings\": [{\"path\": \"src/a.c\", \"line\": 2, \"severity\": \"high\", \"title\": \"Divides by zero\", \"body\": \"b\", \"evidence\": \"int b = 1 / 0;\"}]}";
static const char bad_report[] =
	"{\"summary\": \"s\", \"findings\": [{\"path\": \"src/a.c\", \"line\": 2, \"severity\": \"terrible\", \"title\": \"t\", \"body\": \"b\"}]}";

static struct harness *run_one(const char *yaml, answer_fn *answer)
{
	struct harness *harness = harness_new(diff_text);

	harness_agent(harness, "code", yaml);
	harness->answer = answer;
	harness_run(harness);
	ck_assert_msg(harness->ok, "%s", harness->error.message);
	return harness;
}

static void check_failed(const struct harness *harness, const char *why)
{
	const struct agent_result *row = harness_row(harness, "code");

	ck_assert_int_eq(row->status, AGENT_FAILED);
	ck_assert_msg(str_contains(str_from(row->error.message), str_from(why)), "%s",
		      row->error.message);
}

/* ---- Tools. ---- */

static bool read_then_report(struct harness *harness, const struct chat *chat, struct reply *reply,
			     struct error *err UNUSED)
{
	if (harness->calls_len > 1)
		return reply_report(chat, reply, good_report);
	reply_tool(chat, reply, "read_file", "{\"path\": \"src/other.c\"}");
	return reply_tool(chat, reply, "read_file", "{\"path\": \"/etc/passwd\"}");
}

TEST(tool_calls_of_one_turn_are_answered_together_and_counted)
{
	struct harness *harness = run_one(tool_agent, read_then_report);
	const struct agent_result *row = harness_row(harness, "code");

	ck_assert_int_eq(row->status, AGENT_DONE);
	ck_assert_uint_eq(harness->calls_len, 2);
	ck_assert_int_eq(harness->calls[1].turn, 2);
	ck_assert_int_eq(row->tool_calls, 2);
	ck_assert_int_eq(row->tool_calls_refused, 2); /* there is no head commit to read from */
	ck_assert_uint_gt(harness->calls[1].last_text.len, 4);
	ck_assert_uint_eq(harness->result.findings.len, 1);
	harness_free(harness);
}

static bool read_for_ever(struct harness *harness UNUSED, const struct chat *chat,
			  struct reply *reply, struct error *err UNUSED)
{
	return reply_tool(chat, reply, "read_file", "{\"path\": \"src/other.c\"}");
}

TEST(an_agent_that_passes_its_turns_failed)
{
	struct harness *harness = run_one(tool_agent, read_for_ever);

	ck_assert_uint_eq(harness->calls_len, 3);
	check_failed(harness, "no answer in 3 turns");
	harness_free(harness);
}

TEST(on_its_last_turn_a_model_is_made_to_answer)
{
	struct harness *harness = run_one(tool_agent, read_for_ever);

	ck_assert_int_eq(harness->calls[0].tool_choice, TOOL_ANY);
	ck_assert_int_eq(harness->calls[2].tool_choice, TOOL_NAMED);
	harness_free(harness);
}

/* ---- Corrected answers. ---- */

static bool bad_then_good(struct harness *harness, const struct chat *chat, struct reply *reply,
			  struct error *err UNUSED)
{
	return reply_report(chat, reply, harness->calls_len == 3 ? good_report : bad_report);
}

TEST(findings_of_a_wrong_shape_are_asked_for_again_with_the_reason)
{
	struct harness *harness = run_one(plain_agent, bad_then_good);

	ck_assert_uint_eq(harness->calls_len, 3);
	ck_assert_int_eq(harness_row(harness, "code")->status, AGENT_DONE);
	ck_assert(str_contains(harness->calls[1].last_text, STR("/findings/0/severity")));
	harness_free(harness);
}

static bool always_bad(struct harness *harness UNUSED, const struct chat *chat, struct reply *reply,
		       struct error *err UNUSED)
{
	return reply_report(chat, reply, bad_report);
}

TEST(findings_that_are_not_corrected_in_two_tries_fail_the_agent)
{
	struct harness *harness = run_one(plain_agent, always_bad);

	ck_assert_uint_eq(harness->calls_len, 3);
	check_failed(harness, "/findings/0/severity");
	harness_free(harness);
}

static bool only_words(struct harness *harness UNUSED, const struct chat *chat, struct reply *reply,
		       struct error *err UNUSED)
{
	return reply_words(chat, reply, "All is well.");
}

TEST(an_agent_that_does_not_report_failed)
{
	struct harness *harness = run_one(plain_agent, only_words);

	ck_assert_uint_eq(harness->calls_len, 1);
	check_failed(harness, "did not call report_findings");
	harness_free(harness);
}

/* ---- How replies stop. ---- */

static bool cut_once(struct harness *harness, const struct chat *chat, struct reply *reply,
		     struct error *err UNUSED)
{
	reply_report(chat, reply, good_report);
	if (harness->calls_len == 1)
		reply->stop = STOP_MAX_TOKENS;
	return true;
}

static bool cut_always(struct harness *harness UNUSED, const struct chat *chat, struct reply *reply,
		       struct error *err UNUSED)
{
	reply_words(chat, reply, "and so");
	reply->stop = STOP_MAX_TOKENS;
	return true;
}

TEST(a_reply_cut_by_max_tokens_is_asked_once_more_with_four_times_as_much)
{
	struct harness *harness = run_one(plain_agent, cut_once);

	ck_assert_uint_eq(harness->calls_len, 2);
	ck_assert_int_eq(harness->calls[0].max_tokens, 1000);
	ck_assert_int_eq(harness->calls[1].max_tokens, 4000);
	ck_assert_int_eq(harness_row(harness, "code")->status, AGENT_DONE);
	harness_free(harness);
	harness = run_one(plain_agent, cut_always);
	ck_assert_uint_eq(harness->calls_len, 2);
	check_failed(harness, "the answer is cut at 4000 tokens");
	harness_free(harness);
}

static bool stop_as_told(struct harness *harness, const struct chat *chat, struct reply *reply,
			 struct error *err UNUSED)
{
	reply_report(chat, reply, good_report);
	reply->stop = *(enum stop_reason *)harness->ctx;
	reply->stop_text = STR("new_reason");
	return true;
}

TEST(refusals_and_unknown_stop_reasons_are_failures_never_clean_passes)
{
	static const struct {
		enum stop_reason stop;
		const char *why;
	} rows[] = {{STOP_GUARDRAIL, "guardrail"},
		    {STOP_FILTERED, "content filter"},
		    {STOP_MALFORMED, "malformed"},
		    {STOP_CONTEXT_WINDOW, "context window"},
		    {STOP_UNKNOWN, "new_reason"}};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct harness *harness = harness_new(diff_text);
		enum stop_reason stop = rows[i].stop;
		harness_agent(harness, "code", plain_agent);
		harness->answer = stop_as_told;
		harness->ctx = &stop;
		harness_run(harness);
		check_failed(harness, rows[i].why);
		ck_assert_uint_eq(harness->result.findings.len, 0);
		harness_free(harness);
	}
}

/* ---- Models that lack something, and other outputs. ---- */

static bool json_in_words(struct harness *harness UNUSED, const struct chat *chat,
			  struct reply *reply, struct error *err UNUSED)
{
	ck_assert_uint_eq(chat->tools_len, 0);
	return reply_words(
		chat, reply,
		arena_printf(chat->arena, "Here it is:\n```json\n%s\n```", good_report).ptr);
}

TEST(a_model_without_tools_answers_with_one_json_object_in_its_text)
{
	struct harness *harness = harness_new(diff_text);

	harness->models[0].model.traits.tools = TOOLS_NONE;
	harness->models[0].model.traits.structured_output = false;
	harness->models[0].model.traits.system_text = false;
	harness_agent(harness, "code", plain_agent);
	harness->answer = json_in_words;
	harness_run(harness);
	ck_assert_uint_eq(harness->result.findings.len, 1);
	harness_free(harness);
}

static bool not_forced(struct harness *harness, const struct chat *chat, struct reply *reply,
		       struct error *err UNUSED)
{
	ck_assert_int_eq(chat->tool_choice, TOOL_AUTO);
	if (harness->calls_len == 1)
		return reply_words(chat, reply, "I found something.");
	return reply_report(chat, reply, good_report);
}

TEST(a_thinking_model_is_never_forced_but_reminded)
{
	struct harness *harness = harness_new(diff_text);

	harness->models[0].model.inference.thinking = THINKING_BUDGET;
	harness->models[0].model.inference.thinking_budget = 2000;
	harness_agent(harness, "code", plain_agent);
	harness->answer = not_forced;
	harness_run(harness);
	ck_assert_uint_eq(harness->result.findings.len, 1);
	harness_free(harness);
}

TEST(a_markdown_agents_text_is_kept)
{
	struct harness *harness =
		run_one("prompt: Tell. {{ diff }}\noutput: markdown\n", only_words);

	ck_assert_str_is(harness_row(harness, "code")->text, STR("All is well."));
	ck_assert_uint_eq(harness->calls[0].tools, 0);
	harness_free(harness);
}

static bool answer_schema(struct harness *harness, const struct chat *chat, struct reply *reply,
			  struct error *err UNUSED)
{
	ck_assert_ptr_nonnull(chat->output_schema);
	return reply_words(chat, reply,
			   harness->calls_len == 1 ? "{\"risk\": \"high\"}" : "{\"risk\": 3}");
}

TEST(an_answer_is_checked_against_the_agents_schema)
{
	struct harness *harness = run_one(
		"prompt: Rate. {{ diff }}\noutput: { schema: { type: object, required: [risk], properties: { risk: { type: integer } } } }\n",
		answer_schema);

	ck_assert_uint_eq(harness->calls_len, 2);
	ck_assert_str_is(harness_row(harness, "code")->text, STR("{\n  \"risk\": 3\n}"));
	harness_free(harness);
}

/* ---- Titles while they stream. ---- */

struct titles {
	char text[200];
	int count;
};

static void note_title(void *ctx, struct str title)
{
	struct titles *titles = ctx;

	titles->count++;
	snprintf(titles->text, sizeof(titles->text), "%.*s", STR_ARG(title));
}

TEST(a_title_is_seen_as_soon_as_it_is_complete)
{
	static const char json[] =
		"{\"summary\":\"title\",\"findings\":[{\"title\":\"One \\\"two\\\"\",\"body\":\"{\\\"title\\\":\\\"no\\\"}\"},{\"path\":\"title\",\"meta\":{\"title\":\"no\"},\"title\":\"Second\"}],\"title\":\"no\"}";
	struct titles titles = {0};
	struct scan scan = {.title = note_title, .ctx = &titles};
	const char *second = strstr(json, "Second\"");

	for (const char *at = json; *at; at++) {
		scan_add(&scan, str_of(at, 1));
		if (at == second + 6)
			ck_assert_int_eq(titles.count, 2);
		else if (titles.count == 1)
			ck_assert_str_eq(titles.text, "One \"two\"");
	}
	ck_assert_int_eq(titles.count, 2);
	ck_assert_str_eq(titles.text, "Second");
}

TEST(the_scanner_survives_any_text)
{
	struct titles titles = {0};
	struct scan scan = {.title = note_title, .ctx = &titles};

	for (int i = 0; i < 2000; i++)
		scan_add(&scan, STR("[{\"findings\":"));
	for (int i = 0; i < 5000; i++)
		scan_add(&scan, STR("]}\\\"x"));
	ck_assert_int_ge(scan.depth, 0);
	ck_assert_int_eq(titles.count, 0);
}

/* What is taken from a model's reply, by golden cases: a tool call, text, or something that is refused. */
#include "golden.h"
#include "harness.h"
#include "value/json.h"

/* The replies of a case: each section but the options is one; "next" begins another reply. */
static bool give_reply(struct harness *harness, const struct chat *chat, struct reply *reply,
		       struct error *err UNUSED)
{
	const struct golden *golden = harness->ctx;
	size_t number = 1;

	for (size_t i = 0; i < golden->len; i++) {
		const struct golden_section *section = &golden->sections[i];

		number += str_eq(section->name, STR("next"));
		if (number != harness->calls_len)
			continue;
		if (str_eq(section->name, STR("text"))) {
			reply_words(chat, reply, arena_str(chat->arena, section->text).ptr);
		} else if (str_starts(section->name, STR("call "))) {
			reply_raw_tool(chat, reply, str_skip(section->name, 5), section->text);
		}
	}
	if (!reply->message.len)
		return answer_nothing(harness, chat, reply, err);
	return true;
}

static void add_findings(struct buf *out, const struct findings *findings)
{
	for (size_t i = 0; i < findings->len; i++) {
		const struct finding *finding = &findings->items[i];

		buf_addf(out, "%s %.*s:%u-%u %s %.2f: %.*s\n", severity_name(finding->severity),
			 STR_ARG(finding->path), finding->line, finding->end_line,
			 finding->side == SIDE_LEFT ? "LEFT" : "RIGHT", finding->confidence,
			 STR_ARG(finding->title));
	}
}

static void take_answer(struct golden *golden, struct buf *out)
{
	struct harness *harness = harness_new(
		"--- a/src/a.c\n+++ b/src/a.c\n@@ -1,1 +1,3 @@\n int a;\n+int b = 1 / 0;\n+int c;\n");
	struct str agent = golden_text(golden, "agent");

	harness_agent(harness, "code",
		      agent.len ? arena_str(&golden->arena, agent).ptr
				: "prompt: Review. {{ diff }}\n");
	if (str_contains(golden_text(golden, "model"), STR("no tools"))) {
		harness->models[0].model.traits.tools = TOOLS_NONE;
		harness->models[0].model.traits.structured_output = false;
	}
	harness->answer = give_reply;
	harness->ctx = golden;
	harness_run(harness);
	ck_assert_msg(harness->ok, "%s", harness->error.message);
	const struct agent_result *row = harness_row(harness, "code");
	buf_addf(out, "%zu call%s, %s%s%s\n", harness->calls_len,
		 harness->calls_len == 1 ? "" : "s", agent_status_name(row->status),
		 row->error.message[0] ? ": " : "", row->error.message);
	if (row->summary.len)
		buf_addf(out, "summary: %.*s\n", STR_ARG(row->summary));
	if (row->text.len)
		buf_addf(out, "text: %.*s\n", STR_ARG(row->text));
	add_findings(out, &harness->result.findings);
	if (harness->calls_len > 1)
		buf_addf(out, "told: %.*s\n", STR_ARG(harness->calls[1].last_text));
	harness_free(harness);
}

TEST(answers_are_taken_where_their_meaning_is_plain_and_refused_with_the_reason_elsewhere)
{
	golden_run("answer", take_answer);
}

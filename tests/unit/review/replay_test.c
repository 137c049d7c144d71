/* Tests of whole reviews that are recorded and replayed. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "harness.h"
#include "model/record.h"
#include "unit.h"

static const char diff_text[] = "diff --git a/src/a.c b/src/a.c\n"
				"--- a/src/a.c\n"
				"+++ b/src/a.c\n"
				"@@ -1,1 +1,2 @@\n"
				" int a;\n"
				"+int b = 1 / 0;\n";

/* A folder for recordings, and the model before it is wrapped. */
struct recordings {
	char dir[64];
	struct model inner;
	struct recorded_model recorded;
	struct replayed_model replayed;
};

static void recordings_init(struct recordings *recordings)
{
	*recordings = (struct recordings){.dir = "/tmp/outcrop-replay-XXXXXX"};
	ck_assert_ptr_nonnull(mkdtemp(recordings->dir));
}

static int recordings_remove(struct recordings *recordings)
{
	int count = 0;
	DIR *folder = opendir(recordings->dir);

	for (struct dirent *entry; (entry = readdir(folder));) {
		char path[512];
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", recordings->dir, entry->d_name);
		unlink(path);
		count++;
	}
	closedir(folder);
	rmdir(recordings->dir);
	return count;
}

static bool two_turns(struct harness *harness, const struct chat *chat, struct reply *reply,
		      struct error *err UNUSED)
{
	if (str_eq(chat->origin.agent, STR("code")) && chat->origin.turn == 1)
		return reply_tool(chat, reply, "read_file", "{\"path\": \"x\"}");
	(void)harness;
	return reply_report(
		chat, reply,
		"{\"summary\": \"s\", \"findings\": [{\"path\": \"src/a.c\", \"line\": 2, \"severity\": \"high\", \"title\": \"Divides by zero\", \"body\": \"b\", \"evidence\": \"int b = 1 / 0;\"}]}");
}

static struct harness *run(struct recordings *recordings, bool replay, const char *prompt)
{
	struct harness *harness = harness_new(diff_text);
	struct model *model = &harness->models[0].model;

	recordings->inner = *model;
	recordings->recorded = (struct recorded_model){&recordings->inner, recordings->dir};
	recordings->replayed = (struct replayed_model){&recordings->inner, recordings->dir};
	model->ops = replay ? &replay_ops : &record_ops;
	model->ctx = replay ? (void *)&recordings->replayed : (void *)&recordings->recorded;
	harness->answer = two_turns;
	harness->review.options.run_id = replay ? STR("replayed") : STR("recorded");
	harness_agent(harness, "code", "prompt: Review. {{ diff }}\ntools: [read_file]\n");
	harness_agent(harness, "security", prompt);
	harness_run(harness);
	return harness;
}

TEST(a_recorded_review_is_replayed_without_a_call)
{
	struct recordings recordings;

	recordings_init(&recordings);
	struct harness *first = run(&recordings, false, "prompt: Review. {{ diff }}\n");
	struct harness *second = run(&recordings, true, "prompt: Review. {{ diff }}\n");
	ck_assert_int_eq(recordings_remove(&recordings), 3);
	ck_assert(first->ok);
	ck_assert_msg(second->ok, "%s", second->error.message);
	ck_assert_uint_eq(first->calls_len, 3);
	ck_assert_uint_eq(second->calls_len, 0);
	ck_assert_uint_eq(second->result.findings.len, 1);
	ck_assert_str_is(second->result.findings.items[0].id, first->result.findings.items[0].id);
	ck_assert_int_eq(second->result.usage.output, first->result.usage.output);
	harness_free(first);
	harness_free(second);
}

TEST(a_changed_prompt_ends_the_run_with_the_difference)
{
	struct recordings recordings;

	recordings_init(&recordings);
	struct harness *first = run(&recordings, false, "prompt: Review. {{ diff }}\n");
	struct harness *second = run(&recordings, true, "prompt: Review it well. {{ diff }}\n");
	recordings_remove(&recordings);
	ck_assert(first->ok);
	ck_assert(!second->ok);
	ck_assert_int_eq(second->error.kind, ERROR_CONFIG);
	ck_assert_msg(str_contains(str_from(second->error.message), STR("Review it well.")), "%s",
		      second->error.message);
	harness_free(first);
	harness_free(second);
}

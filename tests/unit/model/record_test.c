/* Tests of recording exchanges and answering from recordings. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "model/record.h"
#include "scripted.h"
#include "unit.h"

/* Records one question, then replays another (or the same). */
struct record_session {
	char dir[64];
	struct scripted service;
	struct arena arena;
	const char *recorded, *replayed;
	struct str run_id;
	bool answered;
	struct reply reply;
	struct error error;
	struct embed_reply vectors, replayed_vectors;
};

static struct chat question(struct record_session *session, const char *text, const char *run_id)
{
	struct chat chat = {.arena = &session->arena,
			    .system = STR("Be brief."),
			    .inference = {.max_tokens = 100, .temperature = -1, .top_p = -1},
			    .origin = {.agent = STR("security"),
				       .unit = STR("security/sonnet 1/2"),
				       .run_id = str_from(run_id),
				       .turn = 1}};

	message_add_text(&session->arena, chat_add(&chat, ROLE_USER), str_from(text));
	return chat;
}

static void record_and_replay(void *arg)
{
	struct record_session *session = arg;
	struct recorded_model recorded = {&session->service.model, session->dir};
	struct replayed_model replayed = {&session->service.model, session->dir};
	struct chat first = question(session, session->recorded, "run 1");
	struct chat second = question(session, session->replayed, "run 2");
	struct error err = {0};
	struct reply reply;

	ck_assert_msg(record_ops.ask(&recorded, &first, NULL, &reply, &err), "%s", err.message);
	session->answered =
		replay_ops.ask(&replayed, &second, NULL, &session->reply, &session->error);
}

static void session_init(struct record_session *session)
{
	*session = (struct record_session){.dir = "/tmp/outcrop-record-XXXXXX"};
	ck_assert_ptr_nonnull(mkdtemp(session->dir));
	scripted_init(&session->service, "sonnet");
	scripted_add(&session->service, (struct scripted_outcome){.text = "two\nlines"});
}

static void session_release(struct record_session *session)
{
	DIR *folder = opendir(session->dir);

	for (struct dirent *entry; (entry = readdir(folder));) {
		char path[512];
		snprintf(path, sizeof(path), "%s/%s", session->dir, entry->d_name);
		unlink(path);
	}
	closedir(folder);
	rmdir(session->dir);
	arena_release(&session->arena);
}

/* The name of the one recording. */
static void recording_name(const struct record_session *session, char *name, size_t size)
{
	DIR *folder = opendir(session->dir);

	name[0] = '\0';
	for (struct dirent *entry; (entry = readdir(folder));)
		if (entry->d_name[0] != '.')
			snprintf(name, size, "%s", entry->d_name);
	closedir(folder);
}

TEST(a_recorded_exchange_is_replayed_in_another_run)
{
	struct record_session session;

	session_init(&session);
	session.recorded = session.replayed = "What is wrong?\nSay it.";
	run_virtual(record_and_replay, &session);
	ck_assert_msg(session.answered, "%s", session.error.message);
	ck_assert_str_is(reply_text(&session.arena, &session.reply), STR("two\nlines"));
	ck_assert_int_eq(session.reply.usage.input, 100);
	ck_assert_int_eq(session.reply.stop, STOP_END);
	ck_assert_uint_eq(session.service.calls, 1);
	session_release(&session);
}

TEST(a_recording_is_named_by_agent_unit_turn_and_key)
{
	struct record_session session;
	char name[300];

	session_init(&session);
	session.recorded = session.replayed = "question";
	run_virtual(record_and_replay, &session);
	recording_name(&session, name, sizeof(name));
	ck_assert_msg(str_starts(str_from(name), STR("security.security_sonnet_1_2.1.")), "%s",
		      name);
	ck_assert_msg(str_ends(str_from(name), STR(".json")), "%s", name);
	session_release(&session);
}

TEST(a_changed_prompt_is_a_miss_that_shows_the_difference)
{
	struct record_session session;

	session_init(&session);
	session.recorded = "Look at this.\nReport bugs.";
	session.replayed = "Look at this.\nReport everything.";
	run_virtual(record_and_replay, &session);
	ck_assert(!session.answered);
	ck_assert_int_eq(session.error.kind, ERROR_CONFIG);
	ck_assert_msg(str_contains(str_from(session.error.message),
				   STR("recorded: \"Report bugs.\"")),
		      "%s", session.error.message);
	ck_assert_msg(str_contains(str_from(session.error.message),
				   STR("now:      \"Report everything.\"")),
		      "%s", session.error.message);
	session_release(&session);
}

TEST(a_recording_holds_no_secret)
{
	struct record_session session;
	SCOPED(buf) struct buf text = BUF_INIT;
	struct error err = {0};
	char name[300], path[400];

	session_init(&session);
	session.recorded = session.replayed = "key = AKIAIOSFODNN7EXAMPLQ";
	run_virtual(record_and_replay, &session);
	recording_name(&session, name, sizeof(name));
	snprintf(path, sizeof(path), "%s/%s", session.dir, name);
	ck_assert(file_read(path, 1 << 20, &text, &err));
	ck_assert(!str_contains(buf_str(&text), STR("AKIAIOSFODNN7EXAMPLQ")));
	ck_assert(session.answered);
	session_release(&session);
}

static void embed_twice(void *arg)
{
	struct record_session *session = arg;
	struct recorded_model recorded = {&session->service.model, session->dir};
	struct replayed_model replayed = {&session->service.model, session->dir};
	struct str texts[] = {STR("one"), STR("three")};
	struct embed_request request = {.texts = texts, .len = 2, .origin.agent = STR("retrieve")};
	struct error err = {0};

	ck_assert(record_ops.embed(&recorded, &session->arena, &request, &session->vectors, &err));
	ck_assert_msg(replay_ops.embed(&replayed, &session->arena, &request,
				       &session->replayed_vectors, &err),
		      "%s", err.message);
}

TEST(embeddings_are_recorded_too)
{
	struct record_session session;

	session_init(&session);
	run_virtual(embed_twice, &session);
	ck_assert_uint_eq(session.service.calls, 1);
	ck_assert_uint_eq(session.replayed_vectors.len, 2);
	ck_assert_uint_eq(session.replayed_vectors.dimensions, 2);
	for (size_t i = 0; i < 4; i++)
		ck_assert_float_eq(session.replayed_vectors.vectors[i], session.vectors.vectors[i]);
	session_release(&session);
}

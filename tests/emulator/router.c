/* Who answers what, and the journal of all that was asked. */
#include <time.h>
#include <unistd.h>

#include "aws.h"
#include "base/utf8.h"
#include "emulator.h"
#include "github.h"
#include "value/put.h"

bool emulator_init(struct emulator *emulator, const struct scenario *scenario, struct error *err)
{
	*emulator = (struct emulator){.scenario = scenario, .stop_fd = -1};
	faults_init(&emulator->faults, &emulator->arena, value_get(scenario->root, "faults"));
	emulator->aws = aws_state_new(emulator);
	emulator->github = github_new(emulator, err);
	if (!emulator->github) {
		emulator_release(emulator);
		return false;
	}
	return true;
}

void emulator_release(struct emulator *emulator)
{
	aws_state_free(emulator->aws);
	github_free(emulator->github);
	VEC_RELEASE(&emulator->journal);
	arena_release(&emulator->arena);
	*emulator = (struct emulator){.stop_fd = -1};
}

/* ---- Faults that every operation knows ---- */

enum { SILENCE_MS = 600000 };

static const struct {
	struct str name;
	enum answer_fault fault;
	int64_t delay_ms;
} common_faults[] = {
	{STR_INIT("close"), ANSWER_CLOSE, 0},
	{STR_INIT("reset"), ANSWER_RESET, 0},
	{STR_INIT("silence"), ANSWER_CLOSE, SILENCE_MS},
};

bool emulator_fault(struct emulator *emulator, struct request *request, struct str operation,
		    struct answer *answer, const struct value **fault)
{
	struct str name;

	request->operation = arena_str(&request->arena, operation);
	*fault = faults_take(&emulator->faults, operation);
	if (!*fault)
		return false;
	name = value_get_string(*fault, "fault");
	answer->delay_ms = value_get_int(*fault, "delay_ms", 0);
	for (size_t i = 0; i < ARRAY_LEN(common_faults); i++) {
		if (!str_eq(common_faults[i].name, name))
			continue;
		answer->fault = common_faults[i].fault;
		answer->delay_ms += common_faults[i].delay_ms;
		return true;
	}
	if (str_eq(name, STR("cut"))) {
		answer->fault = ANSWER_CUT;
		answer->cut_in_half = !value_get(*fault, "after");
		answer->cut_after = (size_t)MAX_OF(value_get_int(*fault, "after", 0), 0);
	}
	return false;
}

/* ---- The journal ---- */

static struct str signer_of(const struct request *request)
{
	struct str text = headers_get(&request->headers, STR("authorization"));
	ptrdiff_t at = str_find(text, STR("Credential="), 0);
	ptrdiff_t end;

	if (at < 0)
		return str_starts(text, STR("Bearer ")) ? STR("bearer") : STR_EMPTY;
	text = str_skip(text, (size_t)at + sizeof("Credential=") - 1);
	end = str_find(text, STR("/"), 0);
	return end < 0 ? text : str_slice(text, 0, (size_t)end);
}

static struct str header_of(struct arena *arena, const struct request *request, const char *name)
{
	return arena_str(arena, headers_get(&request->headers, str_from(name)));
}

static void journal_add(struct emulator *emulator, const struct request *request)
{
	struct arena *arena = &emulator->arena;
	struct journal_entry entry = {.method = arena_str(arena, request->method),
				      .target = arena_str(arena, request->target),
				      .signer = arena_str(arena, signer_of(request)),
				      .invocation_id =
					      header_of(arena, request, "amz-sdk-invocation-id"),
				      .sdk_request = header_of(arena, request, "amz-sdk-request"),
				      .at_ms = request->at_ms};
	struct str body = buf_str(&request->body);

	if (emulator->journal.len >= JOURNAL_MAX)
		return;
	if (arena->used + body.len < JOURNAL_BODIES_MAX && utf8_valid(body))
		entry.body = arena_str(arena, body);
	VEC_PUSH(&emulator->journal, entry);
}

void emulator_done(void *ctx, const struct request *request, const struct answer *answer)
{
	struct emulator *emulator = ctx;
	struct journal_entry *entry;
	struct timespec now;

	if (request->number > emulator->journal.len)
		return;
	clock_gettime(CLOCK_REALTIME, &now);
	entry = &emulator->journal.items[request->number - 1];
	entry->done_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
	if (answer->fault == ANSWER_WHOLE || answer->fault == ANSWER_CUT)
		entry->status = answer->status ? answer->status : 200;
}

static struct value *entry_value(struct arena *arena, const struct journal_entry *entry,
				 bool with_body)
{
	struct value *value = value_object(arena);

	put_text(arena, value, "method", entry->method);
	put_text(arena, value, "target", entry->target);
	put_text(arena, value, "operation", entry->operation);
	if (entry->signer.len)
		put_text(arena, value, "signer", entry->signer);
	if (entry->invocation_id.len)
		put_text(arena, value, "invocation_id", entry->invocation_id);
	if (entry->sdk_request.len)
		put_text(arena, value, "sdk_request", entry->sdk_request);
	put_int(arena, value, "status", entry->status);
	put_int(arena, value, "at_ms", entry->at_ms);
	put_int(arena, value, "done_ms", entry->done_ms);
	if (entry->detail)
		value_set(arena, value, "detail", value_copy(arena, entry->detail));
	if (with_body)
		put_text(arena, value, "body", entry->body);
	return value;
}

/* ---- Routes ---- */

/* {"requests": [...], "github": {...}, "aws": {...}}; bodies too with "?bodies=1". */
static void on_state(struct emulator *emulator, struct request *request, struct answer *answer)
{
	struct arena *arena = &request->arena;
	struct value *root = value_object(arena), *list = value_array(arena);
	bool with_body = str_contains(request->query, STR("bodies=1"));

	for (size_t i = 0; i < emulator->journal.len; i++)
		value_append(arena, list,
			     entry_value(arena, &emulator->journal.items[i], with_body));
	value_set(arena, root, "requests", list);
	value_set(arena, root, "github", github_state(emulator->github, arena));
	answer_json(request, answer, 200, root);
}

static void on_event(struct emulator *emulator, struct request *request, struct answer *answer)
{
	answer_json(request, answer, 200, github_event(emulator->github, &request->arena));
}

/* The body is the name of a folder beside the scenario; "rebased:NAME" forgets the last head commit. */
static void on_push(struct emulator *emulator, struct request *request, struct answer *answer)
{
	struct error err;

	if (github_push(emulator->github, str_trim(buf_str(&request->body)), &err))
		answer_text(answer, 200, STR("text/plain"), github_head(emulator->github));
	else
		answer_text(answer, 400, STR("text/plain"),
			    arena_str(&request->arena, str_from(err.message)));
}

static void on_act(struct emulator *emulator, struct request *request, struct answer *answer)
{
	struct error err;

	if (github_act(emulator->github, buf_str(&request->body), &err))
		answer_text(answer, 200, STR("text/plain"), STR("done\n"));
	else
		answer_text(answer, 400, STR("text/plain"),
			    arena_str(&request->arena, str_from(err.message)));
}

static void on_release(struct emulator *emulator, struct request *request, struct answer *answer)
{
	(void)emulator;
	(void)request;
	answer->releases = true;
	answer_text(answer, 200, STR("text/plain"), STR("released\n"));
}

static void on_stop(struct emulator *emulator, struct request *request, struct answer *answer)
{
	uint64_t one = 1;

	(void)request;
	if (emulator->stop_fd < 0 || write(emulator->stop_fd, &one, sizeof(one)) < 0)
		answer_text(answer, 500, STR("text/plain"), STR("cannot stop\n"));
	else
		answer_text(answer, 200, STR("text/plain"), STR("stopping\n"));
}

static void on_github(struct emulator *emulator, struct request *request, struct answer *answer)
{
	github_handle(emulator->github, request, answer);
}

static void on_graphql(struct emulator *emulator, struct request *request, struct answer *answer)
{
	github_graphql(emulator->github, request, answer);
}

/* The first row that fits answers. */
static const struct {
	struct str path;
	bool whole; /* the path itself; else all that begins with it */
	void (*handle)(struct emulator *emulator, struct request *request, struct answer *answer);
} routes[] = {
	{STR_INIT("/"), true, aws_sts},
	{STR_INIT("/_emulator/act"), true, on_act},
	{STR_INIT("/_emulator/event"), true, on_event},
	{STR_INIT("/_emulator/push"), true, on_push},
	{STR_INIT("/_emulator/release"), true, on_release},
	{STR_INIT("/_emulator/state"), true, on_state},
	{STR_INIT("/_emulator/stop"), true, on_stop},
	{STR_INIT("/api/graphql"), true, on_graphql},
	{STR_INIT("/api/v3/"), false, on_github},
	{STR_INIT("/credentials"), false, aws_container},
	{STR_INIT("/federation/credentials"), true, aws_sso},
	{STR_INIT("/foundation-models/"), false, aws_foundation_model},
	{STR_INIT("/latest/"), false, aws_metadata},
	{STR_INIT("/model/"), false, aws_bedrock},
	{STR_INIT("/oidc/token"), true, aws_oidc},
};

void emulator_route(void *ctx, struct request *request, struct answer *answer)
{
	struct emulator *emulator = ctx;
	struct journal_entry *entry;

	journal_add(emulator, request);
	for (size_t i = 0; i < ARRAY_LEN(routes); i++) {
		if (routes[i].whole ? !str_eq(request->path, routes[i].path)
				    : !str_starts(request->path, routes[i].path))
			continue;
		routes[i].handle(emulator, request, answer);
		if (request->number <= emulator->journal.len) {
			entry = &emulator->journal.items[request->number - 1];
			entry->operation = arena_str(&emulator->arena, request->operation);
			entry->detail = request->detail
						? value_copy(&emulator->arena, request->detail)
						: NULL;
		}
		return;
	}
	answer_text(answer, 404, STR("text/plain"), STR("nothing is here\n"));
}

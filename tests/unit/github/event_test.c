/* Events: a payload of each decodes, and each rule of what is skipped. */
#include "fixture.h"
#include "github/body.h"
#include "github/event.h"
#include "unit.h"
#include "value/json.h"
#include "vectors.h"

static struct event decoded(struct arena *arena, const char *name, const char *json)
{
	struct event event = {0};
	struct error err = {0};

	ck_assert_msg(event_decode(arena, str_from(name), str_from(json), &event, &err), "%s",
		      err.message);
	return event;
}

#define PULL_WITH(more)                                                                            \
	"{\"action\":\"opened\",\"repository\":{\"full_name\":\"o/r\"},"                           \
	"\"sender\":{\"login\":\"ann\",\"type\":\"User\"},\"pull_request\":{\"number\":7,"         \
	"\"title\":\"t\",\"body\":null,\"state\":\"open\",\"user\":{\"login\":\"ann\"},"           \
	"\"base\":{\"ref\":\"main\",\"sha\":\"b1\",\"repo\":{\"full_name\":\"o/r\"}}," more "}}"
#define OWN_HEAD "\"head\":{\"ref\":\"topic\",\"sha\":\"h1\",\"repo\":{\"full_name\":\"o/r\"}}"
#define FORK_HEAD "\"head\":{\"ref\":\"topic\",\"sha\":\"h1\",\"repo\":{\"full_name\":\"x/r\"}}"

static struct event_decision decision(const char *name, const char *json,
				      const struct event_facts *facts)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct event event = decoded(&arena, name, json);

	return event_decide(&event, facts);
}

#define ck_assert_skips(name, json, facts, words)                                                  \
	do {                                                                                       \
		struct event_decision made_ = decision(name, json, facts);                         \
		ck_assert_int_eq(made_.verdict, VERDICT_SKIP);                                     \
		ck_assert_msg(str_contains(made_.reason, STR(words)), "%.*s",                      \
			      STR_ARG(made_.reason));                                              \
	} while (0)

static const struct event_facts with_oidc = {.has_oidc = true};
static const struct event_facts without_oidc = {0};

TEST(reads_a_pull_request)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct event event = decoded(&arena, "pull_request",
				     PULL_WITH(OWN_HEAD ",\"labels\":[{\"name\":\"bug\"}]"));

	ck_assert_int_eq(event.kind, EVENT_PULL_REQUEST);
	ck_assert_int_eq(event.pull.number, 7);
	ck_assert_str_is(event.pull.head_commit, STR("h1"));
	ck_assert_str_is(event.pull.base_commit, STR("b1"));
	ck_assert_str_is(event.pull.labels[0], STR("bug"));
	ck_assert(!event.pull.from_fork);
	ck_assert_int_eq(event_decide(&event, &without_oidc).verdict, VERDICT_REVIEW);
}

TEST(skips_what_needs_no_review)
{
	ck_assert_skips("pull_request", PULL_WITH(OWN_HEAD ",\"draft\":true"), &with_oidc, "draft");
	ck_assert_skips("pull_request",
			PULL_WITH(OWN_HEAD ",\"labels\":[{\"name\":\"Skip-Review\"}]"), &with_oidc,
			"skip-review");
	ck_assert_skips("pull_request", PULL_WITH(OWN_HEAD ",\"merged\":true"), &with_oidc,
			"closed");
	ck_assert_skips("merge_group", "{\"action\":\"checks_requested\"}", &with_oidc,
			"merge queue");
	ck_assert_skips("watch", "{\"action\":\"started\"}", &with_oidc, "pull-request");
}

TEST(skips_forks_only_where_there_are_no_credentials)
{
	const struct event_facts with_keys = {.has_credentials = true};

	ck_assert_skips("pull_request", PULL_WITH(FORK_HEAD), &without_oidc, "fork");
	ck_assert_int_eq(decision("pull_request", PULL_WITH(FORK_HEAD), &with_oidc).verdict,
			 VERDICT_REVIEW);
	ck_assert_int_eq(decision("pull_request", PULL_WITH(FORK_HEAD), &with_keys).verdict,
			 VERDICT_REVIEW);
}

TEST(counts_a_deleted_fork_as_a_fork)
{
	ck_assert_skips("pull_request",
			PULL_WITH("\"head\":{\"ref\":\"t\",\"sha\":\"h1\",\"repo\":null}"),
			&without_oidc, "fork");
}

#define COMMENT_WITH(body, type, pull)                                                             \
	"{\"action\":\"created\",\"issue\":{\"number\":3,\"state\":\"open\",\"title\":\"t\""       \
	",\"labels\":[]" pull "},\"comment\":{\"id\":9,\"body\":\"" body                           \
	"\",\"user\":{\"login\":\"ann\",\"type\":\"" type "\"}},"                                  \
	"\"repository\":{\"full_name\":\"o/r\"},\"sender\":{\"login\":\"ann\"}}"
#define ON_PULL ",\"pull_request\":{\"url\":\"u\"}"

TEST(takes_commands_from_people_on_pull_requests)
{
	ck_assert_int_eq(decision("issue_comment",
				  COMMENT_WITH("  /outcrop review full\\nmore", "User", ON_PULL),
				  &without_oidc)
				 .verdict,
			 VERDICT_COMMAND);
	ck_assert_skips("issue_comment", COMMENT_WITH("/outcrop review", "User", ""), &with_oidc,
			"issue");
	ck_assert_skips("issue_comment", COMMENT_WITH("/outcrop review", "Bot", ON_PULL),
			&with_oidc, "bot");
	ck_assert_skips("issue_comment", COMMENT_WITH("> /outcrop review", "User", ON_PULL),
			&with_oidc, "not a command");
	ck_assert_skips("issue_comment", COMMENT_WITH("/outcropper", "User", ON_PULL), &with_oidc,
			"not a command");
}

TEST(refuses_events_without_their_object)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct event event = {0};
	struct error err = {0};

	ck_assert(!event_decode(&arena, STR("pull_request"), STR("{}"), &event, &err));
	ck_assert(!event_decode(&arena, STR("issue_comment"), STR("{}"), &event, &err));
	ck_assert(!event_decode(&arena, STR("push"), STR("[]"), &event, &err));
	ck_assert(!event_decode(&arena, STR("push"), STR("<html>"), &event, &err));
	ck_assert_int_eq(err.kind, ERROR_SYNTAX);
}

TEST(names_the_variable_that_is_missing)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(env) struct env env = {0};
	struct event event = {0};
	struct error err = {0};

	ck_assert(!event_read(&env, &arena, &event, &err));
	ck_assert_int_eq(err.kind, ERROR_USAGE);
	ck_assert(str_contains(str_from(err.message), STR("GITHUB_EVENT_NAME")));
	env_put(&env, STR("GITHUB_EVENT_NAME"), STR("push"));
	env_put(&env, STR("GITHUB_EVENT_PATH"), STR("/nonexistent/event.json"));
	ck_assert(!event_read(&env, &arena, &event, &err));
	ck_assert_int_eq(err.kind, ERROR_USAGE);
	ck_assert(str_contains(str_from(err.message), STR("/nonexistent/event.json")));
}

/* The event of a payload's name: what precedes the first dot. */
static struct event decode_payload(struct arena *arena, const struct member *member)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	struct event event = {0};
	struct error err = {0};
	struct str name = member->name;
	struct str rest;

	str_cut(member->name, STR("."), &name, &rest);
	json_write(&text, member->value, JSON_COMPACT);
	ck_assert_msg(event_decode(arena, name, arena_str(arena, buf_str(&text)), &event, &err),
		      "%.*s: %s", STR_ARG(member->name), err.message);
	return event;
}

TEST(decodes_a_payload_of_every_event)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	const struct value *payloads = vectors_json(&arena, "events.json");

	ck_assert_uint_ge(value_len(payloads), 25);
	for (size_t i = 0; i < value_len(payloads); i++) {
		const struct member *member = &payloads->object.members[i];
		struct event event = decode_payload(&arena, member);
		const struct value *pull = value_get(member->value, "pull_request");

		if (value_is(pull, VALUE_OBJECT)) {
			ck_assert_int_eq(event.pull.number, value_get_int(pull, "number", -1));
			ck_assert_str_is(event.pull.head_commit,
					 value_get_string(value_get(pull, "head"), "sha"));
		}
		ck_assert_str_is(event.repository, STR("acme/widgets"));
		event_decide(&event, &with_oidc);
	}
}

TEST(decides_about_a_payload_of_every_event)
{
	static const struct {
		const char *name;
		enum event_verdict with_oidc, without_oidc;
	} cases[] = {
		{"pull_request.opened", VERDICT_REVIEW, VERDICT_REVIEW},
		{"pull_request.synchronize", VERDICT_REVIEW, VERDICT_REVIEW},
		{"pull_request.opened.fork", VERDICT_REVIEW, VERDICT_SKIP},
		{"pull_request.opened.fork_deleted", VERDICT_REVIEW, VERDICT_SKIP},
		{"pull_request.opened.dependabot", VERDICT_REVIEW, VERDICT_SKIP},
		{"pull_request.converted_to_draft", VERDICT_SKIP, VERDICT_SKIP},
		{"pull_request.closed", VERDICT_SKIP, VERDICT_SKIP},
		{"merge_group.checks_requested", VERDICT_SKIP, VERDICT_SKIP},
		{"issue_comment.created.issue", VERDICT_SKIP, VERDICT_SKIP},
		{"issue_comment.created.pr.bot", VERDICT_SKIP, VERDICT_SKIP},
		{"push.branch", VERDICT_REVIEW, VERDICT_REVIEW},
		{"workflow_dispatch.inputs", VERDICT_REVIEW, VERDICT_REVIEW},
	};
	SCOPED(arena) struct arena arena = ARENA_INIT;
	const struct value *payloads = vectors_json(&arena, "events.json");

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct member member = {.name = str_from(cases[i].name),
					      .value = value_get(payloads, cases[i].name)};
		struct event event;
		struct event_decision with;
		struct event_decision without;

		ck_assert_msg(member.value != NULL, "%s", cases[i].name);
		event = decode_payload(&arena, &member);
		with = event_decide(&event, &with_oidc);
		without = event_decide(&event, &without_oidc);
		ck_assert_msg(with.verdict == cases[i].with_oidc, "%s with OIDC: %.*s",
			      cases[i].name, STR_ARG(with.reason));
		ck_assert_msg(without.verdict == cases[i].without_oidc, "%s without: %.*s",
			      cases[i].name, STR_ARG(without.reason));
	}
}

static const struct event push_event = {
	.kind = EVENT_PUSH,
	.ref = STR_INIT("refs/heads/topic"),
	.commit = STR_INIT("c0ffee"),
};

static int64_t found_pull(struct fixture *fixture)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct error err = {0};
	int64_t number = -1;

	ck_assert_msg(event_find_pull(&push_event, fixture->github, &arena, &number, &err), "%s",
		      err.message);
	return number;
}

static void expect_by_commit(struct fixture *fixture)
{
	ck_assert_int_eq(found_pull(fixture), 3);
}

static void expect_none(struct fixture *fixture)
{
	ck_assert_int_eq(found_pull(fixture), 0);
}

#define FOUND(number, state, ref, sha)                                                             \
	"{\"number\":" number ",\"state\":\"" state "\",\"head\":{\"ref\":\"" ref                  \
	"\",\"sha\":\"" sha "\"},\"base\":{\"ref\":\"main\",\"sha\":\"b\"}}"

TEST(finds_the_pull_request_of_a_push)
{
	static const struct step several[] = {
		{"GET /repos/o/r/commits/c0ffee/pulls?per_page=100\n", 200, NULL,
		 "[" FOUND("1", "closed", "topic", "c0ffee") "," FOUND(
			 "2", "open", "topic", "old") "," FOUND("3", "open", "other",
								"c0ffee") "]"}};
	static const struct step closed[] = {
		{NULL, 200, NULL, "[" FOUND("1", "closed", "topic", "c0ffee") "]"}};
	SCOPED(fixture)
	struct fixture first = {.steps = several, .steps_len = 1, .run = expect_by_commit};
	SCOPED(fixture)
	struct fixture second = {.steps = closed, .steps_len = 1, .run = expect_none};

	fixture_run(&first);
	fixture_run(&second);
}

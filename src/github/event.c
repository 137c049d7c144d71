/* The event that started the workflow, and the decision what to do. */
#include "github/event.h"

#include "base/file.h"
#include "github/body.h"
#include "github/wire.h"

/* The fields of an event's payload that we read. */
struct wire_issue {
	int64_t number;
	struct str title, state;
	struct wire_user user;
	struct list labels;
	struct value *pull_request; /* present when the issue is a pull request */
};

struct wire_event {
	struct str action, ref, after;
	struct wire_user sender;
	struct wire_repository repository;
	struct wire_pull pull;
	bool has_pull;
	struct wire_issue issue;
	struct wire_comment comment;
	bool has_comment;
};

static const struct field issue_rows[] = {
	{.name = "number",
	 .type = FIELD_INT,
	 .offset = offsetof(struct wire_issue, number),
	 .required = true},
	{.name = "title", .type = FIELD_STRING, .offset = offsetof(struct wire_issue, title)},
	{.name = "state", .type = FIELD_STRING, .offset = offsetof(struct wire_issue, state)},
	{.name = "user",
	 .type = FIELD_OBJECT,
	 .offset = offsetof(struct wire_issue, user),
	 .fields = &wire_user_fields},
	{.name = "labels",
	 .type = FIELD_LIST,
	 .offset = offsetof(struct wire_issue, labels),
	 .fields = &wire_label_fields},
	{.name = "pull_request",
	 .type = FIELD_VALUE,
	 .offset = offsetof(struct wire_issue, pull_request)},
};

static const struct fields issue_fields = {
	.title = "an issue",
	.items = issue_rows,
	.len = ARRAY_LEN(issue_rows),
	.size = sizeof(struct wire_issue),
	.open = true,
};

static const struct field event_rows[] = {
	{.name = "action", .type = FIELD_STRING, .offset = offsetof(struct wire_event, action)},
	{.name = "ref", .type = FIELD_STRING, .offset = offsetof(struct wire_event, ref)},
	{.name = "after", .type = FIELD_STRING, .offset = offsetof(struct wire_event, after)},
	{.name = "sender",
	 .type = FIELD_OBJECT,
	 .offset = offsetof(struct wire_event, sender),
	 .fields = &wire_user_fields},
	{.name = "repository",
	 .type = FIELD_OBJECT,
	 .offset = offsetof(struct wire_event, repository),
	 .fields = &wire_repository_fields},
	{.name = "pull_request",
	 .type = FIELD_OBJECT,
	 .offset = offsetof(struct wire_event, pull),
	 .fields = &wire_pull_fields,
	 .present = offsetof(struct wire_event, has_pull)},
	{.name = "issue",
	 .type = FIELD_OBJECT,
	 .offset = offsetof(struct wire_event, issue),
	 .fields = &issue_fields},
	{.name = "comment",
	 .type = FIELD_OBJECT,
	 .offset = offsetof(struct wire_event, comment),
	 .fields = &wire_comment_fields,
	 .present = offsetof(struct wire_event, has_comment)},
};

static const struct fields event_fields = {
	.title = "an event",
	.items = event_rows,
	.len = ARRAY_LEN(event_rows),
	.size = sizeof(struct wire_event),
	.open = true,
};

/* Keep alphabetized. */
static const struct {
	struct str name;
	enum event_kind kind;
} kinds[] = {
	{STR_INIT("issue_comment"), EVENT_ISSUE_COMMENT},
	{STR_INIT("merge_group"), EVENT_MERGE_GROUP},
	{STR_INIT("pull_request"), EVENT_PULL_REQUEST},
	{STR_INIT("pull_request_review_comment"), EVENT_REVIEW_COMMENT},
	{STR_INIT("pull_request_target"), EVENT_PULL_REQUEST_TARGET},
	{STR_INIT("push"), EVENT_PUSH},
	{STR_INIT("schedule"), EVENT_SCHEDULE},
	{STR_INIT("workflow_dispatch"), EVENT_WORKFLOW_DISPATCH},
};

static enum event_kind kind_of(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (str_eq(kinds[i].name, name))
			return kinds[i].kind;
	}
	return EVENT_OTHER;
}

static void take_issue(struct arena *arena, const struct wire_issue *issue, struct event *event)
{
	const struct wire_pull wire = {
		.number = issue->number,
		.title = issue->title,
		.state = issue->state,
		.user = issue->user,
		.labels = issue->labels,
	};

	event->on_pull = value_is(issue->pull_request, VALUE_OBJECT);
	if (event->on_pull)
		wire_pull_take(arena, &wire, &event->pull);
}

static void take_comment(const struct wire_comment *wire, struct event_comment *comment)
{
	*comment = (struct event_comment){
		.id = wire->id,
		.body = wire->body,
		.author = wire->user.login,
		.author_type = wire->user.type,
		.url = wire->url,
		.in_reply_to = wire->in_reply_to,
	};
}

static bool has_what_it_needs(enum event_kind kind, const struct wire_event *wire,
			      struct error *err)
{
	bool wants_comment = kind == EVENT_ISSUE_COMMENT || kind == EVENT_REVIEW_COMMENT;
	bool wants_pull = kind == EVENT_PULL_REQUEST || kind == EVENT_PULL_REQUEST_TARGET ||
			  kind == EVENT_REVIEW_COMMENT;

	if (wants_pull && !wire->has_pull)
		return error_set(err, ERROR_SYNTAX, "the event has no `pull_request`");
	if (wants_comment && !wire->has_comment)
		return error_set(err, ERROR_SYNTAX, "the event has no `comment`");
	return true;
}

bool event_decode(struct arena *arena, struct str name, struct str json, struct event *event,
		  struct error *err)
{
	struct wire_event wire = {0};
	struct event result = {.kind = kind_of(name), .name = arena_str(arena, name)};
	struct value *value = body_read(arena, json, EVENT_SIZE_MAX, err);

	if (!value)
		return false;
	if (!value_is(value, VALUE_OBJECT))
		return error_set(err, ERROR_SYNTAX, "the event is not a JSON object");
	if (!fields_decode_json(arena, &event_fields, value, "event", &wire, err))
		return false;
	if (!has_what_it_needs(result.kind, &wire, err))
		return false;
	result.action = wire.action;
	result.repository = wire.repository.full_name;
	result.actor = wire.sender.login;
	result.actor_type = wire.sender.type;
	result.commit = wire.after;
	result.ref = wire.ref;
	if (wire.has_pull) {
		wire_pull_take(arena, &wire.pull, &result.pull);
		result.on_pull = true;
	} else if (wire.issue.number) {
		take_issue(arena, &wire.issue, &result);
	}
	if (wire.has_comment)
		take_comment(&wire.comment, &result.comment);
	*event = result;
	return true;
}

static struct str first_of(struct str a, struct str b)
{
	return a.len ? a : b;
}

bool event_read(const struct env *env, struct arena *arena, struct event *event, struct error *err)
{
	SCOPED(buf) struct buf json = BUF_INIT;
	struct str name = env_get(env, "GITHUB_EVENT_NAME");
	struct str path = env_get(env, "GITHUB_EVENT_PATH");
	struct event result = {0};

	if (!name.len || !path.len) {
		return error_set(
			err, ERROR_USAGE,
			"%s is not set: `outcrop action` runs inside of a GitHub workflow; elsewhere use `outcrop review`",
			name.len ? "GITHUB_EVENT_PATH" : "GITHUB_EVENT_NAME");
	}
	if (!file_read(path.ptr, EVENT_SIZE_MAX, &json, err) ||
	    !event_decode(arena, name, buf_str(&json), &result, err)) {
		err->kind = ERROR_USAGE;
		return error_wrap(err, "event file \"%.*s\" of a %.*s event", STR_ARG(path),
				  STR_ARG(name));
	}
	result.repository = first_of(env_get(env, "GITHUB_REPOSITORY"), result.repository);
	result.actor = first_of(result.actor, env_get(env, "GITHUB_ACTOR"));
	result.commit = first_of(env_get(env, "GITHUB_SHA"), result.commit);
	result.ref = first_of(env_get(env, "GITHUB_REF"), result.ref);
	if (!result.repository.len)
		return error_set(err, ERROR_USAGE,
				 "GITHUB_REPOSITORY is not set, and the event names no repository");
	*event = result;
	return true;
}

static struct event_decision skip(const char *reason)
{
	return (struct event_decision){.verdict = VERDICT_SKIP, .reason = str_from(reason)};
}

static bool has_label(const struct pull *pull, struct str label)
{
	for (size_t i = 0; i < pull->labels_len; i++) {
		if (str_eq_nocase(pull->labels[i], label))
			return true;
	}
	return false;
}

struct event_decision event_decide_pull(const struct event *event, const struct pull *pull,
					const struct event_facts *facts)
{
	bool has_access = facts->has_oidc || facts->has_credentials;
	bool by_dependabot = str_eq(event->actor, STR("dependabot[bot]")) ||
			     str_eq(pull->author, STR("dependabot[bot]"));

	if (pull->merged || str_eq(pull->state, STR("closed")))
		return skip(
			"the pull request is closed; comment `/outcrop review` to review it all the same");
	if (has_label(pull, STR("skip-review")))
		return skip(
			"the pull request has the label `skip-review`; take it off, or comment `/outcrop review`");
	if (pull->draft)
		return skip(
			"the pull request is a draft; it is reviewed once it is marked ready (list `ready_for_review` in the workflow's `types:`), or when somebody comments `/outcrop review`");
	if (pull->from_fork && !has_access)
		return skip(
			"the pull request comes from a fork, and GitHub gives such workflows neither secrets nor an OIDC token; somebody with write permission can comment `/outcrop review`, where the workflow listens to `issue_comment`");
	if (by_dependabot && !has_access)
		return skip(
			"GitHub gives workflows that Dependabot starts neither secrets nor an OIDC token; somebody with write permission can comment `/outcrop review`, where the workflow listens to `issue_comment`");
	return (struct event_decision){.verdict = VERDICT_REVIEW};
}

static bool is_command(struct str body)
{
	struct str text = str_trim(body);
	struct str rest = str_skip(text, STR("/outcrop").len);

	return str_starts_nocase(text, STR("/outcrop")) &&
	       (!rest.len || rest.ptr[0] == ' ' || rest.ptr[0] == '\t' || rest.ptr[0] == '\r' ||
		rest.ptr[0] == '\n');
}

static struct event_decision decide_comment(const struct event *event)
{
	if (!event->on_pull)
		return skip("the comment is on an issue, not on a pull request");
	if (!str_eq(event->action, STR("created")))
		return skip("only new comments are read for commands");
	if (!is_command(event->comment.body))
		return skip("the comment is not a command: a command starts with `/outcrop`");
	if (str_eq(event->comment.author_type, STR("Bot")))
		return skip("the comment was made by a bot; commands are taken from people");
	return (struct event_decision){.verdict = VERDICT_COMMAND};
}

struct event_decision event_decide(const struct event *event, const struct event_facts *facts)
{
	switch (event->kind) {
	case EVENT_ISSUE_COMMENT:
	case EVENT_REVIEW_COMMENT:
		return decide_comment(event);
	case EVENT_MERGE_GROUP:
		return skip(
			"a merge queue's group is not a pull request; its pull requests were reviewed before they entered it");
	case EVENT_PULL_REQUEST:
	case EVENT_PULL_REQUEST_TARGET:
		if (facts->pull_request)
			return (struct event_decision){.verdict = VERDICT_REVIEW};
		return event_decide_pull(event, &event->pull, facts);
	case EVENT_PUSH:
	case EVENT_SCHEDULE:
	case EVENT_WORKFLOW_DISPATCH:
		return (struct event_decision){.verdict = VERDICT_REVIEW};
	case EVENT_OTHER:
		break;
	}
	if (facts->pull_request)
		return (struct event_decision){.verdict = VERDICT_REVIEW};
	return skip(
		"outcrop does not review on this event; set the input `pull-request` to review one anyway");
}

/* "refs/heads/topic" as "topic"; other refs as nothing. */
static struct str branch_of(struct str ref)
{
	return str_starts(ref, STR("refs/heads/")) ? str_skip(ref, STR("refs/heads/").len)
						   : STR_EMPTY;
}

bool event_find_pull(const struct event *event, struct github *github, struct arena *arena,
		     int64_t *number, struct error *err)
{
	struct str branch = branch_of(event->ref);
	int64_t by_branch = 0;
	struct value *items;

	if (!event->commit.len) {
		*number = 0;
		return true;
	}
	if (!github_list(github,
			 arena_printf(arena, "/repos/%.*s/commits/%.*s/pulls?per_page=100",
				      STR_ARG(github_repository(github)), STR_ARG(event->commit)),
			 1000, arena, &items, err))
		return error_wrap(err, "find the pull request of commit %.*s",
				  STR_ARG(event->commit));
	for (size_t i = 0; i < value_len(items); i++) {
		struct wire_pull wire = {0};

		if (!fields_decode_json(arena, &wire_pull_fields, value_at(items, i),
					"pull requests of a commit", &wire, err))
			return false;
		if (!str_eq(wire.state, STR("open")))
			continue;
		if (str_eq(wire.head.sha, event->commit)) {
			*number = wire.number;
			return true;
		}
		if (branch.len && str_eq(wire.head.ref, branch))
			by_branch = wire.number;
	}
	*number = by_branch;
	return true;
}

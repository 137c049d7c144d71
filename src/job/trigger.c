/* What an event of a workflow requests: the review of a pull request, or a command. */
#include "job/trigger.h"

#include "base/log.h"
#include "credentials/oidc.h"
#include "credentials/sign_in.h"
#include "publish/explain.h"
#include "publish/previous.h"
#include "publish/publish.h"

static struct event_facts facts_of(const struct trigger *trigger)
{
	struct env *env = trigger->runtime->env;

	return (struct event_facts){
		.pull_request = trigger->by_person ? trigger->number : 0,
		.has_oidc = oidc_available(env),
		.has_credentials = aws_credentials_given(env),
	};
}

/* ---- Commands in comments ---- */

/*
 * The reaction is feedback for the user. If it fails (the comment was deleted, say), the command
 * is still executed.
 */
static void react(const struct trigger *trigger, const char *reaction)
{
	struct error err;

	if (!comment_react(trigger->github, &trigger->event, reaction, &err))
		log_notice("github", "no reaction to the comment: %s", err.message);
}

bool trigger_answer(struct trigger *trigger, const char *reaction, struct str text,
		    struct error *err)
{
	react(trigger, reaction);
	trigger->unanswered = !comment_reply(trigger->github, &trigger->event, text, err);
	return !trigger->unanswered || error_wrap(err, "answer the comment of %.*s",
						  STR_ARG(trigger->event.comment.author));
}

static enum trigger_outcome skip(struct trigger *trigger, struct str reason)
{
	trigger->reason = reason;
	return TRIGGER_SKIP;
}

static enum trigger_outcome refuse(struct trigger *trigger, struct str reason, struct error *err)
{
	return trigger_answer(trigger, "confused", reason, err) ? skip(trigger, reason)
								: TRIGGER_FAILED;
}

static enum trigger_outcome dismiss(struct trigger *trigger, struct error *err)
{
	SCOPED(previous) struct previous previous = {0};
	struct publish_dismissal dismissal = {
		.github = trigger->github,
		.number = trigger->event.pull.number,
		.id = trigger->command.id,
		.reply_to = trigger->event.comment.in_reply_to,
		.by = trigger->event.comment.author,
		.reason = trigger->command.reason,
	};
	const struct previous_request request = {
		.number = dismissal.number,
		.name = trigger->name,
		.trust = trigger->trust,
	};

	if (!previous_read(trigger->github, &request, &previous, err))
		return TRIGGER_FAILED;
	if (!publish_dismiss(&dismissal, &previous, err)) {
		struct str why = arena_printf(trigger->runtime->arena, "%s", err->message);

		return err->kind == ERROR_NOT_FOUND ? refuse(trigger, why, err) : TRIGGER_FAILED;
	}
	trigger->trust.written = arena_str(trigger->runtime->arena, previous.trust.written);
	react(trigger, "+1");
	trigger->dismissed = true;
	trigger->by_person = true;
	return TRIGGER_PULL;
}

static enum trigger_outcome explain(struct trigger *trigger, struct error *err)
{
	SCOPED(previous) struct previous previous = {0};
	SCOPED(buf) struct buf text = BUF_INIT;
	const struct previous_request request = {
		.number = trigger->event.pull.number,
		.name = trigger->name,
		.trust = trigger->trust,
	};

	if (!previous_read(trigger->github, &request, &previous, err))
		return TRIGGER_FAILED;
	if (!explain_add(&text, &previous, trigger->command.id, trigger->event.comment.in_reply_to,
			 err))
		return refuse(trigger, arena_printf(trigger->runtime->arena, "%s", err->message),
			      err);
	return trigger_answer(trigger, "eyes", buf_str(&text), err)
		       ? skip(trigger, STR("the comment asked for an explanation"))
		       : TRIGGER_FAILED;
}

/* Executes the command of a comment; the caller runs a review. */
static enum trigger_outcome obey(struct trigger *trigger, struct error *err)
{
	struct arena *arena = trigger->runtime->arena;
	bool below = trigger->event.comment.in_reply_to != 0;
	bool may_write = false;

	if (!comment_author_may_write(trigger->github, &trigger->event, arena, &may_write, err))
		return TRIGGER_FAILED;
	if (!may_write) {
		/* No reply: otherwise any user could make the bot comment. */
		react(trigger, "confused");
		return skip(trigger, STR("only users with write access can command outcrop"));
	}
	comment_command_parse(trigger->event.comment.body, below, arena, &trigger->command);
	switch (trigger->command.kind) {
	case COMMENT_WRONG:
		return refuse(trigger, trigger->command.problem, err);
	case COMMENT_HELP:
		return trigger_answer(trigger, "eyes", comment_command_help(below, arena), err)
			       ? skip(trigger, STR("the comment asked for help"))
			       : TRIGGER_FAILED;
	case COMMENT_DISMISS:
		return dismiss(trigger, err);
	case COMMENT_EXPLAIN:
		return explain(trigger, err);
	case COMMENT_REVIEW:
		break;
	}
	trigger->by_person = true;
	react(trigger, "eyes");
	return TRIGGER_PULL;
}

/* ---- The pull request ---- */

/* A comment refers to its own pull request, unless an input names another. */
static bool find_number(struct trigger *trigger, struct error *err)
{
	if (trigger->number)
		return true;
	trigger->number = trigger->event.pull.number;
	return trigger->number || event_find_pull(&trigger->event, trigger->github,
						  trigger->runtime->arena, &trigger->number, err);
}

enum trigger_outcome trigger_find(struct trigger *trigger, struct error *err)
{
	struct event_decision decision;
	struct event_facts facts;

	trigger->by_person = trigger->number > 0;
	if (!event_read(trigger->runtime->env, trigger->runtime->arena, &trigger->event, err))
		return TRIGGER_FAILED;
	facts = facts_of(trigger);
	decision = event_decide(&trigger->event, &facts);
	if (decision.verdict == VERDICT_SKIP)
		return skip(trigger, decision.reason);
	if (decision.verdict == VERDICT_COMMAND) {
		enum trigger_outcome outcome = obey(trigger, err);

		if (outcome != TRIGGER_PULL)
			return outcome;
	}
	if (!find_number(trigger, err))
		return TRIGGER_FAILED;
	if (!trigger->number)
		return skip(
			trigger,
			STR("no open pull request belongs to this event; set the input pull-request"));
	return TRIGGER_PULL;
}

bool trigger_skips(struct trigger *trigger, const struct pull *pull)
{
	struct event_facts facts = facts_of(trigger);
	struct event_decision decision;

	if (trigger->by_person)
		return false;
	decision = event_decide_pull(&trigger->event, pull, &facts);
	trigger->reason = decision.reason;
	return decision.verdict == VERDICT_SKIP;
}

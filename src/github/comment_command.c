/* Commands in comments: what a person asks for, whether they may, and the answer. */
#include "github/comment_command.h"

#include "base/utf8.h"
#include "github/comments.h"

static const struct str help_text = STR_INIT(
	"Commands, for people with write permission:\n"
	"\n"
	"| command | what it does |\n"
	"|---|---|\n"
	"| `/outcrop review` | reviews what changed since the last review |\n"
	"| `/outcrop review full` | reviews the whole change again |\n"
	"| `/outcrop review security architect` | the same with these agents only |\n"
	"| `/outcrop dismiss ID [reason]` | dismisses a finding; it is not reported again |\n"
	"| `/outcrop explain ID` | says why a finding was reported and what was read for it |\n"
	"| `/outcrop help` | this table |\n"
	"\n"
	"In a reply to a finding's comment, `dismiss` and `explain` need no ID.  The agents of a run are in its summary.\n");

static bool next_word(struct str *rest, struct str *word)
{
	struct str text = str_trim(*rest);
	size_t len = 0;

	while (len < text.len && text.ptr[len] != ' ' && text.ptr[len] != '\t')
		len++;
	*word = str_slice(text, 0, len);
	*rest = str_skip(text, len);
	return len > 0;
}

/* Agents are chosen by name; anything else in their place (a path, an option) is refused. */
static bool is_agent_name(struct str word)
{
	for (size_t i = 0; i < word.len; i++) {
		char c = word.ptr[i];
		bool ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			  (c >= '0' && c <= '9') || c == '-' || c == '_';

		if (!ok)
			return false;
	}
	return word.len > 0 && word.len <= 100;
}

static bool is_id(struct str word)
{
	for (size_t i = 0; i < word.len; i++) {
		char c = word.ptr[i];

		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
			return false;
	}
	return word.len == 16;
}

static void set_problem(struct comment_command *command, struct str problem)
{
	*command = (struct comment_command){.kind = COMMENT_WRONG, .problem = problem};
}

static void parse_review(struct str rest, struct arena *arena, struct comment_command *command)
{
	struct str word;

	command->kind = COMMENT_REVIEW;
	command->agents = ARENA_ARRAY(arena, struct str, COMMENT_AGENTS_MAX);
	while (next_word(&rest, &word)) {
		if (str_eq(word, STR("full"))) {
			command->full = true;
			continue;
		}
		if (!is_agent_name(word)) {
			set_problem(
				command,
				STR("Agents are chosen by their names (letters, digits, `-`, `_`): `/outcrop review security`. Comments cannot change the configuration."));
			return;
		}
		if (command->agents_len == COMMENT_AGENTS_MAX) {
			set_problem(command, STR("At most 50 agents can be named."));
			return;
		}
		command->agents[command->agents_len++] = arena_str(arena, word);
	}
}

/* Looks like an id that was copied badly; anything else in its place begins the reason. */
static bool is_like_id(struct str word)
{
	bool digit = false;

	for (size_t i = 0; i < word.len; i++) {
		char c = word.ptr[i];

		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')))
			return false;
		digit = digit || (c >= '0' && c <= '9');
	}
	return word.len >= 6 && digit;
}

static struct str without_back_ticks(struct str word)
{
	while (str_starts(word, STR("`")))
		word = str_skip(word, 1);
	while (str_ends(word, STR("`")))
		word.len--;
	return word;
}

static void parse_explain(struct str rest, bool below, struct arena *arena,
			  struct comment_command *command)
{
	struct str word;

	command->kind = COMMENT_EXPLAIN;
	if (!next_word(&rest, &word))
		word = STR_EMPTY;
	word = without_back_ticks(word);
	if (is_id(word))
		command->id = arena_str(arena, word);
	else if (word.len || !below)
		set_problem(
			command,
			STR("`/outcrop explain` takes the id of a finding: `/outcrop explain 0123456789abcdef`. In a reply to a finding's comment, the id can be left out."));
}

/* `below`: the comment answers a finding's comment, so that no id is needed. */
static void parse_dismiss(struct str rest, bool below, struct arena *arena,
			  struct comment_command *command)
{
	struct str all = str_trim(rest);
	struct str word;

	command->kind = COMMENT_DISMISS;
	if (!next_word(&rest, &word))
		return;
	word = without_back_ticks(word);
	if (is_id(word)) {
		command->id = arena_str(arena, word);
		command->reason = arena_str(arena, utf8_cut(str_trim(rest), COMMENT_REASON_MAX));
	} else if (below && !is_like_id(word)) {
		command->reason = arena_str(arena, utf8_cut(all, COMMENT_REASON_MAX));
	} else {
		set_problem(
			command,
			STR("`/outcrop dismiss` takes the id of a finding and a reason: `/outcrop dismiss 0123456789abcdef false alarm`. The id is 16 digits and letters from a to f, as the summary shows it. In a reply to a finding's comment, the id can be left out."));
	}
}

void comment_command_parse(struct str body, bool below, struct arena *arena,
			   struct comment_command *command)
{
	struct str rest = str_trim(body);
	struct str line = STR_EMPTY;
	struct str word;

	*command = (struct comment_command){.kind = COMMENT_HELP};
	if (!str_next_line(&rest, &line, NULL))
		return;
	if (!next_word(&line, &word) || !next_word(&line, &word) || str_eq(word, STR("help")))
		return;
	if (str_eq(word, STR("review")))
		parse_review(line, arena, command);
	else if (str_eq(word, STR("dismiss")))
		parse_dismiss(line, below, arena, command);
	else if (str_eq(word, STR("explain")))
		parse_explain(line, below, arena, command);
	else
		set_problem(
			command,
			STR("Unknown command. Choose one of `/outcrop review [full] [agent…]`, `/outcrop dismiss ID [reason]`, `/outcrop explain ID` and `/outcrop help`."));
}

struct str comment_command_help(void)
{
	return help_text;
}

bool comment_author_may_write(struct github *github, const struct event *event, struct arena *arena,
			      bool *may_write, struct error *err)
{
	return github_user_may_write(github, event->comment.author, arena, may_write, err);
}

bool comment_react(struct github *github, const struct event *event, const char *reaction,
		   struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct github_answer answer = {0};
	struct value *body = value_object(&arena);
	struct github_call call = {
		.method = "POST",
		.path = arena_printf(&arena, "/repos/%.*s/%s/comments/%lld/reactions",
				     STR_ARG(github_repository(github)),
				     event->kind == EVENT_REVIEW_COMMENT ? "pulls" : "issues",
				     (long long)event->comment.id),
		.body = body,
	};

	value_set(&arena, body, "content", value_text(&arena, reaction));
	return github_send(github, &call, &arena, &answer, err);
}

bool comment_reply(struct github *github, const struct event *event, struct str body,
		   struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct issue_comment made = {0};
	struct github_answer answer = {0};
	int64_t thread =
		event->comment.in_reply_to ? event->comment.in_reply_to : event->comment.id;
	struct value *reply = value_object(&arena);
	struct github_call call = {
		.method = "POST",
		.path = arena_printf(&arena, "/repos/%.*s/pulls/%lld/comments/%lld/replies",
				     STR_ARG(github_repository(github)),
				     (long long)event->pull.number, (long long)thread),
		.body = reply,
	};

	if (event->kind != EVENT_REVIEW_COMMENT)
		return issue_comment_create(github, event->pull.number, body, &arena, &made, err);
	value_set(&arena, reply, "body", value_string(&arena, body));
	return github_send(github, &call, &arena, &answer, err);
}

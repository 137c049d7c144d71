/* Commands in comments: parsing, permission, and the reply. */
#include "github/comment_command.h"

#include "base/ascii.h"
#include "base/utf8.h"
#include "github/comments.h"
#include "value/put.h"

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
		bool ok = ascii_is_alnum(c) || c == '-' || c == '_';

		if (!ok)
			return false;
	}
	return word.len > 0 && word.len <= 100;
}

static bool is_id(struct str word)
{
	for (size_t i = 0; i < word.len; i++) {
		char c = word.ptr[i];

		if (!ascii_is_hex_lower(c))
			return false;
	}
	return word.len == 16;
}

static void set_problem(struct comment_command *command, struct str problem)
{
	*command = (struct comment_command){.kind = COMMENT_WRONG, .problem = problem};
}

static void parse_review(struct str rest, bool below UNUSED, struct arena *arena,
			 struct comment_command *command)
{
	char *names = arena_text(arena, rest);
	struct str word;

	for (size_t i = 0; i < rest.len; i++) {
		if (names[i] == ',')
			names[i] = ' ';
	}
	rest = str_of(names, rest.len);
	command->kind = COMMENT_REVIEW;
	command->agents = ARENA_ARRAY(arena, struct str, COMMENT_AGENTS_MAX);
	while (next_word(&rest, &word)) {
		if (str_eq_nocase(word, STR("full"))) {
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

/* Looks like an incorrectly copied id; any other text is the start of the reason. */
static bool is_like_id(struct str word)
{
	bool digit = false;

	for (size_t i = 0; i < word.len; i++) {
		char c = word.ptr[i];

		if (!ascii_is_hex(c))
			return false;
		digit = digit || ascii_is_digit(c);
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

static void parse_help(struct str rest UNUSED, bool below UNUSED, struct arena *arena UNUSED,
		       struct comment_command *command)
{
	command->kind = COMMENT_HELP;
}

/* All commands, in the order in which they are listed. */
static const struct command_row {
	struct str name;
	const char *usage; /* behind "/outcrop " */
	const char
		*usage_below; /* the same in a reply to a finding's comment; NULL: as everywhere */
	const char *help;
	void (*parse)(struct str rest, bool below, struct arena *arena,
		      struct comment_command *command);
} rows[] = {
	{STR_INIT("review"), "review [full] [agent…]", NULL,
	 "reviews what changed since the last review; `full`: the whole change; with names: only these agents",
	 parse_review},
	{STR_INIT("dismiss"), "dismiss ID [reason]", "dismiss [reason]",
	 "dismisses the finding; it is not reported again", parse_dismiss},
	{STR_INIT("explain"), "explain ID", "explain",
	 "says why the finding was reported and what was read for it", parse_explain},
	{STR_INIT("help"), "help", NULL, "lists the commands that work here", parse_help},
};

static const char *usage_of(const struct command_row *row, bool below)
{
	return below && row->usage_below ? row->usage_below : row->usage;
}

static struct str unknown_command(struct arena *arena, bool below)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	buf_add_text(&text, "Unknown command. Choose one of ");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		buf_addf(&text, "%s`/outcrop %s`", i ? ", " : "", usage_of(&rows[i], below));
	buf_add_char(&text, '.');
	return arena_str(arena, buf_str(&text));
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
	next_word(&line, &word); /* "/outcrop" */
	if (!next_word(&line, &word))
		return;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (str_eq_nocase(word, rows[i].name)) {
			rows[i].parse(line, below, arena, command);
			return;
		}
	}
	set_problem(command, unknown_command(arena, below));
}

struct str comment_command_help(bool below, struct arena *arena)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	buf_addf(
		&text,
		"Commands%s, for users with write access:\n\n| command | what it does |\n|---|---|\n",
		below ? " in a reply to a finding's comment" : "");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		buf_addf(&text, "| `/outcrop %s` | %s |\n", usage_of(&rows[i], below),
			 rows[i].help);
	if (!below)
		buf_add_text(
			&text,
			"\nThe summary shows the ID of each finding. In a reply to a finding's comment, `dismiss` and `explain` need no ID.\n");
	buf_add_text(&text, "\nThe agents of a run are in its summary.\n");
	return arena_str(arena, buf_str(&text));
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

	put_word(&arena, body, "content", reaction);
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
	put_text(&arena, reply, "body", body);
	return github_send(github, &call, &arena, &answer, err);
}

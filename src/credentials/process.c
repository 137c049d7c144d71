/* credential_process: the only child process of outcrop, in local runs only. */
#include "credentials/sources.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/system.h"
#include "credentials/keys.h"

enum {
	WORDS_MAX = 64,
	OUTPUT_SIZE_MAX = 64 << 10,
	TIMEOUT_MS = 60000, /* for its output and its exit together */
	POLL_WAIT_MS = 10,
};

struct process {
	struct aws_session *session;
	struct str profile;
	char *words[WORDS_MAX + 1];
};

/*
 * Splits as a POSIX shell would, but without a shell: quotes and backslashes are understood, nothing is
 * expanded.  (botocore does the same.)
 */
bool process_split(struct arena *arena, struct str command, char **words, size_t words_max,
		   struct error *err)
{
	SCOPED(buf) struct buf word = BUF_INIT;
	bool in_word = false;
	size_t len = 0;
	char quote = '\0';

	for (size_t i = 0; i <= command.len; i++) {
		char c = i < command.len ? command.ptr[i] : '\0';
		bool is_end = !c || (!quote && (c == ' ' || c == '\t'));

		if (is_end && !(quote && !c)) {
			if (in_word && len == words_max)
				return error_set(err, ERROR_CONFIG,
						 "credential_process has more than %zu words",
						 words_max);
			if (in_word)
				words[len++] = arena_text(arena, buf_str(&word));
			buf_reset(&word);
			in_word = false;
		} else if (quote && !c) {
			return error_set(err, ERROR_CONFIG,
					 "credential_process has a quote that is not closed");
		} else if (quote && c == quote) {
			quote = '\0';
		} else if (!quote && (c == '"' || c == '\'')) {
			quote = c;
			in_word = true;
		} else if (c == '\\' && quote != '\'' && i + 1 < command.len) {
			buf_add_char(&word, command.ptr[++i]);
			in_word = true;
		} else {
			buf_add_char(&word, c);
			in_word = true;
		}
	}
	words[len] = NULL;
	return len > 0 || error_set(err, ERROR_CONFIG, "credential_process is empty");
}

/* Starts the program with its standard output in a pipe; its stderr goes to the user. */
static bool start(struct process *process, pid_t *pid, int *output, struct error *err)
{
	posix_spawn_file_actions_t actions;
	int ends[2], failed;
	char **block;

	if (!system_pipe(ends))
		return error_errno(err, "pipe");
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	block = env_block_new(process->session->env);
	failed = posix_spawnp(pid, process->words[0], &actions, NULL, process->words, block);
	env_block_free(block);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	if (failed) {
		close(ends[0]);
		return error_set(err, ERROR_CREDENTIALS, "cannot start \"%s\": %s",
				 process->words[0], strerror(failed));
	}
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	*output = ends[0];
	return true;
}

/* A running program. */
struct child {
	const struct clock *clock;
	int64_t deadline_ms; /* clock time */
	pid_t pid;
	int output; /* the end of a pipe that we read */
};

/* Lets other tasks run for a moment. False if the time is over. */
static bool wait_a_moment(const struct child *child, const char *what, struct error *err)
{
	if (clock_ms(child->clock) >= child->deadline_ms)
		return error_set(err, ERROR_CREDENTIALS, "%s within %d s", what, TIMEOUT_MS / 1000);
	return task_sleep(POLL_WAIT_MS, err);
}

static bool read_output(const struct child *child, struct buf *text, struct error *err)
{
	char piece[4096];
	bool ok = true;
	ssize_t got;

	while (ok && (got = read(child->output, piece, sizeof(piece))) != 0) {
		if (got > 0)
			ok = buf_take(text, str_of(piece, (size_t)got), "its output", err);
		else if (errno != EAGAIN && errno != EINTR)
			ok = error_errno(err, "reading its output");
		else
			ok = wait_a_moment(child, "no answer", err);
	}
	secret_wipe(piece, sizeof(piece));
	return ok;
}

/* A program that has closed its output may still run: other tasks continue. */
static bool wait_for_end(const struct child *child, int *status, struct error *err)
{
	for (;;) {
		pid_t ended = waitpid(child->pid, status, WNOHANG);

		if (ended == child->pid)
			return true;
		if (ended < 0 && errno != EINTR)
			return error_errno(err, "waiting for its end");
		if (!wait_a_moment(child, "it has answered, but did not end", err))
			return false;
	}
}

static bool run(struct process *process, struct buf *text, struct error *err)
{
	const struct clock *clock = process->session->clock;
	struct child child = {.clock = clock, .deadline_ms = clock_ms(clock) + TIMEOUT_MS};
	int status = 0;
	bool ok;

	if (!start(process, &child.pid, &child.output, err))
		return false;
	ok = read_output(&child, text, err);
	close(child.output);
	if (!ok || !wait_for_end(&child, &status, err)) {
		kill(child.pid, SIGKILL);
		while (waitpid(child.pid, &status, 0) < 0 && errno == EINTR)
			;
		return false;
	}
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		return error_set(err, ERROR_CREDENTIALS, "it ended with status %d",
				 WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	return true;
}

/* Tools that sign in elsewhere print their cached credentials, even expired ones. */
static bool check_end(const struct process *process, const struct credentials *credentials,
		      struct error *err)
{
	int64_t ended_ms = clock_wall_ms(process->session->clock) - credentials->expires_ms;

	if (!credentials->expires_ms || ended_ms < 0)
		return true;
	return error_set(
		err, ERROR_CREDENTIALS,
		"its keys ended %lld minutes ago: sign in again with the tool that it starts, or check this machine's clock",
		(long long)(ended_ms / 60000));
}

static bool fetch_process(void *ctx, struct credentials *credentials, struct error *err)
{
	struct process *process = ctx;
	SCOPED(buf) struct buf text = BUF_INIT;
	bool ok;

	text.max = OUTPUT_SIZE_MAX;
	ok = run(process, &text, err) &&
	     keys_read(buf_str(&text), &keys_form_process, "it", credentials, err) &&
	     check_end(process, credentials, err);
	secret_wipe(text.ptr, text.len);
	if (ok)
		return true;
	if (err->kind != ERROR_CANCELLED)
		err->kind = ERROR_CREDENTIALS;
	return error_wrap(err, "credential_process \"%s\" of profile \"%.*s\"", process->words[0],
			  STR_ARG(process->profile));
}

bool source_process_find(struct aws_session *session, const struct profiles *profiles,
			 struct str profile, bool *found, struct credential_source *source,
			 struct error *err)
{
	struct str command = profile_get(profiles, profile, "credential_process");
	struct process *process = ARENA_NEW(&session->arena, struct process);

	*found = command.len > 0;
	if (!*found)
		return true;
	if (!session->local)
		return error_set(
			err, ERROR_CREDENTIALS,
			"profile \"%.*s\" has a credential_process, which runs in local runs only: use a role",
			STR_ARG(profile));
	process->session = session;
	process->profile = arena_str(&session->arena, profile);
	if (!process_split(&session->arena, command, process->words, WORDS_MAX, err))
		return error_wrap(err, "profile \"%.*s\"", STR_ARG(profile));
	*source = (struct credential_source){
		.name = "credential_process", .fetch = fetch_process, .ctx = process};
	return true;
}

/* outcrop-emulator: AWS and GitHub on loopback, for the demo, the flow tests and the bench. */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/file.h"
#include "emulator.h"
#include "faults.h"
#include "github.h"

enum { PEM_SIZE_MAX = 1 << 20, EXIT_USAGE = 2 };

struct options {
	const char *scenario, *write_env, *certificate, *key;
	bool keep_stdin, faults;
};

static const char usage[] =
	"usage: outcrop-emulator [--scenario FILE] [--write-env FILE] [--tls CERT KEY] [--keep-stdin]\n"
	"       outcrop-emulator --faults (prints the names of all faults)\n"
	"Prints the environment that points at it, then \"ready\".  Ends on SIGTERM, on a request to\n"
	"/_emulator/stop and, but with --keep-stdin, at the end of its input.\n";

static bool parse(struct options *options, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--scenario") == 0 && i + 1 < argc)
			options->scenario = argv[++i];
		else if (strcmp(argv[i], "--write-env") == 0 && i + 1 < argc)
			options->write_env = argv[++i];
		else if (strcmp(argv[i], "--keep-stdin") == 0)
			options->keep_stdin = true;
		else if (strcmp(argv[i], "--faults") == 0)
			options->faults = true;
		else if (strcmp(argv[i], "--tls") == 0 && i + 2 < argc) {
			options->certificate = argv[++i];
			options->key = argv[++i];
		} else
			return false;
	}
	return true;
}

/* The variables, one a line: as a shell without quotes and $GITHUB_ENV take them. */
static void write_environment(struct buf *out, const struct emulator *emulator)
{
	const struct scenario *scenario = emulator->scenario;
	const struct {
		const char *name;
		struct str before, after;
	} rows[] = {
		{"EMULATOR_URL", emulator->url, STR_EMPTY},
		{"ACTIONS_ID_TOKEN_REQUEST_URL", emulator->url, STR("/oidc/token?x=1")},
		{"ACTIONS_ID_TOKEN_REQUEST_TOKEN", scenario->oidc.request_token, STR_EMPTY},
		{"AWS_ENDPOINT_URL_BEDROCK", emulator->url, STR_EMPTY},
		{"AWS_ENDPOINT_URL_BEDROCK_RUNTIME", emulator->url, STR_EMPTY},
		{"AWS_ENDPOINT_URL_STS", emulator->url, STR_EMPTY},
		{"AWS_REGION", scenario->aws.region, STR_EMPTY},
		{"GITHUB_API_URL", emulator->url, STR("/api/v3")},
		{"GITHUB_GRAPHQL_URL", emulator->url, STR("/api/graphql")},
		{"GITHUB_SERVER_URL", emulator->url, STR_EMPTY},
		{"GITHUB_REPOSITORY", github_repository(emulator->github), STR_EMPTY},
		{"GITHUB_SHA", github_head(emulator->github), STR_EMPTY},
		{"GITHUB_TOKEN", github_token(emulator->github), STR_EMPTY},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		buf_addf(out, "%s=%.*s%.*s\n", rows[i].name, STR_ARG(rows[i].before),
			 STR_ARG(rows[i].after));
}

static bool announce(const struct emulator *emulator, const char *file, struct error *err)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	write_environment(&text, emulator);
	if (file && !file_append(file, buf_str(&text), err))
		return false;
	buf_add(&text, STR("ready\n"));
	fwrite(text.ptr, 1, text.len, stdout);
	fflush(stdout);
	return true;
}

/* Until a signal, a request to stop, or the end of stdin. */
static void wait_for_end(int signal_fd, int stop_fd, bool keep_stdin)
{
	struct pollfd fds[] = {
		{.fd = signal_fd, .events = POLLIN},
		{.fd = stop_fd, .events = POLLIN},
		{.fd = keep_stdin ? -1 : STDIN_FILENO, .events = POLLIN},
	};
	char ignored[4096];

	for (;;) {
		if (poll(fds, ARRAY_LEN(fds), -1) < 0)
			continue;
		if (fds[0].revents || fds[1].revents)
			return;
		if (fds[2].revents && read(STDIN_FILENO, ignored, sizeof(ignored)) <= 0)
			return;
	}
}

/* Signals are blocked before any thread is made, so that all of them reach the thread that waits for them. */
static int take_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

static bool serve(struct emulator *emulator, const struct options *options, int signal_fd,
		  struct error *err)
{
	SCOPED(buf) struct buf certificate = BUF_INIT;
	SCOPED(buf) struct buf key = BUF_INIT;
	struct server_hooks hooks = {emulator_route, emulator_done, emulator};
	bool tls = options->certificate;
	struct server *server;
	bool ok;

	if (tls && (!file_read(options->certificate, PEM_SIZE_MAX, &certificate, err) ||
		    !file_read(options->key, PEM_SIZE_MAX, &key, err)))
		return false;
	emulator->stop_fd = eventfd(0, EFD_CLOEXEC);
	server = server_new(&hooks, tls ? certificate.ptr : NULL, tls ? key.ptr : NULL, err);
	if (!server)
		return false;
	server_lock(server);
	emulator->url = arena_printf(&emulator->arena, "http%s://127.0.0.1:%u", tls ? "s" : "",
				     (unsigned int)server_port(server));
	ok = announce(emulator, options->write_env, err);
	server_unlock(server);
	if (ok)
		wait_for_end(signal_fd, emulator->stop_fd, options->keep_stdin);
	server_free(server);
	close(emulator->stop_fd);
	return ok;
}

int main(int argc, char **argv)
{
	SCOPED(scenario) struct scenario scenario = {0};
	SCOPED(emulator) struct emulator emulator = {.stop_fd = -1};
	struct options options = {0};
	struct error err = {0};
	int signal_fd;

	if (!parse(&options, argc, argv)) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	if (options.faults) {
		faults_print(stdout);
		return EXIT_SUCCESS;
	}
	signal_fd = take_signals();
	if (!scenario_read(&scenario, options.scenario, &err) ||
	    !emulator_init(&emulator, &scenario, &err) ||
	    !serve(&emulator, &options, signal_fd, &err)) {
		fprintf(stderr, "outcrop-emulator: %s\n", err.message);
		return err.kind == ERROR_CONFIG ? EXIT_USAGE : EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}

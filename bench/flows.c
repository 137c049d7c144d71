/* Measures the task and http layers alone: N flows at a time, each reads one streamed answer. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/log.h"
#include "http/http.h"
#include "peak.h"
#include "server.h"

enum { SILENCE_MS = 5000 };

/* One row of the table. */
struct measure {
	int flows;
	struct bench_server server;
	const char *url; /* another server than our own, or NULL */
	const char *ca_file;
	int failed;
	int64_t bytes;
	int64_t wall_ms;
	struct http *http;
	struct str address;
	struct http_counts counts;
	int64_t longest_turn_ms;
};

static void flow(void *arg)
{
	struct measure *measure = arg;
	struct http_request request = {.method = "POST",
				       .url = measure->address,
				       .body = STR_INIT("{}"),
				       .idle_timeout_ms = SILENCE_MS};
	OWNED(http_stream) struct http_stream *stream = http_stream_new(measure->http, &request);
	struct str chunk;
	struct error err;

	do {
		if (!stream_next(stream, &chunk, &err)) {
			if (measure->failed++ == 0)
				fprintf(stderr, "%s\n", err.message);
			return;
		}
		measure->bytes += (int64_t)chunk.len;
	} while (chunk.len);
	measure->failed += stream_status(stream) != 200;
}

static void all_flows(void *arg)
{
	struct measure *measure = arg;
	struct http_options options = {.user_agent = STR_INIT("bench"),
				       .ca_file = str_from(measure->ca_file),
				       .connections_per_host = measure->flows};
	struct error err = {0};
	OWNED(http) struct http *http = http_new(loop_current(), &options, &err);
	SCOPED(group) struct group group;
	struct clock *clock = loop_clock(loop_current());
	int64_t start_ms = clock_ms(clock);

	if (!http) {
		fprintf(stderr, "%s\n", err.message);
		exit(1);
	}
	measure->http = http;
	group_init(&group, NULL);
	for (int i = 0; i < measure->flows; i++)
		group_spawn(&group, "flow", flow, measure);
	if (!task_join(&group, &err))
		exit(1);
	measure->wall_ms = clock_ms(clock) - start_ms;
	group_release(&group);
	measure->counts = http_count(http);
	measure->longest_turn_ms = loop_longest_turn_ms(loop_current());
}

/* Tab-separated, for script/bench. */
static void print(const struct measure *measure)
{
	int ideal_ms = measure->server.pieces * measure->server.interval_ms;

	printf("%d\t%d\t%d\t%lld\t%.0f\t%.1f\t%lld\t%lld\t%d\n", measure->flows,
	       measure->server.pieces, ideal_ms, (long long)measure->wall_ms, cpu_ms(), peak_mib(),
	       (long long)measure->counts.connections, (long long)measure->longest_turn_ms,
	       measure->failed);
}

static void raise_file_limit(void)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

int main(int argc, char **argv)
{
	struct measure measure = {0};
	struct clock clock;
	OWNED(loop) struct loop *loop = NULL;
	char url[64];

	if (argc < 4) {
		fprintf(stderr, "usage: bench_flows FLOWS PIECES INTERVAL_MS [URL CA_FILE]\n"
				"With a URL the server there is measured; it must answer alike.\n"
				"With URL \"serve\" it only serves, and prints its port.\n");
		return 2;
	}
	raise_file_limit();
	measure.flows = atoi(argv[1]);
	measure.server =
		(struct bench_server){.pieces = atoi(argv[2]), .interval_ms = atoi(argv[3])};
	if (!(argc > 5) && !bench_server_start(&measure.server))
		return 1;
	if (argc == 5 && strcmp(argv[4], "serve") == 0) {
		printf("%d\n", measure.server.port);
		fflush(stdout);
		while (getchar() != EOF) {
		}
		bench_server_stop(&measure.server);
		return 0;
	}
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/", measure.server.port);
	measure.address = str_from(argc > 5 ? argv[4] : url);
	measure.ca_file = argc > 5 ? argv[5] : NULL;
	clock_init(&clock);
	loop = loop_new(&clock);
	loop_run(loop, all_flows, &measure);
	print(&measure);
	if (argc <= 5)
		bench_server_stop(&measure.server);
	return measure.failed ? 1 : 0;
}

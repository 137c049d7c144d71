/* Certificates, HTTP/2, and how many connections a host gets. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "http/http.h"
#include "tls_server.h"
#include "unit.h"

enum { CALLS = 20, CAP = 4 };

/* What one test wants of the server and the pool, and what its calls found. */
struct tls_scene {
	struct tls_server server;
	struct http_options options;
	void (*act)(struct tls_scene *scene);
	struct http *http;
	int64_t timeout_ms; /* to connect, and of silence; 0: a minute */
	char url[64];
	int good, http2;
	struct error err;
};

static bool call(struct tls_scene *scene, struct error *err)
{
	int64_t timeout_ms = scene->timeout_ms ? scene->timeout_ms : 60000;
	struct http_request request = {.method = "POST",
				       .url = str_from(scene->url),
				       .body = STR_INIT("{}"),
				       .idle_timeout_ms = timeout_ms,
				       .connect_timeout_ms = timeout_ms};
	SCOPED(http_response) struct http_response response = {0};

	if (!http_send(scene->http, &request, &response, err))
		return false;
	ck_assert_int_eq(response.status, 200);
	ck_assert_str_is(buf_str(&response.body), STR("ok"));
	scene->good++;
	scene->http2 += response.http2;
	return true;
}

static void scene_task(void *arg)
{
	struct tls_scene *scene = arg;

	scene->http = http_new(loop_current(), &scene->options, &scene->err);
	if (!scene->http)
		return;
	scene->act(scene);
	http_free(scene->http);
}

/* Starts the server, runs `act` in a task; the server's certificate is trusted unless `distrust`. */
static void play(struct tls_scene *scene, void (*act)(struct tls_scene *), bool distrust)
{
	struct clock clock;
	OWNED(loop) struct loop *loop = NULL;

	signal(SIGPIPE, SIG_IGN); /* the server's side of connections that the client drops */
	tls_server_start(&scene->server);
	snprintf(scene->url, sizeof(scene->url), "https://127.0.0.1:%d/", scene->server.port);
	scene->act = act;
	scene->options.user_agent = STR("test");
	if (!scene->options.connections_per_host)
		scene->options.connections_per_host = CAP;
	if (!scene->options.ca_file.len && !distrust)
		scene->options.ca_file = str_from(scene->server.ca_file);
	clock_init(&clock);
	loop = loop_new(&clock);
	loop_run(loop, scene_task, scene);
	tls_server_stop(&scene->server);
}

static void call_once(struct tls_scene *scene)
{
	(void)!call(scene, &scene->err);
}

TEST(trusts_the_bundle_that_it_was_given)
{
	struct tls_scene scene = {0};

	play(&scene, call_once, false);
	ck_assert_msg(scene.good == 1, "%s", scene.err.message);
}

TEST(refuses_an_untrusted_certificate_and_says_what_to_do)
{
	struct tls_scene scene = {0};

	play(&scene, call_once, true);
	ck_assert_int_eq(scene.err.kind, ERROR_TLS);
	ck_assert_ptr_nonnull(strstr(scene.err.message, "AWS_CA_BUNDLE"));
	ck_assert_ptr_nonnull(strstr(scene.err.message, "https://127.0.0.1"));
}

TEST(a_bundle_that_is_missing_is_an_error_of_the_configuration)
{
	struct tls_scene scene = {.options.ca_file = STR_INIT("/nonexistent/ca.pem")};

	play(&scene, call_once, false);
	ck_assert_int_eq(scene.err.kind, ERROR_CONFIG);
	ck_assert_ptr_nonnull(strstr(scene.err.message, "/nonexistent/ca.pem"));
}

static void call_in_task(void *arg)
{
	struct tls_scene *scene = arg;
	struct error err = {0};

	if (!call(scene, &err))
		scene->err = err;
}

static void call_together(struct tls_scene *scene)
{
	struct error err = {0};
	SCOPED(group) struct group group;

	group_init(&group, NULL);
	for (int i = 0; i < CALLS; i++)
		group_spawn(&group, "call", call_in_task, scene);
	ck_assert(task_join(&group, &err));
}

TEST(many_calls_share_one_connection_over_http2)
{
	struct tls_scene scene = {.server = {.http2 = TLS_HTTP2_ANSWERS, .pause_ms = 30}};

	play(&scene, call_together, false);
	ck_assert_msg(scene.good == CALLS, "%s", scene.err.message);
	ck_assert_int_eq(scene.http2, CALLS);
	ck_assert_int_eq(atomic_load(&scene.server.connections), 1);
}

TEST(over_http1_a_host_gets_as_many_connections_as_allowed_and_no_more)
{
	/* Five rounds of 900 ms: those that wait in line neither connect nor count as silent. */
	struct tls_scene scene = {.server = {.pause_ms = 900}, .timeout_ms = 4000};

	play(&scene, call_together, false);
	ck_assert_msg(scene.good == CALLS, "%s", scene.err.message);
	ck_assert_int_eq(scene.http2, 0);
	ck_assert_int_eq(atomic_load(&scene.server.connections), CAP);
}

/* The first call shows what the host speaks: only then is a refused connection a sign of little room. */
static void call_once_then_together(struct tls_scene *scene)
{
	ck_assert_msg(call(scene, &scene->err), "%s", scene->err.message);
	call_together(scene);
}

TEST(calls_wait_when_a_host_has_room_for_fewer_connections_than_allowed)
{
	struct tls_scene scene = {.server = {.pause_ms = 30, .room = CAP},
				  .options.connections_per_host = CALLS};

	play(&scene, call_once_then_together, false);
	ck_assert_msg(scene.good == CALLS + 1, "%s", scene.err.message);
	ck_assert_int_eq(atomic_load(&scene.server.connections), CAP);
	ck_assert_int_eq(atomic_load(&scene.server.requests), CALLS + 1);
	ck_assert_int_gt(atomic_load(&scene.server.turned_away), 0);
}

/* The other calls have ended when the refused one learns that it was refused. */
TEST(a_call_that_is_turned_away_after_the_last_answer_uses_the_connection_that_is_left)
{
	struct tls_scene scene = {.server = {.room = 1, .late = CALLS},
				  .options.connections_per_host = 2};

	play(&scene, call_once_then_together, false);
	ck_assert_msg(scene.good == CALLS + 1, "%s", scene.err.message);
	ck_assert_int_eq(atomic_load(&scene.server.connections), 1);
	ck_assert_int_eq(atomic_load(&scene.server.requests), CALLS + 1);
	ck_assert_int_eq(atomic_load(&scene.server.turned_away), 1);
}

static void call_with_bad_proxy(struct tls_scene *scene)
{
	ck_abort_msg("a pool was made that goes by %.*s", STR_ARG(scene->options.proxy_https));
}

TEST(a_proxy_whose_address_is_wrong_is_an_error_that_does_not_show_it)
{
	static const char *const wrong[] = {
		"http://jane:secret@10.0.0.1:31x",
		"http://jane:sec/ret@10.0.0.1:3128",
		"ftp://jane:secret@10.0.0.1:3128",
		"http://jane:secret@",
	};

	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct tls_scene scene = {.options.proxy_https = str_from(wrong[i])};

		play(&scene, call_with_bad_proxy, false);
		ck_assert_int_eq(scene.err.kind, ERROR_CONFIG);
		ck_assert_ptr_nonnull(strstr(scene.err.message, "HTTPS_PROXY"));
		ck_assert_ptr_null(strstr(scene.err.message, "jane"));
		ck_assert_ptr_null(strstr(scene.err.message, "10.0.0.1"));
	}
}

TEST(http2_is_not_asked_for_when_not_wanted)
{
	struct tls_scene scene = {.server = {.http2 = TLS_HTTP2_ANSWERS},
				  .options.http1_only = true};

	play(&scene, call_once, false);
	ck_assert_msg(scene.good == 1, "%s", scene.err.message);
	ck_assert_int_eq(scene.http2, 0);
}

/* The first call fails on the broken HTTP/2 and is not repeated here; the next one uses HTTP/1.1. */
static void call_twice(struct tls_scene *scene)
{
	struct error err = {0};

	ck_assert(!call(scene, &scene->err));
	ck_assert_int_eq(scene->err.kind, ERROR_NETWORK);
	ck_assert_msg(call(scene, &err), "%s", err.message);
	ck_assert_int_eq(scene->http2, 0);
}

TEST(a_host_whose_http2_breaks_is_spoken_to_in_http1)
{
	struct tls_scene resets = {.server = {.http2 = TLS_HTTP2_RESETS_STREAMS}};
	struct tls_scene leaves = {.server = {.http2 = TLS_HTTP2_GOES_AWAY}};

	play(&resets, call_twice, false);
	play(&leaves, call_twice, false);
}

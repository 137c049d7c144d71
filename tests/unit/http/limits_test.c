/* What a request is refused for: time, headers, hosts; and what one that is dropped leaves to the others. */
#include <stdio.h>
#include <string.h>

#include "http/http.h"
#include "http/http_internal.h"
#include "server.h"
#include "unit.h"

enum { HEADERS = 600 };

#define OK_HEAD "HTTP/1.1 200 OK\r\nConnection: close\r\n"

/* One test: its server, and what its task does with the pool. */
struct limits_scene {
	void (*act)(struct limits_scene *scene);
	struct http_server server;
	struct http_options options;
	struct http *http;
	char url[64];
};

static void scene_task(void *arg)
{
	struct limits_scene *scene = arg;
	struct error err;

	scene->http = http_new(loop_current(), &scene->options, &err);
	ck_assert_msg(scene->http, "%s", err.message);
	scene->act(scene);
	http_free(scene->http);
}

static void play_scene(struct script *scripts, size_t len, void (*act)(struct limits_scene *))
{
	static struct limits_scene scene;
	struct clock clock;
	struct loop *loop;

	scene = (struct limits_scene){
		.act = act,
		.options = {.user_agent = STR_INIT("test"), .connections_per_host = 8},
	};
	server_start(&scene.server, scripts, len);
	snprintf(scene.url, sizeof(scene.url), "http://127.0.0.1:%d/", scene.server.port);
	clock_init(&clock);
	loop = loop_new(&clock);
	loop_run(loop, scene_task, &scene);
	loop_free(loop);
	server_stop(&scene.server);
}

static void expect_failure(struct limits_scene *scene, const struct http_request *request,
			   enum error_kind kind, const char *text)
{
	SCOPED(http_response) struct http_response response = {0};
	struct error err = {0};

	ck_assert(!http_send(scene->http, request, &response, &err));
	ck_assert_msg(err.kind == kind, "%s: %s", error_kind_name(err.kind), err.message);
	ck_assert_msg(strstr(err.message, text), "%s", err.message);
}

static void get_in_time(struct limits_scene *scene)
{
	struct http_request request = {
		.method = "GET", .url = str_from(scene->url), .total_timeout_ms = 200};

	expect_failure(scene, &request, ERROR_TIMEOUT, "no answer within the time given");
}

TEST(an_answer_that_is_not_whole_in_the_time_given_is_a_timeout)
{
	static struct script scripts[] = {
		{.first = OK_HEAD "Content-Length: 11\r\n\r\nhello", .until_closed = true}};

	play_scene(scripts, ARRAY_LEN(scripts), get_in_time);
}

static void get_headers(struct limits_scene *scene)
{
	struct http_request request = {.method = "GET", .url = str_from(scene->url)};

	expect_failure(scene, &request, ERROR_LIMIT, "more than 500 headers");
}

TEST(an_answer_with_too_many_headers_is_refused)
{
	SCOPED(buf) struct buf answer = BUF_INIT;
	struct script script = {0};

	buf_add_text(&answer, OK_HEAD);
	for (int i = 0; i < HEADERS; i++)
		buf_addf(&answer, "x-%d: y\r\n", i);
	buf_add_text(&answer, "Content-Length: 0\r\n\r\n");
	script.first = answer.ptr;
	play_scene(&script, 1, get_headers);
}

/* Nothing listens on port 1 of these addresses. */
static void speak_to_many_hosts(struct limits_scene *scene)
{
	for (int i = 1; i <= HTTP_HOSTS_MAX + 1; i++) {
		bool last = i > HTTP_HOSTS_MAX;
		char url[64];
		struct http_request request = {.method = "GET"};

		snprintf(url, sizeof(url), "http://127.0.%d.%d:1/", i / 250, 1 + i % 250);
		request.url = str_from(url);
		expect_failure(scene, &request, last ? ERROR_LIMIT : ERROR_NETWORK,
			       last ? "hosts are spoken to" : "Failed to connect");
	}
}

TEST(more_hosts_than_allowed_are_refused)
{
	play_scene(NULL, 0, speak_to_many_hosts);
}

static void drop_and_get(struct limits_scene *scene)
{
	struct http_request request = {.method = "GET", .url = str_from(scene->url)};
	struct http_stream *dropped = http_stream_new(scene->http, &request);
	SCOPED(http_response) struct http_response response = {0};
	struct str chunk;
	struct error err;

	ck_assert_msg(stream_next(dropped, &chunk, &err), "%s", err.message);
	ck_assert_str_is(chunk, STR("hello"));
	http_stream_free(dropped);
	ck_assert_msg(http_send(scene->http, &request, &response, &err), "%s", err.message);
	ck_assert_str_is(buf_str(&response.body), STR("next"));
}

TEST(a_stream_that_is_dropped_in_its_answer_leaves_the_next_request_alone)
{
	static struct script scripts[] = {{.first = OK_HEAD "Content-Length: 11\r\n\r\nhello",
					   .until_closed = true},
					  {.first = OK_HEAD "Content-Length: 4\r\n\r\nnext"}};

	play_scene(scripts, ARRAY_LEN(scripts), drop_and_get);
}

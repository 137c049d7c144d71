/* Requests against a small server. */
#include "http/http.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "server.h"
#include "unit.h"

enum { BLOCK_SIZE = 6553600 };

#define OK_HEAD "HTTP/1.1 200 OK\r\nConnection: close\r\n"

/* One test: its server's script, and what its task does with the pool. */
struct http_scene {
	struct script *scripts;
	size_t len;
	void (*act)(struct http_scene *scene);
	int64_t idle_timeout_ms;
	struct http_server server;
	struct http_options options;
	struct http *http;
	char url[64];
};

static void scene_task(void *arg)
{
	struct http_scene *scene = arg;
	struct error err;

	scene->options.user_agent = STR("test");
	scene->options.connections_per_host = 8;
	scene->http = http_new(loop_current(), &scene->options, &err);
	ck_assert_msg(scene->http, "%s", err.message);
	scene->act(scene);
	http_free(scene->http);
}

static void play_scene(struct script *scripts, size_t len, void (*act)(struct http_scene *))
{
	static struct http_scene scene;
	struct clock clock;
	struct loop *loop;

	scene = (struct http_scene){.scripts = scripts, .len = len, .act = act};
	server_start(&scene.server, scripts, len);
	snprintf(scene.url, sizeof(scene.url), "http://127.0.0.1:%d/a/../b%%2Fc:d?x=1",
		 scene.server.port);
	clock_init(&clock);
	loop = loop_new(&clock);
	loop_run(loop, scene_task, &scene);
	loop_free(loop);
	server_stop(&scene.server);
}

static bool get(struct http_scene *scene, struct http_response *response, struct error *err)
{
	struct http_request request = {.method = "GET",
				       .url = str_from(scene->url),
				       .idle_timeout_ms = scene->idle_timeout_ms};

	return http_send(scene->http, &request, response, err);
}

static void get_whole(struct http_scene *scene)
{
	SCOPED(http_response) struct http_response response = {0};
	struct error err;

	ck_assert_msg(get(scene, &response, &err), "%s", err.message);
	ck_assert_int_eq(response.status, 200);
	ck_assert_str_is(buf_str(&response.body), STR("hello world"));
	ck_assert_str_is(http_header_get(&response.headers, "X-Note"), STR("one"));
	ck_assert_ptr_nonnull(
		strstr(scene->server.requests[0], "GET /a/../b%2Fc:d?x=1 HTTP/1.1\r\n"));
	ck_assert_ptr_nonnull(strstr(scene->server.requests[0], "User-Agent: test\r\n"));
	ck_assert_ptr_null(strstr(scene->server.requests[0], "Expect"));
}

TEST(reads_a_whole_answer_and_sends_the_path_unchanged)
{
	static struct script scripts[] = {
		{.first = OK_HEAD "x-note:  one \r\nContent-Length: 11\r\n\r\nhello ",
		 .pause_ms = 20,
		 .second = "world"}};

	play_scene(scripts, 1, get_whole);
}

static void expect_kind(struct http_scene *scene, enum error_kind kind, const char *text)
{
	SCOPED(http_response) struct http_response response = {0};
	struct error err = {0};

	ck_assert(!get(scene, &response, &err));
	ck_assert_msg(err.kind == kind, "%s: %s", error_kind_name(err.kind), err.message);
	ck_assert_msg(strstr(err.message, text), "%s", err.message);
}

static void get_silence(struct http_scene *scene)
{
	scene->idle_timeout_ms = 300;
	expect_kind(scene, ERROR_TIMEOUT, "silent for 0.3 s");
}

TEST(gives_up_after_silence)
{
	static struct script scripts[] = {
		{.first = OK_HEAD "Content-Length: 11\r\n\r\nhello", .until_closed = true}};

	play_scene(scripts, 1, get_silence);
}

static void get_cut(struct http_scene *scene)
{
	expect_kind(scene, ERROR_NETWORK, "127.0.0.1");
}

TEST(an_answer_that_is_cut_or_reset_is_an_error)
{
	static struct script cut[] = {{.first = OK_HEAD "Content-Length: 99\r\n\r\nhello"}};
	static struct script chunk[] = {
		{.first = OK_HEAD "Transfer-Encoding: chunked\r\n\r\n5\r\nhel"}};
	static struct script reset[] = {{.first = "", .reset = true}};

	play_scene(cut, 1, get_cut);
	play_scene(chunk, 1, get_cut);
	play_scene(reset, 1, get_cut);
}

static void get_large(struct http_scene *scene)
{
	struct http_request request = {
		.method = "GET", .url = str_from(scene->url), .body_size_max = 10};
	SCOPED(http_response) struct http_response response = {0};
	struct error err;

	ck_assert(!http_send(scene->http, &request, &response, &err));
	ck_assert_int_eq(err.kind, ERROR_LIMIT);
	ck_assert_ptr_nonnull(strstr(err.message, "more than 10 bytes"));
}

static void get_long(struct http_scene *scene)
{
	struct http_request request = {
		.method = "GET", .url = str_from(scene->url), .long_answer = true};
	SCOPED(http_response) struct http_response response = {0};
	struct error err;

	ck_assert_msg(http_send(scene->http, &request, &response, &err), "%s", err.message);
	ck_assert_uint_eq(response.body.len, (size_t)BLOCK_SIZE);
	ck_assert_int_eq(response.body.ptr[BLOCK_SIZE - 1], 'x');
	request.body_size_max = BLOCK_SIZE - 1;
	http_response_release(&response);
	ck_assert(!http_send(scene->http, &request, &response, &err));
	ck_assert_int_eq(err.kind, ERROR_LIMIT);
}

/* Longer than what is reserved for an announced length, and than what a stream holds back. */
TEST(takes_a_long_answer_whole)
{
	static const char head[] = OK_HEAD "Content-Length: 6553600\r\n\r\n";
	static char answer[sizeof(head) + BLOCK_SIZE];
	static struct script scripts[] = {{.first = answer}, {.first = answer}};

	memcpy(answer, head, sizeof(head) - 1);
	memset(answer + sizeof(head) - 1, 'x', BLOCK_SIZE);
	play_scene(scripts, 2, get_long);
}

TEST(refuses_an_answer_above_its_maximum)
{
	static struct script scripts[] = {
		{.first = OK_HEAD "Content-Length: 11\r\n\r\nhello world"}};

	play_scene(scripts, 1, get_large);
}

static void get_stream(struct http_scene *scene)
{
	struct http_request request = {
		.method = "POST", .url = str_from(scene->url), .body = STR_INIT("{}")};
	OWNED(http_stream) struct http_stream *stream = http_stream_new(scene->http, &request);
	struct str chunk;
	struct error err;
	size_t total = 0;
	bool slow = true;

	do {
		ck_assert_msg(stream_next(stream, &chunk, &err), "%s", err.message);
		total += chunk.len;
		/* A slow reader: the sender must wait, not fill our memory. */
		if (slow)
			ck_assert(task_sleep(50, &err));
		slow = false;
		ck_assert_uint_le(chunk.len, 3 << 20);
	} while (chunk.len);
	ck_assert_int_eq(stream_status(stream), 200);
	ck_assert_uint_eq(total, (size_t)BLOCK_SIZE);
}

TEST(streams_and_holds_a_fast_sender_back)
{
	static const char head[] = OK_HEAD "Content-Length: 6553600\r\n\r\n";
	static char answer[sizeof(head) + BLOCK_SIZE];
	static struct script scripts[] = {{.first = answer}};

	memcpy(answer, head, sizeof(head) - 1);
	memset(answer + sizeof(head) - 1, 'x', BLOCK_SIZE);
	play_scene(scripts, 1, get_stream);
}

static void get_redirected(struct http_scene *scene)
{
	struct http_request request = {
		.method = "GET", .url = str_from(scene->url), .follow_redirects = true};
	SCOPED(http_response) struct http_response response = {0};
	struct error err;

	http_header_add(&request.headers, STR("Authorization"), STR("Bearer secret"));
	ck_assert_msg(http_send(scene->http, &request, &response, &err), "%s", err.message);
	http_headers_release(&request.headers);
	ck_assert_str_is(buf_str(&response.body), STR("end"));
	ck_assert_ptr_nonnull(strstr(scene->server.requests[0], "Authorization: Bearer secret"));
	ck_assert_ptr_nonnull(strstr(scene->server.requests[1], "Authorization: Bearer secret"));
	ck_assert_ptr_nonnull(strstr(scene->server.requests[1], "GET /next HTTP/1.1"));
}

TEST(follows_redirects_of_the_same_host)
{
	static struct script scripts[] = {
		{.first = "HTTP/1.1 302 Found\r\nLocation: /next\r\nConnection: close\r\n"
			  "Content-Length: 0\r\n\r\n"},
		{.first = OK_HEAD "Content-Length: 3\r\n\r\nend"}};

	play_scene(scripts, 2, get_redirected);
}

static void get_elsewhere(struct http_scene *scene)
{
	struct http_request request = {
		.method = "GET", .url = str_from(scene->url), .follow_redirects = true};
	SCOPED(http_response) struct http_response response = {0};
	struct error err;

	ck_assert(!http_send(scene->http, &request, &response, &err));
	ck_assert_int_eq(err.kind, ERROR_PROTOCOL);
	ck_assert_ptr_nonnull(strstr(err.message, "http://example.test"));
}

TEST(does_not_follow_a_redirect_to_plain_http_elsewhere)
{
	static struct script scripts[] = {
		{.first = "HTTP/1.1 302 Found\r\nLocation: http://example.test/\r\n"
			  "Connection: close\r\nContent-Length: 0\r\n\r\n"}};

	play_scene(scripts, 1, get_elsewhere);
}

static void get_at_another_host(struct http_scene *scene)
{
	static const struct str hosts[] = {STR_INIT(".example.test"), STR_INIT("localhost")};
	static char answer[256];
	struct http_request request = {
		.method = "GET", .url = str_from(scene->url), .follow_redirects = true};
	SCOPED(http_response) struct http_response response = {0};
	struct error err;

	snprintf(answer, sizeof(answer),
		 "HTTP/1.1 307 Temporary Redirect\r\nLocation: http://localhost:%d/next\r\n"
		 "Connection: close\r\nContent-Length: 0\r\n\r\n",
		 scene->server.port);
	scene->server.scripts[0].first = answer;
	http_header_add(&request.headers, STR("Authorization"), STR("Bearer secret"));
	http_header_add(&request.headers, STR("Accept"), STR("text/plain"));
	request.redirect_hosts = hosts;
	request.redirect_hosts_len = ARRAY_LEN(hosts);
	ck_assert_msg(http_send(scene->http, &request, &response, &err), "%s", err.message);
	http_headers_release(&request.headers);
	ck_assert_str_is(buf_str(&response.body), STR("end"));
	ck_assert_ptr_nonnull(strstr(response.url.ptr, "http://localhost:"));
	ck_assert_ptr_nonnull(strstr(scene->server.requests[1], "Accept: text/plain"));
	ck_assert_ptr_null(strstr(scene->server.requests[1], "secret"));
}

TEST(a_redirect_to_a_host_that_is_allowed_gets_no_authorization)
{
	static struct script scripts[] = {{.first = ""},
					  {.first = OK_HEAD "Content-Length: 3\r\n\r\nend"}};

	play_scene(scripts, 2, get_at_another_host);
}

static void get_from_strangers(struct http_scene *scene)
{
	static const struct str hosts[] = {STR_INIT(".localhost"), STR_INIT("host")};
	struct http_request request = {.method = "GET",
				       .url = str_from(scene->url),
				       .follow_redirects = true,
				       .redirect_hosts = hosts,
				       .redirect_hosts_len = ARRAY_LEN(hosts)};
	SCOPED(http_response) struct http_response response = {0};
	struct error err;

	ck_assert(!http_send(scene->http, &request, &response, &err));
	ck_assert_int_eq(err.kind, ERROR_PROTOCOL);
	ck_assert_ptr_nonnull(strstr(err.message, "redirects to another place"));
}

TEST_LOOP(a_redirect_to_any_other_place_is_refused, 0, 5)
{
	static const char *const places[] = {
		"http://localhost:1/", "https://169.254.169.254/latest/meta-data/",
		"http://localhost/",   "https://notlocalhost/",
		"https://localhost/",
	};
	static char answer[256];
	static struct script scripts[] = {{.first = answer}};

	snprintf(answer, sizeof(answer),
		 "HTTP/1.1 302 Found\r\nLocation: %s\r\nConnection: close\r\n"
		 "Content-Length: 0\r\n\r\n",
		 places[_i]);
	play_scene(scripts, 1, get_from_strangers);
}

static void get_forever(struct http_scene *scene)
{
	struct http_request request = {
		.method = "GET", .url = str_from(scene->url), .follow_redirects = true};
	SCOPED(http_response) struct http_response response = {0};
	struct error err;

	ck_assert(!http_send(scene->http, &request, &response, &err));
	ck_assert_int_eq(err.kind, ERROR_LIMIT);
}

TEST(a_circle_of_redirects_ends)
{
#define CIRCLE                                                                                     \
	{.first = "HTTP/1.1 302 Found\r\nLocation: /\r\nConnection: close\r\n"                     \
		  "Content-Length: 0\r\n\r\n"}
	static struct script scripts[] = {CIRCLE, CIRCLE, CIRCLE, CIRCLE, CIRCLE, CIRCLE};

	play_scene(scripts, ARRAY_LEN(scripts), get_forever);
}

static bool get_url(struct http_scene *scene, const char *url, bool no_proxy, struct error *err)
{
	SCOPED(http_response) struct http_response response = {0};
	struct http_request request = {.method = "GET", .url = str_from(url), .no_proxy = no_proxy};

	return http_send(scene->http, &request, &response, err);
}

static void get_through_proxy(struct http_scene *scene)
{
	char proxy[64];
	struct error err = {0};

	snprintf(proxy, sizeof(proxy), "http://127.0.0.1:%d", scene->server.port);
	scene->options.proxy_http = scene->options.proxy_https = str_from(proxy);
	scene->options.no_proxy = STR("10.0.0.0/8,127.0.0.0/8");
	scene->options.allow_http = true;
	ck_assert_msg(get_url(scene, "http://example.test/x", false, &err), "%s", err.message);
	ck_assert_ptr_nonnull(
		strstr(scene->server.requests[0], "GET http://example.test/x HTTP/1.1"));
	/* Named in NO_PROXY by its network; and one that never takes a proxy. */
	ck_assert_msg(get_url(scene, scene->url, false, &err), "%s", err.message);
	ck_assert_ptr_nonnull(strstr(scene->server.requests[1], "GET /a/../b"));
	scene->options.no_proxy = STR_EMPTY;
	ck_assert_msg(get_url(scene, scene->url, true, &err), "%s", err.message);
	ck_assert_ptr_nonnull(strstr(scene->server.requests[2], "GET /a/../b"));
	ck_assert(!get_url(scene, "https://example.test/", false, &err));
	ck_assert_int_eq(err.kind, ERROR_CONFIG);
	ck_assert_ptr_nonnull(strstr(scene->server.requests[3], "CONNECT example.test:443"));
	ck_assert_ptr_nonnull(strstr(err.message, "the proxy answered 407"));
	ck_assert_ptr_nonnull(strstr(err.message, "HTTPS_PROXY"));
}

TEST(proxies_are_used_but_where_they_should_not)
{
	static struct script scripts[] = {
		{.first = OK_HEAD "Content-Length: 2\r\n\r\nok"},
		{.first = OK_HEAD "Content-Length: 2\r\n\r\nok"},
		{.first = OK_HEAD "Content-Length: 2\r\n\r\nok"},
		{.first = "HTTP/1.1 407 Proxy Authentication Required\r\nConnection: close\r\n"
			  "Content-Length: 0\r\n\r\n"}};

	play_scene(scripts, ARRAY_LEN(scripts), get_through_proxy);
}

static void get_nowhere(struct http_scene *scene)
{
	struct error err = {0};

	ck_assert(!get_url(scene, "http://127.0.0.1:1/", false, &err));
	ck_assert_int_eq(err.kind, ERROR_NETWORK);
	ck_assert_ptr_nonnull(strstr(err.message, "http://127.0.0.1:1"));
	ck_assert_ptr_nonnull(strstr(err.message, "check that the address is right"));
}

TEST(says_which_address_cannot_be_reached_and_what_to_check)
{
	play_scene(NULL, 0, get_nowhere);
}

static void send_injected(struct http_scene *scene)
{
	struct http_request request = {.method = "GET", .url = str_from(scene->url)};
	SCOPED(http_response) struct http_response response = {0};
	struct error err;

	ck_assert(!http_send(
		scene->http,
		&(struct http_request){
			.method = "GET",
			.url = str_from(scene->url),
			.headers = {.items = &(struct http_header){STR("X-A: 1\r\nX-B"), STR("2")},
				    .len = 1}},
		&response, &err));
	ck_assert_int_eq(err.kind, ERROR_USAGE);
	http_header_add(&request.headers, STR("X-Name"), STR("a\r\nX-Evil: 1"));
	ck_assert(!http_send(scene->http, &request, &response, &err));
	ck_assert_int_eq(err.kind, ERROR_USAGE);
	http_headers_release(&request.headers);
	ck_assert_uint_eq(scene->server.served, 0);
}

TEST(sends_no_header_that_holds_a_line_break)
{
	play_scene(NULL, 0, send_injected);
}

static void cancelled_get(void *arg)
{
	struct http_scene *scene = arg;
	SCOPED(http_response) struct http_response response = {0};
	struct error err;

	ck_assert(!get(scene, &response, &err));
	ck_assert_int_eq(err.kind, ERROR_CANCELLED);
}

static void cancel_while_waiting(struct http_scene *scene)
{
	SCOPED(group) struct group group;
	struct error err;

	group_init(&group, NULL);
	group_spawn(&group, "get", cancelled_get, scene);
	ck_assert(task_sleep(50, &err));
	group_cancel(&group);
	ck_assert(task_join(&group, &err));
}

TEST(cancelling_ends_a_request)
{
	static struct script scripts[] = {{.first = OK_HEAD, .until_closed = true}};

	play_scene(scripts, 1, cancel_while_waiting);
}

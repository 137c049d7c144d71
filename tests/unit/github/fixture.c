/* A loop with a virtual clock, and a server that follows a script. */
#include "fixture.h"

#include <stdio.h>

#include "http/http.h"
#include "task/task.h"

/* Replaces `word` by the server's URL, with another name of its host or its own. */
static void add_replaced(struct buf *out, struct str text, struct str word, struct str url)
{
	struct str before;
	struct str after;

	while (str_cut(text, word, &before, &after)) {
		buf_add(out, before);
		buf_add(out, url);
		text = after;
	}
	buf_add(out, text);
}

static void add_text(struct buf *out, const struct fixture *fixture, const char *text)
{
	SCOPED(buf) struct buf other = BUF_INIT;
	SCOPED(buf) struct buf half = BUF_INIT;
	struct str url = fixture->url;

	buf_addf(&other, "http://localhost%.*s",
		 STR_ARG(str_skip(url, STR("http://127.0.0.1").len)));
	add_replaced(&half, str_from(text), STR("ELSEWHERE"), buf_str(&other));
	add_replaced(out, buf_str(&half), STR("URL"), url);
}

/* Sends the header lines of a step, each of which ends with CRLF. */
static void add_headers(struct answer *answer, struct request *request, struct str lines)
{
	struct str line;
	struct str name;
	struct str value;

	while (str_next_line(&lines, &line, NULL)) {
		if (str_cut(line, STR(":"), &name, &value))
			answer_header(answer, arena_str(&request->arena, name),
				      arena_str(&request->arena, str_trim(value)));
	}
}

static void keep_request(struct fixture *fixture, const struct request *request)
{
	struct buf *seen = &fixture->requests[fixture->seen++];

	buf_init(seen, BUF_SIZE_MAX);
	buf_addf(seen, "%.*s %.*s\n", STR_ARG(request->method), STR_ARG(request->target));
	for (size_t i = 0; i < request->headers.len; i++)
		buf_addf(seen, "%.*s: %.*s\n", STR_ARG(request->headers.items[i].name),
			 STR_ARG(request->headers.items[i].value));
	buf_add_char(seen, '\n');
	buf_add(seen, buf_str(&request->body));
}

static void handle(void *ctx, struct request *request, struct answer *answer)
{
	struct fixture *fixture = ctx;
	const struct step *step = &fixture->steps[MIN_OF(fixture->seen, fixture->steps_len - 1)];
	SCOPED(buf) struct buf text = BUF_INIT;

	if (fixture->seen >= SEEN_MAX) {
		answer->status = 500;
		return;
	}
	keep_request(fixture, request);
	if (step->expect &&
	    !str_starts(buf_str(&fixture->requests[fixture->seen - 1]), str_from(step->expect))) {
		fprintf(stderr, "expected \"%s\", saw \"%.*s %.*s\"\n", step->expect,
			STR_ARG(request->method), STR_ARG(request->target));
		fixture->wrong = true;
	}
	if (step->cut) {
		answer->fault = ANSWER_CLOSE;
		return;
	}
	/* So that no request meets a connection that is about to be closed, which libcurl would hide. */
	answer_header(answer, STR("connection"), STR("close"));
	add_text(&text, fixture, step->headers ? step->headers : "");
	add_headers(answer, request, buf_str(&text));
	buf_reset(&text);
	add_text(&text, fixture, step->body ? step->body : "");
	answer_text(answer, step->status, STR("application/json"),
		    arena_str(&request->arena, buf_str(&text)));
}

static void on_done(void *ctx, const struct request *request, const struct answer *answer)
{
	(void)ctx;
	(void)request;
	(void)answer;
}

static void run_task(void *arg)
{
	struct fixture *fixture = arg;
	struct http_options http_options = {.user_agent = STR("test")};
	struct error err = {0};
	OWNED(http) struct http *http = http_new(loop_current(), &http_options, &err);
	SCOPED(secret) struct secret token = {0};
	SCOPED(buf) struct buf api_url = BUF_INIT;
	struct github_options options = {
		.http = http,
		.token = &token,
		.repository = STR("o/r"),
		.dry_run = fixture->dry_run,
	};

	ck_assert_msg(http != NULL, "%s", err.message);
	buf_addf(&api_url, "%.*s%s", STR_ARG(fixture->url),
		 fixture->api_path ? fixture->api_path : "");
	options.api_url = buf_str(&api_url);
	secret_set(&token, STR(TEST_TOKEN));
	fixture->github = github_new(&options);
	fixture->run(fixture);
	github_free(steal(&fixture->github));
}

void fixture_run_with(struct fixture *fixture, fixture_handler *handler, void *ctx)
{
	const struct server_hooks hooks = {handler, on_done, ctx};
	struct error err = {0};
	struct loop *loop;

	clock_init_virtual(&fixture->clock, 1795000000000);
	fixture->server = server_new(&hooks, NULL, NULL, &err);
	ck_assert_msg(fixture->server != NULL, "%s", err.message);
	fixture->url = arena_printf(&fixture->arena, "http://127.0.0.1:%u",
				    (unsigned)server_port(fixture->server));
	loop = loop_new(&fixture->clock);
	loop_run(loop, run_task, fixture);
	loop_free(loop);
	server_free(fixture->server);
}

void fixture_run(struct fixture *fixture)
{
	fixture_run_with(fixture, handle, fixture);
	for (size_t i = 0; i < fixture->seen; i++)
		ck_assert(str_contains(buf_str(&fixture->requests[i]), str_from("2022-11-28")));
	ck_assert_msg(!fixture->wrong, "a request was not the expected one");
}

bool fixture_saw(const struct fixture *fixture, size_t idx, const char *text)
{
	return idx < fixture->seen &&
	       str_contains(buf_str(&fixture->requests[idx]), str_from(text));
}

void fixture_release(struct fixture *fixture)
{
	for (size_t i = 0; i < fixture->seen; i++)
		buf_release(&fixture->requests[i]);
	arena_release(&fixture->arena);
}

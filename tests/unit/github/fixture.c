/* A loop with a virtual clock, and a server that follows a script. */
#include "fixture.h"

#include <stdio.h>

#include "http/http.h"
#include "openapi.h"
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
	struct str url = fake_server_url(fixture->server);

	buf_addf(&other, "http://localhost%.*s",
		 STR_ARG(str_skip(url, STR("http://127.0.0.1").len)));
	add_replaced(&half, str_from(text), STR("ELSEWHERE"), buf_str(&other));
	add_replaced(out, buf_str(&half), STR("URL"), url);
}

static void handle(void *ctx, const struct fake_request *request, struct fake_answer *answer)
{
	struct fixture *fixture = ctx;
	const struct step *step = &fixture->steps[MIN_OF(fixture->seen, fixture->steps_len - 1)];
	struct buf *seen;

	if (fixture->seen >= SEEN_MAX) {
		answer->status = 500;
		return;
	}
	seen = &fixture->requests[fixture->seen++];
	buf_init(seen, BUF_SIZE_MAX);
	buf_addf(seen, "%.*s %.*s\n%.*s\n\n%.*s", STR_ARG(request->method),
		 STR_ARG(request->target), STR_ARG(request->headers), STR_ARG(request->body));
	if (step->expect && !str_starts(buf_str(seen), str_from(step->expect))) {
		printf("# expected \"%s\", saw \"%.*s %.*s\"\n", step->expect,
		       STR_ARG(request->method), STR_ARG(request->target));
		fixture->wrong = true;
	}
	if (!fixture->any_request && !openapi_allows(request))
		fixture->wrong = true;
	answer->status = step->status;
	answer->cut = step->cut;
	add_text(&answer->headers, fixture, step->headers ? step->headers : "");
	add_text(&answer->body, fixture, step->body ? step->body : "");
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
	buf_addf(&api_url, "%.*s%s", STR_ARG(fake_server_url(fixture->server)),
		 fixture->api_path ? fixture->api_path : "");
	options.api_url = buf_str(&api_url);
	secret_set(&token, STR(TEST_TOKEN));
	fixture->github = github_new(&options);
	fixture->run(fixture);
	github_free(steal(&fixture->github));
}

void fixture_run_with(struct fixture *fixture, fake_handler *handler, void *ctx)
{
	struct loop *loop;

	clock_init_virtual(&fixture->clock, 1795000000000);
	fixture->server = fake_server_start(handler, ctx);
	loop = loop_new(&fixture->clock);
	loop_run(loop, run_task, fixture);
	loop_free(loop);
	fake_server_stop(fixture->server);
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
}

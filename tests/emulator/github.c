/* GitHub as the emulator plays it: the hub behind HTTP, with the scenario's faults. */
#include "github.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "hub.h"
#include "hub_limits.h"

enum { RESET_SECONDS = 5 };

struct hub_github {
	struct emulator *emulator;
	struct hub *hub; /* NULL: the scenario has no `github` */
	struct hub_limits limits;
};

/* What a fault answers, and whether the request is carried out all the same. */
static const struct {
	const char *name;
	int status;
	bool after; /* the request is carried out, but the answer reports an error */
	bool close; /* instead of an answer */
	const char *body;
	const char *header, *value;
} faults[] = {
	{"http-500", 500, false, false, "{\"message\":\"Server Error\"}", NULL, NULL},
	{"http-502", 502, false, false, "<html>Bad Gateway</html>", NULL, NULL},
	{"http-502-after", 502, true, false, "<html>Bad Gateway</html>", NULL, NULL},
	{"html-200", 200, false, false, "<html>Sign in</html>", NULL, NULL},
	{"rate-limit", 403, false, false,
	 "{\"message\":\"API rate limit exceeded for installation ID 1.\"}",
	 "x-ratelimit-remaining", "0"},
	{"secondary-limit", 403, false, false,
	 "{\"message\":\"You have exceeded a secondary rate limit\"}", "retry-after", "1"},
	{"invalid", 422, false, false, "{\"message\":\"Validation Failed\"}", NULL, NULL},
	{"too-large", 406, false, false,
	 "{\"message\":\"Sorry, the diff exceeded the maximum number of files (300). Consider using 'List pull requests files' API or locally cloning the repository instead.\",\"errors\":[{\"resource\":\"PullRequest\",\"field\":\"diff\",\"code\":\"too_large\"}]}",
	 NULL, NULL},
	{"forbidden", 403, false, false, "{\"message\":\"Resource not accessible by integration\"}",
	 NULL, NULL},
	{"close-after", 0, true, true, "", NULL, NULL},
};

struct hub_github *github_new(struct emulator *emulator, struct error *err)
{
	const struct value *part = value_get(emulator->scenario->root, "github");
	struct hub_github *github = NEW(struct hub_github);

	github->emulator = emulator;
	hub_limits_init(&github->limits, part);
	if (!part)
		return github;
	github->hub = hub_new(part, emulator->scenario->folder, err);
	if (github->hub)
		return github;
	free(github);
	return NULL;
}

void github_free(struct hub_github *github)
{
	if (!github)
		return;
	hub_free(github->hub);
	free(github);
}

static size_t find_fault(const struct value *row)
{
	struct str name = value_get_string(row, "fault");
	size_t i = 0;

	while (i < ARRAY_LEN(faults) && !str_eq(name, str_from(faults[i].name)))
		i++;
	return i;
}

/* GitHub says when its limit ends, in Unix seconds: "reset_after" of the row, in seconds. */
static void add_reset(struct request *request, struct answer *answer, const struct value *row)
{
	int64_t reset = request->at_ms / 1000 + value_get_int(row, "reset_after", RESET_SECONDS);

	answer_header(answer, STR("x-ratelimit-reset"),
		      arena_printf(&request->arena, "%lld", (long long)reset));
}

static void answer_fault(struct request *request, struct answer *answer, const struct value *row)
{
	struct str message = value_get_string(row, "message");
	size_t fault = find_fault(row);
	struct str body;

	if (faults[fault].close) {
		answer->fault = ANSWER_CLOSE;
		return;
	}
	body = message.len
		       ? arena_printf(&request->arena, "{\"message\":\"%.*s\"}", STR_ARG(message))
		       : arena_str(&request->arena, str_from(faults[fault].body));
	answer_text(answer, faults[fault].status, STR("application/json"), body);
	if (faults[fault].header)
		answer_header(answer, str_from(faults[fault].header),
			      str_from(faults[fault].value));
	if (strcmp(faults[fault].name, "rate-limit") == 0)
		add_reset(request, answer, row);
}

typedef void hub_fn(struct hub *hub, const struct hub_request *request, struct hub_answer *answer);

static void carry_out(struct hub_github *github, struct request *request, struct answer *answer,
		      struct str path, hub_fn *act)
{
	struct hub_answer reply = {0};
	struct hub_request call = {
		.method = request->method,
		.path = path,
		.query = request->query,
		.body = buf_str(&request->body),
		.authorization = headers_get(&request->headers, STR("authorization")),
		.base_url = arena_printf(&request->arena, "%.*s/api/v3",
					 STR_ARG(github->emulator->url)),
		.wall_ms = request->at_ms,
	};

	buf_init(&reply.body, BUF_SIZE_MAX);
	buf_init(&reply.link, BUF_SIZE_MAX);
	act(github->hub, &call, &reply);
	answer_text(answer, reply.status, STR("application/json; charset=utf-8"),
		    arena_str(&request->arena, buf_str(&reply.body)));
	if (reply.link.len)
		answer_header(answer, STR("link"),
			      arena_str(&request->arena, buf_str(&reply.link)));
	buf_release(&reply.body);
	buf_release(&reply.link);
}

static void handle(struct hub_github *github, struct request *request, struct answer *answer,
		   struct str path, hub_fn *act)
{
	const struct value *row = NULL;
	struct str operation = arena_printf(&request->arena, "github %.*s %.*s",
					    STR_ARG(request->method), STR_ARG(path));
	size_t fault;

	if (emulator_fault(github->emulator, request, operation, answer, &row))
		return;
	answer_header(answer, STR("x-github-request-id"),
		      arena_printf(&request->arena, "EMU:%llu",
				   (unsigned long long)request->number));
	if (!github->hub) {
		answer_text(answer, 404, STR("application/json"),
			    STR("{\"message\":\"the scenario has no 'github'\"}"));
		return;
	}
	if (!row && !hub_limits_admit(&github->limits, request, act == hub_graphql, answer))
		return;
	fault = row ? find_fault(row) : ARRAY_LEN(faults);
	if (fault == ARRAY_LEN(faults) || faults[fault].after)
		carry_out(github, request, answer, path, act);
	if (fault < ARRAY_LEN(faults))
		answer_fault(request, answer, row);
}

void github_handle(struct hub_github *github, struct request *request, struct answer *answer)
{
	handle(github, request, answer, str_skip(request->path, STR("/api/v3").len), hub_rest);
}

void github_graphql(struct hub_github *github, struct request *request, struct answer *answer)
{
	handle(github, request, answer, STR("/graphql"), hub_graphql);
}

bool github_push(struct hub_github *github, struct str folder, struct error *err)
{
	struct scenario const *scenario = github->emulator->scenario;
	struct arena *arena = &github->emulator->arena;
	bool rebased = str_starts(folder, STR("rebased:"));
	struct str name = rebased ? str_skip(folder, STR("rebased:").len) : folder;
	struct str path = arena_printf(arena, "%s/%.*s", scenario->folder, STR_ARG(name));

	if (!github->hub)
		return error_set(err, ERROR_CONFIG, "the scenario has no 'github'");
	return hub_push(github->hub, path.ptr, rebased, err);
}

bool github_act(struct hub_github *github, struct str json, struct error *err)
{
	if (!github->hub)
		return error_set(err, ERROR_CONFIG, "the scenario has no 'github'");
	return hub_act(github->hub, json, err);
}

struct value *github_state(struct hub_github *github, struct arena *arena)
{
	return github->hub ? hub_state(github->hub, arena) : value_object(arena);
}

struct value *github_event(struct hub_github *github, struct arena *arena)
{
	return github->hub ? hub_event(github->hub, arena) : value_object(arena);
}

struct str github_repository(const struct hub_github *github)
{
	return github->hub ? hub_repository(github->hub) : STR_EMPTY;
}

struct str github_token(const struct hub_github *github)
{
	return github->hub ? hub_token(github->hub) : STR_EMPTY;
}

struct str github_head(const struct hub_github *github)
{
	return github->hub ? hub_head(github->hub) : STR_EMPTY;
}

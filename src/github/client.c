/* The GitHub API client: options, what a run keeps, and lists. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/map.h"
#include "base/memory.h"
#include "github/connection.h"
#include "github/hosts.h"
#include "value/json.h"

enum { WRITE_SPACING_MS = 1000 };

/* "https://host/api/v3" has its GraphQL at "https://host/api/graphql"; others below the API. */
static struct str derive_graphql_url(struct arena *arena, struct str api_url)
{
	if (str_ends(api_url, STR("/api/v3")))
		return arena_printf(arena, "%.*s/graphql",
				    STR_ARG(str_slice(api_url, 0, api_url.len - 3)));
	return arena_printf(arena, "%.*s/graphql", STR_ARG(api_url));
}

static struct str without_slash(struct str url)
{
	while (str_ends(url, STR("/")))
		url.len--;
	return url;
}

static enum github_actor actor_of(struct str token)
{
	static const struct {
		struct str start;
		enum github_actor actor;
	} forms[] = {
		{STR_INIT("ghs_"), GITHUB_ACTOR_APP},
		{STR_INIT("v1."), GITHUB_ACTOR_APP},
		{STR_INIT("gho_"), GITHUB_ACTOR_PERSON},
		{STR_INIT("ghp_"), GITHUB_ACTOR_PERSON},
		{STR_INIT("ghu_"), GITHUB_ACTOR_PERSON},
		{STR_INIT("github_pat_"), GITHUB_ACTOR_PERSON},
	};

	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		if (str_starts(token, forms[i].start))
			return forms[i].actor;
	}
	return GITHUB_ACTOR_UNKNOWN;
}

struct github *github_new(const struct github_options *options)
{
	struct github *github = NEW(struct github);
	struct str api = without_slash(str_trim(options->api_url));
	struct str graphql = without_slash(str_trim(options->graphql_url));

	if (!api.len)
		api = STR("https://api.github.com");
	github->http = options->http;
	github->api_url = arena_str(&github->arena, api);
	github->graphql_url = graphql.len ? arena_str(&github->arena, graphql)
					  : derive_graphql_url(&github->arena, api);
	github->redirect_hosts_len =
		redirect_hosts(&github->arena, github->api_url, github->redirect_hosts);
	github->repository = arena_str(&github->arena, options->repository);
	github->dry_run = options->dry_run;
	github->write_spacing_ms =
		options->write_spacing_ms > 0 ? options->write_spacing_ms : WRITE_SPACING_MS;
	github->waits_end_ms = options->waits_end_ms;
	permits_init(&github->writes, loop_current(), 1);
	if (options->token && secret_is_set(options->token)) {
		SCOPED(buf) struct buf text = BUF_INIT;

		github->actor = actor_of(str_trim(secret_str(options->token)));
		buf_addf(&text, "Bearer %.*s", STR_ARG(str_trim(secret_str(options->token))));
		secret_set(&github->authorization, buf_str(&text));
		secret_wipe(text.ptr, text.len);
	}
	return github;
}

void github_free(struct github *github)
{
	if (!github)
		return;
	secret_release(&github->authorization);
	map_release(&github->kept);
	arena_release(&github->arena);
	free(github);
}

enum github_actor github_actor(const struct github *github)
{
	return github->actor;
}

struct str github_repository(const struct github *github)
{
	return github->repository;
}

struct arena *github_arena(struct github *github)
{
	return &github->arena;
}

void github_keep(struct github *github, struct str key, void *thing)
{
	map_put(&github->kept, arena_str(&github->arena, key), thing);
}

void *github_kept(const struct github *github, struct str key)
{
	return map_get(&github->kept, key);
}

bool github_is_dry_run(const struct github *github)
{
	return github->dry_run;
}

bool github_pages(struct github *github, struct str path, github_page *take, void *ctx,
		  struct error *err)
{
	struct github_call call = {.method = "GET", .path = path};
	SCOPED(arena) struct arena even = ARENA_INIT;
	SCOPED(arena) struct arena odd = ARENA_INIT;
	bool more = true;

	for (int page = 0; more && call.path.len; page++) {
		struct github_answer answer = {0};
		/* The path of a page is in the page before it. */
		struct arena *arena = page % 2 ? &odd : &even;

		if (page == GITHUB_PAGES_MAX)
			return error_set(err, ERROR_LIMIT, "GET %.*s: more than %d pages",
					 STR_ARG(path), GITHUB_PAGES_MAX);
		arena_release(arena);
		if (!github_send(github, &call, arena, &answer, err))
			return false;
		if (!value_is(answer.json, VALUE_ARRAY))
			return error_set(err, ERROR_PROTOCOL, "GET %.*s: the answer is not a list",
					 STR_ARG(path));
		if (!take(ctx, answer.json, &more, err))
			return false;
		call.path = answer.next;
	}
	return true;
}

struct whole_list {
	struct str path;
	size_t items_max;
	struct arena *arena;
	struct value *items;
};

static bool take_items(void *ctx, const struct value *page, bool *more, struct error *err)
{
	struct whole_list *list = ctx;

	(void)more;
	for (size_t i = 0; i < value_len(page); i++) {
		if (value_len(list->items) == list->items_max)
			return error_set(err, ERROR_LIMIT, "GET %.*s: more than %zu items",
					 STR_ARG(list->path), list->items_max);
		value_append(list->arena, list->items, value_copy(list->arena, value_at(page, i)));
	}
	return true;
}

bool github_list(struct github *github, struct str path, size_t items_max, struct arena *arena,
		 struct value **items, struct error *err)
{
	struct whole_list list = {
		.path = path,
		.items_max = items_max,
		.arena = arena,
		.items = value_array(arena),
	};

	if (!github_pages(github, path, take_items, &list, err))
		return false;
	*items = list.items;
	return true;
}

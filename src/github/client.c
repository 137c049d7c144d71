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

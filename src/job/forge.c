/* Repositories on GitHub, this one and others, as sources of files. */
#include "job/forge.h"

#include "job/version.h"

void forge_init(struct forge *forge, const struct forge_options *options)
{
	*forge = (struct forge){.agents_token = options->agents_token};
	forge->options = (struct github_options){
		.http = options->http,
		.api_url = env_get(options->env, "GITHUB_API_URL"),
		.graphql_url = env_get(options->env, "GITHUB_GRAPHQL_URL"),
		.server_url = env_get(options->env, "GITHUB_SERVER_URL"),
		.token = options->token,
		.repository = options->repository,
		.user_agent = STR("outcrop/" OUTCROP_VERSION),
		.dry_run = options->dry_run,
		.waits_end_ms = options->waits_end_ms,
	};
	forge->github = github_new(&forge->options);
}

void forge_release(struct forge *forge)
{
	if (!forge)
		return;
	for (size_t i = 0; i < forge->others.len; i++)
		github_free(forge->others.items[i]);
	VEC_RELEASE(&forge->others);
	github_free(forge->github);
	arena_release(&forge->arena);
	*forge = (struct forge){0};
}

static struct github *client_for(struct forge *forge, struct str repository)
{
	struct github_options options = forge->options;
	struct github *github;

	for (size_t i = 0; i < forge->others.len; i++) {
		if (str_eq(github_repository(forge->others.items[i]), repository))
			return forge->others.items[i];
	}
	options.repository = arena_str(&forge->arena, repository);
	if (forge->agents_token)
		options.token = forge->agents_token;
	github = github_new(&options);
	VEC_PUSH(&forge->others, github);
	return github;
}

bool forge_open(void *ctx, struct str repository, struct str ref, struct opened_source *opened,
		struct error *err)
{
	struct forge *forge = ctx;
	struct github *github = client_for(forge, repository);
	struct github_commit *commit = ARENA_NEW(&forge->arena, struct github_commit);

	commit->github = github;
	commit->blobs_left = GITHUB_BLOBS_MAX;
	/* All files come from one commit, which the report can name. */
	if (!github_resolve_commit(github, ref, &forge->arena, &commit->commit, err))
		return error_wrap(err, "%.*s@%.*s", STR_ARG(repository), STR_ARG(ref));
	*opened = (struct opened_source){source_from_github(commit), commit->commit};
	return true;
}

/* Repositories on GitHub, this one and others, as sources of files. */
#include "job/forge.h"

#include "job/version.h"

/* "HOST" of "https://HOST:PORT/api/v3"; empty for an empty address. */
static struct str host_of(struct str address)
{
	struct str rest = address;
	struct str scheme, host;

	(void)str_cut(address, STR("://"), &scheme, &rest);
	host = str_slice(rest, 0, 0);
	(void)str_next_part(&rest, '/', &host);
	rest = host;
	(void)str_next_part(&rest, ':', &host);
	return host;
}

/* A host, with the names under which GitHub answers for the API and for ssh over port 443. */
static bool is_host(struct str host, struct str server)
{
	static const struct str others[] = {STR_INIT(""), STR_INIT("api."), STR_INIT("ssh."),
					    STR_INIT("www.")};

	for (size_t i = 0; server.len && i < ARRAY_LEN(others); i++) {
		if (str_starts(host, others[i]) &&
		    str_eq_nocase(str_skip(host, others[i].len), server))
			return true;
	}
	return false;
}

bool forge_check_host(const struct env *env, struct str host, struct error *err)
{
	struct str server = host_of(env_get(env, "GITHUB_SERVER_URL"));
	struct str api = host_of(env_get(env, "GITHUB_API_URL"));

	host = host_of(host); /* without a port */
	if (!server.len)
		server = api.len ? api : STR("github.com");
	if (is_host(host, server) || is_host(host, api) || is_host(server, host))
		return true;
	error_set(err, ERROR_USAGE,
		  "%.*s is not the GitHub server of this run, which is %.*s: ", STR_ARG(host),
		  STR_ARG(server));
	if (is_host(host, STR("github.com")))
		return error_append(err, "unset GITHUB_API_URL and GITHUB_SERVER_URL");
	return error_append(err,
			    "for a GitHub Enterprise Server set GITHUB_API_URL=https://%.*s/api/v3",
			    STR_ARG(host));
}

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

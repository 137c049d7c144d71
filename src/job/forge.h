/* Repositories on GitHub, this one and others, as sources of files. */
#ifndef JOB_FORGE_H
#define JOB_FORGE_H

#include "agent/load.h"
#include "base/vec.h"
#include "github/github.h"
#include "github/pull.h"
#include "http/http.h"

/*
 * The clients of a run: one for the repository under review, one for each other repository that agents or
 * configuration come from (with the token that may read them).  Zeroed it is empty.
 */
struct forge {
	struct arena arena;
	struct github_options options;     /* of the repository under review */
	const struct secret *agents_token; /* for other repositories; NULL: the same token */
	struct github *github;             /* of the repository under review */
	struct {
		VEC_FIELDS(struct github *);
	} others;
};

/* All borrowed; reads GITHUB_API_URL and its like from `env`. */
struct forge_options {
	struct http *http;
	const struct env *env;
	const struct secret *token, *agents_token;
	struct str repository; /* OWNER/REPO */
	bool dry_run;
	int64_t waits_end_ms; /* see struct github_options */
};

void forge_init(struct forge *forge, const struct forge_options *options);
void forge_release(struct forge *forge);

/*
 * Whether a host is that of the run's GitHub: of GITHUB_SERVER_URL or GITHUB_API_URL, else github.com.
 * False, with what to do.
 */
bool forge_check_host(const struct env *env, struct str host, struct error *err) MUST_USE;

/* Opens another repository at a ref; matches source_open, `ctx` being the forge.  Waits. */
bool forge_open(void *ctx, struct str repository, struct str ref, struct opened_source *opened,
		struct error *err);

#endif

/* A connection to GitHub's API, shared by the files of the client. */
#ifndef GITHUB_CONNECTION_H
#define GITHUB_CONNECTION_H

#include "base/map.h"
#include "github/github.h"
#include "github/hosts.h"

struct github {
	struct arena arena;
	struct http *http;
	struct str api_url, graphql_url;
	struct str repository;
	struct secret authorization; /* "Bearer ..." */
	struct str redirect_hosts[REDIRECT_HOSTS_MAX];
	size_t redirect_hosts_len;
	enum github_actor actor;
	bool dry_run;
	int64_t write_spacing_ms;
	int64_t last_write_ms;
	int64_t waits_end_ms;
	bool has_written;
	struct permits writes; /* one at a time */
	struct map kept;       /* see github_keep() */
};

#endif

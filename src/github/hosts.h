/* The hosts that GitHub's API redirects to. */
#ifndef GITHUB_HOSTS_H
#define GITHUB_HOSTS_H

#include "base/arena.h"
#include "base/str.h"

enum { REDIRECT_HOSTS_MAX = 2 };

/*
 * The hosts that have the files and archives of that API, for http_request's redirect_hosts: fixed names for
 * github.com, subdomains of the server for GitHub Enterprise Server.  Returns how many.
 */
size_t redirect_hosts(struct arena *arena, struct str api_url, struct str *hosts);

#endif

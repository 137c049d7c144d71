/* The hosts that GitHub's API redirects to. */
#ifndef GITHUB_HOSTS_H
#define GITHUB_HOSTS_H

#include "base/arena.h"
#include "base/str.h"

enum { REDIRECT_HOSTS_MAX = 2 };

/*
 * Where the GitHub of that API keeps files and archives, as http_request's redirect_hosts: fixed names for
 * github.com, names below the server's own for an Enterprise server.  Returns how many.
 */
size_t redirect_hosts(struct arena *arena, struct str api_url, struct str *hosts);

#endif

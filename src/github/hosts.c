/* The hosts that GitHub's API redirects to. */
#include "github/hosts.h"

#include "http/http.h"

size_t redirect_hosts(struct arena *arena, struct str api_url, struct str *hosts)
{
	struct url_parts parts;
	struct str host;
	struct error err;

	if (!url_split(api_url, &parts, &err))
		return 0;
	host = parts.host;
	if (str_eq_nocase(host, STR("api.github.com"))) {
		hosts[0] = STR("codeload.github.com");
		hosts[1] = STR(".githubusercontent.com");
		return 2;
	}
	if (str_starts(host, STR("api.")))
		host = str_skip(host, 4);
	hosts[0] = arena_printf(arena, "codeload.%.*s", STR_ARG(host));
	hosts[1] = arena_printf(arena, "raw.%.*s", STR_ARG(host));
	return 2;
}

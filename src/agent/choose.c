/* Chooses among configured agents, and checks whether a change edits them. */
#include "agent/choose.h"

#include "agent/config.h"
#include "agent/load.h"

static bool has_name(const struct str *names, size_t len, struct str name)
{
	for (size_t i = 0; i < len; i++) {
		if (str_eq(names[i], name))
			return true;
	}
	return false;
}

static bool find_agent(const struct agents *agents, struct str name, struct error *err)
{
	SCOPED(buf) struct buf known = BUF_INIT;

	for (size_t i = 0; i < agents->len; i++) {
		if (str_eq(agents->items[i].name, name))
			return true;
		buf_addf(&known, "%s%.*s", i ? ", " : "", STR_ARG(agents->items[i].name));
	}
	return error_set(err, ERROR_USAGE, "no agent \"%.*s\" is configured here: choose among %s",
			 STR_ARG(name), known.ptr);
}

bool agents_choose(struct agents *agents, const struct str *names, size_t len, struct error *err)
{
	size_t kept = 0;

	for (size_t i = 0; i < len; i++) {
		if (!find_agent(agents, names[i], err))
			return false;
	}
	for (size_t i = 0; i < agents->len; i++) {
		if (!has_name(names, len, agents->items[i].name))
			continue;
		agents->items[kept] = agents->items[i];
		/* The others do not run, so they have no results to show. */
		agents->items[kept++].needs.len = 0;
	}
	agents->len = kept;
	return true;
}

bool agents_edited(const struct diff *diff)
{
	for (size_t i = 0; i < diff->len; i++) {
		struct str path = diff->files[i].path;

		if (str_eq(path, STR(CONFIG_PATH_DEFAULT)) ||
		    str_eq(path, STR(CONFIG_PATH_OTHER)) || str_starts(path, STR(OUTCROP_FOLDER)))
			return true;
	}
	return false;
}

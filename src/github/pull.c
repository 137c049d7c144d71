/* Pull requests, read through the API. */
#include "github/pull.h"

#include "base/clock.h"
#include "github/wire.h"

bool pull_read(struct github *github, int64_t number, struct arena *arena, struct pull *pull,
	       struct error *err)
{
	struct wire_pull wire = {0};
	struct github_answer answer = {0};
	struct github_call call = {
		.method = "GET",
		.path = arena_printf(arena, "/repos/%.*s/pulls/%lld",
				     STR_ARG(github_repository(github)), (long long)number),
	};

	if (!github_send(github, &call, arena, &answer, err) ||
	    !fields_decode_json(arena, &wire_pull_fields, answer.json, "pull request", &wire, err))
		return error_wrap(err, "read pull request #%lld", (long long)number);
	if (!wire.head.sha.len || !wire.base.sha.len)
		return error_set(err, ERROR_PROTOCOL,
				 "read pull request #%lld: the answer lacks its head or base",
				 (long long)number);
	wire_pull_take(arena, &wire, pull);
	return true;
}

bool pull_merge_base(struct github *github, const struct pull *pull, struct arena *arena,
		     struct str *commit, struct error *err)
{
	struct github_answer answer = {0};
	struct str found;
	struct github_call call = {
		.method = "GET",
		/* One commit a page: the answer's files and commits are of no use here. */
		.path = arena_printf(arena, "/repos/%.*s/compare/%.*s...%.*s?per_page=1&page=2",
				     STR_ARG(github_repository(github)), STR_ARG(pull->base_commit),
				     STR_ARG(pull->head_commit)),
	};

	if (!github_send(github, &call, arena, &answer, err))
		return error_wrap(err, "find where the pull request starts");
	found = value_get_string(value_get(answer.json, "merge_base_commit"), "sha");
	if (!found.len)
		return error_set(err, ERROR_PROTOCOL, "compare %.*s...%.*s: no merge base",
				 STR_ARG(pull->base_commit), STR_ARG(pull->head_commit));
	*commit = found;
	return true;
}

/* Pull requests by the time of their last change, the newest first. */
struct pull_search {
	int64_t since_ms;
	size_t max;
	struct arena *arena;
	struct pulls found; /* with room for `max` */
};

/* Stops when the rest of the list is older, or there is no room. */
static bool take_pulls(void *ctx, const struct value *page, bool *more, struct error *err)
{
	struct pull_search *search = ctx;
	struct pulls *found = &search->found;

	for (size_t i = 0; i < value_len(page); i++) {
		struct wire_pull wire = {0};
		int64_t updated_ms;

		if (!fields_decode_json(search->arena, &wire_pull_fields,
					value_copy(search->arena, value_at(page, i)),
					"pull requests", &wire, err))
			return false;
		*more = !time_parse(wire.updated_at, &updated_ms) || updated_ms >= search->since_ms;
		if (!*more)
			return true;
		found->cut = found->len == search->max;
		if (found->cut) {
			*more = false;
			return true;
		}
		wire_pull_take(search->arena, &wire, &found->items[found->len++]);
	}
	return true;
}

bool pulls_list(struct github *github, int64_t since_ms, size_t max, struct arena *arena,
		struct pulls *pulls, struct error *err)
{
	struct pull_search search = {
		.since_ms = since_ms,
		.max = max,
		.arena = arena,
		.found.items = ARENA_ARRAY(arena, struct pull, max + 1),
	};
	struct str path =
		arena_printf(arena,
			     "/repos/%.*s/pulls?state=all&sort=updated&direction=desc&per_page=100",
			     STR_ARG(github_repository(github)));

	if (!github_pages(github, path, take_pulls, &search, err))
		return error_wrap(err, "list the pull requests");
	*pulls = search.found;
	return true;
}

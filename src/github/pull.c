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

/* Adds a page of the list; false when the rest of it is older, or there is no room. */
static bool take_page(const struct value *page, int64_t since_ms, size_t max, struct arena *arena,
		      struct pulls *pulls, bool *more, struct error *err)
{
	for (size_t i = 0; i < value_len(page); i++) {
		struct wire_pull wire = {0};
		int64_t updated_ms;

		if (!fields_decode_json(arena, &wire_pull_fields, value_at(page, i),
					"pull requests", &wire, err))
			return false;
		*more = !time_parse(wire.updated_at, &updated_ms) || updated_ms >= since_ms;
		if (!*more)
			return true;
		pulls->cut = pulls->len == max;
		if (pulls->cut) {
			*more = false;
			return true;
		}
		wire_pull_take(arena, &wire, &pulls->items[pulls->len++]);
	}
	return true;
}

bool pulls_list(struct github *github, int64_t since_ms, size_t max, struct arena *arena,
		struct pulls *pulls, struct error *err)
{
	struct pulls result = {.items = ARENA_ARRAY(arena, struct pull, max + 1)};
	struct github_call call = {
		.method = "GET",
		.path = arena_printf(
			arena,
			"/repos/%.*s/pulls?state=all&sort=updated&direction=desc&per_page=100",
			STR_ARG(github_repository(github))),
	};
	bool more = true;

	for (int page = 0; more && call.path.len && page < GITHUB_PAGES_MAX; page++) {
		struct github_answer answer = {0};

		if (!github_send(github, &call, arena, &answer, err) ||
		    !take_page(answer.json, since_ms, max, arena, &result, &more, err))
			return error_wrap(err, "list the pull requests");
		call.path = answer.next;
	}
	*pulls = result;
	return true;
}

/* Finds who disliked a comment, and whether the user has write access. */
#include "base/encode.h"
#include "github/comments.h"

enum { VOTERS_MAX = 100 };

bool review_comment_down_voters(struct github *github, int64_t id, struct arena *arena,
				struct strings *logins, struct error *err)
{
	struct github_answer answer = {0};
	struct strings found = {0};
	struct github_call call = {
		.method = "GET",
		.path = arena_printf(
			arena, "/repos/%.*s/pulls/comments/%lld/reactions?content=-1&per_page=%d",
			STR_ARG(github_repository(github)), (long long)id, VOTERS_MAX),
	};

	if (!github_send(github, &call, arena, &answer, err))
		return error_wrap(err, "read the reactions to comment %lld", (long long)id);
	found.items = ARENA_ARRAY(arena, struct str, VOTERS_MAX);
	for (size_t i = 0; i < value_len(answer.json) && found.len < VOTERS_MAX; i++) {
		const struct value *item = value_at(answer.json, i);
		struct str login = value_get_string(value_get(item, "user"), "login");

		if (login.len && str_eq(value_get_string(item, "content"), STR("-1")))
			found.items[found.len++] = login;
	}
	*logins = found;
	return true;
}

bool github_user_may_write(struct github *github, struct str login, struct arena *arena,
			   bool *may_write, struct error *err)
{
	SCOPED(buf) struct buf name = BUF_INIT;
	struct github_answer answer = {0};
	struct github_call call = {.method = "GET"};
	struct error failed = {0};
	struct str permission;

	percent_add(&name, login, NULL);
	call.path = arena_printf(arena, "/repos/%.*s/collaborators/%s/permission",
				 STR_ARG(github_repository(github)), name.ptr);
	if (!github_send(github, &call, arena, &answer, &failed)) {
		if (failed.kind != ERROR_NOT_FOUND) {
			*err = failed;
			return error_wrap(err, "ask for the permission of \"%.*s\"",
					  STR_ARG(login));
		}
		*may_write = false;
		return true;
	}
	permission = value_get_string(answer.json, "permission");
	*may_write = str_eq(permission, STR("admin")) || str_eq(permission, STR("write")) ||
		     str_eq(permission, STR("maintain"));
	return true;
}

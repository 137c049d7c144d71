/* The checks of `outcrop doctor` on GitHub: whether the token can read the repository and post. */
#include "github/doctor.h"

#include <string.h>

/* One request, and what the workflow lacks when it is refused. */
struct probe {
	const char *name, *method;
	struct str path;
	const char *ok, *permission;
};

static struct str permission_fix(const struct error *err, const char *permission)
{
	if (err->kind == ERROR_DENIED || err->kind == ERROR_NOT_FOUND)
		return str_from(permission);
	return STR_EMPTY;
}

/* True when GitHub accepted it. */
static bool try_probe(struct github *github, const struct probe *probe,
		      struct doctor_checks *checks)
{
	bool is_read = strcmp(probe->method, "GET") == 0;
	struct github_call call = {.method = probe->method,
				   .path = probe->path,
				   .body = is_read ? NULL : value_object(&checks->arena),
				   .repeat = GITHUB_REPEAT_SAFE};
	struct doctor_check check = {.name = str_from(probe->name), .text = str_from(probe->ok)};
	struct github_answer answer = {0};
	struct error err = {0};
	bool ok = github_send(github, &call, &checks->arena, &answer, &err);

	if (!ok && strcmp(err.code, GITHUB_CODE_DRY_RUN) == 0) {
		check.text = STR("not tried in a dry run");
	} else if (!ok) {
		check.state = DOCTOR_WRONG;
		check.text = str_from(err.message);
		check.fix = permission_fix(&err, probe->permission);
	}
	doctor_checks_add(checks, &check);
	return ok;
}

void github_doctor(struct github *github, int64_t number, struct doctor_checks *checks)
{
	static const char posting[] = "add to the workflow's permissions:\n  pull-requests: write";
	struct str repository = github_repository(github);
	struct arena *arena = &checks->arena;
	struct probe code = {.name = "repository",
			     .method = "GET",
			     .path = arena_printf(arena, "/repos/%.*s/commits/HEAD",
						  STR_ARG(repository)),
			     .ok = "can be read",
			     .permission = "add to the workflow's permissions:\n  contents: read\n"
					   "and give the token of this repository as github-token"};
	struct probe pull = {.name = "pull request",
			     .method = "GET",
			     .path = arena_printf(arena, "/repos/%.*s/pulls/%lld",
						  STR_ARG(repository), (long long)number),
			     .ok = "can be read",
			     .permission = posting};
	struct probe comments = {.name = "comments",
				 .method = "GET",
				 .path = arena_printf(arena,
						      "/repos/%.*s/issues/%lld/comments?per_page=1",
						      STR_ARG(repository), (long long)number),
				 .ok = "can be read",
				 .permission = posting};
	/* An empty update changes nothing, and is refused to a token that may not write. */
	struct probe writing = {.name = "posting",
				.method = "PATCH",
				.path = pull.path,
				.ok = "is allowed",
				.permission = posting};

	if (!try_probe(github, &code, checks) || !number || !try_probe(github, &pull, checks))
		return;
	(void)try_probe(github, &comments, checks);
	(void)try_probe(github, &writing, checks);
}

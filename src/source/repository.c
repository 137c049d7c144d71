/* The local object database, by libgit2: names and commits. */
#include "source/repository.h"

#include "source/git.h"

static struct str id_text(struct arena *arena, const git_oid *oid)
{
	char hex[GIT_OID_HEXSZ + 1];

	git_oid_tostr(hex, sizeof(hex), oid);
	return arena_str(arena, str_from(hex));
}

bool repository_is_bare(const struct repository *repository)
{
	return git_repository_is_bare(repository->git) == 1;
}

bool repository_resolve(struct repository *repository, struct str revision, struct arena *arena,
			struct str *commit, struct error *err)
{
	git_object *object = NULL;
	git_object *peeled = NULL;
	int code = git_revparse_single(&object, repository->git, arena_text(arena, revision));

	if (code == 0)
		code = git_object_peel(&peeled, object, GIT_OBJECT_COMMIT);
	if (code == 0)
		*commit = id_text(arena, git_object_id(peeled));
	git_object_free(peeled);
	git_object_free(object);
	if (code == 0)
		return true;
	git_fail(err, code, "commit not found");
	return error_wrap(err, "\"%.*s\"", STR_ARG(revision));
}

static struct str unshallow(struct repository *repository)
{
	if (git_repository_is_shallow(repository->git) != 1)
		return STR_EMPTY;
	return STR("git fetch --unshallow (with actions/checkout: fetch-depth: 0)");
}

/* The remote that "REMOTE/BRANCH" begins with; `branch` is the rest. */
static bool split_remote(struct repository *repository, struct str revision, struct arena *arena,
			 struct str *remote, struct str *branch)
{
	git_remote *found = NULL;

	if (!str_cut(revision, STR("/"), remote, branch) || !remote->len || !branch->len ||
	    git_remote_lookup(&found, repository->git, arena_text(arena, *remote)) != 0)
		return false;
	git_remote_free(found);
	return true;
}

struct str repository_remedy(struct repository *repository, struct str revision,
			     struct arena *arena)
{
	static const char *const marks[] = {"~", "^", "@", ":"};
	struct str branch = revision;
	struct str remote = STR("origin");

	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		if (!str_contains(revision, str_from(marks[i])))
			continue;
		if (unshallow(repository).len)
			return arena_printf(arena, "this clone is shallow: %.*s",
					    STR_ARG(unshallow(repository)));
		return STR("name a branch, a tag or a commit that is");
	}
	if (!split_remote(repository, revision, arena, &remote, &branch)) {
		remote = STR("origin");
		branch = revision;
	}
	return arena_printf(
		arena, "fetch it (git fetch %.*s %.*s) and give --base FETCH_HEAD, or name another",
		STR_ARG(remote), STR_ARG(branch));
}

bool repository_merge_base(struct repository *repository, struct str a, struct str b,
			   struct arena *arena, struct str *base, struct error *err)
{
	git_oid first;
	git_oid second;
	git_oid found;
	int code;

	if (!git_id(&first, a, err) || !git_id(&second, b, err))
		return false;
	code = git_merge_base(&found, repository->git, &first, &second);
	if (code != 0 && unshallow(repository).len)
		return error_set(
			err, ERROR_NOT_FOUND,
			"no common ancestor in this shallow clone: fetch the history: %.*s",
			STR_ARG(unshallow(repository)));
	if (code != 0)
		return git_fail(err, code, "no common ancestor");
	*base = id_text(arena, &found);
	return true;
}

bool repository_has_commit(struct repository *repository, struct str commit)
{
	git_commit *found = NULL;
	struct error err;
	git_oid oid;
	bool has;

	if (!git_id(&oid, commit, &err))
		return false;
	has = git_commit_lookup(&found, repository->git, &oid) == 0;
	git_commit_free(found);
	return has;
}

bool repository_default_branch(struct repository *repository, struct arena *arena,
			       struct str *branch, struct error *err)
{
	static const char *const names[] = {"refs/remotes/origin/HEAD", "refs/remotes/origin/main",
					    "refs/remotes/origin/master", "refs/heads/main",
					    "refs/heads/master"};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		git_oid id;

		/* origin/HEAD may name a branch that was renamed or removed since. */
		if (git_reference_name_to_id(&id, repository->git, names[i]) == 0) {
			*branch = arena_str(arena, str_from(names[i]));
			return true;
		}
	}
	return error_set(
		err, ERROR_NOT_FOUND,
		"no branch to compare with: neither origin/HEAD nor main nor master; name one with --base");
}

/* The parts of git@HOST:OWNER/REPO.git, ssh://git@HOST:22/OWNER/REPO or https://HOST/OWNER/REPO.git. */
static struct remote_name split_url(struct str url)
{
	struct remote_name name = {0};
	struct str host = STR_EMPTY;
	struct str scheme, rest;
	ptrdiff_t slash, before;

	if (str_ends(url, STR("/")))
		url.len--;
	if (str_ends(url, STR(".git")))
		url.len -= 4;
	slash = str_rfind_char(url, '/');
	if (slash <= 0)
		return name;
	before = slash - 1;
	while (before >= 0 && url.ptr[before] != '/' && url.ptr[before] != ':')
		before--;
	if (before <= 0)
		return name;
	name.repository = str_skip(url, (size_t)before + 1);
	rest = str_slice(url, 0, (size_t)before);
	if (str_cut(rest, STR("://"), &scheme, &rest) && str_eq(scheme, STR("file")))
		return name;
	(void)str_next_part(&rest, '/', &host);
	rest = str_skip(host, (size_t)(str_rfind_char(host, '@') + 1));
	(void)str_next_part(&rest, ':', &name.host);
	return name;
}

struct remote_name repository_remote(struct repository *repository, const char *remote_name,
				     struct arena *arena)
{
	git_remote *remote = NULL;
	struct remote_name name = {0};

	if (git_remote_lookup(&remote, repository->git, remote_name) == 0 && git_remote_url(remote))
		name = split_url(arena_str(arena, str_from(git_remote_url(remote))));
	git_remote_free(remote);
	return name;
}

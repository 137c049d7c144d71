/* The local object database, by libgit2: opening it, names, commits. */
#include "source/repository.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "source/git.h"

bool git_fail(struct error *err, int code, const char *what)
{
	const git_error *last = git_error_last();
	bool missing = code == GIT_ENOTFOUND || code == GIT_EUNBORNBRANCH;

	return error_set(err, missing ? ERROR_NOT_FOUND : ERROR_IO, "%s: %s", what,
			 last && last->message ? last->message : "libgit2 failed");
}

bool git_id(git_oid *oid, struct str id, struct error *err)
{
	if (id.len != GIT_OID_HEXSZ || git_oid_fromstrn(oid, id.ptr, id.len) != 0)
		return error_set(err, ERROR_NOT_FOUND, "'%.*s' is no full object id", STR_ARG(id));
	return true;
}

/* Configuration of the system or the user must not decide how a repository is read. */
static void start_library(void)
{
	static const git_config_level_t levels[] = {GIT_CONFIG_LEVEL_SYSTEM,
						    GIT_CONFIG_LEVEL_GLOBAL, GIT_CONFIG_LEVEL_XDG,
						    GIT_CONFIG_LEVEL_PROGRAMDATA};

	git_libgit2_init();
	for (size_t i = 0; i < ARRAY_LEN(levels); i++)
		git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, levels[i], "");
	/* A container's checkout belongs to another user; nothing in it is executed. */
	git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
}

static struct repository *open_with(const char *path, unsigned flags, struct error *err)
{
	struct repository *repository = NEW(struct repository);
	int code;

	start_library();
	code = git_repository_open_ext(&repository->git, path, flags, NULL);
	if (code == 0)
		return repository;
	git_fail(err, code, path);
	repository_free(repository);
	return NULL;
}

struct repository *repository_open(const char *path, struct error *err)
{
	return open_with(path, GIT_REPOSITORY_OPEN_NO_SEARCH, err);
}

struct repository *repository_discover(const char *path, struct error *err)
{
	return open_with(path, 0, err);
}

void repository_free(struct repository *repository)
{
	if (!repository)
		return;
	git_repository_free(repository->git);
	arena_release(&repository->arena);
	free(repository);
	git_libgit2_shutdown();
}

static struct str id_text(struct arena *arena, const git_oid *oid)
{
	char hex[GIT_OID_HEXSZ + 1];

	git_oid_tostr(hex, sizeof(hex), oid);
	return arena_str(arena, str_from(hex));
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
	git_fail(err, code, "no such commit");
	return error_wrap(err, "'%.*s'", STR_ARG(revision));
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
		git_reference *reference = NULL;

		if (git_reference_lookup(&reference, repository->git, names[i]) == 0) {
			git_reference_free(reference);
			*branch = arena_str(arena, str_from(names[i]));
			return true;
		}
	}
	return error_set(
		err, ERROR_NOT_FOUND,
		"no branch to compare with: neither origin/HEAD nor main nor master; name one with --base");
}

/* "OWNER/REPO" out of git@host:OWNER/REPO.git or https://host/OWNER/REPO.git. */
static struct str name_in_url(struct str url)
{
	ptrdiff_t slash;
	ptrdiff_t before;

	if (str_ends(url, STR("/")))
		url.len--;
	if (str_ends(url, STR(".git")))
		url.len -= 4;
	slash = str_rfind_char(url, '/');
	if (slash <= 0)
		return STR_EMPTY;
	before = slash - 1;
	while (before >= 0 && url.ptr[before] != '/' && url.ptr[before] != ':')
		before--;
	return before <= 0 ? STR_EMPTY : str_skip(url, (size_t)before + 1);
}

struct str repository_origin(struct repository *repository, struct arena *arena)
{
	git_remote *remote = NULL;
	struct str name = STR_EMPTY;

	if (git_remote_lookup(&remote, repository->git, "origin") == 0)
		name = arena_str(arena, name_in_url(str_from(git_remote_url(remote))));
	git_remote_free(remote);
	return name;
}

bool git_tree_of(struct repository *repository, struct str commit, git_tree **tree,
		 struct error *err)
{
	git_commit *found = NULL;
	git_oid oid;
	int code;

	if (!git_id(&oid, commit, err))
		return false;
	code = git_commit_lookup(&found, repository->git, &oid);
	if (code == 0)
		code = git_commit_tree(tree, found);
	git_commit_free(found);
	return code == 0 || git_fail(err, code, "commit is not in this repository");
}

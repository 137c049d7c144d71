/* Shared functions of this folder for libgit2. */
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
		return error_set(err, ERROR_NOT_FOUND, "\"%.*s\" is not a full object id",
				 STR_ARG(id));
	return true;
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

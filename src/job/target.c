/* The reviewed change, and the files around it. */
#include "job/target.h"

#include "base/file.h"
#include "base/log.h"

void target_release(struct target *target)
{
	if (!target)
		return;
	repository_free(target->repository);
	forge_release(&target->forge);
	diff_release(&target->diff);
	arena_release(&target->arena);
}

void target_open_repository(struct target *target, const char *path,
			    const struct git_environment *discover, bool needed)
{
	struct error *err = &target->no_repository;

	target->repository =
		discover ? repository_discover(path, discover, err) : repository_open(path, err);
	if (target->repository)
		return;
	if (needed)
		return; /* the code that needs it reports the error */
	if (err->kind == ERROR_NOT_FOUND)
		log_debug("source", "no local repository: %s", err->message);
	else
		log_notice("source", "the local repository is not used: %s", err->message);
}

/* Files of one commit: from the local repository, and missing ones from the API. */
static struct source source_at(struct target *target, struct str commit,
			       struct repository_commit *local, struct github_commit *remote,
			       struct source_both *both)
{
	*remote = (struct github_commit){
		.github = target->forge.github,
		.commit = commit,
		.blobs_left = GITHUB_BLOBS_MAX,
		.shared_left = &target->blobs_left,
	};
	if (!target->repository)
		return source_from_github(remote);
	*local = (struct repository_commit){target->repository, commit};
	*both = (struct source_both){source_from_commit(local), source_from_github(remote)};
	return source_from_both(both);
}

static void set_sources(struct target *target)
{
	struct pull *pull = &target->pull;

	target->blobs_left = GITHUB_BLOBS_MAX;
	target->base = source_at(target, pull->base_commit, &target->base_local,
				 &target->base_remote, &target->base_both);
	target->head = source_at(target, pull->head_commit, &target->head_local,
				 &target->head_remote, &target->head_both);
	target->has_base = target->has_head = true;
	target->change.base_commit = pull->base_commit;
	target->change.head_commit = pull->head_commit;
}

bool target_set_pull(struct target *target, int64_t number, struct error *err)
{
	struct pull *pull = &target->pull;

	if (!pull_read(target->forge.github, number, &target->arena, pull, err)) {
		if (err->kind == ERROR_NOT_FOUND)
			error_append(
				err,
				"; check repository and number, and that %s may read the repository: a private one is not found without",
				log_setting("the token", "the token in GITHUB_TOKEN"));
		return false;
	}
	target->change = (struct change){
		.repository = github_repository(target->forge.github),
		.number = pull->number,
		.title = pull->title,
		.body = pull->body,
		.author = pull->author,
		.base_ref = pull->base_ref,
		.head_ref = pull->head_ref,
		.labels = pull->labels,
		.labels_len = pull->labels_len,
		.head = &target->head,
		.base = &target->base,
	};
	set_sources(target);
	return true;
}

bool target_set_commits(struct target *target, struct str head, struct str base, struct error *err)
{
	if (!str_is_git_id(head) || !str_is_git_id(base))
		return error_set(
			err, ERROR_USAGE,
			"\"%.*s..%.*s\": expected two full commit ids, of 40 or 64 lower-case hex digits",
			STR_ARG(head), STR_ARG(base));
	target->pull.head_commit = head;
	target->pull.base_commit = base;
	set_sources(target);
	return true;
}

/* True if the local repository contained the whole change. */
static bool read_locally(struct target *target)
{
	struct str base;
	struct error err;

	if (!target->repository ||
	    !repository_has_commit(target->repository, target->pull.head_commit) ||
	    !repository_has_commit(target->repository, target->pull.base_commit))
		return false;
	if (repository_merge_base(target->repository, target->pull.base_commit,
				  target->pull.head_commit, &target->arena, &base, &err) &&
	    repository_diff(target->repository, base, target->pull.head_commit, &target->diff,
			    &err))
		return true;
	log_debug("source", "the local repository does not have the change: %s", err.message);
	return false;
}

static void fill_paths(struct target *target)
{
	struct change *change = &target->change;

	change->diff = &target->diff;
	change->all_paths_len = target->diff.len;
	change->all_paths = ARENA_ARRAY(&target->arena, struct str, target->diff.len);
	for (size_t i = 0; i < target->diff.len; i++)
		change->all_paths[i] = target->diff.files[i].path;
}

bool target_read_change(struct target *target, struct error *err)
{
	const struct source *local = NULL;
	struct source head_local;

	if (target->repository) {
		head_local = source_from_commit(&target->head_local);
		local = &head_local;
	}
	if (!read_locally(target) &&
	    !pull_diff(target->forge.github, &target->pull, local, &target->diff, err))
		return error_wrap(err, "read the change of pull request #%lld",
				  (long long)target->pull.number);
	fill_paths(target);
	return true;
}

void target_use_worktree(struct target *target)
{
	struct change *change = &target->change;
	struct error err;
	struct str head = STR_EMPTY;

	change->repository =
		repository_remote(target->repository, "origin", &target->arena).repository;
	if (repository_resolve(target->repository, STR("HEAD"), &target->arena, &head, &err))
		change->head_commit = head;
	target->head_local = (struct repository_commit){target->repository, head};
	if (!repository_is_bare(target->repository))
		target->head = source_from_worktree(target->repository);
	else if (head.len)
		target->head = source_from_commit(&target->head_local);
	else
		return;
	target->base = target->head;
	target->has_base = target->has_head = true;
	change->base = &target->base;
	change->head = &target->head;
}

bool target_use_files(struct target *target, const char *folder, struct error *err)
{
	if (target->repository) {
		target_use_worktree(target);
		return true;
	}
	if (!file_is_folder(folder))
		return error_set(err, ERROR_USAGE, "\"%s\" is not a folder", folder);
	target->folder = (struct source_folder){.path = folder};
	target->base = target->head = source_from_folder(&target->folder);
	target->has_base = target->has_head = true;
	return true;
}

static bool has_repository(const struct target *target, struct error *err)
{
	if (target->repository)
		return true;
	if (target->no_repository.kind != ERROR_NOT_FOUND)
		return error_set(err, ERROR_USAGE, "%s", target->no_repository.message);
	return error_set(err, ERROR_USAGE,
			 "no git repository here; run it inside of one, or give --diff FILE");
}

/* No call was made yet, so the kind of libgit2's error does not matter. */
static bool fail_usage(struct error *err)
{
	err->kind = ERROR_USAGE;
	return false;
}

/* The repository that a comparison needs, with its files. */
static bool use_repository(struct target *target, struct error *err)
{
	if (!has_repository(target, err))
		return false;
	target_use_worktree(target);
	return target->change.head_commit.len ||
	       error_set(
		       err, ERROR_USAGE,
		       "this repository has no commit yet: commit first, or give the change itself with --diff");
}

/* The commit that changes are compared with. */
static bool find_base(struct target *target, struct str name, struct str *commit, struct error *err)
{
	struct str branch = name;

	if (!branch.len &&
	    !repository_default_branch(target->repository, &target->arena, &branch, err))
		return fail_usage(err);
	target->change.base_ref = branch;
	if (str_contains(branch, STR(".."))) {
		error_set(err, ERROR_USAGE,
			  "--base \"%.*s\": give one branch, tag or commit, not a range",
			  STR_ARG(branch));
		return fail_usage(err);
	}
	if (!repository_resolve(target->repository, branch, &target->arena, commit, err)) {
		if (err->kind != ERROR_NOT_FOUND)
			error_wrap(err, "--base");
		else
			error_set(err, ERROR_USAGE,
				  "--base \"%.*s\": branch or commit not found: %.*s",
				  STR_ARG(branch),
				  STR_ARG(repository_remedy(target->repository, branch,
							    &target->arena)));
		return fail_usage(err);
	}
	if (!repository_merge_base(target->repository, *commit, target->change.head_commit,
				   &target->arena, commit, err)) {
		error_wrap(err, "compare with \"%.*s\"", STR_ARG(branch));
		return fail_usage(err);
	}
	return true;
}

bool target_set_staged(struct target *target, struct error *err)
{
	if (!use_repository(target, err))
		return false;
	if (repository_is_bare(target->repository))
		return error_set(
			err, ERROR_USAGE,
			"--staged: a bare repository has no index: compare commits with --base");
	if (!repository_diff_staged(target->repository, target->change.head_commit, &target->diff,
				    err))
		return fail_usage(err);
	target->change.base_ref = STR("HEAD");
	target->change.base_commit = target->change.head_commit;
	fill_paths(target);
	return true;
}

bool target_set_worktree(struct target *target, struct str base, struct error *err)
{
	struct change *change = &target->change;
	struct str commit;
	bool ok;

	if (!use_repository(target, err) || !find_base(target, base, &commit, err))
		return false;
	change->base_commit = commit;
	ok = repository_is_bare(target->repository)
		     ? repository_diff(target->repository, commit, change->head_commit,
				       &target->diff, err)
		     : repository_diff_worktree(target->repository, commit, &target->diff, err);
	if (!ok)
		return fail_usage(err);
	fill_paths(target);
	return true;
}

bool target_set_diff(struct target *target, struct str text, struct error *err)
{
	if (!diff_parse(text, &target->diff, err))
		return false;
	if (target->repository)
		target_use_worktree(target);
	fill_paths(target);
	return true;
}

void target_set_head_folder(struct target *target, const char *folder)
{
	target->folder = (struct source_folder){.path = folder};
	target->head = source_from_folder(&target->folder);
	target->has_head = true;
	target->change.head = &target->head;
}

void target_set_head_commit(struct target *target, struct repository_commit *commit)
{
	target->head = source_from_commit(commit);
	target->has_head = true;
	target->change.head = &target->head;
}

struct session_sources target_sources(struct target *target)
{
	return (struct session_sources){
		.base = target->has_base ? &target->base : NULL,
		.open = target->forge.github ? forge_open : NULL,
		.open_ctx = &target->forge,
	};
}

/* What a local run looks at: the work tree, a diff, or a pull request of GitHub. */
#include "cli/local.h"

#include "base/file.h"
#include "base/log.h"

bool local_split_pull(struct str text, struct str *repository, int64_t *number, struct error *err)
{
	struct str owner, name, digits;

	if (str_cut(text, STR("#"), repository, &digits) && str_to_int64(digits, number) &&
	    *number > 0 && str_cut(*repository, STR("/"), &owner, &name) && owner.len && name.len &&
	    str_find_char(name, '/', 0) < 0)
		return true;
	return error_set(err, ERROR_USAGE, "--pr '%.*s': must read OWNER/REPO#N", STR_ARG(text));
}

void local_open_forge(struct runtime *run, struct forge *forge, struct str repository)
{
	struct env *env = run->env;
	const struct secret *token = env_take_secret(env, "GITHUB_TOKEN");
	const struct secret *other = env_take_secret(env, "GH_TOKEN");
	struct forge_options options = {
		.http = run->http,
		.env = env,
		.repository = repository,
		.token = token ? token : other,
	};

	if (options.token)
		log_mask(options.token);
	forge_init(forge, &options);
}

static bool read_diff(struct str path, struct target *target, struct error *err)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	if (!file_read(arena_text(&target->arena, path), DIFF_SIZE_MAX, &text, err)) {
		err->kind = ERROR_USAGE;
		return error_wrap(err, "--diff");
	}
	return target_set_diff(target, buf_str(&text), err) ||
	       error_wrap(err, "%.*s", STR_ARG(path));
}

bool local_find(const struct local_change *change, struct runtime *run, struct target *target,
		struct error *err)
{
	struct str repository = STR_EMPTY;
	int64_t number = 0;

	if ((change->base.len > 0) + (change->diff.len > 0) + (change->pr.len > 0) > 1)
		return error_set(err, ERROR_USAGE, "give one of --base, --diff and --pr");
	if (change->pr.len && !local_split_pull(change->pr, &repository, &number, err))
		return false;
	local_open_forge(run, &target->forge, repository);
	target_open_repository(target, ".", true);
	if (change->pr.len)
		return target_set_pull(target, number, err) && target_read_change(target, err);
	if (change->diff.len)
		return read_diff(change->diff, target, err);
	return target_set_worktree(target, change->base, err);
}

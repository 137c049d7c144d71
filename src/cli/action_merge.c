/* The action's merge: the reports of all shards become one review, posted once. */
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/glob.h"
#include "base/log.h"
#include "cli/posting.h"
#include "github/actions.h"
#include "job/join.h"
#include "output/report.h"
#include "publish/reviewed.h"

enum { FOLDER_DEPTH_MAX = 16, WALKED_FILES_MAX = 200000 };

struct merge_flow {
	struct action *action;
	struct runtime *run;
	struct str skip;
	struct posting posting;
	struct joined joined;
	const char *workspace;
	struct joined_report reports[SHARDS_MAX];
	size_t reports_len;
	size_t walked;
};

/* ---- Finding the reports ---- */

static bool take_file(struct merge_flow *flow, struct str path, struct error *err)
{
	const struct strings *globs = &flow->action->inputs.reports;
	struct arena *arena = &flow->action->cli->arena;
	SCOPED(buf) struct buf text = BUF_INIT;

	if (!glob_list_match(globs->items, globs->len, path))
		return true;
	if (flow->reports_len >= SHARDS_MAX)
		return error_set(err, ERROR_USAGE, "input 'reports': more than %d files match",
				 SHARDS_MAX);
	if (!file_read_below(flow->workspace, path.ptr, REPORT_SIZE_MAX, &text, err))
		return error_wrap(err, "input 'reports'");
	flow->reports[flow->reports_len++] =
		(struct joined_report){arena_str(arena, path), arena_str(arena, buf_str(&text))};
	return true;
}

/* Walks the folders of the workspace; links are not followed. */
static bool walk(struct merge_flow *flow, struct str below, int depth, struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct str folder = arena_printf(&arena, "%s/%.*s", flow->workspace, STR_ARG(below));
	const struct dirent *entry;
	bool good = true;
	DIR *dir = opendir(folder.ptr);

	if (!dir || depth > FOLDER_DEPTH_MAX) {
		if (dir)
			closedir(dir);
		log_debug("merge", "%.*s is not searched", STR_ARG(folder));
		return true;
	}
	while (good && (entry = readdir(dir))) {
		struct str name = str_from(entry->d_name);
		struct str path = arena_printf(&arena, "%.*s%.*s", STR_ARG(below), STR_ARG(name));
		struct stat info;

		if (str_eq(name, STR(".")) || str_eq(name, STR("..")) || str_eq(name, STR(".git")))
			continue;
		if (flow->walked++ >= WALKED_FILES_MAX)
			good = error_set(err, ERROR_USAGE,
					 "input 'reports': the workspace has more than %d files",
					 WALKED_FILES_MAX);
		else if (fstatat(dirfd(dir), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0)
			continue;
		else if (S_ISDIR(info.st_mode))
			good = walk(flow, arena_printf(&arena, "%.*s/", STR_ARG(path)), depth + 1,
				    err);
		else if (S_ISREG(info.st_mode))
			good = take_file(flow, path, err);
	}
	closedir(dir);
	return good;
}

static bool read_reports(struct merge_flow *flow, struct error *err)
{
	const struct strings *globs = &flow->action->inputs.reports;

	if (!globs->len)
		return error_set(
			err, ERROR_USAGE,
			"input 'reports' is missing: give globs of the shards' reports, as downloaded into the workspace");
	if (!walk(flow, STR_EMPTY, 0, err))
		return false;
	if (!flow->reports_len)
		return error_set(
			err, ERROR_USAGE,
			"input 'reports': no file of the workspace matches; download the reports of the shards first");
	log_info("merge", "%zu reports", flow->reports_len);
	return join_reports(flow->reports, flow->reports_len, &flow->action->cli->arena,
			    &flow->posting.result, &flow->joined, err);
}

/* ---- The pull request that they are of ---- */

static bool check_place(struct merge_flow *flow, struct error *err)
{
	const struct pull *pull = &flow->action->target.pull;
	const struct joined *joined = &flow->joined;

	if (joined->number != pull->number ||
	    !str_eq(joined->repository, flow->action->target.change.repository))
		return error_set(
			err, ERROR_CONFIG,
			"the reports are of pull request %.*s#%lld, this run is for %.*s#%lld",
			STR_ARG(joined->repository), (long long)joined->number,
			STR_ARG(flow->action->target.change.repository), (long long)pull->number);
	if (str_eq(joined->head, pull->head_commit) && str_eq(joined->base, pull->base_commit))
		return true;
	return target_set_commits(&flow->action->target, joined->head, joined->base, err);
}

/* The files that no shard left out. */
static void mark_reviewed(struct merge_flow *flow)
{
	struct posting *posting = &flow->posting;
	struct action *action = flow->action;
	const struct diff *diff = &action->target.diff;
	struct arena *arena = &action->cli->arena;

	posting->reviewers = session_reviewers(&action->session);
	posting->reviewed.files = ARENA_ARRAY(arena, struct diff_file, diff->len);
	for (size_t i = 0; i < diff->len; i++) {
		if (!reviewed_skipped(&posting->result.coverage, diff->files[i].path))
			posting->reviewed.files[posting->reviewed.len++] = diff->files[i];
	}
}

static bool prepare(struct merge_flow *flow, struct error *err)
{
	struct action *action = flow->action;
	struct session_sources sources;

	if (!read_reports(flow, err) || !action_find_pull(action, flow->run, &flow->skip, err))
		return false;
	if (flow->skip.len)
		return true;
	if (!check_place(flow, err))
		return false;
	sources = target_sources(&action->target);
	if (!session_load(&action->session, flow->run, &action->choices, &sources, err) ||
	    !target_read_change(&action->target, err))
		return false;
	if (!standing_read(action->target.forge.github, action->target.pull.number,
			   action->inputs.name, &flow->posting.standing, err))
		return error_wrap(err, "read what stands on the pull request");
	mark_reviewed(flow);
	flow->posting.view = posting_view(&flow->posting);
	return true;
}

static bool prepare_stage(void *ctx, struct error *err)
{
	return prepare(ctx, err);
}

static enum exit_status run_flow(struct merge_flow *flow)
{
	enum exit_status status;
	struct error err;

	if (!runtime_stage(flow->run, prepare_stage, flow, &err))
		return cli_fail(&err);
	if (flow->skip.len)
		return results_skip(flow->run, flow->skip, &err) ? EXIT_DONE : cli_fail(&err);
	posting_publish(&flow->posting);
	status = posting_leave(&flow->posting);
	if (!flow->joined.missing)
		return status;
	log_error("merge", "%d shards have no report: the review is partial", flow->joined.missing);
	return exit_worse(status, EXIT_INCOMPLETE);
}

static void merge_flow_release(struct merge_flow *flow)
{
	posting_release(&flow->posting);
	action_release(flow->action);
}

enum exit_status action_merge(struct runtime *run, void *arg)
{
	struct action *action = arg;
	struct str workspace = actions_workspace(run->env);
	SCOPED(merge_flow)
	struct merge_flow flow = {
		.action = action,
		.run = run,
		.workspace = workspace.len ? workspace.ptr : ".",
	};

	posting_init(&flow.posting, action, run);
	action_fill_choices(action, run);
	action_open(action, run);
	return run_flow(&flow);
}

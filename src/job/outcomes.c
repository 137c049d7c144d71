/* Reads from GitHub what happened to the findings of the last weeks. */
#include "job/outcomes.h"

#include <stdlib.h>

#include "base/log.h"
#include "job/preparation.h"
#include "job/since.h"
#include "publish/posted.h"
#include "source/repository.h"

enum { LINES_MAX = 10000 };

struct outcome_list {
	VEC_FIELDS(struct outcome);
};

/* The changes between two commits, kept because several findings need them. */
struct known_change {
	struct str from, to;
	struct str path;  /* of one file, where a branch was rebased; empty: of all files */
	bool is_ancestor; /* of all files: the first commit is one of the second */
	bool is_known;    /* it could be read */
	struct diff diff;
};

/* State while one pull request is read. */
struct pull_reader {
	struct job *job;
	struct github *github;
	const struct pull *pull;
	struct posted posted;
	struct arena arena;
	struct {
		VEC_FIELDS(struct known_change *);
	} changes;
	struct {
		VEC_FIELDS(struct str);
	} controlled; /* files whose other lines were counted */
	int blobs_left;
	struct outcomes *outcomes;
	struct outcome_list *list;
};

static void reader_release(struct pull_reader *reader)
{
	if (!reader)
		return;
	for (size_t i = 0; i < reader->changes.len; i++)
		diff_release(&reader->changes.items[i]->diff);
	VEC_RELEASE(&reader->changes);
	VEC_RELEASE(&reader->controlled);
	posted_release(&reader->posted);
	arena_release(&reader->arena);
}

/* ---- What changed ---- */

/* If these fail, nothing else can be read either. */
static bool ends_reading(const struct error *err)
{
	return error_ends_work(err) || err->kind == ERROR_QUOTA || err->kind == ERROR_DENIED;
}

static struct known_change *find_change(struct pull_reader *reader, struct str from, struct str to,
					struct str path)
{
	for (size_t i = 0; i < reader->changes.len; i++) {
		struct known_change *change = reader->changes.items[i];

		if (str_eq(change->from, from) && str_eq(change->to, to) &&
		    str_eq(change->path, path))
			return change;
	}
	return NULL;
}

static struct known_change *new_change(struct pull_reader *reader, struct str from, struct str to,
				       struct str path)
{
	struct known_change *change = ARENA_NEW(&reader->arena, struct known_change);

	*change = (struct known_change){.from = from, .to = to, .path = path};
	VEC_PUSH(&reader->changes, change);
	return change;
}

/*
 * Reads all files with one call. A change that cannot be read is kept as unknown; false only if
 * the run must end.
 */
static bool need_change(struct pull_reader *reader, struct str from, struct str to,
			struct known_change **out, struct error *err)
{
	struct error failed = {0};

	*out = find_change(reader, from, to, STR_EMPTY);
	if (*out)
		return true;
	*out = new_change(reader, from, to, STR_EMPTY);
	(*out)->is_known = str_eq(from, to) || pull_compare(reader->github, from, to, &(*out)->diff,
							    &(*out)->is_ancestor, &failed);
	if (str_eq(from, to))
		(*out)->is_ancestor = true;
	if ((*out)->is_known)
		return true;
	if (ends_reading(&failed)) {
		*err = failed;
		return false;
	}
	log_debug("outcomes", "#%lld: %s", (long long)reader->pull->number, failed.message);
	return true;
}

static bool read_file(struct pull_reader *reader, struct str commit, struct str path,
		      struct buf *out, struct error *err)
{
	struct github_commit at = {
		.github = reader->github,
		.commit = commit,
		.shared_left = &reader->blobs_left,
	};
	struct source source = source_from_github(&at);
	struct source_tree tree;

	return source_tree(&source, &reader->arena, &tree, err) &&
	       source_read(&source, &tree, path, SOURCE_BLOB_SIZE_MAX, out, err);
}

/* A file of a rebased branch: reads both versions and compares them here. */
static bool compare_file(struct pull_reader *reader, struct known_change *change, struct error *err)
{
	SCOPED(buf) struct buf before = BUF_INIT;
	SCOPED(buf) struct buf after = BUF_INIT;
	SCOPED(buf) struct buf patch = BUF_INIT;
	struct diff_file_source source = {.path = change->path, .status = STR("modified")};
	bool binary = false;

	if (!read_file(reader, change->from, change->path, &before, err))
		return false;
	if (!read_file(reader, change->to, change->path, &after, err)) {
		if (err->kind != ERROR_NOT_FOUND)
			return false;
		source.status = STR("removed");
		return diff_add_file(&change->diff, &source, err);
	}
	if (!blob_diff(buf_str(&before), buf_str(&after), &patch, &binary, err))
		return false;
	source.patch = buf_str(&patch);
	return !patch.len || diff_add_file(&change->diff, &source, err);
}

static bool need_file_change(struct pull_reader *reader, struct str from, struct str to,
			     struct str path, struct known_change **out, struct error *err)
{
	struct error failed = {0};

	if (!need_change(reader, from, to, out, err))
		return false;
	if (!(*out)->is_known || (*out)->is_ancestor)
		return true;
	*out = find_change(reader, from, to, path);
	if (*out)
		return true;
	*out = new_change(reader, from, to, path);
	(*out)->is_known = compare_file(reader, *out, &failed);
	if ((*out)->is_known || !ends_reading(&failed))
		return true;
	*err = failed;
	return false;
}

/* The file that had this path before the change, or NULL. */
static const struct diff_file *find_old(const struct diff *diff, struct str path)
{
	for (size_t i = 0; i < diff->len; i++) {
		const struct diff_file *file = &diff->files[i];

		if (file->status != DIFF_COPIED && file->status != DIFF_ADDED &&
		    str_eq(file->old_path.len ? file->old_path : file->path, path))
			return file;
	}
	return NULL;
}

/* Whether it is known what happened to the lines of that file. */
static bool file_is_known(const struct known_change *change, const struct diff_file *file)
{
	if (!change->is_known)
		return false;
	return file ? !file->patch_missing && !file->binary
		    : change->diff.len < PULL_COMPARED_FILES_MAX;
}

/* ---- Lines ---- */

static uint32_t first_line(const struct review_comment *comment)
{
	return comment->original_start_line ? comment->original_start_line : comment->original_line;
}

/* Whether one of the findings that were posted at that commit is on the line. */
static bool is_flagged(const struct pull_reader *reader, struct str path, struct str commit,
		       uint32_t line)
{
	for (size_t i = 0; i < reader->posted.findings.len; i++) {
		const struct review_comment *comment = reader->posted.findings.items[i].comment;

		if (comment && comment->side == SIDE_RIGHT && str_eq(comment->path, path) &&
		    str_eq(comment->original_commit, commit) && line >= first_line(comment) &&
		    line <= comment->original_line)
			return true;
	}
	return false;
}

/* Counts the other lines that the pull request had added to the file when it was reviewed. */
static bool count_control(struct pull_reader *reader, const struct review_comment *comment,
			  const struct diff_file *after, struct error *err)
{
	struct known_change *before;
	const struct diff_file *file;

	for (size_t i = 0; i < reader->controlled.len; i++) {
		if (str_eq(reader->controlled.items[i], comment->path))
			return true;
	}
	VEC_PUSH(&reader->controlled, comment->path);
	if (!need_change(reader, reader->pull->base_commit, comment->original_commit, &before, err))
		return false;
	file = diff_find(&before->diff, comment->path);
	for (size_t i = 0; file && i < file->len; i++) {
		for (size_t j = 0; j < file->hunks[i].len; j++) {
			const struct diff_line *line = &file->hunks[i].lines[j];

			if (line->kind != LINE_ADDED ||
			    is_flagged(reader, comment->path, comment->original_commit,
				       line->new_line))
				continue;
			reader->outcomes->control_lines++;
			reader->outcomes->control_changed +=
				outcome_line_touched(after, line->new_line);
		}
	}
	return true;
}

static bool judge_lines(struct pull_reader *reader, const struct review_comment *comment,
			struct outcome *outcome, struct error *err)
{
	struct known_change *change;
	const struct diff_file *file;

	if (reader->pull->state.len && str_eq(reader->pull->state, STR("open")))
		return true;
	if (comment->side != SIDE_RIGHT || !comment->original_line ||
	    !comment->original_commit.len || comment->original_line < first_line(comment) ||
	    comment->original_line - first_line(comment) > LINES_MAX)
		return true;
	if (!need_file_change(reader, comment->original_commit, reader->pull->head_commit,
			      comment->path, &change, err))
		return false;
	file = find_old(&change->diff, comment->path);
	if (!file_is_known(change, file))
		return true;
	for (uint32_t line = first_line(comment); line <= comment->original_line; line++) {
		outcome->lines++;
		outcome->lines_changed += outcome_line_touched(file, line);
	}
	return count_control(reader, comment, file, err);
}

/* ---- One finding ---- */

static int resolver_of(const struct pull_reader *reader, const struct review_comment *comment)
{
	struct str by = comment->resolved_by;
	struct str bot = comment->author;

	if (str_ends(bot, STR("[bot]")))
		bot.len -= STR("[bot]").len;
	if (!comment->resolved)
		return RESOLVER_NOBODY;
	if (!by.len || str_eq_nocase(by, comment->author) || str_eq_nocase(by, bot))
		return RESOLVER_APP;
	return str_eq_nocase(by, reader->pull->author) ? RESOLVER_AUTHOR : RESOLVER_PERSON;
}

static int pull_state_of(const struct pull *pull)
{
	if (pull->merged)
		return PULL_MERGED;
	return str_eq(pull->state, STR("open")) ? PULL_OPEN : PULL_CLOSED;
}

static void take_comment(struct pull_reader *reader, const struct posted_finding *finding,
			 struct outcome *outcome)
{
	struct arena *arena = &reader->job->target.arena;
	const struct review_comment *comment = finding->comment;

	outcome->url = arena_str(arena, comment->url);
	outcome->resolver = resolver_of(reader, comment);
	outcome->resolved_by = arena_str(arena, comment->resolved_by);
	outcome->up = comment->up_votes;
	outcome->down = comment->down_votes;
	outcome->reactions = comment->other_reactions;
	outcome->replies = finding->replies;
	outcome->fixed =
		!outcome->dismissed && (finding->gone || outcome->resolver == RESOLVER_APP);
}

static bool add_finding(struct pull_reader *reader, const struct posted_finding *finding,
			struct error *err)
{
	struct arena *arena = &reader->job->target.arena;
	const struct state_finding *record = &finding->record;
	struct outcome outcome = {
		.pull = reader->pull->number,
		.pull_state = pull_state_of(reader->pull),
		.id = arena_str(arena, record->id),
		.path = arena_str(arena, record->path),
		.title = arena_str(arena, record->title),
		.category = arena_str(arena, record->category),
		.posted_at = arena_str(arena, finding->posted_at),
		.severity = record->severity,
		.confidence = finding->confidence,
		.in_line = record->in_line,
		.dismissed = record->dismissed,
		.dismissed_by = arena_str(arena, record->dismissed_by),
		.reason = arena_str(arena, record->reason),
	};
	int64_t posted_ms;

	if (time_parse(finding->posted_at, &posted_ms) &&
	    posted_ms < reader->job->request.outcomes.since_ms)
		return true;
	outcome.agents.items = ARENA_ARRAY(arena, struct str, record->agents.len + 1);
	for (size_t i = 0; i < record->agents.len; i++)
		outcome.agents.items[outcome.agents.len++] =
			arena_str(arena, record->agents.items[i]);
	if (finding->comment) {
		take_comment(reader, finding, &outcome);
		if (!judge_lines(reader, finding->comment, &outcome, err))
			return false;
	}
	VEC_PUSH(reader->list, outcome);
	return true;
}

/* ---- All of them ---- */

static bool read_pull(struct job *job, const struct pull *pull, struct outcome_list *list,
		      struct error *err)
{
	size_t before = list->len;
	struct posted_request request = {
		.github = job->target.forge.github,
		.number = pull->number,
		.name = job->request.choices.name,
		.author = job->request.outcomes.author,
	};
	SCOPED(reader)
	struct pull_reader reader = {
		.job = job,
		.github = job->target.forge.github,
		.pull = pull,
		.blobs_left = GITHUB_BLOBS_MAX,
		.outcomes = &job->outcomes,
		.list = list,
	};

	if (!posted_read(&request, &reader.posted, err))
		return false;
	for (size_t i = 0; i < reader.posted.findings.len; i++) {
		if (!add_finding(&reader, &reader.posted.findings.items[i], err))
			return false;
	}
	job->outcomes.pulls_reviewed += list->len > before;
	log_debug("outcomes", "#%lld: %zu findings", (long long)pull->number, list->len - before);
	return true;
}

static bool read_pulls(struct job *job, struct outcome_list *list, struct error *err)
{
	int64_t max = job->request.outcomes.pulls_max;
	struct arena *arena = &job->target.arena;
	struct pulls pulls;

	if (!pulls_list(job->target.forge.github, job->request.outcomes.since_ms,
			(size_t)(max > 0 ? max : OUTCOMES_PULLS_MAX), arena, &pulls, err))
		return false;
	job->outcomes.pulls = (int64_t)pulls.len;
	job->outcomes.cut = pulls.cut;
	if (pulls.cut)
		log_warning("outcomes", "only the last %zu pull requests are looked at", pulls.len);
	for (size_t i = 0; i < pulls.len; i++) {
		if (!read_pull(job, &pulls.items[i], list, err))
			return error_wrap(err, "pull request #%lld",
					  (long long)pulls.items[i].number);
	}
	return true;
}

static bool outcomes_stage(void *ctx, struct error *err)
{
	struct job *job = ctx;
	struct arena *arena = &job->target.arena;
	struct outcome_list list = {0};
	int64_t now_ms = clock_wall_ms(&job->runtime->clock);
	struct outcome *items;
	bool ok;

	if (!since_read(job->request.outcomes.since, now_ms, &job->request.outcomes.since_ms, err))
		return false;
	job->outcomes = (struct outcomes){
		.schema_version = OUTCOMES_VERSION,
		.repository = arena_str(arena, github_repository(job->target.forge.github)),
		.reviewer = arena_str(arena, job->request.choices.name),
		.since = time_iso8601(arena, job->request.outcomes.since_ms),
		.until = time_iso8601(arena, now_ms),
	};
	ok = read_pulls(job, &list, err);
	items = ARENA_ARRAY(arena, struct outcome, list.len + 1);
	for (size_t i = 0; i < list.len; i++)
		items[i] = list.items[i];
	job->outcomes.findings = (struct list){.items = items, .len = list.len};
	VEC_RELEASE(&list);
	return ok;
}

enum job_outcome job_outcomes(struct job *job, struct error *err)
{
	return prepare_target(job, err) && runtime_stage(job->runtime, outcomes_stage, job, err)
		       ? JOB_DONE
		       : JOB_FAILED;
}

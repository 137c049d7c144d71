/* Finds and marks findings whose code is gone, by the files at the head commit. */
#include <stdlib.h>

#include "agent/agent.h"
#include "base/charset.h"
#include "base/log.h"
#include "base/utf8.h"
#include "output/markdown.h"
#include "publish/about.h"
#include "publish/marker.h"
#include "publish/publisher.h"
#include "redact/path.h"
#include "redact/redact.h"

enum { GONE_LINES_MAX = 400 };

/* The non-blank lines of a file, borrowed from its bytes. */
struct lines {
	VEC_FIELDS(struct str);
};

/* Files at the head commit. The last one is kept, because findings of one file are mostly listed together. */
struct head_files {
	struct arena arena;
	struct source_tree tree;
	bool has_tree, failed;
	struct str last_id;
	struct buf last;
};

static bool need_tree(struct publisher *run, struct head_files *files)
{
	struct error err = {0};

	if (files->has_tree)
		return true;
	if (files->failed || !run->options->head)
		return false;
	if (!source_tree(run->options->head, &files->arena, &files->tree, &err)) {
		files->failed = true;
		log_warning("publish", "no finding is taken for gone: %s", err.message);
		return false;
	}
	files->has_tree = true;
	return true;
}

static void split_lines(struct str text, struct lines *lines)
{
	struct str line;

	while (str_next_line(&text, &line, NULL)) {
		if (str_trim(line).len)
			VEC_PUSH(lines, line);
	}
}

/* Whether `count` consecutive lines have the fingerprint `id` for `path`. */
static bool window_exists(const struct lines *lines, size_t count, struct str path, struct str id)
{
	for (size_t i = 0; count && i + count <= lines->len; i++) {
		SCOPED(arena) struct arena arena = ARENA_INIT;
		const struct str *first = &lines->items[i];
		const struct str *last = &lines->items[i + count - 1];
		struct str code = str_of(first->ptr, (size_t)(last->ptr - first->ptr) + last->len);

		if (str_eq(finding_fingerprint(&arena, path, code), id))
			return true;
	}
	return false;
}

/*
 * Whether a text contains the quoted code.  The state's number of lines is used; a comment
 * whose state was lost counts blank lines too, so that fewer are tried as well.
 */
static bool stands_in(struct str text, const struct previous_finding *finding)
{
	struct lines lines = {0};
	size_t count = (size_t)MIN_OF(finding->record.lines, GONE_LINES_MAX);
	bool exists = false;

	split_lines(text, &lines);
	exists = window_exists(&lines, count, finding->record.path, finding->record.id);
	for (size_t n = count; !finding->known && !exists && n-- > 1;)
		exists = window_exists(&lines, n, finding->record.path, finding->record.id);
	VEC_RELEASE(&lines);
	return exists;
}

/* Agents saw the code with its secrets replaced, and the fingerprint is of that text. */
static bool text_stands(struct str text, const struct previous_finding *finding)
{
	SCOPED(buf) struct buf redacted = BUF_INIT;

	if (stands_in(text, finding))
		return true;
	return redact_add(&redacted, text) && stands_in(buf_str(&redacted), finding);
}

/* The same for a file in another encoding, which agents saw decoded. */
static bool code_stands(struct str text, const struct previous_finding *finding)
{
	if (text_stands(text, finding))
		return true;
	if (utf8_valid(text) && str_find_char(text, '\0', 0) < 0)
		return false;
	for (int i = 0; i < CHARSET_COUNT; i++) {
		SCOPED(buf) struct buf decoded = BUF_INIT;

		charset_decode(text, (enum charset)i, &decoded);
		if (text_stands(buf_str(&decoded), finding))
			return true;
	}
	return false;
}

/* The path at the head commit of a file that an earlier run knew as `path`. */
static struct str path_now(const struct diff *diff, struct str path)
{
	const struct diff_file *file;

	for (size_t i = 0; i < diff->len; i++) {
		if (diff->files[i].status == DIFF_RENAMED && path_is(diff->files[i].old_path, path))
			return diff->files[i].path;
	}
	file = file_shown_as(diff, path);
	return file ? file->path : path;
}

/* A finding on deleted lines is kept as long as the change deletes them. */
static bool deletion_stands(struct publisher *run, const struct previous_finding *finding)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	const struct diff_file *file = file_shown_as(run->diff, finding->record.path);

	for (size_t i = 0; file && i < file->len; i++) {
		for (size_t j = 0; j < file->hunks[i].len; j++) {
			const struct diff_line *line = &file->hunks[i].lines[j];

			if (line->kind == LINE_ADDED)
				continue;
			buf_add(&text, line->text);
			buf_add_char(&text, '\n');
		}
	}
	return code_stands(buf_str(&text), finding);
}

static bool read_file(struct publisher *run, struct head_files *files, struct str id,
		      struct error *err)
{
	if (files->last_id.len && str_eq(files->last_id, id))
		return true;
	files->last_id = STR_EMPTY;
	buf_reset(&files->last);
	if (!source_blob(run->options->head, id, SOURCE_BLOB_SIZE_MAX, &files->last, err))
		return false;
	files->last_id = id;
	return true;
}

static bool stands_at_head(struct publisher *run, struct head_files *files,
			   const struct previous_finding *finding)
{
	struct str path = path_now(run->diff, finding->record.path);
	const struct source_file *file;
	struct error err = {0};

	if (finding->record.left)
		return deletion_stands(run, finding);
	if (!need_tree(run, files))
		return true;
	file = source_tree_find_shown(&files->tree, path, path_test_for(path));
	if (!file)
		return files->tree.truncated;
	if (!read_file(run, files, file->id, &err)) {
		log_info("publish", "\"%.*s\" cannot be read, its findings stay open: %s",
			 STR_ARG(path), err.message);
		return true;
	}
	return code_stands(buf_str(&files->last), finding);
}

/*
 * Whether the agent (empty: each agent) finished its part of this run. An agent without files to
 * review finished nothing, unless `nothing_left`: the file with the finding is no longer part of
 * the change.
 */
static bool agent_finished(const struct review_result *result, struct str agent, bool nothing_left)
{
	bool seen = false;

	for (size_t i = 0; i < result->agents.len; i++) {
		const struct agent_result *row = &result->agents.items[i];

		if (agent.len && !str_eq(row->agent, agent))
			continue;
		if (row->status == AGENT_SKIPPED && (nothing_left || !agent.len)) {
			seen = seen || nothing_left;
			continue;
		}
		if (row->status != AGENT_DONE)
			return false;
		seen = true;
	}
	return seen;
}

/* All agents that reported it must have finished; if the state was lost, all agents of the run. */
static bool agents_finished(const struct publisher *run, const struct previous_finding *finding)
{
	struct str path = finding->record.path;
	bool nothing_left =
		path.len && !file_shown_as(run->options->diff, path_now(run->diff, path));

	if (!finding->known || !finding->record.agents.len)
		return agent_finished(run->result, STR_EMPTY, nothing_left);
	for (size_t i = 0; i < finding->record.agents.len; i++) {
		struct str agent = finding->record.agents.items[i];

		/* Secrets are found without a model, even when agents fail. */
		if (!str_eq(agent, STR(AGENT_NAME_OURS)) &&
		    !agent_finished(run->result, agent, nothing_left))
			return false;
	}
	return true;
}

/*
 * Whether this run saw everything that a finding without quoted code refers to: its file, or the
 * whole change if it names none.
 */
static bool was_reviewed(const struct publisher *run, struct str path)
{
	const struct publish_options *options = run->options;
	const struct diff *reviewed = options->reviewed ? options->reviewed : options->diff;

	if (!path.len)
		return reviewed->len == options->diff->len;
	return file_shown_as(reviewed, path) || !file_shown_as(options->diff, path);
}

void gone_judge(struct publisher *run)
{
	struct head_files files = {.last = BUF_INIT};
	struct error err = {0};

	for (size_t i = 0; i < run->previous->findings.len; i++) {
		struct previous_finding *finding = &run->previous->findings.items[i];

		if (finding->fate != FATE_OPEN || !agents_finished(run, finding))
			continue;
		/* Large files take time; if the run is stopped, the other findings stay open. */
		if (!task_yield(&err))
			break;
		if (finding->record.lines > 0) {
			if (!stands_at_head(run, &files, finding))
				finding->fate = FATE_GONE;
		} else if (was_reviewed(run, finding->record.path)) {
			/* Without quoted code, the only evidence is that it was not reported again. */
			finding->fate = FATE_GONE;
		}
	}
	buf_release(&files.last);
	arena_release(&files.arena);
}

bool gone_uncounted(const struct publisher *run, const struct previous_finding *finding)
{
	return !file_shown_as(run->options->diff, finding->record.path) ||
	       (was_reviewed(run, finding->record.path) && agents_finished(run, finding));
}

static bool resolve(struct github *github, const struct review_comment *comment)
{
	struct error err = {0};

	if (!comment->thread_id.len || !comment->can_resolve)
		return false;
	if (review_thread_resolve(github, comment->thread_id, &err))
		return true;
	log_info("publish", "the thread cannot be resolved, its comment is edited: %s",
		 err.message);
	return false;
}

/* The comment keeps its marker, so that it still counts as ours. */
static bool edit_as_gone(struct github *github, struct str name,
			 const struct previous_finding *finding, const char *words,
			 struct error *err)
{
	SCOPED(buf) struct buf body = BUF_INIT;
	struct str old = marker_strip(finding->comment->body);

	buf_addf(&body, "**%s**\n\n", words);
	buf_add(&body, utf8_cut(old, COMMENT_SIZE_MAX));
	buf_add_text(&body, "\n\n");
	about_copy(&body, finding->comment->body);
	marker_add(&body, &(struct marker){.kind = "gone", .name = name});
	buf_add_char(&body, '\n');
	marker_add(&body,
		   &(struct marker){.kind = "finding", .name = name, .id = finding->record.id});
	return review_comment_edit(github, finding->comment->id, buf_str(&body), err);
}

bool gone_close(struct github *github, struct str name, const struct previous_finding *finding,
		const char *words, struct error *err)
{
	if (!finding->comment || finding->comment->resolved || resolve(github, finding->comment))
		return true;
	return edit_as_gone(github, name, finding, words, err);
}

static void close_duplicates(struct publisher *run)
{
	for (size_t i = 0; i < run->previous->duplicates.len; i++) {
		const struct review_comment *comment = run->previous->duplicates.items[i];
		struct previous_finding finding = {.comment = comment};
		struct marker mark;
		struct error err = {0};

		if (marker_find(comment->body, "finding", run->name, &run->arena, &mark))
			finding.record.id = mark.id;
		if (!gone_close(run->options->github, run->name, &finding,
				"Posted twice: the other comment on this code counts.", &err))
			run_warn(run, "a comment that was posted twice stays: %s", err.message);
	}
}

void gone_mark(struct publisher *run)
{
	close_duplicates(run);
	for (size_t i = 0; i < run->previous->findings.len; i++) {
		struct previous_finding *finding = &run->previous->findings.items[i];
		struct error err = {0};

		/* The thread of a dismissed finding was resolved with the dismissal. */
		if (finding->fate != FATE_GONE || finding->record.dismissed)
			continue;
		if (gone_close(run->options->github, run->name, finding,
			       "Gone: this code is no longer in the file.", &err)) {
			run->report->resolved++;
			continue;
		}
		/* It stays open, and the next run tries again. */
		finding->fate = FATE_OPEN;
		run_warn(run, "a finding that is gone could not be marked so: %s", err.message);
	}
}

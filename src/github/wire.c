/* GitHub's records as they are in JSON, and their field tables. */
#include "github/wire.h"

#include "base/buf.h"
#include "value/json.h"

static const struct field user_rows[] = {
	FIELD(wire_user, login, "login", FIELD_STRING),
	FIELD(wire_user, type, "type", FIELD_STRING),
};
const struct fields wire_user_fields = TABLE(wire_user, "a user", user_rows);

static const struct field repository_rows[] = {
	FIELD(wire_repository, full_name, "full_name", FIELD_STRING),
};
const struct fields wire_repository_fields =
	TABLE(wire_repository, "a repository", repository_rows);

static const struct field branch_rows[] = {
	FIELD(wire_branch, ref, "ref", FIELD_STRING),
	NEEDED(wire_branch, sha, "sha", FIELD_STRING),
	NESTED(wire_branch, repository, "repo", FIELD_OBJECT, wire_repository_fields),
};
static const struct fields branch_fields = TABLE(wire_branch, "a branch", branch_rows);

static const struct field label_rows[] = {
	FIELD(wire_label, name, "name", FIELD_STRING),
};
const struct fields wire_label_fields = TABLE(wire_label, "a label", label_rows);

static const struct field pull_rows[] = {
	NEEDED(wire_pull, number, "number", FIELD_INT),
	FIELD(wire_pull, title, "title", FIELD_STRING),
	FIELD(wire_pull, body, "body", FIELD_STRING),
	FIELD(wire_pull, state, "state", FIELD_STRING),
	FIELD(wire_pull, url, "html_url", FIELD_STRING),
	NESTED(wire_pull, user, "user", FIELD_OBJECT, wire_user_fields),
	NESTED(wire_pull, head, "head", FIELD_OBJECT, branch_fields),
	NESTED(wire_pull, base, "base", FIELD_OBJECT, branch_fields),
	NESTED(wire_pull, labels, "labels", FIELD_LIST, wire_label_fields),
	FIELD(wire_pull, draft, "draft", FIELD_BOOL),
	FIELD(wire_pull, merged, "merged", FIELD_BOOL),
	FIELD(wire_pull, updated_at, "updated_at", FIELD_STRING),
	FIELD(wire_pull, merged_at, "merged_at", FIELD_STRING),
	FIELD(wire_pull, changed_files, "changed_files", FIELD_INT),
};
const struct fields wire_pull_fields = TABLE(wire_pull, "a pull request", pull_rows);

static const struct field comment_rows[] = {
	NEEDED(wire_comment, id, "id", FIELD_INT),
	FIELD(wire_comment, node_id, "node_id", FIELD_STRING),
	FIELD(wire_comment, body, "body", FIELD_STRING),
	FIELD(wire_comment, url, "html_url", FIELD_STRING),
	FIELD(wire_comment, created_at, "created_at", FIELD_STRING),
	FIELD(wire_comment, issue_url, "issue_url", FIELD_STRING),
	FIELD(wire_comment, association, "author_association", FIELD_STRING),
	NESTED(wire_comment, user, "user", FIELD_OBJECT, wire_user_fields),
	FIELD(wire_comment, review_id, "pull_request_review_id", FIELD_INT),
	FIELD(wire_comment, in_reply_to, "in_reply_to_id", FIELD_INT),
	FIELD(wire_comment, path, "path", FIELD_STRING),
	FIELD(wire_comment, commit, "commit_id", FIELD_STRING),
	FIELD(wire_comment, original_commit, "original_commit_id", FIELD_STRING),
	FIELD(wire_comment, side, "side", FIELD_STRING),
	FIELD(wire_comment, line, "line", FIELD_INT),
	FIELD(wire_comment, start_line, "start_line", FIELD_INT),
	FIELD(wire_comment, original_line, "original_line", FIELD_INT),
	FIELD(wire_comment, original_start_line, "original_start_line", FIELD_INT),
	FIELD(wire_comment, reactions, "reactions", FIELD_VALUE),
};
const struct fields wire_comment_fields = TABLE(wire_comment, "a comment", comment_rows);

static const struct field file_rows[] = {
	NEEDED(wire_file, filename, "filename", FIELD_STRING),
	FIELD(wire_file, previous_filename, "previous_filename", FIELD_STRING),
	NEEDED(wire_file, status, "status", FIELD_STRING),
	FIELD(wire_file, sha, "sha", FIELD_STRING),
	FIELD(wire_file, patch, "patch", FIELD_STRING),
	FIELD(wire_file, additions, "additions", FIELD_INT),
	FIELD(wire_file, deletions, "deletions", FIELD_INT),
	FIELD(wire_file, changes, "changes", FIELD_INT),
};
/* A patch can be long, and the diff copies what it keeps. */
const struct fields wire_file_fields =
	TABLE_WITH(wire_file, "a changed file", file_rows, .open = true, .borrowed = true);

static const struct field entry_rows[] = {
	NEEDED(wire_entry, path, "path", FIELD_STRING),
	FIELD(wire_entry, mode, "mode", FIELD_STRING),
	FIELD(wire_entry, type, "type", FIELD_STRING),
	FIELD(wire_entry, sha, "sha", FIELD_STRING),
	FIELD(wire_entry, size, "size", FIELD_INT),
};
const struct fields wire_entry_fields = TABLE(wire_entry, "a tree's entry", entry_rows);

void wire_pull_take(struct arena *arena, const struct wire_pull *wire, struct pull *pull)
{
	const struct wire_label *labels = wire->labels.items;
	struct str head_repository = wire->head.repository.full_name;

	*pull = (struct pull){
		.number = wire->number,
		.title = wire->title,
		.body = wire->body,
		.author = wire->user.login,
		.author_type = wire->user.type,
		.base_ref = wire->base.ref,
		.base_commit = wire->base.sha,
		.head_ref = wire->head.ref,
		.head_commit = wire->head.sha,
		.head_repository = head_repository,
		.state = wire->state,
		.url = wire->url,
		.draft = wire->draft,
		.merged = wire->merged || wire->merged_at.len > 0,
		.updated_at = wire->updated_at,
		.from_fork = wire->head.sha.len &&
			     !str_eq_nocase(head_repository, wire->base.repository.full_name),
		.changed_files = wire->changed_files,
		.labels = ARENA_ARRAY(arena, struct str, wire->labels.len),
		.labels_len = wire->labels.len,
	};
	for (size_t i = 0; i < wire->labels.len; i++)
		pull->labels[i] = labels[i].name;
}

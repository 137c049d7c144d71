/* Inside of this folder: GitHub's records as in its JSON, and their field tables. */
#ifndef GITHUB_WIRE_H
#define GITHUB_WIRE_H

#include "base/arena.h"
#include "base/error.h"
#include "github/records.h"
#include "value/fields.h"

/* Objects that GitHub may leave null stay zeroed.  All strings live in the arena of decoding. */

struct wire_user {
	struct str login, type;
};

struct wire_repository {
	struct str full_name;
};

struct wire_branch {
	struct str ref, sha;
	struct wire_repository repository;
};

struct wire_label {
	struct str name;
};

struct wire_pull {
	int64_t number;
	struct str title, body, state, url;
	struct wire_user user;
	struct wire_branch head, base;
	struct list labels; /* of wire_label */
	bool draft, merged;
	struct str updated_at, merged_at; /* lists have the second one instead of `merged` */
	int64_t changed_files;
};

struct wire_comment {
	int64_t id;
	struct str node_id, body, url, created_at, association;
	struct str issue_url; /* of the conversation only */
	struct wire_user user;
	/* Of review comments only. */
	int64_t review_id, in_reply_to;
	struct str path, commit, original_commit, side;
	int64_t line, start_line, original_line, original_start_line;
	struct value *reactions;
};

struct wire_file {
	struct str filename, previous_filename, status, sha, patch;
	int64_t additions, deletions, changes;
};

struct wire_entry { /* of a tree */
	struct str path, mode, type, sha;
	int64_t size;
};

extern const struct fields wire_user_fields;
extern const struct fields wire_repository_fields;
extern const struct fields wire_label_fields;
extern const struct fields wire_pull_fields;
extern const struct fields wire_comment_fields;
extern const struct fields wire_file_fields;
extern const struct fields wire_entry_fields;

/* The record that the rest of the program uses; strings are shared with `wire`. */
void wire_pull_take(struct arena *arena, const struct wire_pull *wire, struct pull *pull);

/* Adds an entry of "list pull request files" to a diff. */
bool pull_add_listed(struct diff *diff, const struct value *item, struct arena *arena,
		     struct error *err) MUST_USE;

#endif

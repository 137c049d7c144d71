/* A pull request with its comments, as plain records. */
#ifndef GITHUB_RECORDS_H
#define GITHUB_RECORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "diff/diff.h"

struct pull {
	int64_t number;
	struct str title, body, author, author_type; /* author_type "Bot" or "User" */
	struct str base_ref, base_commit; /* the base branch's commit when the event was made */
	struct str head_ref, head_commit;
	struct str head_repository; /* OWNER/REPO; empty when it was deleted */
	struct str state;           /* open, closed */
	struct str updated_at;
	struct str url; /* html_url */
	bool draft, from_fork, merged;
	struct str *labels;
	size_t labels_len;
	int64_t changed_files;
};

/* A comment in the pull request's conversation. */
struct issue_comment {
	int64_t id;
	struct str node_id;
	struct str author; /* login */
	struct str author_type;
	struct str body;
	struct str url;
	struct str created_at;
	int64_t issue; /* the number that it is below; 0: unknown */
};

/* A comment on lines. */
struct review_comment {
	int64_t id;
	struct str node_id;
	int64_t review_id;
	struct str author, author_type;
	struct str body;
	struct str path;
	struct str commit;
	struct str original_commit; /* where it was posted: `original_line` is a line of it */
	struct str created_at;
	uint32_t line, start_line; /* 0: outdated, or on the file */
	uint32_t original_line, original_start_line;
	enum diff_side side;
	int64_t in_reply_to;
	struct str url;
	struct str thread_id; /* GraphQL; empty when threads were not read */
	bool resolved, outdated, can_resolve;
	struct str resolved_by; /* login; empty: not resolved, or not by a person */
	int64_t up_votes, down_votes, other_reactions; /* 👍, 👎 and the rest, of anybody */
};

/* What we want to post on lines. */
struct new_comment {
	struct str path;
	uint32_t line, start_line; /* start_line 0: one line */
	enum diff_side side;
	struct str body;
};

#endif

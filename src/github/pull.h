/* A pull request with its comments and threads, as plain records. */
#ifndef GITHUB_PULL_H
#define GITHUB_PULL_H

#include "diff/diff.h"
#include "github/github.h"
#include "source/source.h"

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

bool pull_read(struct github *github, int64_t number, struct arena *arena, struct pull *pull,
	       struct error *err) MUST_USE;

struct pulls {
	struct pull *items;
	size_t len;
	bool cut; /* there are more than `max` */
};

/*
 * The pull requests that were updated at or after `since_ms` (wall time), open and closed, the last one
 * first; `max` at most.  Waits.
 */
bool pulls_list(struct github *github, int64_t since_ms, size_t max, struct arena *arena,
		struct pulls *pulls, struct error *err) MUST_USE;

/* The commit that the change starts from (three-dot comparison).  Waits. */
bool pull_merge_base(struct github *github, const struct pull *pull, struct arena *arena,
		     struct str *commit, struct error *err) MUST_USE;

/* Files without a patch that are fetched and compared by ourselves, at most. */
enum { PULL_OWN_DIFFS_MAX = 200, PULL_LISTED_FILES_MAX = 3000 };

/*
 * The pull request's change through the API: its list of files; blobs and our own comparison for those
 * whose patch is missing; beyond the 3,000 files that the list has, the trees of both commits.  `local`
 * (NULL: none) is asked for blobs first.  Nothing is left out: a file whose change could not be had
 * is in the diff with `patch_missing`.  `diff` is zeroed before.  Waits.
 */
bool pull_diff(struct github *github, const struct pull *pull, const struct source *local,
	       struct diff *diff, struct error *err) MUST_USE;

/* GitHub lists no more files of a comparison. */
enum { PULL_COMPARED_FILES_MAX = 300 };

/*
 * What changed in the files from where two commits parted to the second one.  `*is_ancestor`: they parted at
 * `from` itself; not so where the branch was rebased.  `diff` is zeroed before.  Waits.
 */
bool pull_compare(struct github *github, struct str from, struct str to, struct diff *diff,
		  bool *is_ancestor, struct error *err) MUST_USE;

/* Blobs that one run fetches through the API, at most: then ERROR_LIMIT. */
enum { GITHUB_BLOBS_MAX = 200 };

/*
 * A source over the trees and blobs API; both are borrowed.  Set `blobs_left` to GITHUB_BLOBS_MAX;
 * sources of one run may share a count by `shared_left`.
 */
struct github_commit {
	struct github *github;
	struct str commit;
	int blobs_left;
	int *shared_left; /* NULL: `blobs_left` counts */
};
struct source source_from_github(struct github_commit *commit);

/* Resolves a branch, tag or abbreviated id to the id of its commit.  Waits. */
bool github_resolve_commit(struct github *github, struct str ref, struct arena *arena,
			   struct str *commit, struct error *err) MUST_USE;

#endif

/* Reads a pull request, its change and its files. */
#ifndef GITHUB_PULL_H
#define GITHUB_PULL_H

#include "diff/diff.h"
#include "github/github.h"
#include "github/records.h"
#include "source/source.h"

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

/* At most so many files without a patch are fetched and compared by us. */
enum { PULL_OWN_DIFFS_MAX = 200, PULL_LISTED_FILES_MAX = 3000 };

/*
 * The pull request's change through the API: its list of files; blobs and our own comparison for those
 * whose patch is missing; beyond the 3,000 files that the list has, the trees of both commits.  `local`
 * (NULL: none) is tried for blobs first.  Every file is in the diff: one whose change is not available
 * has `patch_missing`.  `diff` is zeroed before.  Waits.
 */
bool pull_diff(struct github *github, const struct pull *pull, const struct source *local,
	       struct diff *diff, struct error *err) MUST_USE;

/* GitHub lists at most so many files of a comparison. */
enum { PULL_COMPARED_FILES_MAX = 300 };

/*
 * What changed in the files from where two commits parted to the second one.  `*is_ancestor`: they parted at
 * `from` itself; not so where the branch was rebased.  `diff` is zeroed before.  Waits.
 */
bool pull_compare(struct github *github, struct str from, struct str to, struct diff *diff,
		  bool *is_ancestor, struct error *err) MUST_USE;

/* Blobs that one run fetches through the API, at most, each once: then ERROR_LIMIT. */
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

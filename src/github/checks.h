/* Check runs with annotations, and SARIF for code scanning. */
#ifndef GITHUB_CHECKS_H
#define GITHUB_CHECKS_H

#include "base/arena.h"
#include "base/common.h"
#include "base/error.h"
#include "github/github.h"

enum {
	CHECK_ANNOTATIONS_PER_REQUEST = 50,
	CHECK_TEXT_SIZE_MAX = 65535,
	CHECK_TITLE_SIZE_MAX = 255
};

struct check_annotation {
	struct str path;
	uint32_t start_line, end_line;
	const char *level; /* "notice", "warning", "failure" */
	struct str title, message;
};

struct check_run {
	struct str name;
	struct str commit;      /* head_sha */
	struct str external_id; /* identifies it after a lost answer */
	const char *conclusion; /* "success", "neutral", "failure", "cancelled", "skipped" */
	struct str title, summary;
	const struct check_annotation *annotations;
	size_t annotations_len;
};

/*
 * Makes a completed check run; annotations beyond the first 50 are added by further requests.  `url`
 * gets its page.  Waits.
 */
bool check_run_create(struct github *github, const struct check_run *check, struct arena *arena,
		      struct str *url, struct error *err) MUST_USE;

/* Check runs of one commit, and who made them. */
struct check_query {
	struct str name;
	struct str commit;
	struct str app;             /* the slug of the GitHub App that made it */
	struct str external_id_end; /* how its external_id ends */
};

/* Whether GitHub has such a check run among the newest hundred of that name.  Waits. */
bool check_run_exists(struct github *github, const struct check_query *query, struct arena *arena,
		      bool *found, struct error *err) MUST_USE;

/* GitHub's limit for a compressed upload. */
enum { SARIF_PACKED_SIZE_MAX = 10 << 20 };

struct sarif_upload {
	struct str sarif; /* the JSON text */
	struct str commit;
	struct str ref; /* refs/pull/N/head */
};

/*
 * Uploads SARIF, compressed, then asks a few times whether GitHub could process it: ERROR_INVALID with
 * its message when not.  `id` gets the upload's id.  Waits.
 */
bool sarif_send(struct github *github, const struct sarif_upload *upload, struct arena *arena,
		struct str *id, struct error *err) MUST_USE;

#endif

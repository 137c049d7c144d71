/* The pull request and its whole change, whatever the list of files leaves out. */
#include <stdio.h>

#include "fixture.h"
#include "github/pull.h"
#include "github/wire.h"
#include "unit.h"
#include "value/json.h"
#include "vectors.h"

#define PULL_JSON                                                                                  \
	"{\"number\":5,\"title\":\"t\",\"state\":\"open\",\"user\":{\"login\":\"ann\",\"type\":"   \
	"\"User\"},\"changed_files\":1,\"base\":{\"ref\":\"main\",\"sha\":\"bbb\",\"repo\":{"      \
	"\"full_name\":\"o/r\"}},\"head\":{\"ref\":\"x\",\"sha\":\"hhh\",\"repo\":null}}"

static void read_pull(struct fixture *fixture)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct pull pull = {0};
	struct error err = {0};

	ck_assert_msg(pull_read(fixture->github, 5, &arena, &pull, &err), "%s", err.message);
	ck_assert_str_is(pull.head_commit, STR("hhh"));
	ck_assert_str_is(pull.base_ref, STR("main"));
	ck_assert(pull.from_fork);
	ck_assert_uint_eq(pull.head_repository.len, 0);
}

TEST(reads_a_pull_request)
{
	static const struct step steps[] = {{"GET /repos/o/r/pulls/5\n", 200, NULL, PULL_JSON}};
	SCOPED(fixture) struct fixture fixture = {.steps = steps, .steps_len = 1, .run = read_pull};

	fixture_run(&fixture);
}

static const struct pull pull_five = {
	.number = 5,
	.base_commit = STR_INIT("bbb"),
	.head_commit = STR_INIT("hhh"),
	.changed_files = 2,
};

static void read_diff(struct fixture *fixture)
{
	SCOPED(diff) struct diff diff = {0};
	struct error err = {0};
	const struct diff_file *big;

	ck_assert_msg(pull_diff(fixture->github, &pull_five, NULL, &diff, &err), "%s", err.message);
	ck_assert_uint_eq(diff.len, 2);
	ck_assert_uint_eq(diff_find(&diff, STR("small.c"))->additions, 1);
	big = diff_find(&diff, STR("big.c"));
	ck_assert(!big->patch_missing);
	ck_assert_uint_eq(big->len, 1);
	ck_assert_ptr_nonnull(diff_line_at(big, SIDE_RIGHT, 2, NULL));
	ck_assert_str_is(diff_line_at(big, SIDE_RIGHT, 2, NULL)->text, STR("two!"));
}

TEST(compares_blobs_where_the_patch_is_missing)
{
	static const struct step steps[] = {
		{"GET /repos/o/r/pulls/5/files?per_page=60\n", 200, NULL,
		 "[{\"filename\":\"small.c\",\"status\":\"added\",\"sha\":\"s1\",\"additions\":1,\"deletions\":0,\"changes\":1,\"patch\":\"@@ -0,0 +1 @@\\n+x\"},{\"filename\":\"big.c\",\"status\":\"modified\",\"sha\":\"new1\",\"additions\":1,\"deletions\":1,\"changes\":2}]"},
		{"GET /repos/o/r/compare/bbb...hhh", 200, NULL,
		 "{\"merge_base_commit\":{\"sha\":\"mmm\"}}"},
		{"GET /repos/o/r/git/trees/mmm?recursive=1\n", 200, NULL,
		 "{\"truncated\":false,\"tree\":[{\"path\":\"big.c\",\"mode\":\"100644\",\"type\":\"blob\",\"sha\":\"old1\",\"size\":8},{\"path\":\"link\",\"mode\":\"120000\",\"type\":\"blob\",\"sha\":\"l\"},{\"path\":\"sub\",\"mode\":\"160000\",\"type\":\"commit\",\"sha\":\"c\"}]}"},
		{"GET /repos/o/r/git/blobs/old1\n", 200, NULL,
		 "{\"encoding\":\"base64\",\"content\":\"b25lCnR3\\nbwo=\\n\"}"},
		{"GET /repos/o/r/git/blobs/new1\n", 200, NULL,
		 "{\"encoding\":\"base64\",\"content\":\"b25lCnR3byEK\"}"},
	};
	SCOPED(fixture)
	struct fixture fixture = {
		.steps = steps,
		.steps_len = ARRAY_LEN(steps),
		.run = read_diff,
	};

	fixture_run(&fixture);
	ck_assert_uint_eq(fixture.seen, 5);
}

static void read_lossy_diff(struct fixture *fixture)
{
	SCOPED(diff) struct diff diff = {0};
	struct error err = {0};

	ck_assert_msg(pull_diff(fixture->github, &pull_five, NULL, &diff, &err), "%s", err.message);
	ck_assert_uint_eq(diff.len, 1);
	ck_assert(diff.files[0].patch_missing);
}

TEST(marks_what_it_cannot_have)
{
	static const struct step steps[] = {
		{NULL, 200, NULL,
		 "[{\"filename\":\"big.c\",\"status\":\"added\",\"sha\":\"new1\",\"additions\":9,\"deletions\":0,\"changes\":9}]"},
		{NULL, 404, NULL, "{\"message\":\"Not Found\"}"},
	};
	SCOPED(fixture)
	struct fixture fixture = {
		.steps = steps,
		.steps_len = ARRAY_LEN(steps),
		.run = read_lossy_diff,
	};

	fixture_run(&fixture);
}

static void read_blobs(struct fixture *fixture)
{
	SCOPED(buf) struct buf out = BUF_INIT;
	struct error err = {0};
	struct github_commit commit = {
		.github = fixture->github,
		.commit = STR("hhh"),
		.blobs_left = 1,
	};
	struct source source = source_from_github(&commit);

	ck_assert_msg(source_blob(&source, STR("abc"), 100, &out, &err), "%s", err.message);
	ck_assert_str_is(buf_str(&out), STR("hi\n"));
	buf_reset(&out);
	ck_assert_msg(source_blob(&source, STR("abc"), 100, &out, &err), "%s", err.message);
	ck_assert_str_is(buf_str(&out), STR("hi\n")); /* without another call */
	ck_assert(!source_blob(&source, STR("abc"), 2, &out, &err));
	ck_assert(!source_blob(&source, STR("def"), 100, &out, &err));
	ck_assert_int_eq(err.kind, ERROR_LIMIT);
}

TEST(reads_a_limited_number_of_blobs_and_each_once)
{
	static const struct step steps[] = {
		{"GET /repos/o/r/git/blobs/abc\n", 200, NULL,
		 "{\"encoding\":\"base64\",\"content\":\"aGkK\"}"},
	};
	SCOPED(fixture)
	struct fixture fixture = {
		.steps = steps,
		.steps_len = 1,
		.run = read_blobs,
	};

	fixture_run(&fixture);
	ck_assert_uint_eq(fixture.seen, 1);
}

/* ---- Beyond what the list has: a server with 3,000 files listed, and five more in the trees. ---- */

struct huge {
	struct fixture fixture; /* only for its server and client */
	int requests;
	int refuse_list; /* the status of the list; 0: it is given */
	int refuse_from; /* the page that is refused first */
};

enum { LISTED = 3000, PER_PAGE = 60 };

static void add_page(struct buf *out, int page)
{
	buf_add_char(out, '[');
	for (int i = 0; i < PER_PAGE; i++)
		buf_addf(
			out,
			"%s{\"filename\":\"f%04d\",\"status\":\"modified\",\"sha\":\"n%d\",\"additions\":1,\"deletions\":1,\"changes\":2,\"patch\":\"@@ -1 +1 @@\\n-a\\n+b\"}",
			i ? "," : "", page * PER_PAGE + i, page * PER_PAGE + i);
	buf_add_char(out, ']');
}

static void add_entry(struct buf *out, const char *path, const char *id)
{
	buf_addf(out, "%s{\"path\":\"%s\",\"mode\":\"100644\",\"type\":\"blob\",\"sha\":\"%s\"}",
		 out->ptr[out->len - 1] == '[' ? "" : ",", path, id);
}

static void add_tree(struct buf *out, bool head)
{
	buf_add_text(out, "{\"truncated\":false,\"tree\":[");
	for (int i = 0; i < LISTED; i++) {
		char path[16];
		char id[16];

		snprintf(path, sizeof(path), "f%04d", i);
		snprintf(id, sizeof(id), "%c%d", head ? 'n' : 'o', i);
		add_entry(out, path, id);
	}
	add_entry(out, "same", "s");
	add_entry(out, "y-changed", head ? "blob-new" : "blob-old");
	add_entry(out, head ? "z-new-name" : "z-old-name", "moved");
	if (head)
		add_entry(out, "zz-added", "blob-new");
	else
		add_entry(out, "zz-deleted", "blob-old");
	buf_add_text(out, "]}");
}

static void answer_huge(void *ctx, struct request *request, struct answer *answer)
{
	struct huge *huge = ctx;
	SCOPED(buf) struct buf body = BUF_INIT;
	int status = 200;
	ptrdiff_t at = str_find(request->target, STR("&page="), 0);
	int64_t page = 0;

	huge->requests++;
	if (at >= 0)
		(void)!str_to_int64(str_skip(request->target, (size_t)at + 6), &page);
	if (str_contains(request->target, STR("/files")) && huge->refuse_list &&
	    page >= huge->refuse_from) {
		status = huge->refuse_list;
		buf_add_text(
			&body,
			"{\"message\":\"Sorry, this diff is taking too long to generate.\",\"errors\":[{\"resource\":\"PullRequest\",\"field\":\"diff\",\"code\":\"not_available\"}]}");
	} else if (str_contains(request->target, STR("/files"))) {
		add_page(&body, (int)page);
		if (page + 1 < LISTED / PER_PAGE)
			answer_header(
				answer, STR("link"),
				arena_printf(
					&request->arena,
					"<%.*s/repos/o/r/pulls/5/files?per_page=60&page=%d>; rel=\"next\"",
					STR_ARG(huge->fixture.url), (int)page + 1));
	} else if (str_contains(request->target, STR("/compare/"))) {
		buf_add_text(&body, "{\"merge_base_commit\":{\"sha\":\"mmm\"}}");
	} else if (str_contains(request->target, STR("/git/trees/"))) {
		add_tree(&body, str_contains(request->target, STR("/hhh")));
	} else if (str_contains(request->target, STR("/blobs/blob-old"))) {
		buf_add_text(&body, "{\"encoding\":\"base64\",\"content\":\"b2xkCg==\"}");
	} else if (str_contains(request->target, STR("/blobs/blob-new"))) {
		buf_add_text(&body, "{\"encoding\":\"base64\",\"content\":\"bmV3Cg==\"}");
	} else {
		status = 404;
	}
	answer_text(answer, status, STR("application/json"),
		    arena_str(&request->arena, buf_str(&body)));
}

static void read_huge(struct fixture *fixture)
{
	SCOPED(diff) struct diff diff = {0};
	struct error err = {0};
	struct pull pull = pull_five;
	const struct diff_file *renamed;

	pull.changed_files = LISTED + 4;
	ck_assert_msg(pull_diff(fixture->github, &pull, NULL, &diff, &err), "%s", err.message);
	ck_assert_uint_eq(diff.len, LISTED + 4);
	ck_assert_ptr_null(diff_find(&diff, STR("same")));
	ck_assert_int_eq(diff_find(&diff, STR("y-changed"))->status, DIFF_MODIFIED);
	ck_assert_uint_eq(diff_find(&diff, STR("y-changed"))->len, 1);
	ck_assert_int_eq(diff_find(&diff, STR("zz-added"))->status, DIFF_ADDED);
	ck_assert_int_eq(diff_find(&diff, STR("zz-deleted"))->status, DIFF_DELETED);
	renamed = diff_find(&diff, STR("z-new-name"));
	ck_assert_int_eq(renamed->status, DIFF_RENAMED);
	ck_assert_str_is(renamed->old_path, STR("z-old-name"));
	for (size_t i = 0; i < diff.len; i++)
		ck_assert_msg(!diff.files[i].patch_missing, "%.*s", STR_ARG(diff.files[i].path));
}

TEST(finds_files_beyond_the_list_in_the_trees)
{
	struct huge huge = {.fixture = {.run = read_huge}};

	fixture_run_with(&huge.fixture, answer_huge, &huge);
	/* The merge base, two trees, and two blobs that two files share. */
	ck_assert_int_eq(huge.requests, LISTED / PER_PAGE + 3 + 2);
	fixture_release(&huge.fixture);
}

/* ---- Lists of files as GitHub answers them. ---- */

static void read_listed(const char *name, struct str text UNUSED, const struct value *vector,
			void *ctx UNUSED)
{
	const struct value *listed = value_get(vector, "listed");
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(diff) struct diff diff = {0};
	struct error err = {0};

	for (size_t i = 0; i < value_len(listed); i++)
		ck_assert_msg(pull_add_listed(&diff, value_at(listed, i), &arena, &err), "%s: %s",
			      name, err.message);
	ck_assert_uint_eq(diff.len, value_len(listed));
}

TEST(takes_lists_of_every_kind_of_file)
{
	vectors_each_diff(read_listed, NULL);
}

static void read_refused(struct fixture *fixture)
{
	SCOPED(diff) struct diff diff = {0};
	struct error err = {0};

	ck_assert_msg(pull_diff(fixture->github, &pull_five, NULL, &diff, &err), "%s", err.message);
	ck_assert_uint_eq(diff.len, LISTED + 4);
	ck_assert_int_eq(diff_find(&diff, STR("z-new-name"))->status, DIFF_RENAMED);
}

TEST(compares_the_trees_where_github_calls_the_diff_too_large)
{
	static const struct {
		int status, from;
	} refusals[] = {{406, 0}, {422, 0}, {422, 3}};

	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		struct huge huge = {
			.fixture = {.run = read_refused},
			.refuse_list = refusals[i].status,
			.refuse_from = refusals[i].from,
		};

		fixture_run_with(&huge.fixture, answer_huge, &huge);
		fixture_release(&huge.fixture);
	}
}

/* The GitHub API client: one token, one budget, writes one at a time. */
#ifndef GITHUB_GITHUB_H
#define GITHUB_GITHUB_H

#include "base/arena.h"
#include "base/common.h"
#include "base/error.h"
#include "base/secret.h"
#include "http/http.h"
#include "value/value.h"

struct github;

struct github_options {
	struct http *http;          /* borrowed */
	struct str api_url;         /* GITHUB_API_URL; empty: https://api.github.com */
	struct str graphql_url;     /* GITHUB_GRAPHQL_URL */
	struct str server_url;      /* GITHUB_SERVER_URL */
	const struct secret *token; /* borrowed; NULL: anonymous */
	struct str repository;      /* OWNER/REPO */
	struct str user_agent;
	bool dry_run;             /* writes are logged and refused with ERROR_CANCELLED */
	int64_t write_spacing_ms; /* between two writes; default 1000 */
	int64_t waits_end_ms; /* clock time beyond which no limit is waited out; 0: 15 minutes a wait */
};

struct github *github_new(const struct github_options *options);
void github_free(struct github *github);
DEFINE_OWNED(github);

/* What a token acts as, by its prefix (GitHub docs, "GitHub's token formats"). */
enum github_actor {
	GITHUB_ACTOR_UNKNOWN,
	GITHUB_ACTOR_APP,    /* GITHUB_TOKEN and other Apps: a login that ends in "[bot]" */
	GITHUB_ACTOR_PERSON, /* a personal token, or an App on behalf of a person */
};

enum github_actor github_actor(const struct github *github);

/* The repository that the client works on, "OWNER/REPO". */
struct str github_repository(const struct github *github);
bool github_is_dry_run(const struct github *github);

enum github_repeat {
	GITHUB_REPEAT_SAFE, /* reads, and writes that give the same twice: sent again after faults */
	GITHUB_REPEAT_NEVER, /* creates something: the caller checks whether it exists before sending again */
};

/*
 * Checks whether what a call creates already exists; sets *found.  The implementation stores
 * what it found in `ctx`.
 */
typedef bool github_exists(void *ctx, bool *found, struct error *err);

struct github_call {
	const char *method;
	struct str path; /* below the API URL: "/repos/o/r/pulls/1"; or an absolute URL of it */
	const struct value *body; /* JSON; NULL: none */
	const char *accept;       /* NULL: application/vnd.github+json */
	enum github_repeat repeat;
	size_t body_size_max;
	github_exists *exists; /* for github_create(), with `exists_ctx` */
	void *exists_ctx;
};

struct github_answer {
	int status;
	struct value *json; /* in the caller's arena; NULL when there is no JSON body */
	struct str text;    /* the body, where `accept` asks for something else */
	struct str next;    /* the URL of Link's rel="next"; empty: the last page */
};

/*
 * What was read and need not be read again, since it cannot change: things of the caller's own kind, in
 * memory of github_arena(), freed with the client.  `key` is copied; NULL when nothing is kept under it.
 */
struct arena *github_arena(struct github *github);
void github_keep(struct github *github, struct str key, void *thing);
void *github_kept(const struct github *github, struct str key);

/* More pages, or larger answers, are an error. */
enum { GITHUB_PAGES_MAX = 1000, GITHUB_BODY_SIZE_MAX = 64 << 20 };

/*
 * Sends a call; waits for rate limits (Retry-After, x-ratelimit-reset, at least a minute for a
 * secondary limit; ERROR_QUOTA when that is longer than may be waited) and faults as far as `repeat`
 * allows.  True for 2xx and 304.  Errors carry GitHub's message, the documentation URL where it has
 * one, x-github-request-id and, for "Resource not accessible by integration", the permission to add to
 * the workflow.  `err->code` distinguishes refusals that callers treat differently: see GITHUB_CODE_*.
 * Waits.
 */
bool github_send(struct github *github, const struct github_call *call, struct arena *arena,
		 struct github_answer *answer, struct error *err) MUST_USE;

/* The codes of err->code; other errors carry GitHub's own code or none. */
#define GITHUB_CODE_PERMISSION "permission"   /* the token lacks a permission */
#define GITHUB_CODE_PENDING "pending-review"  /* the user has a pending review already */
#define GITHUB_CODE_UNPLACEABLE "unplaceable" /* line, side, path or diff of a review comment */
#define GITHUB_CODE_DRY_RUN "dry-run"         /* a write that dry-run does not send */

/*
 * Whether a failed write may have taken effect: the connection broke, the answer
 * was unreadable, or the server failed.
 */
bool github_answer_lost(const struct error *err);

/*
 * Sends a call that creates something.  After an answer that may have been lost it waits, calls
 * call->exists, and sends again only what does not exist, at most four times.  True with answer->status 0
 * when that found it.
 */
bool github_create(struct github *github, const struct github_call *call, struct arena *arena,
		   struct github_answer *answer, struct error *err) MUST_USE;

/* Takes one page of a list, an array, and copies what it keeps; sets `*more` to false when it needs no other. */
typedef bool github_page(void *ctx, const struct value *page, bool *more, struct error *err);

/*
 * Reads a list page by page until the last one, or until `take` needs no more; more than GITHUB_PAGES_MAX pages are
 * an ERROR_LIMIT.  A page is freed after `take`, so that long lists need little memory.  Waits.
 */
bool github_pages(struct github *github, struct str path, github_page *take, void *ctx,
		  struct error *err) MUST_USE;

/* All pages of a list, as one array. `items_max` bounds it (ERROR_LIMIT). */
bool github_list(struct github *github, struct str path, size_t items_max, struct arena *arena,
		 struct value **items, struct error *err) MUST_USE;

/* A GraphQL operation; `data` is its result; errors become an `err` of the first one's type. */
bool github_graphql(struct github *github, const char *query, const struct value *variables,
		    struct arena *arena, struct value **data, struct error *err) MUST_USE;

#endif

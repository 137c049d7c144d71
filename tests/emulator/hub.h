/* A GitHub with state: one repository, one pull request, and what is written on it. */
#ifndef EMULATOR_HUB_H
#define EMULATOR_HUB_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/str.h"
#include "base/vec.h"
#include "value/value.h"

struct hub;

/* One request, its target without the prefix ("/repos/acme/widgets/pulls/1"). */
struct hub_request {
	struct str method, path, query;
	struct str body;
	struct str authorization;
	struct str base_url; /* of the API, for links */
	int64_t wall_ms;
};

struct hub_answer {
	int status;
	struct buf body;
	struct buf link; /* the Link header; empty: none */
};

/*
 * `scenario` is the `github:` part of a scenario file, `folder` where that file lies:
 *   repository: acme/widgets       number: 7           token: ghs_...   login: github-actions[bot]
 *   title, body, author, draft, labels, base_ref, head_ref, fork (OWNER/REPO)
 *   base: FOLDER   head: FOLDER    files of the two commits; or { PATH: TEXT }
 *   permissions: { alice: write }  resolve: true       page_size_max: 100
 *   comments: [{ author, body }]   that exist already
 *   refuse_paths: [..]             comments on these paths are refused although their lines exist
 *   date: 2026-01-01T00:00:00Z     when everything was made
 *   merged: true                   the pull request is closed
 * NULL and `err` when it does not fit.
 */
struct hub *hub_new(const struct value *scenario, const char *folder, struct error *err);
void hub_free(struct hub *hub);

void hub_rest(struct hub *hub, const struct hub_request *request, struct hub_answer *answer);
void hub_graphql(struct hub *hub, const struct hub_request *request, struct hub_answer *answer);

/* A new head commit with the files of another folder; `rebased`: on the base, not on the last one. */
bool hub_push(struct hub *hub, const char *folder, bool rebased, struct error *err);

/*
 * What a person does, as JSON: {"by": "bob"} and one of "resolve": ID (the thread of that comment),
 * "react": ID with "content", "reply": ID with "body", "delete": ID, or "merge": true.
 */
bool hub_act(struct hub *hub, struct str json, struct error *err);

/* The same with given files: an object with a text for each path. */
bool hub_push_given(struct hub *hub, const struct value *files, struct error *err);

/* Comments, reviews, checks and uploads, for tests and the demo. */
struct value *hub_state(struct hub *hub, struct arena *arena);

/* The event file that a runner would write for this pull request. */
struct value *hub_event(struct hub *hub, struct arena *arena);

/* "acme/widgets"; the token that counts; the head commit. */
struct str hub_repository(const struct hub *hub);
struct str hub_token(const struct hub *hub);
struct str hub_head(const struct hub *hub);

#endif

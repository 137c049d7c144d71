/* What the files of the GitHub emulator share: its records and its answers. */
#ifndef EMULATOR_HUB_STATE_H
#define EMULATOR_HUB_STATE_H

#include "hub.h"
#include "hub_members.h"
#include "hub_repo.h"

/* A reaction to a comment: "+1", "eyes". */
struct hub_reaction {
	struct str content, by;
};

struct hub_comment {
	int64_t id;
	int64_t review; /* of comments on lines; 0: in the conversation */
	int64_t reply_to;
	struct str author, body, path, commit;
	int64_t line, start_line;
	bool left, deleted, resolved, minimized;
	struct str resolved_by;
	int64_t pull; /* of an earlier pull request; 0: of this one */
	struct {
		VEC_FIELDS(struct hub_reaction);
	} reactions;
};

struct hub_review {
	int64_t id;
	struct str author, body, commit;
	bool pending, deleted;
};

struct hub_check {
	int64_t id;
	struct value *latest; /* the last body that was sent */
	struct value *annotations;
};

/* Another repository, of which only files are read. */
struct hub_other {
	struct str repository, ref, commit;
	struct str token; /* empty: the one that reads everything else */
};

/* All of it lives in the arena, which only grows: an emulator's life is short. */
struct hub {
	struct arena arena;
	struct hub_repo *repo;
	struct str repository, token, login;
	struct str title, body, author, base_ref, head_ref, fork;
	struct str base_commit, head_commit;
	int64_t number;
	struct str date; /* when everything was made */
	bool draft, can_resolve, merged;
	int64_t page_size_max;
	struct value *labels, *permissions, *refuse_paths;
	struct value *files; /* what files_head changes against the base */
	struct str files_head;
	int64_t next_id;
	struct {
		VEC_FIELDS(struct hub_comment);
	} conversation, lines,
		earlier; /* `earlier`: conversations of pull requests before this one */
	struct {
		VEC_FIELDS(struct hub_review);
	} reviews;
	struct {
		VEC_FIELDS(struct hub_check);
	} checks;
	struct {
		VEC_FIELDS(struct hub_other);
	} others;
	struct value *uploads;
};

/* One request while it is answered. */
struct hub_call {
	struct hub *hub;
	const struct hub_request *request;
	struct hub_answer *answer;
	struct arena *arena; /* of this request */
	const struct value *body;
	struct str parts[8]; /* of the path, after the repository */
	size_t parts_len;
};

void hub_json(struct hub_call *call, int status, const struct value *value);

/* GitHub's form of a refusal. `detail` goes into `errors`; NULL: none. */
void hub_refuse(struct hub_call *call, int status, const char *message, const char *detail);

/* Whether that is the token, as GitHub takes it: "Bearer TOKEN" or "token TOKEN". */
bool hub_is_authorized(const struct hub *hub, struct str authorization);

/* One page of a list, with a Link header when there are more. */
void hub_page(struct hub_call *call, const struct value *list);

int64_t hub_query_int(const struct hub_call *call, const char *name, int64_t fallback);
struct str hub_query(const struct hub_call *call, const char *name);

struct value *hub_user(struct arena *arena, struct str login);
struct str hub_url(struct hub_call *call, const char *fmt, ...) PRINTF(2, 3);

/* hub_pull.c */
void hub_pull(struct hub_call *call);
void hub_pulls(struct hub_call *call);
void hub_pull_change(struct hub_call *call);
void hub_files(struct hub_call *call);
void hub_commit(struct hub_call *call);
void hub_commit_pulls(struct hub_call *call);
void hub_compare(struct hub_call *call);
void hub_contents(struct hub_call *call);
void hub_tree(struct hub_call *call);
void hub_blob(struct hub_call *call);
struct value *hub_pull_value(struct hub *hub, struct arena *arena);

/* hub_comments.c */
/* The number at the head commit of a line that the comment names; 0: it is outdated. */
int64_t hub_line_now(const struct hub *hub, const struct hub_comment *comment, int64_t line);
void hub_conversation(struct hub_call *call);
void hub_conversations(struct hub_call *call);
void hub_conversation_comment(struct hub_call *call);
void hub_line_comments(struct hub_call *call);
void hub_line_comment(struct hub_call *call);
void hub_reactions(struct hub_call *call);
struct value *hub_comment_value(struct hub *hub, struct arena *arena,
				const struct hub_comment *comment);

/* hub_reviews.c */
void hub_reviews(struct hub_call *call);
void hub_review(struct hub_call *call);
void hub_review_comments(struct hub_call *call);
void hub_review_events(struct hub_call *call);
bool hub_is_pending(const struct hub *hub, int64_t review);

/* hub_other.c */
void hub_permission(struct hub_call *call);
void hub_checks(struct hub_call *call);
void hub_check(struct hub_call *call);
void hub_commit_checks(struct hub_call *call);
void hub_sarif(struct hub_call *call);
void hub_sarif_status(struct hub_call *call);

#endif

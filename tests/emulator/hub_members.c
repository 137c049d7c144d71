/* The members that GitHub's answers always have and that nothing here reads. */
#include "hub_members.h"
#include "value/put.h"

#define EVERY_URL "https://example.invalid/"
#define A_DATE "2026-01-01T00:00:00Z"

/* Names of members with a space between them, by what they hold. */
struct members {
	const char *urls, *texts, *dates, *nulls, *zeros, *falses, *lists;
	const char *links; /* of `_links`, each an object with `href` */
	bool association;
};

static const struct members kinds[HUB_KIND_COUNT] = {
	[HUB_USER] =
		{.urls = "avatar_url events_url followers_url following_url gists_url html_url organizations_url received_events_url repos_url starred_url subscriptions_url url",
		 .texts = "node_id gravatar_id",
		 .falses = "site_admin"},
	[HUB_REPOSITORY] =
		{.urls = "archive_url assignees_url blobs_url branches_url clone_url collaborators_url comments_url commits_url compare_url contents_url contributors_url deployments_url downloads_url events_url forks_url git_commits_url git_refs_url git_tags_url git_url hooks_url html_url issue_comment_url issue_events_url issues_url keys_url labels_url languages_url merges_url milestones_url notifications_url pulls_url releases_url ssh_url stargazers_url statuses_url subscribers_url subscription_url svn_url tags_url teams_url trees_url url",
		 .texts = "node_id default_branch",
		 .dates = "created_at updated_at pushed_at",
		 .nulls = "description homepage language license mirror_url",
		 .zeros =
			 "id forks forks_count open_issues open_issues_count size stargazers_count watchers watchers_count",
		 .falses =
			 "private fork has_downloads has_issues has_pages has_projects has_wiki archived disabled"},
	[HUB_LABEL] = {.urls = "url",
		       .texts = "node_id color description",
		       .zeros = "id",
		       .falses = "default"},
	[HUB_PULL] =
		{.urls = "comments_url commits_url diff_url issue_url patch_url review_comment_url review_comments_url statuses_url url",
		 .texts = "node_id",
		 .dates = "created_at updated_at",
		 .nulls =
			 "assignee auto_merge body closed_at merge_commit_sha mergeable merged_at merged_by milestone",
		 .zeros = "additions comments commits deletions review_comments",
		 .falses = "locked maintainer_can_modify",
		 .links =
			 "comments commits html issue review_comment review_comments self statuses",
		 .association = true},
	[HUB_REVIEW] = {.urls = "pull_request_url",
			.texts = "node_id",
			.links = "html pull_request",
			.association = true},
	[HUB_LINE_COMMENT] = {.urls = "url pull_request_url",
			      .texts = "diff_hunk",
			      .zeros = "position original_position",
			      .links = "html pull_request self",
			      .association = true},
	[HUB_CONVERSATION_COMMENT] = {.urls = "url issue_url", .association = true},
	[HUB_REACTION] = {.texts = "node_id", .dates = "created_at"},
	[HUB_APP] = {.urls = "external_url html_url",
		     .texts = "node_id",
		     .dates = "created_at updated_at",
		     .nulls = "description",
		     .zeros = "id",
		     .lists = "events"},
	[HUB_CHECK] =
		{.urls = "url",
		 .texts = "node_id",
		 .nulls =
			 "app check_suite completed_at conclusion details_url external_id started_at",
		 .lists = "pull_requests"},
	[HUB_CHECK_OUTPUT] = {.urls = "annotations_url", .nulls = "summary text title"},
	[HUB_COMMIT] = {.urls = "comments_url html_url url",
			.texts = "node_id",
			.nulls = "author committer",
			.lists = "parents"},
	[HUB_COMMIT_DETAILS] = {.urls = "url",
				.texts = "message",
				.nulls = "author committer",
				.zeros = "comment_count"},
	[HUB_COMPARISON] = {.urls = "diff_url html_url patch_url permalink_url url",
			    .zeros = "ahead_by behind_by total_commits",
			    .lists = "commits"},
	[HUB_CONTENT] = {.urls = "download_url git_url html_url url", .links = "git html self"},
	[HUB_BLOB] = {.urls = "url", .texts = "node_id"},
};

static struct value *url_value(struct arena *arena, struct str name)
{
	return value_string(arena, arena_printf(arena, EVERY_URL "%.*s", STR_ARG(name)));
}

static struct value *link_value(struct arena *arena, struct str name)
{
	struct value *link = value_object(arena);

	value_set(arena, link, "href", url_value(arena, name));
	return link;
}

static struct value *empty_value(struct arena *arena, struct str name)
{
	(void)name;
	return value_text(arena, "");
}

static struct value *date_value(struct arena *arena, struct str name)
{
	(void)name;
	return value_text(arena, A_DATE);
}

static struct value *null_value(struct arena *arena, struct str name)
{
	(void)name;
	return value_null(arena);
}

static struct value *zero_value(struct arena *arena, struct str name)
{
	(void)name;
	return value_int(arena, 0);
}

static struct value *false_value(struct arena *arena, struct str name)
{
	(void)name;
	return value_bool(arena, false);
}

static struct value *list_value(struct arena *arena, struct str name)
{
	(void)name;
	return value_array(arena);
}

static void add_absent(struct arena *arena, struct value *object, const char *names,
		       struct value *(*make)(struct arena *arena, struct str name))
{
	struct str rest = names ? str_from(names) : STR_EMPTY;
	struct str name;

	while (rest.len && str_next_part(&rest, ' ', &name)) {
		if (!value_get_str(object, name))
			value_set_str(arena, object, name, make(arena, name));
	}
}

void hub_complete(struct arena *arena, struct value *object, enum hub_kind kind)
{
	const struct members *members = &kinds[kind];
	struct value *links = value_object(arena);

	add_absent(arena, object, members->urls, url_value);
	add_absent(arena, object, members->texts, empty_value);
	add_absent(arena, object, members->dates, date_value);
	add_absent(arena, object, members->nulls, null_value);
	add_absent(arena, object, members->zeros, zero_value);
	add_absent(arena, object, members->falses, false_value);
	add_absent(arena, object, members->lists, list_value);
	if (members->association && !value_get(object, "author_association"))
		put_word(arena, object, "author_association", "NONE");
	if (!members->links)
		return;
	add_absent(arena, links, members->links, link_value);
	value_set(arena, object, "_links", links);
}

/* The pull request and the files of its commits, as GitHub's REST API gives them. */
#include "base/encode.h"
#include "hub_state.h"
#include "value/put.h"

enum { LISTED_FILES_MAX = 3000 };

/* The changed files; comparing is slow, and a list is asked for page by page. */
static struct value *changed_files(struct hub *hub)
{
	if (!str_eq(hub->files_head, hub->head_commit)) {
		hub->files =
			hub_repo_files(hub->repo, hub->base_commit, hub->head_commit, &hub->arena);
		hub->files_head = hub->head_commit;
	}
	return hub->files;
}

static bool is_number(struct hub_call *call)
{
	int64_t number;

	if (str_to_int64(call->parts[0], &number) && number == call->hub->number)
		return true;
	hub_refuse(call, 404, "Not Found", NULL);
	return false;
}

static struct value *side(struct hub *hub, struct arena *arena, struct str ref, struct str sha,
			  struct str repository)
{
	struct value *object = value_object(arena);
	struct value *repo = value_object(arena);
	struct str owner = repository;
	struct str name = STR_EMPTY;

	(void)str_cut(repository, STR("/"), &owner, &name);
	put_text(arena, repo, "name", name);
	value_set(arena, repo, "owner", hub_user(arena, owner));
	put_text(arena, repo, "full_name", repository);
	put_bool(arena, repo, "fork", !str_eq(repository, hub->repository));
	put_text(arena, object, "label", ref);
	put_text(arena, object, "ref", ref);
	put_text(arena, object, "sha", sha);
	hub_complete(arena, repo, HUB_REPOSITORY);
	value_set(arena, object, "repo", repo);
	value_set(arena, object, "user", hub_user(arena, owner));
	return object;
}

struct value *hub_pull_value(struct hub *hub, struct arena *arena)
{
	struct value *pull = value_object(arena);
	struct value *labels = value_array(arena);
	struct value *files = changed_files(hub);

	for (size_t i = 0; i < value_len(hub->labels); i++) {
		struct value *label = value_object(arena);

		put_text(arena, label, "name", value_as_string(value_at(hub->labels, i)));
		hub_complete(arena, label, HUB_LABEL);
		value_append(arena, labels, label);
	}
	put_int(arena, pull, "id", hub->number + 100000);
	put_int(arena, pull, "number", hub->number);
	put_word(arena, pull, "state", hub->merged ? "closed" : "open");
	put_text(arena, pull, "title", hub->title);
	put_text(arena, pull, "body", hub->body);
	value_set(arena, pull, "user", hub_user(arena, hub->author));
	put_bool(arena, pull, "draft", hub->draft);
	put_bool(arena, pull, "merged", hub->merged);
	put_text(arena, pull, "created_at", hub->date);
	put_text(arena, pull, "updated_at", hub->date);
	if (hub->merged)
		put_text(arena, pull, "merged_at", hub->date);
	value_set(arena, pull, "labels", labels);
	put_text(arena, pull, "html_url",
		 arena_printf(arena, "https://example.invalid/%.*s/pull/%lld",
			      STR_ARG(hub->repository), (long long)hub->number));
	value_set(arena, pull, "base",
		  side(hub, arena, hub->base_ref, hub->base_commit, hub->repository));
	value_set(arena, pull, "head",
		  side(hub, arena, hub->head_ref, hub->head_commit,
		       hub->fork.len ? hub->fork : hub->repository));
	put_int(arena, pull, "changed_files", (int64_t)value_len(files));
	put_word(arena, pull, "mergeable_state", "clean");
	hub_complete(arena, pull, HUB_PULL);
	return pull;
}

void hub_pull(struct hub_call *call)
{
	if (is_number(call))
		hub_json(call, 200, hub_pull_value(call->hub, call->arena));
}

/* The list: there is one.  Lists say when, not whether it was merged. */
void hub_pulls(struct hub_call *call)
{
	struct value *list = value_array(call->arena);
	struct value *pull = hub_pull_value(call->hub, call->arena);
	struct value *item = value_object(call->arena);
	bool closed = str_eq(hub_query(call, "state"), STR("closed"));

	for (size_t i = 0; i < pull->object.len; i++) {
		const struct member *member = &pull->object.members[i];

		if (!str_eq(member->name, STR("merged")))
			value_set_str(call->arena, item, member->name, member->value);
	}
	if (call->hub->merged || !closed)
		value_append(call->arena, list, item);
	hub_page(call, list);
}

void hub_pull_change(struct hub_call *call)
{
	if (value_len(call->body))
		hub_refuse(call, 422, "Validation Failed", "only an empty update is emulated");
	else
		hub_pull(call);
}

void hub_files(struct hub_call *call)
{
	const struct value *files = changed_files(call->hub);
	struct value *listed = value_array(call->arena);

	for (size_t i = 0; i < value_len(files) && i < LISTED_FILES_MAX; i++)
		value_append(call->arena, listed, value_at(files, i));
	if (is_number(call))
		hub_page(call, listed);
}

/* A commit id out of an id or one of the two branches; empty: there is none. */
static struct str resolve(const struct hub *hub, struct str ref)
{
	if (str_starts(ref, STR("refs/heads/")))
		ref = str_skip(ref, STR("refs/heads/").len);
	if (str_eq(ref, hub->base_ref) || str_eq(ref, STR("HEAD")))
		return hub->base_commit;
	if (str_eq(ref, hub->head_ref))
		return hub->head_commit;
	return hub_repo_has(hub->repo, ref) ? ref : STR_EMPTY;
}

static struct value *commit_value(struct arena *arena, struct str commit)
{
	struct value *object = value_object(arena);
	struct value *details = value_object(arena);
	struct value *tree = value_object(arena);

	put_text(arena, tree, "sha", commit);
	put_word(arena, tree, "url", "https://example.invalid/tree");
	value_set(arena, details, "tree", tree);
	hub_complete(arena, details, HUB_COMMIT_DETAILS);
	put_text(arena, object, "sha", commit);
	value_set(arena, object, "commit", details);
	hub_complete(arena, object, HUB_COMMIT);
	return object;
}

void hub_commit(struct hub_call *call)
{
	struct str commit = resolve(call->hub, call->parts[0]);

	if (!commit.len) {
		hub_refuse(call, 422, "No commit found for SHA", NULL);
		return;
	}
	hub_json(call, 200, commit_value(call->arena, commit));
}

void hub_commit_pulls(struct hub_call *call)
{
	struct value *list = value_array(call->arena);

	if (str_eq(call->parts[0], call->hub->head_commit))
		value_append(call->arena, list, hub_pull_value(call->hub, call->arena));
	hub_page(call, list);
}

/* Three dots: from where the two parted. */
void hub_compare(struct hub_call *call)
{
	struct hub *hub = call->hub;
	struct value *object = value_object(call->arena);
	struct str base = STR_EMPTY;
	struct str head = STR_EMPTY;
	struct str parted;

	(void)str_cut(call->parts[0], STR("..."), &base, &head);
	base = resolve(hub, base);
	head = resolve(hub, head);
	if (!base.len || !head.len) {
		hub_refuse(call, 404, "Not Found", NULL);
		return;
	}
	value_set(call->arena, object, "base_commit", commit_value(call->arena, base));
	parted = hub_repo_merge_base(hub->repo, base, head, call->arena);
	value_set(call->arena, object, "merge_base_commit", commit_value(call->arena, parted));
	put_word(call->arena, object, "status", str_eq(parted, base) ? "ahead" : "diverged");
	value_set(call->arena, object, "files",
		  hub_repo_files(hub->repo, parted, head, call->arena));
	hub_complete(call->arena, object, HUB_COMPARISON);
	hub_json(call, 200, object);
}

static void answer_bytes(struct hub_call *call, struct str id, struct str path)
{
	SCOPED(buf) struct buf bytes = BUF_INIT;
	SCOPED(buf) struct buf text = BUF_INIT;
	struct value *object = value_object(call->arena);

	if (!hub_repo_blob(call->hub->repo, id, &bytes)) {
		hub_refuse(call, 404, "Not Found", NULL);
		return;
	}
	base64_add(&text, buf_str(&bytes));
	put_text(call->arena, object, "sha", id);
	put_int(call->arena, object, "size", (int64_t)bytes.len);
	put_word(call->arena, object, "encoding", "base64");
	put_text(call->arena, object, "content", buf_str(&text));
	if (path.len) {
		put_word(call->arena, object, "type", "file");
		put_text(call->arena, object, "path", path);
		put_text(call->arena, object, "name", path);
	}
	hub_complete(call->arena, object, path.len ? HUB_CONTENT : HUB_BLOB);
	hub_json(call, 200, object);
}

void hub_contents(struct hub_call *call)
{
	struct str ref = hub_query(call, "ref");
	struct str commit = ref.len ? resolve(call->hub, ref) : call->hub->base_commit;
	struct str id = hub_repo_path(call->hub->repo, commit, call->parts[0], call->arena);

	if (id.len)
		answer_bytes(call, id, call->parts[0]);
	else
		hub_refuse(call, 404, "Not Found", NULL);
}

void hub_tree(struct hub_call *call)
{
	struct value *tree =
		hub_repo_tree(call->hub->repo, resolve(call->hub, call->parts[0]), call->arena);

	if (tree)
		hub_json(call, 200, tree);
	else
		hub_refuse(call, 404, "Not Found", NULL);
}

void hub_blob(struct hub_call *call)
{
	answer_bytes(call, call->parts[0], STR_EMPTY);
}

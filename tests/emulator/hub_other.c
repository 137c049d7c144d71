/* Permissions, check runs and code scanning. */
#include "hub_state.h"
#include "value/put.h"

enum { ANNOTATIONS_MAX = 50 };

void hub_permission(struct hub_call *call)
{
	struct str permission =
		value_as_string(value_get_str(call->hub->permissions, call->parts[0]));
	struct value *object = value_object(call->arena);
	struct value *user;

	if (!permission.len) {
		hub_refuse(call, 404, "Not Found", NULL);
		return;
	}
	put_text(call->arena, object, "permission", permission);
	put_text(call->arena, object, "role_name", permission);
	user = hub_user(call->arena, call->parts[0]);
	put_text(call->arena, user, "role_name", permission);
	value_set(call->arena, object, "user", user);
	hub_json(call, 200, object);
}

static struct value *check_value(struct hub_call *call, const struct hub_check *check)
{
	struct value *object = value_copy(call->arena, check->latest);
	struct value *output = value_object(call->arena);
	struct value *app = value_object(call->arena);
	static const char *const kept[] = {"title", "summary", "text"};

	for (size_t i = 0; i < ARRAY_LEN(kept); i++) {
		const struct value *value = value_get(value_get(object, "output"), kept[i]);

		if (value)
			value_set(call->arena, output, kept[i], value_copy(call->arena, value));
	}
	put_int(call->arena, output, "annotations_count", (int64_t)value_len(check->annotations));
	hub_complete(call->arena, output, HUB_CHECK_OUTPUT);
	value_set(call->arena, object, "output", output);
	put_int(call->arena, object, "id", check->id);
	put_text(call->arena, object, "html_url",
		 hub_url(call, "/runs/%lld", (long long)check->id));
	if (!value_get(object, "status"))
		put_word(call->arena, object, "status", "queued");
	put_word(call->arena, app, "slug", "github-actions");
	put_word(call->arena, app, "name", "GitHub Actions");
	value_set(call->arena, app, "owner", hub_user(call->arena, STR("github")));
	value_set(call->arena, app, "permissions", value_object(call->arena));
	hub_complete(call->arena, app, HUB_APP);
	value_set(call->arena, object, "app", app);
	hub_complete(call->arena, object, HUB_CHECK);
	return object;
}

/* Keeps what was sent; annotations add up over the requests of one run. */
static bool take_check(struct hub_call *call, struct hub_check *check)
{
	const struct value *annotations = value_get(value_get(call->body, "output"), "annotations");

	if (value_len(annotations) > ANNOTATIONS_MAX) {
		hub_refuse(call, 422, "Invalid request",
			   "No more than 50 annotations may be sent at once");
		return false;
	}
	for (size_t i = 0; i < value_len(call->body); i++) {
		const struct member *member = &call->body->object.members[i];

		value_set_str(&call->hub->arena, check->latest, member->name,
			      value_copy(&call->hub->arena, member->value));
	}
	for (size_t i = 0; i < value_len(annotations); i++)
		value_append(&call->hub->arena, check->annotations,
			     value_copy(&call->hub->arena, value_at(annotations, i)));
	return true;
}

void hub_checks(struct hub_call *call)
{
	struct hub *hub = call->hub;
	struct hub_check check = {.id = ++hub->next_id,
				  .latest = value_object(&hub->arena),
				  .annotations = value_array(&hub->arena)};

	if (!value_get_string(call->body, "name").len ||
	    !value_get_string(call->body, "head_sha").len) {
		hub_refuse(call, 422, "Invalid request", "name and head_sha are needed");
		return;
	}
	if (!take_check(call, &check))
		return;
	VEC_PUSH(&hub->checks, check);
	hub_json(call, 201, check_value(call, &check));
}

void hub_check(struct hub_call *call)
{
	int64_t id = 0;

	for (size_t i = 0; str_to_int64(call->parts[0], &id) && i < call->hub->checks.len; i++) {
		struct hub_check *check = &call->hub->checks.items[i];

		if (check->id != id)
			continue;
		if (str_eq(call->request->method, STR("PATCH")) && !take_check(call, check))
			return;
		hub_json(call, 200, check_value(call, check));
		return;
	}
	hub_refuse(call, 404, "Not Found", NULL);
}

/* Those of that commit, by the query's name if it has one. */
void hub_commit_checks(struct hub_call *call)
{
	struct value *object = value_object(call->arena);
	struct value *list = value_array(call->arena);
	struct str name = hub_query(call, "check_name");

	for (size_t i = 0; i < call->hub->checks.len; i++) {
		const struct hub_check *check = &call->hub->checks.items[i];

		if (!str_eq(value_get_string(check->latest, "head_sha"), call->parts[0]) ||
		    (name.len && !str_eq(value_get_string(check->latest, "name"), name)))
			continue;
		value_append(call->arena, list, check_value(call, check));
	}
	put_int(call->arena, object, "total_count", (int64_t)value_len(list));
	value_set(call->arena, object, "check_runs", list);
	hub_json(call, 200, object);
}

void hub_sarif(struct hub_call *call)
{
	struct value *object = value_object(call->arena);
	struct str id = arena_printf(call->arena, "sarif-%lld", (long long)++call->hub->next_id);

	value_append(&call->hub->arena, call->hub->uploads,
		     value_copy(&call->hub->arena, call->body));
	put_text(call->arena, object, "id", id);
	put_text(call->arena, object, "url", hub_url(call, "/sarifs/%.*s", STR_ARG(id)));
	hub_json(call, 202, object);
}

void hub_sarif_status(struct hub_call *call)
{
	struct value *object = value_object(call->arena);

	put_word(call->arena, object, "processing_status", "complete");
	hub_json(call, 200, object);
}

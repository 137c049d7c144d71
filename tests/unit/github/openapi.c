/* Holds requests to GitHub's own OpenAPI description. */
#include "openapi.h"

#include <stdio.h>

#include "base/file.h"
#include "unit.h"
#include "value/json.h"
#include "value/schema.h"

enum { SPEC_SIZE_MAX = 64 << 20, DEPTH_MAX = 24 };

/* Read once a process. */
static struct {
	struct arena arena;
	struct value *spec;
	bool tried;
} description;

static struct value *spec(void)
{
	static struct buf text = BUF_INIT;
	struct error err = {0};
	char path[512];

	if (description.tried)
		return description.spec;
	description.tried = true;
	if (!unit_shared_data())
		return NULL;
	snprintf(path, sizeof(path), "%s/github/openapi-subset-strict.json", unit_shared_data());
	if (!file_read(path, SPEC_SIZE_MAX, &text, &err) ||
	    !(description.spec =
		      json_read(&description.arena, buf_str(&text), SPEC_SIZE_MAX, &err)))
		printf("# %s\n", err.message);
	buf_release(&text);
	return description.spec;
}

/* Follows "$ref", as often as it stands. */
static const struct value *target_of(const struct value *value)
{
	struct str ref;

	while ((ref = value_get_string(value, "$ref")).len)
		value = value_at_pointer(spec(), str_skip(ref, 1));
	return value;
}

/* A copy without references, for schema_check(). */
static struct value *inlined(struct arena *arena, const struct value *value, int depth)
{
	struct value *copy;

	value = target_of(value);
	if (depth == DEPTH_MAX || !value)
		return value_object(arena);
	if (value->kind == VALUE_ARRAY) {
		copy = value_array(arena);
		for (size_t i = 0; i < value_len(value); i++)
			value_append(arena, copy, inlined(arena, value_at(value, i), depth + 1));
		return copy;
	}
	if (value->kind != VALUE_OBJECT)
		return value_copy(arena, value);
	copy = value_object(arena);
	for (size_t i = 0; i < value->object.len; i++)
		value_set_str(arena, copy, value->object.members[i].name,
			      inlined(arena, value->object.members[i].value, depth + 1));
	return copy;
}

/* The number of "{...}" parts of a template that matches the path, or -1. */
static int match_path(struct str pattern, struct str path)
{
	struct str expected;
	struct str part;
	int wild = 0;

	while (str_next_part(&pattern, '/', &expected)) {
		if (!str_next_part(&path, '/', &part))
			return -1;
		if (str_starts(expected, STR("{")) && part.len)
			wild++;
		else if (!str_eq(expected, part))
			return -1;
	}
	return str_next_part(&path, '/', &part) ? -1 : wild;
}

static const struct value *find_item(struct str path)
{
	const struct value *paths = value_get(spec(), "paths");
	const struct value *best = NULL;
	int best_wild = 100;

	for (size_t i = 0; i < value_len(paths); i++) {
		int wild = match_path(paths->object.members[i].name, path);

		if (wild < 0 || wild >= best_wild)
			continue;
		best = paths->object.members[i].value;
		best_wild = wild;
	}
	return best;
}

static bool has_query(const struct value *parameters, struct str name)
{
	for (size_t i = 0; i < value_len(parameters); i++) {
		const struct value *parameter = target_of(value_at(parameters, i));

		if (str_eq(value_get_string(parameter, "in"), STR("query")) &&
		    str_eq(value_get_string(parameter, "name"), name))
			return true;
	}
	return false;
}

static bool check_query(const struct value *item, const struct value *operation, struct str query)
{
	struct str part;
	struct str name;
	struct str value;

	while (str_next_part(&query, '&', &part)) {
		if (!str_cut(part, STR("="), &name, &value))
			name = part;
		if (has_query(value_get(operation, "parameters"), name) ||
		    has_query(value_get(item, "parameters"), name))
			continue;
		printf("# unknown query parameter \"%.*s\"\n", STR_ARG(name));
		return false;
	}
	return true;
}

static bool check_body(const struct value *operation, struct str body)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	const struct value *content =
		value_get(target_of(value_get(operation, "requestBody")), "content");
	const struct value *schema = value_get(value_get(content, "application/json"), "schema");
	struct error err = {0};
	struct value *json;

	if (!body.len)
		return true;
	if (!schema) {
		printf("# it takes no body\n");
		return false;
	}
	json = json_read(&arena, body, 0, &err);
	if (json && schema_check(inlined(&arena, schema, 0), json, &err))
		return true;
	printf("# %s\n", err.message);
	return false;
}

bool openapi_allows(const struct fake_request *request)
{
	struct str path = request->target;
	struct str query = STR_EMPTY;
	const struct value *item;
	const struct value *operation;
	char method[16];

	if (!spec())
		return true;
	(void)str_cut(request->target, STR("?"), &path, &query);
	for (size_t i = 0; i < sizeof(method); i++) {
		char c = i < request->method.len ? request->method.ptr[i] : '\0';

		method[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
	item = find_item(path);
	operation = value_get(item, method);
	if (operation && check_query(item, operation, query) &&
	    check_body(operation, request->body))
		return true;
	printf("# not as GitHub describes it: %.*s %.*s\n", STR_ARG(request->method),
	       STR_ARG(request->target));
	return false;
}

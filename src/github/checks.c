/* Check runs: created as completed, with fifty annotations per request. */
#include "github/checks.h"

#include "base/encode.h"
#include "base/utf8.h"
#include "value/fields.h"
#include "value/put.h"

struct wire_check {
	int64_t id;
	struct str external_id, url;
	struct value *app; /* its creator */
};

static const struct field check_rows[] = {
	{.name = "id",
	 .type = FIELD_INT,
	 .offset = offsetof(struct wire_check, id),
	 .required = true},
	{.name = "external_id",
	 .type = FIELD_STRING,
	 .offset = offsetof(struct wire_check, external_id)},
	{.name = "html_url", .type = FIELD_STRING, .offset = offsetof(struct wire_check, url)},
	{.name = "app", .type = FIELD_VALUE, .offset = offsetof(struct wire_check, app)},
};

static const struct fields check_fields = {
	.title = "a check run",
	.items = check_rows,
	.len = ARRAY_LEN(check_rows),
	.size = sizeof(struct wire_check),
	.open = true,
};

static struct value *annotation_object(struct arena *arena, const struct check_annotation *item)
{
	struct value *object = value_object(arena);

	put_text(arena, object, "path", item->path);
	put_int(arena, object, "start_line", item->start_line);
	put_int(arena, object, "end_line", item->end_line);
	put_word(arena, object, "annotation_level", item->level);
	put_text(arena, object, "message", utf8_cut(item->message, CHECK_TEXT_SIZE_MAX - 1535));
	if (item->title.len)
		put_text(arena, object, "title", utf8_cut(item->title, CHECK_TITLE_SIZE_MAX));
	return object;
}

static struct value *output_object(struct arena *arena, const struct check_run *check, size_t first)
{
	struct value *output = value_object(arena);
	struct value *annotations = value_array(arena);

	put_text(arena, output, "title", utf8_cut(check->title, CHECK_TITLE_SIZE_MAX));
	put_text(arena, output, "summary", utf8_cut(check->summary, CHECK_TEXT_SIZE_MAX));
	for (size_t i = first;
	     i < check->annotations_len && i < first + CHECK_ANNOTATIONS_PER_REQUEST; i++)
		value_append(arena, annotations, annotation_object(arena, &check->annotations[i]));
	value_set(arena, output, "annotations", annotations);
	return output;
}

/* A commit's check runs of that name, also those that a later one replaced; NULL with `err`. */
static const struct value *list_runs(struct github *github, struct str check_name,
				     struct str commit, struct arena *arena, struct error *err)
{
	SCOPED(buf) struct buf name = BUF_INIT;
	struct github_answer answer = {0};
	struct github_call call = {.method = "GET"};
	const struct value *runs;

	percent_add(&name, check_name, NULL);
	call.path = arena_printf(
		arena, "/repos/%.*s/commits/%.*s/check-runs?check_name=%s&filter=all&per_page=100",
		STR_ARG(github_repository(github)), STR_ARG(commit), name.ptr);
	if (!github_send(github, &call, arena, &answer, err))
		return NULL;
	runs = value_get(answer.json, "check_runs");
	if (!runs)
		error_set(err, ERROR_PROTOCOL, "check runs of commit %.*s: unexpected answer",
			  STR_ARG(commit));
	return runs;
}

/* What the look for a check run needs whose making may have gone unanswered. */
struct check_creation {
	struct github *github;
	const struct check_run *check;
	struct arena *arena;
	struct wire_check *made;
};

static bool check_exists(void *ctx, bool *found, struct error *err)
{
	struct check_creation *creation = ctx;
	const struct value *runs = list_runs(creation->github, creation->check->name,
					     creation->check->commit, creation->arena, err);

	if (!runs)
		return false;
	*found = false;
	for (size_t i = 0; i < value_len(runs) && !*found; i++) {
		struct wire_check wire = {0};

		if (!fields_decode_json(creation->arena, &check_fields, value_at(runs, i),
					"check runs", &wire, err))
			return false;
		*found = str_eq(wire.external_id, creation->check->external_id);
		if (*found)
			*creation->made = wire;
	}
	return true;
}

/* Each PATCH appends, so that one whose answer was lost must not be sent blindly again. */
struct addition {
	struct github *github;
	struct arena *arena;
	int64_t id;
	size_t count_after; /* how many annotations there are once it was carried out */
};

static bool annotations_exist(void *ctx, bool *found, struct error *err)
{
	struct addition *addition = ctx;
	struct github_answer answer = {0};
	struct github_call call = {
		.method = "GET",
		.path = arena_printf(addition->arena, "/repos/%.*s/check-runs/%lld",
				     STR_ARG(github_repository(addition->github)),
				     (long long)addition->id),
	};

	if (!github_send(addition->github, &call, addition->arena, &answer, err))
		return false;
	*found = value_get_int(value_get(answer.json, "output"), "annotations_count", 0) >=
		 (int64_t)addition->count_after;
	return true;
}

static bool add_annotations(struct github *github, const struct check_run *check, int64_t id,
			    struct arena *arena, struct error *err)
{
	for (size_t first = CHECK_ANNOTATIONS_PER_REQUEST; first < check->annotations_len;
	     first += CHECK_ANNOTATIONS_PER_REQUEST) {
		struct value *body = value_object(arena);
		struct github_answer answer = {0};
		struct addition addition = {
			.github = github,
			.arena = arena,
			.id = id,
			.count_after = MIN_OF(first + CHECK_ANNOTATIONS_PER_REQUEST,
					      check->annotations_len),
		};
		struct github_call call = {
			.method = "PATCH",
			.path = arena_printf(arena, "/repos/%.*s/check-runs/%lld",
					     STR_ARG(github_repository(github)), (long long)id),
			.body = body,
			.exists = annotations_exist,
			.exists_ctx = &addition,
		};

		value_set(arena, body, "output", output_object(arena, check, first));
		if (!github_create(github, &call, arena, &answer, err))
			return error_wrap(err, "add annotations %zu and up", first + 1);
	}
	return true;
}

bool check_run_create(struct github *github, const struct check_run *check, struct arena *arena,
		      struct str *url, struct error *err)
{
	struct value *body = value_object(arena);
	struct github_answer answer = {0};
	struct wire_check made = {0};
	struct check_creation creation = {
		.github = github,
		.check = check,
		.arena = arena,
		.made = &made,
	};
	struct github_call call = {
		.method = "POST",
		.path = arena_printf(arena, "/repos/%.*s/check-runs",
				     STR_ARG(github_repository(github))),
		.body = body,
		.exists = check_exists,
		.exists_ctx = &creation,
	};

	put_text(arena, body, "name", check->name);
	put_text(arena, body, "head_sha", check->commit);
	put_text(arena, body, "external_id", check->external_id);
	put_word(arena, body, "status", "completed");
	put_word(arena, body, "conclusion", check->conclusion);
	value_set(arena, body, "output", output_object(arena, check, 0));
	if (!github_create(github, &call, arena, &answer, err))
		return false;
	if (answer.status &&
	    !fields_decode_json(arena, &check_fields, answer.json, "new check run", &made, err))
		return false;
	if (!add_annotations(github, check, made.id, arena, err))
		return false;
	*url = made.url;
	return true;
}

bool check_run_exists(struct github *github, const struct check_query *query, struct arena *arena,
		      bool *found, struct error *err)
{
	const struct value *runs = list_runs(github, query->name, query->commit, arena, err);

	if (!runs)
		return error_wrap(err, "read the check runs of the last review");
	*found = false;
	for (size_t i = 0; i < value_len(runs) && !*found; i++) {
		const struct value *item = value_at(runs, i);
		struct wire_check wire = {0};

		if (!fields_decode_json(arena, &check_fields, item, "check runs", &wire, err))
			return false;
		*found = str_eq(value_get_string(item, "name"), query->name) &&
			 str_eq(value_get_string(item, "head_sha"), query->commit) &&
			 str_eq(value_get_string(wire.app, "slug"), query->app) &&
			 str_ends(wire.external_id, query->external_id_end);
	}
	return true;
}

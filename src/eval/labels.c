/* Labels of public review benchmarks, as cases. */
#include "eval/labels.h"

#include "base/ascii.h"

/* ---- AACR-Bench ---- */

struct aacr_comment {
	struct str note, path, side, category, context;
	int64_t from_line, to_line;
};

struct aacr_pull {
	struct str language, source_commit, target_commit, url;
	struct list comments; /* of struct aacr_comment */
};

#define AT(member) .offset = offsetof(struct aacr_comment, member)
static const struct field aacr_comment_items[] = {
	{.name = "note", .type = FIELD_STRING, AT(note), .required = true},
	{.name = "path", .type = FIELD_STRING, AT(path), .required = true},
	{.name = "side", .type = FIELD_STRING, AT(side)},
	{.name = "category", .type = FIELD_STRING, AT(category)},
	{.name = "context", .type = FIELD_STRING, AT(context)},
	{.name = "from_line", .type = FIELD_INT, AT(from_line)},
	{.name = "to_line", .type = FIELD_INT, AT(to_line)},
};
#undef AT
static const struct fields aacr_comment_fields = {
	.title = "a comment",
	.items = aacr_comment_items,
	.len = ARRAY_LEN(aacr_comment_items),
	.size = sizeof(struct aacr_comment),
	.open = true,
};

#define AT(member) .offset = offsetof(struct aacr_pull, member)
static const struct field aacr_pull_items[] = {
	{.name = "project_main_language", .type = FIELD_STRING, AT(language)},
	{.name = "source_commit", .type = FIELD_STRING, AT(source_commit), .required = true},
	{.name = "target_commit", .type = FIELD_STRING, AT(target_commit), .required = true},
	{.name = "githubPrUrl", .type = FIELD_STRING, AT(url), .required = true},
	{.name = "comments",
	 .type = FIELD_LIST,
	 AT(comments),
	 .fields = &aacr_comment_fields,
	 .required = true},
};
#undef AT
static const struct fields aacr_pull_fields = {
	.title = "a pull request",
	.items = aacr_pull_items,
	.len = ARRAY_LEN(aacr_pull_items),
	.size = sizeof(struct aacr_pull),
	.open = true,
};

/* ---- Martian ---- */

struct martian_comment {
	struct str comment, severity;
};

struct martian_pull {
	struct str title, url;
	struct list comments; /* of struct martian_comment */
};

#define AT(member) .offset = offsetof(struct martian_comment, member)
static const struct field martian_comment_items[] = {
	{.name = "comment", .type = FIELD_STRING, AT(comment), .required = true},
	{.name = "severity", .type = FIELD_STRING, AT(severity)},
};
#undef AT
static const struct fields martian_comment_fields = {
	.title = "a comment",
	.items = martian_comment_items,
	.len = ARRAY_LEN(martian_comment_items),
	.size = sizeof(struct martian_comment),
	.open = true,
};

#define AT(member) .offset = offsetof(struct martian_pull, member)
static const struct field martian_pull_items[] = {
	{.name = "pr_title", .type = FIELD_STRING, AT(title), .required = true},
	{.name = "url", .type = FIELD_STRING, AT(url), .required = true},
	{.name = "comments",
	 .type = FIELD_LIST,
	 AT(comments),
	 .fields = &martian_comment_fields,
	 .required = true},
};
#undef AT
static const struct fields martian_pull_fields = {
	.title = "a pull request",
	.items = martian_pull_items,
	.len = ARRAY_LEN(martian_pull_items),
	.size = sizeof(struct martian_pull),
	.open = true,
};

/* ---- Both ---- */

bool labels_pull_request(struct str url, struct str *repository, int64_t *number)
{
	static const char *const starts[] = {"https://github.com/", "http://github.com/"};
	struct str rest = STR_EMPTY, before, after;

	for (size_t i = 0; i < ARRAY_LEN(starts); i++) {
		if (str_starts(url, str_from(starts[i])))
			rest = str_skip(url, str_from(starts[i]).len);
	}
	if (!str_cut(rest, STR("/pull/"), &before, &after))
		return false;
	*repository = before;
	return str_find_char(before, '/', 0) > 0 && str_to_int64(after, number);
}

/* "freecad-19411" from the URL of a pull request; safe as the name of a folder. */
static struct str case_name(struct arena *arena, struct str url)
{
	struct str repository = STR_EMPTY;
	int64_t number = 0;
	SCOPED(buf) struct buf name = BUF_INIT;

	if (!labels_pull_request(url, &repository, &number))
		return STR_EMPTY;
	repository = str_last_part(repository);
	for (size_t i = 0; i < repository.len; i++) {
		char c = ascii_to_lower(repository.ptr[i]);
		bool plain = ascii_is_alnum(c) || c == '-' || c == '_';

		buf_add_char(&name, plain ? c : '-');
	}
	buf_addf(&name, "-%lld", (long long)number);
	return arena_str(arena, buf_str(&name));
}

static struct strings list_of_one(struct arena *arena, struct str text)
{
	struct strings list = {0};

	if (!text.len)
		return list;
	list.items = ARENA_NEW(arena, struct str);
	list.items[0] = text;
	list.len = 1;
	return list;
}

static struct expectation aacr_row(struct arena *arena, const struct aacr_comment *comment)
{
	int64_t from = MIN_OF(comment->from_line, comment->to_line);
	int64_t to = MAX_OF(comment->from_line, comment->to_line);
	struct expectation row = {
		.path = comment->path,
		.side = str_eq(comment->side, STR("left")) ? SIDE_LEFT : SIDE_RIGHT,
		.severity = -1,
		.category = list_of_one(arena, comment->category),
		.text = comment->note,
		.context = comment->context,
	};

	from = from > 0 ? from : to;
	if (from > 0)
		row.lines = arena_printf(arena, "%lld-%lld", (long long)from, (long long)to);
	return row;
}

bool labels_read_aacr(struct arena *arena, const struct value *value, bool rejected,
		      struct label_set *out, struct error *err)
{
	struct label_set set = {.len = value_len(value)};

	if (!value_is(value, VALUE_ARRAY))
		return error_set(err, ERROR_PROTOCOL, "labels: expected a list of pull requests");
	set.cases = ARENA_ARRAY(arena, struct eval_case, set.len + 1);
	for (size_t i = 0; i < set.len; i++) {
		struct aacr_pull pull = {0};
		const struct aacr_comment *comments;
		struct expectation *rows;
		struct list list;

		if (!fields_decode_json(arena, &aacr_pull_fields, value_at(value, i), "labels",
					&pull, err))
			return error_wrap(err, "pull request %zu", i + 1);
		comments = pull.comments.items;
		rows = ARENA_ARRAY(arena, struct expectation, pull.comments.len + 1);
		for (size_t j = 0; j < pull.comments.len; j++)
			rows[j] = aacr_row(arena, &comments[j]);
		list = (struct list){.items = rows, .len = pull.comments.len};
		set.cases[i] = (struct eval_case){
			.name = case_name(arena, pull.url),
			.title = pull.url,
			.language = pull.language,
			.origin = {.kind = STR("label"),
				   .url = pull.url,
				   .base = pull.source_commit,
				   .head = pull.target_commit},
			.expect = rejected ? (struct list){0} : list,
			.forbid = rejected ? list : (struct list){0},
		};
		if (!set.cases[i].name.len)
			return error_set(
				err, ERROR_PROTOCOL,
				"pull request %zu: \"%.*s\" is not the URL of a pull request",
				i + 1, STR_ARG(pull.url));
	}
	*out = set;
	return true;
}

/* "High" as severity_parse() knows it; -1 for anything else. */
static int severity_of(struct str name)
{
	for (int i = 0; i < SEVERITY_COUNT; i++) {
		if (str_eq_nocase(name, str_from(severity_name((enum severity)i))))
			return i;
	}
	return -1;
}

bool labels_read_martian(struct arena *arena, const struct value *value, struct label_set *out,
			 struct error *err)
{
	struct label_set set = {.len = value_len(value)};

	if (!value_is(value, VALUE_ARRAY))
		return error_set(err, ERROR_PROTOCOL, "labels: expected a list of pull requests");
	set.cases = ARENA_ARRAY(arena, struct eval_case, set.len + 1);
	for (size_t i = 0; i < set.len; i++) {
		struct martian_pull pull = {0};
		const struct martian_comment *comments;
		struct expectation *rows;

		if (!fields_decode_json(arena, &martian_pull_fields, value_at(value, i), "labels",
					&pull, err))
			return error_wrap(err, "pull request %zu", i + 1);
		comments = pull.comments.items;
		rows = ARENA_ARRAY(arena, struct expectation, pull.comments.len + 1);
		for (size_t j = 0; j < pull.comments.len; j++)
			rows[j] =
				(struct expectation){.text = comments[j].comment,
						     .severity = severity_of(comments[j].severity)};
		set.cases[i] = (struct eval_case){
			.name = case_name(arena, pull.url),
			.title = pull.title,
			.origin = {.kind = STR("label"), .url = pull.url},
			.expect = {.items = rows, .len = pull.comments.len},
		};
		if (!set.cases[i].name.len)
			return error_set(
				err, ERROR_PROTOCOL,
				"pull request %zu: \"%.*s\" is not the URL of a pull request",
				i + 1, STR_ARG(pull.url));
	}
	*out = set;
	return true;
}

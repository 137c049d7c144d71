/* A case of an evaluation: a change whose problems are known. */
#include "eval/case.h"

#include "finding/place.h"
#include "value/pattern.h"
#include "value/yaml.h"

static const char *const kind_names[] = {"escaped", "injected", "written", "label", NULL};

static void check_says(struct decoder *decoder, const struct value *value, void *field)
{
	const struct str *says = field;
	struct error err = {0};

	if (!pattern_check(*says, &err))
		decoder_error(decoder, value, "%s", err.message);
}

static void check_kind(struct decoder *decoder, const struct value *value, void *field)
{
	const struct str *kind = field;

	for (size_t i = 0; kind_names[i]; i++) {
		if (str_eq(*kind, str_from(kind_names[i])))
			return;
	}
	decoder_error(decoder, value, "must be escaped, injected, written or label");
}

/* "42" or "42-45". */
static bool read_lines(struct str text, uint32_t *line, uint32_t *end_line)
{
	struct str first = text, last = text;
	int64_t from, to;

	if (str_cut(text, STR("-"), &first, &last) && !last.len)
		return false;
	if (!str_to_int64(str_trim(first), &from) || !str_to_int64(str_trim(last), &to))
		return false;
	if (from < 1 || to < from || to > UINT32_MAX)
		return false;
	*line = (uint32_t)from;
	*end_line = (uint32_t)to;
	return true;
}

static void check_lines(struct decoder *decoder, const struct value *value, void *field)
{
	const struct str *lines = field;
	uint32_t line, end_line;

	if (!read_lines(*lines, &line, &end_line))
		decoder_error(decoder, value, "must be \"LINE\" or \"FIRST-LAST\", in quotes");
}

#define AT(member) .offset = offsetof(struct expectation, member)
static const struct field expectation_items[] = {
	{.name = "path",
	 .type = FIELD_STRING,
	 AT(path),
	 .help = "The file. Without it the row is about the change as a whole."},
	{.name = "at",
	 .type = FIELD_STRING,
	 AT(at),
	 .help = "Code of the change, quoted; it says which lines are meant."},
	{.name = "lines",
	 .type = FIELD_STRING,
	 AT(lines),
	 .check = check_lines,
	 .help = "Lines instead of quoted code: \"42\" or \"42-45\"."},
	{.name = "side",
	 .type = FIELD_ENUM,
	 AT(side),
	 .choices = diff_side_names,
	 .help = "RIGHT (the new file, the default) or LEFT (the old one)."},
	{.name = "severity",
	 .type = FIELD_ENUM,
	 AT(severity),
	 .choices = severity_names,
	 .help = "The severity that is right; graded when the problem is found."},
	{.name = "category",
	 .type = FIELD_STRINGS,
	 AT(category),
	 .or_one = true,
	 .help = "What kind of problem it is; figures are given for each."},
	{.name = "says",
	 .type = FIELD_STRING,
	 AT(says),
	 .check = check_says,
	 .help = "A regular expression, case-insensitive, that title or body must match."},
	{.name = "text",
	 .type = FIELD_STRING,
	 AT(text),
	 .help = "The problem in words, as an imported label has it; compared by words or by a judge."},
	{.name = "agents",
	 .type = FIELD_STRINGS,
	 AT(agents),
	 .or_one = true,
	 .help = "The agents in whose recall it counts. Default: all."},
	{.name = "context",
	 .type = FIELD_STRING,
	 AT(context),
	 .help = "What must be read to see it: the diff, the file, or the repository."},
	{.name = "why", .type = FIELD_STRING, AT(why), .help = "Why the row is there, for people."},
};
#undef AT
static const struct expectation expectation_defaults = {.severity = -1};
static const struct fields expectation_fields = {
	.title = "an expected finding",
	.items = expectation_items,
	.len = ARRAY_LEN(expectation_items),
	.size = sizeof(struct expectation),
	.defaults = &expectation_defaults,
};

#define AT(member) .offset = offsetof(struct case_origin, member)
static const struct field origin_items[] = {
	{.name = "kind",
	 .type = FIELD_STRING,
	 AT(kind),
	 .check = check_kind,
	 .help = "escaped (a bug that was released), injected, written (for this case) or label (imported)."},
	{.name = "url",
	 .type = FIELD_STRING,
	 AT(url),
	 .help = "Where the change comes from, as https://HOST/OWNER/REPO/..."},
	{.name = "license",
	 .type = FIELD_STRING,
	 AT(license),
	 .help = "The license of the change."},
	{.name = "base", .type = FIELD_STRING, AT(base), .help = "The base commit."},
	{.name = "head",
	 .type = FIELD_STRING,
	 AT(head),
	 .help = "The reviewed commit, by its full id."},
};
#undef AT
static const struct fields origin_fields = {
	.title = "the origin of a case",
	.items = origin_items,
	.len = ARRAY_LEN(origin_items),
	.size = sizeof(struct case_origin),
};

#define AT(member) .offset = offsetof(struct eval_case, member)
static const struct field case_items[] = {
	{.name = "title",
	 .type = FIELD_STRING,
	 AT(title),
	 .required = true,
	 .help = "The title of the pull request."},
	{.name = "body", .type = FIELD_STRING, AT(body), .help = "Its description."},
	{.name = "language",
	 .type = FIELD_STRING,
	 AT(language),
	 .help = "The programming language; figures are given for each."},
	{.name = "origin",
	 .type = FIELD_OBJECT,
	 AT(origin),
	 .fields = &origin_fields,
	 .help = "Where the change comes from."},
	{.name = "proof",
	 .type = FIELD_STRING,
	 AT(proof),
	 .help = "The evidence that the problem is real, or that there is no problem."},
	{.name = "held_out",
	 .type = FIELD_BOOL,
	 AT(held_out),
	 .help = "Left out with --tuning: not to be looked at while prompts are changed."},
	{.name = "expect",
	 .type = FIELD_LIST,
	 AT(expect),
	 .fields = &expectation_fields,
	 .help = "What must be found. Without it silence is expected."},
	{.name = "allow",
	 .type = FIELD_LIST,
	 AT(allow),
	 .fields = &expectation_fields,
	 .help = "What is true but need not be found: neither a hit nor noise."},
	{.name = "forbid",
	 .type = FIELD_LIST,
	 AT(forbid),
	 .fields = &expectation_fields,
	 .help = "What is known to be wrong."},
};
#undef AT
static const struct fields case_fields = {
	.title = "a case",
	.items = case_items,
	.len = ARRAY_LEN(case_items),
	.size = sizeof(struct eval_case),
};

struct str case_repository(struct str url)
{
	struct str scheme, rest, host, path, owner, repository, unused;

	if (!str_cut(url, STR("://"), &scheme, &rest) || !str_cut(rest, STR("/"), &host, &path) ||
	    !str_cut(path, STR("/"), &owner, &repository))
		return STR_EMPTY;
	str_cut(repository, STR("/"), &repository, &unused);
	if (str_ends(repository, STR(".git")))
		repository.len -= STR(".git").len;
	if (!owner.len || !repository.len)
		return STR_EMPTY;
	path.len = owner.len + 1 + repository.len;
	return path;
}

bool eval_case_read(struct arena *arena, struct str text, struct str file, struct eval_case *out,
		    struct problems *problems)
{
	struct decoder decoder = {.arena = arena, .file = file, .problems = problems};
	struct value *value = yaml_read(arena, text, file, problems);
	struct eval_case item = {.name = out->name};

	if (!value || !fields_decode(&decoder, &case_fields, value, &item))
		return false;
	item.source = value;
	*out = item;
	return true;
}

/* The rows of one list of a case, to be placed in its change. */
struct row_list {
	const char *name; /* of the list */
	const struct list *rows;
	const struct diff *diff;
	struct str file;
	const struct value *source;
	struct problems *problems;
};

/* Sets the lines of one row; adds a problem when its code is not in the change. */
static bool place_row(const struct row_list *list, size_t idx)
{
	SCOPED(findings) struct findings findings = {0};
	struct expectation *row = &((struct expectation *)list->rows->items)[idx];
	const struct value *at = value_at(value_get(list->source, list->name), idx);
	struct finding finding = {
		.path = row->path,
		.line = 1,
		.end_line = 1,
		.side = (enum diff_side)row->side,
		.evidence = row->at,
		.confidence = -1,
	};

	if (row->lines.len)
		return read_lines(row->lines, &row->line, &row->end_line);
	if (!row->at.len)
		return true;
	finding_place(&findings, &finding, list->diff);
	if (finding.placement == PLACEMENT_SUMMARY) {
		problem_add(list->problems, list->file, at ? at->at : (struct position){0},
			    PROBLEM_ERROR,
			    "%s[%zu].at: not found in change.diff once, in \"%.*s\": %.*s",
			    list->name, idx, STR_ARG(row->path), STR_ARG(finding.placement_reason));
		return false;
	}
	row->line = finding.line;
	row->end_line = finding.end_line;
	return true;
}

bool eval_case_place(struct eval_case *item, const struct diff *diff, struct str file,
		     struct problems *problems)
{
	static const char *const names[] = {"expect", "allow", "forbid"};
	struct list *const lists[] = {&item->expect, &item->allow, &item->forbid};
	bool ok = true;

	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		const struct row_list list = {.name = names[i],
					      .rows = lists[i],
					      .diff = diff,
					      .file = file,
					      .source = item->source,
					      .problems = problems};

		for (size_t j = 0; j < lists[i]->len; j++) {
			if (!place_row(&list, j))
				ok = false;
		}
	}
	return ok;
}

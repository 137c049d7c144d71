/* Claims of other tools about the changed lines. */
#include "review/hints.h"

#include "base/quote.h"
#include "base/utf8.h"
#include "review/redacted.h"
#include "value/json.h"

enum { HINT_MESSAGE_SIZE_MAX = 300, HINT_NAME_SIZE_MAX = 100 };

/* The path of a SARIF location in the repository: relative, or absolute below `root`. */
static struct str path_of(const struct value *location, struct str root)
{
	struct str uri = value_get_string(value_get(location, "artifactLocation"), "uri");

	if (str_starts(uri, STR("file://")))
		uri = str_skip(uri, STR("file://").len);
	if (root.len && str_starts(uri, root))
		uri = str_skip(uri, root.len);
	while (str_starts(uri, STR("/")) || str_starts(uri, STR("./")))
		uri = str_skip(uri, uri.ptr[0] == '/' ? 1 : 2);
	return uri;
}

/* The first line that the change adds between `first` and `last`; 0: none. */
static uint32_t added_line(const struct diff_file *file, int64_t first, int64_t last)
{
	for (size_t i = 0; i < file->len; i++) {
		for (size_t j = 0; j < file->hunks[i].len; j++) {
			const struct diff_line *line = &file->hunks[i].lines[j];

			if (line->kind == LINE_ADDED && line->new_line >= first &&
			    line->new_line <= last)
				return line->new_line;
		}
	}
	return 0;
}

static void take_result(struct arena *arena, const struct value *result, struct str tool,
			const struct diff *diff, struct str root, struct hint_list *hints)
{
	const struct value *place =
		value_get(value_at(value_get(result, "locations"), 0), "physicalLocation");
	const struct value *region = value_get(place, "region");
	int64_t first = value_get_int(region, "startLine", 0);
	int64_t last = value_get_int(region, "endLine", first);
	const struct diff_file *file = diff_find(diff, path_of(place, root));
	uint32_t line = file ? added_line(file, first, last) : 0;

	if (!line || hints->len >= HINTS_MAX)
		return;
	VEC_PUSH(hints,
		 (struct hint){
			 .path = file->path,
			 .line = line,
			 .tool = arena_str(arena, tool),
			 .rule = arena_str(arena, value_get_string(result, "ruleId")),
			 .text = arena_str(arena,
					   value_get_string(value_get(result, "message"), "text")),
		 });
}

bool hints_read(struct arena *arena, struct str text, const struct diff *diff, struct str root,
		struct hint_list *hints, struct error *err)
{
	const struct value *sarif = json_read(arena, text, HINTS_SIZE_MAX, err);
	const struct value *runs = value_get(sarif, "runs");

	if (!sarif)
		return false;
	if (!value_is(runs, VALUE_ARRAY))
		return error_set(err, ERROR_SYNTAX, "not SARIF: it has no \"runs\"");
	for (size_t i = 0; i < value_len(runs); i++) {
		const struct value *run = value_at(runs, i);
		const struct value *results = value_get(run, "results");
		struct str tool =
			value_get_string(value_get(value_get(run, "tool"), "driver"), "name");

		for (size_t j = 0; value_is(results, VALUE_ARRAY) && j < value_len(results); j++)
			take_result(arena, value_at(results, j), tool, diff, root, hints);
	}
	return true;
}

static bool is_seen(const struct change *change, const struct unit *unit, struct str path)
{
	for (size_t i = 0; i < unit->view.len; i++) {
		if (str_eq(change->diff->files[unit->view.parts[i].file].path, path))
			return true;
	}
	return false;
}

void hints_add(struct buf *out, const struct change *change, const struct unit *unit)
{
	int left = HINTS_SHOWN_MAX;

	for (size_t i = 0; i < change->hints_len && left > 0; i++) {
		const struct hint *hint = &change->hints[i];

		if (!is_seen(change, unit, hint->path))
			continue;
		buf_add_text(out, "- ");
		quote_add(out, hint->path);
		buf_addf(out, ", line %u: ", hint->line);
		text_add_redacted(out, hint->tool, HINT_NAME_SIZE_MAX);
		buf_add_char(out, ' ');
		text_add_redacted(out, hint->rule, HINT_NAME_SIZE_MAX);
		buf_add_text(out, ": ");
		text_add_redacted(out, hint->text, HINT_MESSAGE_SIZE_MAX);
		buf_add_char(out, '\n');
		left--;
	}
}

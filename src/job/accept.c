/* Adds a finding as a row of its case, for outcrop eval --accept. */
#include "job/accept.h"

#include "base/file.h"
#include "base/log.h"
#include "eval/case_write.h"
#include "finding/fold.h"

enum { QUOTED_MIN = 6 }; /* letters and digits, as for evidence */

static const char *const lists[] = {"allow", "expect", "forbid"};

bool acceptances_read(struct str text, struct acceptances *out, struct error *err)
{
	struct acceptances read = {0};
	struct str part;

	while (text.len && str_next_part(&text, ',', &part)) {
		struct acceptance item = {0};
		struct str place = STR_EMPTY;
		struct str list = STR_EMPTY;
		struct str number = STR_EMPTY;

		(void)str_cut(str_trim(part), STR("="), &place, &list);
		for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
			if (str_eq(list, str_from(lists[i])))
				item.list = lists[i];
		}
		if (!item.list || !str_cut(place, STR("#"), &item.name, &number) ||
		    !str_to_int64(number, &item.number) || item.number < 1)
			return error_set(
				err, ERROR_USAGE,
				"--accept \"%.*s\": must be CASE#N=LIST, with LIST one of allow, expect, forbid",
				STR_ARG(part));
		if (read.len == ACCEPTANCES_MAX)
			return error_set(err, ERROR_USAGE, "--accept: more than %d findings",
					 ACCEPTANCES_MAX);
		read.items[read.len++] = item;
	}
	*out = read;
	return true;
}

static size_t count_lines(const struct diff_file *file, struct str text)
{
	size_t count = 0;

	for (size_t i = 0; i < file->len; i++) {
		for (size_t j = 0; j < file->hunks[i].len; j++)
			count += str_eq(str_trim(file->hunks[i].lines[j].text), text);
	}
	return count;
}

/* The first line of the finding, if it occurs once in the change; else empty. */
static struct str quote(struct arena *arena, struct str change, const struct eval_finding *finding)
{
	SCOPED(diff) struct diff diff = {0};
	const struct diff_file *file;
	const struct diff_line *line;
	struct error err;

	if (finding->line <= 0 || !diff_parse(change, &diff, &err))
		return STR_EMPTY;
	file = diff_find(&diff, finding->path);
	line = file ? diff_line_at(file, (enum diff_side)finding->side, (uint32_t)finding->line,
				   NULL)
		    : NULL;
	if (!line || fold_count_letters(line->text) < QUOTED_MIN ||
	    count_lines(file, str_trim(line->text)) != 1)
		return STR_EMPTY;
	return arena_str(arena, str_trim(line->text));
}

static const struct eval_finding *find(const struct evaluation *evaluation,
				       const struct acceptance *item, size_t *case_idx)
{
	const struct eval_reply *replies = evaluation->results.replies.items;

	*case_idx = 0;
	while (*case_idx < evaluation->len &&
	       !str_eq(evaluation->cases[*case_idx].name, item->name))
		++*case_idx;
	for (size_t i = 0; *case_idx < evaluation->len && i < evaluation->results.replies.len;
	     i++) {
		const struct eval_finding *findings = replies[i].findings.items;

		if (!replies[i].complete || !str_eq(replies[i].name, item->name))
			continue;
		return item->number <= (int64_t)replies[i].findings.len
			       ? &findings[item->number - 1]
			       : NULL;
	}
	return NULL;
}

static bool write_one(const struct acceptance *item, const char *folder,
		      struct evaluation *evaluation, struct error *err)
{
	struct arena *arena = &evaluation->arena;
	SCOPED(buf) struct buf text = BUF_INIT;
	SCOPED(buf) struct buf out = BUF_INIT;
	size_t idx;
	const struct eval_finding *finding = find(evaluation, item, &idx);
	struct case_row row;
	struct str file;

	if (!finding)
		return error_set(err, ERROR_USAGE, "the results do not have this finding");
	file = arena_printf(arena, "%.*s/case.yml", STR_ARG(item->name));
	if (!file_read(arena_printf(arena, "%s/%s", folder, file.ptr).ptr, CASE_SIZE_MAX, &text,
		       err))
		return false;
	row = (struct case_row){
		.list = item->list,
		.finding = finding,
		.at = quote(arena, evaluation->items[idx].change, finding),
	};
	return case_accept(&out, buf_str(&text), &evaluation->cases[idx], &row, err) &&
	       file_write_below(folder, file.ptr, buf_str(&out), err);
}

bool acceptances_write(const struct acceptances *acceptances, const char *folder,
		       struct evaluation *evaluation, struct error *err)
{
	for (size_t i = 0; i < acceptances->len; i++) {
		const struct acceptance *item = &acceptances->items[i];

		if (!write_one(item, folder, evaluation, err)) {
			err->kind = ERROR_USAGE;
			return error_wrap(err, "--accept \"%.*s#%lld\"", STR_ARG(item->name),
					  (long long)item->number);
		}
		log_info("eval", "%.*s#%lld: added to \"%s\" of %s/%.*s/case.yml",
			 STR_ARG(item->name), (long long)item->number, item->list, folder,
			 STR_ARG(item->name));
	}
	return true;
}

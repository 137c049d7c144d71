/* Finds which of several equal places in the old file a hunk refers to. */
#include "base/vec.h"
#include "diff/diff.h"

enum { COMPARISONS_MAX = 20000000 };

struct old_lines {
	VEC_FIELDS(struct str);
};

/* Whether the old side of the hunk fits at that line (from 0). */
static bool fits(const struct diff_hunk *hunk, const struct old_lines *old, size_t at,
		 size_t *comparisons)
{
	for (size_t i = 0; i < hunk->len; i++) {
		if (hunk->lines[i].kind == LINE_ADDED)
			continue;
		(*comparisons)++;
		if (at == old->len || !str_eq(hunk->lines[i].text, old->items[at]))
			return false;
		at++;
	}
	return true;
}

static uint32_t find_place(const struct diff_hunk *hunk, const struct old_lines *old,
			   size_t *comparisons)
{
	uint32_t place = 1;

	if (!hunk->old_len)
		return hunk->old_start + 1;
	if (!hunk->old_start || !fits(hunk, old, hunk->old_start - 1, comparisons))
		return 0;
	for (size_t at = 0; at + 1 < hunk->old_start; at++) {
		if (*comparisons > COMPARISONS_MAX)
			return 0;
		place += fits(hunk, old, at, comparisons);
	}
	return place;
}

void diff_file_set_places(struct diff_file *file, struct str old_text)
{
	struct old_lines old = {0};
	size_t comparisons = 0;
	struct str line;

	while (str_next_line(&old_text, &line, NULL))
		VEC_PUSH(&old, line);
	for (size_t i = 0; i < file->len; i++)
		file->hunks[i].place = find_place(&file->hunks[i], &old, &comparisons);
	VEC_RELEASE(&old);
}

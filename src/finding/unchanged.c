/* Whether a finding is about code that the change does not touch. */
#include "finding/unchanged.h"

/* Whether the changed lines from `idx` on, in steps of `step`, are only deletions, at least one. */
static bool begins_deletion(const struct diff_hunk *hunk, size_t idx, size_t step)
{
	bool deletes = false;

	/* Below 0 the index wraps around and ends the loop. */
	for (; idx < hunk->len && hunk->lines[idx].kind != LINE_CONTEXT; idx += step) {
		if (hunk->lines[idx].kind == LINE_ADDED)
			return false;
		deletes = true;
	}
	return deletes;
}

bool finding_is_on_unchanged_lines(const struct finding *finding, const struct span *span)
{
	const struct diff_hunk *hunk = span->hunk;
	size_t first = span->first;
	size_t last = span->last;

	for (size_t i = 0; i < hunk->len; i++) {
		uint32_t number = diff_line_number(&hunk->lines[i], finding->side);

		if (number < finding->line || number > finding->end_line)
			continue;
		first = MIN_OF(first, i);
		last = MAX_OF(last, i);
	}
	for (size_t i = first; i <= last; i++) {
		if (hunk->lines[i].kind != LINE_CONTEXT)
			return false;
	}
	return !begins_deletion(hunk, first - 1, SIZE_MAX) && !begins_deletion(hunk, last + 1, 1);
}

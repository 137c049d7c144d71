/* Which files of a change count as reviewed, so that a later run can leave them out. */
#include "publish/reviewed.h"

#include "redact/path.h"
#include "task/task.h"

/* The file is listed as not reviewed, by no rule. */
static bool reviewed_skipped(const struct coverage *coverage, struct str path)
{
	for (size_t i = 0; i < coverage->skipped_len; i++) {
		if (!coverage->skipped[i].by_rule && path_is(path, coverage->skipped[i].path))
			return true;
	}
	return false;
}

void reviewed_keys(const struct reviewed *reviewed, struct arena *arena, struct state_key **keys,
		   size_t *len)
{
	const struct diff *diff = reviewed->diff;

	*keys = ARENA_ARRAY(arena, struct state_key, diff->len);
	*len = 0;
	for (size_t i = 0; i < diff->len && reviewed->reviewers.len; i++) {
		struct state_key key = state_key_of(&diff->files[i], reviewed->reviewers);
		bool whole;

		task_breathe();
		whole = !reviewed->some_agents &&
			!reviewed_skipped(reviewed->coverage, diff->files[i].path);

		if (whole || state_knows(reviewed->before, &key))
			(*keys)[(*len)++] = key;
	}
}

size_t reviewed_rest(const struct diff *diff, const struct state *before, struct str reviewers,
		     struct arena *arena, struct diff *rest)
{
	*rest = (struct diff){.files = ARENA_ARRAY(arena, struct diff_file, diff->len)};
	for (size_t i = 0; i < diff->len; i++) {
		struct state_key key = state_key_of(&diff->files[i], reviewers);

		task_breathe();
		if (!before || !state_knows(before, &key))
			rest->files[rest->len++] = diff->files[i];
	}
	return diff->len - rest->len;
}

void reviewed_seen(const struct diff *diff, const struct coverage *coverage, struct arena *arena,
		   struct diff *seen)
{
	*seen = (struct diff){.files = ARENA_ARRAY(arena, struct diff_file, diff->len)};
	for (size_t i = 0; i < diff->len; i++) {
		task_breathe();
		if (!reviewed_skipped(coverage, diff->files[i].path))
			seen->files[seen->len++] = diff->files[i];
	}
}

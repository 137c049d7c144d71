/* Which files of a change count as reviewed, so that a later run can leave them out. */
#include "publish/reviewed.h"

#include "base/map.h"
#include "redact/path.h"
#include "task/task.h"

/* The files that are listed as not reviewed, by no rule. */
struct not_reviewed {
	struct map paths;
	bool redacted; /* some of the paths are */
};

static void not_reviewed_init(struct not_reviewed *files, const struct coverage *coverage)
{
	*files = (struct not_reviewed){0};
	for (size_t i = 0; i < coverage->skipped_len; i++) {
		struct skipped_file *file = &coverage->skipped[i];

		task_breathe();
		if (file->by_rule)
			continue;
		map_put(&files->paths, file->path, file);
		files->redacted |= path_test_for(file->path) != NULL;
	}
}

static bool not_reviewed_have(const struct not_reviewed *files, struct str path)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;

	return map_get(&files->paths, path) ||
	       (files->redacted && map_get(&files->paths, path_shown(&arena, path)));
}

void reviewed_keys(const struct reviewed *reviewed, struct arena *arena, struct state_key **keys,
		   size_t *len)
{
	const struct diff *diff = reviewed->diff;
	const struct state_key *all = reviewed->file_keys;
	struct not_reviewed skipped;

	*keys = ARENA_ARRAY(arena, struct state_key, diff->len);
	*len = 0;
	if (!reviewed->reviewers.len)
		return;
	if (!all)
		all = state_keys_of(diff, reviewed->reviewers, arena);
	not_reviewed_init(&skipped, reviewed->coverage);
	for (size_t i = 0; i < diff->len; i++) {
		bool whole =
			!reviewed->some_agents && !not_reviewed_have(&skipped, diff->files[i].path);

		task_breathe();
		if (whole || state_knows(reviewed->before, &all[i]))
			(*keys)[(*len)++] = all[i];
	}
	map_release(&skipped.paths);
}

size_t reviewed_rest(const struct diff *diff, const struct state *before, struct str reviewers,
		     struct arena *arena, struct diff *rest, const struct state_key **file_keys)
{
	bool known = before && before->keys_len;
	const struct state_key *keys = known ? state_keys_of(diff, reviewers, arena) : NULL;

	*file_keys = keys;
	*rest = (struct diff){.files = diff->files, .len = diff->len};
	if (!keys)
		return 0;
	*rest = (struct diff){.files = ARENA_ARRAY(arena, struct diff_file, diff->len)};
	for (size_t i = 0; i < diff->len; i++) {
		task_breathe();
		if (!state_knows(before, &keys[i]))
			rest->files[rest->len++] = diff->files[i];
	}
	return diff->len - rest->len;
}

void reviewed_seen(const struct diff *diff, const struct coverage *coverage, struct arena *arena,
		   struct diff *seen)
{
	struct not_reviewed skipped;

	*seen = (struct diff){.files = ARENA_ARRAY(arena, struct diff_file, diff->len)};
	not_reviewed_init(&skipped, coverage);
	for (size_t i = 0; i < diff->len; i++) {
		task_breathe();
		if (!not_reviewed_have(&skipped, diff->files[i].path))
			seen->files[seen->len++] = diff->files[i];
	}
	map_release(&skipped.paths);
}

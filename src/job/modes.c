/* Modes of changed files, which GitHub's list of files does not state. */
#include "job/modes.h"

#include "base/log.h"
#include "github/trees.h"

/* A local repository states the modes of each file that has changed lines. */
static bool lacks_mode(const struct diff_file *file)
{
	return file->len && !file->old_mode && !file->new_mode && file->status != DIFF_DELETED;
}

static bool all_stated(const struct diff *diff)
{
	for (size_t i = 0; i < diff->len; i++) {
		if (lacks_mode(&diff->files[i]))
			return false;
	}
	return true;
}

/* Leaves the modes of a file out that is as executable as before: most files are. */
static void state_modes(struct diff_file *file, const struct source_tree *base,
			const struct source_tree *head)
{
	const struct source_file *new_file = source_tree_find(head, file->path);
	const struct source_file *old_file =
		file->status == DIFF_ADDED ? NULL : source_tree_find(base, file->old_path);
	struct diff_file stated = *file;

	tree_modes_give(&stated, old_file, new_file);
	if (diff_file_executable(&stated) != ' ')
		*file = stated;
}

static bool read_trees(struct target *target, struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct source_tree base = {0};
	struct source_tree head = {0};

	if (!source_tree(&target->base, &arena, &base, err) ||
	    !source_tree(&target->head, &arena, &head, err))
		return false;
	if (head.truncated)
		log_debug("review", "the tree of the head commit is not listed completely");
	for (size_t i = 0; i < target->diff.len; i++) {
		if (lacks_mode(&target->diff.files[i]))
			state_modes(&target->diff.files[i], &base, &head);
	}
	return true;
}

bool modes_read(struct target *target, bool *known, struct error *err)
{
	struct error failed = {0};

	*known = all_stated(&target->diff) || read_trees(target, &failed);
	if (*known)
		return true;
	if (error_ends_work(&failed)) {
		*err = failed;
		return false;
	}
	log_warning("review",
		    "all files are reviewed again, because their modes could not be read: %s",
		    failed.message);
	return true;
}

/* Compares two trees of GitHub: files, links and submodules. */
#include "github/trees.h"

#include <stdlib.h>

#include "base/map.h"
#include "base/vec.h"

/* A file that differs between the trees and is not in the list. */
struct difference {
	const struct source_file *old_file, *new_file; /* one of them may be NULL */
	struct str path;
	bool taken;
};

struct differences {
	VEC_FIELDS(struct difference);
};

/* Takes the next file in the order of paths off both trees; `i` and `j` are the next of each. */
static struct difference next_pair(const struct source_tree *base, size_t *i,
				   const struct source_tree *head, size_t *j)
{
	bool has_old = *i < base->len;
	bool has_new = *j < head->len;
	int order = has_old && has_new ? str_cmp(base->files[*i].path, head->files[*j].path)
				       : has_new - has_old;
	struct difference pair = {0};

	if (order <= 0) {
		pair.old_file = &base->files[(*i)++];
		pair.path = pair.old_file->path;
	}
	if (order >= 0) {
		pair.new_file = &head->files[(*j)++];
		pair.path = pair.new_file->path;
	}
	return pair;
}

static bool differs(const struct difference *pair)
{
	return !pair->old_file || !pair->new_file || pair->old_file->mode != pair->new_file->mode ||
	       !str_eq(pair->old_file->id, pair->new_file->id);
}

/* All that a commit can change: files, links and submodules, sorted by path. */
static struct source_tree whole_tree(struct arena *arena, const struct source_tree *tree)
{
	struct source_tree whole = {.len = tree->len + tree->others_len};

	whole.files = ARENA_ARRAY(arena, struct source_file, whole.len);
	for (size_t i = 0; i < tree->len; i++)
		whole.files[i] = tree->files[i];
	for (size_t i = 0; i < tree->others_len; i++)
		whole.files[tree->len + i] = tree->others[i];
	qsort(whole.files, whole.len, sizeof(*whole.files), source_file_compare);
	return whole;
}

static void compare(const struct source_tree *base, const struct source_tree *head,
		    const struct map *known, struct differences *out)
{
	size_t i = 0;
	size_t j = 0;

	while (i < base->len || j < head->len) {
		struct difference pair = next_pair(base, &i, head, &j);

		if (differs(&pair) && !map_get(known, pair.path))
			VEC_PUSH(out, pair);
	}
}

/* A deleted and an added file of the same bytes are one file that was renamed. */
static void pair_renames(struct differences *differences)
{
	struct map deleted = {0};

	for (size_t i = 0; i < differences->len; i++) {
		struct difference *difference = &differences->items[i];

		if (!difference->new_file)
			map_put(&deleted, difference->old_file->id, difference);
	}
	for (size_t i = 0; i < differences->len; i++) {
		struct difference *added = &differences->items[i];
		struct difference *gone;

		if (added->old_file)
			continue;
		gone = map_get(&deleted, added->new_file->id);
		if (!gone || gone->taken)
			continue;
		added->old_file = gone->old_file;
		gone->taken = true;
	}
	map_release(&deleted);
}

static bool is_submodule(const struct source_file *file)
{
	return file && file->mode == DIFF_TYPE_SUBMODULE;
}

/* What git shows of a submodule: the commit that it names, as one line. */
static struct str submodule_patch(struct arena *arena, const struct source_file *old_file,
				  const struct source_file *new_file)
{
	if (!old_file)
		return arena_printf(arena, "@@ -0,0 +1 @@\n+Subproject commit %.*s",
				    STR_ARG(new_file->id));
	if (!new_file)
		return arena_printf(arena, "@@ -1 +0,0 @@\n-Subproject commit %.*s",
				    STR_ARG(old_file->id));
	return arena_printf(arena, "@@ -1 +1 @@\n-Subproject commit %.*s\n+Subproject commit %.*s",
			    STR_ARG(old_file->id), STR_ARG(new_file->id));
}

void tree_modes_give(struct diff_file *file, const struct source_file *old_file,
		     const struct source_file *new_file)
{
	file->old_mode = old_file ? old_file->mode : 0;
	file->new_mode = new_file ? new_file->mode : 0;
}

static bool add_difference(struct diff *diff, const struct difference *difference,
			   struct error *err)
{
	const struct source_file *old_file = difference->old_file;
	const struct source_file *new_file = difference->new_file;
	bool same = old_file && new_file && str_eq(old_file->id, new_file->id);
	struct diff_file_source source = {
		.path = new_file ? new_file->path : old_file->path,
		.old_path = old_file ? old_file->path : STR_EMPTY,
		.status = STR("modified"),
		.new_id = new_file ? new_file->id : STR_EMPTY,
	};

	if (!old_file)
		source.status = STR("added");
	else if (!new_file)
		source.status = STR("removed");
	else if (!str_eq(old_file->path, new_file->path))
		source.status = STR("renamed");
	else if ((old_file->mode & DIFF_TYPE_MASK) != (new_file->mode & DIFF_TYPE_MASK))
		source.status = STR("changed");
	if (!same && is_submodule(old_file ? old_file : new_file) &&
	    is_submodule(new_file ? new_file : old_file))
		source.patch = submodule_patch(&diff->arena, old_file, new_file);
	if (!diff_add_file(diff, &source, err))
		return false;
	diff->files[diff->len - 1].patch_missing = !same && !source.patch.len;
	tree_modes_give(&diff->files[diff->len - 1], old_file, new_file);
	return true;
}

static void know_files(const struct diff *diff, struct map *known)
{
	static char mark;

	for (size_t i = 0; i < diff->len; i++) {
		map_put(known, diff->files[i].path, &mark);
		if (diff->files[i].old_path.len && diff->files[i].status == DIFF_RENAMED)
			map_put(known, diff->files[i].old_path, &mark);
	}
}

bool trees_compare(const struct source_tree *base, const struct source_tree *head,
		   struct diff *diff, struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct source_tree whole_base = whole_tree(&arena, base);
	struct source_tree whole_head = whole_tree(&arena, head);
	struct differences differences = {0};
	struct map known = {0};
	bool ok = true;

	know_files(diff, &known);
	compare(&whole_base, &whole_head, &known, &differences);
	map_release(&known);
	pair_renames(&differences);
	for (size_t i = 0; i < differences.len && ok; i++) {
		if (!differences.items[i].taken)
			ok = add_difference(diff, &differences.items[i], err);
	}
	VEC_RELEASE(&differences);
	return ok;
}

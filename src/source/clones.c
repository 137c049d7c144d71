/* Local clones that the user named, each opened once. */
#include "source/clones.h"

void clones_release(struct clones *clones)
{
	if (!clones)
		return;
	for (size_t i = 0; i < clones->opened.len; i++)
		repository_free(clones->opened.items[i].repository);
	VEC_RELEASE(&clones->opened);
	arena_release(&clones->arena);
}

static struct repository *open_clone(struct clones *clones, struct str path)
{
	struct clone clone = {.path = path};
	struct error unread;

	for (size_t i = 0; i < clones->opened.len; i++) {
		if (str_eq(clones->opened.items[i].path, path))
			return clones->opened.items[i].repository;
	}
	clone.repository = repository_open(arena_text(&clones->arena, path), &unread);
	VEC_PUSH(&clones->opened, clone);
	return clone.repository;
}

/* Whether the text is "OWNER/REPO", without parts that lead to another folder. */
static bool is_name(struct str name)
{
	struct str owner, repository;

	return str_cut(name, STR("/"), &owner, &repository) && owner.len && repository.len &&
	       !str_eq(owner, STR("..")) && !str_eq(repository, STR("..")) &&
	       !str_contains(repository, STR("/"));
}

/* The first commit that a clone lacks; empty: it has all. */
static struct str lacking(struct repository *clone, const struct str *commits, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (!repository_has_commit(clone, commits[i]))
			return commits[i];
	}
	return STR_EMPTY;
}

struct repository *clones_find(struct clones *clones, struct str name, const struct str *commits,
			       size_t len, struct error *err)
{
	struct arena *arena = &clones->arena;
	struct str repository = str_last_part(name);
	size_t places_len = is_name(name) ? 4 : 1;
	struct str lacks = STR_EMPTY;

	for (size_t i = 0; i < clones->paths_len; i++) {
		struct str path = clones->paths[i];
		const struct str places[] = {
			path,
			arena_printf(arena, "%.*s/%.*s", STR_ARG(path), STR_ARG(name)),
			arena_printf(arena, "%.*s/%.*s", STR_ARG(path), STR_ARG(repository)),
			arena_printf(arena, "%.*s/%.*s.git", STR_ARG(path), STR_ARG(repository)),
		};

		for (size_t j = 0; j < places_len; j++) {
			struct repository *clone = open_clone(clones, places[j]);
			struct str lacked = clone ? lacking(clone, commits, len) : STR_EMPTY;

			if (clone && !lacked.len)
				return clone;
			if (lacked.len)
				lacks = lacked;
		}
	}
	if (lacks.len)
		error_set(
			err, ERROR_NOT_FOUND,
			"no clone in --clone has commit \"%.*s\" of \"%.*s\": run \"git fetch origin %.*s\" in its clone",
			STR_ARG(lacks), STR_ARG(name), STR_ARG(lacks));
	else
		error_set(err, ERROR_NOT_FOUND, "no clone of \"%.*s\" in --clone", STR_ARG(name));
	return NULL;
}

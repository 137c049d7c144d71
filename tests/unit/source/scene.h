/* A small repository, made for each test. */
#ifndef UNIT_SOURCE_SCENE_H
#define UNIT_SOURCE_SCENE_H

#include <git2.h>

#include "source/repository.h"

/* A repository in a temporary folder with two commits on main. */
struct scene {
	char path[64];
	struct repository *repository;
	struct arena arena;
	struct str first, second;
};

/* Writes a file below the work tree. */
void scene_write(const struct scene *scene, const char *path, struct str bytes);
void write_text(const struct scene *scene, const char *path, const char *text);
void remove_file(const struct scene *scene, const char *path);
void make_pipe(const struct scene *scene, const char *path);

/* Commits all that is in the work tree. */
struct str commit_all(struct scene *scene, git_repository *git);

void scene_make(struct scene *scene);
void scene_release(struct scene *scene);

#endif

/* Finding the clone that has a commit. */
#include "source/clones.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "scene.h"

#include "unit.h"

/* Makes a bare copy of the scene's repository below its folder. */
static void add_clone(struct scene *scene, const char *name)
{
	const char *folder = arena_printf(&scene->arena, "%s/%s", scene->path, name).ptr;
	const char *command = arena_printf(&scene->arena, "mkdir -p %s && cp -r %s/.git/objects %s",
					   folder, scene->path, folder)
				      .ptr;

	ck_assert_int_eq(system(command), 0);
}

TEST(finds_a_clone_by_the_names_that_people_give_it)
{
	static const char *const names[] = {"acme/widgets", "widgets", "widgets.git"};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		SCOPED(scene) struct scene scene;
		struct error err;
		struct str path;
		struct str commits[2];

		scene_make(&scene);
		add_clone(&scene, arena_printf(&scene.arena, "src/%s", names[i]).ptr);
		path = arena_printf(&scene.arena, "%s/src", scene.path);
		commits[0] = scene.first;
		commits[1] = scene.second;
		{
			SCOPED(clones) struct clones clones = {.paths = &path, .paths_len = 1};
			struct repository *found =
				clones_find(&clones, STR("acme/widgets"), commits, 2, &err);

			ck_assert_msg(found, "%s: %s", names[i], err.message);
			ck_assert(clones_find(&clones, STR("acme/widgets"), commits, 1, &err) ==
				  found);
			ck_assert(!clones_find(&clones, STR("acme/gadgets"), commits, 2, &err));
			ck_assert_str_eq(err.message, "no clone of \"acme/gadgets\" in --clone");
			ck_assert(!clones_find(&clones, STR_EMPTY, commits, 2, &err));
		}
	}
}

TEST(says_how_to_get_a_commit_that_a_clone_lacks)
{
	SCOPED(scene) struct scene scene;
	struct str commit = STR("dddddddddddddddddddddddddddddddddddddddd");
	struct error err;

	scene_make(&scene);
	{
		struct str path = str_from(scene.path);
		SCOPED(clones) struct clones clones = {.paths = &path, .paths_len = 1};

		ck_assert(!clones_find(&clones, STR("acme/widgets"), &commit, 1, &err));
		ck_assert_int_eq(err.kind, ERROR_NOT_FOUND);
		ck_assert(str_contains(str_from(err.message), STR("git fetch origin dddd")));
		/* A path may be the clone itself, whatever its name. */
		ck_assert(clones_find(&clones, STR_EMPTY, &scene.first, 1, &err));
	}
}

TEST(looks_in_no_folder_that_a_name_leads_away_to)
{
	static const char *const names[] = {"../acme", "acme/..", "../../acme", "acme", "/acme"};
	SCOPED(scene) struct scene scene;
	struct error err;

	scene_make(&scene);
	add_clone(&scene, "acme");
	add_clone(&scene, "src/x");
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct str path = arena_printf(&scene.arena, "%s/src", scene.path);
		SCOPED(clones) struct clones clones = {.paths = &path, .paths_len = 1};

		ck_assert_msg(!clones_find(&clones, str_from(names[i]), &scene.first, 1, &err),
			      "%s", names[i]);
	}
}

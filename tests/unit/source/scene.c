/* A small repository, made for each test. */
#include "scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

#include "unit.h"

void write_text(const struct scene *scene, const char *path, const char *text)
{
	struct error err;

	ck_assert_msg(file_write_below(scene->path, path, str_from(text), &err), "%s", err.message);
}

void scene_write(const struct scene *scene, const char *path, struct str bytes)
{
	struct error err;

	ck_assert_msg(file_write_below(scene->path, path, bytes, &err), "%s", err.message);
}

void remove_file(const struct scene *scene, const char *path)
{
	char full[256];

	snprintf(full, sizeof(full), "%s/%s", scene->path, path);
	ck_assert_int_eq(unlink(full), 0);
}

void make_pipe(const struct scene *scene, const char *path)
{
	char full[256];

	snprintf(full, sizeof(full), "%s/%s", scene->path, path);
	ck_assert_int_eq(mkfifo(full, 0600), 0);
}

/* Commits all that lies in the work tree. */
struct str commit_all(struct scene *scene, git_repository *git)
{
	git_index *index;
	git_signature *author;
	git_tree *tree;
	git_commit *parent = NULL;
	const git_commit *parents[1];
	git_oid tree_id;
	git_oid id;
	char hex[GIT_OID_HEXSZ + 1];
	size_t count = 0;

	ck_assert_int_eq(git_repository_index(&index, git), 0);
	ck_assert_int_eq(git_index_add_all(index, NULL, 0, NULL, NULL), 0);
	ck_assert_int_eq(git_index_update_all(index, NULL, NULL, NULL), 0);
	ck_assert_int_eq(git_index_write(index), 0);
	ck_assert_int_eq(git_index_write_tree(&tree_id, index), 0);
	ck_assert_int_eq(git_tree_lookup(&tree, git, &tree_id), 0);
	ck_assert_int_eq(git_signature_new(&author, "a", "a@example.test", 1000, 0), 0);
	if (git_reference_name_to_id(&id, git, "HEAD") == 0) {
		ck_assert_int_eq(git_commit_lookup(&parent, git, &id), 0);
		parents[count++] = parent;
	}
	ck_assert_int_eq(git_commit_create(&id, git, "HEAD", author, author, NULL, "c", tree, count,
					   parents),
			 0);
	git_oid_tostr(hex, sizeof(hex), &id);
	git_commit_free(parent);
	git_tree_free(tree);
	git_signature_free(author);
	git_index_free(index);
	return arena_str(&scene->arena, str_from(hex));
}

/* libgit2 reads the system's certificates when it starts: once for all tests, which are forked. */
__attribute__((constructor)) static void start_libgit2(void)
{
	git_libgit2_init();
}

void scene_make(struct scene *scene)
{
	git_repository_init_options options = GIT_REPOSITORY_INIT_OPTIONS_INIT;
	char remove_path[128];
	git_repository *git;
	struct error err;

	*scene = (struct scene){.path = "/tmp/outcrop-source-XXXXXX"};
	ck_assert_ptr_nonnull(mkdtemp(scene->path));
	git_libgit2_init();
	options.flags = GIT_REPOSITORY_INIT_MKPATH;
	options.initial_head = "main";
	ck_assert_int_eq(git_repository_init_ext(&git, scene->path, &options), 0);
	write_text(scene, "a.c", "one\ntwo\nthree\nfour\nfive\nsix\n");
	write_text(scene, "dir/gone.txt", "gone\n");
	ck_assert_int_eq(symlink("/etc/passwd", strcat(strcpy(remove_path, scene->path), "/link")),
			 0);
	scene->first = commit_all(scene, git);
	write_text(scene, "a.c", "one\n2\nthree\nfour\nfive\nsix\n");
	write_text(scene, "dir/new.txt", "new\n");
	ck_assert_int_eq(unlink(strcat(strcpy(remove_path, scene->path), "/dir/gone.txt")), 0);
	scene->second = commit_all(scene, git);
	git_repository_free(git);
	scene->repository = repository_discover(scene->path, NULL, &err);
	ck_assert_msg(scene->repository, "%s", err.message);
}

void scene_release(struct scene *scene)
{
	char command[128];

	repository_free(scene->repository);
	arena_release(&scene->arena);
	git_libgit2_shutdown();
	snprintf(command, sizeof(command), "rm -rf %s", scene->path);
	ck_assert_int_eq(system(command), 0);
}

/* The local object database, on a small repository made for each test. */
#include "source/repository.h"

#include <git2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

#include "unit.h"

/* A repository in a temporary folder with two commits on main, one behind the other. */
struct scene {
	char path[64];
	struct repository *repository;
	struct arena arena;
	struct str first, second;
};

static void write_text(const struct scene *scene, const char *path, const char *text)
{
	struct error err;

	ck_assert_msg(file_write_below(scene->path, path, str_from(text), &err), "%s", err.message);
}

/* Commits all that lies in the work tree. */
static struct str commit_all(struct scene *scene, git_repository *git)
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

static void scene_make(struct scene *scene)
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
	scene->repository = repository_open(scene->path, &err);
	ck_assert_msg(scene->repository, "%s", err.message);
}

static void scene_release(struct scene *scene)
{
	char command[128];

	repository_free(scene->repository);
	arena_release(&scene->arena);
	git_libgit2_shutdown();
	snprintf(command, sizeof(command), "rm -rf %s", scene->path);
	ck_assert_int_eq(system(command), 0);
}

TEST(compares_two_commits)
{
	SCOPED(scene) struct scene scene;
	SCOPED(diff) struct diff diff = {0};
	struct error err;

	scene_make(&scene);
	ck_assert_msg(repository_diff(scene.repository, scene.first, scene.second, &diff, &err),
		      "%s", err.message);
	ck_assert_uint_eq(diff.len, 3);
	ck_assert_uint_eq(diff_find(&diff, STR("a.c"))->additions, 1);
	ck_assert_int_eq(diff_find(&diff, STR("dir/gone.txt"))->status, DIFF_DELETED);
	ck_assert_int_eq(diff_find(&diff, STR("dir/new.txt"))->status, DIFF_ADDED);
}

TEST(compares_the_work_tree_with_new_files)
{
	SCOPED(scene) struct scene scene;
	SCOPED(diff) struct diff diff = {0};
	struct error err;

	scene_make(&scene);
	write_text(&scene, "a.c", "one\n2\nthree\nfour\nfive\nSIX\n");
	write_text(&scene, "untracked.c", "x\n");
	ck_assert_msg(repository_diff_worktree(scene.repository, scene.second, &diff, &err), "%s",
		      err.message);
	ck_assert_uint_eq(diff.len, 2);
	ck_assert_uint_eq(diff_find(&diff, STR("untracked.c"))->additions, 1);
}

TEST(lists_regular_files_and_reads_blobs)
{
	SCOPED(scene) struct scene scene;
	SCOPED(buf) struct buf text = BUF_INIT;
	struct repository_commit commit;
	struct source source;
	struct source_tree tree;
	struct error err;

	scene_make(&scene);
	commit = (struct repository_commit){scene.repository, scene.first};
	source = source_from_commit(&commit);
	ck_assert(source_tree(&source, &scene.arena, &tree, &err));
	ck_assert_uint_eq(tree.len, 2); /* the link is not listed */
	ck_assert(source_read(&source, &tree, STR("dir/gone.txt"), 100, &text, &err));
	ck_assert_str_eq(text.ptr, "gone\n");
	ck_assert(!source_read(&source, &tree, STR("a.c"), 3, &text, &err));
	ck_assert_int_eq(err.kind, ERROR_LIMIT);
	ck_assert(!source_read(&source, &tree, STR("none"), 100, &text, &err));
	ck_assert_int_eq(err.kind, ERROR_NOT_FOUND);
}

TEST(reads_the_work_tree_but_no_links)
{
	SCOPED(scene) struct scene scene;
	SCOPED(buf) struct buf text = BUF_INIT;
	struct source source;
	struct source_tree tree;
	struct error err;

	scene_make(&scene);
	write_text(&scene, "fresh.yml", "fresh\n");
	source = source_from_worktree(scene.repository);
	ck_assert(source_tree(&source, &scene.arena, &tree, &err));
	ck_assert(source_read(&source, &tree, STR("fresh.yml"), 100, &text, &err));
	ck_assert_str_eq(text.ptr, "fresh\n");
	ck_assert(!source_read(&source, &tree, STR("link"), 100, &text, &err));
	ck_assert(!source_blob(&source, STR("worktree:../../etc/passwd"), 9999, &text, &err));
}

TEST(asks_the_second_source_for_what_the_first_lacks)
{
	SCOPED(scene) struct scene scene;
	SCOPED(buf) struct buf text = BUF_INIT;
	struct repository_commit missing;
	struct source_both both;
	struct source source;
	struct source_tree tree;
	struct error err;

	scene_make(&scene);
	missing = (struct repository_commit){scene.repository,
					     STR("0123456789012345678901234567890123456789")};
	both = (struct source_both){source_from_commit(&missing),
				    source_from_worktree(scene.repository)};
	source = source_from_both(&both);
	ck_assert(source_tree(&source, &scene.arena, &tree, &err));
	ck_assert(source_read(&source, &tree, STR("dir/new.txt"), 100, &text, &err));
}

TEST(knows_commits_branches_and_ancestors)
{
	SCOPED(scene) struct scene scene;
	struct str found;
	struct error err;

	scene_make(&scene);
	ck_assert(repository_has_commit(scene.repository, scene.first));
	ck_assert(!repository_has_commit(scene.repository, STR("main")));
	ck_assert(repository_resolve(scene.repository, STR("main~1"), &scene.arena, &found, &err));
	ck_assert_str_is(found, scene.first);
	ck_assert(
		!repository_resolve(scene.repository, STR("nothing"), &scene.arena, &found, &err));
	ck_assert_int_eq(err.kind, ERROR_NOT_FOUND);
	ck_assert(repository_default_branch(scene.repository, &scene.arena, &found, &err));
	ck_assert_str_is(found, STR("refs/heads/main"));
	ck_assert(repository_merge_base(scene.repository, scene.first, scene.second, &scene.arena,
					&found, &err));
	ck_assert_str_is(found, scene.first);
}

TEST(compares_blobs_as_hunks)
{
	SCOPED(buf) struct buf patch = BUF_INIT;
	struct error err;
	bool binary;

	ck_assert(blob_diff(STR("a\nb\n"), STR("a\nc\n"), &patch, &binary, &err));
	ck_assert(!binary);
	ck_assert_str_eq(patch.ptr, "@@ -1,2 +1,2 @@\n a\n-b\n+c\n");
	buf_reset(&patch);
	ck_assert(blob_diff(STR(""), STR("new"), &patch, &binary, &err));
	ck_assert_str_eq(patch.ptr, "@@ -0,0 +1 @@\n+new\n\\ No newline at end of file\n");
	buf_reset(&patch);
	ck_assert(blob_diff(STR("a\0b"), STR("c\0d"), &patch, &binary, &err));
	ck_assert(binary);
	ck_assert_uint_eq(patch.len, 0);
}

TEST(a_change_cannot_hide_text_as_binary)
{
	SCOPED(diff) struct diff diff = {0};
	struct scene scene;
	git_repository *git;
	struct str third;
	const struct diff_file *file;
	struct error err;

	scene_make(&scene);
	write_text(&scene, ".gitattributes", "*.c -diff\n");
	write_text(&scene, "a.c", "one\ntwo\nhidden\n");
	ck_assert_int_eq(git_repository_open(&git, scene.path), 0);
	third = commit_all(&scene, git);
	git_repository_free(git);
	ck_assert_msg(repository_diff(scene.repository, scene.second, third, &diff, &err), "%s",
		      err.message);
	file = diff_find(&diff, STR("a.c"));
	ck_assert_ptr_nonnull(file);
	ck_assert(!file->binary);
	ck_assert_uint_eq(file->len, 1);
	ck_assert_uint_gt(file->additions, 0);
	scene_release(&scene);
}

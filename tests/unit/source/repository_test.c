/* The local object database, on a small repository made for each test. */
#include "source/repository.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "scene.h"

#include "unit.h"

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

TEST(results_of_this_program_are_left_out_until_they_are_tracked)
{
	SCOPED(scene) struct scene scene;
	SCOPED(diff) struct diff diff = {0};
	struct error err;
	const char *beside; /* the repository, with a name that begins like its folder's */

	scene_make(&scene);
	beside = arena_printf(&scene.arena, "%s-tapes.c", scene.path).ptr;
	fclose(fopen(beside, "w"));
	write_text(&scene, "tape/one.json", "x\n");
	write_text(&scene, "tapes.c", "x\n");
	write_text(&scene, "review.md", "x\n");
	repository_leave_out(scene.repository,
			     arena_printf(&scene.arena, "%s/tape/", scene.path).ptr);
	repository_leave_out(scene.repository,
			     arena_printf(&scene.arena, "%s/tape/../review.md", scene.path).ptr);
	repository_leave_out(scene.repository,
			     arena_printf(&scene.arena, "%s/a.c", scene.path).ptr);
	repository_leave_out(scene.repository, "not-there");
	repository_leave_out(scene.repository, beside);
	repository_leave_out(scene.repository, scene.path);
	unlink(beside);
	write_text(&scene, "a.c", "changed\n");
	ck_assert(repository_diff_worktree(scene.repository, scene.second, &diff, &err));
	ck_assert_uint_eq(diff.len, 2);
	ck_assert_ptr_nonnull(diff_find(&diff, STR("a.c")));
	ck_assert_ptr_nonnull(diff_find(&diff, STR("tapes.c")));
}

TEST(untracked_files_that_look_like_secrets_are_left_out)
{
	SCOPED(scene) struct scene scene;
	SCOPED(diff) struct diff diff = {0};
	static const char *const secrets[] = {".env",   "x/.env.local", "deploy.pem",
					      "id_rsa", ".aws/config",  "prod.tfvars"};
	struct error err;

	scene_make(&scene);
	for (size_t i = 0; i < ARRAY_LEN(secrets); i++)
		write_text(&scene, secrets[i], "x\n");
	write_text(&scene, ".env.example", "x\n");
	write_text(&scene, "keys.c", "x\n");
	ck_assert(repository_diff_worktree(scene.repository, scene.second, &diff, &err));
	ck_assert_uint_eq(diff.len, 2);
	ck_assert_ptr_nonnull(diff_find(&diff, STR(".env.example")));
	ck_assert_ptr_nonnull(diff_find(&diff, STR("keys.c")));
}

TEST(the_form_of_a_diff_is_not_the_configurations_choice)
{
	SCOPED(scene) struct scene scene;
	SCOPED(diff) struct diff diff = {0};
	git_repository *git;
	git_config *config;
	struct error err;

	scene_make(&scene);
	ck_assert_int_eq(git_repository_open(&git, scene.path), 0);
	ck_assert_int_eq(git_repository_config(&config, git), 0);
	ck_assert_int_eq(git_config_set_bool(config, "diff.noprefix", 1), 0);
	git_config_free(config);
	git_repository_free(git);
	write_text(&scene, "b/m.c", "x\n");
	write_text(&scene, ".git/info/attributes", "*.c -diff\n");
	write_text(&scene, "a.c", "one\nhidden\n");
	ck_assert(repository_diff_worktree(scene.repository, scene.second, &diff, &err));
	ck_assert_uint_eq(diff.len, 2);
	ck_assert(!diff_find(&diff, STR("b/m.c"))->binary);
	ck_assert_uint_eq(diff_find(&diff, STR("a.c"))->additions, 1);
}

TEST(compares_the_index_alone)
{
	SCOPED(scene) struct scene scene;
	SCOPED(diff) struct diff diff = {0};
	git_repository *git;
	git_index *index;
	struct error err;

	scene_make(&scene);
	write_text(&scene, "staged.c", "x\n");
	write_text(&scene, "other.c", "x\n");
	ck_assert_int_eq(git_repository_open(&git, scene.path), 0);
	ck_assert_int_eq(git_repository_index(&index, git), 0);
	ck_assert_int_eq(git_index_add_bypath(index, "staged.c"), 0);
	ck_assert_int_eq(git_index_write(index), 0);
	git_index_free(index);
	git_repository_free(git);
	ck_assert_msg(repository_diff_staged(scene.repository, scene.second, &diff, &err), "%s",
		      err.message);
	ck_assert_uint_eq(diff.len, 1);
	ck_assert_str_is(diff.files[0].path, STR("staged.c"));
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
	write_text(&scene, "sub/.env", "DB=x\n");
	write_text(&scene, ".github/outcrop/agents/secrets.yml", "prompt: x\n");
	source = source_from_worktree(scene.repository);
	ck_assert(source_tree(&source, &scene.arena, &tree, &err));
	ck_assert_msg(!source_tree_find(&tree, STR("sub/.env")), "no tool reads a secret");
	ck_assert_ptr_nonnull(source_tree_find(&tree, STR(".github/outcrop/agents/secrets.yml")));
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
	ck_assert(blob_diff(STR("int a;\nint b = 0;\n"), STR("int a; // \0\nint b = 0;\n"), &patch,
			    &binary, &err));
	ck_assert(!binary);
	ck_assert_str_eq(patch.ptr,
			 "@@ -1,2 +1,2 @@\n-int a;\n+int a; // \xE2\x90\x80\n int b = 0;\n");
	buf_reset(&patch);
	ck_assert(blob_diff(STR_EMPTY,
			    STR("\xFF\xFE"
				"a\0\n\0"),
			    &patch, &binary, &err));
	ck_assert(!binary);
	ck_assert_str_eq(patch.ptr, "@@ -0,0 +1 @@\n+a\n");
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

TEST(a_remote_is_a_host_and_a_repository)
{
	static const struct {
		const char *url, *host, *repository;
	} rows[] = {
		{"git@github.com:acme/widgets.git", "github.com", "acme/widgets"},
		{"https://github.com/acme/widgets", "github.com", "acme/widgets"},
		{"https://user:word@ghe.example:8443/acme/widgets.git/", "ghe.example",
		 "acme/widgets"},
		{"ssh://git@ssh.github.com:443/acme/widgets.git", "ssh.github.com", "acme/widgets"},
		{"work:acme/widgets.git", "work", "acme/widgets"},
		{"file:///srv/git/widgets.git", "", "git/widgets"},
		{"widgets", "", ""},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		SCOPED(scene) struct scene scene;
		SCOPED(buf) struct buf text = BUF_INIT;
		OWNED(repository) struct repository *again = NULL;
		struct remote_name name;
		struct error err;

		scene_make(&scene);
		buf_addf(&text, "[core]\n\tbare = false\n[remote \"up\"]\n\turl = %s\n",
			 rows[i].url);
		write_text(&scene, ".git/config", text.ptr);
		again = repository_discover(scene.path, NULL, &err);
		ck_assert_msg(again, "%s", err.message);
		name = repository_remote(again, "up", &scene.arena);
		ck_assert_str_is(name.host, str_from(rows[i].host));
		ck_assert_str_is(name.repository, str_from(rows[i].repository));
		ck_assert_uint_eq(repository_remote(again, "none", &scene.arena).repository.len, 0);
	}
}

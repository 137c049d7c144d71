/* Opening repositories: strangers' and a person's own. */
#include "source/repository.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "scene.h"

#include "unit.h"

TEST(reads_only_the_objects_of_an_untrusted_repository)
{
	SCOPED(scene) struct scene scene;
	SCOPED(diff) struct diff diff = {0};
	SCOPED(buf) struct buf text = BUF_INIT;
	OWNED(repository) struct repository *objects = NULL;
	struct repository_commit commit;
	struct source source;
	struct source_tree tree;
	struct str base;
	struct error err;

	scene_make(&scene);
	remove_file(&scene, ".git/config");
	make_pipe(&scene, ".git/config");
	write_text(&scene, ".git/objects/info/alternates", "/nonexistent\n");
	objects = repository_open(scene.path, &err);
	ck_assert_msg(objects, "%s", err.message);
	commit = (struct repository_commit){objects, scene.first};
	source = source_from_commit(&commit);
	ck_assert(source_tree(&source, &scene.arena, &tree, &err));
	ck_assert(source_read(&source, &tree, STR("dir/gone.txt"), 100, &text, &err));
	ck_assert(repository_has_commit(objects, scene.second));
	ck_assert(repository_merge_base(objects, scene.first, scene.second, &scene.arena, &base,
					&err));
	ck_assert_str_is(base, scene.first);
	ck_assert_msg(repository_diff(objects, scene.first, scene.second, &diff, &err), "%s",
		      err.message);
	ck_assert_uint_eq(diff.len, 3);
	ck_assert(!repository_discover(scene.path, NULL, &err));
	ck_assert_ptr_nonnull(strstr(err.message, "is not a regular file"));
}

/* Writes a loose object whose content is `len` bytes and whose header says `stated`. */
static void write_object(const struct scene *scene, const char *id, size_t stated, size_t len)
{
	SCOPED(buf) struct buf raw = BUF_INIT;
	unsigned char packed[4096];
	unsigned long size = sizeof(packed);
	char path[128];

	buf_addf(&raw, "blob %zu", stated);
	buf_add_char(&raw, '\0');
	buf_add_many(&raw, 'x', len);
	ck_assert_int_eq(compress(packed, &size, (const unsigned char *)raw.ptr, raw.len), Z_OK);
	snprintf(path, sizeof(path), ".git/objects/%.2s/%s", id, id + 2);
	scene_write(scene, path, str_of((const char *)packed, size));
}

TEST(a_loose_object_of_another_length_than_its_header_says_is_refused)
{
	SCOPED(scene) struct scene scene;
	static const char id[] = "0123456789012345678901234567890123456789";
	struct repository_commit commit;
	struct source source;
	OWNED(repository) struct repository *objects = NULL;
	struct error err;

	scene_make(&scene);
	objects = repository_open(scene.path, &err);
	for (size_t len = 8; len <= 3000; len += 1496) {
		if (len == 1504)
			continue; /* the right length, of the wrong id */
		SCOPED(buf) struct buf text = BUF_INIT;

		write_object(&scene, id, 1504, len);
		commit = (struct repository_commit){objects, scene.first};
		source = source_from_commit(&commit);
		ck_assert(!source_blob(&source, str_from(id), 9999, &text, &err));
		ck_assert_msg(strstr(err.message, "not as long as its header says"), "%s",
			      err.message);
		remove_file(&scene, ".git/objects/01/23456789012345678901234567890123456789");
	}
}

/* The index of a pack with `count` objects below the last first byte, and `low` below all others. */
static void write_index(const struct scene *scene, uint32_t low, uint32_t count, size_t size)
{
	SCOPED(buf) struct buf index = BUF_INIT;

	buf_add(&index, STR("\377tOc"));
	buf_add(&index, str_of("\0\0\0\2", 4));
	for (int i = 0; i < 256; i++) {
		uint32_t number = i == 255 ? count : low;

		for (int shift = 24; shift >= 0; shift -= 8)
			buf_add_char(&index, (char)(number >> shift & 0xff));
	}
	while (index.len < size)
		buf_add_char(&index, 'x');
	scene_write(scene, ".git/objects/pack/pack-0123456789012345678901234567890123456789.idx",
		    str_slice(buf_str(&index), 0, size));
}

TEST(a_pack_whose_index_does_not_fit_its_objects_is_refused)
{
	static const struct {
		uint32_t low, count;
		size_t size;
	} rows[] = {
		{0, 0, 0},
		{0, 0, 500},
		{0, 0, 1071},
		{0, 1, 1072},
		{2, 1, 1072 + 28},
		{0, 4000000000, 5000},
		{0, 2, 1072 + 2 * 28 + 9},
	};
	SCOPED(scene) struct scene scene;
	struct repository *objects;
	struct error err;

	scene_make(&scene);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		write_index(&scene, rows[i].low, rows[i].count, rows[i].size);
		objects = repository_open(scene.path, &err);
		ck_assert_msg(!objects && strstr(err.message, "is not the index of a pack"),
			      "row %zu: %s", i, objects ? "" : err.message);
	}
	write_index(&scene, 0, 2, 1072 + 2 * 28 + 8);
	objects = repository_open(scene.path, &err);
	ck_assert_msg(objects, "%s", err.message);
	repository_free(objects);
}

TEST(files_of_git_that_would_block_or_fill_memory_are_refused_before_they_are_read)
{
	static const char *const paths[] = {
		".git/HEAD",
		".git/config",
		".git/config.worktree",
		".git/shallow",
		".git/info/exclude",
		".git/info/attributes",
		".git/objects/info/alternates",
		".git/objects/info/commit-graph",
		".git/index",
		".git/packed-refs",
		".git/refs/heads/topic/one",
		".git/refs/remotes/origin/HEAD",
		".git/refs/tags/v1",
		".gitattributes",
		".gitignore",
		".gitmodules",
		"dir/.gitattributes",
		"dir/.gitignore",
		"lib/.git", /* of a submodule */
		"lib/.git/HEAD",
		"lib/.git/refs/heads/main",
	};
	struct error err;

	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		SCOPED(scene) struct scene scene;
		const char *path = paths[i];
		char full[256];

		scene_make(&scene);
		snprintf(full, sizeof(full), "%s/%s", scene.path, path);
		write_text(&scene, path, "x");
		ck_assert_int_eq(truncate(full, (off_t)1 << 33), 0);
		ck_assert(!repository_discover(scene.path, NULL, &err));
		ck_assert_msg(strstr(err.message, "bytes"), "%s", err.message);
		remove_file(&scene, path);
		make_pipe(&scene, path);
		ck_assert(!repository_discover(scene.path, NULL, &err));
		ck_assert_msg(strstr(err.message, "is not a regular file"), "%s", err.message);
	}
}

TEST(files_that_the_configuration_names_are_checked_before_they_are_read)
{
	static const char *const lines[] = {
		"[include]\n\tpath = pipe\n",
		"[include] path = \"pipe\"\n",
		"[includeIf \"gitdir:/\"]\n\tPath = pipe\n",
		"[include]\n\tpath = more\n", /* which includes the pipe */
		"[core]\n\texcludesFile = pipe\n",
		"[core]\n\tattributesfile=pipe\n",
	};
	SCOPED(scene) struct scene scene;
	struct error err;

	scene_make(&scene);
	make_pipe(&scene, ".git/pipe");
	write_text(&scene, ".git/more", "[include]\npath=pipe\n");
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		write_text(&scene, ".git/config", lines[i]);
		ck_assert(!repository_discover(scene.path, NULL, &err));
		ck_assert_msg(strstr(err.message, "is not a regular file"), "%s: %s", lines[i],
			      err.message);
	}
	write_text(&scene, ".git/config", "[include]\n\tpath = config\n");
	repository_free(repository_discover(scene.path, NULL, &err));
}

TEST(the_folder_that_a_linked_work_tree_names_is_checked_too)
{
	static const char *const paths[] = {"real/HEAD", "real/commondir", "common/config",
					    "common/refs/heads/x"};
	struct error err;

	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		SCOPED(scene) struct scene scene;
		char path[256];

		scene_make(&scene);
		write_text(&scene, "linked/.git", "gitdir: ../real\n");
		if (i != 1)
			write_text(&scene, "real/commondir", "../common\n");
		write_text(&scene, "real/description", "x");
		write_text(&scene, "common/refs/heads/main", "x");
		make_pipe(&scene, paths[i]);
		snprintf(path, sizeof(path), "%s/linked", scene.path);
		ck_assert(!repository_discover(path, NULL, &err));
		ck_assert_msg(strstr(err.message, "is not a regular file"), "%s: %s", paths[i],
			      err.message);
	}
}

TEST(finds_a_loose_object_by_the_start_of_its_id)
{
	SCOPED(scene) struct scene scene;
	struct str found;
	struct error err;

	scene_make(&scene);
	ck_assert(repository_resolve(scene.repository, str_slice(scene.second, 0, 12), &scene.arena,
				     &found, &err));
	ck_assert_str_is(found, scene.second);
}

TEST(a_repository_that_cannot_be_read_is_named_with_what_to_do)
{
	static const struct {
		const char *config, *said;
	} rows[] = {
		{"[core]\n\trepositoryformatversion = 1\n[extensions]\n\trefstorage = reftable\n",
		 "git refs migrate --ref-format=files"},
		{"[core]\n\trepositoryformatversion = 1\n[extensions]\n\tobjectformat = sha256\n",
		 "SHA-256"},
		{"[core]\n\trepositoryformatversion = 9\n", "9"},
		{"[core]\n\tworktree = /etc\n", "core.worktree"},
	};
	static const char read_by_all[] =
		"[core]\n\trepositoryformatversion = 1\n[extensions]\n\tpartialclone = origin\n"
		"\tworktreeConfig = true\n\trelativeWorktrees = true\n\tpreciousObjects = true\n"
		"\tnoop = true\n\tnoop-v1 = true\n\tobjectFormat = sha1\n\trefStorage = files\n"
		"\tcompatObjectFormat = sha256\n\tsubmodulePathConfig = true\n";
	struct error err;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		SCOPED(scene) struct scene scene;

		scene_make(&scene);
		write_text(&scene, ".git/config", rows[i].config);
		ck_assert(!repository_discover(scene.path, NULL, &err));
		ck_assert_int_eq(err.kind, ERROR_IO);
		ck_assert_msg(strstr(err.message, rows[i].said), "%s", err.message);
		ck_assert_msg(strstr(err.message, "git diff BASE | outcrop"), "%s", err.message);
	}
	{
		SCOPED(scene) struct scene scene;
		struct repository *partial;

		scene_make(&scene);
		write_text(&scene, ".git/config", read_by_all);
		partial = repository_discover(scene.path, NULL, &err);
		ck_assert_msg(partial, "%s", err.message);
		repository_free(partial);
	}
	ck_assert(!repository_discover("/", NULL, &err));
	ck_assert_str_eq(err.message, "no git repository here");
}

TEST(a_bare_repository_is_one)
{
	SCOPED(scene) struct scene scene;
	git_clone_options options = GIT_CLONE_OPTIONS_INIT;
	OWNED(repository) struct repository *bare = NULL;
	SCOPED(diff) struct diff diff = {0};
	git_repository *git;
	struct error err;
	struct str head;
	char path[96];

	scene_make(&scene);
	ck_assert(!repository_is_bare(scene.repository));
	snprintf(path, sizeof(path), "%s/bare.git", scene.path);
	options.bare = 1;
	ck_assert_int_eq(git_clone(&git, scene.path, path, &options), 0);
	git_repository_free(git);
	strcat(path, "/refs");
	bare = repository_discover(path, NULL, &err);
	ck_assert_msg(bare, "%s", err.message);
	ck_assert(repository_is_bare(bare));
	ck_assert(repository_resolve(bare, STR("HEAD"), &scene.arena, &head, &err));
	ck_assert_str_is(head, scene.second);
	ck_assert_msg(repository_diff(bare, scene.first, head, &diff, &err), "%s", err.message);
	ck_assert_uint_eq(diff.len, 3);
}

/* Files: bounded reads, and writes that stay where they belong. */
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "unit.h"

static char root[64];
static char outside[64];

static void make_folders(void)
{
	snprintf(root, sizeof(root), "/tmp/outcrop-unit-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(root));
	snprintf(outside, sizeof(outside), "/tmp/outcrop-unit-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(outside));
}

static int remove_entry(const char *path, const struct stat *info, int type, struct FTW *where)
{
	(void)info;
	(void)type;
	(void)where;
	return remove(path);
}

static void remove_folders(void)
{
	nftw(root, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	nftw(outside, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

TEST_FIXTURE(make_folders, remove_folders)

static const char *below(const char *folder, const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static void check_content(const char *path, const char *expected)
{
	SCOPED(buf) struct buf content = BUF_INIT;
	struct error err;

	ck_assert_msg(file_read(path, 1000, &content, &err), "%s", err.message);
	ck_assert_str_eq(content.ptr, expected);
}

TEST(writes_into_new_folders_and_over_what_is_there)
{
	struct error err;
	struct stat info;

	ck_assert(file_write_below(root, "a/./b//c.json", STR("first"), &err));
	ck_assert(file_write_below(root, "a/b/c.json", STR("2"), &err));
	check_content(below(root, "a/b/c.json"), "2");
	ck_assert_int_eq(stat(below(root, "a/b/c.json"), &info), 0);
	ck_assert_int_eq(info.st_mode & 0133, 0);
	ck_assert(file_write_below(root, "empty", STR_EMPTY, &err));
	check_content(below(root, "empty"), "");
}

TEST(new_files_belong_to_the_owner_of_the_root)
{
	struct error err;
	struct stat info;

	if (geteuid() != 0) {
		printf("# skipped: only root can give files away\n");
		return;
	}
	ck_assert_int_eq(chown(root, 12345, 23456), 0);
	ck_assert(file_write_below(root, "folder/file", STR("x"), &err));
	ck_assert_int_eq(stat(below(root, "folder"), &info), 0);
	ck_assert_uint_eq(info.st_uid, 12345);
	ck_assert_int_eq(stat(below(root, "folder/file"), &info), 0);
	ck_assert_uint_eq(info.st_uid, 12345);
	ck_assert_uint_eq(info.st_gid, 23456);
}

TEST(paths_that_leave_the_root_are_refused)
{
	static const char *const paths[] = {
		"/etc/x", "../x", "a/../../x", "a/..", "", "a/", ".", "./",
	};
	char deep[400];
	struct error err = {0};

	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		ck_assert_msg(!file_write_below(root, paths[i], STR("x"), &err), "%s", paths[i]);
		ck_assert_msg(err.kind == ERROR_USAGE, "%s: %s", paths[i], err.message);
	}
	for (size_t i = 0; i < sizeof(deep) - 2; i += 2)
		memcpy(deep + i, "d/", 2);
	memcpy(deep + sizeof(deep) - 2, "f", 2);
	ck_assert(!file_write_below(root, deep, STR("x"), &err));
	ck_assert(err.kind == ERROR_USAGE);
	ck_assert(!file_write_below("/nonexistent", "x", STR("x"), &err));
	ck_assert(err.kind == ERROR_NOT_FOUND);
}

TEST(links_are_never_followed)
{
	struct error err = {0};
	struct stat info;

	ck_assert_int_eq(symlink(outside, below(root, "link")), 0);
	ck_assert(!file_write_below(root, "link/file", STR("x"), &err));
	ck_assert(err.kind == ERROR_IO);
	ck_assert_ptr_nonnull(strstr(err.message, "is a link or not a folder"));
	ck_assert_int_ne(access(below(outside, "file"), F_OK), 0);
	/* A link at the name itself is replaced; what it led to stays. */
	ck_assert(file_write_below(outside, "target", STR("kept"), &err));
	ck_assert_int_eq(unlink(below(root, "link")), 0);
	{
		char target[128];

		snprintf(target, sizeof(target), "%s/target", outside);
		ck_assert_int_eq(symlink(target, below(root, "report.json")), 0);
	}
	ck_assert(file_write_below(root, "report.json", STR("new"), &err));
	check_content(below(root, "report.json"), "new");
	check_content(below(outside, "target"), "kept");
	ck_assert_int_eq(lstat(below(root, "report.json"), &info), 0);
	ck_assert(S_ISREG(info.st_mode));
}

TEST(a_failed_write_leaves_nothing_behind)
{
	struct error err = {0};

	ck_assert_int_eq(mkdir(below(root, "name"), 0755), 0);
	ck_assert(!file_write_below(root, "name", STR("x"), &err));
	ck_assert(err.kind == ERROR_IO);
	ck_assert_int_eq(rmdir(below(root, "name")), 0);
	ck_assert_int_eq(rmdir(root), 0); /* empty: no temporary file stayed */
}

TEST(reads_are_bounded_and_of_regular_files)
{
	SCOPED(buf) struct buf out = BUF_INIT;
	struct error err = {0};

	ck_assert(file_write_below(root, "f", STR("12345"), &err));
	buf_add_text(&out, ">");
	ck_assert(file_read(below(root, "f"), 5, &out, &err));
	ck_assert_str_eq(out.ptr, ">12345");
	ck_assert(!file_read(below(root, "f"), 4, &out, &err));
	ck_assert(err.kind == ERROR_LIMIT);
	ck_assert_ptr_nonnull(strstr(err.message, "more than 4 bytes"));
	ck_assert_str_eq(out.ptr, ">12345");
	ck_assert(!file_read(below(root, "none"), 4, &out, &err));
	ck_assert(err.kind == ERROR_NOT_FOUND);
	ck_assert(!file_read(root, 4, &out, &err));
	ck_assert(err.kind == ERROR_IO);
	ck_assert_int_eq(mkfifo(below(root, "pipe"), 0600), 0);
	ck_assert(!file_read(below(root, "pipe"), 4, &out, &err));
	ck_assert_ptr_nonnull(strstr(err.message, "not a regular file"));
}

TEST(a_dash_is_standard_input)
{
	SCOPED(buf) struct buf out = BUF_INIT;
	struct error err = {0};
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(write(ends[1], "from a pipe", 11), 11);
	close(ends[1]);
	dup2(ends[0], STDIN_FILENO);
	close(ends[0]);
	ck_assert(file_read("-", 11, &out, &err));
	ck_assert_str_eq(out.ptr, "from a pipe");
}

TEST(appends_to_what_the_runner_gave)
{
	struct error err = {0};

	ck_assert(file_append(below(root, "output"), STR("a=1\n"), &err));
	ck_assert(file_append(below(root, "output"), STR("b=2\n"), &err));
	check_content(below(root, "output"), "a=1\nb=2\n");
	ck_assert(!file_append(below(root, "no/output"), STR("x"), &err));
	ck_assert(err.kind == ERROR_NOT_FOUND);
}

TEST(whether_a_file_can_be_written_is_known_before)
{
	char folder[] = "/tmp/outcrop-check-XXXXXX";
	char path[64];
	struct error err;

	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/new", folder);
	ck_assert(file_check(path, &err));
	ck_assert(file_check_below(folder, "a/b/c.json", &err));
	ck_assert(!file_check_below(folder, "../x", &err));
	ck_assert_int_eq(err.kind, ERROR_USAGE);
	ck_assert(!file_check(folder, &err));
	ck_assert_str_eq(strrchr(err.message, '"'), "\" is a folder");
	ck_assert(!file_check_below("/tmp", folder + strlen("/tmp/"), &err));
	ck_assert_int_eq(err.kind, ERROR_USAGE);
	ck_assert_int_eq(symlink("/tmp", path), 0);
	ck_assert(!file_check_below(folder, "new/c.json", &err));
	ck_assert(!file_check_below("/nowhere/at/all", "c.json", &err));
	ck_assert(!file_check("/nowhere/at/all/x", &err));
	ck_assert(!file_check("/proc/version", &err) || geteuid() == 0);
	unlink(path);
	rmdir(folder);
}

TEST(a_pipe_that_nobody_reads_is_not_waited_for)
{
	struct error err = {0};

	ck_assert_int_eq(mkfifo(below(root, "pipe"), 0600), 0);
	ck_assert(!file_check(below(root, "pipe"), &err));
	ck_assert(!file_append(below(root, "pipe"), STR("a=1\n"), &err));
	ck_assert(strstr(err.message, "nobody reads this pipe"));
}

TEST(a_pipe_is_read_only_where_a_person_named_it)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	struct error err;
	char path[32];
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(write(ends[1], "abc", 3), 3);
	close(ends[1]);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", ends[0]);
	ck_assert(!file_read(path, 100, &text, &err));
	ck_assert_msg(file_read_given(path, 100, &text, &err), "%s", err.message);
	ck_assert_str_eq(text.ptr, "abc");
	close(ends[0]);
}

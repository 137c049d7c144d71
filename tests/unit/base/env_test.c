/* The environment, and how secrets leave it. */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/env.h"
#include "base/file.h"
#include "unit.h"

extern char **environ;

TEST(reads_variables_and_counts_empty_ones_as_unset)
{
	char first[] = "NAME=value=more";
	char empty[] = "EMPTY=";
	char again[] = "NAME=second";
	char odd[] = "NOTHING";
	char *block[] = {first, empty, again, odd, NULL};
	SCOPED(env) struct env env = {0};

	env_read(&env, block);
	ck_assert_str_is(env_get(&env, "NAME"), STR("value=more"));
	ck_assert(!env_has(&env, "EMPTY") && !env_has(&env, "NOTHING") && !env_has(&env, "NAM"));
	env_put(&env, STR("NAME"), STR("third"));
	ck_assert_str_is(env_get(&env, "NAME"), STR("third"));
	ck_assert_str_eq(first, "NAME=value=more");
}

TEST(a_secret_is_taken_once_and_wiped_everywhere)
{
	char first[] = "TOKEN=s3cret";
	char longer[] = "TOKEN_TYPE=plain";
	char again[] = "TOKEN=s3cret2";
	char *block[] = {first, longer, again, NULL};
	SCOPED(env) struct env env = {0};
	const struct secret *secret;

	env_read(&env, block);
	secret = env_take_secret(&env, "TOKEN");
	ck_assert_ptr_nonnull(secret);
	ck_assert_str_is(secret_str(secret), STR("s3cret"));
	ck_assert_ptr_eq(env_take_secret(&env, "TOKEN"), secret);
	ck_assert(env_has(&env, "TOKEN"));
	ck_assert_str_is(env_get(&env, "TOKEN"), STR_EMPTY);
	ck_assert_str_eq(first, "TOKEN=");
	ck_assert_int_eq(first[sizeof(first) - 2], 0);
	ck_assert_str_eq(again, "TOKEN=");
	ck_assert_str_eq(longer, "TOKEN_TYPE=plain");
	ck_assert_ptr_null(env_take_secret(&env, "OTHER"));
}

TEST(the_block_of_the_process_keeps_only_what_libraries_read)
{
	static const char *const keep[] = {"HOME", "TZ"};
	char home[] = "HOME=/root";
	char token[] = "TOKEN=s3cret";
	char longer[] = "TZ_OTHER=x";
	char zone[] = "TZ=UTC";
	char *block[] = {home, token, longer, zone, NULL};
	SCOPED(env) struct env env = {0};

	env_read(&env, block);
	env_clear_process(&env, keep, ARRAY_LEN(keep));
	ck_assert_ptr_eq(block[0], home);
	ck_assert_ptr_eq(block[1], zone);
	ck_assert_ptr_null(block[2]);
	for (size_t i = 0; i < sizeof(token); i++)
		ck_assert_int_eq(token[i], 0);
	ck_assert_int_eq(longer[0], 0);
	ck_assert_str_is(env_get(&env, "TOKEN"), STR("s3cret"));
}

TEST(a_child_gets_the_environment_with_its_secrets)
{
	SCOPED(env) struct env env = {0};
	char **block;

	env_put(&env, STR("HOME"), STR("/root"));
	env_put(&env, STR("TOKEN"), STR("s3cret"));
	env_put(&env, STR("HOME"), STR("/home"));
	env_take_secret(&env, "TOKEN");
	block = env_block_new(&env);
	ck_assert_str_eq(block[0], "HOME=/home");
	ck_assert_str_eq(block[1], "TOKEN=s3cret");
	ck_assert_ptr_null(block[2]);
	env_block_free(block);
}

/* In the program that is started again with the secret in its environment. */
static int look_at_own_block(void)
{
	SCOPED(env) struct env env = {0};
	SCOPED(buf) struct buf block = BUF_INIT;
	struct error err;

	env_read(&env, environ);
	if (!file_read("/proc/self/environ", 1 << 20, &block, &err) ||
	    !str_contains(buf_str(&block), STR("OUTCROP_TEST_SECRET=s3cret-of-the-block")))
		return 1;
	if (!env_take_secret(&env, "OUTCROP_TEST_SECRET"))
		return 2;
	buf_reset(&block);
	if (!file_read("/proc/self/environ", 1 << 20, &block, &err) || !block.len)
		return 3;
	if (str_contains(buf_str(&block), STR("s3cret")) || getenv("OUTCROP_TEST_SECRET")[0])
		return 4;
	return 0;
}

/* Runs before main() does; nothing else of this program is reached then. */
static void __attribute__((constructor)) when_started_for_the_block(void)
{
	const char *value = getenv("OUTCROP_TEST_SECRET");

	if (value && strcmp(value, "s3cret-of-the-block") == 0)
		_exit(look_at_own_block());
}

TEST(the_process_does_not_show_a_taken_secret_in_proc)
{
	char name[] = "unit_base";
	char first[] = "A=1";
	char secret[] = "OUTCROP_TEST_SECRET=s3cret-of-the-block";
	char last[] = "B=2";
	char *args[] = {name, NULL};
	char *block[] = {first, secret, last, NULL};
	int status;
	pid_t child = fork();

	ck_assert_int_ge(child, 0);
	if (child == 0) {
		execve("/proc/self/exe", args, block);
		_exit(9);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "status %d", status);
}

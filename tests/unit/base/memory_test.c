/* What owns memory: buffers, arenas, maps, vectors, secrets. */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/secret.h"
#include "base/vec.h"
#include "unit.h"

TEST(a_buffer_always_ends_in_nul)
{
	SCOPED(buf) struct buf buf = BUF_INIT;

	ck_assert_str_eq(buf.ptr, "");
	buf_add(&buf, STR("ab\0c"));
	buf_addf(&buf, "%d-%s", 7, "x");
	buf_add_many(&buf, '.', 3);
	ck_assert_str_is(buf_str(&buf), STR("ab\0c7-x..."));
	ck_assert_int_eq(buf.ptr[buf.len], '\0');
	buf_remove(&buf, 1, 6);
	ck_assert_str_eq(buf.ptr, "a...");
	buf_remove(&buf, 2, 99);
	ck_assert_str_eq(buf.ptr, "a.");
	buf_remove(&buf, 2, 1);
	buf_reset(&buf);
	ck_assert_str_eq(buf.ptr, "");
	ck_assert_uint_gt(buf.cap, 0);
}

TEST(a_buffer_reports_that_its_ceiling_is_reached)
{
	SCOPED(buf) struct buf buf = BUF_INIT;
	struct error err = {0};

	buf_init(&buf, 4);
	ck_assert(buf_take(&buf, STR("abcd"), "answer", &err));
	ck_assert(!buf_take(&buf, STR("e"), "answer", &err));
	ck_assert(err.kind == ERROR_LIMIT);
	ck_assert_str_eq(err.message, "answer: more than 4 bytes");
	ck_assert_str_eq(buf.ptr, "abcd");
}

TEST(a_buffer_that_holds_nothing_can_be_released)
{
	struct buf buf = BUF_INIT;

	buf_release(&buf);
	buf_release(&(struct buf){0});
	buf_release(NULL);
}

TEST(an_arena_gives_zeroed_and_aligned_memory)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	size_t total = 0;

	for (size_t size = 1; size < 40000; size = size * 2 + 1) {
		char *bytes = arena_alloc(&arena, 1, size);

		ck_assert_uint_eq((uintptr_t)bytes % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			ck_assert_int_eq(bytes[i], 0);
		memset(bytes, 0xff, size);
		total += size;
	}
	ck_assert_uint_ge(arena.used, total);
	ck_assert_str_eq(arena_text(&arena, STR("a")), "a");
	ck_assert_str_is(arena_str(&arena, STR_EMPTY), STR(""));
	ck_assert_str_is(arena_printf(&arena, "%s-%d", "x", 5), STR("x-5"));
	arena_release(&arena);
	ck_assert_uint_eq(arena.used, 0);
	arena_release(NULL);
}

TEST(a_map_keeps_thousands_of_keys)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(map) struct map map = {0};
	static int values[5000];

	ck_assert_ptr_null(map_get(&map, STR("x")));
	for (int i = 0; i < 5000; i++)
		ck_assert_ptr_null(map_put(&map, arena_printf(&arena, "key%d", i), &values[i]));
	ck_assert_uint_eq(map.len, 5000);
	for (int i = 0; i < 5000; i++)
		ck_assert_ptr_eq(map_get(&map, arena_printf(&arena, "key%d", i)), &values[i]);
	ck_assert_ptr_eq(map_put(&map, STR("key7"), &values[0]), &values[7]);
	ck_assert_uint_eq(map.len, 5000);
	ck_assert_ptr_null(map_get(&map, STR("key5000")));
	ck_assert_ptr_null(map_get(&map, STR("")));
}

TEST(a_vector_grows_and_is_released)
{
	struct {
		VEC_FIELDS(size_t);
	} numbers = {0};

	for (size_t i = 0; i < 1000; i++)
		VEC_PUSH(&numbers, i * i);
	ck_assert_uint_eq(numbers.len, 1000);
	ck_assert_uint_eq(numbers.items[999], 999 * 999);
	VEC_RELEASE(&numbers);
	ck_assert_ptr_null(numbers.items);
	ck_assert_uint_eq(numbers.cap, 0);
}

TEST(a_secret_is_replaced_and_released)
{
	struct secret secret = {0};

	ck_assert(!secret_is_set(&secret));
	secret_set(&secret, STR("first value"));
	secret_set(&secret, str_slice(secret_str(&secret), 6, 5));
	ck_assert_str_is(secret_str(&secret), STR("value"));
	secret_release(&secret);
	ck_assert(!secret_is_set(&secret));
	ck_assert_ptr_null(secret_str(&secret).ptr);
	secret_release(&secret);
	secret_release(NULL);
}

TEST(an_impossible_size_ends_the_process_with_a_message)
{
	char text[64] = "";
	int pipe_ends[2];
	int status;
	pid_t child;

	ck_assert_int_eq(pipe(pipe_ends), 0);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		dup2(pipe_ends[1], STDERR_FILENO);
		free(memory_grow(NULL, SIZE_MAX / 2, 4));
		_exit(0);
	}
	close(pipe_ends[1]);
	ck_assert_int_gt(read(pipe_ends[0], text, sizeof(text) - 1), 0);
	close(pipe_ends[0]);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 4);
	ck_assert_str_eq(text, "outcrop: out of memory\n");
}

TEST(trimming_a_buffer_keeps_its_text)
{
	SCOPED(buf) struct buf buf = BUF_INIT;

	buf_trim(&buf);
	ck_assert_str_eq(buf.ptr, "");
	buf_add_many(&buf, 'a', 1000);
	buf_set_len(&buf, 3);
	buf_trim(&buf);
	ck_assert_str_eq(buf.ptr, "aaa");
	ck_assert_uint_eq(buf.cap, 4);
	buf_add_text(&buf, "b");
	ck_assert_str_eq(buf.ptr, "aaab");
}

TEST(an_arena_grows_from_small_blocks_and_keeps_what_it_gave)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	char *texts[200];

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		texts[i] = ARENA_ARRAY(&arena, char, 1 + i * 37 % 9000);
		for (size_t j = 0; j < 1 + i * 37 % 9000; j++)
			ck_assert_int_eq(texts[i][j], 0);
		memset(texts[i], (int)(1 + i % 100), 1 + i * 37 % 9000);
	}
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		ck_assert_int_eq(texts[i][0], (int)(1 + i % 100));
		ck_assert_int_eq(texts[i][i * 37 % 9000], (int)(1 + i % 100));
	}
}

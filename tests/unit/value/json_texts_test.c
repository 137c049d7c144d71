/* A text that begins like one before is written as if it were the first. */
#include "value/json_texts.h"

#include "base/random.h"
#include "value/json.h"

#include "unit.h"

static size_t pick(struct random *random, size_t below)
{
	return (size_t)(random_unit(random) * (double)below);
}

static void check_written(struct json_texts *texts, struct str text)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf expected = BUF_INIT;
	SCOPED(buf) struct buf found = BUF_INIT;
	struct value *value = value_string(&arena, text);

	json_write(&expected, value, JSON_COMPACT);
	json_write_next(&found, value, texts);
	ck_assert_str_is(buf_str(&found), buf_str(&expected));
}

/* Each character is a case of its own: plain, escaped, of several bytes, and those that a terminal acts on. */
static void add_random(struct buf *text, struct random *random, size_t count)
{
	static const char *const characters[] = {"a",
						 "\n",
						 "\"",
						 "\\",
						 "\x01",
						 "\x7f",
						 "\xc2\x85",
						 "\xc3\xa9",
						 "\xe2\x80\xa8",
						 "\xe2\x82\xac",
						 "\xf0\x9f\x98\x80"};

	for (size_t i = 0; i < count; i++)
		buf_add_text(text, characters[pick(random, ARRAY_LEN(characters))]);
}

TEST(texts_that_begin_alike_are_written_as_alone)
{
	struct json_texts *texts = json_texts_new();
	SCOPED(buf) struct buf text = BUF_INIT;
	struct random random;

	random_init_fixed(&random, 7);
	for (int round = 0; round < 40; round++) {
		buf_reset(&text);
		add_random(&text, &random, 1 + pick(&random, 4000));
		for (int i = 0; i < 20; i++) {
			check_written(texts, buf_str(&text));
			/* Another end, which may begin within a character: the value repairs it. */
			buf_set_len(&text, text.len - pick(&random, MIN_OF(text.len, (size_t)700)));
			add_random(&text, &random, pick(&random, 700));
		}
	}
	json_texts_free(texts);
}

TEST(more_texts_than_are_remembered_and_longer_ones)
{
	struct json_texts *texts = json_texts_new();
	SCOPED(buf) struct buf text = BUF_INIT;

	for (int i = 0; i < 60; i++) {
		buf_reset(&text);
		buf_addf(&text, "%d ", i % 12);
		while (text.len < (size_t)(i % 5 == 0 ? 200 << 10 : 3 << 10))
			buf_add_text(&text, "a line of \"text\"\n");
		check_written(texts, buf_str(&text));
	}
	json_texts_free(texts);
	json_texts_free(NULL);
}

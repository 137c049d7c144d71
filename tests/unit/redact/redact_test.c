/* Redaction of what looks like a secret. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "golden.h"
#include "redact/judge.h"
#include "redact/name.h"
#include "redact/redact.h"
#include "vectors.h"

/* After many lines the text is searched in another way, with the same result. */
static void check_in_long_text(struct str given, struct str redacted)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	SCOPED(buf) struct buf wanted = BUF_INIT;
	SCOPED(buf) struct buf out = BUF_INIT;

	for (int i = 0; i < 100; i++)
		buf_add_text(&text, "int key_count(void);\n");
	buf_add(&wanted, buf_str(&text));
	buf_add(&text, given);
	buf_add(&wanted, redacted);
	redact_add(&out, buf_str(&text));
	ck_assert_str_eq(out.ptr, wanted.ptr);
	buf_add_text(&text, "\nsome more of the text after it\n");
	buf_add_text(&wanted, "\nsome more of the text after it\n");
	buf_reset(&out);
	redact_add(&out, buf_str(&text));
	ck_assert_str_eq(out.ptr, wanted.ptr);
}

/* Each text after redaction, divided by lines "---".  What is redacted once is not changed by a second time. */
static void redact_sections(struct golden *golden, struct buf *out)
{
	for (size_t i = 0; i + 1 < golden->len; i++) {
		SCOPED(buf) struct buf once = BUF_INIT;
		SCOPED(buf) struct buf twice = BUF_INIT;
		struct str text = golden->sections[i].text;
		size_t found = redact_add(&once, text);

		ck_assert_msg((found > 0) == !str_eq(buf_str(&once), text), "%.*s", STR_ARG(text));
		ck_assert_msg((found > 0) == redact_has_placeholder(buf_str(&once)), "%.*s",
			      STR_ARG(text));
		ck_assert_uint_eq(redact_add(&twice, buf_str(&once)), 0);
		ck_assert_str_eq(twice.ptr, once.ptr);
		check_in_long_text(text, buf_str(&once));
		if (i)
			buf_add_text(out, "---\n");
		buf_add(out, buf_str(&once));
		golden_end_line(out);
	}
}

TEST(secrets_are_replaced_and_nothing_else)
{
	golden_run("redaction", redact_sections);
}

TEST(words_and_tokens_differ)
{
	ck_assert(value_is_random(STR("q7Hs9dKx0PzL4mVb2NcR")));
	ck_assert(value_is_random(STR("kx7qz93hfw2v8n4jbd6t")));
	ck_assert(!value_is_random(STR("user-profile-settings-version2")));
	ck_assert(!value_is_random(STR("getUserTokenFromHeader2")));
	ck_assert(!value_is_random(STR("aaaaaaaaaaaaaaaaaaaa")));
	ck_assert(!value_is_random(STR("short1X")));
	ck_assert(name_judge(STR("APIKey")) == NAME_SECRET);
	ck_assert(name_judge(STR("AWS_SECRET_ACCESS_KEY")) == NAME_SECRET);
	ck_assert(name_judge(STR("dbPassword2")) == NAME_PASSWORD);
	ck_assert(name_judge(STR("SECRET_KEY_BASE")) == NAME_SECRET);
	ck_assert(name_judge(STR("key")) == NAME_WEAK);
	ck_assert(name_judge(STR("password_hash")) == NAME_PLAIN);
	ck_assert(name_judge(STR("secretName")) == NAME_PLAIN);
	ck_assert(name_judge(STR("keyboard")) == NAME_PLAIN);
}

/* Seconds of CPU for `len` bytes of that piece, over and over. */
static double redacting_seconds(const char *piece, size_t len)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	SCOPED(buf) struct buf out = BUF_INIT;
	int64_t start;

	while (text.len < len)
		buf_add_text(&text, piece);
	start = clock_cpu_ns();
	redact_add(&out, buf_str(&text));
	ck_assert(out.len > 0);
	return (double)(clock_cpu_ns() - start) / 1e9;
}

TEST(hostile_text_takes_linear_time)
{
	static const char *const pieces[] = {
		"eyJ-", "key=",  "key=\"", "token:", "sk-",  "-----BEGIN PRIVATE KEY-----\n",
		"://a", "key[[", "a.b-",   "[",      "Q~Q~", "password='\"",
	};

	for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
		double one = 0;
		double eight = 0;
		bool linear = false;

		/* Were it quadratic, it would be 64 times as much.  A busy machine disturbs some tries, not all. */
		for (int tries = 0; tries < 20 && !linear; tries++) {
			one = redacting_seconds(pieces[i], 1 << 13);
			eight = redacting_seconds(pieces[i], 1 << 16);
			linear = eight < 0.1 + one * 24;
		}
		ck_assert_msg(linear, "\"%s\": %f s, then %f s", pieces[i], one, eight);
	}
}

static void expect_kept(const char *name, struct str text, const struct value *truth UNUSED,
			void *ctx UNUSED)
{
	SCOPED(buf) struct buf out = BUF_INIT;

	ck_assert_msg(redact_add(&out, text) == 0, "%s", name);
}

TEST(nothing_is_taken_from_changes_without_secrets)
{
	vectors_each_diff(expect_kept, NULL);
}

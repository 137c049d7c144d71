/* The time that a search for secrets takes grows with the length of the text, not with the square of it. */
#include "base/clock.h"
#include "redact/redact.h"

#include "stretch.h"
#include "unit.h"

enum { SHORT_SIZE = (128 << 10) / STRETCH_PART, LONG_SIZE = 4 * SHORT_SIZE, NS_PER_MS = 1000000 };

/* Beginnings of what is a secret, and what surrounds one, again and again. */
static const char *const patterns[] = {
	"a",
	"Ab3",
	"password=",
	"password = \"",
	"key: ",
	"AKIA",
	"ghp_",
	"eyJ.",
	"eyJ-",
	"-----BEGIN ",
	"-----BEGIN RSA PRIVATE KEY-----\n",
	"https://a:",
	"https://a:b@",
	"secret\n",
	"token=\"a\" ",
	"\"",
	"'",
	"\\",
	"=",
	":",
	"/",
	"[redacted:",
	"xoxb-1-",
	"sk-ant-",
	"api_key_",
	"Authorization: Bearer ",
	"\xC3\xA9",
	"0123456789abcdef",
};

static int64_t time_of(const char *pattern, size_t size)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	SCOPED(buf) struct buf out = BUF_INIT;
	int64_t before;

	while (text.len < size)
		buf_add_text(&text, pattern);
	before = clock_cpu_ns();
	redact_add(&out, buf_str(&text));
	return clock_cpu_ns() - before;
}

TEST(the_time_of_redaction_is_linear)
{
	for (size_t i = 0; i < ARRAY_LEN(patterns); i++) {
		int64_t small = time_of(patterns[i], SHORT_SIZE);
		int64_t large = time_of(patterns[i], LONG_SIZE);

		ck_assert_msg(large < 8 * small + 20 * NS_PER_MS, "\"%s\": %lld ms, then %lld ms",
			      patterns[i], (long long)(small / NS_PER_MS),
			      (long long)(large / NS_PER_MS));
	}
}

static void redact_text(struct str text)
{
	SCOPED(buf) struct buf out = BUF_INIT;

	redact_add(&out, text);
}

static void redact_bytes(struct str bytes)
{
	SCOPED(buf) struct buf out = BUF_INIT;

	(void)!redact_add_bytes(&out, bytes);
}

TEST(long_texts_are_searched_with_pauses)
{
	for (size_t i = 0; i < ARRAY_LEN(patterns); i++) {
		stretch_check(redact_text, patterns[i], LONG_SIZE);
		stretch_check(redact_bytes, patterns[i], LONG_SIZE);
	}
}

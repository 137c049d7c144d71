/* The time that a search for secrets takes grows with the length of the text, not with the square of it. */
#include "redact/redact.h"

#include "stretch.h"
#include "unit.h"

enum { SHORT_SIZE = 128 << 10, LONG_SIZE = 4 * SHORT_SIZE };

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

static void redact_into(struct buf *out, struct str text)
{
	redact_add(out, text);
}

TEST(the_time_of_redaction_is_linear)
{
	for (size_t i = 0; i < ARRAY_LEN(patterns); i++)
		stretch_check_linear(redact_into, patterns[i], SHORT_SIZE);
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

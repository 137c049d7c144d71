/* Error texts for public comments: the kind of failure and the fix, without the account. */
#include "output/disclose.h"

#include <string.h>

#include "base/ascii.h"

enum { ACCOUNT_LEN = 12, UUID_LEN = 36 };

static size_t arn_len(struct str text)
{
	size_t len = 0;

	if (!str_starts(text, STR("arn:aws")))
		return 0;
	while (len < text.len && text.ptr[len] > ' ' && !strchr("\"'`,;()<>[]{}", text.ptr[len]))
		len++;
	/* A sentence may end behind it. */
	while (len && (text.ptr[len - 1] == '.' || text.ptr[len - 1] == ':'))
		len--;
	return len;
}

static size_t account_len(struct str text)
{
	size_t len = 0;

	while (len < text.len && ascii_is_digit(text.ptr[len]))
		len++;
	return len == ACCOUNT_LEN && (len == text.len || !ascii_is_word(text.ptr[len])) ? len : 0;
}

static size_t uuid_len(struct str text)
{
	if (text.len < UUID_LEN || (text.len > UUID_LEN && ascii_is_word(text.ptr[UUID_LEN])))
		return 0;
	for (size_t i = 0; i < UUID_LEN; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		char c = text.ptr[i];
		bool hex = ascii_is_hex(c);

		if (dash ? c != '-' : !hex)
			return 0;
	}
	return UUID_LEN;
}

/* "request id ID", in any form of id. */
static size_t request_len(struct str text)
{
	static const struct str starts[] = {STR_INIT("request id "), STR_INIT("Request ID: "),
					    STR_INIT("RequestId: ")};

	for (size_t i = 0; i < ARRAY_LEN(starts); i++) {
		size_t len = starts[i].len;

		if (!str_starts(text, starts[i]))
			continue;
		while (len < text.len &&
		       (ascii_is_word(text.ptr[len]) || strchr("-:+/=", text.ptr[len])))
			len++;
		return len;
	}
	return 0;
}

static const struct {
	size_t (*len)(struct str text);
	const char *instead;
} secrets[] = {
	{arn_len, "[ARN]"},
	{request_len, "request id in the log"},
	{uuid_len, "[id]"},
	{account_len, "[account]"},
};

void disclose_add(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.len;) {
		size_t len = 0;

		for (size_t j = 0; j < ARRAY_LEN(secrets) && !len; j++) {
			if (i && ascii_is_word(text.ptr[i - 1]))
				break;
			len = secrets[j].len(str_skip(text, i));
			if (len)
				buf_add_text(out, secrets[j].instead);
		}
		if (!len)
			buf_add_char(out, text.ptr[i]);
		i += len ? len : 1;
	}
}

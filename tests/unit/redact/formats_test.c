/* The table of token formats: sorted, sourced, and each row finds a token of the length that is issued. */
#include "redact/formats.h"

#include <string.h>

#include "redact/redact.h"
#include "redact/token.h"
#include "unit.h"

/* Adds a text that starts and ends with a letter, and is neither a word nor a repetition. */
static void add_body(struct buf *out, const struct format *format, size_t len)
{
	static const char upper[] = "A7KQ2ZM4XW5TB3GH6JND";
	static const char mixed[] = "b7Kq2Zm4Xw5Tc3Gh6Jnd";
	static const char hex[] = "b7a02c4e5d93f618e0ac";
	const char *letters = mixed;

	if (format->alphabet == FORMAT_UPPER)
		letters = upper;
	else if (format->alphabet == FORMAT_HEX)
		letters = hex;
	for (size_t i = 0; i < len; i++)
		buf_add_char(out, letters[i % 20]);
}

static void make_token(struct buf *out, const struct format *format, size_t len)
{
	buf_reset(out);
	buf_add_text(out, format->prefix);
	add_body(out, format, len);
}

TEST(the_table_is_sorted_and_every_row_has_a_source)
{
	for (size_t i = 0; i < formats_len; i++) {
		const struct format *format = &formats[i];
		struct str source = str_from(format->source);

		ck_assert_msg(!format->max || format->max >= format->min, "%s", format->prefix);
		ck_assert_msg(format->issued >= format->min, "%s", format->prefix);
		ck_assert_msg(!format->max || format->issued <= format->max, "%s", format->prefix);
		ck_assert_msg(str_starts(source, STR("https://")) ||
				      str_starts(source, STR("gitleaks: ")),
			      "%s", format->prefix);
		if (i)
			ck_assert_msg(strcmp(formats[i - 1].prefix, format->prefix) < 0, "%s",
				      format->prefix);
	}
}

TEST(every_row_finds_a_token_of_the_length_that_is_issued)
{
	for (size_t i = 0; i < formats_len; i++) {
		const struct format *format = &formats[i];
		SCOPED(buf) struct buf token = BUF_INIT;
		SCOPED(buf) struct buf text = BUF_INIT;
		SCOPED(buf) struct buf out = BUF_INIT;
		SCOPED(buf) struct buf wanted = BUF_INIT;
		size_t len = 0;

		make_token(&token, format, format->issued);
		ck_assert_msg(format_find(buf_str(&token), &len) == format, "%s", token.ptr);
		ck_assert_uint_eq(len, token.len);
		buf_addf(&text, "see (%s) here", token.ptr);
		buf_addf(&wanted, "see ([redacted:%s]) here", format->kind);
		ck_assert_uint_eq(redact_add(&out, buf_str(&text)), 1);
		ck_assert_str_eq(out.ptr, wanted.ptr);
		/* In a long text, which is not read byte by byte. */
		buf_reset(&out);
		buf_add_many(&text, '\n', 1000);
		buf_add_many(&wanted, '\n', 1000);
		ck_assert_uint_eq(redact_add(&out, buf_str(&text)), 1);
		ck_assert_str_eq(out.ptr, wanted.ptr);
	}
}

TEST(a_row_finds_no_shorter_token_and_no_longer_one_than_it_says)
{
	for (size_t i = 0; i < formats_len; i++) {
		const struct format *format = &formats[i];
		SCOPED(buf) struct buf token = BUF_INIT;
		size_t len;

		make_token(&token, format, format->min - 1);
		ck_assert_msg(format_find(buf_str(&token), &len) != format, "%s", token.ptr);
		if (!format->max)
			continue;
		make_token(&token, format, format->max + 1);
		ck_assert_msg(format_find(buf_str(&token), &len) != format, "%s", token.ptr);
	}
}

/* Since 2026 an installation token is a JSON Web Token of about 520 characters after its prefix. */
TEST(takes_the_whole_of_a_stateless_installation_token)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	SCOPED(buf) struct buf out = BUF_INIT;

	buf_add_text(&text, "with ghs_");
	for (size_t i = 0; i < 520; i++)
		buf_add_char(&text, i == 40 || i == 300 ? '.' : "aZ-9_k3Q"[i % 8]);
	buf_add_text(&text, "\nnext");
	ck_assert_uint_eq(redact_add(&out, buf_str(&text)), 1);
	ck_assert_str_eq(out.ptr, "with [redacted:github-token]\nnext");
}

/* UTF-8, encodings and hashes. */
#include "base/encode.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "unit.h"

TEST(distinguishes_utf8_from_other_bytes)
{
	static const struct str right[] = {
		STR_INIT(""),
		STR_INIT("a\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xf0\x90\x80\x80"),
		STR_INIT("\xf4\x8f\xbf\xbf"),
		STR_INIT("a\0b"),
	};
	static const struct str wrong[] = {
		STR_INIT("\x80"),
		STR_INIT("\xc0\x80"),
		STR_INIT("\xc1\xbf"),
		STR_INIT("\xe0\x9f\xbf"),
		STR_INIT("\xed\xa0\x80"),
		STR_INIT("\xf0\x8f\xbf\xbf"),
		STR_INIT("\xf4\x90\x80\x80"),
		STR_INIT("\xf5\x80\x80\x80"),
		STR_INIT("\xe2\x82"),
		STR_INIT("a\xff"),
	};

	for (size_t i = 0; i < ARRAY_LEN(right); i++)
		ck_assert(utf8_valid(right[i]));
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		ck_assert_msg(!utf8_valid(wrong[i]), "case %zu", i);
}

TEST(every_character_survives_a_round_trip)
{
	for (uint32_t c = 0; c <= 0x10ffff; c += c < 0x3000 ? 1 : 97) {
		SCOPED(buf) struct buf buf = BUF_INIT;
		uint32_t read = 0;
		struct str rest;

		if (c >= 0xd800 && c <= 0xdfff)
			continue;
		utf8_add(&buf, c);
		rest = buf_str(&buf);
		ck_assert(utf8_next(&rest, &read));
		ck_assert_uint_eq(read, c);
		ck_assert_uint_eq(rest.len, 0);
	}
}

TEST(repairs_and_cuts_between_characters)
{
	SCOPED(buf) struct buf buf = BUF_INIT;

	utf8_add_repaired(&buf, STR("a\xff\xe2\x82"
				    "b"));
	utf8_add(&buf, 0xd800);
	utf8_add(&buf, 0x110000);
	ck_assert_str_eq(buf.ptr, "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
				  "b\xef\xbf\xbd\xef\xbf\xbd");
	ck_assert_uint_eq(utf8_cut(STR("ab\xe2\x82\xac"), 4).len, 2);
	ck_assert_uint_eq(utf8_cut(STR("ab\xe2\x82\xac"), 5).len, 5);
	ck_assert_uint_eq(utf8_cut(STR("\x80\x80\x80"), 2).len, 0);
	ck_assert_uint_eq(utf8_count(STR("a\xe2\x82\xac\xf0\x9f\x98\x80")), 3);
}

TEST(bytes_are_written_as_hex)
{
	SCOPED(buf) struct buf buf = BUF_INIT;

	hex_add(&buf, STR("\x00\xff\x1a"));
	ck_assert_str_eq(buf.ptr, "00ff1a");
}

/* RFC 4648, 10. */
TEST(base64_agrees_with_the_vectors_of_its_rfc)
{
	static const struct {
		const char *plain;
		const char *coded;
	} cases[] = {{"", ""},
		     {"f", "Zg=="},
		     {"fo", "Zm8="},
		     {"foo", "Zm9v"},
		     {"foob", "Zm9vYg=="},
		     {"fooba", "Zm9vYmE="},
		     {"foobar", "Zm9vYmFy"}};
	SCOPED(buf) struct buf other = BUF_INIT;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		SCOPED(buf) struct buf coded = BUF_INIT;
		SCOPED(buf) struct buf plain = BUF_INIT;

		base64_add(&coded, str_from(cases[i].plain));
		ck_assert_str_eq(coded.ptr, cases[i].coded);
		ck_assert(base64_decode(str_from(cases[i].coded), &plain));
		ck_assert_str_eq(plain.ptr, cases[i].plain);
	}
	ck_assert(base64_decode(STR("-_8"), &other));
	ck_assert_str_is(buf_str(&other), STR("\xfb\xff"));
	ck_assert(!base64_decode(STR("Zm9v\n"), &other));
	ck_assert(!base64_decode(STR("Z"), &other));
	ck_assert(!base64_decode(STR("Zg==="), &other));
	ck_assert(!base64_decode(STR("Z\0=="), &other));
}

TEST(percent_encoding_keeps_what_is_unreserved)
{
	SCOPED(buf) struct buf buf = BUF_INIT;

	percent_add(&buf, STR("a-._~/:\xc3\xa9 %\0"), "/");
	ck_assert_str_eq(buf.ptr, "a-._~/%3A%C3%A9%20%25%00");
	buf_reset(&buf);
	percent_add(&buf, STR("a/b"), NULL);
	ck_assert_str_eq(buf.ptr, "a%2Fb");
	buf_reset(&buf);
	percent_decode(STR("a%2fb%4"), &buf);
	percent_decode(STR("%zz%"), &buf);
	ck_assert_str_eq(buf.ptr, "a/b%4%zz%");
}

/* FIPS 180-4 and RFC 4231, case 2. */
TEST(hashes_agree_with_published_vectors)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf hex = BUF_INIT;
	SCOPED(buf) struct buf key = BUF_INIT;
	struct sha256 code = hmac_sha256(STR("Jefe"), STR("what do ya want for nothing?"));

	ck_assert_str_is(sha256_hex(&arena, STR_EMPTY),
			 STR("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
	ck_assert_str_is(sha256_hex(&arena, STR("abc")),
			 STR("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
	hex_add(&hex, sha256_str(&code));
	ck_assert_str_eq(hex.ptr,
			 "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	code = hmac_sha256(STR_EMPTY, STR_EMPTY);
	buf_reset(&hex);
	hex_add(&hex, sha256_str(&code));
	ck_assert_str_eq(hex.ptr,
			 "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
	/* RFC 4231, case 6: a key longer than a block. */
	buf_add_many(&key, '\xaa', 131);
	code = hmac_sha256(buf_str(&key),
			   STR("Test Using Larger Than Block-Size Key - Hash Key First"));
	buf_reset(&hex);
	hex_add(&hex, sha256_str(&code));
	ck_assert_str_eq(hex.ptr,
			 "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(a_shared_beginning_is_hashed_once)
{
	struct sha256_start *start = sha256_start_new(STR("The same "));
	struct sha256 whole = sha256_of(STR("The same and more."));
	struct sha256 begun = sha256_of(STR("The same "));
	struct sha256 found = sha256_of_rest(start, STR("and "), STR("more."));

	ck_assert_str_is(sha256_str(&found), sha256_str(&whole));
	found = sha256_of_rest(start, STR_EMPTY, STR_EMPTY);
	ck_assert_str_is(sha256_str(&found), sha256_str(&begun));
	sha256_start_free(start);
	sha256_start_free(NULL);
}

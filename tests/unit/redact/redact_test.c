/* Redaction of what looks like a secret. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "redact/judge.h"
#include "redact/name.h"
#include "redact/redact.h"
#include "unit.h"

struct redact_case {
	const char *text;
	const char *expected;
};

/* Behind many lines the text is searched otherwise, with the same result. */
static void check_in_long_text(const struct redact_case *one)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	SCOPED(buf) struct buf wanted = BUF_INIT;
	SCOPED(buf) struct buf out = BUF_INIT;

	for (int i = 0; i < 100; i++)
		buf_add_text(&text, "int key_count(void);\n");
	buf_add(&wanted, buf_str(&text));
	buf_add_text(&text, one->text);
	buf_add_text(&wanted, one->expected);
	redact_add(&out, buf_str(&text));
	ck_assert_str_eq(out.ptr, wanted.ptr);
	buf_add_text(&text, "\nsome more of the text behind it\n");
	buf_add_text(&wanted, "\nsome more of the text behind it\n");
	buf_reset(&out);
	redact_add(&out, buf_str(&text));
	ck_assert_str_eq(out.ptr, wanted.ptr);
}

static void check_cases(const struct redact_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		SCOPED(buf) struct buf once = BUF_INIT;
		SCOPED(buf) struct buf twice = BUF_INIT;
		size_t found = redact_add(&once, str_from(cases[i].text));

		ck_assert_str_eq(once.ptr, cases[i].expected);
		ck_assert_msg((found > 0) == redact_has_placeholder(buf_str(&once)), "%s",
			      cases[i].text);
		ck_assert_uint_eq(redact_add(&twice, buf_str(&once)), 0);
		ck_assert_str_eq(twice.ptr, once.ptr);
		check_in_long_text(&cases[i]);
	}
}

/* Text that must stay as it is. */
static void check_kept(const char *const *texts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		SCOPED(buf) struct buf out = BUF_INIT;

		ck_assert_uint_eq(redact_add(&out, str_from(texts[i])), 0);
		ck_assert_str_eq(out.ptr, texts[i]);
		check_in_long_text(&(struct redact_case){texts[i], texts[i]});
	}
}

/* Tokens are put together here, so that no scanner takes this file for a leak. */
#define LETTERS "0123456789abcdefghijABCDEFGHIJ0123456789"

TEST(knows_the_formats_of_issued_tokens)
{
	static const struct redact_case cases[] = {
		{"AKIAABCDEFGHIJKLMNOP", "[redacted:aws-access-key]"},
		{"id=ASIAABCDEFGHIJ234567;", "id=[redacted:aws-access-key];"},
		{"x ghp_0123456789abcdefghijABCDEFGHIJ012345 y", "x [redacted:github-token] y"},
		{"github_pat_" LETTERS "_" LETTERS, "[redacted:github-token]"},
		{"glpat-abcdefghij0123456789.", "[redacted:gitlab-token]."},
		{"xoxb-0123456789-abcdefghijkl", "[redacted:slack-token]"},
		{"https://hooks.slack.com/services/T0123456/B0123456/abcdefghijklmnop",
		 "https://[redacted:slack-webhook]"},
		{"sk_live_abcdefghij0123456789", "[redacted:stripe-key]"},
		{"npm_0123456789abcdefghijABCDEFGHIJ012345", "[redacted:npm-token]"},
		{"pypi-AgEIcHlwaS5vcmc" LETTERS, "[redacted:pypi-token]"},
		{"AIza0123456789abcdefghijABCDEFGHIJ01234", "[redacted:google-api-key]"},
		{"abc8Q~0123456789abcdefghijABCDEFGHIJ0123", "[redacted:azure-client-secret]"},
		{"sk-proj-" LETTERS, "[redacted:openai-key]"},
		{"sk-ant-api03-" LETTERS, "[redacted:anthropic-key]"},
		{"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N",
		 "[redacted:jwt]"},
		{"a\\nghp_0123456789abcdefghijABCDEFGHIJ012345", "a\\n[redacted:github-token]"},
	};

	check_cases(cases, ARRAY_LEN(cases));
}

TEST(takes_only_the_password_out_of_an_address)
{
	static const struct redact_case cases[] = {
		{"postgres://app:s3cr3tPw@db.local/x",
		 "postgres://app:[redacted:url-password]@db.local/x"},
		{"https://:token99@host", "https://:[redacted:url-password]@host"},
	};
	static const char *const kept[] = {
		"https://user:${PASSWORD}@host", "https://user:password@host",
		"https://user@host/a:b@c",       "https://host:8080/a@b",
		"mysql://root:root@localhost",   "http://[::1]:80/@x",
		"https://user:<password>@host",
	};

	check_cases(cases, ARRAY_LEN(cases));
	check_kept(kept, ARRAY_LEN(kept));
}

TEST(takes_random_values_of_telling_names)
{
	static const struct redact_case cases[] = {
		{"aws_secret_access_key = wJb1rXUtnF3MI/K7MD3NG/bPxRfiCYzzkQ9fLm2p",
		 "aws_secret_access_key = [redacted:assigned-secret]"},
		{"+API_KEY=\"f3a9c1d2e4b5a6978812\"", "+API_KEY=\"[redacted:assigned-secret]\""},
		{"{\"clientSecret\": \"q7Hs9dKx0PzL4mVb2NcR\"}",
		 "{\"clientSecret\": \"[redacted:assigned-secret]\"}"},
		{"{\\\"clientSecret\\\": \\\"q7Hs9dKx0PzL4mVb2NcR\\\"}",
		 "{\\\"clientSecret\\\": \\\"[redacted:assigned-secret]\\\"}"},
		{"const token: string = 'Zk3Vq9Lw2Xn7Bt5Rf8Yp';",
		 "const token: string = '[redacted:assigned-secret]';"},
		{"static const char api_key[] = \"Zk3Vq9Lw2Xn7Bt5Rf8Yp\";",
		 "static const char api_key[] = \"[redacted:assigned-secret]\";"},
		{"var token string = \"Zk3Vq9Lw2Xn7Bt5Rf8Yp\"",
		 "var token string = \"[redacted:assigned-secret]\""},
		{":secret => 'Zk3Vq9Lw2Xn7Bt5Rf8Yp'", ":secret => '[redacted:assigned-secret]'"},
		{"token := \"Zk3Vq9Lw2Xn7Bt5Rf8Yp\"", "token := \"[redacted:assigned-secret]\""},
		{"setToken(\"Zk3Vq9Lw2Xn7Bt5Rf8Yp\")", "setToken(\"[redacted:assigned-secret]\")"},
		{"password: \"Tr0ub4dor&3xK9!\"", "password: \"[redacted:assigned-secret]\""},
		{"spring.datasource.password=x7Kp2mQ9vR4t",
		 "spring.datasource.password=[redacted:assigned-secret]"},
		{"Authorization: Bearer abcdEFGH1234ijklMNOP5678",
		 "Authorization: Bearer [redacted:assigned-secret]"},
		{"AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;Endpoint=x",
		 "AccountKey=[redacted:assigned-secret];Endpoint=x"},
		{"token: d41d8cd98f00b204e9800998ecf8427e", "token: [redacted:assigned-secret]"},
	};

	check_cases(cases, ARRAY_LEN(cases));
}

TEST(never_takes_digests_uuids_or_words)
{
	static const char *const kept[] = {
		"commit 0123456789abcdef0123456789abcdef01234567",
		"md5: d41d8cd98f00b204e9800998ecf8427e",
		"auth = \"d41d8cd98f00b204e9800998ecf8427e\"",
		"key = 550e8400-e29b-41d4-a716-446655440000",
		"token: \"550e8400-e29b-41d4-a716-446655440000\"",
		"key: sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"\"integrity\": \"sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVx==\"",
		"token = getToken()",
		"password = newPassword2",
		"key: \"user-profile-v2-settings\"",
		"cacheKey = \"q7Hs9dKx0PzL4mVb2NcR\"",
		"public_key = \"q7Hs9dKx0PzL4mVb2NcR\"",
		"nextToken: \"q7Hs9dKx0PzL4mVb2NcR\"",
		"token: ${{ secrets.GITHUB_TOKEN }}",
		"password: <your-password-here>",
		"api_key = os.environ[\"API_KEY\"]",
		"tokenizer = \"q7Hs9dKx0PzL4mVb2NcR\"",
		"max_tokens: 16000",
		"key: 1234567890123456",
		"strstr(pem, \"-----BEGIN RSA PRIVATE KEY-----\")",
		"sk-learn and ghp_short",
		"AKIAABCDEFGHIJKLMNOPQ",
	};

	check_kept(kept, ARRAY_LEN(kept));
}

TEST(keeps_the_lines_of_a_private_key)
{
	static const struct redact_case cases[] = {
		{"+-----BEGIN RSA PRIVATE KEY-----\n"
		 "+MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n"
		 "+MzEfYyjiWA4R4/M2bS1GB4t7NXp98C3SC6dVMvDuictGeurT8jNbvJZHtCSuYEvu\n"
		 "+-----END RSA PRIVATE KEY-----\n"
		 "+int x = 3;\n",
		 "+[redacted:private-key]\n+\n+\n+\n+int x = 3;\n"},
		{"k = \"-----BEGIN PRIVATE KEY-----\\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEA\\n-----END PRIVATE KEY-----\\n\";",
		 "k = \"[redacted:private-key]\\n\";"},
		/* Cut off: what follows is no part of it. */
		{"-----BEGIN EC PRIVATE KEY-----\n"
		 "MHcCAQEEIIrYSSNQFaA2Hwf1duRSxKtLYX5CB04fSeQ6tF1aY/PuoAoGCCqGSM49\nnot a key\n",
		 "[redacted:private-key]\n\nnot a key\n"},
	};

	check_cases(cases, ARRAY_LEN(cases));
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
		double one = redacting_seconds(pieces[i], 1 << 13);
		double eight = redacting_seconds(pieces[i], 1 << 16);

		/* Were it quadratic, it would be 64 times as much. */
		ck_assert_msg(eight < 0.1 + one * 24, "\"%s\": %f s, then %f s", pieces[i], one,
			      eight);
	}
}

/* The diffs are real and public; what is taken from them is a false positive, or a published sample. */
TEST(few_strings_of_real_diffs_are_taken)
{
	const char *shared = unit_shared_data();
	char folder[512];
	char path[1024];
	struct dirent *entry;
	size_t files = 0;
	size_t files_hit = 0;
	size_t taken = 0;
	DIR *dir;

	if (!shared)
		return;
	snprintf(folder, sizeof(folder), "%s/github/diffs/dev", shared);
	dir = opendir(folder);
	ck_assert_ptr_nonnull(dir);
	while ((entry = readdir(dir))) {
		SCOPED(buf) struct buf text = BUF_INIT;
		SCOPED(buf) struct buf out = BUF_INIT;
		struct error err;
		size_t found;

		if (entry->d_name[0] == '.' || str_ends(str_from(entry->d_name), STR(".json")))
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		ck_assert_msg(file_read(path, BUF_SIZE_MAX / 2, &text, &err), "%s", err.message);
		found = redact_add(&out, buf_str(&text));
		files++;
		files_hit += found > 0;
		taken += found;
	}
	closedir(dir);
	printf("# redaction: %zu strings taken in %zu of %zu diffs\n", taken, files_hit, files);
	ck_assert_uint_ge(files, 31);
	ck_assert_uint_le(files_hit, 1);
	ck_assert_uint_le(taken, 34);
}

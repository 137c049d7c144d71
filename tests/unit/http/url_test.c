/* URLs: their parts, and which of them may be spoken to. */
#include "http/http.h"

#include "unit.h"

TEST(splits_urls_and_leaves_default_ports_out)
{
	struct url_parts parts;
	struct error err;

	ck_assert(url_split(STR("https://a.b:443/x/y?z=1#f"), &parts, &err));
	ck_assert_str_is(parts.host, STR("a.b"));
	ck_assert_str_is(parts.host_port, STR("a.b"));
	ck_assert_str_is(parts.path, STR("/x/y"));
	ck_assert_str_is(parts.query, STR("z=1"));
	ck_assert(url_split(STR("http://[::1]:8080"), &parts, &err));
	ck_assert_str_is(parts.host, STR("[::1]"));
	ck_assert_str_is(parts.host_port, STR("[::1]:8080"));
	ck_assert_str_is(parts.port, STR("8080"));
	ck_assert(!url_split(STR("/only/a/path"), &parts, &err));
	ck_assert(!url_split(STR("https://user@host/"), &parts, &err));
}

/* libcurl reads a different host in each, or none. */
TEST(an_address_that_libcurl_reads_otherwise_is_refused)
{
	static const char *const urls[] = {
		"http://127.0.-0.1/",
		"http://127.+0.0.1/",
		"http://127.1/",
		"http://0x7f.0.0.1/",
		"http://2130706433/",
		"http://%6cocalhost/",
		"http://[0:0:0:0:0:0:0:1]/",
		"http://a\\@b/",
		"http://127.0.0.1 .evil.test/",
		"http://[::1%25eth0]/",
		"http://a:0443/",
		"http://a:b/",
		"http:///etc/passwd",
		"https://a:99999/",
		"file://localhost/etc/passwd",
		"http://[::1",
		"http://a\tb/",
	};
	struct url_parts parts;
	struct error err;

	for (size_t i = 0; i < ARRAY_LEN(urls); i++)
		ck_assert_msg(!url_split(str_from(urls[i]), &parts, &err) ||
				      !http_url_allowed(str_from(urls[i]), false, &err),
			      "%s", urls[i]);
}

TEST(the_port_of_an_address_is_the_one_that_libcurl_connects_to)
{
	ck_assert_uint_eq(url_port(STR("https://a.b/x")), 443);
	ck_assert_uint_eq(url_port(STR("http://a.b:8080/x")), 8080);
	ck_assert_uint_eq(url_port(STR("proxy.test:3128")), 3128);
	ck_assert_uint_eq(url_port(STR("http://user:pass@proxy.test:3129")), 3129);
	ck_assert_uint_eq(url_port(STR("")), 0);
	ck_assert_uint_eq(url_port(STR("https://a b")), 0);
}

TEST(speaks_plain_http_to_this_machine_and_metadata_only)
{
	static const struct {
		const char *url;
		bool allowed;
	} rows[] = {
		{"https://example.com/", true},
		{"http://127.0.0.1:99/", true},
		{"http://127.8.9.10/", true},
		{"http://localhost/x", true},
		{"http://[::1]/", true},
		{"http://169.254.169.254/latest", true},
		{"http://[fd00:ec2::23]/v1", true},
		{"http://example.com/", false},
		{"http://127.evil.example/", false},
		{"http://127.0.0.1.evil.example/", false},
		{"http://128.0.0.1/", false},
		{"ftp://127.0.0.1/", false},
		{"file:///etc/passwd", false},
	};
	struct error err;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		ck_assert_msg(http_url_allowed(str_from(rows[i].url), false, &err) ==
				      rows[i].allowed,
			      "%s", rows[i].url);
	ck_assert(http_url_allowed(STR("http://example.com/"), true, &err));
}

TEST(reads_proxies_and_certificates_from_the_environment)
{
	SCOPED(env) struct env env = {0};
	struct http_options options;

	env_put(&env, STR("HTTP_PROXY"), STR("http://evil:1"));
	env_put(&env, STR("HTTPS_PROXY"), STR("http://proxy:3128"));
	env_put(&env, STR("SSL_CERT_FILE"), STR("/a.pem"));
	http_options_read(&options, &env);
	ck_assert_str_is(options.proxy_http, STR(""));
	ck_assert_str_is(options.proxy_https, STR("http://proxy:3128"));
	ck_assert_str_is(options.ca_file, STR("/a.pem"));
	env_put(&env, STR("AWS_CA_BUNDLE"), STR("/b.pem"));
	http_options_read(&options, &env);
	ck_assert_str_is(options.ca_file, STR("/b.pem"));
}

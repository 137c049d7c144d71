/* Tests of secrets that a change adds, which become findings without a model. */
#include "harness.h"
#include "unit.h"

/* In two pieces, so that no scanner takes it for a real one. */
#define KEY                                                                                        \
	"AKIA"                                                                                     \
	"Q3EGRIVMZT5WXC7N"

static struct harness *run(const char *diff)
{
	struct harness *harness = harness_new(diff);

	harness_agent(harness, "code", "prompt: Review. {{ diff }}\n");
	harness_run(harness);
	ck_assert_msg(harness->ok, "%s", harness->error.message);
	return harness;
}

#define HEADER(path) "diff --git a/" path " b/" path "\n--- a/" path "\n+++ b/" path "\n"

TEST(an_added_secret_is_a_finding_with_its_line_and_without_its_value)
{
	struct harness *harness = run(HEADER("src/a.c") "@@ -1,2 +1,3 @@\n int a;\n"
							"+const char *text = \"" KEY "\";\n"
							" int b;\n");
	const struct finding *finding = &harness->result.findings.items[0];

	ck_assert_uint_eq(harness->result.findings.len, 1);
	ck_assert_str_is(finding->path, STR("src/a.c"));
	ck_assert_uint_eq(finding->line, 2);
	ck_assert_int_eq(finding->severity, SEVERITY_HIGH);
	ck_assert_int_eq(finding->placement, PLACEMENT_INLINE);
	ck_assert_str_is(finding->sources[0].agent, STR("outcrop"));
	ck_assert(str_contains(finding->title, STR("aws-access-key")));
	ck_assert(!str_contains(finding->quoted, STR(KEY)));
	ck_assert(!str_contains(finding->evidence, STR(KEY)));
	harness_free(harness);
}

TEST(secrets_that_the_change_does_not_add_are_no_findings)
{
	struct harness *harness = run(HEADER("src/a.c") "@@ -1,3 +1,3 @@\n"
							" const char *text = \"" KEY "\";\n"
							"-const char *old = \"" KEY "\";\n"
							"+const char *mark = \"[redacted:jwt]\";\n"
							" int b;\n");

	ck_assert_uint_eq(harness->result.findings.len, 0);
	harness_free(harness);
}

TEST(a_key_of_several_lines_is_one_finding_where_it_begins)
{
	struct harness *harness = run(HEADER(
		"k.pem") "@@ -0,0 +1,4 @@\n"
			 "+-----BEGIN RSA "
			 "PRIVATE KEY-----\n"
			 "+MIIEowIBAAKCAQEAr7fKqB2v0p5Zp3C9bVx1m8s6Qy0TtWnLhUeGdXaJkM4oRzYi\n"
			 "+bVx1m8s6Qy0TtWnLhUeGdXaJkM4oRzYiMIIEowIBAAKCAQEAr7fKqB2v0p5Zp3C9\n"
			 "+-----END RSA "
			 "PRIVATE KEY-----\n");

	ck_assert_uint_eq(harness->result.findings.len, 1);
	ck_assert_uint_eq(harness->result.findings.items[0].line, 1);
	harness_free(harness);
}

static bool refuse(struct harness *harness UNUSED, const struct chat *chat UNUSED,
		   struct reply *reply UNUSED, struct error *err)
{
	return error_set(err, ERROR_DENIED, "no");
}

TEST(secrets_are_found_also_when_the_agents_fail)
{
	struct harness *harness =
		harness_new(HEADER("src/a.c") "@@ -1,1 +1,2 @@\n int a;\n"
					      "+const char *text = \"" KEY "\";\n");

	harness->answer = refuse;
	harness_agent(harness, "code", "prompt: Review. {{ diff }}\n");
	harness_run(harness);
	ck_assert(harness->ok && harness->result.incomplete);
	ck_assert_uint_eq(harness->result.findings.len, 1);
	harness_free(harness);
}

static bool report_both(struct harness *harness UNUSED, const struct chat *chat,
			struct reply *reply, struct error *err UNUSED)
{
	return reply_report(
		chat, reply,
		"{\"summary\": \"s\", \"findings\": ["
		"{\"path\": \"src/a.c\", \"line\": 2, \"severity\": \"medium\", \"title\": \"The access key is in the code\", \"body\": \"b\", \"evidence\": \"const char *text = \\\"[redacted:aws-access-key]\\\";\"},"
		"{\"path\": \"src/a.c\", \"line\": 2, \"severity\": \"low\", \"title\": \"The text is never used\", \"body\": \"c\", \"evidence\": \"const char *text = \\\"[redacted:aws-access-key]\\\";\"}]}");
}

TEST(a_secret_that_an_agent_reported_too_is_one_finding)
{
	struct harness *harness =
		harness_new(HEADER("src/a.c") "@@ -1,1 +1,2 @@\n int a;\n"
					      "+const char *text = \"" KEY "\";\n");
	const struct findings *findings = &harness->result.findings;

	harness->answer = report_both;
	harness_agent(harness, "code", "prompt: Review. {{ diff }}\n");
	harness_run(harness);
	ck_assert(harness->ok);
	ck_assert_uint_eq(findings->len, 2);
	ck_assert_int_eq(findings->items[0].severity, SEVERITY_HIGH);
	ck_assert_uint_eq(findings->items[0].sources_len, 2);
	ck_assert_str_is(findings->items[1].title, STR("The text is never used"));
	harness_free(harness);
}

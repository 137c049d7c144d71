/* The formats of tokens that tell themselves by their first characters. */
#include "redact/formats.h"

#include <string.h>

/*
 * Sorted by prefix in the order of bytes, a longer prefix behind a shorter one that it begins with:
 * the last row that fits wins.  Lengths are those that the issuers document or that their scanning
 * partners publish; a little is left for longer tokens.
 */
static const struct format formats[] = {
	{"A3T", "aws-access-key", FORMAT_UPPER, 17, 17},
	{"ABIA", "aws-access-key", FORMAT_UPPER, 16, 16},
	{"ABSK", "aws-bedrock-key", FORMAT_BASE64, 100, 0},
	{"ACCA", "aws-access-key", FORMAT_UPPER, 16, 16},
	{"AGE-SECRET-KEY-1", "age-key", FORMAT_UPPER, 58, 58},
	{"AIza", "google-api-key", FORMAT_WORD, 35, 35},
	{"AKIA", "aws-access-key", FORMAT_UPPER, 16, 16},
	{"ASIA", "aws-access-key", FORMAT_UPPER, 16, 16},
	{"ATATT3", "atlassian-token", FORMAT_BASE64, 60, 0},
	{"ATCTT3", "atlassian-token", FORMAT_BASE64, 60, 0},
	{"EAAC", "facebook-token", FORMAT_ALNUM, 80, 0},
	{"FwoGZXIvYXdz", "aws-session-token", FORMAT_BASE64, 80, 0},
	{"GOCSPX-", "google-client-secret", FORMAT_WORD, 28, 28},
	{"HRKU-", "heroku-key", FORMAT_WORD, 36, 0},
	{"IQoJb3JpZ2lu", "aws-session-token", FORMAT_BASE64, 80, 0},
	{"NRAK-", "new-relic-key", FORMAT_UPPER, 27, 27},
	{"PMAK-", "postman-key", FORMAT_DASHED, 50, 0},
	{"SG.", "sendgrid-key", FORMAT_DOTTED, 60, 70},
	{"apify_api_", "apify-token", FORMAT_ALNUM, 30, 0},
	{"atlasv1.", "terraform-token", FORMAT_WORD, 50, 0},
	{"bedrock-api-key-", "aws-bedrock-key", FORMAT_BASE64, 40, 0},
	{"cio", "crates-token", FORMAT_ALNUM, 32, 32},
	{"dapi", "databricks-token", FORMAT_HEX, 32, 32},
	{"dckr_oat_", "docker-token", FORMAT_WORD, 24, 0},
	{"dckr_pat_", "docker-token", FORMAT_WORD, 24, 0},
	{"doo_v1_", "digitalocean-token", FORMAT_HEX, 64, 64},
	{"dop_v1_", "digitalocean-token", FORMAT_HEX, 64, 64},
	{"dor_v1_", "digitalocean-token", FORMAT_HEX, 64, 64},
	{"dp.pt.", "doppler-token", FORMAT_ALNUM, 40, 0},
	{"dp.st.", "doppler-token", FORMAT_DOTTED, 40, 0},
	{"figd_", "figma-token", FORMAT_WORD, 36, 0},
	{"gho_", "github-token", FORMAT_ALNUM, 36, 0},
	{"ghp_", "github-token", FORMAT_ALNUM, 36, 0},
	{"ghr_", "github-token", FORMAT_ALNUM, 36, 0},
	{"ghs_", "github-token", FORMAT_DOTTED, 36, 0},
	{"ghu_", "github-token", FORMAT_ALNUM, 36, 0},
	{"github_pat_", "github-token", FORMAT_WORD, 36, 0},
	{"glagent-", "gitlab-token", FORMAT_DOTTED, 20, 0},
	{"glcbt-", "gitlab-token", FORMAT_DOTTED, 20, 0},
	{"gldt-", "gitlab-token", FORMAT_DOTTED, 20, 0},
	{"glft-", "gitlab-token", FORMAT_DOTTED, 20, 0},
	{"glimt-", "gitlab-token", FORMAT_DOTTED, 20, 0},
	{"gloas-", "gitlab-token", FORMAT_DOTTED, 20, 0},
	{"glpat-", "gitlab-token", FORMAT_DOTTED, 20, 0},
	{"glptt-", "gitlab-token", FORMAT_DOTTED, 20, 0},
	{"glrt-", "gitlab-token", FORMAT_DOTTED, 20, 0},
	{"glsa_", "grafana-token", FORMAT_WORD, 41, 0},
	{"glsoat-", "gitlab-token", FORMAT_DOTTED, 20, 0},
	{"gsk_", "groq-key", FORMAT_ALNUM, 48, 0},
	{"hf_", "huggingface-token", FORMAT_ALNUM, 34, 0},
	{"hooks.slack.com/services/", "slack-webhook", FORMAT_PATH, 30, 0},
	{"hooks.slack.com/workflows/", "slack-webhook", FORMAT_PATH, 30, 0},
	{"hvb.", "vault-token", FORMAT_WORD, 90, 0},
	{"hvs.", "vault-token", FORMAT_WORD, 24, 0},
	{"lin_api_", "linear-key", FORMAT_ALNUM, 40, 0},
	{"npm_", "npm-token", FORMAT_ALNUM, 36, 0},
	{"ntn_", "notion-token", FORMAT_ALNUM, 43, 0},
	{"oy2", "nuget-key", FORMAT_ALNUM, 43, 43},
	{"pplx-", "perplexity-key", FORMAT_ALNUM, 40, 0},
	{"pscale_pw_", "planetscale-token", FORMAT_DOTTED, 32, 0},
	{"pscale_tkn_", "planetscale-token", FORMAT_DOTTED, 32, 0},
	{"pul-", "pulumi-token", FORMAT_HEX, 40, 40},
	{"pypi-", "pypi-token", FORMAT_WORD, 50, 0},
	{"r8_", "replicate-token", FORMAT_ALNUM, 37, 0},
	{"rk_live_", "stripe-key", FORMAT_ALNUM, 16, 0},
	{"rk_test_", "stripe-key", FORMAT_ALNUM, 16, 0},
	{"rubygems_", "rubygems-key", FORMAT_HEX, 48, 48},
	{"sbp_", "supabase-token", FORMAT_HEX, 40, 40},
	{"sgp_", "sourcegraph-token", FORMAT_WORD, 40, 0},
	{"shpat_", "shopify-token", FORMAT_HEX, 32, 32},
	{"shpca_", "shopify-token", FORMAT_HEX, 32, 32},
	{"shppa_", "shopify-token", FORMAT_HEX, 32, 32},
	{"shpss_", "shopify-token", FORMAT_HEX, 32, 32},
	{"sk-", "openai-key", FORMAT_ALNUM, 40, 0},
	{"sk-admin-", "openai-key", FORMAT_WORD, 32, 0},
	{"sk-ant-", "anthropic-key", FORMAT_WORD, 24, 0},
	{"sk-or-v1-", "openrouter-key", FORMAT_HEX, 64, 64},
	{"sk-proj-", "openai-key", FORMAT_WORD, 32, 0},
	{"sk-svcacct-", "openai-key", FORMAT_WORD, 32, 0},
	{"sk_live_", "stripe-key", FORMAT_ALNUM, 16, 0},
	{"sk_test_", "stripe-key", FORMAT_ALNUM, 16, 0},
	{"sntryu_", "sentry-token", FORMAT_HEX, 64, 64},
	{"sq0atp-", "square-token", FORMAT_WORD, 22, 0},
	{"sq0csp-", "square-token", FORMAT_WORD, 43, 0},
	{"vercel_blob_rw_", "vercel-token", FORMAT_WORD, 30, 0},
	{"whsec_", "stripe-key", FORMAT_BASE64, 24, 0},
	{"xai-", "xai-key", FORMAT_ALNUM, 70, 0},
	{"xapp-", "slack-token", FORMAT_DASHED, 20, 0},
	{"xoxa-", "slack-token", FORMAT_DASHED, 20, 0},
	{"xoxb-", "slack-token", FORMAT_DASHED, 20, 0},
	{"xoxc-", "slack-token", FORMAT_DASHED, 20, 0},
	{"xoxd-", "slack-token", FORMAT_DASHED, 20, 0},
	{"xoxe-", "slack-token", FORMAT_DASHED, 20, 0},
	{"xoxe.", "slack-token", FORMAT_DOTTED, 20, 0},
	{"xoxp-", "slack-token", FORMAT_DASHED, 20, 0},
	{"xoxr-", "slack-token", FORMAT_DASHED, 20, 0},
	{"xoxs-", "slack-token", FORMAT_DASHED, 20, 0},
	{"ya29.", "google-token", FORMAT_WORD, 20, 0},
};

static const char *const alphabets[] = {
	[FORMAT_ALNUM] = "",   [FORMAT_UPPER] = "",     [FORMAT_HEX] = "",
	[FORMAT_WORD] = "_-",  [FORMAT_BASE64] = "+/=", [FORMAT_DOTTED] = "_-.",
	[FORMAT_DASHED] = "-", [FORMAT_PATH] = "_-/",
};

bool format_has_char(enum format_alphabet alphabet, char c)
{
	if (c >= '0' && c <= '9')
		return true;
	if (c >= 'A' && c <= 'Z')
		return alphabet != FORMAT_HEX || c <= 'F';
	if (c >= 'a' && c <= 'z')
		return alphabet != FORMAT_UPPER && (alphabet != FORMAT_HEX || c <= 'f');
	return c && strchr(alphabets[alphabet], c);
}

/* True when the token of `format` begins `text`; it needs `min` to `max` characters of its own. */
static bool format_fits(const struct format *format, struct str text, size_t *len)
{
	size_t prefix = strlen(format->prefix);
	size_t end = prefix;

	if (!str_starts(text, str_of(format->prefix, prefix)))
		return false;
	while (end < text.len && format_has_char(format->alphabet, text.ptr[end]) &&
	       (!format->max || end - prefix <= format->max))
		end++;
	/* Full stops and dashes at the end belong to the sentence. */
	while (end > prefix && (text.ptr[end - 1] == '.' || text.ptr[end - 1] == '-'))
		end--;
	if (end - prefix < format->min || (format->max && end - prefix > format->max))
		return false;
	*len = end;
	return true;
}

const struct format *format_find(struct str text, size_t *len)
{
	const struct format *found = NULL;

	for (size_t i = 0; text.len && i < ARRAY_LEN(formats); i++) {
		if (formats[i].prefix[0] > text.ptr[0])
			break;
		if (formats[i].prefix[0] == text.ptr[0] && format_fits(&formats[i], text, len))
			found = &formats[i];
	}
	return found;
}

const struct format *format_table(size_t *count)
{
	*count = ARRAY_LEN(formats);
	return formats;
}

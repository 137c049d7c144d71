/* outcrop version: the version, the commit and the libraries. */
#include <curl/curl.h>
#include <git2.h>
#include <jansson.h>
#include <openssl/crypto.h>
#include <pcre2.h>
#include <yaml.h>

#include "cli/command_tables.h"
#include "command/print.h"
#include "job/version.h"

static enum exit_status run(struct cli *cli, const void *options, const struct arguments *arguments)
{
	SCOPED(buf) struct buf out = BUF_INIT;
	char pcre2[64] = "";
	int major, minor, revision;
	struct error err;

	(void)cli;
	(void)options;
	(void)arguments;
	pcre2_config(PCRE2_CONFIG_VERSION, pcre2);
	git_libgit2_version(&major, &minor, &revision);
	buf_addf(&out, "outcrop %s\n", OUTCROP_VERSION);
	buf_addf(&out, "commit %s\n", OUTCROP_COMMIT);
	buf_addf(&out, "libcurl %s\n", curl_version_info(CURLVERSION_NOW)->version);
	buf_addf(&out, "OpenSSL %s\n", OpenSSL_version(OPENSSL_VERSION_STRING));
	buf_addf(&out, "libyaml %s\n", yaml_get_version_string());
	buf_addf(&out, "jansson %s\n", jansson_version_str());
	buf_addf(&out, "libgit2 %d.%d.%d\n", major, minor, revision);
	buf_addf(&out, "PCRE2 %s\n", pcre2);
	return print_text(cli, PRINT_PAGE, buf_str(&out), &err) ? EXIT_DONE : cli_fail(&err);
}

const struct command command_version = {
	.name = "version",
	.summary = "Print the version, the commit and the versions of the libraries.",
	.arguments = "",
	.examples = "outcrop version",
	.run = run,
};

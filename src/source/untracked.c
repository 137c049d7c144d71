/* Decides which files that git does not track a local review leaves out. */
#include "source/untracked.h"

#include "base/buf.h"
#include "base/glob_list.h"
#include "base/log.h"
#include "base/quote.h"

enum { NAMES_SHOWN = 10 };

/* Files that usually contain secrets; the last pattern that matches decides. */
static const struct str secret_globs[] = {
	STR_INIT("*.jks"),
	STR_INIT("*.kdbx"),
	STR_INIT("*.key"),
	STR_INIT("*.keystore"),
	STR_INIT("*.ovpn"),
	STR_INIT("*.p12"),
	STR_INIT("*.pem"),
	STR_INIT("*.pfx"),
	STR_INIT("*.ppk"),
	STR_INIT("*.tfstate"),
	STR_INIT("*.tfvars"),
	STR_INIT("*_rsa"),
	STR_INIT("**/.aws/**"),
	STR_INIT("**/.docker/config.json"),
	STR_INIT("**/.gnupg/**"),
	STR_INIT("**/.kube/**"),
	STR_INIT("**/.ssh/**"),
	STR_INIT(".dockercfg"),
	STR_INIT(".env"),
	STR_INIT(".env.*"),
	STR_INIT(".envrc"),
	STR_INIT(".git-credentials"),
	STR_INIT(".htpasswd"),
	STR_INIT(".netrc"),
	STR_INIT(".npmrc"),
	STR_INIT(".pgpass"),
	STR_INIT(".pypirc"),
	STR_INIT("credentials"),
	STR_INIT("credentials.{csv,json,yml,yaml}"),
	STR_INIT("id_{dsa,ecdsa,ed25519,rsa}"),
	STR_INIT("kubeconfig"),
	STR_INIT("secrets.{json,yml,yaml}"),
	STR_INIT("service-account*.json"),
	STR_INIT("!.env.{example,sample,template,dist}"),
	STR_INIT("!.github/outcrop/**"), /* an agent may be called "secrets" */
};

bool untracked_is_secret(struct str path)
{
	return glob_list_match(secret_globs, ARRAY_LEN(secret_globs), path);
}

void untracked_add(struct untracked *untracked, struct str path)
{
	if (untracked->len++ >= NAMES_SHOWN)
		return;
	if (untracked->names.len)
		buf_add_text(&untracked->names, ", ");
	quote_add(&untracked->names, path);
}

void untracked_release(struct untracked *untracked)
{
	buf_release(&untracked->names);
}

void untracked_tell(const struct untracked *taken, const struct untracked *left_out)
{
	if (taken->len)
		log_info("source", "untracked files are reviewed too (%zu): %s%s", taken->len,
			 taken->names.ptr, taken->len > NAMES_SHOWN ? ", ..." : "");
	if (left_out->len)
		log_notice(
			"source",
			"untracked files that look like secrets are left out (%zu): %s%s; git add them to have them reviewed",
			left_out->len, left_out->names.ptr,
			left_out->len > NAMES_SHOWN ? ", ..." : "");
}

/* Answers of STS and what surrounds it: credentials, identities, errors, tokens, files. */
#include "credentials/sts.h"

#include "aws/errors.h"
#include "base/log.h"
#include "credentials/ini.h"
#include "credentials/keys.h"
#include "credentials/oidc.h"
#include "credentials/sources.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(credentials) struct credentials credentials = {0};
	struct str text = str_of((const char *)data, size);
	struct http_headers none = {0};
	struct identity identity;
	struct ini ini = {0};
	char *words[9];
	struct error err;

	if (sts_read_credentials(text, "AssumeRole", &credentials, &err))
		assert(secret_is_set(&credentials.session_token));
	if (sts_read_identity(text, &arena, &identity, &err))
		assert(identity.account.len && identity.arn.len);
	if (keys_read(text, &keys_form_metadata, "it", &credentials, &err))
		assert(secret_is_set(&credentials.secret_access_key));
	aws_error_read(400, &none, text, &err);
	assert(err.kind != ERROR_NONE);
	oidc_read_claims(&arena, text);
	if (ini_read(&arena, text, STR("file"), &ini, &err))
		ini_get(&ini, STR("default"), "region");
	if (process_split(&arena, text, words, 8, &err))
		assert(words[0]);
	log_reset(); /* what was masked */
	return 0;
}

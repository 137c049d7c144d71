/* Keys as JSON, in the forms of processes, containers, instances and SSO. */
#include "credentials/keys.h"

#include "base/clock.h"
#include "value/json.h"

enum { KEYS_SIZE_MAX = 64 << 10 };

const struct keys_form keys_form_process = {.id = "AccessKeyId",
					    .key = "SecretAccessKey",
					    .token = "SessionToken",
					    .expires = "Expiration"};
const struct keys_form keys_form_metadata = {
	.id = "AccessKeyId", .key = "SecretAccessKey", .token = "Token", .expires = "Expiration"};
const struct keys_form keys_form_sso = {.wrapper = "roleCredentials",
					.id = "accessKeyId",
					.key = "secretAccessKey",
					.token = "sessionToken",
					.expires = "expiration",
					.expires_in_ms = true};

bool keys_read(struct str json, const struct keys_form *form, const char *what,
	       struct credentials *credentials, struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct error why = {0};
	const struct value *root = json_read(&arena, json, KEYS_SIZE_MAX, &why);
	struct str id, key, expires;
	int64_t expires_ms = 0;

	if (!root)
		return error_set(err, ERROR_CREDENTIALS, "%s gives no JSON", what);
	if (form->wrapper)
		root = value_get(root, form->wrapper);
	id = value_get_string(root, form->id);
	key = value_get_string(root, form->key);
	if (id.len == 0 || key.len == 0) {
		struct str said = value_get_string(root, "message");

		if (said.len == 0)
			said = value_get_string(root, "Message");
		return error_set(err, ERROR_CREDENTIALS, "%s gives no \"%s\"%s%.*s", what,
				 id.len ? form->key : form->id, said.len ? "; it says: " : "",
				 STR_ARG(said));
	}
	expires = value_get_string(root, form->expires);
	if (form->expires_in_ms)
		expires_ms = value_get_int(root, form->expires, 0);
	else if (expires.len && !time_parse(expires, &expires_ms))
		return error_set(err, ERROR_CREDENTIALS,
				 "%s gives \"%.*s\" as \"%s\", which is not a time", what,
				 STR_ARG(expires), form->expires);
	credentials_set(credentials, id, key, value_get_string(root, form->token), expires_ms);
	return true;
}

/* Keys in a models table: moved to secrets, and wiped where they were read. */
#include "agent/config_keys.h"

#include "base/log.h"

bool config_key_is_secret(struct str field)
{
	static const char *const names[] = {"api_key", "secret_access_key", "session_token"};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (str_eq(field, str_from(names[i])))
			return true;
	}
	return false;
}

void config_keys_warn(struct str file, const struct value *models, struct problems *problems)
{
	for (size_t i = 0; value_is(models, VALUE_OBJECT) && i < models->object.len; i++) {
		const struct value *entry = models->object.members[i].value;

		for (size_t j = 0; value_is(entry, VALUE_OBJECT) && j < entry->object.len; j++) {
			const struct member *member = &entry->object.members[j];
			struct str text = value_as_string(member->value);

			if (!config_key_is_secret(member->name) || !text.len ||
			    str_contains(text, STR("${")))
				continue;
			problem_add(
				problems, file, member->name_at, PROBLEM_WARNING,
				"this file contains a key, where everyone with access to the repository can read it: use a role (role-to-assume), or ${AWS_SECRET_ACCESS_KEY} from a secret of the workflow");
		}
	}
}

static void take(struct secret *secret, struct str text)
{
	secret_set(secret, text);
	if (secret_is_set(secret))
		log_mask(secret);
}

bool config_keys_take(const struct raw_model *raw, struct model_config *model)
{
	SCOPED(secret) struct secret pair = {0};
	struct str id = raw->access_key_id;
	struct str key = raw->secret_access_key;
	bool ok = true;

	if (raw->api_key.len)
		ok = str_cut(raw->api_key, STR(":"), &id, &key) && id.len && key.len;
	take(&pair, raw->api_key);
	secret_set(&model->access_key_id, id);
	take(&model->secret_access_key, key);
	take(&model->session_token, raw->session_token);
	return ok;
}

/* The text is in an arena and no longer needed. */
static void wipe(struct str text)
{
	if (text.len)
		secret_wipe((char *)(uintptr_t)text.ptr, text.len);
}

void config_keys_wipe(const struct value *models, const struct list *raw_models)
{
	const struct raw_model *raw = raw_models->items;

	for (size_t i = 0; value_is(models, VALUE_OBJECT) && i < models->object.len; i++) {
		const struct value *entry = models->object.members[i].value;

		for (size_t j = 0; value_is(entry, VALUE_OBJECT) && j < entry->object.len; j++) {
			if (config_key_is_secret(entry->object.members[j].name))
				wipe(value_as_string(entry->object.members[j].value));
		}
	}
	for (size_t i = 0; i < raw_models->len; i++) {
		wipe(raw[i].api_key);
		wipe(raw[i].secret_access_key);
		wipe(raw[i].session_token);
	}
}

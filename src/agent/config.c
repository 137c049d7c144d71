/* Looks up entries of the configuration, and releases its keys. */
#include "agent/config.h"

void config_release(struct config *config)
{
	for (size_t i = 0; config && i < config->models_len; i++) {
		secret_release(&config->models[i].access_key_id);
		secret_release(&config->models[i].secret_access_key);
		secret_release(&config->models[i].session_token);
	}
}

bool config_has_keys(const struct config *config)
{
	for (size_t i = 0; i < config->models_len; i++) {
		if (secret_is_set(&config->models[i].access_key_id))
			return true;
	}
	return false;
}

const struct model_config *config_model(const struct config *config, struct str alias)
{
	for (size_t i = 0; i < config->models_len; i++) {
		if (str_eq(config->models[i].alias, alias))
			return &config->models[i];
	}
	return NULL;
}

const struct embedder_config *config_embedder(const struct config *config, struct str alias)
{
	for (size_t i = 0; i < config->embedders_len; i++) {
		if (str_eq(config->embedders[i].alias, alias))
			return &config->embedders[i];
	}
	return NULL;
}

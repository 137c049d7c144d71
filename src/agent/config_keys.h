/* Keys in a models table: moved to secrets, and wiped where they were read. */
#ifndef AGENT_CONFIG_KEYS_H
#define AGENT_CONFIG_KEYS_H

#include "agent/config.h"
#include "agent/config_models.h"

/* Members of a model whose values are secret; variables that they name leave the environment. */
bool config_key_is_secret(struct str field);

/* Warns of each key in the configuration file itself.  Never prints one. */
void config_keys_warn(struct str file, const struct value *models, struct problems *problems);

/*
 * Takes the keys of one model, the legacy pair "ACCESS_KEY:SECRET_KEY" among them, and masks them in the
 * log.  False when that pair is malformed.
 */
bool config_keys_take(const struct raw_model *raw, struct model_config *model) MUST_USE;

/* Wipes the keys in the tree and in what was decoded from it. */
void config_keys_wipe(const struct value *models, const struct list *raw_models);

#endif

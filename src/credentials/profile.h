/* Profiles in the files below ~/.aws. */
#ifndef CREDENTIALS_PROFILE_H
#define CREDENTIALS_PROFILE_H

#include "base/env.h"
#include "credentials/ini.h"

/* Both files.  Lives in the arena that it was read into. */
struct profiles {
	struct ini config, credentials;
	struct str config_file, credentials_file;
};

/*
 * Reads AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE (default ~/.aws/config and ~/.aws/credentials);
 * a file that is absent is empty.
 */
bool profiles_read(struct arena *arena, const struct env *env, struct profiles *profiles,
		   struct error *err) MUST_USE;

/* A setting of a profile; the credentials file takes precedence.  Empty when it is not set. */
struct str profile_get(const struct profiles *profiles, struct str profile, const char *name);
bool profile_exists(const struct profiles *profiles, struct str profile);

/* A setting of [KIND NAME] of the config file: "sso-session", "services". */
struct str profiles_section_get(const struct profiles *profiles, const char *kind, struct str name,
				const char *setting);
bool profiles_has_section(const struct profiles *profiles, const char *kind, struct str name);

#endif

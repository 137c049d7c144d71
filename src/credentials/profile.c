/* Reads profiles from the files below ~/.aws. */
#include "credentials/profile.h"

#include "base/file.h"
#include "base/secret.h"

static struct str file_name(struct arena *arena, const struct env *env, const char *variable,
			    const char *name)
{
	struct str home = env_get(env, "HOME");
	struct str given = env_get(env, variable);

	if (str_starts(given, STR("~/")))
		return arena_printf(arena, "%.*s%.*s", STR_ARG(home), STR_ARG(str_skip(given, 1)));
	if (given.len)
		return arena_str(arena, given);
	return home.len ? arena_printf(arena, "%.*s/.aws/%s", STR_ARG(home), name) : STR_EMPTY;
}

static bool read_ini(struct arena *arena, struct str file, struct ini *ini, struct error *err)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	struct error failed = {0};
	bool ok;

	if (file.len == 0)
		return true;
	if (!file_read(arena_text(arena, file), INI_SIZE_MAX, &text, &failed)) {
		if (failed.kind == ERROR_NOT_FOUND)
			return true;
		*err = failed;
		err->kind = ERROR_CONFIG;
		return error_wrap(err, "the AWS configuration");
	}
	ok = ini_read(arena, buf_str(&text), file, ini, err);
	secret_wipe(text.ptr, text.len);
	return ok;
}

bool profiles_read(struct arena *arena, const struct env *env, struct profiles *profiles,
		   struct error *err)
{
	struct profiles found = {
		.config_file = file_name(arena, env, "AWS_CONFIG_FILE", "config"),
		.credentials_file =
			file_name(arena, env, "AWS_SHARED_CREDENTIALS_FILE", "credentials"),
	};

	if (!read_ini(arena, found.config_file, &found.config, err) ||
	    !read_ini(arena, found.credentials_file, &found.credentials, err))
		return false;
	*profiles = found;
	return true;
}

/* In the config file all but the default profile are called "profile NAME". */
static struct str config_section(struct arena *arena, const struct ini *config, struct str profile)
{
	struct str section = arena_printf(arena, "profile %.*s", STR_ARG(profile));

	if (str_eq(profile, STR("default")) && !ini_has_section(config, section))
		return profile;
	return section;
}

struct str profile_get(const struct profiles *profiles, struct str profile, const char *name)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct str value = ini_get(&profiles->credentials, profile, name);

	if (value.len)
		return value;
	return ini_get(&profiles->config, config_section(&arena, &profiles->config, profile), name);
}

bool profile_exists(const struct profiles *profiles, struct str profile)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;

	return ini_has_section(&profiles->credentials, profile) ||
	       ini_has_section(&profiles->config,
			       config_section(&arena, &profiles->config, profile));
}

struct str profiles_section_get(const struct profiles *profiles, const char *kind, struct str name,
				const char *setting)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;

	return ini_get(&profiles->config, arena_printf(&arena, "%s %.*s", kind, STR_ARG(name)),
		       setting);
}

bool profiles_has_section(const struct profiles *profiles, const char *kind, struct str name)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;

	return ini_has_section(&profiles->config,
			       arena_printf(&arena, "%s %.*s", kind, STR_ARG(name)));
}

/* The process environment, through one seam; secrets are taken out of it. */
#include "base/env.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

void env_put(struct env *env, struct str name, struct str value)
{
	struct str key = arena_str(&env->arena, name);

	if (!map_put(&env->vars, key, arena_text(&env->arena, value)))
		VEC_PUSH(&env->names, key);
}

void env_read(struct env *env, char **environ_ptr)
{
	*env = (struct env){.source = environ_ptr};
	for (char **entry = environ_ptr; entry && *entry; entry++) {
		struct str name;
		struct str value;

		if (str_cut(str_from(*entry), STR("="), &name, &value) &&
		    !map_get(&env->vars, name))
			env_put(env, name, value);
	}
}

void env_release(struct env *env)
{
	if (!env)
		return;
	for (size_t i = 0; i < env->secret_list.len; i++) {
		secret_release(env->secret_list.items[i]);
		free(env->secret_list.items[i]);
	}
	VEC_RELEASE(&env->secret_list);
	VEC_RELEASE(&env->names);
	map_release(&env->vars);
	map_release(&env->secrets);
	arena_release(&env->arena);
}

struct str env_get(const struct env *env, const char *name)
{
	return str_from(map_get(&env->vars, str_from(name)));
}

bool env_has(const struct env *env, const char *name)
{
	return env_get(env, name).len > 0 || map_get(&env->secrets, str_from(name));
}

/* Wipes the value of every `name=` entry in the process's own block. */
static void wipe_source(char **source, struct str name)
{
	for (char **entry = source; entry && *entry; entry++) {
		struct str text = str_from(*entry);

		if (str_starts(text, name) && text.len > name.len && text.ptr[name.len] == '=')
			secret_wipe(*entry + name.len + 1, text.len - name.len - 1);
	}
}

const struct secret *env_take_secret(struct env *env, const char *name)
{
	struct str key = str_from(name);
	struct secret *secret = map_get(&env->secrets, key);
	char *value = map_get(&env->vars, key);

	if (secret || !str_trim(str_from(value)).len)
		return secret;
	secret = NEW(struct secret);
	secret_set(secret, str_trim(str_from(value)));
	VEC_PUSH(&env->secret_list, secret);
	map_put(&env->secrets, arena_str(&env->arena, key), secret);
	wipe_source(env->source, key);
	secret_wipe(value, strlen(value));
	return secret;
}

static bool is_kept(const char *entry, const char *const *keep, size_t keep_len)
{
	for (size_t i = 0; i < keep_len; i++) {
		struct str name = str_from(keep[i]);

		if (str_starts(str_from(entry), name) && entry[name.len] == '=')
			return true;
	}
	return false;
}

void env_clear_process(struct env *env, const char *const *keep, size_t keep_len)
{
	char **end = env->source;

	for (char **entry = env->source; entry && *entry; entry++) {
		if (is_kept(*entry, keep, keep_len))
			*end++ = *entry;
		else
			secret_wipe(*entry, strlen(*entry));
	}
	if (end)
		*end = NULL;
}

char **env_block_new(const struct env *env)
{
	char **block = NEW_ARRAY(char *, env->names.len + 1);

	for (size_t i = 0; i < env->names.len; i++) {
		struct str name = env->names.items[i];
		const struct secret *secret = map_get(&env->secrets, name);
		struct str value =
			secret ? secret_str(secret) : str_from(map_get(&env->vars, name));
		size_t size = name.len + value.len + 2;

		block[i] = memory_new(size, 1);
		snprintf(block[i], size, "%.*s=%.*s", STR_ARG(name), STR_ARG(value));
	}
	return block;
}

void env_block_free(char **block)
{
	for (char **entry = block; *entry; entry++) {
		secret_wipe(*entry, strlen(*entry));
		free(*entry);
	}
	free(block);
}

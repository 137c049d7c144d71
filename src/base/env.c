/* The process environment, through one seam; secrets are taken out of it. */
#include "base/env.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

void env_put(struct env *env, struct str name, struct str value)
{
	map_put(&env->vars, arena_str(&env->arena, name), arena_text(&env->arena, value));
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
	return env_get(env, name).len > 0;
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

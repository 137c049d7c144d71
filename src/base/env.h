/* The process environment, through one seam; secrets are taken out of it. */
#ifndef BASE_ENV_H
#define BASE_ENV_H

#include "base/arena.h"
#include "base/common.h"
#include "base/map.h"
#include "base/secret.h"
#include "base/str.h"
#include "base/vec.h"

/*
 * A copy of the environment, made once at the start.  Code below `cli` reads variables from here
 * only; tests fill one by env_put().  Zeroed it is empty.
 */
struct env {
	struct arena arena;
	struct map vars; /* name -> char *, in the arena */
	struct {
		VEC_FIELDS(struct str);
	} names;            /* of vars, in the order in which they came */
	struct map secrets; /* name -> struct secret *, in secret_list */
	struct {
		VEC_FIELDS(struct secret *);
	} secret_list; /* owned */
	char **source; /* the environ that it was read from, to wipe secrets in; or NULL */
};

void env_read(struct env *env, char **environ_ptr);
void env_release(struct env *env);
void env_put(struct env *env, struct str name, struct str value);

/* The value, not trimmed; empty when unset.  Empty and unset are the same. */
struct str env_get(const struct env *env, const char *name);
/* Whether it is set to something; true also for a secret that was taken. */
bool env_has(const struct env *env, const char *name);

/*
 * Takes a secret out of the environment: the bytes in the process's own environment block (so in
 * /proc/PID/environ too) and in `env` are wiped, and the value, trimmed (a pasted token often ends in a
 * newline), is kept as a secret that later calls give again.  NULL when unset or empty.
 */
const struct secret *env_take_secret(struct env *env, const char *name);

/*
 * Removes all variables from the process's own block and wipes their bytes there, except those of `keep`
 * (`keep_len` names), which libraries read by themselves.  `env` keeps its copies.
 */
void env_clear_process(struct env *env, const char *const *keep, size_t keep_len);

/*
 * The environment for a child: "NAME=VALUE" strings, NULL-ended, secrets among them.  Free it with
 * env_block_free(), which wipes it.
 */
char **env_block_new(const struct env *env);
void env_block_free(char **block);

#endif

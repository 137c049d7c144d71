/* Fuzzes agent definitions and configurations through their field tables. */
#include <stdlib.h>

#include "agent/config_read.h"
#include "agent/definition.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_agent(struct arena *arena, struct str text, struct problems *problems)
{
	struct agent_source source = {.text = text, .file = STR("x.yml"), .name = STR("x")};
	struct agent agent = {0};
	struct agents agents = {.items = &agent, .len = 1};
	bool ok = agent_read(arena, &source, problems, &agent);

	if (ok != !problems->errors)
		abort();
	if (ok && (!agent.prompt_template || !agent.system_template || agent.hash.len != 64))
		abort();
	if (ok && !agents_check(&agents, problems) && !problems->errors)
		abort();
}

/* The built-in models; read once, because that takes twenty times as long as an input. */
static const struct model_table *known_models(void)
{
	static struct arena arena;
	static struct model_table table;
	static bool known;

	if (!known)
		model_table_read(&arena, &table);
	known = true;
	return &table;
}

static void read_config(struct arena *arena, struct str text, struct env *env,
			struct problems *problems)
{
	struct config_source source = {
		.text = text, .file = STR("c.yml"), .env = env, .table = known_models()};
	SCOPED(config) struct config config = {0};

	if (config_read(arena, &source, problems, &config) != !problems->errors)
		abort();
}

/* A text that begins with "version:" is a configuration. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(problems) struct problems problems = {0};
	SCOPED(env) struct env env = {0};
	SCOPED(buf) struct buf said = BUF_INIT;
	struct str text = str_of((const char *)data, size);

	if (size > 16384)
		return 0;
	env_put(&env, STR("NAME"), STR("value"));
	if (str_starts(text, STR("version:")))
		read_config(&arena, text, &env, &problems);
	else
		read_agent(&arena, text, &problems);
	problems_write(&problems, &said);
	return 0;
}

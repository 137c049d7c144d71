/* The files that are part of the program. */
#include "agent/builtin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/config.h"
#include "agent/definition.h"
#include "base/file.h"
#include "unit.h"
#include "value/fields.h"
#include "value/json.h"

#define SCHEMA_LINE "# yaml-language-server: $schema=./schema.json\n"

TEST(holds_agents_that_are_all_valid)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(problems) struct problems problems = {0};
	SCOPED(buf) struct buf said = BUF_INIT;
	size_t count = 0;

	for (size_t i = 0; i < builtin_files_len; i++) {
		const struct builtin_file *file = &builtin_files[i];
		struct agent_source source = {
			.text = file->text,
			.file = file->name,
			.name = str_slice(file->name, 0, file->name.len - 4),
		};
		struct agent agent;

		if (!builtin_is_agent(file))
			continue;
		count++;
		ck_assert(str_starts(file->text, STR(SCHEMA_LINE)));
		ck_assert(!agent_read(&arena, &source, &problems, &agent) == (problems.errors > 0));
		problems_write(&problems, &said);
		ck_assert_msg(problems.len == 0, "%s", said.ptr);
		ck_assert(agent.description.len > 0 && agent.prompt_template->uses[VARIABLE_DIFF]);
		if (agent.output != AGENT_FINDINGS)
			ck_assert(!agent.required);
	}
	ck_assert_uint_eq(count, 8);
}

TEST(hides_what_the_author_says_from_security)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(problems) struct problems problems = {0};
	const struct builtin_file *file = builtin_find(STR("security.yml"));
	struct agent_source source = {
		.text = file->text, .file = file->name, .name = STR("security")};
	struct agent agent;

	ck_assert(agent_read(&arena, &source, &problems, &agent));
	ck_assert(!agent.prompt_template->uses[VARIABLE_PR_TITLE]);
	ck_assert(!agent.prompt_template->uses[VARIABLE_PR_BODY]);
	ck_assert(!agent.system_template->uses[VARIABLE_PR_TITLE]);
}

/* The system text defines each severity, with an example. */
TEST(shows_each_finder_a_finding_and_what_not_to_report)
{
	static const char *const finders[] = {"architect.yml",        "code-quality.yml",
					      "design-alignment.yml", "patterns.yml",
					      "security.yml",         "tests.yml"};
	static const char *const parts[] = {
		"Do not report:", "Example of a finding:", "Example of what not to report:"};
	struct str system = builtin_find(STR("system.md"))->text;

	for (size_t i = 0; i < ARRAY_LEN(finders); i++) {
		const struct builtin_file *file = builtin_find(str_from(finders[i]));

		for (size_t j = 0; j < ARRAY_LEN(parts); j++)
			ck_assert_msg(str_contains(file->text, str_from(parts[j])), "%s: %s",
				      finders[i], parts[j]);
	}
	for (int i = 0; i < SEVERITY_COUNT; i++)
		ck_assert_msg(str_contains(system, str_from(severity_names[i])), "%s",
			      severity_names[i]);
}

TEST(is_sorted_and_finds_its_default_pack)
{
	for (size_t i = 1; i < builtin_files_len; i++)
		ck_assert(str_cmp(builtin_files[i - 1].name, builtin_files[i].name) < 0);
	for (size_t i = 0; i < builtin_pack_len; i++) {
		char name[64];

		snprintf(name, sizeof(name), "%.*s.yml", STR_ARG(builtin_pack[i]));
		ck_assert_ptr_nonnull(builtin_find(str_from(name)));
	}
	ck_assert_ptr_null(builtin_find(STR("nobody.yml")));
}

/* Agents with different tools would not share a cached prefix. */
TEST(gives_its_default_pack_the_same_tools)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(problems) struct problems problems = {0};

	for (size_t i = 0; i < builtin_pack_len; i++) {
		struct str name = arena_printf(&arena, "%.*s.yml", STR_ARG(builtin_pack[i]));
		const struct builtin_file *file = builtin_find(name);
		struct agent_source source = {
			.text = file->text, .file = file->name, .name = builtin_pack[i]};
		struct agent agent;

		ck_assert(agent_read(&arena, &source, &problems, &agent));
		ck_assert_uint_eq(agent.tools.len, 2);
		ck_assert_str_is(agent.tools.items[0], STR("read_file"));
		ck_assert_str_is(agent.tools.items[1], STR("search"));
	}
}

TEST(holds_the_system_text_and_does_not_take_it_for_an_agent)
{
	const struct builtin_file *file = builtin_find(STR("system.md"));

	ck_assert_ptr_nonnull(file);
	ck_assert(!builtin_is_agent(file));
	ck_assert(str_contains(file->text, STR("# What is data")));
}

/* Compares a file of agents/ with the schema; OUTCROP_UPDATE=1 writes the file first. */
static void check_schema(const char *name, struct value *schema)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf made = BUF_INIT;
	SCOPED(buf) struct buf there = BUF_INIT;
	struct str path = arena_printf(&arena, "agents/%s", name);
	struct error err = {0};

	json_write(&made, schema, JSON_PRETTY);
	buf_add_char(&made, '\n');
	if (getenv("OUTCROP_UPDATE"))
		ck_assert_msg(file_write_below(OUTCROP_SOURCE_ROOT, path.ptr, buf_str(&made), &err),
			      "%s", err.message);
	ck_assert_msg(file_read_below(OUTCROP_SOURCE_ROOT, path.ptr, 1 << 20, &there, &err), "%s",
		      err.message);
	ck_assert_msg(str_eq(buf_str(&made), buf_str(&there)), "%s is old: run script/reference",
		      path.ptr);
}

TEST(holds_the_schemas_that_the_tables_give)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;

	check_schema("config-schema.json", config_schema(&arena));
	check_schema("schema.json", agent_schema(&arena));
}

/* Whether the page names the key of each row, in back quotes. */
static void check_page_names(struct str page, const struct fields *fields)
{
	for (size_t i = 0; i < fields->len; i++) {
		SCOPED(buf) struct buf name = BUF_INIT;

		if (fields->items[i].type == FIELD_NAME)
			continue;
		buf_addf(&name, "`%s`", fields->items[i].name);
		ck_assert_msg(str_contains(page, buf_str(&name)), "%s is not explained", name.ptr);
	}
}

TEST(is_explained_key_by_key_in_the_documentation)
{
	SCOPED(buf) struct buf page = BUF_INIT;
	struct error err;

	ck_assert_msg(file_read(OUTCROP_SOURCE_ROOT "/docs/agents.md", 1 << 20, &page, &err), "%s",
		      err.message);
	check_page_names(buf_str(&page), &agent_fields);
	for (int i = 0; i < VARIABLE_COUNT; i++) {
		SCOPED(buf) struct buf name = BUF_INIT;

		buf_addf(&name, "`{{ %s }}`", variable_name((enum variable)i));
		ck_assert_msg(str_contains(buf_str(&page), buf_str(&name)), "%s is not explained",
			      name.ptr);
	}
}

TEST(has_a_configuration_that_is_explained_key_by_key)
{
	SCOPED(buf) struct buf page = BUF_INIT;
	struct error err;

	ck_assert_msg(file_read(OUTCROP_SOURCE_ROOT "/docs/configuration.md", 1 << 20, &page, &err),
		      "%s", err.message);
	for (size_t i = 0; i < config_fields.len; i++) {
		if (config_fields.items[i].type == FIELD_MAP &&
		    strcmp(config_fields.items[i].name, "models") == 0)
			check_page_names(buf_str(&page), config_fields.items[i].fields);
	}
}

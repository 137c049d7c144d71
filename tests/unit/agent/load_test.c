/* Finding agents by name, path, glob and in other repositories. */
#include "agent/load.h"

#include <string.h>

#include "fake_source.h"
#include "unit.h"

#define PROMPT "prompt: Look at {{ diff }}.\n"

static const struct fake_file files[] = {
	{".github/outcrop/agents/mine.yml", PROMPT, 0},
	{".github/outcrop/agents/security.yml", "description: ours\n" PROMPT, 0},
	{".github/outcrop/agents/twice.yaml", PROMPT, 0},
	{".github/outcrop/agents/twice.yml", PROMPT, 0},
	{".github/outcrop/agents/yaml.yaml", PROMPT, 0},
	{"review/bad.yml", "promt: x\n", 0},
	{"review/lost.yml", "needs: [bad, nobody]\n" PROMPT, 0},
	{"review/needy.yml", "needs: [code-quality]\n" PROMPT, 0},
	{"review/packs/a.yml", PROMPT, 0},
	{"review/packs/b.yaml", PROMPT, 0},
	{"review/packs/notes.md", "no agent", 0},
};
static const struct fake_file other_files[] = {{"agents/deep.yml", PROMPT, 0}};

/* What the loader asks for other repositories. */
struct other {
	struct fake_source fake;
	enum error_kind error;
	int opened;
};

static bool open_other(void *ctx, struct str repository, struct str ref,
		       struct opened_source *opened, struct error *err)
{
	struct other *other = ctx;

	other->opened++;
	if (other->error)
		return error_set(err, other->error, "GET /repos: 404");
	ck_assert_str_is(repository, STR("acme/pack"));
	ck_assert(ref.len > 0);
	opened->source = fake_source(&other->fake);
	opened->commit = STR("0123456789012345678901234567890123456789");
	return true;
}

/* Loads the names (one a space); gives "name@file " for each agent, or the problems. */
static struct str load(struct arena *arena, const char *text, struct other *other)
{
	SCOPED(problems) struct problems problems = {0};
	SCOPED(buf) struct buf out = BUF_INIT;
	struct fake_source fake = {.files = files, .len = ARRAY_LEN(files)};
	struct source source = fake_source(&fake);
	struct loader loader = {
		.arena = arena,
		.problems = &problems,
		.base = &source,
		.open = other ? open_other : NULL,
		.open_ctx = other,
	};
	struct str names[8];
	struct strings list = {.items = names};
	struct str rest = str_from(text);
	struct agents agents = {0};
	struct error err = {0};

	while (rest.len && list.len < ARRAY_LEN(names) &&
	       str_next_part(&rest, ' ', &names[list.len]))
		list.len++;
	if (agents_load(&loader, &list, &agents, &err)) {
		ck_assert_uint_eq(problems.errors, 0);
		for (size_t i = 0; i < agents.len; i++)
			buf_addf(&out, "%.*s=%.*s ", STR_ARG(agents.items[i].name),
				 STR_ARG(agents.items[i].file));
	} else if (problems.errors) {
		ck_assert_int_eq(err.kind, ERROR_CONFIG);
		problems_write(&problems, &out);
	} else {
		buf_addf(&out, "ended: %s", err.message);
	}
	return arena_str(arena, buf_str(&out));
}

TEST(takes_a_name_from_the_base_commit_before_the_built_in_agent)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;

	ck_assert_str_is(
		load(&arena, "mine security patterns", NULL),
		STR("mine=.github/outcrop/agents/mine.yml security=.github/outcrop/agents/security.yml patterns=builtin:patterns "));
}

TEST(loads_the_default_pack_without_a_list)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;

	ck_assert_str_is(
		load(&arena, "", NULL),
		STR("architect=builtin:architect code-quality=builtin:code-quality security=.github/outcrop/agents/security.yml "));
}

TEST(loads_paths_and_globs_once_each)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;

	ck_assert_str_is(load(&arena, "./review/packs/a.yml review/packs/*", NULL),
			 STR("a=review/packs/a.yml b=review/packs/b.yaml "));
}

TEST(both_endings_of_yaml_are_read_but_not_side_by_side)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;

	ck_assert_str_is(load(&arena, "yaml", NULL), STR("yaml=.github/outcrop/agents/yaml.yaml "));
	ck_assert_str_is(
		load(&arena, "twice", NULL),
		STR("twice: error: \".github/outcrop/agents/twice.yml\" and \".github/outcrop/agents/twice.yaml\" are both there: remove one\n"));
}

TEST(an_unknown_need_is_reported_with_everything_else)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct str said = load(&arena, "review/bad.yml review/lost.yml", NULL);

	ck_assert_msg(str_contains(said, STR("unknown key \"promt\"")), "%.*s", STR_ARG(said));
	ck_assert_msg(str_contains(said, STR("needs \"nobody\", which is not among")), "%.*s",
		      STR_ARG(said));
	ck_assert_msg(!str_contains(said, STR("needs \"bad\"")), "%.*s", STR_ARG(said));
}

TEST(loads_what_an_agent_needs)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;

	ck_assert_str_is(load(&arena, "review/needy.yml", NULL),
			 STR("needy=review/needy.yml code-quality=builtin:code-quality "));
}

TEST(loads_from_another_repository_at_a_commit)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct other other = {.fake = {.files = other_files, .len = 1}};

	ck_assert_str_is(
		load(&arena, "acme/pack/agents/deep.yml@v2", &other),
		STR("deep=acme/pack/agents/deep.yml@0123456789012345678901234567890123456789 "));
	ck_assert_int_eq(other.opened, 1);
}

TEST(says_why_a_name_leads_nowhere)
{
	static const struct {
		const char *names, *said;
	} rows[] = {
		{"securty", "securty: error: no agent of this name; did you mean \"security\"?\n"},
		{"models",
		 "models: error: no agent of this name: neither .github/outcrop/agents/models.yml nor one of those built in (architect, code-quality, design-alignment, patterns, referee, security, tests, walkthrough)\n"},
		{"review/none.yml",
		 "review/none.yml: error: no such file; paths begin at the root of the repository, and are read at the commit that the change starts from\n"},
		{"none/**", "none/**: error: no agent definition matches this pattern\n"},
		{"review/bad.yml",
		 "review/bad.yml:1:1: error: unknown key \"promt\"; did you mean \"prompt\"?\n"
		 "review/bad.yml:1:1: error: \"prompt\" is missing\n"},
		{"acme/pack/x.yml@v1",
		 "acme/pack/x.yml@v1: error: other repositories cannot be read in this run\n"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		SCOPED(arena) struct arena arena = ARENA_INIT;

		ck_assert_str_is(load(&arena, rows[i].names, NULL), str_from(rows[i].said));
	}
}

TEST(explains_a_repository_that_the_token_may_not_read)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct other other = {.error = ERROR_NOT_FOUND};

	ck_assert_str_is(
		load(&arena, "acme/pack/x.yml@v1", &other),
		STR("acme/pack/x.yml@v1: error: repository or ref not found, or the token may not read it: GET /repos: 404; set agents-token to a token with contents: read there (a secret that does not exist is empty)\n"));
	other.error = ERROR_CANCELLED;
	ck_assert_str_is(load(&arena, "acme/pack/x.yml@v1", &other), STR("ended: GET /repos: 404"));
}

TEST(distinguishes_remote_paths_from_local_ones)
{
	struct remote_path remote;

	ck_assert(remote_path_parse(STR("o/r/a/b.yml@v1"), &remote));
	ck_assert_str_is(remote.repository, STR("o/r"));
	ck_assert_str_is(remote.path, STR("a/b.yml"));
	ck_assert_str_is(remote.ref, STR("v1"));
	ck_assert(!remote_path_parse(STR("o/r@v1"), &remote));
	ck_assert(!remote_path_parse(STR("./o/r/x.yml@v1"), &remote));
	ck_assert(!remote_path_parse(STR("o/r/x.yml@"), &remote));
	ck_assert(!remote_path_parse(STR("o//x.yml@v"), &remote));
	ck_assert(!remote_path_parse(STR("a/b/c.yml"), &remote));
}

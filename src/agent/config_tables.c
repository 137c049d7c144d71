/* The tables of the configuration file. */
#include "agent/config_tables.h"

#include "base/ascii.h"

#include "agent/builtin.h"
#include "agent/field_checks.h"

enum { CHUNK_TOKENS_MAX = 500000, CONCURRENCY_MAX = 1000, LANGUAGE_LEN_MAX = 40 };

/* ---- Defaults ---- */

static void check_language(struct decoder *decoder, const struct value *value, void *field)
{
	const struct str *language = field;
	bool ok = language->len > 0 && language->len <= LANGUAGE_LEN_MAX;

	/* The prompt uses it as an instruction, so only a name is allowed. */
	for (size_t i = 0; i < language->len; i++) {
		char c = language->ptr[i];

		ok = ok && (ascii_is_alnum(c) || c == '-' || c == '_' || c == ' ' ||
			    (unsigned char)c >= 0x80);
	}
	if (!ok)
		decoder_error(decoder, value, "must be a language: en, pt-BR, German");
}

#define AT(member) .offset = offsetof(struct raw_chunk, member)
static const struct field chunk_items[] = {
	{.name = "tokens",
	 .type = FIELD_INT,
	 AT(tokens),
	 .min = CHUNK_TOKENS_MIN,
	 .max = CHUNK_TOKENS_MAX,
	 .help = "Size of the parts into which a large change is split. Default 16000."},
};
#undef AT
static const struct fields chunk_fields = {
	.title = "chunk",
	.items = chunk_items,
	.len = ARRAY_LEN(chunk_items),
	.size = sizeof(struct raw_chunk),
};

#define AT(member) .offset = offsetof(struct raw_defaults, member)
static const struct field defaults_items[] = {
	{.name = "model",
	 .type = FIELD_STRING,
	 AT(model),
	 .help = "Model for agents that do not name one. Default sonnet."},
	{.name = "max_concurrency",
	 .type = FIELD_INT,
	 AT(max_concurrency),
	 .min = 1,
	 .max = CONCURRENCY_MAX,
	 .help = "Maximum number of model calls in flight. Default 4."},
	{.name = "min_severity",
	 .type = FIELD_ENUM,
	 AT(min_severity),
	 .choices = severity_names,
	 .present = offsetof(struct raw_defaults, has_min_severity),
	 .help = "Findings below this severity are only in the report. Default low."},
	{.name = "min_confidence",
	 .type = FIELD_NUMBER,
	 AT(min_confidence),
	 .min = 0,
	 .max = 1,
	 .help = "Findings in which the model has less confidence are only in the report. Default: no floor."},
	{.name = "inline",
	 .type = FIELD_ENUM,
	 AT(inline_severity),
	 .choices = severity_names,
	 .present = offsetof(struct raw_defaults, has_inline_severity),
	 .help = "Findings below this severity are only in the summary. Default medium."},
	{.name = "language",
	 .type = FIELD_STRING,
	 AT(language),
	 .check = check_language,
	 .help = "Language of the comments. Default en."},
	{.name = "chunk",
	 .type = FIELD_OBJECT,
	 AT(chunk),
	 .fields = &chunk_fields,
	 .help = "How a large change is split."},
};
#undef AT
static const struct fields defaults_fields = {
	.title = "defaults",
	.items = defaults_items,
	.len = ARRAY_LEN(defaults_items),
	.size = sizeof(struct raw_defaults),
};

/* ---- Guidance ---- */

static void check_guidance(struct decoder *decoder, const struct value *value, void *field)
{
	const struct strings *names = field;

	check_no_repeats(decoder, value, field);
	for (size_t i = 0; i < names->len; i++) {
		struct str name = names->items[i];

		if (!name.len || name.ptr[0] == '/' || str_contains(name, STR("..")) ||
		    str_contains(name, STR("*")))
			decoder_error(decoder, value_at(value, i),
				      "must be the name of a file, or its path below a folder");
	}
}

#define AT(member) .offset = offsetof(struct instruction, member)
static const struct field instruction_items[] = {
	{.name = "paths",
	 .type = FIELD_STRINGS,
	 AT(paths),
	 .or_one = true,
	 .check = check_globs,
	 .help = "Globs of the files that the instruction applies to. Default: all files."},
	{.name = "text",
	 .type = FIELD_STRING,
	 AT(text),
	 .required = true,
	 .help = "A convention of this repository, in words."},
};
#undef AT
static const struct fields instruction_fields = {
	.title = "an instruction",
	.items = instruction_items,
	.len = ARRAY_LEN(instruction_items),
	.size = sizeof(struct instruction),
};

/* ---- Tiers ---- */

#define AT(member) .offset = offsetof(struct tier, member)
#define TIER_AGENTS                                                                                \
	{.name = "agents",                                                                         \
	 .type = FIELD_STRINGS,                                                                    \
	 AT(agents),                                                                               \
	 .or_one = true,                                                                           \
	 .check = check_no_repeats,                                                                \
	 .help = "The agents that review such a change. Default: the usual agents."}
#define TIER_MODEL                                                                                 \
	{.name = "model",                                                                          \
	 .type = FIELD_STRING,                                                                     \
	 AT(model),                                                                                \
	 .help = "Model for agents that do not name one. Default: the usual model."}
static const struct field trivial_items[] = {
	{.name = "lines_max",
	 .type = FIELD_INT,
	 AT(lines_max),
	 .min = 1,
	 .max = 100000,
	 .help = "A change of at most this many lines is trivial, unless it is sensitive. Default 10."},
	TIER_AGENTS,
	TIER_MODEL,
};
static const struct field sensitive_items[] = {
	{.name = "paths",
	 .type = FIELD_STRINGS,
	 AT(paths),
	 .or_one = true,
	 .present = offsetof(struct tier, has_paths),
	 .check = check_globs,
	 .help = "Globs: a change of one of these files is sensitive. Default: .github/**, and folders called auth, crypto, migrations or security."},
	{.name = "lines_min",
	 .type = FIELD_INT,
	 AT(lines_min),
	 .min = 1,
	 .max = 1000000,
	 .help = "A change of at least this many lines is sensitive. Default 800."},
	TIER_AGENTS,
	TIER_MODEL,
};
#undef AT
static const struct fields trivial_fields = {
	.title = "tiers.trivial",
	.items = trivial_items,
	.len = ARRAY_LEN(trivial_items),
	.size = sizeof(struct tier),
};
static const struct fields sensitive_fields = {
	.title = "tiers.sensitive",
	.items = sensitive_items,
	.len = ARRAY_LEN(sensitive_items),
	.size = sizeof(struct tier),
};

#define AT(member) .offset = offsetof(struct tiers, member)
static const struct field tiers_items[] = {
	{.name = "trivial",
	 .type = FIELD_OBJECT,
	 AT(trivial),
	 .fields = &trivial_fields,
	 .help = "Small changes."},
	{.name = "sensitive",
	 .type = FIELD_OBJECT,
	 AT(sensitive),
	 .fields = &sensitive_fields,
	 .help = "Changes of sensitive files, and large ones."},
};
#undef AT
static const struct fields tiers_fields = {
	.title = "tiers",
	.items = tiers_items,
	.len = ARRAY_LEN(tiers_items),
	.size = sizeof(struct tiers),
};

/* ---- What is not reviewed unasked ---- */

#define AT(member) .offset = offsetof(struct skip_rules, member)
static const struct field skip_items[] = {
	{.name = "labels",
	 .type = FIELD_STRINGS,
	 AT(labels),
	 .or_one = true,
	 .help = "Names of labels; case is ignored."},
	{.name = "titles",
	 .type = FIELD_STRINGS,
	 AT(titles),
	 .or_one = true,
	 .check = check_patterns,
	 .help = "Regular expressions that match anywhere in the title; case is ignored. The author of a pull request chooses its title."},
	{.name = "authors",
	 .type = FIELD_STRINGS,
	 AT(authors),
	 .or_one = true,
	 .help = "Logins, such as renovate[bot]."},
};
#undef AT
static const struct fields skip_fields = {
	.title = "skip",
	.items = skip_items,
	.len = ARRAY_LEN(skip_items),
	.size = sizeof(struct skip_rules),
};

/* ---- The file ---- */

#define AT(member) .offset = offsetof(struct raw_config, member)
static const struct field config_items[] = {
	{.name = "version",
	 .type = FIELD_INT,
	 AT(version),
	 .min = 1,
	 .max = 1,
	 .help = "Version of this format: 1."},
	{.name = "agents",
	 .type = FIELD_STRINGS,
	 AT(agents),
	 .or_one = true,
	 .check = check_no_repeats,
	 .help = "Names, paths or globs in the repository, OWNER/REPO/PATH@REF. In a configuration of another repository, ./PATH is in that repository. Default: the built-in pack."},
	{.name = "defaults",
	 .type = FIELD_OBJECT,
	 AT(defaults),
	 .fields = &defaults_fields,
	 .help = "Defaults for all agents."},
	{.name = "models",
	 .type = FIELD_MAP,
	 AT(models),
	 .fields = &raw_model_fields,
	 .help = "Names for models, and how each is called. ${NAME} and ${NAME:-default} are replaced with environment variables."},
	{.name = "embedders",
	 .type = FIELD_MAP,
	 AT(embedders),
	 .fields = &raw_embedder_fields,
	 .help = "Names for embedding models, for context.retrieve."},
	{.name = "ignore",
	 .type = FIELD_STRINGS,
	 AT(ignore),
	 .or_one = true,
	 .check = check_globs,
	 .help = "Globs of files that are not reviewed, in addition to the built-in list."},
	{.name = "guidance",
	 .type = FIELD_STRINGS,
	 AT(guidance),
	 .or_one = true,
	 .present = offsetof(struct raw_config, has_guidance),
	 .check = check_guidance,
	 .help = "Files with the repository's conventions, read at the base commit in the root and in the folders of changed files. Default: REVIEW.md, AGENTS.md, CLAUDE.md and .github/copilot-instructions.md; [] for none."},
	{.name = "instructions",
	 .type = FIELD_LIST,
	 AT(instructions),
	 .fields = &instruction_fields,
	 .help = "Conventions in the configuration itself, for all files or for some."},
	{.name = "hints",
	 .type = FIELD_STRINGS,
	 AT(hints),
	 .or_one = true,
	 .check = check_guidance,
	 .help = "SARIF files of other tools in the workspace: agents get the results on added lines as claims to check."},
	{.name = "tiers",
	 .type = FIELD_OBJECT,
	 AT(tiers),
	 .fields = &tiers_fields,
	 .help = "How a change is reviewed, depending on its size and files; decided before any call."},
	{.name = "skip",
	 .type = FIELD_OBJECT,
	 AT(skip),
	 .fields = &skip_fields,
	 .help = "Pull requests that are skipped, unless the review is requested by a comment or by number."},
};
#undef AT
const struct fields config_fields = {
	.title = "the configuration",
	.items = config_items,
	.len = ARRAY_LEN(config_items),
	.size = sizeof(struct raw_config),
};

struct value *config_schema(struct arena *arena)
{
	return fields_schema_document(arena, &config_fields, BUILTIN_ADDRESS "config-schema.json",
				      "The configuration of outcrop");
}

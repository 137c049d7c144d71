/* Families of models by their ids, and what the scenario says of single models. */
#include "aws_models.h"

#include "aws_rules.h"
#include "base/encode.h"
#include "base/glob.h"

enum { RULES_MAX = 12 };

/* ---- Families ---- */

/* The first row whose pattern fits the id, its profile's prefix removed, is the family. */
static const struct family {
	const char *name, *pattern;
	const char *rules[RULES_MAX];
} families[] = {
	{"claude-5-5",
	 "anthropic.claude-{opus,sonnet}-5-5*",
	 {"tool-choice", "structured-output", "strict", "temperature", "top-p", "top-k",
	  "thinking-enabled", "thinking-disabled"}},
	{"claude-fable",
	 "anthropic.claude-fable*",
	 {"tool-choice", "structured-output", "strict", "temperature", "top-p", "top-k",
	  "thinking-enabled", "thinking-disabled"}},
	{"claude-5",
	 "anthropic.claude-{haiku,opus,sonnet}-5*",
	 {"structured-output", "strict", "temperature", "top-p", "top-k", "thinking-enabled"}},
	{"claude-4-7",
	 "anthropic.claude-opus-4-{7,8}*",
	 {"structured-output", "strict", "temperature", "top-p", "top-k", "thinking-enabled"}},
	{"claude-4", "anthropic.claude-*", {"thinking-adaptive"}},
	{"nova", "amazon.nova-*", {"structured-output", "cache-hour", "strict"}},
	{"llama",
	 "meta.llama*",
	 {"tool-choice-any", "tool-choice-tool", "tools-streaming", "result-status",
	  "structured-output", "cache", "strict", "mixed-turn"}},
	{"mistral",
	 "mistral.*",
	 {"tool-choice-tool", "result-status", "cache", "strict", "mixed-turn"}},
	{"deepseek", "deepseek.*", {"tool-choice-tool", "result-status", "cache", "strict"}},
	{"gpt-oss", "openai.gpt-oss*", {"result-status", "cache", "strict"}},
	{"gpt", "openai.gpt-*", {"temperature", "top-p", "result-status", "cache", "strict"}},
	{"kimi", "moonshot*", {"temperature", "result-status", "cache", "strict", "mixed-turn"}},
	{"glm", "zai.glm-*", {"temperature", "result-status", "cache", "strict"}},
	{"grok", "xai.grok-*", {"result-status", "cache", "strict", "stop-sequences"}},
	{"qwen", "qwen.*", {"tool-choice-tool", "result-status", "cache", "strict"}},
	{"minimax", "minimax.*", {"result-status", "cache", "strict"}},
	{"nemotron",
	 "nvidia.nemotron-*",
	 {"tool-choice-any", "tool-choice-tool", "result-status", "cache", "strict"}},
	{"gemma",
	 "google.gemma-*",
	 {"tool-choice-any", "tool-choice-tool", "result-status", "cache", "strict", "system"}},
	{"titan", "amazon.titan-text*", {"tools", "system", "cache"}},
	{"none", "*", {NULL}},
};

static const struct family *find_family(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(families); i++)
		if (str_eq(str_from(families[i].name), name))
			return &families[i];
	return NULL;
}

static const struct family *family_of_id(struct str id)
{
	ptrdiff_t dot = str_find_char(id, '.', 0);
	struct str rest = str_skip(id, (size_t)(dot + 1));

	for (size_t i = 0; i < ARRAY_LEN(families); i++)
		if (glob_match(str_from(families[i].pattern), id) ||
		    glob_match(str_from(families[i].pattern), rest))
			return &families[i];
	return &families[ARRAY_LEN(families) - 1];
}

/* ---- The scenario's models ---- */

const struct value *models_unknown(const struct value *list)
{
	for (size_t i = 0; i < value_len(list); i++) {
		const struct value *entry = value_at(list, i);
		const struct value *refuses = value_get(entry, "refuses");
		struct str family = value_get_string(entry, "family");

		if (family.len && !find_family(family))
			return value_get(entry, "family");
		for (size_t j = 0; j < value_len(refuses); j++)
			if (!rule_find(value_as_string(value_at(refuses, j))))
				return value_at(refuses, j);
	}
	return NULL;
}

static const struct value *entry_of(const struct asked_model *asked)
{
	const struct value *list = value_get(asked->state->emulator->scenario->root, "models");

	for (size_t i = 0; i < value_len(list); i++) {
		struct str match = value_get_string(value_at(list, i), "match");

		if (!match.len || glob_match(match, asked->model))
			return value_at(list, i);
	}
	return NULL;
}

struct str model_end_of_life(const struct asked_model *asked)
{
	return value_get_string(entry_of(asked), "end_of_life");
}

int64_t model_tokens_percent(const struct asked_model *asked)
{
	return value_get_int(entry_of(asked), "tokens_percent", 100);
}

bool model_thinks(const struct asked_model *asked)
{
	return value_get_bool(entry_of(asked), "thinks", false) &&
	       !rule_find(STR("thinking-disabled"))->uses(asked);
}

struct str model_signature(const struct asked_model *asked)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	if (!value_get(entry_of(asked), "thinks"))
		return STR("ZW11bGF0b3I=");
	base64_add(&text, asked->model);
	return arena_str(asked->arena, buf_str(&text));
}

/* ---- Refusing ---- */

static bool breaks(const struct asked_model *asked, const char *name,
		   const struct aws_model_refusal **refusal)
{
	const struct rule *rule = rule_find(str_from(name));

	if (!rule || !rule->uses(asked))
		return false;
	*refusal = &rule->refusal;
	return true;
}

static bool signed_by_another(const struct asked_model *asked)
{
	const struct value *messages = value_get(asked->body, "messages");
	struct str own = model_signature(asked);

	for (size_t i = 0; i < value_len(messages); i++) {
		const struct value *content = value_get(value_at(messages, i), "content");

		for (size_t j = 0; j < value_len(content); j++) {
			const struct value *block = value_at(content, j);
			const struct value *thought =
				value_get(value_get(block, "reasoningContent"), "reasoningText");
			struct str said = value_get_string(thought ? thought : block, "signature");

			if (said.len && !str_eq(said, own))
				return true;
		}
	}
	return false;
}

bool model_refuses(struct asked_model *asked, const struct aws_model_refusal **refusal)
{
	static const struct aws_model_refusal foreign = {
		INVALID, "messages.1.content.0: Invalid `signature` in `thinking` block"};
	const struct value *entry = entry_of(asked);
	const struct value *refuses = value_get(entry, "refuses");
	struct str name = value_get_string(entry, "family");
	const struct family *family = name.len ? find_family(name) : family_of_id(asked->model);

	for (size_t i = 0; i < value_len(refuses); i++) {
		const struct rule *rule = rule_find(value_as_string(value_at(refuses, i)));

		if (rule && breaks(asked, rule->name, refusal))
			return true;
	}
	for (size_t i = 0; i < RULES_MAX && family->rules[i]; i++)
		if (breaks(asked, family->rules[i], refusal))
			return true;
	if (!value_get(entry, "thinks") || !signed_by_another(asked))
		return false;
	*refusal = &foreign;
	return true;
}

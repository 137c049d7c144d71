/* What the service refuses in a request to a model. */
#include "aws_checks.h"

enum { METADATA_MAX = 16, METADATA_VALUE_MAX = 256, POINTS_MAX = 4 };

static bool is_one_of(struct str name, const char *const *names)
{
	for (; *names; names++) {
		if (str_eq(name, str_from(*names)))
			return true;
	}
	return false;
}

static bool has_only(const struct value *object, const char *const *names)
{
	for (size_t i = 0; i < value_len(object); i++) {
		if (!is_one_of(object->object.members[i].name, names))
			return false;
	}
	return true;
}

static size_t count_points(const struct value *list)
{
	size_t count = 0;

	for (size_t i = 0; i < value_len(list); i++)
		count += value_get(value_at(list, i), "cachePoint") ? 1 : 0;
	return count;
}

static bool answers(const struct value *content, struct str id)
{
	for (size_t i = 0; i < value_len(content); i++) {
		const struct value *result = value_get(value_at(content, i), "toolResult");

		if (str_eq(value_get_string(result, "toolUseId"), id))
			return true;
	}
	return false;
}

/* Each use of a tool has its result in the next message. */
static bool uses_are_answered(const struct value *messages, size_t idx)
{
	const struct value *content = value_get(value_at(messages, idx), "content");
	const struct value *next = value_get(value_at(messages, idx + 1), "content");

	for (size_t i = 0; i < value_len(content); i++) {
		const struct value *use = value_get(value_at(content, i), "toolUse");

		if (use && !answers(next, value_get_string(use, "toolUseId")))
			return false;
	}
	return true;
}

static bool roles_alternate(const struct value *messages)
{
	for (size_t i = 0; i < value_len(messages); i++) {
		struct str role = value_get_string(value_at(messages, i), "role");

		if (!str_eq(role, i % 2 ? STR("assistant") : STR("user")))
			return false;
	}
	return true;
}

static const char *check_messages(const struct value *messages)
{
	size_t len = value_len(messages);

	if (!value_is(messages, VALUE_ARRAY) || len == 0)
		return "messages: must not be empty";
	if (!roles_alternate(messages))
		return "A conversation must start with a user message, and roles must alternate";
	if (len % 2 == 0)
		return "The conversation must end with a user message";
	for (size_t i = 0; i < len; i++) {
		const struct value *content = value_get(value_at(messages, i), "content");

		if (!value_is(content, VALUE_STRING) && value_len(content) == 0)
			return "The content field in a message is empty";
		if (!uses_are_answered(messages, i))
			return "Expected toolResult blocks for all toolUse blocks of the message before";
	}
	return NULL;
}

static bool is_metadata_text(struct str text)
{
	static const char kept[] = " \t:_@$#=/+,-.";

	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		bool is_word =
			(c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');

		if (!is_word && str_find_char(str_of(kept, sizeof(kept) - 1), c, 0) < 0)
			return false;
	}
	return text.len <= METADATA_VALUE_MAX;
}

static const char *check_metadata(const struct value *metadata)
{
	if (value_len(metadata) > METADATA_MAX)
		return "requestMetadata: at most 16 items";
	for (size_t i = 0; i < value_len(metadata); i++) {
		if (!is_metadata_text(value_as_string(metadata->object.members[i].value)))
			return "requestMetadata: a value does not match its pattern";
	}
	return NULL;
}

static const char *check_tools(const struct value *config)
{
	const struct value *tools = value_get(config, "tools");

	if (config && value_len(tools) == 0)
		return "toolConfig.tools: must not be empty";
	for (size_t i = 0; i < value_len(tools); i++) {
		const struct value *spec = value_get(value_at(tools, i), "toolSpec");
		struct str name = value_get_string(spec, "name");

		if (spec && (name.len == 0 || name.len > 64))
			return "toolConfig.tools: a name has 1 to 64 characters";
		if (spec && !value_get(value_get(spec, "inputSchema"), "json"))
			return "toolConfig.tools: inputSchema.json is required";
	}
	return NULL;
}

const char *converse_refusal(const struct value *body)
{
	static const char *const known[] = {"additionalModelRequestFields",
					    "additionalModelResponseFieldPaths",
					    "guardrailConfig",
					    "inferenceConfig",
					    "messages",
					    "outputConfig",
					    "performanceConfig",
					    "projectIdentifier",
					    "promptVariables",
					    "requestMetadata",
					    "serviceTier",
					    "system",
					    "toolConfig",
					    NULL};
	static const char *const inference[] = {"maxTokens", "stopSequences", "temperature", "topP",
						NULL};
	const struct value *messages = value_get(body, "messages");
	const struct value *config = value_get(body, "inferenceConfig");
	size_t points = count_points(value_get(body, "system")) +
			count_points(value_get(value_get(body, "toolConfig"), "tools"));
	const char *why;

	for (size_t i = 0; i < value_len(messages); i++)
		points += count_points(value_get(value_at(messages, i), "content"));
	if (points > POINTS_MAX)
		return "A maximum of 4 cache points may be given";
	if (!has_only(body, known))
		return "The request has a member that Converse does not know";
	if (!has_only(config, inference) || value_get_int(config, "maxTokens", 1) < 1)
		return "inferenceConfig is not valid";
	why = check_messages(messages);
	why = why ? why : check_tools(value_get(body, "toolConfig"));
	return why ? why : check_metadata(value_get(body, "requestMetadata"));
}

const char *messages_refusal(const struct value *body)
{
	if (!str_starts(value_get_string(body, "anthropic_version"), STR("bedrock-")) &&
	    !str_starts(value_get_string(body, "anthropic_version"), STR("20")))
		return "anthropic_version: Field required";
	if (value_get_int(body, "max_tokens", 0) < 1)
		return "max_tokens: Field required";
	if (value_get(body, "model") || value_get(body, "stream"))
		return "model and stream: Extra inputs are not permitted";
	return check_messages(value_get(body, "messages"));
}
